/**
 * The two sides of a reconciliation, in the same terms: what somebody else says happened, and what
 * the ledger recorded. Amounts are minor units above 0; a refund counts as negative.
 */
import type {
  CalendarDate,
  CurrencyCode,
  Instant,
  MoneyKind,
  SuspenseReason,
} from "@tallystick/core";

/** One row of what somebody else says. */
export interface ExternalRow {
  /** Which file, from 0, and where in it. */
  readonly file: number;
  readonly line: number;
  readonly kind: MoneyKind;
  readonly paymentId?: string;
  /** Whose it is, by id or external reference, as far as they say. */
  readonly reference?: string;
  /** The day in the book's time zone. */
  readonly date: CalendarDate;
  /** When, if they say more than the day. */
  readonly at?: Instant;
  readonly currency: CurrencyCode;
  readonly amount: number;
}

/** One movement of money in the ledger. */
export interface LedgerItem {
  readonly position: number;
  readonly kind: MoneyKind;
  readonly paymentId: string;
  /** The id of whose it is; what the payment named where it went to suspense. */
  readonly owner: string;
  readonly at: Instant;
  /** The day of that in the book's time zone. */
  readonly date: CalendarDate;
  readonly currency: CurrencyCode;
  readonly amount: number;
  /** Why it went to suspense when it came, if it did. */
  readonly suspense?: SuspenseReason;
  /** Whether something external stands against it. */
  taken: boolean;
}

/** Days that a file speaks of; both are included. */
export interface Period {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

export const signed = ({ kind, amount }: Pick<ExternalRow, "kind" | "amount">): bigint =>
  BigInt(kind === "refund" ? -amount : amount);

export const isWithin = (date: CalendarDate, periods: readonly Period[]): boolean =>
  periods.some(({ from, to }) => from <= date && date <= to);

const dayMs = 86_400_000;

/** Days between two dates, never negative. */
export const daysApart = (a: CalendarDate, b: CalendarDate): number =>
  Math.abs(Date.parse(`${a}T00:00:00Z`) - Date.parse(`${b}T00:00:00Z`)) / dayMs;
