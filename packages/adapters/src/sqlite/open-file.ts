/** Opening a file: whether it is one of ours, of a version that is understood, and can be used. */
import { statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { type Host, LedgerError } from "@tallystick/core";
import { requirePath } from "../file/files.ts";
import { loadFullSqlite, loadSqlite, sqliteCode } from "../host/load-sqlite.ts";
import { busyTimeoutMs, Connection, logKeptMax } from "./connection.ts";
import { laterSchema, ledgerErrorOf } from "./errors.ts";
import { applicationId, migrations } from "./schema.ts";

export interface Opening {
  readonly host: Host;
  readonly readOnly: boolean;
  readonly lockTimeoutMs: number;
}

/** Pages kept in memory: 16 MB, for the upper levels of the indexes; the system keeps the rest at hand. */
const cacheKib = 16_384;
const cannotOpen = 14;

const requireFile = async (path: string, readOnly: boolean): Promise<void> => {
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) return;
    if (readOnly)
      throw new LedgerError("BOOK_NOT_FOUND", `there is no store at ${path}`, { detail: { path } });
    return;
  }
  if (isFolder)
    throw new LedgerError(
      readOnly ? "STORE_UNREADABLE" : "STORE_UNWRITABLE",
      `${path} is a folder; an SQLite store is one file, so name a file in it`,
      { detail: { path } },
    );
};

const pragma = (database: DatabaseSync, name: string): unknown =>
  Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];

/**
 * In a place where nothing may be written, SQLite cannot make the index of its log. A file without a
 * log needs none, so it is read as one that nobody changes.
 */
const openReadOnly = async (
  file: string,
  connect: (database: DatabaseSync) => Connection,
): Promise<DatabaseSync> => {
  const { DatabaseSync: Database } = loadSqlite();
  const database = new Database(file, { readOnly: true });
  try {
    await connect(database).patiently(() => pragma(database, "schema_version"));
    return database;
  } catch (error) {
    database.close();
    if (sqliteCode(error) !== cannotOpen) throw error;
    if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
      throw new LedgerError(
        "STORE_UNREADABLE",
        `the newest commits of ${file} are in its -wal file, which cannot be read in a place where nothing may be written; copy both to another place and open it there`,
        { cause: error, detail: { path: file } },
      );
    const url = pathToFileURL(file);
    url.searchParams.set("immutable", "1");
    return new Database(url, { readOnly: true });
  }
};

const version = (database: DatabaseSync, path: string): number => {
  const id = pragma(database, "application_id");
  const found = Number(pragma(database, "user_version"));
  const empty = Number(pragma(database, "schema_version")) === 0;
  if (id !== applicationId && !(id === 0 && empty && found === 0))
    throw new LedgerError(
      "BOOK_MISMATCH",
      `${path} is an SQLite database of another program; name another file`,
      { detail: { path, applicationId: id } },
    );
  if (found > migrations.length) throw laterSchema(path, found);
  return found;
};

const migrate = async (
  database: DatabaseSync,
  connection: Connection,
  { path, host }: { readonly path: string; readonly host: Host },
): Promise<void> => {
  if ((await connection.patiently(() => version(database, path))) === migrations.length) return;
  await connection.lock();
  try {
    // Somebody else may have done it while this waited for the lock.
    for (let from = version(database, path); from < migrations.length; from += 1) {
      const { sql, description } = migrations[from] ?? { sql: "", description: "" };
      database.exec(sql);
      database
        .prepare("INSERT INTO migrations VALUES (?, ?, ?)")
        .run(from + 1, host.now(), description);
    }
    database.exec(
      `PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`,
    );
    connection.commit();
  } finally {
    connection.rollBack();
  }
};

/** The errors are those that `sqliteStore` promises. */
export const openFile = async (
  path: string,
  { host, readOnly, lockTimeoutMs }: Opening,
): Promise<Connection> => {
  requirePath("sqliteStore", path);
  if (path === ":memory:")
    throw new LedgerError(
      "INVALID_INPUT",
      "sqliteStore keeps books in a file, and :memory: is none; use memoryStore for books that need not last",
      { detail: { path } },
    );
  const { DatabaseSync: Database } = loadFullSqlite();
  await requireFile(path, readOnly);
  // SQLite takes a path that begins with "file:" for a URI; an absolute one never does.
  const file = resolve(path);
  const connect = (handle: DatabaseSync): Connection => {
    handle.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    return new Connection(handle, { path, file, readOnly, lockTimeoutMs });
  };
  let database: DatabaseSync | undefined;
  try {
    database = readOnly ? await openReadOnly(file, connect) : new Database(file);
    const handle = database;
    const connection = connect(handle);
    const found = await connection.patiently(() => {
      handle.exec(`PRAGMA cache_size = -${cacheKib}`);
      return version(handle, path);
    });
    if (readOnly) {
      if (found === migrations.length) return connection;
      throw new LedgerError(
        "UNKNOWN_SCHEMA_VERSION",
        `${path} has schema version ${found}, and a read-only handle cannot raise it to ${migrations.length}; open it for writing once`,
        { detail: { path, version: found, supported: migrations.length } },
      );
    }
    await connection.patiently(() => handle.exec("PRAGMA journal_mode = WAL"));
    // The log is copied into the file between groups, where an error of it can be met.
    await connection.patiently(() =>
      handle.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
        PRAGMA journal_size_limit = ${logKeptMax}`),
    );
    await migrate(handle, connection, { path, host });
    return connection;
  } catch (error) {
    if (database?.isOpen === true) database.close();
    throw ledgerErrorOf(error, path, { reading: readOnly });
  }
};
