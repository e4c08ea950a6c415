/**
 * What the newest commits put into the indexes, kept in memory until it is written to the index
 * tables in bulk and in order. An index entry is a random place in a large table: one by one, each
 * dirties a page of its own; thousands at once, sorted, share them.
 *
 * Nothing depends on this memory: it is made again from the commits behind the mark up to which the
 * tables are known to be complete.
 */
import type { StreamId } from "@tallystick/core";

/** Of one commit, what it puts into the indexes. */
export interface IndexedCommit {
  readonly number: number;
  readonly outcomeHash: number | undefined;
  readonly claims: readonly { readonly hash: number; readonly place: number }[];
  readonly events: readonly {
    readonly streamId: StreamId;
    readonly revision: number;
    readonly place: number;
    readonly id: string;
  }[];
}

/** The places of a stream's newest events; the n-th is that of revision `first + n`. */
interface RecentStream {
  readonly first: number;
  readonly places: number[];
  lastEventId: string;
}

/** Where a stream ends. */
export interface StreamEnd {
  readonly revision: number;
  readonly eventId: string;
}

const none: readonly number[] = [];

const push = (map: Map<number, number[]>, key: number, value: number): void => {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
};

export class Recent {
  readonly #streams = new Map<StreamId, RecentStream>();
  readonly #claims = new Map<number, number[]>();
  readonly #outcomes = new Map<number, number[]>();
  /** How many commits it holds. */
  commits = 0;
  /** The last of them; 0 where it holds none. */
  upTo = 0;

  add({ number, outcomeHash, claims, events }: IndexedCommit): void {
    this.commits += 1;
    this.upTo = number;
    if (outcomeHash !== undefined) push(this.#outcomes, outcomeHash, number);
    for (const { hash, place } of claims) push(this.#claims, hash, place);
    for (const { streamId, revision, place, id } of events) {
      const known = this.#streams.get(streamId);
      if (known === undefined)
        this.#streams.set(streamId, { first: revision, places: [place], lastEventId: id });
      else {
        known.places.push(place);
        known.lastEventId = id;
      }
    }
  }

  stream(streamId: StreamId): RecentStream | undefined {
    return this.#streams.get(streamId);
  }

  claimPlaces(hash: number): readonly number[] {
    return this.#claims.get(hash) ?? none;
  }

  /** Places of the claims whose hash lies in a range; walks all of them. */
  *claimsIn(from: number, upTo: number): Iterable<number> {
    for (const [hash, places] of this.#claims) if (hash >= from && hash <= upTo) yield* places;
  }

  /** Numbers of commits. */
  outcomeCommits(hash: number): readonly number[] {
    return this.#outcomes.get(hash) ?? none;
  }

  /** Everything, in the order of the index tables. `base` makes places out of commit numbers. */
  entries(base: number, streamHash: (streamId: StreamId) => number): IndexEntries {
    const streams: [number, number, number][] = [];
    for (const [streamId, { first, places }] of this.#streams) {
      const hash = streamHash(streamId);
      for (const [index, place] of places.entries()) streams.push([hash, first + index, place]);
    }
    const pairs = (map: ReadonlyMap<number, readonly number[]>, offset: number) =>
      [...map].flatMap(([hash, values]) =>
        values.map((value): [number, number] => [hash, offset + value]),
      );
    return {
      streams: streams.sort(([a, aRevision], [b, bRevision]) => a - b || aRevision - bRevision),
      claims: pairs(this.#claims, 0).sort(([a], [b]) => a - b),
      outcomes: pairs(this.#outcomes, base).sort(([a], [b]) => a - b),
    };
  }

  end(streamId: StreamId): StreamEnd | undefined {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return undefined;
    return { revision: stream.first + stream.places.length - 1, eventId: stream.lastEventId };
  }

  streamIds(): Iterable<StreamId> {
    return this.#streams.keys();
  }
}

/** Rows of the index tables: hash, revision, place; hash, place; hash, place. */
export interface IndexEntries {
  readonly streams: readonly (readonly [number, number, number])[];
  readonly claims: readonly (readonly [number, number])[];
  readonly outcomes: readonly (readonly [number, number])[];
}
