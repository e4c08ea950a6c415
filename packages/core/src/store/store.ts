/**
 * The port: what a store owes the ledger. Every store passes the contract suite that ships as
 * `@tallystick/adapters/contract`.
 *
 * A book comes into being with its first commit; reading one that does not exist gives nothing, and
 * no error. Books of one store know nothing of each other.
 */
import type { ClaimKey } from "../domain/claims.ts";
import type { StreamId } from "../domain/target.ts";
import type { Host } from "../kernel/host.ts";
import type { CommitDraft, Head, Outcome, RecordedCommit, RecordedEvent } from "./commit.ts";
import type { DocumentPage, DocumentQuery } from "./documents.ts";

export interface StoreCapabilities {
  /** What `append` acknowledged survives the death of the machine. */
  readonly durable: boolean;
  /** Other processes may write to the same book while this one has it open. */
  readonly shared: boolean;
}

/** Who holds a claim. */
export interface ClaimHolder {
  readonly streamId: StreamId;
  readonly revision: number;
}

export interface FoundOutcome {
  readonly outcome: Outcome;
  /** The commit that carries it. */
  readonly commit: number;
}

export interface Store {
  readonly host: Host;
  readonly capabilities: StoreCapabilities;

  /**
   * Writes one commit whole, or nothing. Resolves when it is as durable as the store can make it.
   * Calls that arrive together are written together, in the order of arrival, and each still
   * succeeds or fails alone.
   *
   * Checked in this order, first come first served: the outcome's key (`OUTCOME_EXISTS`), each
   * stream's revision, each basis by its revision and its event, the outcome's subject, which may
   * not lie ahead of its stream (`REVISION_CONFLICT`, `detail.streamId`, `.expectedRevision`,
   * `.actualRevision`), each claim (`CLAIM_TAKEN`, `detail.claim`). Ids of events are unique; who
   * makes them answers for that. The position is given under the
   * book's lock, so the order of commits is the order of positions.
   */
  append(book: string, draft: CommitDraft): Promise<RecordedCommit>;

  /** Events of one stream by revision, strictly after `afterRevision` (default 0), up to and with `upToRevision`. */
  readStream(
    book: string,
    streamId: StreamId,
    range?: { readonly afterRevision?: number; readonly upToRevision?: number },
  ): AsyncIterable<readonly RecordedEvent[]>;

  /** Revisions of streams, 0 for one that nobody wrote, in the order asked. */
  revisions(book: string, streamIds: readonly StreamId[]): Promise<readonly number[]>;

  /** All events by position, strictly after `afterPosition` (default 0), up to the head at the time of the call. */
  readBook(
    book: string,
    range?: { readonly afterPosition?: number },
  ): AsyncIterable<readonly RecordedEvent[]>;

  /**
   * All commits by number, strictly after `afterCommit` (default 0), up to and with `upToCommit`. A
   * damaged one ends it with `BOOK_CORRUPT`.
   */
  readCommits(
    book: string,
    range?: { readonly afterCommit?: number; readonly upToCommit?: number },
  ): AsyncIterable<readonly RecordedCommit[]>;

  /**
   * Continues a book with commits of another copy of the same chain, hashes unchanged. Commits that
   * it holds already are passed over after comparing their hashes, so an import can be resumed.
   * `BOOK_MISMATCH` where the chains differ, `BOOK_CORRUPT` at the first commit that does not fit;
   * what came before it stays.
   */
  importCommits(
    book: string,
    chainId: string,
    commits: AsyncIterable<readonly RecordedCommit[]>,
  ): Promise<Head>;

  /**
   * Whole commits whose last event lies after `afterPosition` (default 0), in order, then new ones
   * as they come, until `signal` aborts or the store closes. At least once; never skips. The
   * consumer keeps its own checkpoint. Commits without events are left out.
   */
  subscribe(
    book: string,
    options?: { readonly afterPosition?: number; readonly signal?: AbortSignal },
  ): AsyncIterable<RecordedCommit>;

  /** Who holds each claim, in the order asked; undefined where it is free. */
  resolveClaims(
    book: string,
    keys: readonly ClaimKey[],
  ): Promise<readonly (ClaimHolder | undefined)[]>;

  /**
   * Who holds claims of the forms `payment/{paymentId}/…` and `applied/{paymentId}/…`, sorted by
   * the claim: every place where the payment was applied or lies in suspense.
   */
  paymentClaims(book: string, paymentId: string): Promise<readonly ClaimHolder[]>;

  findOutcome(book: string, key: string): Promise<FoundOutcome | undefined>;

  /** A page of read-model documents, caught up with every commit acknowledged before the call. */
  query(book: string, query: DocumentQuery): Promise<DocumentPage>;

  /**
   * The random name of the book's chain, which its copies share; undefined while the book does not
   * exist. Read without reading the book, so that a damaged one can be verified.
   */
  chainId(book: string): Promise<string | undefined>;

  /** Where the book ends; undefined while it does not exist. */
  head(book: string): Promise<Head | undefined>;

  /** Sorted by name. */
  listBooks(): Promise<readonly string[]>;

  /** Finishes what is in flight, then refuses everything with `STORE_CLOSED`. Calling it again does nothing. */
  close(): Promise<void>;
}

/** Part of es2023 everywhere that the core runs, but of no library that TypeScript ships without the DOM. */
interface AbortSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
