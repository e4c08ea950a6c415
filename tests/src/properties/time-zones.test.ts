/**
 * Days of any time zone: every instant lies on exactly one, and all that says DATE cuts a book at the
 * same instants, so that what is told by days comes to what is told as of their ends.
 */
import { dateOfInstant, endOfDay, openLedger } from "@tallystick/core";
import {
  balancesAsOf,
  csvFileRows,
  journalEntries,
  reconcile,
  reconFile,
  statementOf,
  trialBalance,
} from "@tallystick/reports";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { histories } from "../arbitraries/histories.ts";
import { patienceMs, runs } from "../arbitraries/settings.ts";
import { timeZones } from "../arbitraries/time-zones.ts";
import { collect, holds } from "./play.ts";
import { stores } from "./stores.ts";
import { Tally } from "./tally.ts";

const tally = new Tally();
const [store] = stores;

const instants = fc
  .integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2040, 0, 1) })
  .map((ms) => new Date(ms).toISOString());

const dates = fc
  .integer({ min: Date.UTC(2025, 11, 20), max: Date.UTC(2026, 3, 10) })
  .map((ms) => new Date(ms).toISOString().slice(0, 10));

const dayBefore = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** Sums by currency, without those that are 0. */
const sums = (parts: Iterable<readonly [currency: string, sum: bigint]>): object => {
  const all = new Map<string, bigint>();
  for (const [currency, sum] of parts) all.set(currency, (all.get(currency) ?? 0n) + sum);
  return Object.fromEntries([...all].filter(([, sum]) => sum !== 0n));
};

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

describe("days", () => {
  it("hold every instant once: after the end of the day before, and not after its own", () =>
    fc.assert(
      fc.property(timeZones, instants, (timeZone, instant) => {
        const date = dateOfInstant(instant, timeZone);
        expect(instant <= endOfDay(date, timeZone)).toBe(true);
        expect(instant > endOfDay(dayBefore(date), timeZone)).toBe(true);
      }),
      runs(2000),
    ));

  it("follow each other as instants do", () =>
    fc.assert(
      fc.property(timeZones, instants, fc.nat(172_800_000), (timeZone, instant, laterMs) => {
        const later = new Date(Date.parse(instant) + laterMs).toISOString();
        expect(dateOfInstant(later, timeZone) >= dateOfInstant(instant, timeZone)).toBe(true);
      }),
      runs(2000),
    ));
});

describe("in any time zone", () => {
  it("reports by day come to reports as of its end", { timeout: patienceMs }, async () => {
    if (store === undefined) throw new Error("there is no store");
    const given = fc.tuple(histories(), timeZones, dates);
    await holds(store, 60, given, async ({ play }, [history, timeZone, date]) => {
      await play.runAll(history);
      const ledger = openLedger({ store: play.ledger.store, timeZone });
      const asOf = { timeZone, effective: date };
      // The bound of sums is tried elsewhere.
      const balances = await balancesAsOf(ledger, asOf).catch(() => undefined);
      const trial = await trialBalance(ledger, { timeZone });
      if (balances === undefined) return;
      const net = sums(balances.totals.map((total) => [total.currency, total.net]));

      const lastDays = new Map(
        trial.receivable
          .filter((day) => day.date <= date)
          .map((day) => [day.currency, day.balance]),
      );
      expect(sums(lastDays)).toEqual(net);

      const entries = await collect(journalEntries(ledger, { timeZone }));
      expect(
        sums(
          entries
            .filter((entry) => entry.date <= date)
            .flatMap(({ postings }) => postings)
            .filter(({ account }) => account === "receivable")
            .map(({ currency, amount }) => [currency, BigInt(amount)]),
        ),
      ).toEqual(net);

      const after = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
      for (const { streamId } of (await play.events()).filter(
        ({ type }) => type === "customer.created",
      )) {
        const name = streamId.slice("customer/".length);
        const closing = (await statementOf(ledger, name, { timeZone }, { to: date })).data;
        const opening = (await statementOf(ledger, name, { timeZone }, { from: after })).data;
        const begun = new Map(opening.map((part) => [part.currency, part.opening]));
        for (const { currency, closing: owed } of closing) expect(begun.get(currency)).toBe(owed);
        const told = await ledger.balanceOf({ customer: name }, { effective: date });
        const listed = balances.data.filter((row) => row.id === name);
        expect(sums(told.balances.map((row) => [row.currency, BigInt(row.balance)]))).toEqual(
          sums(listed.map((row) => [row.currency, BigInt(row.balance)])),
        );
      }
      if (dateOfInstant(endOfDay(date, timeZone), "UTC") !== date) tally.count("not UTC's day");
      if (Object.keys(net).length > 0) tally.count("something is owed");
    });
  });

  it("the file of some days is read back without a break", { timeout: patienceMs }, async () => {
    if (store === undefined) throw new Error("there is no store");
    const given = fc.tuple(histories(), timeZones, dates, fc.nat(40));
    await holds(store, 40, given, async ({ play }, [history, timeZone, from, days]) => {
      const { ledger } = play;
      await play.runAll(history);
      const to = new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10);
      const period = { from, to };
      const text = await collect(reconFile(ledger, { timeZone }, { period, merchant: "m" }));
      const lines = text
        .join("")
        .split("\r\n")
        .map((line, at) => ({ line: at + 1, cells: line.split(",") }))
        .filter(({ cells }) => cells.length > 1);
      const rows = () => csvFileRows(each(lines), { file: 0, timeZone });
      const bounds = { windowDays: 0, toleranceAmount: 0, toleranceDays: 0 };
      const files = [{ name: "theirs.csv", period, rows }];
      const report = await reconcile(ledger, { timeZone }, files, bounds);
      expect(report).toMatchObject({
        holds: true,
        matchedWithDifference: [],
        onlyExternal: [],
        onlyLedger: [],
        duplicate: [],
      });
      if (report.matched > 0) tally.count("payments in the file");
    });
  });
});

afterAll(() => tally.expect(["not UTC's day", "something is owed", "payments in the file"]));
