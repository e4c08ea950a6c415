/** P11: a book against a reconciliation file with a row for each of its payments. */
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { sqliteStore } from "@tallystick/adapters/sqlite";
import { csvRows, openInput } from "@tallystick/cli";
import { csvFileRows, type ExternalRow, reconcile, reconFile } from "@tallystick/reports";
import { customers, pay, withCustomers } from "../books.ts";
import { newFolder } from "../folders.ts";
import { type Benchmark, timed } from "../measure.ts";
import { writing } from "../writers.ts";

const asOf = { timeZone: "UTC" };
const period = { from: "2000-01-01", to: "2099-12-31" };
const bounds = { windowDays: 3, toleranceAmount: 0, toleranceDays: 0 };

export const reconciling = async (payments: number): Promise<Benchmark> => {
  const folder = await newFolder();
  const store = await sqliteStore(join(folder, "book.db"));
  const ledger = await withCustomers(store, customers);
  await writing(512, payments, (command) => pay(ledger, command % customers));
  const path = join(folder, "theirs.csv");
  const file = await open(path, "w");
  for await (const line of reconFile(ledger, asOf, { period, merchant: "benchmark" }))
    await file.write(line);
  await file.close();
  const input = await openInput(path);
  const rows = (): AsyncIterable<ExternalRow> => csvFileRows(csvRows(input), { file: 0, ...asOf });
  return {
    goal: "P11",
    workload: `${payments} payments, as many external rows`,
    subject: {
      name: "reconcile a book on SQLite with a file",
      pass: () =>
        timed(payments, async () => {
          const files = [{ name: "theirs.csv", period, rows }];
          const { matched, holds } = await reconcile(ledger, asOf, files, bounds);
          if (matched !== payments || !holds) throw new Error("the sides do not agree");
        }),
    },
    baselines: [
      {
        name: "both sides only read and parsed",
        pass: () =>
          timed(payments, async () => {
            let read = 0;
            for await (const _row of rows()) read += 1;
            for await (const _event of ledger.events()) read += 1;
            if (read < 2 * payments) throw new Error("rows are missing");
          }),
      },
    ],
    dispose: async () => {
      await input.close();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
};
