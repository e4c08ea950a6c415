/**
 * A store over logs of commits, one log a book. The log is the only copy of the events; everything
 * else is an index of numbers, made from it and kept in memory.
 */
import {
  type ClaimHolder,
  type ClaimKey,
  type CommitDraft,
  type DocumentPage,
  type DocumentQuery,
  type FoundOutcome,
  type Head,
  type Host,
  isLedgerError,
  LedgerError,
  type RecordedCommit,
  type RecordedEvent,
  type Store,
  type StoreCapabilities,
  type StreamId,
} from "@tallystick/core";
import { Book, type OpenBook } from "./book.ts";
import { requireBookName } from "./book-name.ts";
import type { LogFolder } from "./commit-log.ts";
import { readAll, readBook, readStream, subscribe } from "./feeds.ts";
import { importCommits } from "./import-commits.ts";
import { decodeAt } from "./read-commits.ts";

export interface LogStoreOptions {
  readonly host: Host;
  readonly capabilities: StoreCapabilities;
  readonly folder: LogFolder;
}

/** After these a log is as it was before. After anything else nobody knows what is stored. */
const nothingWritten: ReadonlySet<unknown> = new Set([
  "STORE_FULL",
  "STORE_UNWRITABLE",
  "STORE_LOCKED",
  "BOOK_MISMATCH",
]);

/** A store over the logs of a folder. Closing it closes the folder. */
export const logStore = (options: LogStoreOptions): Store => new LogStore(options);

class LogStore implements Store {
  readonly host: Host;
  readonly capabilities: StoreCapabilities;
  readonly #folder: LogFolder;
  readonly #books = new Map<string, Book>();
  /** Answers that are on their way; closing waits for them. */
  readonly #answers = new Set<Promise<unknown>>();
  /** Why nothing is answered any more; undefined while the store is open. */
  #closedBecause: string | undefined;
  #closing: Promise<void> | undefined;

  constructor({ host, capabilities, folder }: LogStoreOptions) {
    this.host = host;
    this.capabilities = Object.freeze({ ...capabilities });
    this.#folder = folder;
  }

  async append(book: string, draft: CommitDraft): Promise<RecordedCommit> {
    return this.#book(book).append(draft);
  }

  readStream(
    book: string,
    streamId: StreamId,
    range: { readonly afterRevision?: number; readonly upToRevision?: number } = {},
  ): AsyncIterable<readonly RecordedEvent[]> {
    return this.#feed(() => readStream(this.#book(book), streamId, range));
  }

  readBook(
    book: string,
    range: { readonly afterPosition?: number } = {},
  ): AsyncIterable<readonly RecordedEvent[]> {
    return this.#feed(() => readBook(this.#book(book), range));
  }

  readCommits(
    book: string,
    range: { readonly afterCommit?: number } = {},
  ): AsyncIterable<readonly RecordedCommit[]> {
    return this.#feed(() => readAll(this.#book(book), range));
  }

  subscribe(
    book: string,
    options: NonNullable<Parameters<Store["subscribe"]>[1]> = {},
  ): AsyncIterable<RecordedCommit> {
    const closed = (): boolean => this.#closedBecause !== undefined;
    return subscribe(() => this.#book(book), closed, options);
  }

  async importCommits(
    book: string,
    chainId: string,
    commits: AsyncIterable<readonly RecordedCommit[]>,
  ): Promise<Head> {
    return importCommits(this.#book(book), () => this.#requireOpen(), chainId, commits);
  }

  async revisions(book: string, streamIds: readonly StreamId[]): Promise<readonly number[]> {
    const revisions = await this.#look(book, ({ index }) =>
      streamIds.map((streamId) => index.revision(streamId)),
    );
    return revisions ?? streamIds.map(() => 0);
  }

  async resolveClaims(
    book: string,
    keys: readonly ClaimKey[],
  ): Promise<readonly (ClaimHolder | undefined)[]> {
    const holders = await this.#look(book, ({ index }) =>
      keys.map((key) => index.claimHolder(key)),
    );
    return holders ?? keys.map(() => undefined);
  }

