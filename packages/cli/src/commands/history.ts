/** `tallystick history REF`: everything that happened to one customer, account or bill. */
import type { RecordedEvent } from "@tallystick/core";
import { historyLine, historyText } from "@tallystick/reports";
import type { Command } from "commander";
import { findTarget } from "../find-target.ts";
import type { Session } from "../session.ts";

const help = `
REF is an id (bcus_…, bacc_…, bill_…) or an external reference. Where objects of
several kinds share a reference, their ids are named to choose from.

Example:
  $ tallystick history BILL-100002-0-0 --store file:book.jsonl`;

export const addHistory = (program: Command, session: Session): void => {
  program
    .command("history")
    .summary("print what happened to a customer, account or bill")
    .description("Print everything that happened to one customer, account or bill, in order.")
    .argument("<ref>", "id or external reference")
    .addHelpText("after", help)
    .action((name: string) =>
      session.withLedger("read", async ({ ledger }) => {
        const { object, id, externalReference } = await findTarget(ledger, name);
        const events: RecordedEvent[] = [];
        for await (const event of ledger.history({ [object]: id })) events.push(event);
        const { bold, dim } = session.colors;
        session.answer({ id, kind: object, externalReference, data: events }, () => {
          const heading = `${bold(`The ${object} ${externalReference}`)} ${dim(id)}`;
          return `${heading}\n${historyText(events.map(historyLine), bold)}`;
        });
      }),
    );
};
