/** What rows of a book amount to: events and whole commits, each checked to stand where it belongs. */
import {
  commitOf,
  eventOf,
  type Head,
  headAfter,
  isDamage,
  LedgerError,
  type RecordedCommit,
  type RecordedEvent,
  type StreamId,
} from "@tallystick/core";
import { misplaced, untrustedFrom } from "./damage.ts";
import { commitValue, eventPlace, eventValue, positionOf, type Row } from "./rows.ts";

/** A part of what is stored, and what is wrong with what follows it. */
export interface Page {
  readonly commits: readonly RecordedCommit[];
  readonly head: Head;
  readonly problem?: LedgerError;
}

export const eventsOfRows = (rows: readonly Row[]): RecordedEvent[] =>
  rows.map((row) => eventOf(eventValue(row), eventPlace(row)));

/** Throws `BOOK_CORRUPT` unless these are the rows of the `wanted` events behind a position. */
export const requireGapless = (
  rows: readonly Row[],
  { after, wanted }: { readonly after: number; readonly wanted: number },
): void => {
  for (const [index, row] of rows.entries())
    if (positionOf(row) !== after + 1 + index) throw missing(after + 1 + index);
  if (rows.length < wanted) throw missing(after + 1 + rows.length);
};

const missing = (position: number): LedgerError =>
  new LedgerError(
    "BOOK_CORRUPT",
    `the event at position ${position} is missing; from there on nothing can be trusted`,
    { detail: { position } },
  );

/**
 * The revision of the last of these events of a stream, which follow the one at `after`. Throws
 * `BOOK_CORRUPT` where one is missing, and where none is there.
 */
export const lastInOrder = (
  streamId: StreamId,
  events: readonly RecordedEvent[],
  after: number,
): number => {
  let last = after;
  for (const { revision } of events) {
    if (revision !== last + 1) break;
    last += 1;
  }
  if (events.length > 0 && last === after + events.length) return last;
  throw new LedgerError(
    "BOOK_CORRUPT",
    `${streamId} should have a revision ${last + 1} and has none`,
    { detail: { streamId, revision: last + 1 } },
  );
};

/** The commits of rows that follow `head`, up to the first one that does not hold. */
export const pageOfRows = (
  rows: readonly Row[],
  eventRows: readonly Row[],
  { head, wanted }: { readonly head: Head; readonly wanted: number },
): Page => {
  const commits: RecordedCommit[] = [];
  let now = head;
  let taken = 0;
  try {
    for (const row of rows) {
      const count = Number(row[2]);
      const own = eventRows.slice(taken, taken + count);
      const commit = commitOf(commitValue(row, own, now.hash), `commit ${positionOf(row)}`);
      const problem = misplaced(now, commit);
      if (problem !== undefined) throw corrupt(problem, now);
      taken += count;
      commits.push(commit);
      now = headAfter(head.chainId, commit);
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { commits, head: now, problem: untrustedFrom(error, now) };
  }
  if (rows.length >= wanted) return { commits, head: now };
  const gap = corrupt(`commit ${now.commit + 1} is missing`, now);
  return { commits, head: now, problem: untrustedFrom(gap, now) };
};

const corrupt = (problem: string, { commit }: Head): LedgerError =>
  new LedgerError("BOOK_CORRUPT", problem, { detail: { commit: commit + 1 } });
