/**
 * One book over its log: an index that is built by reading the log once, on the first access that
 * needs it, and kept up to date from then on.
 *
 * Writing is a matter of turns: one group, or one batch of an import, at a time. Readers and
 * subscribers see a commit when the log has said that it is durable, and not before.
 */
import {
  type ClaimHolder,
  type ClaimKey,
  commitClaims,
  type DocumentPage,
  type DocumentQuery,
  encodeCommit,
  type FoundOutcome,
  genesis,
  type Head,
  type Host,
  isLedgerError,
  type RecordedCommit,
  type RecordedEvent,
  type StreamId,
} from "@tallystick/core";
import { Bell } from "../store/bell.ts";
import type { StoredBook, StreamRange } from "../store/book-store.ts";
import { freshChainId } from "../store/chain-id.ts";
import { untrustedFrom } from "../store/damage.ts";
import type { DraftCopy } from "../store/draft-copy.ts";
import { GroupWriter } from "../store/group-writer.ts";
import { importBatch } from "../store/import-commits.ts";
import type { Entry, Journal, WriteTurn } from "../store/journal.ts";
import { misnumbered, refusalOf } from "../store/judge.ts";
import type { CommitRange } from "../store/subscribe.ts";
import { Turns } from "../store/turns.ts";
import { BookIndex } from "./book-index.ts";
import type { CommitLog, LogFolder } from "./commit-log.ts";
import { DocumentIndex } from "./document-index.ts";
import { commitsAfter, readAll, readBook, readStream } from "./feeds.ts";
import { corruptAt, decodeAt, readCommits } from "./read-commits.ts";

/** A log with what is known of its commits. */
export interface OpenBook {
  readonly log: CommitLog;
  readonly genesis: Head;
  readonly index: BookIndex;
  readonly documents: DocumentIndex;
}

const openBook = (log: CommitLog, index: BookIndex, begin: Head): OpenBook => ({
  log,
  genesis: begin,
  index,
  documents: new DocumentIndex(log, index, begin),
});

/** After these a log is as it was before. After anything else nobody knows what is stored. */
const nothingWritten: ReadonlySet<unknown> = new Set([
  "STORE_FULL",
  "STORE_UNWRITABLE",
  "STORE_LOCKED",
  "BOOK_MISMATCH",
]);

const commitAt = async (log: CommitLog, number: number): Promise<RecordedCommit> => {
  const [text = ""] = await log.readAt([number]);
  return decodeAt(log, number, text);
};

export class Book implements StoredBook, Journal {
  readonly name: string;
  readonly host: Host;
  /** Rings when commits became durable, and when the store closes. */
  readonly news: Bell = new Bell();
  /** Appends and imports: what must not overlap. */
  readonly writes: Turns = new Turns();
  readonly #folder: LogFolder;
  readonly #failed: (error: unknown) => void;
  readonly #group: GroupWriter;
  readonly #catchingUp: Turns = new Turns();
  #opened: OpenBook | undefined;

  /** `failed` is told of every write that may have reached the log in part. */
  constructor(name: string, host: Host, folder: LogFolder, failed: (error: unknown) => void) {
    this.name = name;
    this.host = host;
    this.#folder = folder;
    this.#failed = failed;
    this.#group = new GroupWriter(this);
  }

  importBatch(chainId: string, batch: readonly RecordedCommit[]): Promise<Head> {
    return importBatch(this, chainId, batch);
  }

  /** Written with whatever else arrives meanwhile. */
  append(copy: DraftCopy): Promise<RecordedCommit> {
    return this.#group.add(copy);
  }

