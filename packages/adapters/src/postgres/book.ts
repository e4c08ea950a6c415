/**
 * One book of a schema. Nothing of it is kept in memory: whatever is asked is answered by the database
 * as it is, so that other processes may write and a caller's transaction may be rolled back.
 */
import { setImmediate } from "node:timers/promises";
import {
  type ClaimHolder,
  type ClaimKey,
  chainProblem,
  type DocumentPage,
  type DocumentQuery,
  type FoundOutcome,
  genesis,
  type Head,
  type Host,
  headAfter,
  instantOfMs,
  isLedgerError,
  LedgerError,
  type RecordedCommit,
  type RecordedEvent,
  type StreamId,
} from "@tallystick/core";
import { Bell } from "../store/bell.ts";
import type { StoredBook, StreamRange } from "../store/book-store.ts";
import { freshChainId } from "../store/chain-id.ts";
import type { DraftCopy } from "../store/draft-copy.ts";
import { GroupQueue, groupBytesMax, groupMax, type Waiting } from "../store/group-queue.ts";
import { ownCopy, requireSameChain, requireSameCommit, unfit } from "../store/import-commits.ts";
import type { Entry } from "../store/journal.ts";
import { misnumbered } from "../store/judge.ts";
import { hashOfRow, positionOf, type Row, recordedAtOfRow } from "../store/rows.ts";
import { eventsOfRows, lastInOrder, pageOfRows, requireGapless } from "../store/stored-pages.ts";
import type { CommitRange } from "../store/subscribe.ts";
import { Turns } from "../store/turns.ts";
import type { Database } from "./database.ts";
import { Documents } from "./documents.ts";
import { answerOf, answersOf, groupParameters, type Member, memberOf } from "./group.ts";
import { type PageStatements, pageStatements } from "./pages.ts";

/** Events or commits that are read at once. */
const pageMax = 500;
/** Events of a stream that are read at once: most streams are no longer. */
const streamPageMax = 1000;
/** The first page of commits: many readers want one. */
const firstPage = 8;

export interface PostgresBookOptions {
  readonly host: Host;
  readonly database: Database;
  /** The quoted schema. */
  readonly schema: string;
  readonly lockTimeoutMs: number;
  /** Whether the transaction is the caller's: an error of the database is its end. */
  readonly within: boolean;
  /** Told when commits have been written here. */
  readonly wrote: () => void;
  /** Told whenever somebody begins to wait for the book's bell. */
  readonly awaited: () => void;
  /** The channel that a transaction itself tells when it commits; null where `wrote` does. */
  readonly channel: string | null;
}

export class PostgresBook implements StoredBook {
  readonly news: Bell;
  readonly #name: string;
  readonly #options: PostgresBookOptions;
  readonly #database: Database;
  readonly #sql: PageStatements;
  readonly #documents: Documents;
  readonly #writes: Turns = new Turns();
  readonly #queue: GroupQueue;
  /** Drafts that are answered and do not know it yet. */
  #unsettled = 0;
  #settling: Promise<void> = Promise.resolve();
  /** Feeds that are about to learn where the book ends. */
  readonly #looks = new Set<Promise<void>>();
  /** The chain that this process would begin; a book that has begun has its own. */
  #freshChain: string | undefined;

  constructor(name: string, options: PostgresBookOptions) {
    this.#name = name;
    this.#options = options;
    this.news = new Bell(options.awaited);
    this.#database = options.database;
    this.#sql = pageStatements(options.schema);
    this.#documents = new Documents(options.database, options.schema, name);
    this.#queue = new GroupQueue(this.#writes, (waiting) => this.#writeGroup(waiting));
  }

  append(copy: DraftCopy): Promise<RecordedCommit> {
    return this.#queue.add(copy);
  }

