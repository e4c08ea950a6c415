/**
 * Money that has arrived and fits nothing yet, sum by sum in the order in which the payments came,
 * and how much of it there is for each reason and currency. It is outside of every balance.
 */
import {
  type CurrencyCode,
  type Ledger,
  type SuspendedPayment,
  type SuspenseReason,
  suspenseReasons,
} from "@tallystick/core";
import type { AsOfPair, EventSource } from "../as-of/as-of.ts";
import { bookPicture } from "../as-of/book-picture.ts";
import { everyItem } from "../pages.ts";

export interface SuspenseGroup {
  readonly reason: SuspenseReason;
  readonly currency: CurrencyCode;
  readonly count: number;
  /** Minor units. */
  readonly amount: bigint;
}

export interface SuspenseReport {
  readonly data: readonly SuspendedPayment[];
  /** By reason in the order in which reasons are judged, then by currency. */
  readonly totals: readonly SuspenseGroup[];
}

export const suspenseReport = async (
  ledger: Pick<Ledger, "listSuspense">,
): Promise<SuspenseReport> => {
  const data: SuspendedPayment[] = [];
  for await (const payment of everyItem((page) => ledger.listSuspense(page))) data.push(payment);
  return { data, totals: suspenseGroups(data) };
};

/** The same as of a pair of times; what was said of a payment beside its sum is left out. */
export const suspenseAsOf = async (
  source: EventSource,
  asOf: AsOfPair,
): Promise<SuspenseReport> => {
  const { suspense: data } = await bookPicture(source, asOf);
  return { data, totals: suspenseGroups(data) };
};

const rank = (reason: SuspenseReason): number => suspenseReasons.indexOf(reason);

/** How much lies in suspense, by reason and currency. */
export const suspenseGroups = (payments: readonly SuspendedPayment[]): SuspenseGroup[] => {
  const groups = new Map<string, SuspenseGroup>();
  for (const { reason, currency, amount } of payments) {
    const key = `${reason}/${currency}`;
    const { count, amount: sum } = groups.get(key) ?? { count: 0, amount: 0n };
    groups.set(key, { reason, currency, count: count + 1, amount: sum + BigInt(amount) });
  }
  return [...groups.values()].sort(
    (a, b) => rank(a.reason) - rank(b.reason) || (a.currency < b.currency ? -1 : 1),
  );
};
