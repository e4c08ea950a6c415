/** Reports over a ledger: each is data first, and text or JSON of that data. */
export { type BalanceRow, balanceRows, type ObligationLists } from "./balances/balance-rows.ts";
export { type BalancesReport, balancesReport, owesMost } from "./balances/balances-report.ts";
export { balancesText, owesMostText, totalsTable } from "./balances/balances-text.ts";
export type { CurrencyTotal, OwnerTotal } from "./balances/totals.ts";
export { type HistoryLine, historyLine } from "./history/history-line.ts";
export { historyText } from "./history/history-text.ts";
export { type PaymentsReport, paymentsReport } from "./payments/payments-report.ts";
export { amountText, signedAmountText } from "./render/amount-text.ts";
export { jsonText } from "./render/json-text.ts";
export { type Column, displayWidth, printable, textTable } from "./render/text-table.ts";
export {
  type SuspenseGroup,
  type SuspenseReport,
  suspenseGroups,
  suspenseReport,
} from "./suspense/suspense-report.ts";
export { suspenseReasonText, suspenseText } from "./suspense/suspense-text.ts";
