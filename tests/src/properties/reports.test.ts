/**
 * The reports agree with each other and with the ledger, to the minor unit, for any book and as of
 * any pair of times; and a report of the past is the one that was made then.
 */
import {
  canonicalJson,
  type Json,
  type Ledger,
  openLedger,
  type RecordedEvent,
} from "@tallystick/core";
import {
  type AsOfPair,
  ageingReport,
  balancesAsOf,
  balancesReport,
  jsonText,
  postingsOf,
  statementOf,
  suspenseAsOf,
  suspenseReport,
  trialBalance,
} from "@tallystick/reports";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { histories } from "../arbitraries/histories.ts";
import { patienceMs, shares } from "../arbitraries/settings.ts";
import { timeZones } from "../arbitraries/time-zones.ts";
import { holds, holdsAfter } from "./play.ts";
import { postingsOf as independentPostings, sumsBy } from "./postings.ts";
import { stores } from "./stores.ts";
import { everyHistory, Tally } from "./tally.ts";

const tally = new Tally();
const timeZone = "Africa/Johannesburg";
const bounds = [30, 60];
const on = "2026-03-31";

const json = (report: object): string => [...jsonText(report)].join("");

/** Everything that is told of a book as of then. */
const reportsOf = async (ledger: Pick<Ledger, "events">, asOf: AsOfPair) => ({
  balances: await balancesAsOf(ledger, asOf),
  ageing: await ageingReport(ledger, asOf, { on, bounds }),
  trial: await trialBalance(ledger, asOf),
});

/** Sums past 2^53 are refused rather than told; chance gets there with a few balances at the bound. */
const unlessRefused = async <Told>(telling: Promise<Told>): Promise<Told | undefined> => {
  try {
    return await telling;
  } catch (error) {
    expect(error).toMatchObject({ code: "AMOUNT_OUT_OF_RANGE" });
    tally.count("past the bound");
    return undefined;
  }
};

/** Whatever the order of its members. */
const inOneLine = (sum: object): string => canonicalJson(sum as Json);

type Nets = Record<string, bigint>;

/** Of two readings, sums by currency without those that are 0. */
const nets = (sums: Iterable<readonly [string, bigint]>): Nets => {
  const all: Nets = {};
  for (const [currency, sum] of sums) all[currency] = (all[currency] ?? 0n) + sum;
  return Object.fromEntries(Object.entries(all).filter(([, sum]) => sum !== 0n));
};

/** Each obligation, by the ledger's own answer. */
const toldByLedger = async (
  ledger: Ledger,
  events: readonly RecordedEvent[],
  { known, effective }: AsOfPair,
): Promise<Record<string, number>> => {
  const told: Record<string, number> = {};
  for (const { streamId } of events.filter(({ type }) => type.endsWith(".created"))) {
    const [kind = "", id = ""] = streamId.split("/");
    const { balances } = await ledger.balanceOf({ [kind]: id }, { known, effective });
    for (const { currency, balance } of balances)
      if (balance !== 0) told[`${id} ${currency}`] = balance;
  }
  return told;
};

/** Dates and instants. */
const times = fc
  .tuple(fc.integer({ min: Date.UTC(2025, 11, 1), max: Date.UTC(2026, 3, 1) }), fc.boolean())
  .map(([ms, isDate]) => new Date(ms).toISOString().slice(0, isDate ? 10 : undefined));

