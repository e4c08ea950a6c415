/**
 * One book of a file. What other handles have written is taken in before anything is answered or
 * written; reading is done in pages, so that a long book holds up nobody.
 */
import { setImmediate } from "node:timers/promises";
import {
  type ClaimHolder,
  type ClaimKey,
  type DocumentPage,
  type DocumentQuery,
  type FoundOutcome,
  type Head,
  type Host,
  invariant,
  LedgerError,
  msOfInstant,
  type RecordedCommit,
  type RecordedEvent,
  type StreamId,
} from "@tallystick/core";
import { Bell } from "../store/bell.ts";
import type { StoredBook, StreamRange } from "../store/book-store.ts";
import { freshChainId } from "../store/chain-id.ts";
import type { DraftCopy } from "../store/draft-copy.ts";
import { GroupWriter } from "../store/group-writer.ts";
import { importBatch } from "../store/import-commits.ts";
import type { Entry, Journal, WriteTurn } from "../store/journal.ts";
import {
  commitColumnCount,
  commitRow,
  eventColumnCount,
  eventRow,
  placesPerBook,
} from "../store/rows.ts";
import { eventsOfRows, lastInOrder } from "../store/stored-pages.ts";
import type { CommitRange } from "../store/subscribe.ts";
import type { Turns } from "../store/turns.ts";
import { BookIndex, type HeldClaim } from "./book-index.ts";
import type { Connection } from "./connection.ts";
import { Documents } from "./documents.ts";
import {
  commitOfEvent,
  commitsBehind,
  eventRowsAfter,
  genesisOf,
  headAt,
  lastCommit,
} from "./pages.ts";
import { booksMax } from "./schema.ts";

/** Commits or events that are read at once. */
const pageMax = 256;
/** The first page of commits: many readers want one. */
const firstPage = 8;
/** How often a waiting subscription asks whether another process has written, in milliseconds. */
const pollMs = 20;
/** How long closing waits for the write lock, in milliseconds: it only saves the next one to open some reading. */
const settlePatienceMs = 250;

const marks = (count: number): string => Array.from({ length: count }, () => "?").join(", ");

const sql = {
  book: "SELECT id, chain_id, hash_seed, indexed_commit FROM books WHERE name = ?",
  lastBook: "SELECT coalesce(max(id), 0) FROM books",
  addBook: "INSERT INTO books (id, name, chain_id, hash_seed) VALUES (?, ?, ?, ?)",
  addCommit: `INSERT INTO commits VALUES (${marks(commitColumnCount)})`,
  addEvent: `INSERT INTO events VALUES (${marks(eventColumnCount)})`,
};

/** A book that holds something. */
interface Opened {
  readonly id: number;
  readonly seed: number;
  readonly begin: Head;
  readonly index: BookIndex;
}

/** More is to be taken in before an answer can be given. */
const more = Symbol("more");

