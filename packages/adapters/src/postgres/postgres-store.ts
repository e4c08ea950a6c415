/**
 * Books in PostgreSQL: the store for many processes and machines. What `append` acknowledged has been
 * committed, with whatever durability the server is set to (`synchronous_commit` is left alone). A
 * group of commands is one statement, one round trip and one transaction; books do not wait for each
 * other.
 *
 * Needs the package `pg` and tables that `migrate` has made. No statement relies on what an earlier one
 * left in its session, so a pooler in transaction mode may stand in between; then say `listen: false`.
 */
import type { Host, Store, StoreCapabilities } from "@tallystick/core";
import { nodeHost } from "../host/node-host.ts";
import { BookStore, type BookStoreOptions } from "../store/book-store.ts";
import { PostgresBook } from "./book.ts";
import type { PostgresClient } from "./client.ts";
import { connect, type PostgresPlace } from "./connect.ts";
import { BorrowedDatabase, type Database, PooledDatabase } from "./database.ts";
import { requireTables } from "./migrate.ts";
import { channelOf, quoted, schemaDefault } from "./names.ts";
import { News } from "./news.ts";

export type { LentClient, PostgresClient, PostgresPool } from "./client.ts";
export type { PostgresPlace } from "./connect.ts";
export { type Migrated, type MigrateOptions, migrate } from "./migrate.ts";
export { type RolesOptions, rolesSql } from "./roles.ts";

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
   * of the pool for itself, and hears within about 20 ms. Without, it looks every 100 ms. Has to be
   * false behind a pooler in transaction mode. The default is true.
   */
  readonly listen?: boolean;
}

export interface PostgresStore extends Store {
  /**
   * The same books within a transaction that you have begun on `client` of `pg`: open a ledger on it,
   * and what it writes is committed or rolled back with your own rows. Nothing is remembered
   * beyond it; use the ledger no longer once the transaction has ended.
   *
   * Append last: the first append locks its book until the transaction ends, and everybody else who
   * writes to that book waits. Waiting for the book is bounded by `lockTimeoutMs`. After
   * an error of the database (`CONTENTION`, `STORE_LOCKED`, `STORE_UNAVAILABLE`) the transaction has failed
   * as a whole: roll it back, and repeat all of it. Closing this store leaves the client alone.
   */
  within(client: PostgresClient): Store;
}

class SchemaOfBooks extends BookStore implements PostgresStore {
  readonly #within: (client: PostgresClient) => Store;

  constructor(options: BookStoreOptions, within: (client: PostgresClient) => Store) {
    super(options);
    this.#within = within;
  }

  within(client: PostgresClient): Store {
    this.requireOpen();
    return this.#within(client);
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
      await end();
    },
  };
  const capabilities: StoreCapabilities = { durable: true, shared: true };
  return new SchemaOfBooks({ host, capabilities, books }, (client) => {
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
  });
};

const listed = async (database: Database, s: string): Promise<readonly string[]> => {
  const rows = await database.read(`SELECT name FROM ${s}.books WHERE commit_number > 0`, []);
  return rows.map(([name]) => String(name));
};
