/** `tallystick balances`: what every obligation owes. */
import {
  type BalancesReport,
  balancesAsOf,
  balancesSheet,
  balancesText,
  owesMostText,
  totalsTable,
} from "@tallystick/reports";
import type { Command } from "commander";
import { framed } from "../framed.ts";
import type { Colors } from "../io.ts";
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
One line for each customer's balance, account's balance and bill, then the
totals of each currency and who owes most. What is owed and what is held in
credit are told apart. Amounts are major units here, and minor units with
--json. Objects without a balance are left out, and so is money in suspense.
${reportHelp}`,
  json: {
    "data[]":
      "an obligation: id, which is the customer's, account's or bill's; external_reference, customer_id, account_id of a bill, currency",
    "data[].kind": "customer_balance, account_balance or bill",
    "data[].balance":
      "what it owes, negative for credit; 0 for a voided bill; in minor units as all amounts",
    "data[].status": "of a bill: unpaid, paid or voided",
    "data[].amount_due, data[].amount_paid, data[].amount_remaining": "of a bill",
    "totals[]":
      "for each currency: currency, owed, credit, net; credit is positive, net is owed less credit; text of digits above 2^53",
    "customers[]":
      "the same for each customer, accounts and bills included: id, external_reference, currency, owed, credit, net",
    "accounts[]":
      "the same for each account, bills included: id, external_reference, currency, owed, credit, net",
  },
  csv: {
    "id, kind, external_reference": "the obligation, by the object that it is of",
    "customer_id, account_id": "its owner; an account of a bill only",
    status: "of a bill: unpaid, paid or voided",
    "currency, balance": "what it owes, negative for credit; in major units as all amounts",
    "amount_due, amount_paid, amount_remaining": "of a bill",
  },
  errors: ["BOOK_NOT_FOUND"],
  examples: `$ tallystick balances --store file:book.jsonl
$ tallystick balances --as-of 2026-03-31 --format csv --store file:book.jsonl`,
  seeAlso: ["ageing", "explain", "trial-balance"],
};

const most = 5;

const balancesAnswer = (report: BalancesReport, book: string, colors: Colors): string => {
  const { bold } = colors;
  if (report.data.length === 0)
    return `Nothing is owed in the book ${book}: no balance was ever given.\n`;
  const { columns, rows } = totalsTable(report.totals);
  const debtors = owesMostText(report, most, bold);
  return [
    balancesText(report, bold),
    `\n${bold("In all")}\n${framed(columns, rows, colors)}`,
    debtors === "" ? "" : `\n${bold("Who owes most")}\n${debtors}`,
  ].join("");
};

export const addBalances = (program: Command, session: Session): void => {
  addReportOptions(addManual(program.command("balances"), manual))
    .summary("print what every obligation owes, and the totals")
    .description(
      "Print what every obligation owes, and what that comes to by customer and currency.",
    )
    .action((options: ReportOptions) => {
      const asOf = asOfOf(session, options);
      return session.withLedger("read", async ({ ledger, book }) => {
        const report = await balancesAsOf(reading(session.io, ledger), asOf);
        await tellReport(session, options, {
          data: report,
          sheet: () => balancesSheet(report, asOf),
          text: (colors) => balancesAnswer(report, book, colors),
        });
      });
    });
};
