/**
 * One merchant's month: the objects of Bright Spark, mirrored into a ledger on disk, every webhook
 * that reached it in March 2026, and what a merchant wants to know then.
 *
 * Run it again and nothing changes; kill it in the middle and run it again, and it comes to the same.
 */
import { mkdir } from "node:fs/promises";
import { dirname, isAbsolute, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fileDeadLetters } from "@tallystick/adapters/webhooks";
import {
  colorsFor,
  exitCodes,
  type Io,
  isProgram,
  openStore,
  processIo,
  reportError,
  writtenBook,
} from "@tallystick/cli";
import { isLedgerError, openLedger } from "@tallystick/core";
import { balancesReport, paymentsReport, suspenseReport } from "@tallystick/reports";
import { takeObjects, takeWebhooks } from "./bright-spark-month.ts";
import { monthText } from "./bright-spark-text.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const defaultPath = join(root, ".tallystick", "bright-spark.db");

/** As a person would type it from where the demo runs. */
const typedPath = (path: string): string => {
  const near = relative(process.cwd(), path);
  const shown = near.startsWith("..") || isAbsolute(near) ? path : near;
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
};

/** `file:PATH` or `sqlite:PATH`; a path alone is a file. */
const parts = (place: string): { readonly scheme: string; readonly path: string } => {
  const [, scheme = "file", path = place] = /^(file|sqlite):(.*)$/s.exec(place) ?? [];
  return { scheme, path };
};

/** Takes the month into the store at `place`, such as `sqlite:books.db`, and prints what it comes to. Resolves with the exit code. */
export const brightSpark = async (io: Io, place: string): Promise<number> => {
  const { scheme, path } = parts(place);
  const opened = await openStore(`${scheme}:${path}`, {
    use: "create",
    host: io.host,
    onRecovery: (sentence) => io.stderr.write(`note: ${sentence}\n`),
  });
  const { store } = opened;
  try {
    const book = await writtenBook(store, undefined);
    const ledger = openLedger({ store, book });
    const mirrored = await takeObjects(ledger, io);
    const received = await takeWebhooks(ledger, io, fileDeadLetters(opened.deadLettersPath(book)));
    if (io.signal.aborted) {
      io.stdout.write("Stopped. What was recorded so far is safe; run it again to go on.\n");
      return exitCodes.interrupted;
    }
    const text = monthText({
      mirrored,
      received,
      balances: await balancesReport(ledger),
      payments: await paymentsReport(ledger),
      suspense: await suspenseReport(ledger),
      verified: await ledger.verify(),
      scheme,
      path: typedPath(path),
      colors: colorsFor(io.stdout, io.env),
    });
    io.stdout.write(text);
    return exitCodes.fine;
  } finally {
    await store.close();
  }
};

const unwritable = (error: unknown): boolean =>
  isLedgerError(error, "STORE_UNWRITABLE") ||
  (error instanceof Error &&
    "code" in error &&
    /^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST)$/.test(String(error.code)));

const help = `One merchant's month, through Tallystick.

  npx -y pnpm@12 demo                               keeps its book in .tallystick/
  npx -y pnpm@12 demo --store sqlite:/tmp/spark.db  keeps it elsewhere
  npx -y pnpm@12 demo --store file:/tmp/spark.jsonl in a file that a person can read

TALLYSTICK_DEMO_STORE=sqlite:PATH in the environment does the same as --store.
`;

const main = async (io: Io): Promise<number> => {
  try {
    const { values } = parseArgs({
      options: { store: { type: "string" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) {
      io.stdout.write(help);
      return exitCodes.fine;
    }
    const chosen = values.store ?? io.env["TALLYSTICK_DEMO_STORE"];
    const place = chosen ?? `sqlite:${defaultPath}`;
    const { path } = parts(place);
    try {
      if (chosen === undefined) await mkdir(dirname(path), { recursive: true });
      return await brightSpark(io, place);
    } catch (error) {
      if (unwritable(error))
        io.stderr.write(
          `The demo keeps its book at ${path}, and cannot write there. Choose another place:\n  npx -y pnpm@12 demo --store sqlite:/tmp/bright-spark.db\n`,
        );
      throw error;
    }
  } catch (error) {
    reportError(io, error, false);
    return exitCodes.failed;
  }
};

/** An answer that could not be written is no answer. */
const toTheEnd = async (io: Io): Promise<number> => {
  const code = await main(io);
  try {
    await io.stdout.settled?.();
    return code;
  } catch (error) {
    reportError(io, error, false);
    return exitCodes.failed;
  }
};

if (isProgram(import.meta.url)) process.exitCode = await toTheEnd(processIo());
