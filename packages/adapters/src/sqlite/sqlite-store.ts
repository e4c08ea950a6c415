/**
 * Books in one SQLite file, by the driver that Node brings along: the store for a backend on one
 * machine. What `append` acknowledged has been synced to the disk (`synchronous=FULL`), any number of
 * processes may have the file open, and any SQL tool can read it.
 *
 * Beside `PATH` lie `PATH-wal` and `PATH-shm` while it is open and after a crash: they belong to it.
 * To copy a file that is in use, ask for a `backup`.
 */
import { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from "./open-sqlite-store.ts";

export { takeWriterLock, type WriterLock } from "../file/writer-lock.ts";
export type { BackupOptions, SqliteStore, SqliteStoreOptions } from "./open-sqlite-store.ts";

/**
 * The store in the file at `path`, created where there is none, its folder aside. It opens at once,
 * however much the file holds.
 *
 * `INVALID_INPUT` for what is no path, `STORE_UNSUPPORTED` before Node 22.16, `STORE_UNWRITABLE` (with
 * `readOnly` `STORE_UNREADABLE`) for a folder and where the place or the rights are missing, `BOOK_NOT_FOUND`
 * where there is nothing to read, `BOOK_MISMATCH` for a database of another program, `BOOK_CORRUPT`
 * for a file that is none, `UNKNOWN_SCHEMA_VERSION` for one of a later version, `STORE_LOCKED` where
 * another program does not let go of it.
 *
 * After `STORE_IO`, `STORE_FULL` or `BOOK_CORRUPT` the store closes itself; `retry` of the error says
 * whether the command may be repeated on one that is opened again.
 */
export const sqliteStore = (path: string, options: SqliteStoreOptions = {}): Promise<SqliteStore> =>
  openSqliteStore(path, options);
