/** Opening a store over an SQLite file, with the one setting that only tests change. */
import type { Host, Store } from "@tallystick/core";
import { nodeHost } from "../host/node-host.ts";
import { BookStore, type BookStoreOptions } from "../store/book-store.ts";
import { backUp } from "./backup.ts";
import { SqliteBook } from "./book.ts";
import type { Connection } from "./connection.ts";
import { openFile } from "./open-file.ts";

export interface SqliteStoreOptions {
  /** Clock and randomness. The default is the machine's. */
  readonly host?: Host;
  /**
   * Reads only, and creates nothing. Whatever would write is refused with `STORE_UNWRITABLE`.
   * Documents that no writer has stored yet are folded into temporary tables, which costs time at the
   * first query. The default is false.
   */
  readonly readOnly?: boolean;
  /**
   * How long an append waits for the write lock of another process, in milliseconds, before it is
   * refused with `STORE_LOCKED`. Less tells you sooner of a program that hangs with a transaction
   * open; more outlasts it. Locks among stores like this one last a few milliseconds. The default is
   * 30,000.
   */
  readonly lockTimeoutMs?: number;
}

export interface BackupOptions {
  /** Replaces what stands at the path. The default is false. */
  readonly overwrite?: boolean;
}

export interface SqliteStore extends Store {
  readonly path: string;
  /**
   * Copies every book into a new file at `target`, as they are at one moment, while this store and
   * others go on writing. The copy is a store of its own with the same chains. It appears whole and
   * synced, or not at all: `STORE_UNWRITABLE` where something stands there already or the place
   * cannot be written, `STORE_FULL`, `STORE_IO`.
   */
  backup(target: string, options?: BackupOptions): Promise<void>;
}

class FileOfBooks extends BookStore implements SqliteStore {
  readonly #connection: Connection;

  constructor(connection: Connection, options: BookStoreOptions) {
    super(options);
    this.#connection = connection;
  }

  get path(): string {
    return this.#connection.path;
  }

  async backup(target: string, { overwrite = false }: BackupOptions = {}): Promise<void> {
    this.requireOpen();
    await this.tracked(backUp(this.#connection, target, { host: this.host, overwrite }));
  }
}

const names = "SELECT name FROM books ORDER BY name";

/** How many of the newest commits are kept out of the index tables until they go there together. */
const recentMaxDefault = 8192;

export const openSqliteStore = async (
  path: string,
  { host = nodeHost, readOnly = false, lockTimeoutMs = 30_000 }: SqliteStoreOptions,
  recentMax: number = recentMaxDefault,
): Promise<SqliteStore> => {
  const connection = await openFile(path, { host, readOnly, lockTimeoutMs });
  const books: SqliteBook[] = [];
  const health = { failed: false };
  return new FileOfBooks(connection, {
    host,
    capabilities: { durable: true, shared: true },
    books: {
      book: (name, failed) => {
        const book = new SqliteBook(name, {
          host,
          connection,
          recentMax,
          failed: (error) => {
            health.failed = true;
            failed(error);
          },
        });
        books.push(book);
        return book;
      },
      list: () =>
        connection.patiently(() =>
          connection
            .statement(names)
            .all()
            .map(([name]) => String(name)),
        ),
      close: () => shutDown(connection, books, health),
    },
  });
};

const shutDown = async (
  connection: Connection,
  books: readonly SqliteBook[],
  health: { readonly failed: boolean },
): Promise<void> => {
  try {
    // Only makes the next opening faster; nothing depends on it.
    if (!health.failed) for (const book of books) await book.settle();
  } catch {
    // Whoever opens the file next reads the newest commits instead.
  } finally {
    connection.close();
  }
};
