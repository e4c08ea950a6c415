/**
 * The port over books: what opening, closing and failing mean is the same for every kind of storage.
 * A book answers for itself; the store knows which there are and refuses everything once it is closed.
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
  LedgerError,
  type RecordedCommit,
  type RecordedEvent,
  type Store,
  type StoreCapabilities,
  type StreamId,
} from "@tallystick/core";
import { requireBookName } from "./book-name.ts";
import { copyDraft, type DraftCopy } from "./draft-copy.ts";
import { importCommits } from "./import-commits.ts";
import { type Followed, subscribe } from "./subscribe.ts";

export interface StreamRange {
  readonly afterRevision?: number;
  readonly upToRevision?: number;
}

/** One book of a store. Feeds end where the book ended at the time of the call. */
export interface StoredBook extends Followed {
  append(copy: DraftCopy): Promise<RecordedCommit>;
  /**
   * Continues the book with commits of another copy of its chain: those up to the first that does not
   * fit, then the error that it is owed. Gives back where the book ends now.
   */
  importBatch(chainId: string, batch: readonly RecordedCommit[]): Promise<Head>;
  readStream(streamId: StreamId, range: StreamRange): AsyncIterable<readonly RecordedEvent[]>;
  readBook(afterPosition: number): AsyncIterable<readonly RecordedEvent[]>;
  readCommits(afterCommit: number, upToCommit?: number): AsyncIterable<readonly RecordedCommit[]>;
  revisions(streamIds: readonly StreamId[]): Promise<readonly number[]>;
  resolveClaims(keys: readonly ClaimKey[]): Promise<readonly (ClaimHolder | undefined)[]>;
  paymentClaims(paymentId: string): Promise<readonly ClaimHolder[]>;
  findOutcome(key: string): Promise<FoundOutcome | undefined>;
  query(query: DocumentQuery): Promise<DocumentPage>;
  chainId(): Promise<string | undefined>;
  head(): Promise<Head | undefined>;
  /** Resolves when nothing is being written or caught up any more. */
  idle(): Promise<void>;
}

/** The books of a store. */
export interface BookCase {
  /** A book, whether it holds anything yet or not; asked for once. `failed` closes the store, with the reason. */
  book(name: string, failed: (error: unknown) => void): StoredBook;
  /** Books that hold at least one commit, in any order. */
  list(): Promise<readonly string[]>;
  /** Closes what the books are kept in. Nothing is being written any more. */
  close(): Promise<void>;
}

export interface BookStoreOptions {
  readonly host: Host;
  readonly capabilities: StoreCapabilities;
  readonly books: BookCase;
}

export class BookStore implements Store {
  readonly host: Host;
  readonly capabilities: StoreCapabilities;
  readonly #case: BookCase;
  readonly #books = new Map<string, StoredBook>();
  /** Answers that are on their way; closing waits for them. */
  readonly #answers = new Set<Promise<unknown>>();
  /** Why nothing is answered any more; undefined while the store is open. */
  #closedBecause: string | undefined;
  #closing: Promise<void> | undefined;

  constructor({ host, capabilities, books }: BookStoreOptions) {
    this.host = host;
    this.capabilities = Object.freeze({ ...capabilities });
    this.#case = books;
  }

  async append(book: string, draft: CommitDraft): Promise<RecordedCommit> {
    return this.#book(book).append(copyDraft(draft));
  }

  readStream(
    book: string,
    streamId: StreamId,
    range: StreamRange = {},
  ): AsyncIterable<readonly RecordedEvent[]> {
    return this.#feed(() => this.#book(book).readStream(streamId, range));
  }

  readBook(
    book: string,
    { afterPosition = 0 }: { readonly afterPosition?: number } = {},
  ): AsyncIterable<readonly RecordedEvent[]> {
    return this.#feed(() => this.#book(book).readBook(afterPosition));
  }

  readCommits(
    book: string,
    {
      afterCommit = 0,
      upToCommit,
    }: { readonly afterCommit?: number; readonly upToCommit?: number } = {},
  ): AsyncIterable<readonly RecordedCommit[]> {
    return this.#feed(() => this.#book(book).readCommits(Math.max(0, afterCommit), upToCommit));
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
    return importCommits(this.#book(book), () => this.requireOpen(), chainId, commits);
  }

  revisions(book: string, streamIds: readonly StreamId[]): Promise<readonly number[]> {
    return this.#answer(book, (known) => known.revisions(streamIds));
  }

  resolveClaims(
    book: string,
    keys: readonly ClaimKey[],
  ): Promise<readonly (ClaimHolder | undefined)[]> {
    return this.#answer(book, (known) => known.resolveClaims(keys));
  }

  paymentClaims(book: string, paymentId: string): Promise<readonly ClaimHolder[]> {
    return this.#answer(book, (known) => known.paymentClaims(paymentId));
  }

  findOutcome(book: string, key: string): Promise<FoundOutcome | undefined> {
    return this.#answer(book, (known) => known.findOutcome(key));
  }

  query(book: string, query: DocumentQuery): Promise<DocumentPage> {
    return this.#answer(book, (known) => known.query(query));
  }

  chainId(book: string): Promise<string | undefined> {
    return this.#answer(book, (known) => known.chainId());
  }

  head(book: string): Promise<Head | undefined> {
    return this.#answer(book, (known) => known.head());
  }

  async listBooks(): Promise<readonly string[]> {
    this.requireOpen();
    const names = await this.tracked(this.#case.list());
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
    await this.#case.close();
  }

  /** After a failure that leaves it open what is stored, nothing goes on from here. */
  #failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    void this.#close(
      `it closed itself after a failure (${message}); open it again and repeat the command with its idempotency key`,
    ).catch(() => undefined);
  }

  /** Throws `STORE_CLOSED`, with the reason, once the store is closed. */
  protected requireOpen(): void {
    if (this.#closedBecause !== undefined)
      throw new LedgerError("STORE_CLOSED", `the store answers no more: ${this.#closedBecause}`);
  }

  #book(name: string): StoredBook {
    this.requireOpen();
    const known = this.#books.get(name);
    if (known !== undefined) return known;
    requireBookName(name);
    const book = this.#case.book(name, (error) => this.#failed(error));
    this.#books.set(name, book);
    return book;
  }

  async #answer<Answer>(name: string, ask: (book: StoredBook) => Promise<Answer>): Promise<Answer> {
    return this.tracked(ask(this.#book(name)));
  }

  /** Closing waits for what is tracked. */
  protected async tracked<Answer>(answer: Promise<Answer>): Promise<Answer> {
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
    this.requireOpen();
    for await (const batch of feed) {
      yield batch;
      this.requireOpen();
    }
  }
}

const failing = (error: unknown): AsyncIterable<never> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }),
});
