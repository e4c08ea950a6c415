/** What SQLite says, in the words of the error catalogue. */
import { LedgerError } from "@tallystick/core";
import { sqliteCode } from "../host/load-sqlite.ts";
import { migrations } from "./schema.ts";

/** SQLite's primary result codes that are told apart. */
const code = {
  error: 1,
  perm: 3,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  auth: 23,
  notADatabase: 26,
};

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The error that is owed for one of SQLite's; any other passes through unchanged. */
export const ledgerErrorOf = (
  error: unknown,
  path: string,
  { reading = false }: { readonly reading?: boolean } = {},
): unknown => {
  const detail = { path };
  const options = { cause: error, detail };
  const said = textOf(error);
  switch (sqliteCode(error)) {
    case code.io:
      return new LedgerError(
        "STORE_IO",
        `${path}: the disk failed (${said}); whether the last write is stored is not known, so open the store again and repeat it with its idempotency key`,
        options,
      );
    case code.full:
      return new LedgerError(
        "STORE_FULL",
        `${path}: no space is left (${said}); nothing of the last write is stored. Make room, open the store again and repeat it`,
        options,
      );
    case code.corrupt:
      return new LedgerError(
        "BOOK_CORRUPT",
        `${path} is damaged (${said}); export what can be read, or restore a backup, and compare the head's hash with the one that you noted`,
        options,
      );
    case code.constraint:
      return new LedgerError(
        "BOOK_CORRUPT",
        `${path} holds rows that this program did not write (${said}); nothing was written. Find out which program did`,
        options,
      );
    case code.error:
      if (!/no such (table|column)/.test(said)) return error;
      return new LedgerError(
        "BOOK_CORRUPT",
        `${path} lacks a part of a store (${said}); name another file, or restore a backup`,
        options,
      );
    case code.notADatabase:
      return new LedgerError(
        "BOOK_CORRUPT",
        `${path} is no SQLite database, or its first page is damaged; name another file, or restore a backup`,
        options,
      );
    case code.readOnly:
    case code.cannotOpen:
    case code.perm:
    case code.auth:
      if (reading)
        return new LedgerError(
          "STORE_UNREADABLE",
          `${path} cannot be opened to be read (${said}); check that this user has the right to it`,
          options,
        );
      return new LedgerError(
        "STORE_UNWRITABLE",
        `${path} cannot be opened or written (${said}); check that its folder exists and may be written, or open it with readOnly`,
        options,
      );
    default:
      return error;
  }
};

export const laterSchema = (path: string, version: number): LedgerError =>
  new LedgerError(
    "UNKNOWN_SCHEMA_VERSION",
    `${path} has schema version ${version}; this version of Tallystick reads up to ${migrations.length}, so update it`,
    { detail: { path, version, supported: migrations.length } },
  );

/** Whether a handle that met this error must not be used again. */
export const isFatal = (error: unknown): boolean => {
  const met = sqliteCode(error);
  return met === code.io || met === code.full || met === code.corrupt || met === code.notADatabase;
};