export class SqliteBook implements StoredBook, Journal {
  readonly name: string;
  readonly host: Host;
  readonly news: Bell = new Bell(() => this.#watch());
  readonly #connection: Connection;
  readonly #failed: (error: unknown) => void;
  readonly #group: GroupWriter;
  readonly #recentMax: number;
  #opened: Opened | undefined;
  #documents: Documents | undefined;
  /** The state of the file up to which everything was taken in. */
  #seenVersion: number | undefined;
  #poll: NodeJS.Timeout | undefined;

  constructor(
    name: string,
    options: {
      readonly host: Host;
      readonly connection: Connection;
      readonly recentMax: number;
      /** Told of every error after which the handle must not be used. */
      readonly failed: (error: unknown) => void;
    },
  ) {
    this.name = name;
    this.host = options.host;
    this.#connection = options.connection;
    this.#failed = options.failed;
    this.#recentMax = options.recentMax;
    this.#group = new GroupWriter(this);
  }

  importBatch(chainId: string, batch: readonly RecordedCommit[]): Promise<Head> {
    return importBatch(this, chainId, batch);
  }

  get writes(): Turns {
    return this.#connection.writes;
  }

  append(copy: DraftCopy): Promise<RecordedCommit> {
    return this.#group.add(copy);
  }

  async begin(chainId?: string): Promise<WriteTurn> {
    if (this.#connection.readOnly)
      throw new LedgerError(
        "STORE_UNWRITABLE",
        `${this.#connection.path} was opened with readOnly; open it without to write`,
        { detail: { path: this.#connection.path } },
      );
    // A transaction waits for nothing that lets others run: whoever appends in a loop would have the
    // process for itself. And what arrives meanwhile is written with it.
    await setImmediate();
    for (;;) {
      await this.#look(() => undefined);
      await this.#guarded(() => this.#connection.lock());
      try {
        // What was written between the look and the lock; rarely more than a group.
        const opened = this.#takeIn();
        if (opened !== more) return this.#turn(opened, chainId);
      } catch (error) {
        this.#connection.rollBack();
        throw this.#owed(error);
      }
      this.#connection.rollBack();
    }
  }

  #turn(known: Opened | undefined, chainId: string | undefined): WriteTurn {
    const opened = known ?? this.#newBook(chainId ?? freshChainId(this.host));
    let ended = false;
    return {
      known: opened.index,
      sizeOf: ({ events }) => 300 + 500 * events.length,
      hashOf: async (number) => headAt(this.#connection, this.#placed(opened), number).hash,
      write: async (entries) => {
        ended = true;
        this.#write(opened, known === undefined, entries);
      },
      abandon: () => {
        if (!ended) this.#connection.rollBack();
        ended = true;
      },
    };
  }

  #newBook(chainId: string): Opened {
    const [last] = this.#connection.statement(sql.lastBook).get() ?? [];
    const id = Number(last) + 1;
    invariant(id <= booksMax, `a file holds at most ${booksMax} books`);
    const seed = Buffer.from(this.host.randomBytes(4)).readUInt32LE();
    const begin = genesisOf(this.host, chainId);
    return { id, seed, begin, index: this.#index({ id, seed }, begin) };
  }

  /** One transaction, within one turn of the event loop. */
  #write(opened: Opened, isNew: boolean, entries: readonly Entry[]): void {
    const { id, seed, begin, index } = opened;
    let merged: () => void;
    try {
      if (isNew) this.#connection.statement(sql.addBook).run(id, this.name, begin.chainId, seed);
      const [addCommit, addEvent] = [
        this.#connection.statement(sql.addCommit),
        this.#connection.statement(sql.addEvent),
      ];
      for (const { commit } of entries) {
        const recordedMs = msOfInstant(commit.recordedAt);
        addCommit.run(...commitRow(index.base, commit, recordedMs));
        for (const [at, event] of commit.events.entries())
          addEvent.run(...eventRow(index.base, commit, event, at, recordedMs));
      }
      merged = index.merge(entries.length);
      this.#connection.commit();
      // Nobody is told that something is stored where nobody will look for it.
      this.#connection.requireInPlace();
    } catch (error) {
      const owed = this.#owed(error);
      this.#connection.rollBack();
      throw owed;
    }
    merged();
    for (const { commit, claims } of entries) index.add(commit, claims);
    this.#opened = opened;
    this.news.ring();
    // Answers go out first.
    void setImmediate().then(() => this.#tidy());
  }

  #tidy(): void {
    try {
      this.#connection.tidy();
    } catch (error) {
      this.#owed(error);
    }
  }

  /** Writes what the index keeps in memory to its tables, so that the next one to open need not read it. */
  async settle(): Promise<void> {
    const index = this.#opened?.index;
    if (index === undefined || this.#connection.readOnly) return;
    while (index.unmerged > 0) {
      await this.#connection.lock(settlePatienceMs);
      try {
        const merged = index.merge("slice");
        this.#connection.commit();
        merged();
      } finally {
        this.#connection.rollBack();
      }
      await setImmediate();
    }
  }

  readStream(
    streamId: StreamId,
    { afterRevision = 0, upToRevision = Number.MAX_SAFE_INTEGER }: StreamRange,
  ): AsyncIterable<readonly RecordedEvent[]> {
    const end = this.#look(({ index }) => Math.min(upToRevision, index.revision(streamId)));
    return this.#streamPages(calmly(end), streamId, Math.max(0, afterRevision));
  }

  async *#streamPages(
    end: Promise<number | undefined>,
    streamId: StreamId,
    afterRevision: number,
  ): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    const upTo = (await end) ?? 0;
    let after = afterRevision;
    while (after < upTo) {
      if (after > afterRevision) await setImmediate();
      const range = { after, upTo, limit: pageMax };
      const events =
        (await this.#look(({ index }) => eventsOfRows(index.streamRows(streamId, range)))) ?? [];
      after = lastInOrder(streamId, events, after);
      yield events;
    }
  }

  readBook(afterPosition: number): AsyncIterable<readonly RecordedEvent[]> {
    const end = this.#look(({ index }) => index.head.position);
    return this.#eventPages(calmly(end), Math.max(0, afterPosition));
  }

  async *#eventPages(
    end: Promise<number | undefined>,
    afterPosition: number,
  ): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    const upTo = (await end) ?? 0;
    for (let after = afterPosition; after < upTo; ) {
      if (after > afterPosition) await setImmediate();
      const range = { after, upTo, limit: pageMax };
      const events = await this.#look(({ index }) =>
        eventsOfRows(eventRowsAfter(this.#connection, index.base, range)),
      );
      if (events === undefined) return;
      after += events.length;
      yield events;
    }
  }

  async *readCommits(
    after: number,
    upTo: number = placesPerBook - 1,
  ): AsyncGenerator<readonly RecordedCommit[], void, undefined> {
    const found = await this.#read(() => {
      const opened = this.#open();
      const last =
        opened === undefined
          ? 0
          : lastCommit(this.#connection, opened.index.base, placesPerBook - 1);
      return { opened, last };
    });
    if (found.opened !== undefined)
      yield* this.#commitPages(found.opened, { after, upTo: Math.min(upTo, found.last) });
  }

  async *commitsIn(range: CommitRange): AsyncGenerator<readonly RecordedCommit[], void, undefined> {
    if (this.#opened !== undefined) yield* this.#commitPages(this.#opened, range);
  }

  /** Needs no index, so that it gives what stands before a damage. */
  async *#commitPages(
    opened: Opened,
    { after, upTo }: CommitRange,
  ): AsyncGenerator<readonly RecordedCommit[], void, undefined> {
    if (after >= upTo) return;
    const { base } = opened.index;
    let head = await this.#read(() => headAt(this.#connection, this.#placed(opened), after));
    for (let limit = firstPage; head.commit < upTo; limit = pageMax) {
      if (head.commit > after) await setImmediate();
      const from = head;
      const page = await this.#read(() => this.#wholePage(base, { head: from, upTo, limit }));
      if (page.commits.length > 0) yield page.commits;
      if (page.problem !== undefined) throw page.problem;
      head = page.head;
    }
  }

  /** A damaged page of the file spoils a whole page of commits; then they are read one by one. */
  #wholePage(
    base: number,
    range: { readonly head: Head; readonly upTo: number; readonly limit: number },
  ): ReturnType<typeof commitsBehind> {
    try {
      return commitsBehind(this.#connection, base, range);
    } catch (error) {
      const owed = this.#connection.errorOf(error);
      if (range.limit === 1 || !owed.fatal) throw error;
      return commitsBehind(this.#connection, base, { ...range, limit: 1 });
    }
  }

  async commitsAfter(position: number): Promise<CommitRange | undefined> {
    return this.#look(({ index }) => {
      const upTo = index.head.commit;
      const next = commitOfEvent(this.#connection, index.base, Math.max(0, position) + 1);
      return { after: next === undefined ? upTo : next - 1, upTo };
    });
  }

  async revisions(streamIds: readonly StreamId[]): Promise<readonly number[]> {
    const known = await this.#look(({ index }) => streamIds.map((id) => index.revision(id)));
    return known ?? streamIds.map(() => 0);
  }

  async resolveClaims(keys: readonly ClaimKey[]): Promise<readonly (ClaimHolder | undefined)[]> {
    const holders = await this.#look(({ index }) =>
      keys.map((key) => holderOf(index.claimHolder(key))),
    );
    return holders ?? keys.map(() => undefined);
  }