  async #writeGroup(queue: Waiting[]): Promise<void> {
    // What is decided in this turn of the event loop is written together.
    if (this.#unsettled === 0) await setImmediate();
    const group = queue.splice(0, groupSize(queue, this.#unsettled));
    // Whoever looked before one of these was handed in does not see it.
    if (this.#looks.size > 0) await Promise.all(this.#looks);
    const settle = await this.#write(group);
    if (queue.length === 0 && this.#unsettled === 0) return settle();
    // Those that wait go to the database first. While it is at work, those that were answered decide
    // what they ask for next.
    this.#unsettled += group.length;
    this.#settling = this.#settling
      .then(() => setImmediate())
      .then(() => {
        this.#unsettled -= group.length;
        settle();
      });
  }

  /** Writes a group; what comes back tells those who wait for it. */
  async #write(group: readonly Waiting[]): Promise<() => void> {
    try {
      const answers = answersOf(group, await this.#append(group));
      return () => {
        for (const [index, { resolve, reject }] of group.entries()) {
          const answer =
            answers[index] ?? new LedgerError("STORE_IO", "append_group left a draft unanswered");
          if (answer instanceof LedgerError) reject(answer);
          else resolve(answer);
        }
      };
    } catch (error) {
      // What the database takes exception to is one of them: a trigger or constraint of somebody's own.
      if (group.length === 1 || isLedgerError(error) || this.#options.within)
        return () => {
          for (const { reject } of group) reject(error);
        };
      const each: (() => void)[] = [];
      for (const waiting of group) each.push(await this.#write([waiting]));
      return () => {
        for (const settle of each) settle();
      };
    }
  }

  async #append(
    members: readonly Member[],
    imported?: { readonly chainId: string; readonly after: number },
  ): Promise<Row[]> {
    const { host, lockTimeoutMs, wrote, channel } = this.#options;
    this.#freshChain ??= freshChainId(host);
    const rows = await this.#database.write(this.#sql.append, [
      this.#name,
      imported?.chainId ?? this.#freshChain,
      host.now(this.#name),
      lockTimeoutMs,
      imported?.after ?? null,
      channel,
      ...groupParameters(members),
    ]);
    if (rows.some(([refused]) => refused === null || refused === "none")) {
      this.news.ring();
      wrote();
    }
    return rows;
  }

  async importBatch(chainId: string, batch: readonly RecordedCommit[]): Promise<Head> {
    return this.#writes.take(async () => {
      for (;;) {
        const head = await this.#importInto(chainId, batch);
        if (head !== undefined) return head;
      }
    });
  }

  /** Undefined where another process has written in between. */
  async #importInto(chainId: string, batch: readonly RecordedCommit[]): Promise<Head | undefined> {
    const { sha256 } = this.#options.host;
    const begin = (await this.head()) ?? genesis(sha256, chainId);
    requireSameChain(this.#name, begin, chainId);
    const { fitting, ...rest } = await this.#fitting(begin, batch);
    let { head, problem } = rest;
    if (fitting.length > 0) {
      const members = fitting.map(({ commit, claims }) => memberOf(commit, claims));
      const rows = await this.#append(members, { chainId, after: begin.commit });
      if (rows[0]?.[0] === "moved") return undefined;
      head = begin;
      for (const [index, entry] of fitting.entries()) {
        const answer = answerOf({ draft: entry.commit, claims: entry.claims }, rows[index] ?? []);
        if (answer instanceof LedgerError) {
          problem = unfit(head, answer.message);
          break;
        }
        head = headAfter(chainId, entry.commit);
      }
    }
    if (problem !== undefined) throw problem;
    return head;
  }

  /** The commits of a batch that the book does not hold and whose hashes follow from its head. */
  async #fitting(
    begin: Head,
    batch: readonly RecordedCommit[],
  ): Promise<{ readonly fitting: Entry[]; readonly head: Head; readonly problem?: unknown }> {
    const { sha256 } = this.#options.host;
    const numbers = batch.map(({ number }) => number).filter((n) => n <= begin.commit);
    const held = await this.#hashes(numbers);
    const fitting: Entry[] = [];
    let head = begin;
    try {
      for (const given of batch) {
        const next = ownCopy(given, head);
        if (next.commit.number <= begin.commit) {
          requireSameCommit(this.#name, next.commit, held.get(next.commit.number));
          continue;
        }
        const reason = misnumbered(next.commit.events) ?? chainProblem(sha256, head, next.commit);
        if (reason !== undefined) throw unfit(head, reason);
        fitting.push(next);
        head = headAfter(begin.chainId, next.commit);
      }
      return { fitting, head };
    } catch (problem) {
      return { fitting, head, problem };
    }
  }

  async #hashes(numbers: readonly number[]): Promise<Map<number, string>> {
    const whole = numbers.filter((n) => Number.isSafeInteger(n) && n >= 1);
    if (whole.length === 0) return new Map();
    const range = [this.#name, Math.min(...whole), Math.max(...whole)];
    const rows = await this.#database.read(this.#sql.commitHashes, range);
    return new Map(rows.map(([number, hash]) => [Number(number), String(hash)]));
  }

  /** A look at the book as it is at the time of the call: what is appended later waits for it. */
  #now<Seen>(look: Promise<Seen>): Promise<Seen> {
    // Whoever iterates meets the error; who never does must not bring the process down with it.
    const looked = look.then(
      () => undefined,
      () => undefined,
    );
    this.#looks.add(looked);
    void looked.then(() => this.#looks.delete(looked));
    return look;
  }

  readStream(
    streamId: StreamId,
    { afterRevision = 0, upToRevision = Number.MAX_SAFE_INTEGER }: StreamRange,
  ): AsyncIterable<readonly RecordedEvent[]> {
    const after = Math.max(0, afterRevision);
    const first = this.#streamRows(streamId, after, upToRevision);
    return this.#streamPages(this.#now(first), streamId, { after, upTo: upToRevision });
  }

  #streamRows(streamId: StreamId, after: number, upTo: number): Promise<Row[]> {
    return this.#database.read(this.#sql.stream, [
      this.#name,
      streamId,
      after,
      upTo,
      streamPageMax,
    ]);
  }

  /** The first page tells where the stream ended when it was looked at. */
  async *#streamPages(
    first: Promise<Row[]>,
    streamId: StreamId,
    range: CommitRange,
  ): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    let rows = await first;
    let { after } = range;
    const last = rows[0]?.at(-1) ?? (await this.#lastOfEmpty(streamId, range));
    const upTo = Math.min(range.upTo, Number(last));
    while (after < upTo) {
      const events = eventsOfRows(rows);
      after = lastInOrder(streamId, events, after);
      yield events;
      if (after < upTo) rows = await this.#streamRows(streamId, after, upTo);
    }
  }

  /** The last revision of a stream of which a range holds nothing: no matter to a range without an end. */
  async #lastOfEmpty(streamId: StreamId, { upTo }: CommitRange): Promise<number> {
    if (upTo === Number.MAX_SAFE_INTEGER) return 0;
    const [revision = 0] = await this.revisions([streamId]);
    return revision;
  }

  readBook(afterPosition: number): AsyncIterable<readonly RecordedEvent[]> {
    return this.#eventPages(this.#now(this.head()), Math.max(0, afterPosition));
  }

  async *#eventPages(
    end: Promise<Head | undefined>,
    afterPosition: number,
  ): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    const upTo = (await end)?.position ?? 0;
    for (let after = afterPosition; after < upTo; ) {
      const rows = await this.#database.read(this.#sql.events, [this.#name, after, upTo, pageMax]);
      requireGapless(rows, { after, wanted: Math.min(pageMax, upTo - after) });
      after += rows.length;
      yield eventsOfRows(rows);
    }
  }

  async *readCommits(
    after: number,
    upTo: number = Number.MAX_SAFE_INTEGER,
  ): AsyncGenerator<readonly RecordedCommit[], void, undefined> {
    const last = (await this.head())?.commit ?? 0;
    yield* this.commitsIn({ after, upTo: Math.min(upTo, last) });
  }

  async *commitsIn({
    after,
    upTo,
  }: CommitRange): AsyncGenerator<readonly RecordedCommit[], void, undefined> {
    let head: Head | undefined;
    for (let limit = firstPage; (head?.commit ?? after) < upTo; limit = pageMax) {
      const from = head ?? (await this.#headAt(after));
      const page = await this.#commitPage(from, upTo, limit);
      if (page.commits.length > 0) yield page.commits;
      if (page.problem !== undefined) throw page.problem;
      head = page.head;
    }
  }

  async #commitPage(
    head: Head,
    upTo: number,
    limit: number,
  ): Promise<ReturnType<typeof pageOfRows>> {
    const wanted = Math.min(limit, upTo - head.commit);
    const range = [this.#name, head.commit + 1, upTo, wanted];
    const rows = await this.#database.read(this.#sql.commits, range);
    const last = rows.at(-1);
    const lastPosition = last === undefined ? head.position : Number(last[1]) + Number(last[2]) - 1;
    const count = Math.max(0, lastPosition - head.position);
    const events =
      count === 0
        ? []
        : await this.#database.read(this.#sql.events, [
            this.#name,
            head.position,
            lastPosition,
            count,
          ]);
    return pageOfRows(rows, events, { head, wanted });
  }

  /** Where the book stood after a commit, which has to be there; at its beginning for number 0. */
  async #headAt(number: number): Promise<Head> {
    const chainId = (await this.chainId()) ?? "";
    if (number === 0) return genesis(this.#options.host.sha256, chainId);
    const values = [this.#name, number, number, 1];
    const [row] = await this.#database.read(this.#sql.commits, values);
    if (row === undefined)
      throw new LedgerError("BOOK_CORRUPT", `commit ${number} is missing`, {
        detail: { commit: number },
      });
    return {
      commit: positionOf(row),
      position: Number(row[1]) + Number(row[2]) - 1,
      hash: hashOfRow(row),
      recordedAt: recordedAtOfRow(row),
      chainId,
    };
  }

  async commitsAfter(position: number): Promise<CommitRange | undefined> {
    const values = [this.#name, Math.max(0, position) + 1];
    const [row] = await this.#database.read(this.#sql.commitOfEvent, values);
    if (row === undefined) return undefined;
    const upTo = Number(row[0]);
    return { after: row[1] === null ? upTo : Number(row[1]) - 1, upTo };
  }

  async revisions(streamIds: readonly StreamId[]): Promise<readonly number[]> {
    const rows = await this.#database.read(this.#sql.revisions, [this.#name, streamIds]);
    return rows.map(([revision]) => Number(revision));
  }

  async resolveClaims(keys: readonly ClaimKey[]): Promise<readonly (ClaimHolder | undefined)[]> {
    const rows = await this.#database.read(this.#sql.claims, [this.#name, keys]);
    return rows.map(([stream, revision]) =>
      stream === null ? undefined : { streamId: String(stream), revision: Number(revision) },
    );
  }

  async paymentClaims(paymentId: string): Promise<readonly ClaimHolder[]> {
    // "0" is the character behind "/": what lies between begins with the prefix.
    const values = [
      this.#name,
      `applied/${paymentId}/`,
      `applied/${paymentId}0`,
      `payment/${paymentId}/`,
      `payment/${paymentId}0`,
    ];
    const rows = await this.#database.read(this.#sql.paymentClaims, values);
    return rows
      .map(([key, stream, revision]) => ({ key: String(key), stream, revision }))
      .sort((one, other) => (one.key < other.key ? -1 : 1))
      .map(({ stream, revision }) => ({ streamId: String(stream), revision: Number(revision) }));
  }

  async findOutcome(key: string): Promise<FoundOutcome | undefined> {
    const [row] = await this.#database.read(this.#sql.outcome, [this.#name, key]);
    if (row === undefined) return undefined;
    const number = Number(row[0]);
    for await (const [commit] of this.commitsIn({ after: number - 1, upTo: number })) {
      const outcome = commit?.outcome;
      return outcome === undefined ? undefined : { outcome, commit: number };
    }
    return undefined;
  }

  query(query: DocumentQuery): Promise<DocumentPage> {
    return this.#documents.query(query);
  }

  async chainId(): Promise<string | undefined> {
    return (await this.head())?.chainId;
  }

  async head(): Promise<Head | undefined> {
    const [row] = await this.#database.read(this.#sql.head, [this.#name]);
    if (row === undefined) return undefined;
    const [commit, position, hash, recordedMs, chainId] = row;
    return {
      commit: Number(commit),
      position: Number(position),
      hash: String(hash),
      recordedAt: instantOfMs(Number(recordedMs)),
      chainId: String(chainId),
    };
  }

  async idle(): Promise<void> {
    await this.#queue.drained();
    await this.#settling;
  }
}

/** A group that is no larger is not worth splitting: each has its round trip and its sync. */
const unsplitMax = 16;

/**
 * How many of the waiting drafts are written at once: half of all that are about, counting those whose
 * callers are about to hear of it and to come back, so that callers and database work at the same time.
 */
const groupSize = (queue: readonly Waiting[], unsettled: number): number => {
  const half = Math.ceil((queue.length + unsettled) / 2);
  const most = Math.min(groupMax, Math.max(unsplitMax, half));
  let bytes = 0;
  let size = 0;
  for (const { draft } of queue) {
    if (size === most || bytes >= groupBytesMax) break;
    bytes += 500 + 1000 * draft.events.length;
    size += 1;
  }
  return size;
};
