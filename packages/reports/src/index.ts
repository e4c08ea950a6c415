/** Reports over a ledger: each is data first, and text, JSON, CSV or HTML of that data. */
export { type AccountName, accountClasses, type Posting, postingsOf } from "./accounts/postings.ts";
export {
  type AgedSums,
  type AgeingReport,
  type AgeingRow,
  type AgeingTotal,
  ageingReport,
} from "./ageing/ageing-report.ts";
export { ageingSheet } from "./ageing/ageing-sheet.ts";
export { type Bucket, bucketsDefault } from "./ageing/buckets.ts";
export { type AsOfPair, countedEvents, type EventSource, type Known } from "./as-of/as-of.ts";
export { type BalanceRow, balanceRows, type ObligationLists } from "./balances/balance-rows.ts";
export { balancesAsOf } from "./balances/balances-as-of.ts";
export { type BalancesReport, balancesReport, owesMost } from "./balances/balances-report.ts";
export { balancesSheet } from "./balances/balances-sheet.ts";
export { balancesText, owesMostText, totalsTable } from "./balances/balances-text.ts";
export { explainSheet } from "./balances/explain-sheet.ts";
export type { CurrencyTotal, OwnerTotal } from "./balances/totals.ts";
export {
  type BillingFileName,
  billingFileName,
  dailyFileDueAt,
  parseBillingFileName,
} from "./billing-file/billing-file-name.ts";
export {
  type BadRow,
  type BillingReading,
  type BillingRow,
  BillingRows,
  headerProblem,
  type IdentifierColumn,
  identifierColumns,
  isBadRow,
} from "./billing-file/billing-row.ts";
export { type HistoryLine, historyLine } from "./history/history-line.ts";
export { historySheet } from "./history/history-sheet.ts";
export { historyText } from "./history/history-text.ts";
export { beancountJournal } from "./journal/beancount-journal.ts";
export { beancountAccount, hledgerAccount } from "./journal/chart.ts";
export { hledgerJournal } from "./journal/hledger-journal.ts";
export { type JournalEntry, journalEntries } from "./journal/journal-entries.ts";
export { journalCsv, journalJson, journalSheet, journalText } from "./journal/journal-pieces.ts";
export { type MomentFileName, reconFileName, settlementFileName } from "./moment-files/columns.ts";
export {
  generationDate,
  type MomentReportOptions,
  reconFile,
  settlementFile,
} from "./moment-files/moment-report.ts";
export { type PaymentsReport, paymentsReport } from "./payments/payments-report.ts";
export {
  type AcceptancesReport,
  acceptances,
  type StandingAcceptance,
} from "./reconcile/acceptances.ts";
export { acceptancesSheet } from "./reconcile/acceptances-sheet.ts";
export { coveredPeriod } from "./reconcile/covered-period.ts";
export {
  type ColumnMapping,
  type CsvCells,
  type CsvReading,
  csvFileRows,
  type OnPeriod,
} from "./reconcile/csv-files.ts";
export { type ExternalFile, type Reconciliation, reconcile } from "./reconcile/reconciliation.ts";
export { reconciliationSheet } from "./reconcile/reconciliation-sheet.ts";
export { findRows } from "./reconcile/row-ids.ts";
export { type MatchingBounds, type Rule, rules } from "./reconcile/rules.ts";
export type { ExternalRow, LedgerItem, Period } from "./reconcile/sides.ts";
export { UnreadableRow } from "./reconcile/unreadable-row.ts";
export { webhookFileRows } from "./reconcile/webhook-file.ts";
export { amountText, signedAmountText } from "./render/amount-text.ts";
export type {
  Bar,
  BarChart,
  Chart,
  DayPoint,
  LineChart,
  ShareChart,
} from "./render/charts/chart.ts";
export { csvText } from "./render/csv-text.ts";
export { htmlText } from "./render/html-text.ts";
export { jsonText } from "./render/json-text.ts";
export type { AmountCell, Cell, Sheet, SheetColumn, SheetTable } from "./render/sheet.ts";
export { sheetText } from "./render/sheet-text.ts";
export { type Column, displayWidth, printable, textTable } from "./render/text-table.ts";
export {
  type CurrencyStatement,
  type Statement,
  type StatementLine,
  type StatementSource,
  statementOf,
} from "./statement/statement.ts";
export { statementSheet } from "./statement/statement-sheet.ts";
export {
  type SuspenseGroup,
  type SuspenseReport,
  suspenseAsOf,
  suspenseGroups,
  suspenseReport,
} from "./suspense/suspense-report.ts";
export { suspenseSheet } from "./suspense/suspense-sheet.ts";
export { suspenseReasonText, suspenseText } from "./suspense/suspense-text.ts";
export {
  type TrialBalance,
  type TrialBalanceRow,
  trialBalance,
} from "./trial-balance/trial-balance.ts";
export { trialBalanceSheet } from "./trial-balance/trial-balance-sheet.ts";