  async paymentClaims(paymentId: string): Promise<readonly ClaimHolder[]> {
    const held = await this.#look(({ index }) => index.paymentClaims(paymentId));
    return (held ?? []).flatMap((claim) => holderOf(claim) ?? []);
  }

  findOutcome(key: string): Promise<FoundOutcome | undefined> {
    return this.#look((opened) => {
      const { index } = opened;
      const commit = index.outcomeCommit(key);
      if (commit === undefined) return undefined;
      const head = headAt(this.#connection, this.#placed(opened), commit - 1);
      const page = commitsBehind(this.#connection, index.base, { head, upTo: commit, limit: 1 });
      if (page.problem !== undefined) throw page.problem;
      const outcome = page.commits[0]?.outcome;
      return outcome === undefined ? undefined : { outcome, commit };
    });
  }

  async query(query: DocumentQuery): Promise<DocumentPage> {
    const position = await this.#look(({ index }) => index.head.position);
    if (this.#opened === undefined || position === undefined) return { documents: [], position: 0 };
    this.#documents ??= new Documents(this.#connection, this.#opened.id);
    const documents = this.#documents;
    return this.#guarded(() => documents.query(query, position));
  }

  async chainId(): Promise<string | undefined> {
    return this.#read(() => this.#open()?.begin.chainId);
  }

  head(): Promise<Head | undefined> {
    return this.#look(({ index }) => ({ ...index.head }));
  }

  async idle(): Promise<void> {
    clearInterval(this.#poll);
    await this.#group.drained();
  }

  /** While somebody waits for news, other processes are asked for them as well. */
  #watch(): void {
    if (this.#poll !== undefined) return;
    this.#poll = setInterval(() => {
      if (!this.news.awaited) {
        clearInterval(this.#poll);
        this.#poll = undefined;
        return;
      }
      try {
        if (this.#connection.dataVersion !== this.#seenVersion) this.news.ring();
      } catch {
        // Whoever waits meets the error when it looks.
        this.news.ring();
      }
    }, pollMs);
  }

  /**
   * What `look` sees of the book as it is at the time of the call; undefined while it does not exist.
   * Answers within the call where nobody else has written.
   */
  async #look<Seen>(look: (opened: Opened) => Seen): Promise<Seen | undefined> {
    for (;;) {
      const seen = await this.#read(() => {
        const opened = this.#takeIn();
        return opened === more ? more : { found: opened === undefined ? undefined : look(opened) };
      });
      if (seen !== more) return seen.found;
      await setImmediate();
    }
  }

  #read<Found>(read: () => Found): Promise<Found> {
    return this.#guarded(() => this.#connection.patiently(() => this.#connection.snapshot(read)));
  }

  async #guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.#owed(error);
    }
  }

  /** The error that is owed; where the handle must not be used again, the store closes. */
  #owed(error: unknown): unknown {
    const owed = this.#connection.errorOf(error);
    if (owed.fatal) this.#failed(owed.error);
    return owed.error;
  }

  /** The book, as far as it was taken in; undefined while it does not exist. */
  #open(): Opened | undefined {
    if (this.#opened !== undefined) return this.#opened;
    const row = this.#connection.statement(sql.book).get(this.name);
    if (row === undefined) return undefined;
    const [id, seed, indexed] = [Number(row[0]), Number(row[2]), Number(row[3])];
    const begin = genesisOf(this.host, String(row[1]));
    const head = headAt(this.#connection, { base: id * placesPerBook, begin }, indexed);
    const index = this.#index({ id, seed }, head);
    this.#opened = { id, seed, begin, index };
    return this.#opened;
  }

  /** Takes in what other handles have written, a page at most. */
  #takeIn(): Opened | undefined | typeof more {
    const version = this.#connection.dataVersion;
    if (version === this.#seenVersion) return this.#opened;
    this.#connection.requireSchema();
    const opened = this.#open();
    if (opened !== undefined) {
      const { index } = opened;
      const { base, head } = index;
      const upTo = lastCommit(this.#connection, base, placesPerBook - 1);
      const page = commitsBehind(this.#connection, base, { head, upTo, limit: pageMax });
      for (const commit of page.commits) index.add(commit);
      if (page.problem !== undefined) throw page.problem;
      index.forgetMerged();
      if (index.head.commit < upTo) return more;
    }
    this.#seenVersion = version;
    return opened;
  }

  #index(book: { readonly id: number; readonly seed: number }, head: Head): BookIndex {
    return new BookIndex(this.#connection, { ...book, recentMax: this.#recentMax }, head);
  }

  #placed({ index, begin }: Opened): { readonly base: number; readonly begin: Head } {
    return { base: index.base, begin };
  }
}

const holderOf = (held: HeldClaim | undefined): ClaimHolder | undefined =>
  held === undefined ? undefined : { streamId: held.streamId, revision: held.revision };

/** Whoever iterates meets the error; who never does must not bring the process down with it. */
const calmly = <Plan>(plan: Promise<Plan>): Promise<Plan> => {
  plan.catch(() => undefined);
  return plan;
};
