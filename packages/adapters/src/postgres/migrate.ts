/** Making the tables, and bringing older ones up to date: by hand or at a deployment, never behind your back. */
import { LedgerError } from "@tallystick/core";
import type { PostgresClient } from "./client.ts";
import { run } from "./client.ts";
import { connect, type PostgresPlace } from "./connect.ts";
import type { Place } from "./database.ts";
import { ledgerErrorOf, sqlState } from "./errors.ts";
import { quoted, schemaDefault } from "./names.ts";
import { type Migration, migrations } from "./schema.ts";

export interface MigrateOptions {
  /** Where the tables live; any name. The default is `tallystick`. */
  readonly schema?: string;
}

export interface Migrated {
  /** Versions of the tables before and after; 0 is none. */
  readonly from: number;
  readonly to: number;
}

/** How long a change of a table waits for its users, in milliseconds, while others wait behind it. */
const lockTimeoutMs = 5000;

/**
 * Brings the tables of a schema to the version of this program, and creates both where there are none.
 * Each step is a transaction, so that a failure leaves what came before it. Calling it again does
 * nothing; where several processes call it at once, one does the work and the others wait for it.
 *
 * `UNKNOWN_SCHEMA_VERSION` where a later version of Tallystick was here, `STORE_LOCKED` where a table
 * is in use for longer than 5 seconds, `STORE_UNWRITABLE` where rights are missing, `STORE_UNSUPPORTED`
 * where the database's encoding lacks characters, `STORE_UNAVAILABLE`.
 */
export const migrate = async (
  where: PostgresPlace,
  { schema = schemaDefault }: MigrateOptions = {},
): Promise<Migrated> => {
  const s = quoted(schema, "schema");
  const { pool, place, end } = await connect(where);
  const at = { place, schema };
  try {
    const client = await pool.connect().catch((error: unknown) => {
      throw ledgerErrorOf(error, "connect", at);
    });
    const unheard = (): void => undefined;
    client.on("error", unheard);
    let broken = true;
    try {
      const from = await step(client, s, []);
      let to = await step(client, s, migrations);
      while (to < migrations.length) to = await step(client, s, migrations);
      if (to > migrations.length) throw tooNew(to, at, migrations.length);
      broken = false;
      return { from, to };
    } catch (error) {
      throw ledgerErrorOf(error, "write-within", at);
    } finally {
      if (!broken) client.removeListener("error", unheard);
      client.release(broken);
    }
  } finally {
    await end();
  }
};

/** One transaction: the next migration that is missing, if one is. Gives back the version then. */
const step = async (
  client: PostgresClient,
  s: string,
  steps: readonly Migration[],
): Promise<number> => {
  await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
  try {
    // What the database allows a statement of the application may be too little for a large table.
    await client.query("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0");
    await run(client, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`tallystick ${s}`]);
    await client.query(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
    const version = await begin(client, s);
    const next = steps[version];
    if (next !== undefined) {
      await client.query(next.sql(s));
      await run(client, `INSERT INTO ${s}.migrations (version, description) VALUES ($1, $2)`, [
        version + 1,
        next.description,
      ]);
    }
    await client.query("COMMIT");
    return next === undefined ? version : version + 1;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
};

/** What keeps every character: the second stores the bytes that it is given. */
const encodings: readonly unknown[] = ["UTF8", "SQL_ASCII"];

const requireEncoding = async (client: PostgresClient): Promise<void> => {
  const [[encoding] = []] = await run(client, "SELECT current_setting('server_encoding')", []);
  if (!encodings.includes(encoding))
    throw new LedgerError(
      "STORE_UNSUPPORTED",
      `the database has the encoding ${String(encoding)} and cannot keep every name; create one with ENCODING 'UTF8'`,
      { detail: { encoding } },
    );
};

/** Creates what says which migrations were made, and reads it. */
const begin = async (client: PostgresClient, s: string): Promise<number> => {
  await requireEncoding(client);
  const [[there] = []] = await run(client, "SELECT to_regnamespace($1) IS NOT NULL", [s]);
  // Who may not create schemas may still use one that is there.
  if (!there) await client.query(`CREATE SCHEMA ${s}`);
  const [[known] = []] = await run(client, "SELECT to_regclass($1) IS NOT NULL", [
    `${s}.migrations`,
  ]);
  if (!known)
    await client.query(`CREATE TABLE ${s}.migrations (
      version integer PRIMARY KEY,
      description text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);
  const [[version] = []] = await run(
    client,
    `SELECT coalesce(max(version), 0) FROM ${s}.migrations`,
    [],
  );
  return Number(version);
};

const tooNew = (version: number, { place, schema }: Place, supported: number): LedgerError =>
  new LedgerError(
    "UNKNOWN_SCHEMA_VERSION",
    `${place}: the tables in schema ${schema} have version ${version}; this version of Tallystick knows version ${supported}; update Tallystick`,
    { detail: { store: place, schema, version, supported } },
  );

/** The version of a schema's tables; undefined where there are none. */
export const versionOf = async (
  read: (text: string, values: readonly unknown[]) => Promise<readonly (readonly unknown[])[]>,
  schema: string,
): Promise<number | undefined> => {
  try {
    const s = quoted(schema, "schema");
    const [[version] = []] = await read(
      `SELECT coalesce(max(version), 0) FROM ${s}.migrations`,
      [],
    );
    return version === 0 ? undefined : Number(version);
  } catch (error) {
    const state = error instanceof LedgerError ? sqlState(error.cause) : undefined;
    if (state === "42P01" || state === "3F000") return undefined;
    throw error;
  }
};

/** Throws unless the tables are there, in the version of this program. */
export const requireTables = async (
  read: Parameters<typeof versionOf>[0],
  at: Place,
): Promise<void> => {
  const version = await versionOf(read, at.schema);
  const needed = migrations.length;
  const detail = { store: at.place, schema: at.schema, version, needed };
  if (version === undefined)
    throw new LedgerError(
      "BOOK_NOT_FOUND",
      `${at.place}: there are no tables of Tallystick in schema ${at.schema}; run migrate first`,
      { detail },
    );
  if (version > needed) throw tooNew(version, at, needed);
  if (version < needed)
    throw new LedgerError(
      "STORE_UNWRITABLE",
      `${at.place}: the tables in schema ${at.schema} have version ${version}, not ${needed}; run migrate first`,
      { detail },
    );
};