  readStream(
    streamId: StreamId,
    range: StreamRange,
  ): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    return readStream(this, streamId, range);
  }

  readBook(afterPosition: number): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    return readBook(this, { afterPosition });
  }

  readCommits(
    after: number,
    upTo?: number,
  ): AsyncGenerator<readonly RecordedCommit[], void, undefined> {
    return readAll(this, { after, upTo });
  }

  async commitsAfter(position: number): Promise<CommitRange | undefined> {
    return this.look((opened) => commitsAfter(opened, position));
  }

  async *commitsIn(range: CommitRange): AsyncGenerator<readonly RecordedCommit[], void, undefined> {
    const opened = await this.opened();
    if (opened !== undefined) yield* readCommits(opened.log, { genesis: opened.genesis, ...range });
  }

  async revisions(streamIds: readonly StreamId[]): Promise<readonly number[]> {
    const known = await this.look(({ index }) => streamIds.map((id) => index.revision(id)));
    return known ?? streamIds.map(() => 0);
  }

  async resolveClaims(keys: readonly ClaimKey[]): Promise<readonly (ClaimHolder | undefined)[]> {
    const holders = await this.look(({ index }) => keys.map((key) => index.claimHolder(key)));
    return holders ?? keys.map(() => undefined);
  }

  async paymentClaims(paymentId: string): Promise<readonly ClaimHolder[]> {
    return (await this.look(({ index }) => index.paymentClaims(paymentId))) ?? [];
  }

  async findOutcome(key: string): Promise<FoundOutcome | undefined> {
    const found = await this.look(({ log, index }) => ({ log, commit: index.outcomeCommit(key) }));
    if (found?.commit === undefined) return undefined;
    const { log, commit } = found;
    const { outcome } = await commitAt(log, commit);
    return outcome === undefined ? undefined : { outcome, commit };
  }

  async query(query: DocumentQuery): Promise<DocumentPage> {
    const opened = await this.opened();
    return opened?.documents.query(query) ?? { documents: [], position: 0 };
  }

  async chainId(): Promise<string | undefined> {
    return (await this.log())?.chainId;
  }

  head(): Promise<Head | undefined> {
    return this.look(({ index }) => (index.head.commit === 0 ? undefined : { ...index.head }));
  }

  async begin(chainId?: string): Promise<WriteTurn> {
    const opened = await this.opened();
    const index = opened?.index ?? this.#unbegun(chainId ?? freshChainId(this.host));
    const texts = new Map<RecordedCommit, string>();
    const textOf = (commit: RecordedCommit): string => {
      const text = texts.get(commit) ?? encodeCommit(commit);
      texts.set(commit, text);
      return text;
    };
    return {
      known: index,
      sizeOf: (commit) => textOf(commit).length,
      hashOf: async (number) =>
        opened === undefined ? undefined : (await commitAt(opened.log, number)).hash,
      write: (entries) => this.#write(opened, index, entries, textOf),
      abandon: () => undefined,
    };
  }

  /** The log, without reading it; undefined while the book does not exist. */
  async log(): Promise<CommitLog | undefined> {
    return this.#opened?.log ?? (await this.#folder.open(this.name));
  }

  /**
   * What `look` sees of the book as it is at the time of the call; undefined while it does not
   * exist. Waits where the index has to be built first.
   */
  look<Seen>(look: (book: OpenBook) => Seen): Promise<Seen | undefined> {
    if (this.#opened?.log.growsElsewhere === false) return Promise.resolve(look(this.#opened));
    return this.opened().then((opened) => (opened === undefined ? undefined : look(opened)));
  }

  /** The log with its index, caught up; undefined while the book does not exist. */
  async opened(): Promise<OpenBook | undefined> {
    if (this.#opened?.log.growsElsewhere === false) return this.#opened;
    return this.#catchingUp.take(async () => {
      // Somebody may have built the index, or begun the book, while this waited for its turn.
      if (this.#opened?.log.growsElsewhere === false) return this.#opened;
      const log = await this.log();
      if (log === undefined) return undefined;
      const opened =
        this.#opened ?? openBook(log, this.#unbegun(log.chainId), this.genesis(log.chainId));
      await this.#catchUp(opened);
      // The first writer may have begun the book meanwhile, and goes on with its own index.
      this.#opened ??= opened;
      return this.#opened;
    });
  }

  genesis(chainId: string): Head {
    return genesis(this.host.sha256, chainId);
  }

  /** What a book that does not exist is judged against. */
  #unbegun(chainId: string): BookIndex {
    return new BookIndex(this.genesis(chainId));
  }

  /**
   * Appends commits that were judged to fit behind `index`, and takes them into it once they are
   * durable. Where there is no book yet, this begins it, on the chain of `index`.
   */
  async #write(
    opened: OpenBook | undefined,
    index: BookIndex,
    entries: readonly Entry[],
    textOf: (commit: RecordedCommit) => string,
  ): Promise<void> {
    const begin = index.head;
    let log: CommitLog;
    try {
      log = opened?.log ?? (await this.#folder.create(this.name, begin.chainId));
      await log.append(
        begin.commit,
        entries.map(({ commit }) => textOf(commit)),
      );
    } catch (error) {
      if (!isLedgerError(error) || !nothingWritten.has(error.code)) this.#failed(error);
      throw error;
    }
    for (const { commit, claims } of entries) index.add(commit, claims);
    if (opened === undefined) this.#opened = openBook(log, index, begin);
    this.news.ring();
  }

  /** Resolves when nothing is being written any more and no reader is building the index. */
  async idle(): Promise<void> {
    await this.#group.drained();
    await this.#catchingUp.idle();
  }

  async #catchUp({ log, index, genesis: begin }: OpenBook): Promise<void> {
    const before = index.head.commit;
    for await (const batch of readCommits(log, { genesis: begin, after: before }))
      for (const commit of batch) {
        const claims = commitClaims(commit.events);
        const problem = misnumbered(commit.events) ?? refusalOf(index, commit, claims)?.message;
        if (problem !== undefined)
          throw untrustedFrom(corruptAt(log, commit.number, problem), index.head);
        index.add(commit, claims);
      }
    if (index.head.commit > before) this.news.ring();
  }
}
