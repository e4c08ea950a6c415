/** The trial balance for people. */
import type { AsOfPair } from "../as-of/as-of.ts";
import { asOfFacts } from "../as-of/as-of-facts.ts";
import { amountCell, type Sheet, type SheetColumn, unlessZero } from "../render/sheet.ts";
import type { TrialBalance } from "./trial-balance.ts";

const columns: readonly SheetColumn[] = [
  { key: "currency", title: "Currency" },
  { key: "account", title: "Account" },
  { key: "class", title: "Class" },
  { key: "debit", title: "Debit", align: "right" },
  { key: "credit", title: "Credit", align: "right" },
];

export const trialBalanceSheet = (
  { known, data, totals }: TrialBalance,
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
});
