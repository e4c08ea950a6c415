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
import { addManual, type Manual } from "../manual.ts";
import { writeOutput } from "../output-file.ts";
import { reading } from "../reading.ts";
import { asOfOf, dateOption, type ReportOptions, reportHelp } from "../report-options.ts";
import type { Session } from "../session.ts";

const manual: Manual = {
  about: `
The reconciliation file holds every payment and refund of the days from --from
to --to, in suspense or not; reconcile reads it back without a break. The
settlement file holds the same as settled two days later without a fee; where
nothing was settled there is none.

--out FOLDER writes the file there under its documented name, dated a day after
the last one for the reconciliation file, and two days for the settlement file.
${reportHelp}`,
  json: {
    out: "the file that was written",
    kind: "recon or settlement",
    "from, to": "the days that it covers",
  },
  csv: {
    "Transaction Type, Transaction Timestamp": "Payment or Refund, and when",
    "Moment Transaction ID": "the payment's id",
    "Merchant Reference ID": "the external reference of whose it is",
    "Payment Method, Tender Type": "empty: how a payer paid is not known here",
    "Customer Reference": "the id of whose it is",
    Country: "settlement only: ISO 3166 alpha-2",
    "Presentment Currency":
      "what was collected in; documented of the settlement file, ours in the other",
    "Presentment Amount": "ours, in major units; a refund is told by its type",
    "Settlement Currency, Settlement Amount, Fee Amount": "ours, settlement only",
    "Settlement Reference, Settlement Date": "ours, settlement only",
  },
  errors: ["BOOK_NOT_FOUND", "STORE_UNWRITABLE"],
  examples: `$ tallystick moment-report recon --from 2026-03-01 --to 2026-03-31 \\
    --merchant brightspark --out . --store file:book.jsonl`,
  seeAlso: ["reconcile"],
};

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

/** The documented name of the file. */
const nameOf = (
  kind: Kind,
  {
    fileId,
    to,
    merchant,
  }: { readonly fileId: string; readonly to: string; readonly merchant: string },
): string => {
  const name = { generatedOn: generationDate(kind, to), fileId, periodEnd: to };
  if (kind === "recon") return reconFileName(name);
  if (/[/\\]/.test(merchant))
    throw usage(`--merchant ${merchant} cannot stand in the name of a file: leave out / and \\`, {
      merchant,
    });
  return settlementFileName(name, merchant);
};

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
    // Asked for first, so that a settlement file without rows is not written at all (spec 7.4).
    const first = await lines.next();
    if (first.done === true) {
      session.note("nothing was settled in this time, so there is no file");
      return;
    }
    const whole = async function* () {
      yield first.value;
      yield* lines;
    };
    if (out === undefined) {
      for await (const line of whole()) session.print(line);
      return;
    }
    const fileId = uuidOf(ledger.store.host.sha256([kind, merchant, from, to].join("\n")));
    const path = (await isFolder(out)) ? join(out, nameOf(kind, { fileId, to, merchant })) : out;
    await writeOutput(path, whole(), overwrite);
    session.answer({ out: path, kind, from, to }, () => `${path} was written\n`);
  });
};

export const addMomentReport = (program: Command, session: Session): void => {
  addManual(program.command("moment-report"), manual)
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
    .action((kind: Kind, flags: MomentReportFlags) => run(session, kind, flags));
};
