/** A history as a sheet, for CSV and HTML; the terminal has a text of its own. */
import { clockTime } from "@tallystick/core";
import type { AsOfPair } from "../as-of/as-of.ts";
import { amountCell, type Cell, type Sheet } from "../render/sheet.ts";
import type { HistoryLine } from "./history-line.ts";

const money = (amount: number | undefined, { currency }: HistoryLine): Cell =>
  amount === undefined || currency === undefined ? undefined : amountCell(amount, currency);

export const historySheet = (
  title: string,
  lines: readonly HistoryLine[],
  { timeZone }: AsOfPair,
): Sheet => ({
  title,
  facts: [["Days end in", timeZone]],
  tables: [
    {
      columns: [
        { key: "position", title: "Position", align: "right" },
        { key: "effective_at", title: "Effective at" },
        { key: "event", title: "Event" },
        { key: "currency", title: "Currency" },
        { key: "amount", title: "Amount", align: "right" },
        { key: "effect", title: "Change", align: "right" },
        { key: "balance", title: "Balance", align: "right" },
        { key: "note", title: "Note" },
      ],
      rows: lines.map((line) => [
        line.position,
        clockTime(line.effectiveAt, timeZone),
        line.type,
        line.currency,
        money(line.amount, line),
        money(line.effect, line),
        money(line.balanceAfter, line),
        line.note,
      ]),
      empty: "Nothing had happened yet.",
    },
  ],
});
