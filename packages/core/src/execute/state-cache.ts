/**
 * States of streams that were needed lately, frozen. A cached state is a fold of whole commits and
 * nothing else; whether it is still the newest is for the reader to ask where other processes can
 * write.
 *
 * Kept in two halves: what is needed goes to the young one, and once that is full it becomes the old
 * one, whose place it takes. So what was needed lately stays, and a look costs no bookkeeping.
 */
import { frozen } from "../domain/evolve.ts";
import type { StreamState } from "../domain/state.ts";
import type { StreamId } from "../domain/target.ts";

export interface CachedState {
  readonly state: StreamState;
  readonly revision: number;
  /** Of the event at that revision. */
  readonly eventId?: string | undefined;
}

export class StateCache {
  readonly #size: number;
  #young = new Map<StreamId, CachedState>();
  #old = new Map<StreamId, CachedState>();

  /** The last `size` streams that were used are kept, and at most twice as many. */
  constructor(size: number) {
    this.#size = size;
  }

  get(streamId: StreamId): CachedState | undefined {
    const young = this.#young.get(streamId);
    if (young !== undefined) return young;
    const old = this.#old.get(streamId);
    if (old !== undefined) this.#keep(streamId, old);
    return old;
  }

  /** Keeps the newer of what is here and what is handed in, which nobody may change any more. */
  put(streamId: StreamId, cached: CachedState): void {
    const known = this.get(streamId);
    if (known !== undefined && known.revision >= cached.revision) return;
    frozen(cached.state);
    this.#keep(streamId, cached);
  }

  #keep(streamId: StreamId, cached: CachedState): void {
    if (this.#young.size >= this.#size) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(streamId, cached);
  }
}
