/**
 * A store that goes on after a failure: one that has closed itself, as an SQLite store does when no
 * space is left, is opened again for whoever asks next. The call that met the failure is told of it and
 * not repeated here; one that came too late did nothing, and is.
 */
import {
  type Head,
  type Host,
  isLedgerError,
  type RecordedCommit,
  type Store,
  type StoreCapabilities,
} from "@tallystick/core";

type Parameter<Method extends keyof Store, At extends number> = Store[Method] extends (
  ...args: infer Args
) => unknown
  ? Args[At]
  : never;

type Returned<Method extends keyof Store> = Store[Method] extends (...args: never) => infer Result
  ? Result
  : never;

const isClosed = (error: unknown): boolean => isLedgerError(error) && error.code === "STORE_CLOSED";

export class LastingStore implements Store {
  readonly host: Host;
  readonly capabilities: StoreCapabilities;
  readonly #open: () => Promise<Store>;
  #store: Store;
  /** The one that is being opened in place of another that closed itself. */
  #opening: Promise<Store> | undefined;
  #isOver = false;

  /** `store` is what `open` gave the first time. */
  constructor(store: Store, open: () => Promise<Store>) {
    this.#store = store;
    this.#open = open;
    this.host = store.host;
    this.capabilities = store.capabilities;
  }

  append(book: string, draft: Parameter<"append", 1>): Returned<"append"> {
    return this.#ask((store) => store.append(book, draft));
  }

  revisions(book: string, streamIds: Parameter<"revisions", 1>): Returned<"revisions"> {
    return this.#ask((store) => store.revisions(book, streamIds));
  }

  resolveClaims(book: string, keys: Parameter<"resolveClaims", 1>): Returned<"resolveClaims"> {
    return this.#ask((store) => store.resolveClaims(book, keys));
  }

  paymentClaims(book: string, paymentId: string): Returned<"paymentClaims"> {
    return this.#ask((store) => store.paymentClaims(book, paymentId));
  }

  findOutcome(book: string, key: string): Returned<"findOutcome"> {
    return this.#ask((store) => store.findOutcome(book, key));
  }

  query(book: string, query: Parameter<"query", 1>): Returned<"query"> {
    return this.#ask((store) => store.query(book, query));
  }

  chainId(book: string): Returned<"chainId"> {
    return this.#ask((store) => store.chainId(book));
  }

  head(book: string): Promise<Head | undefined> {
    return this.#ask((store) => store.head(book));
  }

  listBooks(): Promise<readonly string[]> {
    return this.#ask((store) => store.listBooks());
  }

  /** Commits that come from elsewhere can be read once, so this is asked once. */
  async importCommits(
    book: string,
    chainId: string,
    commits: Parameter<"importCommits", 2>,
  ): Promise<Head> {
    await this.head(book);
    return this.#store.importCommits(book, chainId, commits);
  }

  readStream(
    book: string,
    streamId: Parameter<"readStream", 1>,
    range?: Parameter<"readStream", 2>,
  ): Returned<"readStream"> {
    return this.#feed((store) => store.readStream(book, streamId, range));
  }

  readBook(book: string, range?: Parameter<"readBook", 1>): Returned<"readBook"> {
    return this.#feed((store) => store.readBook(book, range));
  }

  readCommits(book: string, range?: Parameter<"readCommits", 1>): Returned<"readCommits"> {
    return this.#feed((store) => store.readCommits(book, range));
  }

  /** A subscription ends with its store: where that closed itself, it goes on behind what was given. */
  async *subscribe(
    book: string,
    { afterPosition = 0, signal }: NonNullable<Parameter<"subscribe", 1>> = {},
  ): AsyncGenerator<RecordedCommit, void, undefined> {
    for (let after = afterPosition; ; ) {
      const store = this.#store;
      const options = { afterPosition: after, ...(signal === undefined ? {} : { signal }) };
      for await (const commit of store.subscribe(book, options)) {
        after = commit.firstPosition + commit.events.length - 1;
        yield commit;
      }
      if (this.#isOver || signal?.aborted === true) return;
      await this.#insteadOf(store);
    }
  }

  async close(): Promise<void> {
    this.#isOver = true;
    // At once where it can be: what is asked from here on comes too late.
    if (this.#opening !== undefined) await this.#opening.catch(() => undefined);
    await this.#store.close();
  }

  async #ask<Answer>(question: (store: Store) => Promise<Answer>): Promise<Answer> {
    const store = this.#store;
    try {
      return await question(store);
    } catch (error) {
      if (!isClosed(error) || this.#isOver) throw error;
      return question(await this.#insteadOf(store));
    }
  }

  /** Begins at the call; where the store turns out to be closed, at the first batch of another. */
  #feed<Batch>(begin: (store: Store) => AsyncIterable<Batch>): AsyncIterable<Batch> {
    const store = this.#store;
    return this.#goingOn(store, begin(store), begin);
  }

  async *#goingOn<Batch>(
    store: Store,
    feed: AsyncIterable<Batch>,
    begin: (store: Store) => AsyncIterable<Batch>,
  ): AsyncGenerator<Batch, void, undefined> {
    let begun = false;
    try {
      for await (const batch of feed) {
        begun = true;
        yield batch;
      }
    } catch (error) {
      if (begun || !isClosed(error) || this.#isOver) throw error;
      yield* begin(await this.#insteadOf(store));
    }
  }

  /** The store that takes the place of one that closed itself: opened once, whoever asks. */
  #insteadOf(closed: Store): Promise<Store> {
    if (this.#store !== closed) return Promise.resolve(this.#store);
    this.#opening ??= this.#openAgain(closed).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #openAgain(closed: Store): Promise<Store> {
    // It may still be at it.
    await closed.close().catch(() => undefined);
    this.#store = await this.#open();
    return this.#store;
  }
}
