/** `tallystick ageing`: receivables by days overdue. */
import { dateOfInstant, instantOfMs, isCalendarDate } from "@tallystick/core";
import { type AsOfPair, ageingReport, ageingSheet, bucketsDefault } from "@tallystick/reports";
import { type Command, Option } from "commander";
import { usage } from "../cli-error.ts";
import { addManual, type Manual } from "../manual.ts";
import { reading } from "../reading.ts";
import {
  addReportOptions,
  asOfOf,
  type ReportOptions,
  reportHelp,
  tellReport,
} from "../report-options.ts";
import type { Session } from "../session.ts";

const manual: Manual = {
  about: `
One line for each customer and currency. A bill ages from its due date, and is
overdue from the day after. Bills without a due date and running balances of
customers and accounts have no date to age from and stand under NO DUE DATE.
Credit that nothing was set against is shown beside what is owed, and money in
suspense beside the totals. The nets are those of balances as of the same times.

Ages are counted on the day of --effective; without it, on the day of --as-of
where that is a date or an instant; else today.
${reportHelp}`,
  json: {
    on: "the day on which ages are counted",
    known: "the last event that the report rests on: position, recorded_at",
    "buckets[]":
      "the ranges, from the youngest: label, from_days, to_days; the last one has no to_days",
    "data[]": "a customer in a currency: customer_id, external_reference, currency",
    "data[].not_due": "what is not due yet, in minor units as all that follow",
    "data[].overdue[]": "what is overdue, a figure for each range",
    "data[].undated": "what has no date to age from",
    "data[].owed": "the sum of these three",
    "data[].credit": "what is held in credit, positive",
    "data[].net": "owed less credit",
    "totals[]":
      "the same for each currency: currency, not_due, overdue, undated, owed, credit, net; and suspense, what lies there",
  },
  csv: {
    "customer_id, external_reference, currency": "whose figures these are, and in what",
    not_due: "what is not due yet, in major units as all that follow",
    "overdue_1_30, overdue_31_60, overdue_61_90, overdue_over_90":
      "what is overdue; the names follow --buckets",
    undated: "what has no date to age from",
    "owed, credit, net": "the sum of these; what is held in credit, positive; the difference",
  },
  errors: ["BOOK_NOT_FOUND"],
  examples: `$ tallystick ageing --effective 2026-03-31 --store file:book.jsonl
$ tallystick ageing --buckets 7,14,28 --format html --out ageing.html \\
    --store file:book.jsonl`,
  seeAlso: ["balances", "statement", "suspense"],
};

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
  addReportOptions(addManual(program.command("ageing"), manual))
    .summary("print what is owed by days overdue")
    .description("Print what is owed by days overdue, for each customer and in all.")
    .addOption(
      new Option("--buckets <days>", "upper bounds of the ranges, in days")
        .argParser(boundsOf)
        .default(bucketsDefault, bucketsDefault.join(",")),
    )
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
