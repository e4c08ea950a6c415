/**
 * What is needed of the `pg` package, as far as this one calls it, so that its types are nobody's
 * business but whoever hands over a pool or a client.
 */
import type { Cell, Row } from "../store/rows.ts";

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly rowMode: "array";
  readonly types: { getTypeParser(oid: number, format?: string): (value: string) => unknown };
  /** Milliseconds after which the client gives up waiting for an answer. */
  readonly query_timeout?: number;
}

/** A connection of `pg`: a `Client`, or one that a pool has lent. */
export interface PostgresClient {
  query(statement: string): Promise<unknown>;
  query(statement: Statement): Promise<{ readonly rows: unknown[] }>;
  /** "I" outside of any transaction; later versions of `pg` tell. */
  getTransactionStatus?(): string | null;
}

/** A client that goes back to its pool; destroyed where `destroy` is true. */
export interface LentClient extends PostgresClient {
  release(destroy?: boolean): void;
  on(
    event: "notification",
    listener: (message: { readonly payload?: string | undefined }) => void,
  ): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
}

/** A `Pool` of `pg`. */
export interface PostgresPool {
  /** How many connections it has at the most, where it says so. */
  readonly options?: { readonly max?: number | undefined };
  connect(): Promise<LentClient>;
}

/** Type oids of PostgreSQL that are told apart. */
const oid = { boolean: 16, bytea: 17, int8: 20, int2: 21, int4: 23 };

const parsers = new Map<number, (value: string) => unknown>([
  [oid.boolean, (value) => value === "t"],
  [oid.bytea, (value) => Buffer.from(value.slice(2), "hex")],
  // Positions, revisions, milliseconds and minor units: all of them below 2^53.
  [oid.int8, Number],
  [oid.int4, Number],
  [oid.int2, Number],
]);

/** Everything else, JSON too, is text: the codec reads it. Parsers of the application are left alone. */
const asText = (value: string): unknown => value;
const types = { getTypeParser: (type: number) => parsers.get(type) ?? asText };

/** Runs one statement. Nothing is prepared by name: a pooler may give the next one another session. */
export const run = async (
  client: PostgresClient,
  text: string,
  values: readonly unknown[],
  answerTimeoutMs?: number,
): Promise<Row[]> => {
  const { rows } = await client.query({
    text,
    values,
    rowMode: "array",
    types,
    ...(answerTimeoutMs === undefined ? {} : { query_timeout: answerTimeoutMs }),
  });
  return rows as Cell[][];
};
