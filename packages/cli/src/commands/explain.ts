/** `tallystick explain REF`: the events behind a balance, with the running sum. */
import { explainSheet } from "@tallystick/reports";
import type { Command } from "commander";
import { findTarget } from "../find-target.ts";
import {
  addReportOptions,
  asOfOf,
  type ReportOptions,
  reportHelp,
  tellReport,
} from "../report-options.ts";
import type { Session } from "../session.ts";

const help = `
REF is an id (bcus_…, bacc_…, bill_…) or an external reference. The events stand
in the order in which they were recorded; the last sum is the balance.
${reportHelp}

Example:
  $ tallystick explain BILL-100002-0-0 --store file:book.jsonl

Columns of CSV: position, effective_at, event, currency, effect, balance,
event_id.`;

export const addExplain = (program: Command, session: Session): void => {
  addReportOptions(program.command("explain"))
    .summary("print why an obligation owes what it owes")
    .description("Print the events that made a balance, with the sum up to each.")
    .argument("<ref>", "id or external reference")
    .addHelpText("after", help)
    .action((name: string, options: ReportOptions) => {
      const asOf = asOfOf(session, options);
      const { known, effective } = asOf;
      return session.withLedger("read", async ({ ledger }) => {
        const { object, id, externalReference } = await findTarget(ledger, name);
        const balance = await ledger.balanceOf({ [object]: id }, { known, effective, steps: true });
        await tellReport(session, options, {
          data: { ...balance, externalReference },
          sheet: () => explainSheet(balance, externalReference, asOf),
        });
      });
    });
};
