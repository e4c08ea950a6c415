/** `tallystick trial-balance`: what every account of the double-entry reading comes to. */
import { trialBalance, trialBalanceSheet } from "@tallystick/reports";
import type { Command } from "commander";
import { exitCodes } from "../exit-codes.ts";
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
Every event that moves money is a balanced posting between these accounts:
  receivable  what obligations owe; in credit where they are overpaid
  cash        money that was collected, less what was sent back
  in_transit  money between suspense and its obligation
  suspense    money that arrived and belongs nowhere yet
  untracked   the part of payments that lowered no balance
  opening     balances of customers and accounts as they were first given
  adjusted    what a balance that was set anew added or took away
  billed      what bills ask for
  charged, credited, voided
${reportHelp}`,
  json: {
    known: "the last event that the report rests on: position, recorded_at",
    "data[]":
      "an account in a currency: account, class, currency; debit and credit in minor units, one of them 0",
    "totals[]": "for each currency: currency, debit, credit, and whether they are equal: balanced",
    "receivable[]":
      "the receivables at the end of each day on which they changed: currency, date, balance",
  },
  csv: {
    "currency, account, class":
      "the account, and whether it is an asset, a liability, equity, income or an expense",
    "debit, credit": "what it comes to, on one side, in major units",
  },
  found: "debit and credit of a currency differ, which no whole book does",
  errors: ["BOOK_NOT_FOUND"],
  examples: `$ tallystick trial-balance --effective 2026-03-31 --store file:book.jsonl`,
  seeAlso: ["balances", "journal"],
};

export const addTrialBalance = (program: Command, session: Session): void => {
  addReportOptions(addManual(program.command("trial-balance"), manual))
    .summary("print debit and credit of every account")
    .description("Print what every account of the double-entry view comes to.")
    .action((options: ReportOptions) => {
      const asOf = asOfOf(session, options);
      return session.withLedger("read", async ({ ledger }) => {
        const report = await trialBalance(reading(session.io, ledger), asOf);
        await tellReport(session, options, {
          data: report,
          sheet: () => trialBalanceSheet(report, asOf),
        });
        if (report.totals.some(({ balanced }) => !balanced)) session.exitCode = exitCodes.found;
      });
    });
};
