/**
 * One handle on one file, for every book in it. Transactions begin and end within one turn of the
 * event loop, so nobody ever sees half of one; waiting for another process's lock is done by timers
 * and never by standing still.
 */

import { statSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { LedgerError } from "@tallystick/core";
import { isBusy } from "../host/load-sqlite.ts";
import type { Cell, Row } from "../store/rows.ts";
import { Turns } from "../store/turns.ts";
import { isFatal, laterSchema, ledgerErrorOf } from "./errors.ts";
import { migrations } from "./schema.ts";

/** How long SQLite itself may stand still for a lock, in milliseconds. */
export const busyTimeoutMs = 2;
/** The longest pause between two attempts, in milliseconds. */
const pauseMaxMs = 25;
/** With more frames than this in the log they are copied into the file. 4,000 frames are 16 MB. */
const framesMax = 4000;
/** What a log may keep of the disk once it has been copied and begins anew: 64 MB, in bytes. */
export const logKeptMax: number = 64 * 2 ** 20;
const groupsBetweenLooks = 16;

/** A prepared statement whose rows are arrays. */
export interface Statement {
  all(...cells: Cell[]): Row[];
  get(...cells: Cell[]): Row | undefined;
  run(...cells: Cell[]): void;
}

/** Which file stands at a path, as text; undefined where none does, or none that can be seen. */
const identityOf = (file: string): string | undefined => {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}/${ino}`;
  } catch {
    return undefined;
  }
};

export class Connection {
  /** As it was given, for messages. */
  readonly path: string;
  /** The same, whatever the working directory is. */
  readonly file: string;
  readonly readOnly: boolean;
  /** What writes to the file takes a turn, whichever book it is for. */
  readonly writes: Turns = new Turns();
  readonly #database: DatabaseSync;
  readonly #lockTimeoutMs: number;
  readonly #statements = new Map<string, StatementSync>();
  readonly #identity: string | undefined;
  #groups = 0;

  constructor(
    database: DatabaseSync,
    options: {
      readonly path: string;
      readonly file: string;
      readonly readOnly: boolean;
      readonly lockTimeoutMs: number;
    },
  ) {
    this.#database = database;
    this.path = options.path;
    this.file = options.file;
    this.#identity = identityOf(options.file);
    this.readOnly = options.readOnly;
    this.#lockTimeoutMs = options.lockTimeoutMs;
  }

  /** The statement of a text, prepared once. */
  statement(sql: string): Statement {
    let prepared = this.#statements.get(sql);
    if (prepared === undefined) {
      prepared = this.#database.prepare(sql);
      prepared.setReturnArrays(true);
      this.#statements.set(sql, prepared);
    }
    return prepared as unknown as Statement;
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** Changes when another handle, of this process or another, has written to the file. */
  get dataVersion(): number {
    return Number(this.statement("PRAGMA data_version").get()?.[0]);
  }

  /** Throws `STORE_IO` where another file, or none, stands at the path of the one that is open. */
  requireInPlace(): void {
    if (this.#identity !== undefined && identityOf(this.file) === this.#identity) return;
    throw new LedgerError(
      "STORE_IO",
      `${this.path} was moved, deleted or replaced while it was open; what was written since may be in a file that nobody finds. Put it back with its -wal file, open the store again and repeat the command with its idempotency key`,
      { detail: { path: this.path } },
    );
  }

  /** Throws `UNKNOWN_SCHEMA_VERSION` where a later version has changed the tables since. */
  requireSchema(): void {
    const found = Number(this.statement("PRAGMA user_version").get()?.[0]);
    if (found > migrations.length) throw laterSchema(this.path, found);
  }

  /** What `read` finds in one state of the file. */
  snapshot<Found>(read: () => Found): Found {
    if (this.#database.isTransaction) return read();
    this.statement("BEGIN").run();
    try {
      return read();
    } finally {
      this.rollBack();
    }
  }

  /** The same for what is kept in temporary tables. */
  temporarily<Done>(work: () => Done): Done {
    this.statement("BEGIN").run();
    try {
      const done = work();
      this.commit();
      return done;
    } finally {
      this.rollBack();
    }
  }

  /** Tries again while somebody else holds what it needs. */
  async patiently<Result>(
    attempt: () => Result,
    patienceMs: number = this.#lockTimeoutMs,
  ): Promise<Result> {
    const beganAt = performance.now();
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMaxMs, pauseMs * 2)) {
      try {
        return attempt();
      } catch (error) {
        if (!isBusy(error)) throw error;
        if (performance.now() - beganAt > patienceMs)
          throw new LedgerError(
            "STORE_LOCKED",
            `${this.path}: somebody else has held the write lock for ${patienceMs} ms; nothing was written. Look for a program that left a transaction open`,
            { cause: error, detail: { path: this.path, waitedMs: patienceMs } },
          );
        await setTimeout(Math.random() * pauseMs);
      }
    }
  }

  /** Takes the write lock. What follows must end it before it waits for anything but promises. */
  async lock(patienceMs?: number): Promise<void> {
    const begin = this.statement("BEGIN IMMEDIATE");
    await this.patiently(() => begin.run(), patienceMs);
  }

  commit(): void {
    this.statement("COMMIT").run();
  }

  /** Does nothing outside a transaction. Never throws: the error that led here is the one that counts. */
  rollBack(): void {
    if (!this.#database.isOpen || !this.#database.isTransaction) return;
    try {
      this.statement("ROLLBACK").run();
    } catch {
      // A failed disk: SQLite has rolled back by itself, and the handle is about to be closed.
    }
  }

  /** After a group: looks now and then whether the log has grown long. */
  tidy(): void {
    this.#groups += 1;
    if (this.#groups % groupsBetweenLooks === 0) this.shortenLog();
  }

  /**
   * Copies a long log into the file, so that it does not grow without bound. Readers elsewhere are
   * never waited for: while one stays at an old state, the log keeps what was written since.
   */
  shortenLog(): void {
    if (this.readOnly || !this.#database.isOpen) return;
    try {
      const [, frames = 0] = this.statement("PRAGMA wal_checkpoint(NOOP)").get() ?? [];
      if (Number(frames) > framesMax) this.statement("PRAGMA wal_checkpoint(PASSIVE)").get();
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
  }

  /** The error that a caller is owed, and whether the handle has to be closed for it. */
  readonly errorOf = (error: unknown): { readonly error: unknown; readonly fatal: boolean } => ({
    error: ledgerErrorOf(error, this.path),
    fatal: isFatal(error) || (error instanceof LedgerError && error.code === "STORE_IO"),
  });

  /** Closing it again does nothing. */
  close(): void {
    if (!this.#database.isOpen) return;
    this.#statements.clear();
    this.#database.close();
  }
}
