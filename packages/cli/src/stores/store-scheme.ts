/** What a kind of store has to offer to be named on the command line. */
import type { Host, Store } from "@tallystick/core";

/** What a command is going to do with a store. */
export type StoreUse =
  /** Read: nothing is locked or created, and a store that is not there is an error. */
  | "read"
  /** Change what is there; a store that is not there is an error. */
  | "change"
  /** Write, and create the store where there is none. */
  | "create";

export interface StoreOpening {
  readonly use: StoreUse;
  readonly host: Host;
  /** Told of what a crash had left behind and was dropped, as a sentence. */
  readonly onRecovery: (sentence: string) => void;
}

export interface OpenedStore {
  readonly store: Store;
  /** Where the webhooks of a book leave deliveries that are signed and cannot be read. */
  readonly deadLettersPath: (book: string) => string;
  /** Bytes behind the last whole commit, which the next writer drops; 0 where that cannot be. */
  readonly tornBytes: () => Promise<number>;
  /** Copies all books as one state of the store into an SQLite file; where a store can do that. */
  readonly backup?: (path: string, options: { readonly overwrite: boolean }) => Promise<void>;
}

export interface StoreScheme {
  /** Such as `file:PATH`, for messages and help. */
  readonly form: string;
  /** Opens what stands behind the colon. */
  open(rest: string, opening: StoreOpening): Promise<OpenedStore>;
}
