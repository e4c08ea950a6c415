/** What the driver can do without us: rows into a file, with the same durability as ours. */
import { DatabaseSync } from "node:sqlite";

export const openBare = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  return database;
};

/** What an event of a payment says: about 250 bytes when it is written as JSON. */
export const eventBody = (command: number) => ({
  id: `evt_${String(command).padStart(21, "0")}`,
  type: "obligation.amount_applied",
  streamId: `customer/bcus_${command % 10_000}`,
  currency: "ZAR",
  amount: 100,
  effect: -100,
  balanceAfter: 9_999_900,
  paymentId: `pay_${String(command).padStart(21, "0")}`,
  effectiveAt: "2026-03-01T00:00:00.000Z",
});

export type EventBody = ReturnType<typeof eventBody>;

export const eventJson = (command: number): string => JSON.stringify(eventBody(command));

/** Runs one transaction for each group of `groupSize` rows or commits. */
export const inGroups = (
  database: DatabaseSync,
  count: number,
  groupSize: number,
  write: (index: number) => void,
): void => {
  for (let from = 0; from < count; from += groupSize) {
    database.exec("BEGIN IMMEDIATE");
    for (let index = from; index < Math.min(count, from + groupSize); index += 1) write(index);
    database.exec("COMMIT");
  }
};
