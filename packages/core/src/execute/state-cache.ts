/**
 * States of streams that were needed lately, frozen, the least recently used ones dropped. A cached
 * state is a fold of whole commits and nothing else; whether it is still the newest is for the reader
 * to ask where other processes can write.
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
  readonly #states = new Map<StreamId, CachedState>();

  /** `size` is the most streams that are kept. */
  constructor(size: number) {
    this.#size = size;
  }

  get(streamId: StreamId): CachedState | undefined {
    const cached = this.#states.get(streamId);
    if (cached === undefined) return undefined;
    this.#states.delete(streamId);
    this.#states.set(streamId, cached);
    return cached;
  }

  /** Keeps the newer of what is here and what is handed in, which nobody may change any more. */
  put(streamId: StreamId, cached: CachedState): void {
    const known = this.get(streamId);
    if (known !== undefined && known.revision >= cached.revision) return;
    frozen(cached.state);
    this.#states.set(streamId, cached);
    if (this.#states.size <= this.#size) return;
    for (const oldest of this.#states.keys()) {
      this.#states.delete(oldest);
      return;
    }
  }
}
