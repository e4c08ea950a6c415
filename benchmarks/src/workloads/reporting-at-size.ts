/** P11: reports of a large book on SQLite, through the command line. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { sqliteStore } from "@tallystick/adapters/sqlite";
import { run } from "@tallystick/cli";
import type { Ledger } from "@tallystick/core";
import { customerId, customers, pay, withCustomers } from "../books.ts";
import { newFolder } from "../folders.ts";
import type { Benchmark, Contender } from "../measure.ts";
import { passOf } from "../reporting/passes.ts";
import type { Reading } from "../reporting/read-rows.ts";
import { writing } from "../writers.ts";

/** A pass takes a minute. */
const rounds = 3;

/** A book of so many commands, and how many events it came to. */
const bookOf = async (
  path: string,
  commands: number,
  send: (ledger: Ledger, command: number) => Promise<unknown>,
): Promise<number> => {
  const store = await sqliteStore(path);
  const ledger = await withCustomers(store, customers);
  await writing(512, commands, (command) => send(ledger, command));
  const events = (await ledger.head())?.position ?? 0;
  await store.close();
  return events;
};

const command = (name: string, count: number, argv: readonly string[]): Contender => ({
  name,
  pass: () => passOf("run-command", count, argv),
});

const reading = (count: number, rows: Reading): Contender => ({
  name: "the same rows read by the bare driver and parsed",
  pass: () => passOf("read-rows", count, rows),
});

/** A book with a file that has a row for each of its payments. */
export const reconciling = async (payments: number): Promise<Benchmark> => {
  const folder = await newFolder();
  const database = join(folder, "book.db");
  const store = `sqlite:${database}`;
  const events = await bookOf(database, payments, (ledger, index) =>
    pay(ledger, index % customers),
  );
  const csv = join(folder, "theirs.csv");
  const period = ["--from", "2000-01-01", "--to", "2099-12-31"];
  await run(["moment-report", "recon", ...period, "--out", csv, "--store", store]);
  const rows = events + payments;
  return {
    goal: "P11",
    workload: `${payments} payments, as many external rows`,
    rounds,
    subject: command("reconcile on SQLite", payments, [
      "reconcile",
      "--external",
      csv,
      "--store",
      store,
    ]),
    baselines: [reading(payments, { database, csv, rows })],
    dispose: () => rm(folder, { recursive: true }),
  };
};

/** A bill falls due on each of so many days. */
const dueDays = 200;
const dueOn = (index: number): string =>
  new Date(Date.UTC(2026, 0, 1 + (index % dueDays))).toISOString().slice(0, 10);

/** A book of bills, of which none is paid. */
export const ageing = async (bills: number): Promise<Benchmark> => {
  const folder = await newFolder();
  const database = join(folder, "book.db");
  const rows = await bookOf(database, bills, (ledger, index) =>
    ledger.createBill({
      externalReference: `INV-${index}`,
      customer: customerId(index % customers),
      currency: "ZAR",
      amountDue: 37_650,
      dueDate: dueOn(index),
    }),
  );
  return {
    goal: "P11",
    workload: `${bills} bills, ${rows} events`,
    rounds,
    subject: command("ageing on SQLite", bills, ["ageing", "--store", `sqlite:${database}`]),
    baselines: [reading(bills, { database, rows })],
    dispose: () => rm(folder, { recursive: true }),
  };
};
