/**
 * What is known of a book's durable commits: the index tables, and over them what the newest commits
 * have not put there yet. Writing to the tables is done in slices, a few rows with every group, so
 * that no group pays for all of them.
 *
 * Every answer is of one file at one time: the caller holds the lock or a snapshot.
 */
import {
  type ClaimKey,
  claimsOf,
  commitClaims,
  eventOf,
  type Head,
  headAfter,
  type RecordedCommit,
  type StreamId,
  type TakenClaim,
} from "@tallystick/core";
import type { Known } from "../store/judge.ts";
import { eventPlace, eventValue, placesPerBook, type Row } from "../store/rows.ts";
import { eventColumnsOf } from "./columns.ts";
import type { Connection } from "./connection.ts";
import { claimHash, keyHash, paymentHashes } from "./key-hash.ts";
import { type IndexEntries, Recent, type StreamEnd } from "./recent.ts";

/** Rows written with each group, and more for each of its commits: faster than new ones come. */
const sliceMin = 64;
const rowsPerCommit = 12;
/** Rows written in one turn where there is no group. */
const sliceMax = 4096;
/** Ends of streams that are not among the recent ones. */
const endsMax = 50_000;

/** What a claim's holder is, and the claim. */
export interface HeldClaim {
  readonly key: ClaimKey;
  readonly streamId: StreamId;
  readonly revision: number;
}

/** The older recent commits on their way into the tables. */
interface Merging {
  readonly recent: Recent;
  readonly entries: IndexEntries;
  /** How many entries are written, over the three lists. */
  done: number;
}

const sql = {
  streamEnd: `SELECT s.revision, e.id FROM stream_places s JOIN events e ON e.place = s.place
    WHERE s.hash = ? AND s.place BETWEEN ? AND ? AND e.stream = ? ORDER BY s.revision DESC LIMIT 1`,
  streamEvents: `SELECT ${eventColumnsOf("e")} FROM stream_places s
    JOIN events e ON e.place = s.place
    WHERE s.hash = ? AND s.revision > ? AND s.revision <= ? AND s.place BETWEEN ? AND ?
      AND e.stream = ? ORDER BY s.revision LIMIT ?`,
  claimPlaces: "SELECT place FROM claim_places WHERE hash BETWEEN ? AND ?",
  outcomePlaces: "SELECT place FROM outcome_places WHERE hash = ?",
  outcomeKey: `SELECT coalesce(nullif(c.outcome_key, ''), e.idempotency_key) FROM commits c
    LEFT JOIN events e ON e.place = ? + c.first_position WHERE c.place = ?`,
  event: `SELECT ${eventColumnsOf("events")} FROM events WHERE place = ?`,
  addStream: "INSERT OR IGNORE INTO stream_places VALUES (?, ?, ?)",
  addClaim: "INSERT OR IGNORE INTO claim_places VALUES (?, ?)",
  addOutcome: "INSERT OR IGNORE INTO outcome_places VALUES (?, ?)",
  indexedCommit: "SELECT indexed_commit FROM books WHERE id = ?",
  setIndexedCommit: "UPDATE books SET indexed_commit = max(indexed_commit, ?) WHERE id = ?",
};

/** The statements of the hot paths, for a test to ask for their query plans. */
export const indexStatements: Readonly<Record<string, string>> = sql;

export class BookIndex implements Known {
  readonly base: number;
  readonly #connection: Connection;
  readonly #id: number;
  readonly #seed: number;
  /** Once so many commits are not in the tables, they begin to be written there. */
  readonly #recentMax: number;
  #head: Head;
  #recent = new Recent();
  #merging: Merging | undefined;
  readonly #ends = new Map<StreamId, StreamEnd>();

  /** `head` is where the tables are complete. */
  constructor(
    connection: Connection,
    book: { readonly id: number; readonly seed: number; readonly recentMax: number },
    head: Head,
  ) {
    this.#connection = connection;
    this.#id = book.id;
    this.#seed = book.seed;
    this.#recentMax = book.recentMax;
    this.base = book.id * placesPerBook;
    this.#head = head;
  }

  get head(): Head {
    return this.#head;
  }

  revision(streamId: StreamId): number {
    return this.#end(streamId)?.revision ?? 0;
  }

  lastEventId(streamId: StreamId): string | undefined {
    return this.#end(streamId)?.eventId;
  }

