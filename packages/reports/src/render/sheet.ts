/**
 * A report laid out for people, and not yet drawn: titles, tables of cells, charts. Text, CSV and
 * HTML are made of it, so that all three say the same.
 */
import type { CurrencyCode } from "@tallystick/core";
import type { Chart } from "./charts/chart.ts";

/** A sum of money in minor units of its currency. */
export interface AmountCell {
  readonly amount: number | bigint;
  readonly currency: CurrencyCode;
}

/** A text, a count, a sum of money, or nothing. */
export type Cell = string | number | AmountCell | undefined;

export interface SheetColumn {
  /** The name of the column in CSV; documented, and kept. */
  readonly key: string;
  readonly title: string;
  readonly align?: "left" | "right";
  /** Only for CSV: what people can do without, such as an id beside a reference. */
  readonly csvOnly?: true;
}

/** An array, or what is made one by one whenever it is gone through. */
export interface Many<Item> extends Iterable<Item> {
  readonly length: number;
}

/** Each made when it is asked for, so that a long table is never held whole. */
export const lazily = <Item, Made>(items: Many<Item>, make: (item: Item) => Made): Many<Made> => ({
  length: items.length,
  *[Symbol.iterator]() {
    for (const item of items) yield make(item);
  },
});

export interface SheetTable {
  readonly title?: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: Many<readonly Cell[]>;
  /** The last rows of the table, set apart: sums. CSV leaves them out. */
  readonly totals?: readonly (readonly Cell[])[];
  /** What stands in place of the table where it has no rows. */
  readonly empty?: string;
}

export interface Sheet {
  readonly title: string;
  /** What it is about and as of when. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** The first one is the report's own; CSV holds only that. */
  readonly tables: readonly [SheetTable, ...SheetTable[]];
  readonly charts?: readonly Chart[];
  /** Below the tables, where these are short and what people look for first. */
  readonly chartsBelow?: boolean;
}

export const isAmountCell = (cell: Cell): cell is AmountCell => typeof cell === "object";

export const amountCell = (amount: number | bigint, currency: CurrencyCode): AmountCell => ({
  amount,
  currency,
});

/** The table as people see it. */
export const shownTable = (table: SheetTable): SheetTable => {
  const { columns, rows, totals } = table;
  const isShown = columns.map(({ csvOnly = false }) => !csvOnly);
  if (isShown.every(Boolean)) return table;
  const shown = <Member>(members: readonly Member[]): readonly Member[] =>
    members.filter((_, at) => isShown[at]);
  return {
    ...table,
    columns: shown(columns),
    rows: lazily(rows, shown),
    ...(totals === undefined ? {} : { totals: totals.map(shown) }),
  };
};

/** A sum that is left blank where it is 0, so that a table of many zeros can be read. */
export const unlessZero = (amount: number | bigint, currency: CurrencyCode): Cell =>
  BigInt(amount) === 0n ? undefined : amountCell(amount, currency);
