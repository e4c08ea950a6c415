/** Drafts that wait for their group: those that arrive while one is being written form the next. */
import type { RecordedCommit } from "@tallystick/core";
import type { DraftCopy } from "./draft-copy.ts";
import type { Turns } from "./turns.ts";

/** A group is written at once, so both bounds keep a write and its memory small. */
export const groupMax = 1024;
export const groupBytesMax: number = 16 * 1024 * 1024;

export interface Waiting extends DraftCopy {
  readonly resolve: (commit: RecordedCommit) => void;
  readonly reject: (error: unknown) => void;
}

export class GroupQueue {
  readonly #writes: Turns;
  readonly #write: (queue: Waiting[]) => Promise<void>;
  readonly #waiting: Waiting[] = [];
  #scheduled = false;

  /** `write` takes a group off the queue, in order, and settles every draft that it takes, whatever happens. */
  constructor(writes: Turns, write: (queue: Waiting[]) => Promise<void>) {
    this.#writes = writes;
    this.#write = write;
  }

  add(copy: DraftCopy): Promise<RecordedCommit> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...copy, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when every draft added so far is settled. */
  async drained(): Promise<void> {
    do await this.#writes.idle();
    while (this.#waiting.length > 0);
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    void this.#writes.take(async () => {
      this.#scheduled = false;
      await this.#write(this.#waiting);
      this.#schedule();
    });
  }
}
