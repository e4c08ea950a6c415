/**
 * Our stores beside other event stores, on the same workloads. Ours do a whole ledger command with a key
 * (validation, rules, claims, outcome, events, chain); the peers append one bare event of the same
 * length, and say where they expect the stream to be.
 */
import { join } from "node:path";
import { memoryStore } from "@tallystick/adapters/memory";
import { migrate, postgresStore } from "@tallystick/adapters/postgres";
import { sqliteStore } from "@tallystick/adapters/sqlite";
import { openLedger, type Store } from "@tallystick/core";
import pg from "pg";
import { eventBody } from "../bare.ts";
import { customerId, customers, pay, withCustomers } from "../books.ts";
import { inNewFolder } from "../folders.ts";
import { type Benchmark, type Contender, type Pass, timed } from "../measure.ts";
import { castore } from "../peers/castore.ts";
import {
  emmettInMemory,
  emmettPostgres,
  emmettSqlite,
  emmettSqliteInTurn,
  emmettSqliteShared,
} from "../peers/emmett.ts";
import { messageDb } from "../peers/message-db.ts";
import type { Peer, PeerStore, Place } from "../peers/peer.ts";
import { quietly } from "../peers/quietly.ts";
import { writing } from "../writers.ts";

/** How much work a pass is at most, and for how long it goes on sending. */
export interface Extent {
  readonly commands: number;
  readonly loads: number;
  readonly limitMs: number;
}

interface Workload {
  readonly name: string;
  /** A pass of ours, and the same of a peer; the latter throws where the peer lost an event. */
  ours(store: Store, extent: Extent): Promise<Pass>;
  theirs(store: PeerStore, extent: Extent): Promise<Pass>;
}

const streamOf = (index: number): string => `customer-${customerId(index)}`;

/** So many streams of a peer are read again after a pass. */
const streamsChecked = 100;

const check = async (store: PeerStore, streams: number, count: number): Promise<void> => {
  for (let stream = 0; stream < Math.min(streams, streamsChecked); stream += 1) {
    const expected = Math.ceil((count - stream) / streams);
    const { length } = await store.read(streamOf(stream), 0);
    if (length < expected) throw new Error(`acknowledged ${expected} events and kept ${length}`);
  }
};

/** Writers on streams in turns, so many that no two ever meet on one. */
const onManyStreams = (name: string, writers: number): Workload => ({
  name,
  ours: async (store, { commands, limitMs }) => {
    const ledger = await withCustomers(store, customers);
    return writing(writers, commands, (command) => pay(ledger, command % customers), limitMs);
  },
  theirs: async (store, { commands, limitMs }) => {
    const append = async (command: number): Promise<void> => {
      const revision = Math.floor(command / customers);
      const stream = streamOf(command % customers);
      if (!(await store.append(stream, [eventBody(command)], revision)))
        throw new Error("a conflict on a stream with one writer");
    };
    const pass = await writing(writers, commands, append, limitMs);
    await check(store, customers, pass.count);
    return pass;
  },
});

/** So many refusals in a row, where no event was missed, and the stream takes no more. */
const refusalsMax = 200;

/** Writers on one stream: who comes too late reads what it missed and tries again. */
const onOneStream = (writers: number): Workload => ({
  name: `W4: ${writers} writers, one customer`,
  ours: async (store, { commands, limitMs }) => {
    const ledger = await withCustomers(store, 1);
    return writing(writers, commands, () => pay(ledger, 0), limitMs);
  },
  theirs: async (store, { commands, limitMs }) => {
    const stream = streamOf(0);
    // Writers come and go with their commands, and each knows what the one before it knew.
    const known: number[] = [];
    const append = async (command: number): Promise<void> => {
      let revision = known.pop() ?? 0;
      let refusals = 0;
      while (!(await store.append(stream, [eventBody(command)], revision))) {
        const missed = await store.read(stream, revision);
        revision += missed.length;
        refusals = missed.length === 0 ? refusals + 1 : 0;
        if (refusals === refusalsMax) throw new Error("refuses appends at the version it has");
      }
      known.push(revision + 1);
    };
    const pass = await writing(writers, commands, append, limitMs);
    await check(store, 1, pass.count);
    return pass;
  },
});

