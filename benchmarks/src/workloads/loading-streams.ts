/** P8: one long stream, loaded by a process that has never seen it, and read again by one that has. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { sqliteStore } from "@tallystick/adapters/sqlite";
import { openLedger } from "@tallystick/core";
import { openBare } from "../bare.ts";
import { customerId, pay, withCustomers } from "../books.ts";
import { newFolder } from "../folders.ts";
import { type Benchmark, type Contender, timed } from "../measure.ts";
import { writing } from "../writers.ts";

const streamEvents = 1000;
const workload = `W5: a stream of ${streamEvents} events`;

/** `loads` loads a pass. */
export const loadingStreams = async (loads: number): Promise<Benchmark[]> => {
  const folder = await newFolder();
  const path = join(folder, "book.db");
  const store = await sqliteStore(path);
  const ledger = await withCustomers(store, 10);
  const [customer] = [customerId(0)];
  const begun = (await store.revisions(ledger.book, [`customer/${customer}`]))[0] ?? 0;
  await writing(64, streamEvents - begun, () => pay(ledger, 0));

  const bare = openBare(join(folder, "bare.db"));
  bare.exec(
    "CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT, revision INTEGER, event TEXT)",
  );
  bare.exec("CREATE UNIQUE INDEX by_stream ON events (stream, revision)");
  const insert = bare.prepare("INSERT INTO events (stream, revision, event) VALUES (?, ?, ?)");
  for await (const event of ledger.events())
    insert.run(event.streamId, event.revision, JSON.stringify(event));
  const read = bare.prepare("SELECT event FROM events WHERE stream = ? ORDER BY revision");

  const cold: Contender = {
    name: "cold load and fold on SQLite",
    pass: () =>
      timed(loads * streamEvents, async () => {
        for (let load = 0; load < loads; load += 1) {
          const { balance } = await openLedger({ store }).retrieveCustomer(customer);
          if (balance === undefined) throw new Error("there is no balance");
        }
      }),
  };
  const bareLoad: Contender = {
    name: "bare driver, read and JSON.parse, one sum",
    pass: () =>
      timed(loads * streamEvents, () => {
        for (let load = 0; load < loads; load += 1) {
          let balance = 0;
          for (const row of read.all(`customer/${customer}`))
            balance +=
              (JSON.parse(String(row["event"])) as { data: { effect?: number } }).data.effect ?? 0;
          if (balance === 0) throw new Error("there is no balance");
        }
      }),
  };
  const warm: Contender = {
    name: "warm retrieve on SQLite",
    pass: () => writing(1, loads * 100, () => ledger.retrieveCustomer(customer)),
  };
  return [
    { goal: "P8", workload, subject: cold, baselines: [bareLoad] },
    {
      goal: "P8",
      workload,
      subject: warm,
      baselines: [],
      dispose: async () => {
        bare.close();
        await store.close();
        await rm(folder, { recursive: true });
      },
    },
  ];
};
