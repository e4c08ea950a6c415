/**
 * The port behind `logStore`: an ordered list of texts, one encoded commit each. A log knows nothing
 * of what the texts say; it keeps them in order, whole, and as durable as it can.
 *
 * Commits are counted from 1: the commit of number n is the n-th text.
 */

/** Where a commit stands, for a person who has to look at it. */
export interface CommitPlace {
  /** Such as `/data/book.jsonl, line 8, byte 3120`. */
  readonly text: string;
  /** The same as facts, for `detail` of an error. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The log of one book. */
export interface CommitLog {
  /** What the first commit of the chain hashes. Fixed when the log is created. */
  readonly chainId: string;
  /**
   * Whether somebody else may append to it while it is open here. Such a log is only read here, and
   * has to be asked again before each answer.
   */
  readonly growsElsewhere: boolean;

  /**
   * Appends all texts behind the first `expectedLength`, or none. Resolves when they are durable.
   * `STORE_FULL`: nothing was written and the log goes on. `STORE_UNWRITABLE`, `STORE_LOCKED`:
   * nothing was written. `STORE_IO`: it is not known what was written, and the log is closed.
   * Calls never overlap.
   */
  append(expectedLength: number, texts: readonly string[]): Promise<void>;

  /**
   * Texts in batches, strictly after the first `after`, up to and with number `upTo`; without it up
   * to the end of the log at the time of the call. Whatever stands before a damaged place comes
   * first; then it ends with `BOOK_CORRUPT`. A group that is being appended is never seen in part.
   */
  read(after: number, upTo?: number): AsyncIterable<readonly string[]>;

  /** The texts of these commits, in the order asked. Each was appended or read here before. */
  readAt(numbers: readonly number[]): Promise<readonly string[]>;

  place(number: number): CommitPlace;
}

/** The logs of a store, by book. */
export interface LogFolder {
  /** Books that hold at least one commit, in any order. */
  list(): Promise<readonly string[]>;
  /** The log of a book, the same each time; undefined while it has none. */
  open(book: string): Promise<CommitLog | undefined>;
  /**
   * An empty log for a book that has none. It leaves no trace before its first append, and may be
   * asked for again, with another chain id, as long as that did not succeed.
   */
  create(book: string, chainId: string): Promise<CommitLog>;
  /** Closes every log that it gave out. Never called during an append. */
  close(): Promise<void>;
}
