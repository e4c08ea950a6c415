/** A chart as data: bars side by side, or a line over time. Values are numbers of one unit. */

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What the value is, written out. */
  readonly text: string;
}

export interface Chart {
  readonly title: string;
  readonly bars: readonly Bar[];
}