  #end(streamId: StreamId): StreamEnd | undefined {
    for (const recent of this.#layers()) {
      const end = recent.end(streamId);
      if (end !== undefined) return end;
    }
    const known = this.#ends.get(streamId);
    if (known !== undefined) return known;
    const row = this.#statement(sql.streamEnd).get(
      keyHash(this.#seed, streamId),
      this.base,
      this.base + placesPerBook - 1,
      streamId,
    );
    if (row === undefined) return undefined;
    const end = { revision: Number(row[0]), eventId: String(row[1]) };
    this.#remember(streamId, end);
    return end;
  }

  holdsClaim(key: ClaimKey): boolean {
    return this.claimHolder(key) !== undefined;
  }

  claimHolder(key: ClaimKey): HeldClaim | undefined {
    const hash = claimHash(this.#seed, key);
    for (const held of this.#held(hash, hash)) if (held.key === key) return held;
    return undefined;
  }

  /** Who holds claims on a payment, sorted by the claim. */
  paymentClaims(paymentId: string): HeldClaim[] {
    const forms = [`payment/${paymentId}/`, `applied/${paymentId}/`];
    return [...this.#held(...paymentHashes(this.#seed, paymentId))]
      .filter(({ key }) => forms.some((form) => key.startsWith(form)))
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  }

  /** Every claim whose hash lies in the range. */
  *#held(from: number, upTo: number): Iterable<HeldClaim> {
    const places = new Set<number>();
    if (from === upTo)
      for (const recent of this.#layers())
        for (const place of recent.claimPlaces(from)) places.add(place);
    else
      for (const recent of this.#layers())
        for (const place of recent.claimsIn(from, upTo)) places.add(place);
    for (const [place] of this.#statement(sql.claimPlaces).all(from, upTo))
      if (this.#isOwn(place)) places.add(Number(place));
    for (const place of places) {
      const event = this.#event(place);
      for (const key of claimsOf(event.streamId, event)) {
        const hash = claimHash(this.#seed, key);
        if (hash >= from && hash <= upTo)
          yield { key, streamId: event.streamId, revision: event.revision };
      }
    }
  }

  holdsOutcome(key: string): boolean {
    return this.outcomeCommit(key) !== undefined;
  }

  /** The commit that carries the outcome of this key. */
  outcomeCommit(key: string): number | undefined {
    const hash = keyHash(this.#seed, key);
    const numbers = new Set<number>();
    for (const recent of this.#layers())
      for (const number of recent.outcomeCommits(hash)) numbers.add(number);
    for (const [place] of this.#statement(sql.outcomePlaces).all(hash))
      if (this.#isOwn(place)) numbers.add(Number(place) - this.base);
    for (const number of numbers) {
      const [found] = this.#statement(sql.outcomeKey).get(this.base, this.base + number) ?? [];
      if (found === key) return number;
    }
    return undefined;
  }

  /** Rows of a stream's events, strictly after a revision, ascending, at most `limit`. */
  streamRows(
    streamId: StreamId,
    {
      after,
      upTo,
      limit,
    }: { readonly after: number; readonly upTo: number; readonly limit: number },
  ): Row[] {
    const rows: Row[] = [];
    const layers = this.#layers().reverse();
    const firstRecent = Math.min(
      ...layers.map((recent) => recent.stream(streamId)?.first ?? Number.MAX_SAFE_INTEGER),
    );
    if (after + 1 < firstRecent)
      rows.push(
        ...this.#statement(sql.streamEvents).all(
          keyHash(this.#seed, streamId),
          after,
          Math.min(upTo, firstRecent - 1),
          this.base,
          this.base + placesPerBook - 1,
          streamId,
          limit,
        ),
      );
    for (const recent of layers) {
      const stream = recent.stream(streamId);
      if (stream === undefined) continue;
      const begin = Math.max(0, after + 1 - stream.first);
      for (let at = begin; at < stream.places.length && rows.length < limit; at += 1) {
        if (stream.first + at > upTo) break;
        const row = this.#statement(sql.event).get(stream.places[at] ?? 0);
        if (row !== undefined) rows.push(row);
      }
    }
    return rows;
  }

  /** Takes in a commit that is durable. */
  add(commit: RecordedCommit, claims: readonly TakenClaim[] = commitClaims(commit.events)): void {
    const { outcome, events, firstPosition } = commit;
    const placeOf = new Map<string, number>();
    const indexed = events.map(({ id, streamId, revision }, index) => {
      const place = this.base + firstPosition + index;
      if (claims.length > 0) placeOf.set(`${revision}/${streamId}`, place);
      return { streamId, revision, place, id };
    });
    this.#recent.add({
      number: commit.number,
      outcomeHash: outcome === undefined ? undefined : keyHash(this.#seed, outcome.key),
      claims: claims.map(({ key, streamId, revision }) => ({
        hash: claimHash(this.#seed, key),
        place: placeOf.get(`${revision}/${streamId}`) ?? 0,
      })),
      events: indexed,
    });
    this.#head = headAfter(this.#head.chainId, commit);
  }

  /**
   * Within a transaction: writes some of the recent commits to the tables, as many as a group of so
   * many commits can bear or, where there is no group, a slice. What it gives back is to be called
   * when the transaction is durable.
   */
  merge(commits: number | "slice"): () => void {
    if (
      this.#merging === undefined &&
      (commits === "slice" || this.#recent.commits >= this.#recentMax)
    )
      this.#beginMerging();
    const merging = this.#merging;
    if (merging === undefined) return () => undefined;
    const { streams, claims, outcomes } = merging.entries;
    const count = streams.length + claims.length + outcomes.length;
    const slice = commits === "slice" ? sliceMax : sliceMin + rowsPerCommit * commits;
    const end = Math.min(count, merging.done + slice);
    const part = <Entry>(entries: readonly Entry[], offset: number): readonly Entry[] =>
      entries.slice(Math.max(0, merging.done - offset), Math.max(0, end - offset));
    const [addStream, addClaim, addOutcome] = [
      this.#statement(sql.addStream),
      this.#statement(sql.addClaim),
      this.#statement(sql.addOutcome),
    ];
    for (const entry of part(streams, 0)) addStream.run(...entry);
    for (const entry of part(claims, streams.length)) addClaim.run(...entry);
    for (const entry of part(outcomes, streams.length + claims.length)) addOutcome.run(...entry);
    if (end === count) this.#statement(sql.setIndexedCommit).run(merging.recent.upTo, this.#id);
    return () => {
      merging.done = end;
      if (end === count) this.#endMerging(merging);
    };
  }

  /** How many commits are not in the tables. */
  get unmerged(): number {
    return this.#recent.commits + (this.#merging?.recent.commits ?? 0);
  }

  /** Another process may have written the tables further: what is there need not be kept here. */
  forgetMerged(): void {
    const [upTo] = this.#statement(sql.indexedCommit).get(this.#id) ?? [];
    const indexed = Number(upTo ?? 0);
    const merging = this.#merging;
    if (merging !== undefined && merging.recent.upTo <= indexed) this.#endMerging(merging);
    if (this.#recent.commits > 0 && this.#recent.upTo <= indexed) {
      this.#rememberAll(this.#recent);
      this.#recent = new Recent();
    }
    // Who only reads gives up a lot at a time as well, instead of keeping all until the mark has passed.
    if (this.#merging === undefined && this.#recent.commits >= this.#recentMax)
      this.#beginMerging();
  }

  #beginMerging(): void {
    const recent = this.#recent;
    if (recent.commits === 0) return;
    const entries = recent.entries(this.base, (streamId) => keyHash(this.#seed, streamId));
    this.#merging = { recent, entries, done: 0 };
    this.#recent = new Recent();
  }

  #endMerging({ recent }: Merging): void {
    this.#rememberAll(recent);
    this.#merging = undefined;
  }

  #rememberAll(recent: Recent): void {
    for (const streamId of recent.streamIds()) {
      const end = recent.end(streamId);
      if (end !== undefined) this.#remember(streamId, end);
    }
  }

  #remember(streamId: StreamId, end: StreamEnd): void {
    if (this.#ends.size >= endsMax) this.#ends.clear();
    this.#ends.set(streamId, end);
  }

  /** Newest first. */
  #layers(): Recent[] {
    return this.#merging === undefined ? [this.#recent] : [this.#recent, this.#merging.recent];
  }

  #isOwn(place: unknown): boolean {
    return Math.floor(Number(place) / placesPerBook) === this.#id;
  }

  #event(place: number) {
    const row: Row = this.#statement(sql.event).get(place) ?? [];
    return eventOf(eventValue(row), eventPlace(row));
  }

  #statement(text: string) {
    return this.#connection.statement(text);
  }
}
