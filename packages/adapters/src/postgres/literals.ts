/** Rows as PostgreSQL reads them: the text of an array of a composite type. */
import type { Cell } from "../store/rows.ts";

/** What means something to the text of a row, or would be nothing in it. */
const special = /[\s"\\(),]|^$/;

const cellText = (cell: Cell | undefined): string => {
  if (cell === null || cell === undefined) return "";
  const text = String(cell);
  return special.test(text) ? `"${text.replace(/["\\]/g, "$&$&")}"` : text;
};

/** One row. No cells, or only null ones, are a row of nulls. */
const rowText = (cells: readonly (Cell | undefined)[]): string =>
  `(${cells.map(cellText).join(",")})`;

/** An array of rows, whose cells stand in the order of the type's members; bytes are the caller's to spell. */
export const rowsLiteral = (rows: readonly (readonly (Cell | undefined)[])[]): string =>
  `{${rows.map((row) => `"${rowText(row).replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
