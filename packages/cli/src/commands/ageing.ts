/** `tallystick ageing`: receivables by days overdue. */
import { dateOfInstant, instantOfMs, isCalendarDate } from "@tallystick/core";
import { type AsOfPair, ageingReport, ageingSheet, bucketsDefault } from "@tallystick/reports";
import type { Command } from "commander";
import { usage } from "../cli-error.ts";
import { reading } from "../reading.ts";
import {
  addReportOptions,
  asOfOf,
  type ReportOptions,
  reportHelp,
  tellReport,
} from "../report-options.ts";
import type { Session } from "../session.ts";

const help = `
One line for each customer and currency. A bill ages from its due date, and is
overdue from the day after. Bills without a due date and running balances of
customers and accounts have no date to age from and stand under NO DUE DATE.
Credit that nothing was set against is shown beside what is owed, and money in
suspense beside the totals. The nets are those of balances as of the same times.

Ages are counted on the day of --effective; without it, on the day of --as-of
where that is a date or an instant; else today.
${reportHelp}

Examples:
  $ tallystick ageing --effective 2026-03-31 --store file:book.jsonl
  $ tallystick ageing --buckets 7,14,28 --format html --out ageing.html \\
      --store file:book.jsonl

Columns of CSV: customer_id, external_reference, currency, not_due, overdue_1_30
and so on, undated, owed, credit, net.`;

interface AgeingOptions extends ReportOptions {
  readonly buckets: readonly number[];
}

const bucketsMax = 12;
const daysMax = 36_500;

const boundsOf = (text: string): readonly number[] => {
  const bounds = text
    .split(",")
    .map((each) => (/^\d{1,5}$/.test(each) ? Number(each) : Number.NaN));
  const rises = bounds.every((bound, at) => bound > (bounds[at - 1] ?? 0) && bound <= daysMax);
  if (!rises || bounds.length > bucketsMax)
    throw usage(`--buckets ${text} are no rising numbers of days; write 30,60,90`);
  return bounds;
};

/** The day on which ages are counted. */
const dayOf = ({ effective, known, timeZone }: AsOfPair, nowMs: number): string => {
  if (effective !== undefined)
    return isCalendarDate(effective) ? effective : dateOfInstant(effective, timeZone);
  return dateOfInstant(typeof known === "string" ? known : instantOfMs(nowMs), timeZone);
};

export const addAgeing = (program: Command, session: Session): void => {
  addReportOptions(program.command("ageing"))
    .summary("print what is owed by days overdue")
    .description("Print what is owed by days overdue, for each customer and in all.")
    .option("--buckets <days>", "upper bounds of the ranges", boundsOf, bucketsDefault)
    .addHelpText("after", help)
    .action((options: AgeingOptions) => {
      const asOf = asOfOf(session, options);
      const on = dayOf(asOf, session.io.host.now());
      return session.withLedger("read", async ({ ledger }) => {
        const report = await ageingReport(reading(session.io, ledger), asOf, {
          on,
          bounds: options.buckets,
        });
        await tellReport(session, options, {
          data: report,
          sheet: () => ageingSheet(report, asOf),
        });
      });
    });
};
