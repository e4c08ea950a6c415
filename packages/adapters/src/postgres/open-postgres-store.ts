/** Opening books in PostgreSQL: what they share, and a store within a transaction of the caller. */
import type { Host, Store, StoreCapabilities } from "@tallystick/core";
import { nodeHost } from "../host/node-host.ts";
import { PostgresRecords } from "../records/postgres-records.ts";
import type { Records } from "../records/records.ts";
import { BookStore, type BookStoreOptions } from "../store/book-store.ts";
import { faulty } from "../store/faulty.ts";
import { PostgresBook } from "./book.ts";
import type { PostgresClient } from "./client.ts";
import { connect, type PostgresPlace } from "./connect.ts";
import { BorrowedDatabase, type Database, PooledDatabase } from "./database.ts";
import { Holds } from "./holds.ts";
import { requireTables } from "./migrate.ts";
import { channelOf, quoted, schemaDefault } from "./names.ts";
import { News } from "./news.ts";

export interface PostgresStoreOptions {
  /** Clock and randomness. The default is the machine's. */
  readonly host?: Host;
  /** Where the tables live; any name. The default is `tallystick`. */
  readonly schema?: string;
  /**
   * How long an append waits for a transaction that holds the book, in milliseconds, before it is
   * refused with `STORE_LOCKED`. Less tells you sooner of a program that keeps a transaction open; more
   * outlasts it. The default is 30,000.
   */
  readonly lockTimeoutMs?: number;
  /**
   * Whether subscriptions are woken by NOTIFY. A process that waits for news then keeps one connection
   * of the pool for itself, and hears within about 20 ms. Without, it looks every 100 ms. Say false
   * behind a pooler in transaction mode, where no notice arrives: it would look once a second. The
   * default is true.
   */
  readonly listen?: boolean;
}

export interface PostgresStore extends Store {
  /**
   * The same books within a transaction that you have begun on `client` of `pg`: open a ledger on it,
   * and what it writes is committed or rolled back with your own rows. Nothing is remembered
   * beyond it; use the ledger no longer once the transaction has ended, or was taken back to a
   * savepoint: what it knows by then was never written, so open another.
   *
   * Append last: the first append locks its book until the transaction ends, and everybody else who
   * writes to that book waits. Waiting for the book is bounded by `lockTimeoutMs`. After
   * an error of the database (`CONTENTION`, `STORE_LOCKED`, `STORE_UNAVAILABLE`) the transaction has failed
   * as a whole: roll it back, and repeat all of it. `INVALID_INPUT` for a pool, and for a client without
   * a transaction, where this version of `pg` tells. Closing this store leaves the client alone.
   */
  within(client: PostgresClient): Store;
  /** What a program remembers beside these books, over the same connections. Close it before the store. */
  records(): Records;
  /**
   * Sees to it that no other process does the same with this schema until the store is closed:
   * `STORE_LOCKED` while one does. It costs a connection, behind a pooler one of the server's too; where
   * that is lost, the lock is taken again as soon as it may be. `purpose` is a noun that the refusal names.
   */
  hold(purpose: string): Promise<void>;
}

interface Beside {
  readonly within: (client: PostgresClient) => Store;
  readonly records: () => Records;
  readonly holds: Holds;
}

class SchemaOfBooks extends BookStore implements PostgresStore {
  readonly #beside: Beside;

  constructor(options: BookStoreOptions, beside: Beside) {
    super(options);
    this.#beside = beside;
  }

  within(client: PostgresClient): Store {
    this.requireOpen();
    // It has a query of its own, and would give each statement another connection.
    if ("totalCount" in client)
      throw faulty("within", "client", "must be a client with a transaction, and is a pool");
    return this.#beside.within(client);
  }

  records(): Records {
    this.requireOpen();
    return this.#beside.records();
  }

  async hold(purpose: string): Promise<void> {
    this.requireOpen();
    await this.#beside.holds.take(purpose);
  }
}

/**
 * The store in a schema of a database. It opens with one short question, however much there is.
 *
 * `INVALID_INPUT` for what is no URL, `STORE_UNSUPPORTED` without `pg`, `STORE_UNAVAILABLE` where the
 * server cannot be reached, `STORE_UNREADABLE` where it does not let us in, `BOOK_NOT_FOUND` and
 * `STORE_UNWRITABLE` where `migrate` has to run first, `UNKNOWN_SCHEMA_VERSION` for later tables.
 *
 * A failure does not close it: the next command has a new connection. `retry` of the error says whether
 * the command may simply be repeated. Passwords never appear in messages.
 */
export const postgresStore = async (
  where: PostgresPlace,
  {
    host = nodeHost,
    schema = schemaDefault,
    lockTimeoutMs = 30_000,
    listen = true,
  }: PostgresStoreOptions = {},
): Promise<PostgresStore> => {
  const s = quoted(schema, "schema");
  const { pool, place, end } = await connect(where);
  const database = new PooledDatabase(pool, {
    place,
    schema,
    lockTimeoutMs,
    pause: host.pause,
    random: () => (host.randomBytes(1)[0] ?? 0) / 256,
  });
  try {
    await requireTables((text, values) => database.read(text, values), database);
  } catch (error) {
    await end();
    throw error;
  }
  // Who listens keeps a connection: with a single one nothing else would ever be done.
  const channel = listen && pool.options?.max !== 1 ? channelOf(schema) : null;
  const shared = { host, schema: s, lockTimeoutMs };
  const news = new News(pool, { database, schema: s, channel });
  const holds = new Holds(pool, database);
  const books = {
    book: (name: string) => {
      const book: PostgresBook = new PostgresBook(name, {
        ...shared,
        database,
        within: false,
        channel: null,
        wrote: () => news.wrote(name),
        awaited: () => news.awaited(name, book.news),
      });
      return book;
    },
    list: () => listed(database, s),
    close: async () => {
      await news.close();
      await holds.release();
      await end();
    },
  };
  const capabilities: StoreCapabilities = { durable: true, shared: true };
  const within = (client: PostgresClient): Store => {
    const borrowed = new BorrowedDatabase(client, { place, schema });
    return new BookStore({
      host,
      // Not before the caller has committed.
      capabilities: { durable: false, shared: true },
      books: {
        book: (name) =>
          new PostgresBook(name, {
            ...shared,
            database: borrowed,
            within: true,
            channel,
            wrote: () => undefined,
            awaited: () => undefined,
          }),
        list: () => listed(borrowed, s),
        close: async () => undefined,
      },
    });
  };
  const records = (): Records => new PostgresRecords(database, s);
  return new SchemaOfBooks({ host, capabilities, books }, { within, records, holds });
};

const listed = async (database: Database, s: string): Promise<readonly string[]> => {
  const rows = await database.read(`SELECT name FROM ${s}.books WHERE commit_number > 0`, []);
  return rows.map(([name]) => String(name));
};
