/**
 * States of streams as they once were, for whoever hears an earlier answer again. A state in every
 * few of a long stream is kept, so that a thousand repeats on it fold it once and not a thousand
 * times. What has happened does not change: nothing here is ever asked of the store again.
 */
import { evolve, frozen, initialState, ownCopy } from "../domain/evolve.ts";
import type { StreamState } from "../domain/state.ts";
import type { StreamId } from "../domain/target.ts";
import type { Store } from "../store/store.ts";

/** The least distance between two kept states of a stream, in revisions; a power of two. */
const strideMin = 16;
/** So many states of one fold are kept at the most: the longer the stream, the wider apart. */
const keptPerFold = 256;

const strideOf = (revision: number): number => {
  let stride = strideMin;
  while (stride * keptPerFold < revision) stride *= 2;
  return stride;
};

export class PastStates {
  readonly #store: Store;
  readonly #book: string;
  readonly #size: number;
  /** By stream, the one used longest ago first; of each, states by their revision. */
  readonly #streams = new Map<StreamId, Map<number, StreamState>>();
  #count = 0;

  /** `size` is about how many states are kept. */
  constructor(store: Store, book: string, size: number) {
    this.#store = store;
    this.#book = book;
    this.#size = size;
  }

  /** The state that a stream had at a revision, to be looked at and not changed. */
  async at(streamId: StreamId, upToRevision: number): Promise<StreamState> {
    const [afterRevision, nearest] = this.#nearest(streamId, upToRevision);
    if (afterRevision === upToRevision) return nearest;
    const state = ownCopy(nearest);
    const stride = strideOf(upToRevision);
    const range = { afterRevision, upToRevision };
    for await (const batch of this.#store.readStream(this.#book, streamId, range))
      for (const event of batch) {
        evolve(state, event);
        if (event.revision % stride === 0) this.#keep(streamId, event.revision, state);
      }
    return state;
  }

  #nearest(streamId: StreamId, upToRevision: number): readonly [number, StreamState] {
    const kept = this.#streams.get(streamId);
    let nearest = 0;
    for (const revision of kept?.keys() ?? [])
      if (revision > nearest && revision <= upToRevision) nearest = revision;
    return [nearest, kept?.get(nearest) ?? initialState(streamId)];
  }

  #keep(streamId: StreamId, revision: number, state: StreamState): void {
    // The state of suspense grows with its stream, which is short.
    if (state.kind === "suspense") return;
    const kept = this.#streams.get(streamId) ?? new Map<number, StreamState>();
    this.#streams.delete(streamId);
    this.#streams.set(streamId, kept);
    if (!kept.has(revision)) this.#count += 1;
    kept.set(revision, frozen(ownCopy(state)));
    for (const [other, states] of this.#streams) {
      if (this.#count <= this.#size || other === streamId) return;
      this.#streams.delete(other);
      this.#count -= states.size;
    }
  }
}