  chainId(book: string): Promise<string | undefined> {
    return this.#answer(book, async (known) => (await known.log())?.chainId);
  }

  async paymentClaims(book: string, paymentId: string): Promise<readonly ClaimHolder[]> {
    return (await this.#look(book, ({ index }) => index.paymentClaims(paymentId))) ?? [];
  }

  findOutcome(book: string, key: string): Promise<FoundOutcome | undefined> {
    return this.#answer(book, async (known) => {
      const found = await known.look(({ log, index }) => ({
        log,
        commit: index.outcomeCommit(key),
      }));
      if (found?.commit === undefined) return undefined;
      const { log, commit } = found;
      const [text = ""] = await log.readAt([commit]);
      const { outcome } = decodeAt(log, commit, text);
      return outcome === undefined ? undefined : { outcome, commit };
    });
  }

  query(book: string, query: DocumentQuery): Promise<DocumentPage> {
    return this.#answer(book, async (known) => {
      const opened = await known.opened();
      return opened?.documents.query(query) ?? { documents: [], position: 0 };
    });
  }

  head(book: string): Promise<Head | undefined> {
    return this.#look(book, ({ index }) =>
      index.head.commit === 0 ? undefined : { ...index.head },
    );
  }

  async listBooks(): Promise<readonly string[]> {
    this.#requireOpen();
    const names = await this.#tracked(this.#folder.list());
    return [...names].sort();
  }

  close(): Promise<void> {
    return this.#close("it was closed");
  }

  #close(reason: string): Promise<void> {
    this.#closedBecause ??= reason;
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #shutDown(): Promise<void> {
    const books = [...this.#books.values()];
    for (const { news } of books) news.ring();
    await Promise.all(books.map((book) => book.idle()));
    await Promise.allSettled(this.#answers);
    await this.#folder.close();
  }

  /** A write that may have reached the disk in part leaves the index behind: nothing goes on from there. */
  #failed(error: unknown): void {
    if (isLedgerError(error) && nothingWritten.has(error.code)) return;
    const message = error instanceof Error ? error.message : String(error);
    void this.#close(
      `it closed itself after a failed write (${message}); open it again and repeat the command with its idempotency key`,
    ).catch(() => undefined);
  }

  #requireOpen(): void {
    if (this.#closedBecause !== undefined)
      throw new LedgerError("STORE_CLOSED", `the store answers no more: ${this.#closedBecause}`);
  }

  #book(name: string): Book {
    this.#requireOpen();
    const known = this.#books.get(name);
    if (known !== undefined) return known;
    requireBookName(name);
    const book = new Book(name, this.host, this.#folder, (error) => this.#failed(error));
    this.#books.set(name, book);
    return book;
  }

  #look<Seen>(book: string, look: (opened: OpenBook) => Seen): Promise<Seen | undefined> {
    return this.#answer(book, (known) => known.look(look));
  }

  async #answer<Answer>(name: string, ask: (book: Book) => Promise<Answer>): Promise<Answer> {
    return this.#tracked(ask(this.#book(name)));
  }

  async #tracked<Answer>(answer: Promise<Answer>): Promise<Answer> {
    this.#answers.add(answer);
    try {
      return await answer;
    } finally {
      this.#answers.delete(answer);
    }
  }

  /** A feed begins at the call; what goes wrong there is met by whoever iterates. */
  #feed<Batch>(begin: () => AsyncIterable<Batch>): AsyncIterable<Batch> {
    try {
      return this.#whileOpen(begin());
    } catch (error) {
      return failing(error);
    }
  }

  async *#whileOpen<Batch>(feed: AsyncIterable<Batch>): AsyncGenerator<Batch, void, undefined> {
    this.#requireOpen();
    for await (const batch of feed) {
      yield batch;
      this.#requireOpen();
    }
  }
}

const failing = (error: unknown): AsyncIterable<never> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }),
});
