/** Why an obligation owes what it owes: the events that made its balance, with the sum up to each. */
import { type Balance, clockTime } from "@tallystick/core";
import type { AsOfPair } from "../as-of/as-of.ts";
import { amountCell, type Sheet } from "../render/sheet.ts";

export const explainSheet = (
  { id, steps = [], balances }: Balance,
  externalReference: string,
  { timeZone }: AsOfPair,
): Sheet => ({
  title: `What ${externalReference} owes, and why`,
  facts: [
    ["Id", id],
    ["Days end in", timeZone],
  ],
  tables: [
    {
      columns: [
        { key: "position", title: "Position", align: "right" },
        { key: "effective_at", title: "Effective at" },
        { key: "event", title: "Event" },
        { key: "currency", title: "Currency" },
        { key: "effect", title: "Change", align: "right" },
        { key: "balance", title: "Balance", align: "right" },
        { key: "event_id", title: "Id" },
      ],
      rows: steps.map(({ position, effectiveAt, type, currency, effect, balance, eventId }) => [
        position,
        clockTime(effectiveAt, timeZone),
        type,
        currency,
        amountCell(effect, currency),
        amountCell(balance, currency),
        eventId,
      ]),
      totals: balances.map(({ currency, balance }) => [
        undefined,
        undefined,
        "balance",
        currency,
        undefined,
        amountCell(balance, currency),
        undefined,
      ]),
      empty: "No balance was ever given.",
    },
  ],
});
