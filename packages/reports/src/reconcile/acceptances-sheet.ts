/** Accepted matches for people. */
import { dateOfInstant } from "@tallystick/core";
import type { AsOfPair } from "../as-of/as-of.ts";
import { amountCell, type Sheet } from "../render/sheet.ts";
import type { AcceptancesReport } from "./acceptances.ts";

export const acceptancesSheet = (
  { data, totals }: AcceptancesReport,
  { effective, timeZone }: AsOfPair,
): Sheet => {
  const isAnyRefund = data.some(({ kind }) => kind === "refund");
  return {
    title: effective === undefined ? "Accepted matches" : `Accepted matches on ${effective}`,
    facts: [["Days end in", timeZone]],
    tables: [
      {
        columns: [
          { key: "rows", title: "Rows" },
          { key: "payments", title: "Payments" },
          { key: "effective_at", title: "Our day" },
          { key: "currency", title: "Currency" },
          { key: "kind", title: "Kind", ...(isAnyRefund ? {} : { csvOnly: true as const }) },
          { key: "external_amount", title: "Theirs", align: "right" },
          { key: "ledger_amount", title: "Ours", align: "right" },
          { key: "difference", title: "Booked", align: "right" },
          { key: "cause", title: "As" },
          { key: "actor", title: "By" },
          { key: "reason", title: "Why" },
        ],
        rows: data.map((each) => [
          each.rows.map(({ rowId }) => rowId).join(" "),
          [...new Set(each.movements.map(({ paymentId }) => paymentId))].join(" "),
          dateOfInstant(each.effectiveAt, timeZone),
          each.currency,
          each.kind,
          amountCell(each.amount, each.currency),
          amountCell(
            each.movements.reduce((sum, { amount }) => sum + amount, 0),
            each.currency,
          ),
          each.difference && amountCell(each.difference.amount, each.currency),
          each.difference?.cause,
          each.actor,
          each.reason,
        ]),
        empty: "No accepted match stands.",
      },
      ...(totals.length === 0
        ? []
        : [
            {
              title: "Booked in all",
              columns: [
                { key: "cause", title: "As" },
                { key: "count", title: "Matches", align: "right" as const },
                { key: "currency", title: "Currency" },
                { key: "amount", title: "Amount", align: "right" as const },
              ],
              rows: totals.map(({ cause, count, currency, amount }) => [
                cause,
                count,
                currency,
                amountCell(amount, currency),
              ]),
            },
          ]),
    ],
  };
};
