/** emmett in memory, on SQLite and on PostgreSQL: one programming model, so one way to measure it. */
import { join } from "node:path";
import {
  type EventStore,
  getInMemoryEventStore,
  isExpectedVersionConflictError,
  STREAM_DOES_NOT_EXIST,
} from "@event-driven-io/emmett";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";
import pg from "pg";
import type { EventBody } from "../bare.ts";
import type { Peer, PeerStore } from "./peer.ts";
import { quietly } from "./quietly.ts";
import { loadEmmettSqlite } from "./sqlite3-binary.ts";

// A type and no interface: emmett asks for data with an index signature.
type Applied = {
  readonly type: "obligation.amount_applied";
  readonly data: EventBody;
};

/** Emmett's stores have no common opinion of where reading begins: `first` is the number of the first event. */
const asPeer = (store: EventStore, first: 0n | 1n, close: () => Promise<void>): PeerStore => ({
  append: async (stream, bodies, revision) => {
    try {
      await store.appendToStream<Applied>(
        stream,
        bodies.map((data) => ({ type: "obligation.amount_applied", data })),
        { expectedStreamVersion: revision === 0 ? STREAM_DOES_NOT_EXIST : BigInt(revision) },
      );
      return true;
    } catch (error) {
      if (isExpectedVersionConflictError(error)) return false;
      throw error;
    }
  },
  read: async (stream, after) => {
    const { events } = await store.readStream<Applied>(stream, { from: BigInt(after) + first });
    return events.map(({ data }) => data);
  },
  close,
});

export const emmettInMemory: Peer = {
  name: "emmett in memory",
  open: async () => asPeer(getInMemoryEventStore(), 0n, async () => undefined),
};

/** As it comes: a connection for each call. */
export const emmettSqlite: Peer = {
  name: "emmett-sqlite, a connection for each call",
  open: async ({ folder }) => {
    const { getSQLiteEventStore } = await loadEmmettSqlite();
    const store = getSQLiteEventStore({ fileName: join(folder, "emmett.db") });
    await quietly(() => store.schema.migrate());
    return asPeer(store, 1n, async () => undefined);
  },
};

const onOneConnection = async (folder: string): Promise<PeerStore> => {
  const { getSQLiteEventStore, sqliteConnection } = await loadEmmettSqlite();
  const fileName = join(folder, "emmett.db");
  const connection = sqliteConnection({ fileName });
  await connection.command("PRAGMA synchronous = FULL");
  const store = getSQLiteEventStore({
    fileName,
    connectionOptions: { singleton: true, connection },
  });
  await store.schema.migrate();
  return asPeer(store, 1n, async () => connection.close());
};

/** Calls at the same time share one transaction, and all but the last are acknowledged before it is committed. */
export const emmettSqliteShared: Peer = {
  name: "emmett-sqlite, one connection, acknowledged before the commit",
  open: ({ folder }) => onOneConnection(folder),
};

/** One connection as well, and each call waits until the one before it is done. */
export const emmettSqliteInTurn: Peer = {
  name: "emmett-sqlite, one connection, calls in turn",
  open: async ({ folder }) => {
    const store = await onOneConnection(folder);
    let last: Promise<unknown> = Promise.resolve();
    const inTurn = <Result>(call: () => Promise<Result>): Promise<Result> => {
      const done = last.then(call);
      last = done.catch(() => undefined);
      return done;
    };
    return {
      append: (...call) => inTurn(() => store.append(...call)),
      read: (...call) => inTurn(() => store.read(...call)),
      close: () => store.close(),
    };
  },
};

export const emmettPostgres: Peer = {
  name: "emmett-postgresql, a pool of 10",
  open: async ({ url }) => {
    const pool = new pg.Pool({ connectionString: url, max: 10 });
    const store = getPostgreSQLEventStore(String(url), { connectionOptions: { pool } });
    await store.schema.migrate();
    return asPeer(store, 1n, async () => {
      await store.close();
      if (!pool.ended) await pool.end();
    });
  },
};
