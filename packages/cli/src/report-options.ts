/** What every report takes on the command line: as of when, in which form, and where to. */
import { endOfDay, isCalendarDate, parseInstant } from "@tallystick/core";
import {
  type AsOfPair,
  csvText,
  htmlText,
  jsonText,
  type Sheet,
  sheetText,
} from "@tallystick/reports";
import { type Command, Option } from "commander";
import { usage } from "./cli-error.ts";
import { type Colors, noColors } from "./io.ts";
import { writeOutput } from "./output-file.ts";
import type { Session } from "./session.ts";

const formats = ["text", "json", "csv", "html"] as const;

export interface ReportOptions {
  readonly asOf?: string;
  readonly effective?: string;
  readonly format?: string;
  readonly out?: string;
  readonly overwrite?: boolean;
}

export const reportHelp = `
--as-of says what was known: a position, a date (its end), or an instant such as
2026-03-31T12:00:00Z. --effective says about when. Days end in --time-zone. A
report of the past is the one that would have been made then, to the byte.`;

/** Adds the options that reports share. */
export const addReportOptions = (command: Command, more: readonly string[] = []): Command =>
  command
    .option("--as-of <when>", "what was known then: an instant, a date or a position")
    .option("--effective <when>", "what was true then: a date or an instant")
    .addOption(new Option("--format <format>", "how it is written").choices([...formats, ...more]))
    .option("--out <file>", "write it into a file; nothing may stand there yet")
    .option("--overwrite", "replace what stands there");

const instantOrDate = (name: string, text: string): string => {
  const read = isCalendarDate(text) ? text : parseInstant(text);
  if (read === undefined)
    throw usage(
      `${name} ${text} is no date and no instant; write 2026-03-31 or 2026-03-31T12:00:00Z`,
    );
  return read;
};

const positionMax = Number.MAX_SAFE_INTEGER;

/** What a report is as of, in the book's time zone. */
export const asOfOf = (
  { timeZone }: Pick<Session, "timeZone">,
  { asOf, effective }: ReportOptions,
): AsOfPair => {
  const pair = {
    timeZone,
    ...(effective === undefined ? {} : { effective: instantOrDate("--effective", effective) }),
  };
  if (asOf === undefined) return pair;
  if (/^\d+$/.test(asOf)) {
    const known = Number(asOf);
    if (known > positionMax) throw usage(`--as-of ${asOf} is no position that a book can have`);
    return { ...pair, known };
  }
  const known = instantOrDate("--as-of", asOf);
  return { ...pair, known: isCalendarDate(known) ? endOfDay(known, timeZone) : known };
};

/** A date of the command line, such as `--from`. */
export const dateOption = (name: string, text: string | undefined): string | undefined => {
  if (text !== undefined && !isCalendarDate(text))
    throw usage(`${name} ${text} is no date; write one such as 2026-03-31`);
  return text;
};

/** A report in its forms, each made only when it is asked for. */
export interface Rendered {
  readonly data: object;
  readonly sheet: () => Sheet;
  /** Where the terminal has a text of its own. */
  readonly text?: (colors: Colors) => string;
}

/** The form that was asked for. */
export const formatOf = (session: Session, { format }: ReportOptions): string => {
  if (!session.json) return format ?? "text";
  if (format !== undefined && format !== "json")
    throw usage(`--json and --format ${format} contradict each other`);
  return "json";
};

/** The pieces of a report in a form. */
const piecesOf = (
  { data, sheet, text }: Rendered,
  format: string,
  colors: Colors,
): Iterable<string> => {
  if (format === "json") return jsonText(data);
  if (format === "csv") return csvText(sheet());
  if (format === "html") return htmlText(sheet());
  return [text?.(colors) ?? sheetText(sheet(), colors.bold)];
};

/** Prints the pieces of a report, or writes them to a file. */
export const tellPieces = async (
  session: Session,
  { out, overwrite = false }: ReportOptions,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<void> => {
  if (out !== undefined) await writeOutput(out, pieces, overwrite);
  else for await (const piece of pieces) session.print(piece);
};

/** Prints a report in the form that was asked for, or writes it to a file. */
export const tellReport = async (
  session: Session,
  options: ReportOptions,
  rendered: Rendered,
): Promise<void> => {
  const format = formatOf(session, options);
  const colors = options.out === undefined ? session.colors : noColors;
  await tellPieces(session, options, piecesOf(rendered, format, colors));
};
