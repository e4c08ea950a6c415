/**
 * The manual pages of the command line, each beside its command's file, and `docs/commands.md` that
 * lists them: written from the program that `--help` prints.
 */
import { cliErrors } from "../packages/cli/src/cli-error.ts";
import { exitCodeMeanings, exitCodes } from "../packages/cli/src/exit-codes.ts";
import { completeIo } from "../packages/cli/src/io.ts";
import { type Entries, errorsOf, exitCodesOf, manualOf } from "../packages/cli/src/manual.ts";
import { createProgram } from "../packages/cli/src/program.ts";

const { program } = await createProgram(completeIo({}), []);
type Command = typeof program;
type Option = Command["options"][number];
type Argument = Command["registeredArguments"][number];

const plain = (text: string): string => text.replaceAll("<", "&lt;");
const cell = (text: string): string => plain(text).replaceAll("|", "\\|");
const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;

const table = (
  level: string,
  title: string,
  head: readonly [string, string],
  rows: readonly (readonly [string, string])[],
): string[] =>
  rows.length === 0
    ? []
    : [
        `${level} ${title}`,
        "",
        `| ${head[0]} | ${head[1]} |`,
        "|---|---|",
        ...rows.map(([name, means]) => `| ${name} | ${cell(means)} |`),
        "",
      ];

const entryRows = (entries: Entries = {}): [string, string][] =>
  Object.entries(entries).map(([name, means]) => [name.split(", ").map(code).join(", "), means]);

const helper = program.createHelp();
const optionRow = (option: Option): [string, string] => [
  code(helper.optionTerm(option)),
  `${helper.optionDescription(option)}${option.mandatory ? "; required" : ""}`,
];
const argumentRow = (argument: Argument): [string, string] => [
  code(argument.required ? `<${argument.name()}>` : `[${argument.name()}]`),
  helper.argumentDescription(argument),
];

/** Paragraphs as they are, and lines that are indented as they stand. */
const prose = (about: string): string =>
  about
    .trim()
    .split("\n")
    .map((line, at, lines) => {
      const isIndented = line.startsWith("  ");
      const begins = isIndented && lines[at - 1]?.startsWith("  ") !== true;
      const ends = isIndented && lines[at + 1]?.startsWith("  ") !== true;
      const text = isIndented ? line.slice(2) : plain(line);
      return `${begins ? "\n```text\n" : ""}${text}${ends ? "\n```\n" : ""}`;
    })
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n");

const pageOf = (name: string): string => `packages/cli/src/commands/${name}.md`;

const describe = (command: Command, level: string): string[] => {
  const manual = manualOf(command);
  if (manual === undefined) throw new Error(`${command.name()} has no manual`);
  const below = `${level}#`;
  const { name, parents } = named(command);
  return [
    `${level} tallystick ${name}`,
    "",
    plain(command.description()),
    "",
    "```text",
    `tallystick ${name} ${command.usage()}`,
    "```",
    "",
    prose(manual.about),
    "",
    ...table(below, "Arguments", ["argument", ""], command.registeredArguments.map(argumentRow)),
    ...table(below, "Options", ["option", ""], command.options.map(optionRow)),
    ...table(below, "Members of --json", ["member", ""], entryRows(manual.json)),
    ...table(below, "Columns of CSV", ["column", ""], entryRows(manual.csv)),
    ...table(below, "Exit codes", ["code", ""], entryRows(exitCodesOf(manual))),
    ...table(below, "Errors", ["code", ""], entryRows(errorsOf(manual))),
    `${below} Examples`,
    "",
    "```console",
    manual.examples,
    "```",
    "",
    `See also: ${manual.seeAlso.map((other) => `[${other}](${other}.md)`).join(", ")}${parents > 0 ? "" : ", and [all commands](../../../../docs/commands.md)"}.`,
    "",
    ...command.commands.flatMap((sub) => describe(sub, below)),
  ];
};

const named = (command: Command): { readonly name: string; readonly parents: number } => {
  const { parent } = command;
  if (parent === null || parent === program) return { name: command.name(), parents: 0 };
  const above = named(parent);
  return { name: `${above.name} ${command.name()}`, parents: above.parents + 1 };
};

const commandPage = (command: Command): string =>
  [
    ...describe(command, "#"),
    `_Written from \`${command.name()}.ts\` by \`pnpm run docs\`; \`tallystick ${command.name()} --help\` says the same._`,
    "",
  ].join("\n");

const indexPage = (): string =>
  [
    "# Commands",
    "",
    "What `tallystick` does on the command line. Each command has a page, and `--help` prints the same.",
    "",
    "| command | what it does |",
    "|---|---|",
    ...program.commands.map(
      (command) =>
        `| [\`${command.name()}\`](../${pageOf(command.name())}) | ${cell(command.summary())} |`,
    ),
    "",
    ...table("##", "Options that stand anywhere", ["option", ""], program.options.map(optionRow)),
    ...table(
      "##",
      "Exit codes",
      ["code", ""],
      Object.entries(exitCodes).map(([name, value]) => [
        code(String(value)),
        exitCodeMeanings[name as keyof typeof exitCodeMeanings],
      ]),
    ),
    ...table("##", "Errors of the command line itself", ["code", ""], entryRows(cliErrors)),
    "All others are in [errors.md](errors.md). With `--json` an error is",
    '`{"error":{"code":…,"message":…,"detail":{…}}}` on standard error.',
    "",
    "_Written from `packages/cli/src` by `pnpm run docs`._",
    "",
  ].join("\n");

/** Every page by its path in the repository. */
export const manualPages = (): Readonly<Record<string, string>> => ({
  "docs/commands.md": indexPage(),
  ...Object.fromEntries(
    program.commands.map((command) => [pageOf(command.name()), commandPage(command)]),
  ),
});
