/**
 * Group commit: drafts that arrive while a group is being written wait and are written together,
 * in one turn of the journal. Each is judged in the order of arrival against what is durable and
 * what its group is about to write, and succeeds or fails alone.
 *
 * Every answer waits for the group's end: who is told that a key is taken can read who took it.
 */
import { instantOfMs, type RecordedCommit, recordCommit } from "@tallystick/core";
import type { DraftCopy } from "./draft-copy.ts";
import { GroupQueue, groupBytesMax, groupMax, type Waiting } from "./group-queue.ts";
import type { Entry, Journal, WriteTurn } from "./journal.ts";
import { refusalOf, StagedGroup } from "./judge.ts";

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
  readonly #journal: Journal;
  readonly #queue: GroupQueue;

  constructor(journal: Journal) {
    this.#journal = journal;
    this.#queue = new GroupQueue(journal.writes, (waiting) => this.#write(waiting));
  }

  add(copy: DraftCopy): Promise<RecordedCommit> {
    return this.#queue.add(copy);
  }

  drained(): Promise<void> {
    return this.#queue.drained();
  }

  async #write(queue: Waiting[]): Promise<void> {
    let turn: WriteTurn;
    try {
      turn = await this.#journal.begin();
    } catch (error) {
      for (const waiting of queue.splice(0)) waiting.reject(error);
      return;
    }
    const { staged, refused } = judge(this.#journal, turn, queue);
    try {
      if (staged.length > 0) await turn.write(staged);
      else turn.abandon();
    } catch (error) {
      for (const { waiting } of staged) waiting.reject(error);
      // Some were refused for what the group did not get written after all.
      for (const { waiting } of refused) waiting.reject(refusalAfter(turn, waiting) ?? error);
      return;
    }
    for (const { waiting, commit } of staged) waiting.resolve(commit);
    for (const { waiting, error } of refused) waiting.reject(error);
  }
}

const refusalAfter = ({ known }: WriteTurn, { draft, claims }: Waiting): unknown => {
  try {
    return refusalOf(known, draft, claims);
  } catch (error) {
    return error;
  }
};

/** Takes the next group off the queue and says what becomes of each draft if it can be written. */
const judge = (
  { host, name }: Pick<Journal, "host" | "name">,
  turn: WriteTurn,
  queue: Waiting[],
): Judged => {
  const group = new StagedGroup(turn.known);
  const staged: Staged[] = [];
  const refused: Refused[] = [];
  let bytes = 0;
  let taken = 0;
  for (const waiting of queue) {
    if (taken === groupMax || bytes >= groupBytesMax) break;
    taken += 1;
    try {
      const { draft, claims } = waiting;
      const refusal = refusalOf(group, draft, claims);
      if (refusal !== undefined) throw refusal;
      const commit = recordCommit(host.sha256, group.head, draft, instantOfMs(host.now(name)));
      bytes += turn.sizeOf(commit);
      group.stage(commit, claims);
      staged.push({ waiting, commit, claims });
    } catch (error) {
      refused.push({ waiting, error });
    }
  }
  queue.splice(0, taken);
  return { staged, refused };
};
