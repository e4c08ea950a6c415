/**
 * The two files of Moment from a ledger: what its SFTP would drop (spec 7.3, 7.4). Movements are those
 * of the days from `from` to `to`, by when they were true; amounts are major units and a refund is
 * told by its type. How a payer paid is not known here, and its columns stay empty.
 *
 * A settlement is taken to reach the merchant two days after the payment and without a fee.
 */
import type { CalendarDate } from "@tallystick/core";
import type { AsOfPair, EventSource } from "../as-of/as-of.ts";
import { ledgerSide } from "../reconcile/ledger-side.ts";
import type { LedgerItem, Period } from "../reconcile/sides.ts";
import { csvLine } from "../render/csv-text.ts";
import { amountCell, type Cell } from "../render/sheet.ts";
import { reconColumns, reportTitle, settlementColumns, transactionTypes } from "./columns.ts";

/** ISO 3166 alpha-2 of the countries whose currency is collected there. */
const countries: ReadonlyMap<string, string> = new Map([["ZAR", "ZA"]]);

export interface MomentReportOptions {
  readonly period: Period;
  /** The merchant's alias: printable ASCII, at most 38 characters. */
  readonly merchant: string;
}

interface Row {
  readonly item: LedgerItem;
  /** The external reference of whose it is; empty where that is unknown. */
  readonly reference: string;
}

const daysLater = (date: CalendarDate, days: number): CalendarDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Reconciliation at T+1, settlement at T+2 (spec 7.2). */
export const generatedOn = { recon: 1, settlement: 2 } as const;
export const generationDate = (
  kind: keyof typeof generatedOn,
  periodEnd: CalendarDate,
): CalendarDate => daysLater(periodEnd, generatedOn[kind]);

const rowsOf = async (
  source: EventSource,
  asOf: AsOfPair,
  period: Period,
): Promise<readonly Row[]> => {
  const { items, names } = await ledgerSide(source, asOf, [period]);
  return items
    .map((item) => ({ item, reference: names.of(item.owner)[1] ?? "" }))
    .sort(({ item: a }, { item: b }) =>
      a.at === b.at ? a.position - b.position : a.at < b.at ? -1 : 1,
    );
};

const common = ({ item, reference }: Row): Cell[] => [
  transactionTypes[item.kind],
  `${item.at.slice(0, 19)}Z`,
  item.paymentId,
  reference,
  undefined,
  undefined,
  item.owner,
];

/** The reconciliation file, line by line; one without movements has its header all the same. */
export async function* reconFile(
  source: EventSource,
  asOf: AsOfPair,
  { period, merchant }: MomentReportOptions,
): AsyncGenerator<string, void, undefined> {
  const rows = await rowsOf(source, asOf, period);
  const block = [
    ["Report Title", reportTitle],
    ["Version", "1.0"],
    ["Merchant", merchant],
    ["From", period.from],
    ["To", period.to],
  ];
  for (const line of block) yield csvLine(line);
  yield `\r\n${csvLine(reconColumns)}`;
  for (const row of rows) {
    const { currency, amount } = row.item;
    yield csvLine([...common(row), currency, amountCell(amount, currency)]);
  }
}

/** The settlement file, line by line; nothing at all where nothing was settled (spec 7.4). */
export async function* settlementFile(
  source: EventSource,
  asOf: AsOfPair,
  { period }: MomentReportOptions,
): AsyncGenerator<string, void, undefined> {
  const rows = await rowsOf(source, asOf, period);
  if (rows.length > 0) yield csvLine(settlementColumns);
  for (const row of rows) {
    const { currency, amount, date } = row.item;
    const settledOn = daysLater(date, generatedOn.settlement);
    yield csvLine([
      ...common(row),
      countries.get(currency),
      currency,
      amountCell(amount, currency),
      currency,
      amountCell(amount, currency),
      amountCell(0, currency),
      `settlement-${settledOn.replaceAll("-", "")}-${currency}`,
      settledOn,
    ]);
  }
}
