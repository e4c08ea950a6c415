/**
 * Records in the schema that holds the books, in a table of their own, over the connections of its
 * store. Nothing is held in memory. Writes that arrive together are one statement and one transaction.
 */
import type { Json } from "@tallystick/core";
import type { Database } from "../postgres/database.ts";
import { Turns } from "../store/turns.ts";
import { netChanges, type OwnedChanges } from "./net-changes.ts";
import {
  type PageRange,
  type RecordChange,
  type Records,
  recordsClosed,
  requireChanges,
  requirePlace,
  type StoredRecord,
} from "./records.ts";

const statements = (s: string) => ({
  get: `SELECT value FROM ${s}.records WHERE owner = $1 AND collection = $2 AND key = $3`,
  page: `SELECT key, value FROM ${s}.records
    WHERE owner = $1 AND collection = $2 AND key > $3 AND key >= $4 AND key < $5
    ORDER BY key LIMIT $6`,
  owners: `SELECT DISTINCT owner FROM ${s}.records ORDER BY owner`,
  save: `SELECT ${s}.save_records($1::json, $2::json, $3::json)`,
});

/** Behind every key: the first character that none may hold. */
const behindAll = "\u007f";

interface Waiting extends OwnedChanges {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class PostgresRecords implements Records {
  readonly #database: Database;
  readonly #sql: ReturnType<typeof statements>;
  readonly #turns = new Turns();
  #waiting: Waiting[] = [];
  #closing: Promise<void> | undefined;

  /** `schema` is quoted. */
  constructor(database: Database, schema: string) {
    this.#database = database;
    this.#sql = statements(schema);
  }

  async get(owner: string, collection: string, key: string): Promise<Json | undefined> {
    this.#requireOpen();
    requirePlace(owner, collection, key);
    const [row] = await this.#database.read(this.#sql.get, [owner, collection, key]);
    return row === undefined ? undefined : (JSON.parse(String(row[0])) as Json);
  }

  async page(
    owner: string,
    collection: string,
    { after = "", prefix = "", limit }: PageRange,
  ): Promise<readonly StoredRecord[]> {
    this.#requireOpen();
    requirePlace(owner, collection);
    const range = [owner, collection, after, prefix, prefix + behindAll, limit];
    const rows = await this.#database.read(this.#sql.page, range);
    return rows.map(([key, value]) => ({
      key: String(key),
      value: JSON.parse(String(value)) as Json,
    }));
  }

  async write(owner: string, changes: readonly RecordChange[]): Promise<void> {
    requireChanges(owner, changes);
    this.#requireOpen();
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ owner, changes, resolve, reject });
      if (this.#waiting.length === 1) void this.#turns.take(() => this.#writeWaiting());
    });
  }

  async owners(): Promise<readonly string[]> {
    this.#requireOpen();
    const rows = await this.#database.read(this.#sql.owners, []);
    return rows.map(([owner]) => String(owner));
  }

  async release(): Promise<void> {
    this.#requireOpen();
  }

  close(): Promise<void> {
    this.#closing ??= this.#turns.take(async () => undefined);
    return this.#closing;
  }

  /** Settles everything that waits, whatever happens. */
  async #writeWaiting(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const { cleared, deleted, put } = netChanges(waiting);
      await this.#database.write(this.#sql.save, [
        JSON.stringify(cleared.map(([o, c]) => ({ o, c }))),
        JSON.stringify(deleted.map(([o, c, k]) => ({ o, c, k }))),
        JSON.stringify(put.map(([o, c, k, v]) => ({ o, c, k, v }))),
      ]);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
      return;
    }
    for (const { resolve } of waiting) resolve();
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) throw recordsClosed();
  }
}
