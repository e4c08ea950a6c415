/**
 * Read-model documents in memory: the fold of each stream, and the lists that a query walks. Caught
 * up from the log when a query asks, and not before: who never queries never pays.
 *
 * The states here are private and change in place; what a query gives away is a copy.
 */
import {
  type DocumentKeys,
  type DocumentPage,
  type DocumentQuery,
  documentKeys,
  evolve,
  type Head,
  headAfter,
  InvariantViolation,
  initialState,
  invariant,
  matchesQuery,
  type RecordedCommit,
  type RecordedEvent,
  recordedEvents,
  type StoredDocument,
  type StreamId,
  type StreamState,
} from "@tallystick/core";
import { untrustedFrom } from "../store/damage.ts";
import { Turns } from "../store/turns.ts";
import type { BookIndex } from "./book-index.ts";
import type { CommitLog } from "./commit-log.ts";
import { corruptAt, readCommits } from "./read-commits.ts";

/** One stream's document; `keys` lag behind `state` until the commit is taken in whole. */
interface Entry {
  readonly streamId: StreamId;
  readonly createdPosition: number;
  readonly state: StreamState;
  position: number;
  revision: number;
  keys: DocumentKeys;
}

/** Whose documents a list holds, such as all bills of one customer. None of these ever changes. */
const listNames = ({ kind, externalReference, customerId, accountId }: DocumentKeys): string[] => [
  kind,
  ...(externalReference === undefined ? [] : [`${kind}/reference/${externalReference}`]),
  ...(customerId === undefined ? [] : [`${kind}/customer/${customerId}`]),
  ...(accountId === undefined ? [] : [`${kind}/account/${accountId}`]),
];

/** The shortest list that holds every answer. */
const listFor = ({ kind, externalReference, customerId, accountId }: DocumentQuery): string =>
  externalReference !== undefined
    ? `${kind}/reference/${externalReference}`
    : accountId !== undefined
      ? `${kind}/account/${accountId}`
      : customerId !== undefined
        ? `${kind}/customer/${customerId}`
        : kind;

const copyOf = ({ keys, createdPosition, position, revision, state }: Entry): StoredDocument =>
  structuredClone({ ...keys, createdPosition, position, revision, state });

/** Where the documents created after `position` begin in a list, which is in order of creation. */
const firstAfter = (list: readonly Entry[], position: number): number => {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.createdPosition ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
};

export class DocumentIndex {
  readonly #log: CommitLog;
  readonly #index: BookIndex;
  readonly #genesis: Head;
  readonly #catchingUp: Turns = new Turns();
  #head: Head;
  readonly #entries = new Map<StreamId, Entry>();
  readonly #lists = new Map<string, Entry[]>();

  /** Follows `index`, whose book begins at `genesis`. */
  constructor(log: CommitLog, index: BookIndex, genesis: Head) {
    this.#log = log;
    this.#index = index;
    this.#genesis = genesis;
    this.#head = genesis;
  }

  async query(query: DocumentQuery): Promise<DocumentPage> {
    invariant(
      Number.isInteger(query.limit) && query.limit >= 1,
      `a page holds at least 1 document, not ${query.limit}`,
    );
    await this.#catchingUp.take(() => this.#catchUp(this.#index.head));
    const found: Entry[] = [];
    const candidates = this.#candidates(query);
    const start = firstAfter(candidates, query.afterCreatedPosition ?? 0);
    for (let at = start; at < candidates.length && found.length <= query.limit; at += 1) {
      const entry = candidates[at];
      if (entry !== undefined && matchesQuery(entry.keys, query)) found.push(entry);
    }
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1)?.createdPosition : undefined;
    return {
      documents: page.map(copyOf),
      ...(last === undefined ? {} : { next: last }),
      position: this.#head.position,
    };
  }

  #candidates(query: DocumentQuery): readonly Entry[] {
    if (query.streamId === undefined) return this.#lists.get(listFor(query)) ?? [];
    const entry = this.#entries.get(query.streamId);
    return entry === undefined ? [] : [entry];
  }

  async #catchUp(to: Head): Promise<void> {
    if (this.#head.commit >= to.commit) return;
    const range = { genesis: this.#genesis, after: this.#head.commit, upTo: to.commit };
    for await (const batch of readCommits(this.#log, range))
      for (const commit of batch) this.#add(commit);
  }

  #add(commit: RecordedCommit): void {
    const touched = new Set<Entry>();
    try {
      for (const event of recordedEvents(commit)) touched.add(this.#evolve(event));
    } catch (error) {
      const before = this.#head;
      // Half of the commit is folded in already, so everything is made again the next time.
      this.#forget();
      if (!(error instanceof InvariantViolation)) throw error;
      throw untrustedFrom(corruptAt(this.#log, commit.number, error.message), before);
    }
    for (const entry of touched)
      entry.keys = documentKeys(entry.streamId, entry.state) ?? entry.keys;
    this.#head = headAfter(this.#head.chainId, commit);
  }

  #evolve(event: RecordedEvent): Entry {
    const { streamId, position, revision } = event;
    const known = this.#entries.get(streamId);
    const state = known?.state ?? initialState(streamId);
    evolve(state, event);
    if (known !== undefined) {
      known.position = position;
      known.revision = revision;
      return known;
    }
    const keys = documentKeys(streamId, state);
    invariant(keys !== undefined, `${event.type} left ${streamId} empty`);
    const entry: Entry = { streamId, createdPosition: position, state, position, revision, keys };
    this.#entries.set(streamId, entry);
    for (const name of listNames(keys)) {
      const list = this.#lists.get(name);
      if (list === undefined) this.#lists.set(name, [entry]);
      else list.push(entry);
    }
    return entry;
  }

  #forget(): void {
    this.#head = this.#genesis;
    this.#entries.clear();
    this.#lists.clear();
  }
}
