/** `tallystick statement --customer REF`: what one customer owed and paid. */
import { statementOf, statementSheet } from "@tallystick/reports";
import type { Command } from "commander";
import { usage } from "../cli-error.ts";
import {
  addReportOptions,
  asOfOf,
  dateOption,
  type ReportOptions,
  reportHelp,
  tellReport,
} from "../report-options.ts";
import type { Session } from "../session.ts";

const help = `
The opening balance, every movement on the customer's balance, accounts and
bills with the balance after it, and the closing balance, for each currency.
Both days are included. Movements stand in the order in which they were true.
Name the position with --as-of to issue the same statement again to the byte.
${reportHelp}

Example:
  $ tallystick statement --customer CUST-100000 --from 2026-03-01 \\
      --to 2026-03-31 --store file:book.jsonl

Columns of CSV: currency, effective_at, event, reference, amount, effect,
balance, note.`;

interface StatementOptions extends ReportOptions {
  readonly customer: string;
  readonly from?: string;
  readonly to?: string;
}

export const addStatement = (program: Command, session: Session): void => {
  addReportOptions(program.command("statement"))
    .summary("print a customer's statement")
    .description("Print what a customer owed, what happened, and what the customer owes.")
    .requiredOption("--customer <ref>", "id or external reference")
    .option("--from <date>", "the first day")
    .option("--to <date>", "the last day")
    .addHelpText("after", help)
    .action((options: StatementOptions) => {
      const asOf = asOfOf(session, options);
      const from = dateOption("--from", options.from);
      const to = dateOption("--to", options.to);
      if (from !== undefined && to !== undefined && from > to)
        throw usage(`--from ${from} lies behind --to ${to}`);
      return session.withLedger("read", async ({ ledger }) => {
        const report = await statementOf(ledger, options.customer, asOf, { from, to });
        await tellReport(session, options, {
          data: report,
          sheet: () => statementSheet(report, asOf),
        });
      });
    });
};
