/** `tallystick balances`: what every obligation owes. */
import { balancesReport, balancesText, owesMostText, totalsTable } from "@tallystick/reports";
import type { Command } from "commander";
import { framed } from "../framed.ts";
import type { Session } from "../session.ts";

const help = `
One line for each customer's balance, account's balance and bill, then the
totals of each currency and who owes most. What is owed and what is held in
credit are told apart. Amounts are major units here, and minor units with
--json. Objects without a balance are left out, and so is money in suspense.

Example:
  $ tallystick balances --store file:book.jsonl`;

const most = 5;

export const addBalances = (program: Command, session: Session): void => {
  program
    .command("balances")
    .summary("print what every obligation owes, and the totals")
    .description(
      "Print what every obligation owes, and what that comes to by customer and currency.",
    )
    .addHelpText("after", help)
    .action(() =>
      session.withLedger("read", async ({ ledger, book }) => {
        const report = await balancesReport(ledger);
        const { bold } = session.colors;
        session.answer(report, () => {
          if (report.data.length === 0)
            return `Nothing is owed in the book ${book}: no balance was ever given.\n`;
          const { columns, rows } = totalsTable(report.totals);
          const debtors = owesMostText(report, most, bold);
          return [
            balancesText(report, bold),
            `\n${bold("In all")}\n${framed(columns, rows, session.colors)}`,
            debtors === "" ? "" : `\n${bold("Who owes most")}\n${debtors}`,
          ].join("");
        });
      }),
    );
};
