/**
 * The manual page of a command: what `--help` says behind the options, and what the page beside the
 * command's file is written from. It is plain text of at most 80 columns.
 */
import { type ErrorCode, errorCatalogue } from "@tallystick/core";
import type { Command } from "commander";
import { type CliErrorCode, cliErrors } from "./cli-error.ts";
import { exitCodeMeanings } from "./exit-codes.ts";

/** Names with what they mean, in the order in which they are told. */
export type Entries = Readonly<Record<string, string>>;

export interface Manual {
  /** What it gives and how to read that, in paragraphs; lines that are indented stay as they are. */
  readonly about: string;
  /** Members of what `--json` answers with, by path; `[]` stands for the items of a list. */
  readonly json?: Entries;
  /** Columns of `--format csv`, from left to right; several that are alike stand together. */
  readonly csv?: Entries;
  /** What exit code 1 says here, where it can come. */
  readonly found?: string;
  /** Refusals that are told apart by this command, beside those that every command has. */
  readonly errors?: readonly (ErrorCode | CliErrorCode)[];
  /** Command lines that can be copied, each behind `$`. */
  readonly examples: string;
  /** Commands. */
  readonly seeAlso: readonly string[];
}

const manuals = new WeakMap<Command, Manual>();

export const manualOf = (command: Command): Manual | undefined => manuals.get(command);

/** What an error code means, without marks and without the places that it rests on, such as (D-15). */
const meaningOf = (code: ErrorCode | CliErrorCode): string =>
  code in cliErrors
    ? cliErrors[code as CliErrorCode]
    : errorCatalogue[code as ErrorCode].means
        .replaceAll("`", "")
        .replaceAll(/ \((?:spec|D-)[^)]*\)/g, "");

/** What each exit code means for a command with this manual. */
export const exitCodesOf = ({ found }: Pick<Manual, "found">): Entries => ({
  0: exitCodeMeanings.fine,
  ...(found === undefined ? {} : { 1: found }),
  2: exitCodeMeanings.failed,
});

/** The errors that a manual names, with their meanings. */
export const errorsOf = ({ errors = [] }: Pick<Manual, "errors">): Entries =>
  Object.fromEntries(errors.map((code) => [code, meaningOf(code)]));

const width = 80;
/** A longer name has a line of its own. */
const nameMax = 24;

const wrapped = (text: string, columns: number): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
};

const listed = (entries: Entries): string => {
  const names = Object.keys(entries);
  const column = 4 + Math.min(nameMax, Math.max(...names.map(({ length }) => length)));
  return Object.entries(entries)
    .flatMap(([name, meaning]) => {
      const lines = wrapped(meaning, width - column).map((line) => `${" ".repeat(column)}${line}`);
      const label = `  ${name}`;
      return label.length + 2 > column
        ? [label, ...lines]
        : [`${label.padEnd(column)}${(lines[0] ?? "").trimStart()}`, ...lines.slice(1)];
    })
    .join("\n");
};

const section = (title: string, entries: Entries | undefined): readonly string[] =>
  entries === undefined || Object.keys(entries).length === 0
    ? []
    : [`${title}:\n${listed(entries)}`];

const textOf = (manual: Manual): string =>
  [
    "",
    manual.about.trim(),
    ...section("Members of --json", manual.json),
    ...section("Columns of CSV", manual.csv),
    ...section("Exit codes", exitCodesOf(manual)),
    ...section("Errors", errorsOf(manual)),
    `Examples:\n${manual.examples.replaceAll(/^(?=.)/gm, "  ")}`,
    `See also: ${manual.seeAlso.join(", ")}`,
  ].join("\n\n");

/** Gives a command its manual page. */
export const addManual = (command: Command, manual: Manual): Command => {
  manuals.set(command, manual);
  return command.addHelpText("after", () => textOf(manual).slice(1));
};
