/** `tallystick moment-report recon|settlement`: the files that Moment would send, from the ledger. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import {
  generationDate,
  reconFile,
  reconFileName,
  settlementFile,
  settlementFileName,
} from "@tallystick/reports";
import { Argument, type Command } from "commander";
import { usage } from "../cli-error.ts";
import { writeOutput } from "../output-file.ts";
import { reading } from "../reading.ts";
import { asOfOf, dateOption, type ReportOptions, reportHelp } from "../report-options.ts";
import type { Session } from "../session.ts";

const help = `
The reconciliation file holds every payment and refund of the days from --from
to --to, in suspense or not; reconcile reads it back without a break. The
settlement file holds the same as settled two days later without a fee; where
nothing was settled there is none. Columns beyond the documented ones are ours.

--out FOLDER writes the file there under its documented name.
${reportHelp}

Examples:
  $ tallystick moment-report recon --from 2026-03-01 --to 2026-03-31 \\
      --merchant brightspark --out . --store file:book.jsonl`;

type Kind = "recon" | "settlement";

interface MomentReportFlags
  extends Pick<ReportOptions, "asOf" | "effective" | "out" | "overwrite"> {
  readonly from: string;
  readonly to: string;
  readonly merchant?: string;
}

/** Printable ASCII, as the header block has it. */
const merchantPattern = /^[ -~]{1,38}$/;

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
};

/** The same name for the same file: a UUID (version 8) made of a hash of what it is about. */
const uuidOf = (hash: string): string =>
  [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${"89ab"[Number.parseInt(hash[16] ?? "0", 16) % 4]}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");

const run = async (session: Session, kind: Kind, flags: MomentReportFlags): Promise<void> => {
  const asOf = asOfOf(session, flags);
  const from = dateOption("--from", flags.from) ?? "";
  const to = dateOption("--to", flags.to) ?? "";
  if (from > to) throw usage(`--from ${from} lies behind --to ${to}`);
  await session.withLedger("read", async ({ ledger, book }) => {
    const { merchant = book, out, overwrite = false } = flags;
    if (!merchantPattern.test(merchant))
      throw usage(`--merchant has to be 1 to 38 characters of printable ASCII`, { merchant });
    const make = kind === "recon" ? reconFile : settlementFile;
    const lines = make(reading(session.io, ledger), asOf, { period: { from, to }, merchant });
    if (out === undefined) {
      for await (const line of lines) session.print(line);
      return;
    }
    // Asked for first, so that a settlement file without rows is not written at all (spec 7.4).
    const first = await lines.next();
    if (first.done === true) {
      session.note("nothing was settled in this time, so there is no file");
      return;
    }
    const name = {
      generatedOn: generationDate(kind, to),
      fileId: uuidOf(ledger.store.host.sha256([kind, merchant, from, to].join("\n"))),
      periodEnd: to,
    };
    const fileName = kind === "recon" ? reconFileName(name) : settlementFileName(name, merchant);
    const path = (await isFolder(out)) ? join(out, fileName) : out;
    const whole = async function* () {
      yield first.value;
      yield* lines;
    };
    await writeOutput(path, whole(), overwrite);
    session.answer({ out: path, kind, from, to }, () => `${path} was written\n`);
  });
};

export const addMomentReport = (program: Command, session: Session): void => {
  program
    .command("moment-report")
    .summary("write the files that Moment would send")
    .description("Write the reconciliation or settlement file that Moment would send.")
    .addArgument(new Argument("<kind>", "which file").choices(["recon", "settlement"]))
    .requiredOption("--from <date>", "the first day")
    .requiredOption("--to <date>", "the last day")
    .option("--merchant <alias>", "the merchant's alias (default: the book's name)")
    .option("--as-of <when>", "what was known then: an instant, a date or a position")
    .option("--effective <when>", "what was true then: a date or an instant")
    .option("--out <path>", "a file, or a folder; nothing may stand there yet")
    .option("--overwrite", "replace what stands there")
    .addHelpText("after", help)
    .action((kind: Kind, flags: MomentReportFlags) => run(session, kind, flags));
};
