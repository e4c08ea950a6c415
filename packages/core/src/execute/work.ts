/**
 * What a batch of commands sees: the book as it is, and on top of it what the commands before have
 * decided. Each command is decided on the state that the one before it leaves, so a thousand of them
 * on one customer cost one load and one write.
 *
 * A work is first *hopeful*: it takes unique keys for free without asking, because the store checks
 * them again when it writes. Whatever writes nothing, and whatever failed, is decided on a *certain*
 * work, which asks the store about everything.
 */
import { type ClaimKey, claimsOf, referenceClaim } from "../domain/claims.ts";
import { evolve, initialState, ownCopy } from "../domain/evolve.ts";
import type { PlannedEvent } from "../domain/planned.ts";
import type {
  AcceptanceStream,
  EntityStream,
  StreamState,
  SuspenseStream,
} from "../domain/state.ts";
import { type EntityKind, type StreamId, streamIdOf } from "../domain/target.ts";
import { LedgerError } from "../kernel/errors.ts";
import { looksLikeId } from "../kernel/ids.ts";
import { type Instant, instantOfMs } from "../kernel/instant.ts";
import { invariant } from "../kernel/invariant.ts";
import type { Basis, RecordedEvent } from "../store/commit.ts";
import type { ClaimHolder, Store } from "../store/store.ts";
import type { PlacedPlan } from "./draft.ts";
import type { Names } from "./names.ts";
import type { CachedState, StateCache } from "./state-cache.ts";

/** Thrown when a decision depends on what is not certain yet: it is made again on what is. */
export class Undecided extends Error {}

/** A state with what its stream holds behind it. */
const readOn = async (
  store: Store,
  book: string,
  streamId: StreamId,
  { state, revision, eventId }: CachedState,
): Promise<CachedState> => {
  const next = { state: ownCopy(state), revision, eventId };
  for await (const batch of store.readStream(book, streamId, { afterRevision: revision })) {
    for (const event of batch) evolve(next.state, event);
    next.revision += batch.length;
    next.eventId = batch.at(-1)?.id ?? next.eventId;
  }
  return next;
};

/** The committed state of a stream: the newest where that has to be certain, else a cached one will do. */
export const currentState = async (
  store: Store,
  book: string,
  cache: StateCache,
  streamId: StreamId,
  certain: boolean,
): Promise<CachedState> => {
  const cached = cache.get(streamId);
  if (cached !== undefined) {
    if (!certain) return cached;
    const [revision] = await store.revisions(book, [streamId]);
    if (revision === cached.revision) return cached;
  }
  const begin = cached ?? { state: initialState(streamId), revision: 0 };
  const loaded = await readOn(store, book, streamId, begin);
  // That a stream does not exist is worth nothing in a second; that it does is.
  if (loaded.revision > 0) cache.put(streamId, loaded);
  return loaded;
};

/** The event at a revision of a stream, which a claim or an outcome says is there. */
export const eventAt = async (
  store: Store,
  book: string,
  { streamId, revision }: ClaimHolder,
): Promise<RecordedEvent> => {
  const range = { afterRevision: revision - 1, upToRevision: revision };
  for await (const [event] of store.readStream(book, streamId, range))
    if (event !== undefined) return event;
  throw new LedgerError(
    "BOOK_CORRUPT",
    `${streamId} should have a revision ${revision} and has none`,
    {
      detail: { streamId, revision },
    },
  );
};

/** A state of its own, that the commands of the batch change one after the other. */
interface Working {
  readonly state: StreamState;
  revision: number;
  eventId: string | undefined;
}

/** Planned events at their places, and what must not have changed for them to be written. */
export interface Placed {
  readonly placed: readonly PlacedPlan[];
  readonly bases: readonly Basis[];
}

export class Work {
  #certain = true;
  readonly #store: Store;
  readonly #book: string;
  readonly #cache: StateCache;
  readonly #names: Names;
  readonly #nextEventId: () => string;
  readonly #streams = new Map<StreamId, Working>();
  readonly #claims = new Map<ClaimKey, ClaimHolder>();
  /** Streams that the command in hand has looked at, or was told about by a claim of this batch. */
  readonly #seen = new Set<StreamId>();
  /** Streams that the decision in hand rests on, though it may write nothing to them. */
  readonly #rested = new Set<StreamId>();
  /** The revision that each stream on top of which something is planned has in the store. */
  readonly #written = new Map<StreamId, number>();
  readonly #keys = new Set<string>();
  /** A plan broke off half-way: what lies on top belongs to nobody. */
  #torn = false;

