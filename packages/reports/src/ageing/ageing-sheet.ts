/** Ageing for people. */
import type { AsOfPair } from "../as-of/as-of.ts";
import { asOfFacts } from "../as-of/as-of-facts.ts";
import { amountText } from "../render/amount-text.ts";
import type { Chart } from "../render/charts/chart.ts";
import {
  amountCell,
  type Cell,
  lazily,
  type Sheet,
  type SheetColumn,
  unlessZero,
} from "../render/sheet.ts";
import type { AgedSums, AgeingReport, AgeingTotal } from "./ageing-report.ts";
import type { Bucket } from "./buckets.ts";

const columns = (buckets: readonly Bucket[]): SheetColumn[] => [
  { key: "not_due", title: "Not due", align: "right" },
  ...buckets.map(({ label }) => ({
    key: `overdue_${label.replace(/\W/g, "_")}`,
    title: /^\d/.test(label) ? `${label} days` : label,
    align: "right" as const,
  })),
  { key: "undated", title: "No due date", align: "right" },
  { key: "owed", title: "Owed", align: "right" },
  { key: "credit", title: "Credit", align: "right" },
  { key: "net", title: "Net", align: "right" },
];

const cells = ({ currency, notDue, overdue, undated, owed, credit, net }: AgedSums): Cell[] => [
  ...[notDue, ...overdue, undated, owed, credit].map((sum) => unlessZero(sum, currency)),
  amountCell(net, currency),
];

const chart = (buckets: readonly Bucket[], total: AgeingTotal): Chart => {
  const { currency, notDue, overdue, undated } = total;
  const labels = ["not due", ...buckets.map(({ label }) => label), "no due date"];
  const bars = [notDue, ...overdue, undated].map((sum, at) => ({
    label: labels[at] ?? "",
    value: Number(sum),
    text: amountText(sum, currency),
  }));
  return { kind: "bars", title: `What is owed in ${currency}, by days overdue`, bars };
};

export const ageingSheet = (report: AgeingReport, asOf: AsOfPair): Sheet => {
  const { on, known, buckets, data, totals } = report;
  return {
    title: `Receivables by age on ${on}`,
    facts: asOfFacts(asOf, known),
    tables: [
      {
        columns: [
          { key: "customer_id", title: "Id", csvOnly: true },
          { key: "external_reference", title: "Customer" },
          { key: "currency", title: "Currency" },
          ...columns(buckets),
        ],
        rows: lazily(data, (row) => [
          row.customerId,
          row.externalReference,
          row.currency,
          ...cells(row),
        ]),
        empty: "Nothing is owed, and nothing is held in credit.",
      },
      {
        title: "In all",
        columns: [
          { key: "currency", title: "Currency" },
          ...columns(buckets),
          { key: "suspense", title: "In suspense", align: "right" },
        ],
        rows: totals.map((total) => [
          total.currency,
          ...cells(total),
          unlessZero(total.suspense, total.currency),
        ]),
      },
    ],
    charts: totals.filter(({ owed }) => owed > 0n).map((total) => chart(buckets, total)),
  };
};
