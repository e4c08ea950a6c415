/**
 * The port for what a program has to remember beside the books: small records of plain JSON, each by
 * owner, collection and key. Not a ledger: a record may be replaced and deleted, and nothing here is
 * part of any chain.
 *
 * What `write` acknowledged survives the death of the process; the last moments before the death of
 * the machine may be lost. Every implementation passes `recordsContract`.
 */
import { type Json, LedgerError } from "@tallystick/core";

/** One of the changes that are written together. */
export type RecordChange =
  | {
      readonly kind: "put";
      readonly collection: string;
      readonly key: string;
      readonly value: Json;
    }
  | { readonly kind: "delete"; readonly collection: string; readonly key: string }
  /** Deletes every record of a collection. */
  | { readonly kind: "clear"; readonly collection: string };

export interface StoredRecord {
  readonly key: string;
  readonly value: Json;
}

export interface PageRange {
  /** Only keys behind this one. */
  readonly after?: string;
  /** Only keys that begin so. */
  readonly prefix?: string;
  /** At most so many records; 1 or more. */
  readonly limit: number;
}

export interface Records {
  /** The value of a record; undefined where there is none. */
  get(owner: string, collection: string, key: string): Promise<Json | undefined>;
  /** Records of a collection in the order of their keys. */
  page(owner: string, collection: string, range: PageRange): Promise<readonly StoredRecord[]>;
  /** All of the changes in this order, or none. What is asked for afterwards sees them. */
  write(owner: string, changes: readonly RecordChange[]): Promise<void>;
  /** Everybody who has a record, sorted. */
  owners(): Promise<readonly string[]>;
  /** Lets go of the memory that is held for an owner who is idle. The records stay. */
  release(owner: string): Promise<void>;
  /** Finishes what is in flight, then refuses everything with `STORE_CLOSED`. Calling it again does nothing. */
  close(): Promise<void>;
}

/** Names and keys: printable ASCII, so that every implementation sorts them alike. */
const plain = /^[!-~]{1,512}$/;
/** An owner is also the name of a file. */
const plainOwner = /^[a-z0-9_-]{1,100}$/;

const refused = (field: string, message: string): LedgerError =>
  new LedgerError("INVALID_INPUT", `${field} ${message}`, {
    detail: { faults: [{ field, message }] },
  });

export const requireOwner = (owner: string): void => {
  if (!plainOwner.test(owner))
    throw refused("owner", "must have 1 to 100 small letters, digits, - and _");
};

/** Throws `INVALID_INPUT` for what cannot be a collection or a key. */
export const requirePlace = (owner: string, ...names: readonly string[]): void => {
  requireOwner(owner);
  for (const name of names)
    if (!plain.test(name)) throw refused("key", "must have 1 to 512 printable ASCII characters");
};

export const requireChanges = (owner: string, changes: readonly RecordChange[]): void => {
  for (const change of changes)
    if (change.kind === "clear") requirePlace(owner, change.collection);
    else requirePlace(owner, change.collection, change.key);
};

export const recordsClosed = (): LedgerError =>
  new LedgerError("STORE_CLOSED", "the records were closed and answer no more");
