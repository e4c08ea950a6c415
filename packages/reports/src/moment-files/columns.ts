/**
 * The two files that Moment sends (spec 7.3, 7.4): their columns and names. The first seven columns,
 * and the settlement file's country and presentment currency, are documented; those after them are
 * ours (D-40).
 */
import type { CalendarDate } from "@tallystick/core";

export const reportTitle = "Moment Merchant Reconciliation Report";

const common: readonly string[] = [
  "Transaction Type",
  "Transaction Timestamp",
  "Moment Transaction ID",
  "Merchant Reference ID",
  "Payment Method",
  "Tender Type",
  "Customer Reference",
];

export const reconColumns: readonly string[] = [
  ...common,
  "Presentment Currency",
  "Presentment Amount",
];

export const settlementColumns: readonly string[] = [
  ...common,
  "Country",
  "Presentment Currency",
  "Presentment Amount",
  "Settlement Currency",
  "Settlement Amount",
  "Fee Amount",
  "Settlement Reference",
  "Settlement Date",
];

export const transactionTypes = { payment: "Payment", refund: "Refund" } as const;

const compact = (date: CalendarDate): string => date.replaceAll("-", "");

export interface MomentFileName {
  readonly generatedOn: CalendarDate;
  /** A UUID in the example of the spec. */
  readonly fileId: string;
  readonly periodEnd: CalendarDate;
}

export const reconFileName = ({ generatedOn, fileId, periodEnd }: MomentFileName): string =>
  `${compact(generatedOn)}_Moment_Recon_${fileId}_${compact(periodEnd)}.csv`;

export const settlementFileName = (
  { generatedOn, fileId, periodEnd }: MomentFileName,
  merchant: string,
): string =>
  `${compact(generatedOn)}_Moment_${merchant}_Settlement_${fileId}_${compact(periodEnd)}.csv`;