describe.each(stores)("on the $name store", (store) => {
  it(
    "balances, ageing, statements and trial balance agree as of any pair of times",
    {
      timeout: patienceMs,
    },
    () =>
      holds(
        store,
        40,
        fc.tuple(histories(), shares, fc.option(times, { nil: undefined }), timeZones),
        async ({ play }, [history, share, effective, timeZone]) => {
          await play.runAll(history);
          const events = await play.events();
          const known = Math.floor(events.length * share);
          const asOf = { known, effective, timeZone };
          const ledger = openLedger({ store: play.ledger.store, timeZone });
          const reports = await unlessRefused(reportsOf(ledger, asOf));
          if (reports === undefined) return;
          const { balances, ageing, trial } = reports;

          const net = nets(balances.totals.map((total) => [total.currency, total.net]));
          expect(nets(ageing.totals.map((total) => [total.currency, total.net]))).toEqual(net);
          expect(nets(ageing.data.map((row) => [row.currency, row.net]))).toEqual(net);
          for (const { owed, credit, notDue, overdue, undated, net: own } of ageing.totals) {
            expect(overdue.reduce((sum, each) => sum + each, notDue + undated)).toBe(owed);
            expect(owed - credit).toBe(own);
          }
          const receivables = trial.data.filter(({ account }) => account === "receivable");
          expect(
            nets(receivables.map(({ currency, debit, credit }) => [currency, debit - credit])),
          ).toEqual(net);
          expect(trial.totals.every(({ balanced }) => balanced)).toBe(true);
          const lastDays = new Map(trial.receivable.map((day) => [day.currency, day.balance]));
          expect(nets(lastDays)).toEqual(net);

          const inSuspense = trial.data.filter(({ account }) => account === "suspense");
          expect(nets(ageing.totals.map(({ currency, suspense }) => [currency, suspense]))).toEqual(
            nets(inSuspense.map(({ currency, debit, credit }) => [currency, credit - debit])),
          );

          const statements = await Promise.all(
            events
              .filter(({ type, position }) => type === "customer.created" && position <= known)
              .map(({ streamId }) => statementOf(ledger, streamId.slice(9), asOf, { from: on })),
          );
          expect(
            nets(
              statements.flatMap(({ data }) =>
                data.map(({ currency, closing }) => [currency, BigInt(closing)] as const),
              ),
            ),
          ).toEqual(net);
          for (const { opening, raised, lowered, closing, lines } of statements.flatMap(
            ({ data }) => data,
          )) {
            expect(opening + raised - lowered).toBe(closing);
            expect(lines.at(-1)?.balance ?? opening).toBe(closing);
          }

          const ofLedger = await unlessRefused(toldByLedger(ledger, events, asOf));
          if (ofLedger !== undefined)
            expect(
              Object.fromEntries(
                balances.data
                  .filter(({ balance }) => balance !== 0)
                  .map(({ id, currency, balance }) => [`${id} ${currency}`, balance]),
              ),
            ).toEqual(ofLedger);
          for (const { amountDue, amountPaid, balance, status } of balances.data)
            if (amountDue !== undefined && amountPaid !== undefined && status !== "voided")
              expect(balance).toBe(amountDue - amountPaid);
          await tally.add(play);
        },
      ),
  );

  it("what is folded from the events is what the ledger lists", { timeout: patienceMs }, () =>
    holdsAfter(store, 40, histories(), async ({ play: { ledger } }) => {
      const folded = await unlessRefused(balancesAsOf(ledger, { timeZone }));
      if (folded !== undefined) expect(folded).toEqual(await balancesReport(ledger));
      const suspense = await suspenseAsOf(ledger, { timeZone });
      const { data, totals } = await suspenseReport(ledger);
      expect(suspense.totals).toEqual(totals);
      const listed = data.map(({ metadata: _, ...sum }) => sum);
      expect(new Set(suspense.data.map(inOneLine))).toEqual(new Set(listed.map(inOneLine)));
    }),
  );

  it(
    "a report of the past is the one that was made then, to the byte",
    {
      timeout: patienceMs,
    },
    () =>
      holds(store, 30, fc.tuple(histories(), histories()), async ({ play }, [before, after]) => {
        await play.runAll(before);
        const { ledger } = play;
        const then = (await ledger.head())?.position ?? 0;
        const made = await unlessRefused(reportsOf(ledger, { timeZone }));
        await play.runAll(after);
        const again = await unlessRefused(reportsOf(ledger, { timeZone, known: then }));
        expect(again === undefined).toBe(made === undefined);
        if (made !== undefined && again !== undefined) expect(json(again)).toBe(json(made));
      }),
  );

  it(
    "every event is a balanced posting, as an independent reading has it",
    {
      timeout: patienceMs,
    },
    () =>
      holdsAfter(store, 30, histories(), async ({ play }) => {
        for (const event of await play.events()) {
          const postings = postingsOf(event);
          expect(postings.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
          const cash = (of: readonly { account: string; currency: string; amount: number }[]) => [
            ...sumsBy(
              of.filter(({ account }) => account === "cash"),
              (account) => account,
            ),
          ];
          expect(cash(postings)).toEqual(cash(independentPostings(event)));
        }
      }),
  );
});

afterAll(() => tally.expect([...everyHistory]));
