/** A file of what somebody else says happened, opened for a reconciliation. */
import { basename } from "node:path";
import {
  type ColumnMapping,
  coveredPeriod,
  csvFileRows,
  type ExternalFile,
  type ExternalRow,
  type OnPeriod,
  type Period,
  UnreadableRow,
  webhookFileRows,
} from "@tallystick/reports";
import { CliError } from "./cli-error.ts";
import { csvRows } from "./input/csv-rows.ts";
import { type InputFile, lineTooLong } from "./input/input-file.ts";

export interface ExternalOptions {
  /** On which days times fall. */
  readonly timeZone: string;
  readonly mapping?: ColumnMapping | undefined;
  readonly currency?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A line that is too long for anything is refused as one of these, since its length says why. */
const isJsonLines = async (input: InputFile): Promise<boolean> => {
  for await (const { text } of input.lines())
    return text === undefined || text.trimStart().startsWith("{");
  return false;
};

async function* jsonLines(input: InputFile) {
  for await (const { number: line, text } of input.lines()) {
    if (text === undefined) throw new UnreadableRow(line, "the line", lineTooLong);
    yield { line, text };
  }
}

/** The rows, with what cannot be read told by file. */
async function* readable(
  input: InputFile,
  rows: AsyncIterable<ExternalRow>,
): AsyncGenerator<ExternalRow, void, undefined> {
  try {
    yield* rows;
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    const { path } = input;
    const { line, column, reason, message } = error;
    throw new CliError("UNREADABLE_INPUT", `${path} cannot be read: ${message}`, {
      cause: error,
      detail: { path, line, column, reason },
    });
  }
}

const emptyPeriod = (path: string): CliError =>
  new CliError(
    "UNREADABLE_INPUT",
    `${path} has no rows and does not say what it covers; say it with --from and --to`,
    { detail: { path } },
  );

/** Looks through the file for what it covers; its rows are read anew when they are asked for. */
export const externalFile = async (
  input: InputFile,
  file: number,
  { timeZone, mapping, currency, from, to }: ExternalOptions,
): Promise<ExternalFile> => {
  const isJson = await isJsonLines(input);
  const rows = (onPeriod?: OnPeriod): AsyncIterable<ExternalRow> =>
    readable(
      input,
      isJson
        ? webhookFileRows(jsonLines(input), { file, timeZone })
        : csvFileRows(csvRows(input), { file, timeZone, mapping, currency }, onPeriod),
    );
  const covered: Partial<Period> = (await coveredPeriod(rows)) ?? {};
  const period = { from: from ?? covered.from, to: to ?? covered.to };
  if (period.from === undefined || period.to === undefined) throw emptyPeriod(input.path);
  return {
    name: basename(input.path),
    period: { from: period.from, to: period.to },
    rows: () => rows(),
  };
};
