/** Balances for people: aligned columns, amounts in major units, credit called credit. */

import { amountText, signedAmountText } from "../render/amount-text.ts";
import { type Column, textTable } from "../render/text-table.ts";
import type { BalanceRow } from "./balance-rows.ts";
import { type BalancesReport, owesMost } from "./balances-report.ts";
import type { CurrencyTotal } from "./totals.ts";

const balanceColumns: readonly Column[] = [
  { title: "REFERENCE" },
  { title: "KIND" },
  { title: "CUSTOMER" },
  { title: "STATUS" },
  { title: "CURRENCY" },
  { title: "BALANCE", align: "right" },
  { title: "" },
];

const kindText = {
  customer_balance: "customer",
  account_balance: "account",
  bill: "bill",
} as const;

const balanceCells = (row: BalanceRow, customers: ReadonlyMap<string, string>): string[] => [
  row.externalReference,
  kindText[row.kind],
  row.kind === "customer_balance" ? "" : (customers.get(row.customerId) ?? row.customerId),
  row.status ?? "",
  row.currency,
  ...signedAmountText(row.balance, row.currency),
];

/** One line an obligation. */
export const balancesText = (
  { data, customers }: Pick<BalancesReport, "data" | "customers">,
  bold?: (title: string) => string,
): string => {
  const references = new Map(customers.map(({ id, externalReference }) => [id, externalReference]));
  return textTable(
    balanceColumns,
    data.map((row) => balanceCells(row, references)),
    bold,
  );
};

/** The cells of the totals, a row a currency. */
export const totalsTable = (
  totals: readonly CurrencyTotal[],
): { readonly columns: readonly Column[]; readonly rows: readonly (readonly string[])[] } => ({
  columns: [
    { title: "Currency" },
    { title: "Owed", align: "right" },
    { title: "Credit", align: "right" },
    { title: "Net", align: "right" },
  ],
  rows: totals.map(({ currency, owed, credit, net }) => [
    currency,
    amountText(owed, currency),
    amountText(credit, currency),
    amountText(net, currency),
  ]),
});

/** The customers who owe most, at most `count` a currency; empty where nobody owes anything. */
export const owesMostText = (
  report: Pick<BalancesReport, "customers" | "totals">,
  count: number,
  bold?: (title: string) => string,
): string => {
  const rows = report.totals.flatMap(({ currency }) => owesMost(report, currency, count));
  if (rows.length === 0) return "";
  return textTable(
    [
      { title: "CUSTOMER" },
      { title: "CURRENCY" },
      { title: "OWED", align: "right" },
      { title: "CREDIT", align: "right" },
      { title: "NET", align: "right" },
    ],
    rows.map(({ externalReference, currency, owed, credit, net }) => [
      externalReference,
      currency,
      amountText(owed, currency),
      amountText(credit, currency),
      amountText(net, currency),
    ]),
    bold,
  );
};
