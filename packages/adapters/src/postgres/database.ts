/**
 * Where statements go: through a pool, one connection a statement, or on the one connection whose
 * transaction the caller has begun. Errors come out in the words of the catalogue.
 */
import { LedgerError } from "@tallystick/core";
import { faulty } from "../store/faulty.ts";
import type { Row } from "../store/rows.ts";
import { Turns } from "../store/turns.ts";
import { type PostgresClient, type PostgresPool, run } from "./client.ts";
import { type Doing, isBroken, isRace, ledgerErrorOf } from "./errors.ts";

export interface Place {
  /** Which database, without secrets. */
  readonly place: string;
  readonly schema: string;
}

export interface Database extends Place {
  read(text: string, values: readonly unknown[]): Promise<Row[]>;
  /** One statement that writes; a transaction of its own, or part of the caller's. */
  write(text: string, values: readonly unknown[]): Promise<Row[]>;
}

/** How often a statement is sent that another transaction got in the way of. */
const attemptsMax = 8;
const pauseMsMax = 50;
/** A connection that is silent for so long beyond the lock time-out is given up. */
const answerMarginMs = 60_000;

/** The error of a broken connection comes twice, by the promise and by an event that has to be heard. */
const unheard = (): void => undefined;

export class PooledDatabase implements Database {
  readonly place: string;
  readonly schema: string;
  readonly #pool: PostgresPool;
  readonly #answerTimeoutMs: number;
  readonly #pause: (ms: number) => Promise<void>;
  readonly #random: () => number;

  constructor(
    pool: PostgresPool,
    options: Place & {
      readonly lockTimeoutMs: number;
      readonly pause: (ms: number) => Promise<void>;
      /** From 0 to 1, 1 excluded. */
      readonly random: () => number;
    },
  ) {
    this.#pool = pool;
    this.place = options.place;
    this.schema = options.schema;
    this.#answerTimeoutMs = options.lockTimeoutMs + answerMarginMs;
    this.#pause = options.pause;
    this.#random = options.random;
  }

  read(text: string, values: readonly unknown[]): Promise<Row[]> {
    return this.#run("read", text, values);
  }

  async write(text: string, values: readonly unknown[]): Promise<Row[]> {
    for (let attempt = 1; ; attempt += 1)
      try {
        return await this.#run("write", text, values);
      } catch (error) {
        const raced = error instanceof LedgerError && isRace(error.cause);
        if (!raced || attempt === attemptsMax) throw error;
        await this.#pause(1 + this.#random() * pauseMsMax);
      }
  }

  async #run(doing: Doing, text: string, values: readonly unknown[]): Promise<Row[]> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw ledgerErrorOf(error, "connect", this);
    });
    client.on("error", unheard);
    let broken = true;
    try {
      const rows = await run(client, text, values, this.#answerTimeoutMs);
      broken = false;
      return rows;
    } catch (error) {
      broken = isBroken(error);
      throw ledgerErrorOf(error, doing, this);
    } finally {
      // One that is broken may say so once more.
      if (!broken) client.removeListener("error", unheard);
      client.release(broken);
    }
  }
}

/** The caller's transaction: statements run in it, and nothing is repeated, since it may have failed. */
export class BorrowedDatabase implements Database {
  readonly place: string;
  readonly schema: string;
  readonly #client: PostgresClient;
  /** A connection does one thing at a time. */
  readonly #turns: Turns = new Turns();

  constructor(client: PostgresClient, { place, schema }: Place) {
    this.#client = client;
    this.place = place;
    this.schema = schema;
  }

  read(text: string, values: readonly unknown[]): Promise<Row[]> {
    return this.#run("read", text, values);
  }

  write(text: string, values: readonly unknown[]): Promise<Row[]> {
    return this.#run("write-within", text, values);
  }

  /** What is written outside of a transaction would be committed at once, and nothing could take it back. */
  #requireTransaction(): void {
    if (this.#client.getTransactionStatus?.() === "I")
      throw faulty("within", "client", "is in no transaction, or no longer; begin one first");
  }

  async #run(doing: Doing, text: string, values: readonly unknown[]): Promise<Row[]> {
    try {
      return await this.#turns.take(() => {
        if (doing === "write-within") this.#requireTransaction();
        return run(this.#client, text, values);
      });
    } catch (error) {
      throw ledgerErrorOf(error, doing, this);
    }
  }
}
