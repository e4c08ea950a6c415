/**
 * One writer at a time, in this process or any other. The lock is an exclusive transaction of SQLite
 * on an empty file beside the book: the kernel takes it back when its process dies, however it dies,
 * so there is no stale lock to clean up. The file itself may stay; it means nothing without a holder.
 */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { LedgerError } from "@tallystick/core";
import { isBusy, loadSqlite } from "../host/load-sqlite.ts";
import { systemCode, unopenable } from "./files.ts";

export interface WriterLock {
  /** Calling it again does nothing. */
  release(): void;
}

/**
 * SQLite would quietly lock a file that it may only read less tightly, so the rights are asked for
 * first. The file is not opened for that: closing it again would give up a lock of this process.
 */
const requireWritable = async (lockPath: string): Promise<void> => {
  try {
    await access(lockPath, constants.R_OK | constants.W_OK);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw unopenable(lockPath, error);
    try {
      await access(dirname(lockPath), constants.W_OK);
    } catch (folderError) {
      throw unopenable(lockPath, folderError);
    }
  }
};

/**
 * The lock of what stands at `path`, which has no symbolic links in it. `STORE_LOCKED` while
 * somebody else holds it.
 */
export const takeWriterLock = async (path: string, lockPath: string): Promise<WriterLock> => {
  await requireWritable(lockPath);
  const { DatabaseSync: Database } = loadSqlite();
  let holder: DatabaseSync | undefined;
  try {
    holder = new Database(lockPath);
    // Nothing is ever written, so the journal, which a killed process would leave behind, is not needed.
    holder.exec("PRAGMA journal_mode=MEMORY; PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    holder?.close();
    if (!isBusy(error)) throw unopenable(lockPath, error);
    throw new LedgerError(
      "STORE_LOCKED",
      `${path} is open for writing elsewhere; close it there, wait for that process to end, or open it with readOnly`,
      { cause: error, detail: { path } },
    );
  }
  return {
    release: () => {
      holder?.close();
      holder = undefined;
    },
  };
};
