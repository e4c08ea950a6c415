/** `tallystick reconcile --external FILE`: the ledger against what somebody else says happened. */
import { type ColumnMapping, reconcile, reconciliationSheet } from "@tallystick/reports";
import type { Command } from "commander";
import { usage } from "../cli-error.ts";
import { mappingOf } from "../column-mapping.ts";
import { requireCurrency } from "../currency-option.ts";
import { exitCodes } from "../exit-codes.ts";
import { externalFile } from "../external-file.ts";
import { type InputFile, openInput } from "../input/input-file.ts";
import { addManual, type Manual } from "../manual.ts";
import { startProgress } from "../progress.ts";
import { reading } from "../reading.ts";
import {
  addReportOptions,
  asOfOf,
  dateOption,
  type ReportOptions,
  reportHelp,
  tellReport,
} from "../report-options.ts";
import type { Session } from "../session.ts";

const manual: Manual = {
  about: `
FILE is a reconciliation or settlement file of Moment, JSON Lines of received
webhooks, or any other CSV with a mapping of its columns. Several files may
overlap: what one holds already is not counted again.

--map names the columns of a CSV: amount and date, and where there are any
currency, payment_id, reference and type (Payment or Refund). Without a type, a
negative amount is a refund.

Rules, from the strongest to the weakest: payment id; amount, day and reference;
amount and day; reference within the window; a sum of two to six within the
window; the tolerances. A match below the payment id is listed with its rule. A
row with a payment id that the ledger does not know is matched by no other rule.
What stays open is listed with the nearest candidates of the other side. What a
person said comes before every rule: see tallystick match accept.

The ledger's side is what the file says it covers, else the days from its first
to its last row, or --from and --to. Payments in suspense are known: they match,
and are listed.
${reportHelp}`,
  json: {
    "files[]": "what each file covers: name, from, to",
    matched: "how many matches there are; one that takes several rows is one",
    matched_by:
      "the same by rule: payment_id, payment_id_sum, amount_date_reference, amount_date, reference, sum, tolerance; accepted by hand",
    "below_exact[]": "matches by a rule below the payment id: payment_id, rule, external, ledger",
    "matched_with_difference[]":
      "matches whose amounts differ: payment_id, rule, external, ledger; difference is theirs less ours, absent where the currencies differ",
    "only_external[]":
      "rows that the ledger does not have: payment_id, reason, external, candidates",
    "only_ledger[]": "movements that the files do not have: payment_id, reason, ledger, candidates",
    "duplicate[]":
      "rows that say again what another row says: payment_id, reason (same_amount or payment_matched_already), external",
    "…external":
      "a row of theirs: file, line, kind (payment or refund), payment_id, reference, date, at, currency, amount",
    "…ledger":
      "a movement of ours: position, kind, payment_id, owner, currency, amount, at, date, suspense (the reason, if it went there)",
    "…candidates[]":
      "what comes nearest: payment_id, line or position, amount, amount_apart, days_apart",
    repeated: "rows that a file before held already; they count once",
    "suspense[]":
      "matched, and gone to suspense when they came: payment_id, amount, currency, reason",
    "control[]":
      "for each currency: currency, external_total, ledger_total, matched, differing_external, differing_ledger, only_external, only_ledger, duplicate, holds",
    holds: "whether both control equations hold in every currency",
  },
  csv: {
    outcome: "difference, only external, only ledger or duplicate; a line for each",
    "payment_id, kind": "of which payment or refund",
    "external_date, ledger_date, currency": "their days and ours",
    "external_amount, ledger_amount, difference": "theirs, ours, theirs less ours; in major units",
    "file, line, position": "where it stands with them, and with us",
    "reason, nearest": "the rule that failed, and what comes nearest",
    row: "the id of their row, for match accept",
  },
  found:
    "something is open: a difference that is not booked, something on one side only, or a duplicate",
  errors: ["UNREADABLE_INPUT", "BOOK_NOT_FOUND"],
  examples: `$ tallystick reconcile --external 20260401_Moment_Recon_….csv \\
    --store file:book.jsonl
$ tallystick reconcile --external bank.csv --currency ZAR \\
    --map date=Date,amount=Amount,reference=Details --store file:book.jsonl`,
  seeAlso: ["match", "moment-report", "payment", "suspense"],
};

interface ReconcileOptions extends ReportOptions {
  readonly external: readonly string[];
  readonly map?: ColumnMapping;
  readonly currency?: string;
  readonly from?: string;
  readonly to?: string;
  readonly windowDays: number;
  readonly toleranceAmount: number;
  readonly toleranceDays: number;
}

const wholeNumber =
  (name: string, most: number) =>
  (text: string): number => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value <= most) return value;
    throw usage(`${name} ${text} is no whole number from 0 to ${most}`);
  };

const windowDefault = 3;
const daysMax = 366;
const amountMax = 100_000_000;

const collected = (path: string, paths: readonly string[] = []): readonly string[] => [
  ...paths,
  path,
];

const run = async (session: Session, options: ReconcileOptions): Promise<void> => {
  const asOf = asOfOf(session, options);
  const from = dateOption("--from", options.from);
  const to = dateOption("--to", options.to);
  const { timeZone } = session;
  const { currency, map: mapping } = options;
  if (currency !== undefined) requireCurrency(currency);
  if (from !== undefined && to !== undefined && from > to)
    throw usage(`--from ${from} lies behind --to ${to}`);
  const inputs: InputFile[] = [];
  try {
    for (const path of options.external) inputs.push(await openInput(path));
    const files = await Promise.all(
      inputs.map((input, at) => externalFile(input, at, { timeZone, mapping, currency, from, to })),
    );
    await session.withLedger("read", async ({ ledger }) => {
      const rows = inputs.reduce((sum, { lineCount }) => sum + lineCount, 0);
      const progress = startProgress(session.io, "reconciling rows", rows);
      const report = await reconcile(
        reading(session.io, ledger),
        asOf,
        files,
        options,
        progress.update,
      ).finally(progress.stop);
      await tellReport(session, options, {
        data: report,
        sheet: () => reconciliationSheet(report, asOf),
      });
      const open = [
        report.matchedWithDifference.filter(({ accepted }) => accepted === undefined),
        report.onlyExternal,
        report.onlyLedger,
        report.duplicate,
      ];
      if (!report.holds || open.some(({ length }) => length > 0))
        session.exitCode = exitCodes.found;
    });
  } finally {
    for (const input of inputs) await input.close();
  }
};

export const addReconcile = (program: Command, session: Session): void => {
  addReportOptions(addManual(program.command("reconcile"), manual))
    .summary("compare the ledger with what somebody else says")
    .description("Compare the ledger with what somebody else says happened.")
    .requiredOption("--external <file>", "what they say; may be given several times", collected)
    .option("--map <columns>", "columns of another CSV, as amount=Amount,date=Date", mappingOf)
    .option("--currency <code>", "where no column of the file says it")
    .option("--from <date>", "the first day")
    .option("--to <date>", "the last day")
    .option(
      "--window-days <days>",
      "how far matches by reference or sum may lie apart",
      wholeNumber("--window-days", daysMax),
      windowDefault,
    )
    .option(
      "--tolerance-amount <minor>",
      "how much amounts may differ, in minor units",
      wholeNumber("--tolerance-amount", amountMax),
      0,
    )
    .option(
      "--tolerance-days <days>",
      "how many days matches by amount may lie apart",
      wholeNumber("--tolerance-days", daysMax),
      0,
    )
    .action((options: ReconcileOptions) => run(session, options));
};
