/**
 * A book of any store as a file: backup, copy and fork. The file appears whole or not at all, with
 * the same chain and the same hashes; every hash is recomputed on the way, so that damage is not
 * carried into a backup unseen.
 */
import { link, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import {
  chainProblem,
  encodeCommit,
  genesis,
  type Head,
  headAfter,
  LedgerError,
  type RecordedCommit,
  type Store,
} from "@tallystick/core";
import { untrustedFrom } from "../log/read-commits.ts";
import { type Files, nodeFiles, type OpenFile, syncFolder, systemCode, unopenable, writeAll } from "./files.ts";
import { frameOf } from "./frame.ts";
import { headerLine } from "./header.ts";
import { takeWriterLock } from "./writer-lock.ts";

export interface ExportOptions {
  /** Replaces what stands at the path, unless it is open for writing. The default is false. */
  readonly overwrite?: boolean;
  /** Told how many events have been written, after each batch. */
  readonly onProgress?: (events: number) => void;
}

/**
 * Where the exported book ends. `BOOK_NOT_FOUND` for a book that does not exist, `STORE_UNWRITABLE`
 * where a file stands already or cannot be written, `STORE_FULL`, `STORE_IO`, `BOOK_CORRUPT` for a
 * book that does not verify, `STORE_LOCKED` where the file to replace is open for writing. After
 * any of these the path is as it was before.
 */
export const exportBook = async (
  store: Store,
  book: string,
  path: string,
  options: ExportOptions = {},
): Promise<Head> => exportThrough(store, book, path, options, nodeFiles);
