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

const linesIn = (raw: string): number => {
  let count = 0;
  for (let at = raw.indexOf("\n"); at >= 0; at = raw.indexOf("\n", at + 1)) count += 1;
  return count;
};

/** Its rows in order, header included; empty lines are passed over, and counted. */
export async function* csvRows(file: InputFile): AsyncGenerator<CsvRow, void, undefined> {
  // The parser's own count of lines goes wrong over a CR LF within quotes.
  let nextLine = 1;
  const parser = new Parser({
    bom: true,
    raw: true,
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true,
    max_record_size: rowCharactersMax,
    // With `raw`, a record is handed in with the text that it was read from, and any object may go out.
    on_record: (row) => {
      const { record, raw } = row as unknown as { record: string[]; raw: string };
      const line = nextLine;
      nextLine += 1 + linesIn(raw.trimEnd());
      return { line, cells: record } satisfies CsvRow as unknown as string[];
    },
  });
  // A failure of either end reaches the loop below through the parser.
  pipeline(file.chunks(), parser, () => undefined);
  try {
    for await (const row of parser as AsyncIterable<CsvRow>)
      if (row.cells.length > 1 || row.cells[0] !== "") yield row;
  } catch (error) {
    if (error instanceof CsvError) throw unreadable(file.path, nextLine, error);
    throw error;
  }
}
