/**
 * CSV files of theirs as rows: the reconciliation and the settlement file of Moment (spec 7.3, 7.4,
 * D-40, D-53), known by their first lines, and any other by a mapping of its columns.
 *
 * A row that cannot be read is refused with its place: half a file would reconcile to nonsense.
 */
import type { CurrencyCode } from "@tallystick/core";
import { shapeProblem } from "../header-shape.ts";
import { reconColumns, reportTitle, settlementColumns } from "../moment-files/columns.ts";
import { readAmount, readCurrency, readDate, readKind, readTime } from "./read-values.ts";
import type { ExternalRow, Period } from "./sides.ts";
import { UnreadableRow } from "./unreadable-row.ts";

/** A row of CSV, wherever it comes from. */
export interface CsvCells {
  readonly line: number;
  readonly cells: readonly string[];
}

/** What may be read of a row, and from which column. */
export interface ColumnMapping {
  readonly amount: string;
  readonly date: string;
  readonly currency?: string | undefined;
  readonly paymentId?: string | undefined;
  readonly reference?: string | undefined;
  /** `Payment` or `Refund`; without it, a negative amount is a refund. */
  readonly type?: string | undefined;
}

export interface CsvReading {
  readonly file: number;
  readonly timeZone: string;
  /** For a file that is none of Moment's. */
  readonly mapping?: ColumnMapping | undefined;
  /** Where no column says it. */
  readonly currency?: CurrencyCode | undefined;
}

/** Called with what the head of the file says it covers; not called where it says nothing. */
export type OnPeriod = (period: Period) => void;

const moment: ColumnMapping = {
  amount: "Presentment Amount",
  date: "Transaction Timestamp",
  currency: "Presentment Currency",
  paymentId: "Moment Transaction ID",
  reference: "Customer Reference",
  type: "Transaction Type",
};

const startsWith = (cells: readonly string[], titles: readonly string[]): boolean =>
  titles.every((title, at) => cells[at] === title);

/** A column's place, checked against the header. */
const placesOf = (
  { line, cells }: CsvCells,
  mapping: ColumnMapping,
): ReadonlyMap<keyof ColumnMapping, number> => {
  const places = new Map<keyof ColumnMapping, number>();
  for (const [member, title] of Object.entries(mapping) as [
    keyof ColumnMapping,
    string | undefined,
  ][]) {
    if (title === undefined) continue;
    const at = cells.indexOf(title);
    if (at < 0) throw new UnreadableRow(line, title, "is no column of this file");
    if (cells.indexOf(title, at + 1) >= 0)
      throw new UnreadableRow(line, title, "stands there twice");
    places.set(member, at);
  }
  return places;
};

/** The lines above the titles of a reconciliation file, by their names. */
class HeaderBlock {
  readonly #values = new Map<string, { readonly line: number; readonly value: string }>();

  add({ line, cells: [name = "", value = ""] }: CsvCells): void {
    this.#values.set(name, { line, value });
  }

  period(line: number): Period {
    const read = (name: string): string => {
      const found = this.#values.get(name);
      if (found === undefined) throw new UnreadableRow(line, name, "is missing above the titles");
      return readDate(found.value, { line: found.line, column: name });
    };
    const period = { from: read("From"), to: read("To") };
    if (period.from > period.to) throw new UnreadableRow(line, "From", "lies behind To");
    return period;
  }
}

const paymentIdPattern = /^(?:pay|p)_[A-Za-z0-9]+$/;

/** The rows of a file. */
export async function* csvFileRows(
  lines: AsyncIterable<CsvCells>,
  { file, timeZone, mapping, currency: given }: CsvReading,
  onPeriod: OnPeriod = () => undefined,
): AsyncGenerator<ExternalRow, void, undefined> {
  let block: HeaderBlock | undefined;
  let titles: readonly string[] | undefined;
  let places: ReadonlyMap<keyof ColumnMapping, number> = new Map();
  let columns: ColumnMapping = moment;
  for await (const row of lines) {
    const { line, cells } = row;
    if (titles === undefined) {
      if (block === undefined && startsWith(cells, ["Report Title", reportTitle]))
        block = new HeaderBlock();
      const isMoment = startsWith(cells, reconColumns) || startsWith(cells, settlementColumns);
      if (block !== undefined && !isMoment) {
        block.add(row);
        continue;
      }
      if (!isMoment) {
        const shape = shapeProblem(cells);
        if (shape !== undefined) throw new UnreadableRow(line, "the header", shape);
        if (mapping === undefined)
          throw new UnreadableRow(
            line,
            cells[0] ?? "",
            "begins a file that is none of Moment's; name its columns with --map",
          );
        columns = mapping;
      }
      if (block !== undefined) onPeriod(block.period(line));
      places = placesOf(row, columns);
      titles = cells;
      continue;
    }
    if (cells.length !== titles.length)
      throw new UnreadableRow(
        line,
        titles[Math.min(cells.length, titles.length) - 1] ?? "",
        `ends a row of ${cells.length} values where there are ${titles.length} columns`,
      );
    const value = (member: keyof ColumnMapping): string =>
      (cells[places.get(member) ?? -1] ?? "").trim();
    const place = (member: keyof ColumnMapping) => ({ line, column: columns[member] ?? member });
    const currencyText = value("currency") || (given ?? "");
    const currency = readCurrency(currencyText, place("currency"));
    const { amount, isNegative } = readAmount(value("amount"), currency, place("amount"));
    const typed = places.has("type") ? readKind(value("type"), place("type")) : undefined;
    const reference = value("reference");
    // A payment id in the column of references is a payment id.
    const paymentId = value("paymentId") || (paymentIdPattern.test(reference) ? reference : "");
    yield {
      file,
      line,
      kind: isNegative ? "refund" : (typed ?? "payment"),
      ...(paymentId === "" ? {} : { paymentId }),
      ...(reference === "" ? {} : { reference }),
      ...readTime(value("date"), timeZone, place("date")),
      currency,
      amount,
    };
  }
  if (titles === undefined) throw new UnreadableRow(1, "the header", "is missing");
}
