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
One line for each customer's balance, account's balance and bill, then the
totals of each currency and who owes most. What is owed and what is held in
credit are told apart. Amounts are major units here, and minor units with
--json. Objects without a balance are left out, and so is money in suspense.
${reportHelp}

Examples:
  $ tallystick balances --store file:book.jsonl
  $ tallystick balances --as-of 2026-03-31 --format csv --store file:book.jsonl`;

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
  addReportOptions(program.command("balances"))
    .summary("print what every obligation owes, and the totals")
    .description(
      "Print what every obligation owes, and what that comes to by customer and currency.",
    )
    .addHelpText("after", help)
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
