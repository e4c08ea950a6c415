/**
 * Records in the SQLite file that holds the books, in a table of their own, over a handle of their
 * own. Nothing is held in memory. Writes that arrive together are one transaction.
 *
 * `synchronous=NORMAL`: what is written survives the death of the process, and that of the machine
 * from the next commit of any book on.
 */
import type { Host, Json } from "@tallystick/core";
import { nodeHost } from "../host/node-host.ts";
import type { Connection } from "../sqlite/connection.ts";
import { openFile } from "../sqlite/open-file.ts";
import { Turns } from "../store/turns.ts";
import {
  type PageRange,
  type RecordChange,
  type Records,
  recordsClosed,
  requireChanges,
  requirePlace,
  type StoredRecord,
} from "./records.ts";

const table = `CREATE TABLE IF NOT EXISTS records (
  owner TEXT NOT NULL,
  collection TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner, collection, key)
) STRICT, WITHOUT ROWID`;

const sql = {
  get: "SELECT value FROM records WHERE owner = ? AND collection = ? AND key = ?",
  page: `SELECT key, value FROM records WHERE owner = ? AND collection = ? AND key > ? AND key >= ? AND key < ?
    ORDER BY key LIMIT ?`,
  put: `INSERT INTO records VALUES (?, ?, ?, ?)
    ON CONFLICT (owner, collection, key) DO UPDATE SET value = excluded.value`,
  delete: "DELETE FROM records WHERE owner = ? AND collection = ? AND key = ?",
  clear: "DELETE FROM records WHERE owner = ? AND collection = ?",
  owners: "SELECT DISTINCT owner FROM records ORDER BY owner",
};

/** Behind every key: the first character that none may hold. */
const behindAll = "\u007f";
/** Pages kept in memory: 4 MB. */
const cacheKib = 4096;

interface Waiting {
  readonly owner: string;
  readonly changes: readonly RecordChange[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

class SqliteRecords implements Records {
  readonly #connection: Connection;
  readonly #turns = new Turns();
  #waiting: Waiting[] = [];
  #closing: Promise<void> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async get(owner: string, collection: string, key: string): Promise<Json | undefined> {
    requirePlace(owner, collection, key);
    const row = await this.#patiently(() =>
      this.#connection.statement(sql.get).get(owner, collection, key),
    );
    return row === undefined ? undefined : (JSON.parse(String(row[0])) as Json);
  }

  async page(
    owner: string,
    collection: string,
    { after = "", prefix = "", limit }: PageRange,
  ): Promise<readonly StoredRecord[]> {
    requirePlace(owner, collection);
    const rows = await this.#patiently(() =>
      this.#connection
        .statement(sql.page)
        .all(owner, collection, after, prefix, prefix + behindAll, limit),
    );
    return rows.map(([key, value]) => ({
      key: String(key),
      value: JSON.parse(String(value)) as Json,
    }));
  }

  async write(owner: string, changes: readonly RecordChange[]): Promise<void> {
    requireChanges(owner, changes);
    if (this.#closing !== undefined) throw recordsClosed();
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ owner, changes, resolve, reject });
      if (this.#waiting.length === 1) void this.#turns.take(() => this.#writeWaiting());
    });
  }

  async owners(): Promise<readonly string[]> {
    const rows = await this.#patiently(() => this.#connection.statement(sql.owners).all());
    return rows.map(([owner]) => String(owner));
  }

  async release(): Promise<void> {
    if (this.#closing !== undefined) throw recordsClosed();
  }

  close(): Promise<void> {
    this.#closing ??= this.#turns.take(async () => this.#connection.close());
    return this.#closing;
  }

  /** Settles everything that waits, whatever happens. */
  async #writeWaiting(): Promise<void> {
    let waiting: Waiting[] = [];
    try {
      await this.#connection.lock();
      waiting = this.#waiting;
      this.#waiting = [];
      for (const { owner, changes } of waiting)
        for (const change of changes) this.#run(owner, change);
      this.#connection.commit();
    } catch (error) {
      if (waiting.length === 0) {
        waiting = this.#waiting;
        this.#waiting = [];
      }
      const { error: owed } = this.#connection.errorOf(error);
      for (const { reject } of waiting) reject(owed);
      return;
    } finally {
      this.#connection.rollBack();
    }
    for (const { resolve } of waiting) resolve();
    this.#connection.tidy();
  }

  #run(owner: string, change: RecordChange): void {
    const { collection } = change;
    if (change.kind === "put")
      this.#connection
        .statement(sql.put)
        .run(owner, collection, change.key, JSON.stringify(change.value));
    else if (change.kind === "delete")
      this.#connection.statement(sql.delete).run(owner, collection, change.key);
    else this.#connection.statement(sql.clear).run(owner, collection);
  }

  #patiently<Found>(read: () => Found): Promise<Found> {
    if (this.#closing !== undefined) throw recordsClosed();
    return this.#connection.patiently(read);
  }
}

/** The records in the file at `path`, which is a store or becomes one. Errors are those of `sqliteStore`. */
export const sqliteRecords = async (
  path: string,
  { host = nodeHost }: { readonly host?: Host } = {},
): Promise<Records> => {
  const connection = await openFile(path, { host, readOnly: false, lockTimeoutMs: 30_000 });
  try {
    connection.exec(`PRAGMA cache_size = -${cacheKib}; PRAGMA synchronous = NORMAL`);
    await connection.patiently(() => connection.exec(table));
    return new SqliteRecords(connection);
  } catch (error) {
    connection.close();
    throw connection.errorOf(error).error;
  }
};
