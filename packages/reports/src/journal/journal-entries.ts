/**
 * The journal: every event that moves money, as a balanced posting, in recorded order. Made of the
 * double-entry reading in `accounts/postings.ts`, as the trial balance is, so both come to the same.
 *
 * Memory: one entry.
 */
import {
  type CalendarDate,
  dateOfInstant,
  type Instant,
  type RecordedEvent,
} from "@tallystick/core";
import { type Posting, postingsOf } from "../accounts/postings.ts";
import { type AsOfPair, type EventSource, effectiveUntil, knownEvents } from "../as-of/as-of.ts";

export interface JournalEntry {
  readonly position: number;
  readonly eventId: string;
  /** The day on which it was true, in the book's time zone. */
  readonly date: CalendarDate;
  readonly effectiveAt: Instant;
  readonly type: RecordedEvent["type"];
  readonly paymentId?: string;
  /** Two at least; the amounts come to 0. */
  readonly postings: readonly Posting[];
}

/** Entries as of then. An event whose movements are all 0 has none. */
export async function* journalEntries(
  source: EventSource,
  asOf: AsOfPair,
): AsyncGenerator<JournalEntry, void, undefined> {
  const until = effectiveUntil(asOf);
  for await (const event of knownEvents(source, asOf)) {
    if (until !== undefined && event.effectiveAt > until) continue;
    const postings = postingsOf(event);
    if (postings.length === 0) continue;
    const { position, id: eventId, effectiveAt, type, data } = event;
    yield {
      position,
      eventId,
      date: dateOfInstant(effectiveAt, asOf.timeZone),
      effectiveAt,
      type,
      ...("paymentId" in data ? { paymentId: data.paymentId } : {}),
      postings,
    };
  }
}

/** What a journal comes to: each of its accounts, by currency, and the days that it spans. */
export interface JournalSums {
  /** In order of appearance. The sum is what all of its postings come to. */
  readonly accounts: readonly (Omit<Posting, "amount"> & { readonly sum: bigint })[];
  readonly from: CalendarDate | undefined;
  readonly to: CalendarDate | undefined;
}

/** Reads the journal once. Memory: its accounts. */
export const journalSums = async (source: EventSource, asOf: AsOfPair): Promise<JournalSums> => {
  const accounts = new Map<string, Omit<Posting, "amount"> & { sum: bigint }>();
  let [from, to]: (CalendarDate | undefined)[] = [];
  for await (const { date, postings } of journalEntries(source, asOf)) {
    if (from === undefined || date < from) from = date;
    if (to === undefined || date > to) to = date;
    for (const { amount, ...posting } of postings) {
      const key = `${posting.account} ${posting.obligation ?? ""} ${posting.currency}`;
      const kept = accounts.get(key);
      if (kept === undefined) accounts.set(key, { ...posting, sum: BigInt(amount) });
      else kept.sum += BigInt(amount);
    }
  }
  return { accounts: [...accounts.values()], from, to };
};