const streamEvents = 1000;

const loadingOne: Workload = {
  name: `W5: a stream of ${streamEvents} events, loaded and folded; events`,
  ours: async (store, { loads }) => {
    const ledger = await withCustomers(store, 1);
    const [begun = 0] = await store.revisions(ledger.book, [`customer/${customerId(0)}`]);
    await writing(64, streamEvents - begun, () => pay(ledger, 0));
    return timed(loads * streamEvents, async () => {
      for (let load = 0; load < loads; load += 1)
        await openLedger({ store }).retrieveCustomer(customerId(0));
    });
  },
  theirs: async (store, { loads }) => {
    const bodies = Array.from({ length: streamEvents }, (_, command) => eventBody(command));
    await store.append(streamOf(0), bodies, 0);
    return timed(loads * streamEvents, async () => {
      for (let load = 0; load < loads; load += 1) {
        let balance = 0;
        for (const { effect } of await store.read(streamOf(0), 0)) balance += effect;
        if (balance !== -100 * streamEvents) throw new Error(`a balance of ${balance}`);
      }
    });
  },
};

const workloads: readonly Workload[] = [
  onManyStreams("W1: one after the other, 10,000 customers", 1),
  onManyStreams("W2: 64 writers, 10,000 customers", 64),
  onOneStream(32),
  loadingOne,
];

const schema = "tallystick_benchmark";

const emptied = async (url: string): Promise<void> => {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`SET client_min_messages = warning;
    DROP SCHEMA IF EXISTS ${schema}, message_store, public CASCADE; CREATE SCHEMA public`);
  await client.end();
};

interface Group {
  readonly name: string;
  readonly open: (place: Place) => Promise<Store>;
  readonly peers: readonly Peer[];
  readonly onServer?: true;
}

/** Which peers keep their events in the same place as which of our stores. */
const groups: readonly Group[] = [
  {
    name: "SQLite",
    open: ({ folder }) => sqliteStore(join(folder, "book.db")),
    peers: [emmettSqliteInTurn, emmettSqliteShared, emmettSqlite],
  },
  {
    name: "PostgreSQL",
    open: async ({ url = "" }) => {
      await migrate(url, { schema });
      return postgresStore(url, { schema });
    },
    peers: [emmettPostgres, messageDb],
    onServer: true,
  },
  { name: "memory", open: async () => memoryStore(), peers: [castore, emmettInMemory] },
];

/** `url` names a database of PostgreSQL that is emptied before each pass. */
export const besidePeers = (url: string, extent: Extent): Benchmark[] =>
  groups.flatMap(({ name, open, peers, onServer }) => {
    const inPlace = (work: (place: Place) => Promise<Pass>): Promise<Pass> =>
      inNewFolder(async (folder) => {
        if (onServer === true) await emptied(url);
        return work({ folder, url: onServer === true ? url : undefined });
      });
    return workloads.map((workload): Benchmark => {
      const subject: Contender = {
        name: `applyPayment with a key, ${name}`,
        pass: () =>
          inPlace(async (place) => {
            const store = await open(place);
            const pass = await workload.ours(store, extent);
            await store.close();
            return pass;
          }),
      };
      const baselines = peers.map(
        (peer): Contender => ({
          name: peer.name,
          foreign: true,
          pass: () =>
            inPlace((place) =>
              quietly(async () => {
                const store = await peer.open(place);
                try {
                  return await workload.theirs(store, extent);
                } finally {
                  await store.close();
                }
              }),
            ),
        }),
      );
      return { goal: "peers", workload: workload.name, subject, baselines };
    });
  });
