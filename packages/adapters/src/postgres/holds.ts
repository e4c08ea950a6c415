/**
 * Something that one process at a time may do with a schema, such as keeping a mock server's state in
 * memory. Each is an advisory lock in a transaction that stays open on a connection of its own: the
 * database takes it back when the connection ends, however it ends, so there is no stale lock to clean
 * up. A lock of the session would outlive its holder behind a pooler in transaction mode. The
 * transaction has neither a snapshot nor a number, so vacuum goes on beside it.
 */
import { LedgerError } from "@tallystick/core";
import { type LentClient, type PostgresPool, run } from "./client.ts";
import type { Place } from "./database.ts";
import { ledgerErrorOf } from "./errors.ts";

export class Holds {
  readonly #pool: PostgresPool;
  readonly #at: Place;
  readonly #clients: LentClient[] = [];

  constructor(pool: PostgresPool, { place, schema }: Place) {
    this.#pool = pool;
    this.#at = { place, schema };
  }

  /** `STORE_LOCKED` while another process, or this one, holds it. */
  async take(purpose: string): Promise<void> {
    const { place, schema } = this.#at;
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw ledgerErrorOf(error, "connect", this.#at);
    });
    // Whoever writes next hears of a broken connection.
    client.on("error", () => undefined);
    let held = false;
    try {
      const key = `tallystick ${purpose} ${schema}`;
      const sql = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))::integer";
      await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
      await client.query("SET LOCAL idle_in_transaction_session_timeout = 0");
      const [[taken] = []] = await run(client, sql, [key]);
      held = taken === 1;
    } catch (error) {
      throw ledgerErrorOf(error, "read", this.#at);
    } finally {
      if (held) this.#clients.push(client);
      else client.release(true);
    }
    if (!held)
      throw new LedgerError(
        "STORE_LOCKED",
        `${place}: the schema ${schema} is in use by another ${purpose}; end that one, or name another schema`,
        { detail: { store: place, schema } },
      );
  }

  async release(): Promise<void> {
    for (const client of this.#clients.splice(0)) {
      // Whoever comes next need not wait until the database has noticed that the connection ended.
      await client.query("ROLLBACK").catch(() => undefined);
      client.release(true);
    }
  }
}
