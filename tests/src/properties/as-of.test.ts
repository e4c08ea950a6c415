/**
 * Asking about the past: as of a position a balance is what the events up to it come to, and with a
 * time in the world it is the sum over the events that were true by then. Checked by brute force.
 */
import { type Balance, type Ledger, openLedger, type RecordedEvent } from "@tallystick/core";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { histories } from "../arbitraries/histories.ts";
import { patienceMs, shares } from "../arbitraries/settings.ts";
import { holds } from "./play.ts";
import { stores } from "./stores.ts";
import { everyHistory, Tally } from "./tally.ts";

const tally = new Tally();

const zone = "Africa/Johannesburg";

/** Σ effect per currency over these events, for those currencies that were tracked by them. */
const bruteForce = (events: readonly RecordedEvent[], streamId: string): Balance["balances"] => {
  const sums = new Map<string, number>();
  for (const { data, streamId: on } of events)
    if (
      on === streamId &&
      "effect" in data &&
      "currency" in data &&
      data.balanceAfter !== undefined
    )
      sums.set(data.currency, (sums.get(data.currency) ?? 0) + data.effect);
  return [...sums]
    .map(([currency, balance]) => ({ currency, balance }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
};

const streams = (events: readonly RecordedEvent[]): string[] => [
  ...new Set(
    events
      .map(({ streamId }) => streamId)
      .filter((id) => !id.startsWith("suspense/") && !id.startsWith("acceptance/")),
  ),
];

const targetOf = (streamId: string): Record<string, string> => {
  const [kind = "", id = ""] = streamId.split("/");
  return { [kind]: id };
};

/** Sums past the bound are refused rather than told; everything else is told exactly. */
const inRange = (balances: Balance["balances"]): boolean =>
  balances.every(({ balance }) => Math.abs(balance) <= 1e15);

const asOf = async (ledger: Ledger, streamId: string, when: object): Promise<Balance["balances"]> =>
  (await ledger.balanceOf(targetOf(streamId), when)).balances;

const pastMs = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 3, 1) });

describe.each(stores)("on the $name store", (store) => {
  it("as of a position = the fold of the first events", { timeout: patienceMs }, () =>
    holds(
      store,
      60,
      fc.tuple(histories(), fc.array(shares, { minLength: 3, maxLength: 3 })),
      async ({ play }, [history, parts]) => {
        await play.runAll(history);
        const events = await play.events();
        for (const share of [...parts, 1]) {
          const known = Math.floor(events.length * share);
          for (const streamId of streams(events)) {
            const balances = bruteForce(events.slice(0, known), streamId);
            expect(await asOf(play.ledger, streamId, { known })).toEqual(balances);
            // Every event carries the balance after it: the last one up to there says the same.
            for (const { currency, balance } of balances) {
              const last = events
                .slice(0, known)
                .findLast(
                  ({ data, streamId: on }) =>
                    on === streamId &&
                    "balanceAfter" in data &&
                    "currency" in data &&
                    data.currency === currency,
                );
              expect(last?.data).toMatchObject({ balanceAfter: balance });
            }
          }
          // Another instant was known from when the last event up to there was recorded.
          const at = events[known - 1]?.recordedAt;
          if (at === undefined) continue;
          const then = events.filter(({ recordedAt }) => recordedAt <= at);
          for (const streamId of streams(events))
            expect(await asOf(play.ledger, streamId, { known: at })).toEqual(
              bruteForce(then, streamId),
            );
        }
        await tally.add(play);
      },
    ),
  );

  it("about a time in the world = brute force over the events", { timeout: patienceMs }, () =>
    holds(
      store,
      60,
      fc.tuple(histories(), fc.array(pastMs, { minLength: 3, maxLength: 3 }), shares),
      async ({ play }, [history, times, share]) => {
        await play.runAll(history);
        const events = await play.events();
        const known = Math.floor(events.length * share);
        const here = openLedger({ store: play.ledger.store, timeZone: zone });
        for (const ms of times) {
          const instant = new Date(ms).toISOString();
          const date = instant.slice(0, 10);
          // No daylight saving in Johannesburg: its day ends at 22:00 UTC.
          const endOfDay = `${date}T21:59:59.999Z`;
          for (const streamId of streams(events)) {
            const until = (end: string, upTo = events.length): Balance["balances"] =>
              bruteForce(
                events.slice(0, upTo).filter(({ effectiveAt }) => effectiveAt <= end),
                streamId,
              );
            if (inRange(until(instant)))
              expect(await asOf(play.ledger, streamId, { effective: instant })).toEqual(
                until(instant),
              );
            else tally.count("past the bound");
            if (inRange(until(endOfDay)))
              expect(await asOf(here, streamId, { effective: date })).toEqual(until(endOfDay));
            if (!inRange(until(instant, known))) continue;
            const { balances, steps = [] } = await play.ledger.balanceOf(targetOf(streamId), {
              effective: instant,
              known,
              steps: true,
            });
            expect(balances).toEqual(until(instant, known));
            if (balances.length > 0 && until(instant, known) !== until(instant))
              tally.count("both axes");
            for (const { currency, balance } of balances)
              expect(steps.findLast((step) => step.currency === currency)?.balance).toBe(balance);
            expect(
              steps.every(
                ({ position, effectiveAt }) => position <= known && effectiveAt <= instant,
              ),
            ).toBe(true);
          }
        }
        await tally.add(play);
      },
    ),
  );
});

afterAll(() =>
  tally.expect([...everyHistory, "both axes", "dated ahead", "reversal after change of currency"]),
);
