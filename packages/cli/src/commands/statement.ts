/** `tallystick statement --customer REF`: what one customer owed and paid. */
import { statementOf, statementSheet } from "@tallystick/reports";
import type { Command } from "commander";
import { usage } from "../cli-error.ts";
import { addManual, type Manual } from "../manual.ts";
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
The opening balance, every movement on the customer's balance, accounts and
bills with the balance after it, and the closing balance, for each currency.
Both days are included. Movements stand in the order in which they were true.
Name the position with --as-of to issue the same statement again to the byte.
${reportHelp}`,
  json: {
    customer: "whose it is: id, external_reference",
    "from, to": "the first and the last day, where they were given",
    "data[]":
      "a currency: currency, and in minor units what was owed before the first day: opening",
    "data[].lines[]":
      "a movement: position, event_id, effective_at, type; what it happened to: kind, id, external_reference",
    "data[].lines[].amount": "what it is about",
    "data[].lines[].effect": "what it changed; negative where less is owed after it",
    "data[].lines[].balance": "what the customer owes in this currency after it",
    "data[].lines[].note": "the payment, and why it was taken back",
    "data[].raised, data[].lowered": "the sums of the effects above and below 0, both positive",
    "data[].closing": "what is owed at the end of the last day: opening + raised - lowered",
  },
  csv: {
    "currency, effective_at": "when it was true; empty on the opening and closing lines",
    event: "what happened",
    reference: "the customer, account or bill that it happened to",
    "amount, effect, balance":
      "what it is about, what it changed, what is owed after it; in major units",
    note: "the payment, and why it was taken back",
  },
  errors: ["NOT_FOUND", "BOOK_NOT_FOUND"],
  examples: `$ tallystick statement --customer CUST-100000 --from 2026-03-01 \\
    --to 2026-03-31 --store file:book.jsonl`,
  seeAlso: ["ageing", "explain", "history"],
};

interface StatementOptions extends ReportOptions {
  readonly customer: string;
  readonly from?: string;
  readonly to?: string;
}

export const addStatement = (program: Command, session: Session): void => {
  addReportOptions(addManual(program.command("statement"), manual))
    .summary("print a customer's statement")
    .description("Print what a customer owed, what happened, and what the customer owes.")
    .requiredOption("--customer <ref>", "id or external reference")
    .option("--from <date>", "the first day")
    .option("--to <date>", "the last day")
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
