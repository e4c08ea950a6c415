/**
 * A CSV file row by row: RFC 4180, with or without a byte order mark, lines ended by LF or CR LF.
 * What is no CSV (a quote that is never closed, a quote within a plain value, a row of more than a
 * megabyte) is refused with its line and column.
 *
 * Memory: one row, and one chunk of the file.
 */
import { pipeline } from "node:stream";
import { CsvError, Parser } from "csv-parse";
import { CliError } from "../cli-error.ts";
import type { InputFile } from "./input-file.ts";

export interface CsvRow {
  /** 1 for the first line of the file; where a row has line breaks in it, the line it begins on. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** No row that anybody means is longer. */
const rowCharactersMax = 1_048_576;

const reasons: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quote is opened there and never closed",
  CSV_INVALID_CLOSING_QUOTE: "a closing quote is followed by something else than a comma",
  INVALID_OPENING_QUOTE: "there is a quote in the midst of a value that is not quoted",
  CSV_MAX_RECORD_SIZE: "the row is longer than a megabyte",
};

const unreadable = (path: string, line: number, error: CsvError): CliError => {
  const column = Number(error["column"] ?? 0) + 1;
  const reason = reasons[error.code] ?? error.message;
  return new CliError(
    "UNREADABLE_INPUT",
    `${path} cannot be read as CSV: line ${line}, column ${column}: ${reason}; nothing of it was taken`,
    { cause: error, detail: { path, line, column, reason } },
  );
};

const linesIn = (cell: string): number => {
  let count = 0;
  for (let at = cell.indexOf("\n"); at >= 0; at = cell.indexOf("\n", at + 1)) count += 1;
  return count;
};

/**
 * Counts lines as rows are found, since rows that were found and not yet read are lost where a later
 * one is refused. The parser's own count goes wrong over a CR LF within quotes.
 */
class LineCountingParser extends Parser {
  nextLine = 1;

  override push(record: readonly string[] | null): boolean {
    if (record === null) return super.push(null);
    const line = this.nextLine;
    this.nextLine += 1;
    for (const cell of record) this.nextLine += linesIn(cell);
    // Rows may differ in length. The parser takes any length for the first row that it counts, and makes
    // an error, which costs more than the row, for every later one of another length.
    (this.info as { records: number }).records = 0;
    return super.push({ line, cells: record } satisfies CsvRow);
  }
}

/** Its rows in order, header included; empty lines are passed over, and counted. */
export async function* csvRows(file: InputFile): AsyncGenerator<CsvRow, void, undefined> {
  const parser = new LineCountingParser({
    bom: true,
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true,
    max_record_size: rowCharactersMax,
  });
  // A failure of either end reaches the loop below through the parser.
  pipeline(file.chunks(), parser, () => undefined);
  try {
    for await (const row of parser as AsyncIterable<CsvRow>)
      if (row.cells.length > 1 || row.cells[0] !== "") yield row;
  } catch (error) {
    if (error instanceof CsvError) throw unreadable(file.path, parser.nextLine, error);
    throw error;
  }
}
