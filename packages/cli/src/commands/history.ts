/** `tallystick history REF`: everything that happened to one customer, account or bill. */
import type { RecordedEvent } from "@tallystick/core";
import { countedEvents, historyLine, historySheet, historyText } from "@tallystick/reports";
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
REF is an id (bcus_…, bacc_…, bill_…) or an external reference. Where objects of
several kinds share a reference, their ids are named to choose from.
${reportHelp}`,
  json: {
    "id, kind, external_reference": "the customer, account or bill",
    "data[]":
      "an event as it is stored: id, type, schema_version, stream_id, revision, position, recorded_at, effective_at, correlation_id, causation_id, actor, idempotency_key",
    "data[].data": "what it says; docs/events.md has the members of each type",
    "data[].personal": "names and the like, kept apart so that they can be erased",
  },
  csv: {
    "position, effective_at, event": "when it was recorded and when it was true",
    "currency, amount, effect, balance":
      "what it is about, what it changed, what is owed after it; in major units",
    note: "what else it says: the payment, the reason",
  },
  errors: ["NOT_FOUND", "BOOK_NOT_FOUND"],
  examples: `$ tallystick history BILL-100002-0-0 --store file:book.jsonl`,
  seeAlso: ["explain", "statement"],
};

export const addHistory = (program: Command, session: Session): void => {
  addReportOptions(addManual(program.command("history"), manual))
    .summary("print what happened to a customer, account or bill")
    .description("Print everything that happened to one customer, account or bill, in order.")
    .argument("<ref>", "id or external reference")
    .action((name: string, options: ReportOptions) => {
      const asOf = asOfOf(session, options);
      return session.withLedger("read", async ({ ledger }) => {
        const { object, id, externalReference } = await findTarget(ledger, name);
        const events: RecordedEvent[] = [];
        const history = ledger.history({ [object]: id });
        for await (const event of countedEvents(history, asOf)) events.push(event);
        const lines = events.map(historyLine);
        const title = `The ${object} ${externalReference}`;
        await tellReport(session, options, {
          data: { id, kind: object, externalReference, data: events },
          sheet: () => historySheet(title, lines, asOf),
          text: ({ bold, dim }) => `${bold(title)} ${dim(id)}\n${historyText(lines, asOf, bold)}`,
        });
      });
    });
};
