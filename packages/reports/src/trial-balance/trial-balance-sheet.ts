/** The trial balance for people. */
import type { CurrencyCode } from "@tallystick/core";
import type { AsOfPair } from "../as-of/as-of.ts";
import { asOfFacts } from "../as-of/as-of-facts.ts";
import { amountText } from "../render/amount-text.ts";
import type { Chart } from "../render/chart.ts";
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

/** More days than these are told by the last one of each month. */
const daysMax = 31;
const monthsMax = 24;

const overTime = (currency: CurrencyCode, days: readonly ReceivableDay[]): Chart => {
  const own = days.filter((day) => day.currency === currency);
  const months = new Map(own.map((day) => [day.date.slice(0, 7), day]));
  const shown =
    own.length <= daysMax
      ? own.map((day) => [day.date, day] as const)
      : [...months].slice(-monthsMax);
  return {
    title: `What is owed in ${currency}, less what is held in credit, over time`,
    bars: shown.map(([label, { balance }]) => ({
      label,
      value: Number(balance),
      text: amountText(balance, currency),
    })),
  };
};

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
  charts: [...new Set(receivable.map(({ currency }) => currency))].map((currency) =>
    overTime(currency, receivable),
  ),
});
