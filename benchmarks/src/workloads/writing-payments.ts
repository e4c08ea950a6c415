/** P1, P2, P5: payments with keys, durable before they are acknowledged, against the bare driver. */
import { join } from "node:path";
import { sqliteStore } from "@tallystick/adapters/sqlite";
import { eventJson, inGroups, openBare } from "../bare.ts";
import { customers, pay, withCustomers } from "../books.ts";
import { inNewFolder } from "../folders.ts";
import { type Benchmark, type Contender, type Pass, timed } from "../measure.ts";
import { replayRows } from "../same-rows.ts";
import { writing } from "../writers.ts";

interface Shape {
  readonly goal: string;
  readonly workload: string;
  readonly writers: number;
  /** Customers that the payments go to in turn. */
  readonly streams: number;
}

export const shapes: readonly Shape[] = [
  { goal: "P1", workload: "W2: 64 writers, 10,000 customers", writers: 64, streams: customers },
  { goal: "P2", workload: "W4: 32 writers, one customer", writers: 32, streams: 1 },
  {
    goal: "P5",
    workload: "W1: one after the other, 10,000 customers",
    writers: 1,
    streams: customers,
  },
];

const paying = ({ writers, streams }: Shape, count: number): Contender => ({
  name: "applyPayment with a key on SQLite",
  pass: () =>
    inNewFolder(async (folder) => {
      const store = await sqliteStore(join(folder, "book.db"));
      const ledger = await withCustomers(store, streams);
      const pass = await writing(writers, count, (command) => pay(ledger, command % streams));
      await store.close();
      return pass;
    }),
});

const bareRows = ({ writers }: Shape, count: number): Contender => ({
  name: `bare driver, one row a command, groups of ${writers}`,
  pass: () =>
    inNewFolder((folder) => {
      const database = openBare(join(folder, "bare.db"));
      database.exec("CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT, event TEXT)");
      const insert = database.prepare("INSERT INTO events (stream, event) VALUES (?, ?)");
      const pass = timed(count, () =>
        inGroups(database, count, writers, (index) => {
          insert.run(`customer/bcus_${index % customers}`, eventJson(index));
        }),
      );
      return pass.finally(() => database.close());
    }),
});

const sameRows = ({ writers, streams }: Shape, count: number): Contender => ({
  name: `bare driver, the same rows, groups of ${writers}`,
  pass: (): Promise<Pass> =>
    inNewFolder(async (folder) => {
      const path = join(folder, "book.db");
      const store = await sqliteStore(path);
      const ledger = await withCustomers(store, streams);
      const before = (await ledger.head())?.commit ?? 0;
      await writing(writers, count, (command) => pay(ledger, command % streams));
      await store.close();
      return replayRows(path, { after: before, groupSize: writers });
    }),
});

/** `count` payments a pass. */
export const writingPayments = (shape: Shape, count: number): Benchmark => ({
  goal: shape.goal,
  workload: shape.workload,
  subject: paying(shape, count),
  baselines:
    shape.writers === 1
      ? [sameRows(shape, count)]
      : [bareRows(shape, count), sameRows(shape, count)],
});
