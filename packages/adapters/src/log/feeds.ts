/**
 * Everything that a store gives as a feed. Where a feed ends is fixed at the time of the call, a
 * subscription aside; what it gives is read from the log batch by batch and belongs to the reader.
 */
import { setImmediate } from "node:timers/promises";
import {
  type RecordedCommit,
  type RecordedEvent,
  recordedEvents,
  type StreamId,
} from "@tallystick/core";
import type { Book, OpenBook } from "./book.ts";
import type { CommitLog } from "./commit-log.ts";
import { decodeAt, readCommits } from "./read-commits.ts";

/** How many commits of a stream are read at once. */
const batchMax = 256;

/** Whoever iterates meets the error; who never does must not bring the process down with it. */
const calmly = <Plan>(plan: Promise<Plan>): Promise<Plan> => {
  plan.catch(() => undefined);
  return plan;
};

export const readStream = (
  book: Book,
  streamId: StreamId,
  range: { readonly afterRevision?: number; readonly upToRevision?: number },
): AsyncGenerator<readonly RecordedEvent[], void, undefined> => {
  const { afterRevision = 0, upToRevision = Number.MAX_SAFE_INTEGER } = range;
  const plan = book.look(({ log, index }) => ({
    log,
    commits: index.commitsOfStream(streamId, afterRevision, upToRevision),
  }));
  const wanted = (event: RecordedEvent): boolean =>
    event.streamId === streamId && event.revision > afterRevision && event.revision <= upToRevision;
  return eventsOf(calmly(plan), wanted);
};

async function* eventsOf(
  planned: Promise<{ readonly log: CommitLog; readonly commits: readonly number[] } | undefined>,
  wanted: (event: RecordedEvent) => boolean,
): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  const { log, commits } = (await planned) ?? {};
  if (log === undefined || commits === undefined) return;
  for (let at = 0; at < commits.length; at += batchMax) {
    if (at > 0) await setImmediate();
    const numbers = commits.slice(at, at + batchMax);
    const texts = await log.readAt(numbers);
    const events = texts.flatMap((text, index) =>
      recordedEvents(decodeAt(log, numbers[index] ?? 0, text)).filter(wanted),
    );
    yield events;
  }
}

export const readBook = (
  book: Book,
  { afterPosition = 0 }: { readonly afterPosition?: number },
): AsyncGenerator<readonly RecordedEvent[], void, undefined> =>
  eventsAfter(calmly(book.look((opened) => commitsAfter(opened, afterPosition))), afterPosition);

async function* eventsAfter(
  planned: Promise<CommitRange | undefined>,
  afterPosition: number,
): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  const plan = await planned;
  if (plan === undefined || plan.after >= plan.upTo) return;
  for await (const commits of readCommits(plan.log, plan)) {
    const events = commits.flatMap((commit) =>
      recordedEvents(commit).filter(({ position }) => position > afterPosition),
    );
    if (events.length > 0) yield events;
  }
}

type CommitRange = Parameters<typeof readCommits>[1] & {
  readonly log: CommitLog;
  readonly upTo: number;
};

/** The commits whose last event lies after a position, up to the head. */
export const commitsAfter = ({ log, genesis, index }: OpenBook, position: number): CommitRange => ({
  log,
  genesis,
  after: index.commitsUpTo(position),
  upTo: index.head.commit,
});

/** Needs no index, so that it gives what stands before a damage. */
export async function* readAll(
  book: Book,
  range: { readonly after: number; readonly upTo: number | undefined },
): AsyncGenerator<readonly RecordedCommit[], void, undefined> {
  const log = await book.log();
  if (log === undefined) return;
  yield* readCommits(log, { genesis: book.genesis(log.chainId), ...range });
}
