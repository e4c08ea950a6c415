/**
 * Something that one process at a time may do with a schema, such as keeping a mock server's state in
 * memory. Each is an advisory lock in a transaction that stays open on a connection of its own: the
 * database takes it back when the connection ends, however it ends, so there is no stale lock to clean
 * up. A lock of the session would outlive its holder behind a pooler in transaction mode. The
 * transaction has neither a snapshot nor a number, so vacuum goes on beside it.
 *
 * A connection that is lost, as when the database is started again, takes the lock with it: it is
 * taken again as soon as there is a connection, unless somebody else was first.
 */
import { LedgerError } from "@tallystick/core";
import { type LentClient, type PostgresPool, run } from "./client.ts";
import type { Place } from "./database.ts";
import { ledgerErrorOf } from "./errors.ts";

/** How long a lost lock waits before it is asked for, in milliseconds, and the end of a held one for its answer. */
const againMs = 250;
const answerMs = 5000;

export class Holds {
  readonly #pool: PostgresPool;
  readonly #at: Place;
  readonly #clients = new Map<string, LentClient>();
  #released = false;

  constructor(pool: PostgresPool, { place, schema }: Place) {
    this.#pool = pool;
    this.#at = { place, schema };
  }

  /** `STORE_LOCKED` while another process, or this one, holds it. */
  async take(purpose: string): Promise<void> {
    const { place, schema } = this.#at;
    if (await this.#attempt(purpose)) return;
    throw new LedgerError(
      "STORE_LOCKED",
      `${place}: the schema ${schema} is in use by another ${purpose}; end that one, or name another schema`,
      { detail: { store: place, schema } },
    );
  }

  /** Whether it is held now. */
  async #attempt(purpose: string): Promise<boolean> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw ledgerErrorOf(error, "connect", this.#at);
    });
    client.on("error", () => {
      if (this.#clients.get(purpose) !== client) return;
      this.#clients.delete(purpose);
      client.release(true);
      this.#takeAgain(purpose);
    });
    let held = false;
    try {
      await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
      await client.query("SET LOCAL idle_in_transaction_session_timeout = 0");
      const key = `tallystick ${purpose} ${this.#at.schema}`;
      const sql = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))::integer";
      const [[taken] = []] = await run(client, sql, [key]);
      held = taken === 1 && !this.#released;
      return held;
    } catch (error) {
      throw ledgerErrorOf(error, "read", this.#at);
    } finally {
      if (held) this.#clients.set(purpose, client);
      else client.release(true);
    }
  }

  #takeAgain(purpose: string): void {
    const attempt = async (): Promise<void> => {
      if (this.#released) return;
      const held = await this.#attempt(purpose).catch(() => false);
      if (!held) this.#takeAgain(purpose);
    };
    setTimeout(() => void attempt(), againMs).unref();
  }

  async release(): Promise<void> {
    this.#released = true;
    const clients = [...this.#clients.values()];
    this.#clients.clear();
    for (const client of clients) {
      // Whoever comes next need not wait until the database has noticed that the connection ended.
      await run(client, "ROLLBACK", [], answerMs).catch(() => undefined);
      client.release(true);
    }
  }
}
