/**
 * Money is conserved: what is owed is what was opened, charged and asserted, less what was credited,
 * paid and voided, plus what was taken back. Read off the stored events, per obligation and currency.
 */
import { type RecordedEvent, recordedEvents } from "@tallystick/core";
import { afterAll, describe, expect, it } from "vitest";
import { histories } from "../arbitraries/histories.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import { holdsAfter, type Play } from "./play.ts";
import { type Posting, postingsOf, sumsBy } from "./postings.ts";
import { stores } from "./stores.ts";
import { everyHistory, everyMatch, Tally } from "./tally.ts";

const tally = new Tally();

/** Each part of what is owed by its sign in the sum, from the amounts and not from the effects. */
const parts = (event: RecordedEvent): number => {
  const { type, data } = event;
  switch (type) {
    case "obligation.opened":
    case "obligation.amount_charged":
      return data.amount;
    case "obligation.balance_asserted":
      return data.amount - data.previousBalance;
    case "obligation.amount_credited":
    case "bill.voided":
      return -data.amount;
    case "obligation.amount_applied":
    case "obligation.application_restored":
      return (data.absorbed ?? 0) - data.amount;
    case "obligation.application_reversed":
    case "obligation.application_undone":
      return data.amount - (data.absorbed ?? 0);
    default:
      return 0;
  }
};

interface Sums {
  parts: number;
  effects: number;
  balanceAfter: number | undefined;
}

/** Per obligation and currency, three readings of what is owed. */
const readings = (events: readonly RecordedEvent[]): Map<string, Sums> => {
  const sums = new Map<string, Sums>();
  for (const event of events) {
    const { data, streamId } = event;
    if (!("effect" in data) || !("currency" in data)) continue;
    const name = `${streamId} ${data.currency}`;
    const sum = sums.get(name) ?? { parts: 0, effects: 0, balanceAfter: undefined };
    sum.parts += parts(event);
    sum.effects += data.effect;
    sum.balanceAfter = data.balanceAfter ?? sum.balanceAfter;
    sums.set(name, sum);
  }
  return sums;
};

const told = async (
  play: Play,
  streamId: string,
  currency: string,
): Promise<number | undefined> => {
  const [kind = "", id = ""] = streamId.split("/");
  const { balances } = await play.ledger.balanceOf({ [kind]: id });
  return balances.find((each) => each.currency === currency)?.balance;
};

const nonZero = (sums: ReadonlyMap<string, number>): [string, number][] =>
  [...sums].filter(([, sum]) => sum !== 0);

describe.each(stores)("on the $name store", (store) => {
  it("Σ parts = Σ effect = last balanceAfter = balanceOf", { timeout: patienceMs }, () =>
    holdsAfter(store, 150, histories(), async ({ play }) => {
      for (const [name, sums] of readings(await play.events())) {
        const [streamId = "", currency = ""] = name.split(" ");
        const balance = sums.balanceAfter ?? 0;
        expect({ name, ...sums }).toEqual({
          name,
          parts: balance,
          effects: balance,
          balanceAfter: await told(play, streamId, currency),
        });
      }
      await tally.add(play);
    }),
  );

  it(
    "the double-entry reading sums to zero, and suspense holds what lies there",
    { timeout: patienceMs },
    () =>
      holdsAfter(store, 100, histories(), async ({ play }) => {
        const all: Posting[] = [];
        for (const commit of await play.commits()) {
          const postings = recordedEvents(commit).map(postingsOf);
          for (const each of postings) expect(nonZero(sumsBy(each, () => "event"))).toEqual([]);
          all.push(...postings.flat());
          const passing = postings.flat().filter(({ account }) => account === "passing");
          expect(nonZero(sumsBy(passing, () => `commit ${commit.number}`))).toEqual([]);
        }
        expect(nonZero(sumsBy(all, () => "all"))).toEqual([]);

        const waiting = sumsBy(
          (await play.ledger.listSuspense({ limit: 500 })).data.map(({ currency, amount }) => ({
            account: "suspense",
            currency,
            amount: -amount,
          })),
          (account) => account,
        );
        const suspense = sumsBy(
          all.filter(({ account }) => account === "suspense"),
          (account) => account,
        );
        expect(new Map(nonZero(suspense))).toEqual(new Map(nonZero(waiting)));
        await tally.add(play);
      }),
  );
});

afterAll(() => tally.expect([...everyHistory, ...everyMatch]));
