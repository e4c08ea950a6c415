/** From an external reference to its stream. A reference never changes hands, so what was found once is kept. */
import { type ClaimKey, referenceClaim } from "../domain/claims.ts";
import { type EntityKind, type StreamId, streamIdOf } from "../domain/target.ts";
import { looksLikeId } from "../kernel/ids.ts";
import type { Store } from "../store/store.ts";

const namesMax = 50_000;

export class Names {
  readonly #store: Store;
  readonly #book: string;
  readonly #streams = new Map<ClaimKey, StreamId>();

  constructor(store: Store, book: string) {
    this.#store = store;
    this.#book = book;
  }

  async streamOf(claim: ClaimKey): Promise<StreamId | undefined> {
    const known = this.#streams.get(claim);
    if (known !== undefined) return known;
    const [holder] = await this.#store.resolveClaims(this.#book, [claim]);
    if (holder === undefined) return undefined;
    if (this.#streams.size >= namesMax) this.#streams.clear();
    this.#streams.set(claim, holder.streamId);
    return holder.streamId;
  }

  /** The stream of an id, or of a reference that is known; else the name itself, as a place to queue. */
  async laneOf(kind: EntityKind, idOrReference: string): Promise<StreamId> {
    const named = streamIdOf(kind, idOrReference);
    if (looksLikeId(kind, idOrReference)) return named;
    return (await this.streamOf(referenceClaim(kind, idOrReference))) ?? named;
  }
}
