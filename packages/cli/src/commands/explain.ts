/** `tallystick explain REF`: the events behind a balance, with the running sum. */
import { explainSheet } from "@tallystick/reports";
import type { Command } from "commander";
import { findTarget } from "../find-target.ts";
import { addManual, type Manual } from "../manual.ts";
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
REF is an id (bcus_…, bacc_…, bill_…) or an external reference. The events stand
in the order in which they were recorded; the last sum is the balance.
${reportHelp}`,
  json: {
    "kind, id, external_reference": "the customer, account or bill",
    obligation_id: "its obligation",
    tracked: "whether a balance is kept at all",
    "balances[]": "what is owed, for each currency: currency, balance in minor units",
    "steps[]":
      "an event: position, event_id, type, effective_at, currency; effect is what it changed, balance the sum up to it",
  },
  csv: {
    "position, effective_at, event": "when it was recorded and when it was true",
    "currency, effect, balance": "what it changed, and the sum up to it; in major units",
    event_id: "which event it is",
  },
  errors: ["NOT_FOUND", "BOOK_NOT_FOUND"],
  examples: `$ tallystick explain BILL-100002-0-0 --store file:book.jsonl`,
  seeAlso: ["history", "balances"],
};

export const addExplain = (program: Command, session: Session): void => {
  addReportOptions(addManual(program.command("explain"), manual))
    .summary("print why an obligation owes what it owes")
    .description("Print the events that made a balance, with the sum up to each.")
    .argument("<ref>", "id or external reference")
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
