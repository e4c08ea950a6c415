/**
 * The matches that somebody accepted and that stand, in the order in which they were accepted, and
 * what was booked with them.
 */
import type { CurrencyCode, DifferenceCause, EventData, Instant } from "@tallystick/core";
import { type AsOfPair, type EventSource, effectiveUntil, knownEvents } from "../as-of/as-of.ts";

export interface StandingAcceptance extends EventData<"reconciliation.match_accepted"> {
  /** Of the event that accepted it. */
  readonly position: number;
  readonly recordedAt: Instant;
  /** When the last of the movements was true. */
  readonly effectiveAt: Instant;
  readonly actor?: string;
}

export interface AcceptancesReport {
  readonly data: readonly StandingAcceptance[];
  /** What was booked, by cause and currency. Minor units; below 0 where less came in. */
  readonly totals: readonly {
    readonly cause: DifferenceCause;
    readonly currency: CurrencyCode;
    readonly count: number;
    readonly amount: bigint;
  }[];
}

export const acceptances = async (
  source: EventSource,
  asOf: AsOfPair,
): Promise<AcceptancesReport> => {
  const until = effectiveUntil(asOf);
  const standing = new Map<string, StandingAcceptance>();
  for await (const event of knownEvents(source, asOf)) {
    const { type, data, streamId, position, recordedAt, effectiveAt, actor } = event;
    if (until !== undefined && effectiveAt > until) continue;
    if (type === "reconciliation.acceptance_undone") standing.delete(streamId);
    if (type === "reconciliation.match_accepted")
      standing.set(streamId, {
        ...data,
        position,
        recordedAt,
        effectiveAt,
        ...(actor === undefined ? {} : { actor }),
      });
  }
  const data = [...standing.values()];
  const totals = new Map<string, AcceptancesReport["totals"][number]>();
  for (const { currency, difference } of data) {
    if (difference === undefined) continue;
    const { cause } = difference;
    const key = `${cause} ${currency}`;
    const { count, amount } = totals.get(key) ?? { count: 0, amount: 0n };
    const sum = amount + BigInt(difference.amount);
    totals.set(key, { cause, currency, count: count + 1, amount: sum });
  }
  return {
    data,
    totals: [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total),
  };
};
