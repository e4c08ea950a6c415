/**
 * One handle on one file, for every book in it. Transactions begin and end within one turn of the
 * event loop, so nobody ever sees half of one; waiting for another process's lock is done by timers
 * and never by standing still.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { LedgerError } from "@tallystick/core";
import { isBusy } from "../host/load-sqlite.ts";
import type { Cell, Row } from "../store/rows.ts";
import { Turns } from "../store/turns.ts";
import { isFatal, ledgerErrorOf } from "./errors.ts";

/** How long SQLite itself may stand still for a lock, in milliseconds. */
export const busyTimeoutMs = 2;
/** The longest pause between two attempts, in milliseconds. */
const pauseMaxMs = 25;
/** With more frames than this in the log they are copied into the file. 4,000 frames are 16 MB. */
const framesMax = 4000;
const groupsBetweenLooks = 16;

/** A prepared statement whose rows are arrays. */
export interface Statement {
  all(...cells: Cell[]): Row[];
  get(...cells: Cell[]): Row | undefined;
  run(...cells: Cell[]): void;
}

export class Connection {
  readonly path: string;
  readonly readOnly: boolean;
  /** What writes to the file takes a turn, whichever book it is for. */
  readonly writes: Turns = new Turns();
  readonly #database: DatabaseSync;
  readonly #lockTimeoutMs: number;
  readonly #statements = new Map<string, StatementSync>();
  #groups = 0;

  constructor(
    database: DatabaseSync,
    options: { readonly path: string; readonly readOnly: boolean; readonly lockTimeoutMs: number },
  ) {
    this.#database = database;
    this.path = options.path;
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
  async patiently<Result>(attempt: () => Result): Promise<Result> {
    const beganAt = performance.now();
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMaxMs, pauseMs * 2)) {
      try {
        return attempt();
      } catch (error) {
        if (!isBusy(error)) throw error;
        if (performance.now() - beganAt > this.#lockTimeoutMs)
          throw new LedgerError(
            "STORE_LOCKED",
            `${this.path}: somebody else has held the write lock for ${this.#lockTimeoutMs} ms; nothing was written. Look for a program that left a transaction open`,
            { cause: error, detail: { path: this.path, waitedMs: this.#lockTimeoutMs } },
          );
        await setTimeout(Math.random() * pauseMs);
      }
    }
  }

  /** Takes the write lock. What follows must end it before it waits for anything but promises. */
  async lock(): Promise<void> {
    const begin = this.statement("BEGIN IMMEDIATE");
    await this.patiently(() => begin.run());
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

  /**
   * After a group: copies a long log into the file, so that it does not grow without bound. Readers
   * elsewhere are never waited for.
   */
  tidy(): void {
    this.#groups += 1;
    if (this.#groups % groupsBetweenLooks !== 0 || !this.#database.isOpen) return;
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
    fatal: isFatal(error),
  });

  /** Closing it again does nothing. */
  close(): void {
    if (!this.#database.isOpen) return;
    this.#statements.clear();
    this.#database.close();
  }
}
