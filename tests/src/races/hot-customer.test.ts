/** Two thousand commands on one customer at once: decided in order, written in few groups. */
import { setImmediate } from "node:timers/promises";
import { seededHost } from "@tallystick/adapters/host";
import { memoryStore } from "@tallystick/adapters/memory";
import { openLedger, type Store } from "@tallystick/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Call } from "../arbitraries/calls.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import { accepted, call, refusals } from "./calls.ts";
import { holdsInRaces } from "./race.ts";

const commands = 2000;

/** Some are refused: more is paid than anybody may pay at once. */
const hot = (
  customer: string,
  index: number,
  refusedEvery: number,
): { readonly call: Call; readonly effect: number | undefined } => {
  const amount = (index % 97) + 1;
  if (index % refusedEvery === refusedEvery - 1)
    return {
      call: call("applyPayment", { customer, paymentId: `pay_${index}`, amount: 5_000 }),
      effect: undefined,
    };
  if (index % 3 === 0) return { call: call("charge", { customer, amount }), effect: amount };
  return index % 3 === 1
    ? { call: call("credit", { customer, amount, reason: "goodwill" }), effect: -amount }
    : {
        call: call("applyPayment", { customer, paymentId: `pay_${index}`, amount }),
        effect: -amount,
      };
};

/**
 * How often a command is refused, and the most groups that may come of it: what was decided before a
 * refusal sets out first, so that the refusal rests on nothing that may still fail.
 */
const given = fc.record({
  customer: fc.constantFrom("bcus_c1", "c-1"),
  cadence: fc.constantFrom(
    { refusedEvery: 100, groupsMax: 100 },
    { refusedEvery: commands + 1, groupsMax: 10 },
  ),
  alone: fc.boolean(),
});

it(
  "no conflict reaches a caller, and effects follow the order of the calls",
  { timeout: patienceMs },
  () =>
    holdsInRaces(5, given, async (race, { customer, cadence, alone }) => {
      const { refusedEvery, groupsMax } = cadence;
      const quiet = race.quietly();
      await quiet.createCustomer({
        id: "bcus_c1",
        externalReference: "c-1",
        balance: 100,
        currency: "ZAR",
      });
      const paymentRules = {
        minAmount: 1,
        maxAmount: 1000,
        underpaymentAllowed: true,
        overpaymentAllowed: true,
      };
      await quiet.setPaymentRules({ customer: "c-1", paymentRules });
      const before = (await race.events()).length;
      const process = race.process("one", { alone });
      // A reference is looked up once; from then on calls by it queue in the order of calling.
      await race.finish(process.ledger.retrieveCustomer("c-1"));
      const all = Array.from({ length: commands }, (_, index) =>
        hot(customer, index, refusedEvery),
      );
      const answers = await race.together(
        process,
        all.map((each) => each.call),
      );

      const effects = all.flatMap(({ effect }) => (effect === undefined ? [] : [effect]));
      expect(refusals(answers)).toEqual(
        Array.from({ length: commands - effects.length }, () => "AMOUNT_ABOVE_MAXIMUM"),
      );
      const events = (await race.events()).slice(before);
      expect(accepted(answers).flatMap((answer) => answer.events.map(({ id }) => id))).toEqual(
        events.map(({ id }) => id),
      );
      expect(events.map(({ data }) => (data as { effect: number }).effect)).toEqual(effects);
      const sum = effects.reduce((total, effect) => total + effect, 100);
      expect((await quiet.retrieveCustomer("c-1")).balance).toBe(sum);
      expect(process.seen.lost).toEqual([]);
      expect(process.seen.appends).toBe(effects.length);
      expect(process.seen.groups).toBeLessThanOrEqual(groupsMax);
    }),
);

it("what comes while others are being written is decided on top of them at once", async () => {
  const memory = memoryStore({ host: seededHost() });
  const written: (() => void)[] = [];
  /** Writes, and says so only when it is told to. */
  const append: Store["append"] = async (book, draft) => {
    const commit = await memory.append(book, draft);
    await new Promise<void>((resolve) => written.push(resolve));
    return commit;
  };
  const store = new Proxy<Store>(memory, {
    get: (target, name) => {
      if (name === "append") return append;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const ledger = openLedger({ store });
  const customer = openLedger({ store: memory }).createCustomer({
    id: "bcus_c1",
    externalReference: "c-1",
    balance: 0,
    currency: "ZAR",
  });
  expect((await customer).entity.balance).toBe(0);
  const balances: (number | undefined)[] = [];
  const charge = async (amount: number): Promise<void> => {
    const { entity } = await ledger.charge({ customer: "bcus_c1", amount });
    balances.push(entity.balance);
  };

  const both = [charge(1), charge(10)];
  await setImmediate();
  expect(written).toHaveLength(2);
  written[0]?.();
  await setImmediate();
  expect(balances).toEqual([1]);
  const third = charge(100);
  await setImmediate();
  expect(written).toHaveLength(3);
  expect(balances).toEqual([1]);
  for (const say of written) say();
  await Promise.all([...both, third]);
  expect(balances).toEqual([1, 11, 111]);
});
