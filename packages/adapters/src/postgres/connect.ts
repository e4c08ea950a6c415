/** From a URL or a pool to a pool, and what to call the database in messages. */
import { setImmediate } from "node:timers/promises";
import { LedgerError } from "@tallystick/core";
import type { ClientConfig } from "pg";
import { faulty } from "../store/faulty.ts";
import type { PostgresPool } from "./client.ts";

/** Which database: a URL such as `postgres://user@host:5432/name`, or a pool of `pg` that is yours to end. */
export type PostgresPlace = string | PostgresPool;

export interface Connected {
  readonly pool: PostgresPool;
  /** Without user, password and parameters. */
  readonly place: string;
  /** Closes what was opened here; a pool that was handed in stays open. */
  readonly end: () => Promise<void>;
}

const connectTimeoutMs = 10_000;

/** A password with a bare `/`, `?` or `#` ends the host early: the rest of it, and the `@`, land behind. */
const isCutShort = ({ pathname, search, hash }: URL): boolean =>
  `${pathname}${hash}`.includes("@") || (pathname === "" && search.includes("@"));

/** `INVALID_INPUT` for a text that is no such URL; it is not repeated, since a password may stand in it. */
export const requireUrl = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^postgres(ql)?:\/\//i.test(text))
    throw faulty("postgres", "url", "must look like postgres://user:password@host:5432/database");
  if (isCutShort(url))
    throw faulty(
      "postgres",
      "url",
      "must have /, ?, # and @ in a user, password or database written as %2F, %3F, %23 and %40",
    );
  return url;
};

export const connect = async (where: PostgresPlace): Promise<Connected> => {
  if (typeof where !== "string")
    return { pool: where, place: "the database", end: async () => undefined };
  const { host, pathname } = requireUrl(where);
  const place = `postgres://${host}${pathname}`;
  const { default: pg } = await import("pg").catch((cause: unknown) => {
    throw new LedgerError(
      "STORE_UNSUPPORTED",
      "a store in PostgreSQL needs the package pg, version 8.16 or later; install it beside Tallystick",
      { cause, detail: { package: "pg" } },
    );
  });
  /** Whoever waits for an answer hears of a broken connection; that nobody does must not end the process. */
  class QuietClient extends pg.Client {
    constructor(config?: string | ClientConfig) {
      super(config);
      this.on("error", () => undefined);
    }
  }
  try {
    // Each client reads the files that the URL names, such as `sslrootcert`.
    void new QuietClient({ connectionString: where });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new LedgerError("STORE_UNREADABLE", `${place}: the URL cannot be followed (${said})`, {
      cause,
      detail: { store: place },
    });
  }
  const pool = new pg.Pool({
    connectionString: where,
    Client: QuietClient,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  });
  // A connection that breaks while nobody uses it is replaced when it is asked for.
  pool.on("error", () => undefined);
  const end = async (): Promise<void> => {
    // Whoever has just asked for a connection gets it: a pool that ends lets them wait for nothing.
    await setImmediate();
    await pool.end();
  };
  return { pool, place, end };
};
