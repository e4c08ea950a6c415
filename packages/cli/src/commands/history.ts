/** `tallystick history REF`: everything that happened to one customer, account or bill. */
import type { RecordedEvent } from "@tallystick/core";
import { countedEvents, historyLine, historySheet, historyText } from "@tallystick/reports";
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
REF is an id (bcus_…, bacc_…, bill_…) or an external reference. Where objects of
several kinds share a reference, their ids are named to choose from.
${reportHelp}

Example:
  $ tallystick history BILL-100002-0-0 --store file:book.jsonl`;

export const addHistory = (program: Command, session: Session): void => {
  addReportOptions(program.command("history"))
    .summary("print what happened to a customer, account or bill")
    .description("Print everything that happened to one customer, account or bill, in order.")
    .argument("<ref>", "id or external reference")
    .addHelpText("after", help)
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
