/**
 * Tables as CSV: RFC 4180, UTF-8 without a mark, lines ended by CR LF, a header line of the documented
 * column names. Amounts are major units with a point and no grouping, whatever the locale.
 *
 * A text that a spreadsheet would take for a formula is preceded by an apostrophe, so that nothing in
 * a merchant's data is ever run; behind a semicolon, a tab or a line break too, since some spreadsheets
 * begin a cell there. Amounts and counts are the program's own and stay as they are.
 */
import { cellText } from "./cell-text.ts";
import { type Cell, isAmountCell, type Sheet } from "./sheet.ts";

/** Where a cell begins: at the start, and within where a spreadsheet takes another separator. */
const formula = /(^|[;\t\r\n])(?=[\s\p{Cf}]*[=+\-@\uff0b\uff0d\uff1d\uff20|%])|^(?=[\t\r\n])/gu;

/** The text, harmless to a spreadsheet. */
export const harmless = (text: string): string => text.replaceAll(formula, "$1'");

const quoted = (text: string): string =>
  /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const csvCell = (cell: Cell): string => {
  const text = cellText(cell);
  return isAmountCell(cell) || typeof cell === "number" ? text : quoted(harmless(text));
};

/** One line of CSV with its end. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(",")}\r\n`;

/** The first table of a sheet, line by line. */
export function* csvText({ tables: [table] }: Sheet): Generator<string, void, undefined> {
  yield csvLine(table.columns.map(({ key }) => key));
  for (const row of table.rows) yield csvLine(row);
}
