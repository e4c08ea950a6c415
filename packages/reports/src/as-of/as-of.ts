/**
 * What a report is as of: the two axes of time (architecture 5). `known` cuts off what had not been
 * recorded yet, `effective` what had not been true yet. Both bounds are included.
 *
 * A book only grows at its end, so a report as of a position or an instant that has passed is the
 * one that would have been made then, to the byte.
 */
import {
  endOfDay,
  type Instant,
  isCalendarDate,
  type Ledger,
  type RecordedEvent,
} from "@tallystick/core";

export interface AsOfPair {
  /** A position, or an instant. Default: everything that is recorded. */
  readonly known?: number | Instant | undefined;
  /** An instant, or a date, which means its end in the time zone. Default: whenever it was true. */
  readonly effective?: string | undefined;
  /** What ends a day, and says on which day an instant falls: that of the ledger, `ledger.timeZone`. */
  readonly timeZone: string;
}

/** The last event that a report rests on; undefined where there is none. */
export interface Known {
  readonly position: number;
  readonly recordedAt: Instant;
}

/** What has been read of a book so far. */
export type EventSource = Pick<Ledger, "events">;

/** Whether an event had been recorded by then. */
export const isKnown = (
  { position, recordedAt }: RecordedEvent,
  { known }: Pick<AsOfPair, "known">,
): boolean =>
  known === undefined || (typeof known === "number" ? position <= known : recordedAt <= known);

/** The events that were known, by position. Reading stops at the first one that was not. */
export async function* knownEvents(
  source: EventSource,
  asOf: Pick<AsOfPair, "known">,
): AsyncGenerator<RecordedEvent, void, undefined> {
  for await (const event of source.events()) {
    // Positions rise and the recording clock never goes backwards.
    if (!isKnown(event, asOf)) return;
    yield event;
  }
}

/** The last instant that counts; undefined where there is no bound. */
export const effectiveUntil = ({
  effective,
  timeZone,
}: Pick<AsOfPair, "effective" | "timeZone">): Instant | undefined =>
  effective !== undefined && isCalendarDate(effective) ? endOfDay(effective, timeZone) : effective;

/** The events of one object that count as of then. */
export async function* countedEvents(
  events: AsyncIterable<RecordedEvent>,
  asOf: AsOfPair,
): AsyncGenerator<RecordedEvent, void, undefined> {
  const until = effectiveUntil(asOf);
  for await (const event of events)
    if (isKnown(event, asOf) && (until === undefined || event.effectiveAt <= until)) yield event;
}
