/** A chart as data. Values are numbers of one unit, good for drawing; what is read is their text. */
import type { CalendarDate } from "@tallystick/core";

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What the value is, written out. */
  readonly text: string;
}

/** Sums side by side. */
export interface BarChart {
  readonly kind: "bars";
  readonly title: string;
  readonly bars: readonly Bar[];
}

export interface DayPoint {
  readonly date: CalendarDate;
  readonly value: number;
  readonly text: string;
}

/** A sum that changes on some days and stays as it is on all others. */
export interface LineChart {
  readonly kind: "line";
  readonly title: string;
  /** Two at least, by day. */
  readonly points: readonly DayPoint[];
  /** A value in words, for the axis. */
  readonly textOf: (value: number) => string;
}

/** Parts of a whole; the first one is what one hopes for. */
export interface ShareChart {
  readonly kind: "shares";
  readonly title: string;
  readonly parts: readonly Bar[];
}

export type Chart = BarChart | LineChart | ShareChart;
