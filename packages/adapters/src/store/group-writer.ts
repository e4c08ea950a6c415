/**
 * Group commit: drafts that arrive while a group is being written wait and are written together,
 * by one append of the log. Each is judged in the order of arrival against what is durable and what
 * its group is about to write, and succeeds or fails alone.
 *
 * Every answer waits for the group's end: who is told that a key is taken can read who took it.
 */
import {
  encodeCommit,
  type Host,
  instantOfMs,
  type RecordedCommit,
  recordCommit,
} from "@tallystick/core";
import type { Book, Entry, OpenBook } from "./book.ts";
import type { BookIndex } from "./book-index.ts";
import { freshChainId } from "./chain-id.ts";
import type { DraftCopy } from "./draft-copy.ts";
import { type Known, refusalOf, StagedGroup } from "./judge.ts";

/** A group is written at once, so both bounds keep a write and its memory small. */
const groupMax = 1024;
const groupCharactersMax = 16 * 1024 * 1024;

interface Waiting extends DraftCopy {
  readonly resolve: (commit: RecordedCommit) => void;
  readonly reject: (error: unknown) => void;
}

interface Staged extends Entry {
  readonly waiting: Waiting;
}

interface Refused {
  readonly waiting: Waiting;
  readonly error: unknown;
}

interface Judged {
  readonly staged: readonly Staged[];
  readonly refused: readonly Refused[];
}

export class GroupWriter {
  readonly #book: Book;
  readonly #waiting: Waiting[] = [];
  #scheduled = false;

  constructor(book: Book) {
    this.#book = book;
  }

  add(copy: DraftCopy): Promise<RecordedCommit> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...copy, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when every draft added so far is settled. */
  async drained(): Promise<void> {
    do await this.#book.writes.idle();
    while (this.#waiting.length > 0);
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    void this.#book.writes.take(async () => {
      this.#scheduled = false;
      await this.#write();
      this.#schedule();
    });
  }

  /** Settles every draft that it takes off the queue, whatever happens. */
  async #write(): Promise<void> {
    const { host } = this.#book;
    let opened: OpenBook | undefined;
    let index: BookIndex;
    try {
      opened = await this.#book.opened();
      index = opened?.index ?? this.#book.unbegun(freshChainId(host));
    } catch (error) {
      for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
      return;
    }
    const { staged, refused } = judge(host, index, this.#waiting);
    try {
      if (staged.length > 0) await this.#book.write(opened, index, staged);
    } catch (error) {
      for (const { waiting } of staged) waiting.reject(error);
      // Some were refused for what the group did not get written after all.
      for (const { waiting } of refused)
        waiting.reject(refusalOf(index, waiting.draft, waiting.claims) ?? error);
      return;
    }
    for (const { waiting, commit } of staged) waiting.resolve(commit);
    for (const { waiting, error } of refused) waiting.reject(error);
  }
}

/** Takes the next group off the queue and says what becomes of each draft if it can be written. */
const judge = (host: Host, known: Known, queue: Waiting[]): Judged => {
  const group = new StagedGroup(known);
  const staged: Staged[] = [];
  const refused: Refused[] = [];
  let characters = 0;
  let taken = 0;
  for (const waiting of queue) {
    if (taken === groupMax || characters >= groupCharactersMax) break;
    taken += 1;
    try {
      const refusal = refusalOf(group, waiting.draft, waiting.claims);
      if (refusal !== undefined) throw refusal;
      const commit = recordCommit(host.sha256, group.head, waiting.draft, instantOfMs(host.now()));
      const text = encodeCommit(commit);
      group.stage(commit, waiting.claims);
      staged.push({ waiting, commit, claims: waiting.claims, text });
      characters += text.length;
    } catch (error) {
      refused.push({ waiting, error });
    }
  }
  queue.splice(0, taken);
  return { staged, refused };
};