  constructor(
    store: Store,
    book: string,
    cache: StateCache,
    names: Names,
    nextEventId: () => string,
  ) {
    this.#names = names;
    this.#nextEventId = nextEventId;
    this.#store = store;
    this.#book = book;
    this.#cache = cache;
  }

  get certain(): boolean {
    return this.#certain;
  }

  /** Begins with the next command. A work that was certain may go on hopefully, never the other way. */
  next(certain: boolean): void {
    invariant(this.#certain || !certain, "a hopeful work cannot become certain");
    this.#certain = certain;
    this.#seen.clear();
    this.#rested.clear();
  }

  /** The decision holds only for this state of a stream that has been looked at. */
  restOn(streamId: StreamId): void {
    this.#rested.add(streamId);
  }

  /** Now, as an instant, by the host's clock. */
  now(): Instant {
    return instantOfMs(this.#store.host.now(this.#book));
  }

  /** For decisions that a hopeful work could get wrong in a way that the store would not notice. */
  needCertainty(): void {
    if (!this.#certain) throw new Undecided("certainty");
  }

  /** The state and revision of a stream; what is handed out changes with the work, so copy what is kept. */
  async stream(
    streamId: StreamId,
  ): Promise<{ readonly state: StreamState; readonly revision: number }> {
    return this.#look(streamId);
  }

  async #look(streamId: StreamId): Promise<Working> {
    this.#seen.add(streamId);
    return this.#streams.get(streamId) ?? (await this.#load(streamId));
  }

  async #load(streamId: StreamId): Promise<Working> {
    const { state, revision, eventId } = await currentState(
      this.#store,
      this.#book,
      this.#cache,
      streamId,
      this.#certain,
    );
    const working = { state: ownCopy(state), revision, eventId };
    this.#streams.set(streamId, working);
    return working;
  }

  async entity(streamId: StreamId): Promise<EntityStream["entity"]> {
    const { state } = await this.stream(streamId);
    invariant(
      state.kind !== "suspense" && state.kind !== "acceptance",
      () => `${streamId} is no entity`,
    );
    return state.entity;
  }

  async suspense(paymentId: string): Promise<SuspenseStream> {
    const { state } = await this.stream(streamIdOf("suspense", paymentId));
    invariant(state.kind === "suspense", () => `suspense/${paymentId} is no suspense`);
    return state;
  }

  /** What was accepted last on the stream of a claim; it is no older than the claim. */
  async acceptance({
    streamId,
    revision: claimed,
  }: ClaimHolder): Promise<AcceptanceStream["acceptance"]> {
    const { state, revision } = await this.stream(streamId);
    if (revision < claimed) throw new Undecided(streamId);
    invariant(state.kind === "acceptance", () => `${streamId} is no acceptance`);
    return state.acceptance;
  }

  /** The stream that an id or a reference names; undefined where nothing answers to it. */
  async resolve(kind: EntityKind, idOrReference: string): Promise<StreamId | undefined> {
    if (looksLikeId(kind, idOrReference)) {
      const streamId = streamIdOf(kind, idOrReference);
      return (await this.stream(streamId)).revision > 0 ? streamId : undefined;
    }
    const claim = referenceClaim(kind, idOrReference);
    return this.#ownHolder(claim)?.streamId ?? this.#names.streamOf(claim);
  }

  /** Who holds a claim; a hopeful work takes it for free unless this batch took it. */
  async holder(key: ClaimKey): Promise<ClaimHolder | undefined> {
    if (this.#certain) return (await this.certainHolders([key]))[0];
    if (this.#claims.has(key)) throw new Undecided(key);
    return undefined;
  }

  /** Who holds each claim, in this batch or in the store. */
  async certainHolders(keys: readonly ClaimKey[]): Promise<readonly (ClaimHolder | undefined)[]> {
    const stored = await this.#store.resolveClaims(this.#book, keys);
    return keys.map((key, index) => this.#ownHolder(key) ?? this.#fitting(stored[index]));
  }

  /** Who holds a claim in this batch; what is decided on it stands or falls with who takes it. */
  #ownHolder(key: ClaimKey): ClaimHolder | undefined {
    const holder = this.#claims.get(key);
    if (holder !== undefined) this.#seen.add(holder.streamId);
    return holder;
  }

  /** A stored claim that is newer than the state we hold of its stream shows that state to be old. */
  #fitting(holder: ClaimHolder | undefined): ClaimHolder | undefined {
    if (holder === undefined) return undefined;
    const known = this.#streams.get(holder.streamId);
    if (known !== undefined && known.revision < holder.revision)
      throw new Undecided(holder.streamId);
    return holder;
  }

  /** Every claim on a payment: where it was applied, where it lies in suspense. */
  async paymentClaims(paymentId: string): Promise<readonly ClaimHolder[]> {
    for (const key of this.#claims.keys())
      if (key.startsWith(`payment/${paymentId}/`) || key.startsWith(`applied/${paymentId}/`))
        throw new Undecided(paymentId);
    const holders = await this.#store.paymentClaims(this.#book, paymentId);
    for (const holder of holders) this.#fitting(holder);
    return holders;
  }

  /** The event at a revision of a stream, as it was recorded. */
  async eventAt({ streamId, revision }: ClaimHolder): Promise<RecordedEvent> {
    if (revision > (this.#written.get(streamId) ?? revision)) throw new Undecided(streamId);
    return eventAt(this.#store, this.#book, { streamId, revision });
  }

  /** The events of a stream that answer to a description, in order; all of it must be durable. */
  async eventsOf(
    streamId: StreamId,
    describes: (event: RecordedEvent) => boolean,
  ): Promise<RecordedEvent[]> {
    if (this.#written.has(streamId)) throw new Undecided(streamId);
    const events: RecordedEvent[] = [];
    for await (const batch of this.#store.readStream(this.#book, streamId))
      events.push(...batch.filter(describes));
    return events;
  }

  /**
   * Throws `Undecided` where a stream that was looked at has moved on in the store: looks at several
   * streams and claims, one after the other, may add up to a book that never was.
   */
  async confirm(): Promise<void> {
    const seen = [...this.#seen].filter((streamId) => !this.#written.has(streamId));
    const revisions = await this.#store.revisions(this.#book, seen);
    for (const [index, streamId] of seen.entries())
      if (revisions[index] !== this.#streams.get(streamId)?.revision) throw new Undecided(streamId);
  }

  /** Takes an idempotency key; two commands of one batch never share one. */
  takeKey(key: string): void {
    if (this.#keys.has(key)) throw new Undecided(key);
    this.#keys.add(key);
  }

  /**
   * Puts planned events on top, in order, and says where each will stand and on what it rests: the
   * streams that it changes, and those looked at on top of which this batch has planned something,
   * which may still fail.
   */
  async plan(
    planned: readonly { readonly streamId: StreamId; readonly event: PlannedEvent }[],
  ): Promise<Placed> {
    const now = this.now();
    const changed = new Set(planned.map((each) => each.streamId));
    for (const streamId of changed) {
      if (this.#seen.has(streamId)) continue;
      // Nobody looked because it is not there; if it is, it came after what was looked at.
      const { revision } = await this.#look(streamId);
      if (revision > 0) throw new Undecided(streamId);
    }
    const bases = [...this.#seen].flatMap((streamId) => {
      const rests =
        changed.has(streamId) || this.#written.has(streamId) || this.#rested.has(streamId);
      return rests ? [this.#basis(streamId)] : [];
    });
    const placed: PlacedPlan[] = [];
    this.#torn = true;
    for (const { streamId, event } of planned) {
      const working = this.#known(streamId);
      if (!this.#written.has(streamId)) this.#written.set(streamId, working.revision);
      working.revision += 1;
      working.eventId = this.#nextEventId();
      evolve(working.state, { ...event, effectiveAt: event.effectiveAt ?? now });
      for (const key of claimsOf(streamId, event))
        this.#claims.set(key, { streamId, revision: working.revision });
      placed.push({ streamId, revision: working.revision, id: working.eventId, event });
    }
    this.#torn = false;
    return { placed, bases };
  }

  #basis(streamId: StreamId): Basis {
    const { revision, eventId } = this.#known(streamId);
    return { streamId, revision, ...(eventId === undefined ? {} : { eventId }) };
  }

  #known(streamId: StreamId): Working {
    const known = this.#streams.get(streamId);
    invariant(known !== undefined, () => `${streamId} was seen and is not there`);
    return known;
  }

  /** Everything planned is durable: the states become what everybody sees. */
  publish(): void {
    if (this.#torn) {
      this.discard();
      return;
    }
    for (const [streamId, working] of this.#streams)
      if (working.revision > 0) this.#cache.put(streamId, working);
    this.#streams.clear();
  }

  /** Something planned was not written: nothing of this work may be believed. What is cached is written. */
  discard(): void {
    this.#streams.clear();
  }
}
