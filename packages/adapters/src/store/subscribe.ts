/** A subscription over any book: what is there, then what comes, until somebody ends it. */
import type { RecordedCommit } from "@tallystick/core";
import type { Bell, Signal } from "./bell.ts";

/** A part of a book: commits strictly after `after`, up to and with `upTo`. */
export interface CommitRange {
  readonly after: number;
  readonly upTo: number;
}

/** What a subscription asks of a book. */
export interface Followed {
  /** Rings when commits may have become durable, and when the store closes. */
  readonly news: Bell;
  /** The commits whose last event lies after a position, up to the head; undefined while there is no book. */
  commitsAfter(position: number): Promise<CommitRange | undefined>;
  commitsIn(range: CommitRange): AsyncIterable<readonly RecordedCommit[]>;
}

/** Woken by the book's bell, never by a timer. `ended` says whether the store has closed. */
export async function* subscribe(
  enter: () => Followed,
  ended: () => boolean,
  {
    afterPosition = 0,
    signal,
  }: { readonly afterPosition?: number; readonly signal?: Signal | undefined },
): AsyncGenerator<RecordedCommit, void, undefined> {
  const book = enter();
  const over = (): boolean => ended() || signal?.aborted === true;
  let seen: number | undefined;
  while (!over()) {
    // Counted before looking: what becomes durable after the look has rung the bell since.
    const { rings } = book.news;
    try {
      const range = await book.commitsAfter(afterPosition);
      if (range !== undefined) {
        seen = Math.max(seen ?? 0, range.after);
        if (seen < range.upTo)
          for await (const batch of book.commitsIn({ after: seen, upTo: range.upTo }))
            for (const commit of batch) {
              if (over()) return;
              seen = commit.number;
              if (
                commit.firstPosition + commit.events.length - 1 > afterPosition &&
                commit.events.length > 0
              )
                yield commit;
            }
      }
    } catch (error) {
      if (over()) return;
      throw error;
    }
    await book.news.after(rings, signal);
  }
}
