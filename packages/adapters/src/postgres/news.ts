/**
 * How subscriptions learn that somebody has written. Another connection's commit is told by NOTIFY
 * where that is allowed, and looked for now and then anyway: a notice may be lost with a connection,
 * a pooler may swallow it, and nothing but the book itself says what there is to read.
 *
 * NOTIFY takes a lock that all transactions of a database share until they are on the disk, so a group
 * does not notify by itself: its writer does afterwards, for all its books together.
 */
import type { Bell } from "../store/bell.ts";
import type { PostgresPool } from "./client.ts";
import type { Database } from "./database.ts";
import { Listener } from "./listener.ts";

/** How long a writer gathers news before it tells them. */
const gatherMs = 20;
/** How often a waiting process looks for news, in milliseconds: with notices, and without. */
const lookMs = { listening: 1000, unheard: 100 };

interface Watched {
  readonly bell: Bell;
  /** The book's last commit when it was looked at. */
  seen: number;
}

export class News {
  readonly #database: Database;
  readonly #schema: string;
  /** The channel of the notices; null where there are none. */
  readonly #channel: string | null;
  readonly #listener: Listener | undefined;
  readonly #watched = new Map<string, Watched>();
  readonly #written = new Set<string>();
  #telling: NodeJS.Timeout | undefined;
  #looking: NodeJS.Timeout | undefined;
  #closed = false;

  /** `schema` is quoted. */
  constructor(
    pool: PostgresPool,
    {
      database,
      schema,
      channel,
    }: { readonly database: Database; readonly schema: string; readonly channel: string | null },
  ) {
    this.#database = database;
    this.#schema = schema;
    this.#channel = channel;
    if (channel !== null)
      this.#listener = new Listener(pool, channel, (book) => this.#watched.get(book)?.bell.ring());
  }

  /** The book was written to by this process. */
  wrote(book: string): void {
    if (this.#channel === null) return;
    this.#written.add(book);
    this.#telling ??= setTimeout(() => void this.#tell(), gatherMs).unref();
  }

  /** Somebody waits for the bell of a book. */
  awaited(book: string, bell: Bell): void {
    if (!this.#watched.has(book)) this.#watched.set(book, { bell, seen: 0 });
    if (this.#looking === undefined && !this.#closed) this.#lookLater();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#looking);
    clearTimeout(this.#telling);
    this.#listener?.drop();
    if (this.#written.size > 0) await this.#tell();
  }

  async #tell(): Promise<void> {
    this.#telling = undefined;
    const books = [...this.#written];
    this.#written.clear();
    try {
      // Not worth waiting for the disk.
      await this.#database.read(
        `SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, book)
          FROM unnest($2::text[]) AS book`,
        [this.#channel, books],
      );
    } catch {
      // Whoever waits looks by itself.
    }
  }

  #lookLater(): void {
    const after = this.#listener?.listens === true ? lookMs.listening : lookMs.unheard;
    this.#looking = setTimeout(() => void this.#look(), after);
  }

  async #look(): Promise<void> {
    const awaited = [...this.#watched].filter(([, { bell }]) => bell.awaited);
    if (awaited.length === 0 || this.#closed) {
      this.#looking = undefined;
      this.#listener?.drop();
      return;
    }
    this.#listener?.wish();
    try {
      const rows = await this.#database.read(
        `SELECT name, commit_number FROM ${this.#schema}.books WHERE name = ANY($1::text[])`,
        [awaited.map(([name]) => name)],
      );
      for (const [name, commit] of rows) {
        const watched = this.#watched.get(String(name));
        if (watched === undefined || watched.seen === commit) continue;
        watched.seen = Number(commit);
        watched.bell.ring();
      }
    } catch {
      // Whoever waits meets the error when it looks.
      for (const [, { bell }] of awaited) bell.ring();
    }
    if (!this.#closed) this.#lookLater();
  }
}
