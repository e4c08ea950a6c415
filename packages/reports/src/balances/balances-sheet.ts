/** Balances as a sheet, for CSV and HTML; the terminal has a text of its own. */
import type { AsOfPair } from "../as-of/as-of.ts";
import { amountText } from "../render/amount-text.ts";
import type { Chart } from "../render/charts/chart.ts";
import { amountCell, type Cell, lazily, type Sheet, unlessZero } from "../render/sheet.ts";
import type { BalanceRow } from "./balance-rows.ts";
import { type BalancesReport, owesMost } from "./balances-report.ts";

const most = 10;

const optional = (amount: number | undefined, { currency }: BalanceRow): Cell =>
  amount === undefined ? undefined : amountCell(amount, currency);

const charts = (report: BalancesReport): Chart[] =>
  report.totals.flatMap(({ currency }) => {
    const bars = owesMost(report, currency, most).map(({ externalReference, net }) => ({
      label: externalReference,
      value: Number(net),
      text: amountText(net, currency),
    }));
    return bars.length === 0 ? [] : [{ kind: "bars", title: `Who owes most in ${currency}`, bars }];
  });

export const balancesSheet = (report: BalancesReport, { effective }: AsOfPair): Sheet => ({
  title: effective === undefined ? "Balances" : `Balances on ${effective}`,
  facts: [],
  tables: [
    {
      title: "What every obligation owes",
      columns: [
        { key: "id", title: "Id", csvOnly: true },
        { key: "kind", title: "Kind" },
        { key: "external_reference", title: "Reference" },
        { key: "customer_id", title: "Customer" },
        { key: "account_id", title: "Account", csvOnly: true },
        { key: "status", title: "Status" },
        { key: "currency", title: "Currency" },
        { key: "balance", title: "Balance", align: "right" },
        { key: "amount_due", title: "Due", align: "right" },
        { key: "amount_paid", title: "Paid", align: "right" },
        { key: "amount_remaining", title: "Remaining", align: "right" },
      ],
      rows: lazily(report.data, (row) => [
        row.id,
        row.kind,
        row.externalReference,
        row.customerId,
        row.accountId,
        row.status,
        row.currency,
        amountCell(row.balance, row.currency),
        optional(row.amountDue, row),
        optional(row.amountPaid, row),
        optional(row.amountRemaining, row),
      ]),
      empty: "Nothing is owed: no balance was ever given.",
    },
    {
      title: "In all",
      columns: [
        { key: "currency", title: "Currency" },
        { key: "owed", title: "Owed", align: "right" },
        { key: "credit", title: "Credit", align: "right" },
        { key: "net", title: "Net", align: "right" },
      ],
      rows: report.totals.map(({ currency, owed, credit, net }) => [
        currency,
        unlessZero(owed, currency),
        unlessZero(credit, currency),
        amountCell(net, currency),
      ]),
    },
  ],
  charts: charts(report),
});
