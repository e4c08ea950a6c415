/** P6 and P10: a whole book read in order, its balances rebuilt, its chain verified. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { sqliteStore } from "@tallystick/adapters/sqlite";
import {
  evolve,
  initialState,
  type Ledger,
  openLedger,
  type Store,
  type StreamState,
} from "@tallystick/core";
import { openBare } from "../bare.ts";
import { customers, pay, withCustomers } from "../books.ts";
import { newFolder } from "../folders.ts";
import { type Benchmark, type Contender, timed } from "../measure.ts";
import { writing } from "../writers.ts";

interface Shared {
  readonly folder: string;
  readonly path: string;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly events: number;
}

const prepare = async (events: number): Promise<Shared> => {
  const folder = await newFolder();
  const path = join(folder, "book.db");
  const store = await sqliteStore(path);
  const ledger = await withCustomers(store, customers);
  const begun = (await ledger.head())?.position ?? 0;
  await writing(512, Math.max(0, events - begun), (command) => pay(ledger, command % customers));
  const bare = openBare(join(folder, "bare.db"));
  bare.exec("CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT, event TEXT); BEGIN");
  const insert = bare.prepare("INSERT INTO events (stream, event) VALUES (?, ?)");
  for await (const event of ledger.events()) insert.run(event.streamId, JSON.stringify(event));
  bare.exec("COMMIT");
  bare.close();
  return { folder, path, store, ledger, events: (await ledger.head())?.position ?? 0 };
};

const balancesInSql = ({ path, events }: Shared): Contender => ({
  name: "balances from typed columns on SQLite",
  pass: () => {
    const database = openBare(path);
    const sums = database.prepare(
      "SELECT obligation, currency, SUM(effect) AS balance FROM events WHERE effect IS NOT NULL AND currency IS NOT NULL GROUP BY obligation, currency",
    );
    const pass = timed(events, () => {
      if (sums.all().length !== customers) throw new Error("balances are missing");
    });
    return pass.finally(() => database.close());
  },
});

const folding = ({ ledger, events }: Shared): Contender => ({
  name: "whole events folded, SQLite",
  pass: () =>
    timed(events, async () => {
      const states = new Map<string, StreamState>();
      for await (const event of ledger.events()) {
        let state = states.get(event.streamId);
        if (state === undefined) {
          state = initialState(event.streamId);
          states.set(event.streamId, state);
        }
        evolve(state, event);
      }
      if (states.size !== customers) throw new Error("streams are missing");
    }),
});

const bareReading = ({ folder, events }: Shared): Contender => ({
  name: "bare driver, read and JSON.parse, sums in a map",
  pass: () => {
    const database = openBare(join(folder, "bare.db"));
    const read = database.prepare("SELECT event FROM events ORDER BY position");
    const pass = timed(events, () => {
      const balances = new Map<string, number>();
      for (const row of read.iterate()) {
        const { streamId, data } = JSON.parse(String(row["event"])) as {
          readonly streamId: string;
          readonly data: { readonly effect?: number };
        };
        balances.set(streamId, (balances.get(streamId) ?? 0) + (data.effect ?? 0));
      }
      if (balances.size !== customers) throw new Error("streams are missing");
    });
    return pass.finally(() => database.close());
  },
});

const verifying = ({ path, events }: Shared): Contender => ({
  name: "verify a book on SQLite",
  pass: async () => {
    const store = await sqliteStore(path);
    const pass = await timed(events, async () => {
      const found = await openLedger({ store }).verify();
      if (!found.ok) throw new Error("the book does not verify");
    });
    await store.close();
    return pass;
  },
});

/** Benchmarks over one book of so many events, made once. */
export const readingBooks = async (events: number): Promise<Benchmark[]> => {
  const shared = await prepare(events);
  const workload = `W6: ${shared.events} events, ${customers} obligations`;
  return [
    { goal: "P6", workload, subject: balancesInSql(shared), baselines: [bareReading(shared)] },
    { goal: "P6", workload, subject: folding(shared), baselines: [bareReading(shared)] },
    {
      goal: "P10",
      workload,
      subject: verifying(shared),
      baselines: [],
      dispose: async () => {
        await shared.store.close();
        await rm(shared.folder, { recursive: true });
      },
    },
  ];
};
