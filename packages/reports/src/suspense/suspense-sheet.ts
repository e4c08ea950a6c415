/** Suspense as a sheet, for CSV and HTML; the terminal has a text of its own. */
import { clockTime } from "@tallystick/core";
import type { AsOfPair } from "../as-of/as-of.ts";
import { amountCell, type Sheet } from "../render/sheet.ts";
import type { SuspenseReport } from "./suspense-report.ts";
import { suspenseReasonText, undoneText } from "./suspense-text.ts";

export const suspenseSheet = (
  { data, totals }: SuspenseReport,
  { effective, timeZone }: AsOfPair,
): Sheet => {
  const isAnyUndone = data.some(({ undone }) => undone !== undefined);
  return {
    title: effective === undefined ? "Money in suspense" : `Money in suspense on ${effective}`,
    facts: [["Days end in", timeZone]],
    tables: [
      {
        columns: [
          { key: "payment_id", title: "Payment" },
          { key: "effective_at", title: "Arrived" },
          { key: "currency", title: "Currency" },
          { key: "amount", title: "Amount", align: "right" },
          { key: "reason", title: "Why" },
          { key: "target_kind", title: "Kind" },
          { key: "target", title: "For" },
          { key: "undone", title: "Undone", ...(isAnyUndone ? {} : { csvOnly: true as const }) },
        ],
        rows: data.map((payment) => {
          const { paymentId, effectiveAt, currency, amount, reason, target } = payment;
          return [
            paymentId,
            clockTime(effectiveAt, timeZone),
            currency,
            amountCell(amount, currency),
            reason,
            target.kind,
            target.name,
            undoneText(payment),
          ];
        }),
        empty: "Nothing lies in suspense.",
      },
      {
        title: "In all",
        columns: [
          { key: "reason", title: "Why" },
          { key: "count", title: "Payments", align: "right" },
          { key: "currency", title: "Currency" },
          { key: "amount", title: "Amount", align: "right" },
        ],
        rows: totals.map(({ reason, count, currency, amount }) => [
          suspenseReasonText(reason),
          count,
          currency,
          amountCell(amount, currency),
        ]),
      },
    ],
  };
};
