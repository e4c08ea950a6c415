/** The trial balance for people. */
import type { AsOfPair } from "../as-of/as-of.ts";
import { asOfFacts } from "../as-of/as-of-facts.ts";
import { amountText } from "../render/amount-text.ts";
import type { Chart } from "../render/charts/chart.ts";
import { amountCell, type Sheet, type SheetColumn, unlessZero } from "../render/sheet.ts";
import type { ReceivableDay } from "./receivable-days.ts";
import type { TrialBalance } from "./trial-balance.ts";

const columns: readonly SheetColumn[] = [
  { key: "currency", title: "Currency" },
  { key: "account", title: "Account" },
  { key: "class", title: "Class" },
  { key: "debit", title: "Debit", align: "right" },
  { key: "credit", title: "Credit", align: "right" },
];

/** One line for each currency that changed on more than one day. */
const overTime = (days: readonly ReceivableDay[]): Chart[] =>
  [...new Set(days.map(({ currency }) => currency))].flatMap((currency): Chart[] => {
    const points = days
      .filter((day) => day.currency === currency)
      .map(({ date, balance }) => ({
        date,
        value: Number(balance),
        text: amountText(balance, currency),
      }));
    if (points.length < 2) return [];
    const title = `What is owed in ${currency}, less what is held in credit, over time`;
    const textOf = (value: number): string => amountText(BigInt(Math.round(value)), currency);
    return [{ kind: "line", title, points, textOf }];
  });

export const trialBalanceSheet = (
  { known, data, totals, receivable }: TrialBalance,
  asOf: AsOfPair,
): Sheet => ({
  title: "Trial balance",
  facts: asOfFacts(asOf, known),
  tables: [
    {
      columns,
      rows: data.map(({ currency, account, class: accountClass, debit, credit }) => [
        currency,
        account,
        accountClass,
        unlessZero(debit, currency),
        unlessZero(credit, currency),
      ]),
      totals: totals.map(({ currency, debit, credit, balanced }) => [
        currency,
        "in all",
        balanced ? "balanced" : "NOT BALANCED",
        amountCell(debit, currency),
        amountCell(credit, currency),
      ]),
      empty: "No money has moved.",
    },
  ],
  chartsBelow: true,
  charts: overTime(receivable),
});
