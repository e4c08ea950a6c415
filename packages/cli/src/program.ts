/** The program as a whole: its commands, the options that stand anywhere, and its help. */
import { isTimeZone } from "@tallystick/core";
import { Command } from "commander";
import { usage } from "./cli-error.ts";
import { exitCodesHelp } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { type CommonOptions, Session } from "./session.ts";
import { version } from "./version.ts";

const introduction = `An append-only ledger of who owes whom, on the command line.

Every command works on a store, named with --store:
  file:PATH    a book in one file; one file a book where PATH is a folder
  sqlite:PATH  several books in one SQLite file, for several processes
  postgres://USER:PASSWORD@HOST/DATABASE
               the same for several machines`;

const example = `
A first ledger:
  $ tallystick mirror api-objects.jsonl --store file:book.jsonl
  $ tallystick receive webhooks.jsonl --secret whsec_… --store file:book.jsonl
  $ tallystick balances --store file:book.jsonl
  $ tallystick verify --store file:book.jsonl

tallystick COMMAND --help says more about each.
`;

const zoneOption = (text: string): string => {
  if (isTimeZone(text)) return text;
  throw usage(`--time-zone ${text} is no time zone; write one such as Africa/Johannesburg`);
};

type AddCommand = (program: Command, session: Session) => void;

/** Every command by name, in the order of the help; each is loaded when it is needed. */
const commands: ReadonlyMap<string, () => Promise<AddCommand>> = new Map([
  ["mirror", async () => (await import("./commands/mirror.ts")).addMirror],
  ["receive", async () => (await import("./commands/receive.ts")).addReceive],
  ["import-bills", async () => (await import("./commands/import-bills.ts")).addImportBills],
  ["balances", async () => (await import("./commands/balances.ts")).addBalances],
  ["statement", async () => (await import("./commands/statement.ts")).addStatement],
  ["ageing", async () => (await import("./commands/ageing.ts")).addAgeing],
  ["trial-balance", async () => (await import("./commands/trial-balance.ts")).addTrialBalance],
  ["journal", async () => (await import("./commands/journal.ts")).addJournal],
  ["reconcile", async () => (await import("./commands/reconcile.ts")).addReconcile],
  ["moment-report", async () => (await import("./commands/moment-report.ts")).addMomentReport],
  ["explain", async () => (await import("./commands/explain.ts")).addExplain],
  ["history", async () => (await import("./commands/history.ts")).addHistory],
  ["suspense", async () => (await import("./commands/suspense.ts")).addSuspense],
  ["match", async () => (await import("./commands/match.ts")).addMatch],
  ["payment", async () => (await import("./commands/payment.ts")).addPayment],
  ["verify", async () => (await import("./commands/verify.ts")).addVerify],
  ["export", async () => (await import("./commands/export.ts")).addExport],
  ["import", async () => (await import("./commands/import.ts")).addImport],
  ["copy", async () => (await import("./commands/copy.ts")).addCopy],
  ["backup", async () => (await import("./commands/backup.ts")).addBackup],
  ["migrate", async () => (await import("./commands/migrate.ts")).addMigrate],
  ["mock", async () => (await import("./commands/mock.ts")).addMock],
]);

/**
 * The command that a run begins with, alone; all of them where it begins with anything else, such as
 * an option, so that the help is whole and a mistyped name is compared with every command.
 */
const needed = async (argv: readonly string[]): Promise<readonly AddCommand[]> => {
  const command = commands.get(argv[0] ?? "");
  return command === undefined
    ? Promise.all([...commands.values()].map((load) => load()))
    : [await command()];
};

/** A fresh program for these arguments; commander's objects keep what they have parsed. */
export const createProgram = async (
  io: Io,
  argv: readonly string[],
): Promise<{ readonly program: Command; readonly session: Session }> => {
  const program = new Command("tallystick");
  const session = new Session(io, () => program.opts<CommonOptions>());
  program
    .description(introduction)
    .usage("COMMAND [options] --store URL")
    .version(version, "-V, --version", "print the version")
    .option("--store <url>", "file:PATH, sqlite:PATH or postgres://…")
    .option("--book <name>", "which book, where the store holds several")
    .option("--time-zone <zone>", "what ends a day, such as Africa/Johannesburg", zoneOption, "UTC")
    .option("--json", "answer in JSON, for machines")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // What is wrong is told once, by the run.
      outputError: () => undefined,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      getOutHelpWidth: () => 80,
      getErrHelpWidth: () => 80,
    })
    .exitOverride()
    .addHelpText("after", `${example}${exitCodesHelp}`);
  for (const add of await needed(argv)) add(program, session);
  return { program, session };
};
