/** The program as a whole: its commands, the options that stand anywhere, and its help. */
import { Command } from "commander";
import { addAgeing } from "./commands/ageing.ts";
import { addBalances } from "./commands/balances.ts";
import { addCopy } from "./commands/copy.ts";
import { addExplain } from "./commands/explain.ts";
import { addExport } from "./commands/export.ts";
import { addHistory } from "./commands/history.ts";
import { addImport } from "./commands/import.ts";
import { addImportBills } from "./commands/import-bills.ts";
import { addJournal } from "./commands/journal.ts";
import { addMirror } from "./commands/mirror.ts";
import { addMomentReport } from "./commands/moment-report.ts";
import { addPayment } from "./commands/payment.ts";
import { addReceive } from "./commands/receive.ts";
import { addReconcile } from "./commands/reconcile.ts";
import { addStatement } from "./commands/statement.ts";
import { addSuspense } from "./commands/suspense.ts";
import { addTrialBalance } from "./commands/trial-balance.ts";
import { addVerify } from "./commands/verify.ts";
import { exitCodesHelp } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { type CommonOptions, Session } from "./session.ts";
import { version } from "./version.ts";

const introduction = `An append-only ledger of who owes whom, on the command line.

Every command works on a store, named with --store:
  file:PATH    a book in one file; one file a book where PATH is a folder
  sqlite:PATH  several books in one SQLite file, for several processes`;

const example = `
A first ledger:
  $ tallystick mirror api-objects.jsonl --store file:book.jsonl
  $ tallystick receive webhooks.jsonl --secret whsec_… --store file:book.jsonl
  $ tallystick balances --store file:book.jsonl
  $ tallystick verify --store file:book.jsonl

tallystick COMMAND --help says more about each.
`;

/** A fresh program; commander's objects keep what they have parsed. */
export const createProgram = (io: Io): { readonly program: Command; readonly session: Session } => {
  const program = new Command("tallystick");
  const session = new Session(io, () => program.opts<CommonOptions>());
  program
    .description(introduction)
    .usage("COMMAND [options] --store URL")
    .version(version, "-V, --version", "print the version")
    .option("--store <url>", "file:PATH or sqlite:PATH")
    .option("--book <name>", "which book, where the store holds several")
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
  for (const add of [
    addMirror,
    addReceive,
    addImportBills,
    addBalances,
    addStatement,
    addAgeing,
    addTrialBalance,
    addJournal,
    addReconcile,
    addMomentReport,
    addExplain,
    addHistory,
    addSuspense,
    addPayment,
    addVerify,
    addExport,
    addImport,
    addCopy,
  ])
    add(program, session);
  return { program, session };
};
