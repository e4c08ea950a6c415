/** One idempotency key, several processes at once: the request has one effect and one answer. */
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import type { Call } from "../arbitraries/calls.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import { Tally } from "../properties/tally.ts";
import { accepted, call, prepare, refusals } from "./calls.ts";
import { holdsInRaces } from "./race.ts";
import { expectSerial } from "./serial.ts";

const tally = new Tally();
const key = "k-1";

const requests: readonly Call[] = [
  call("charge", { customer: "c-1", amount: 250 }, key),
  call("credit", { customer: "c-1", amount: 250, reason: "goodwill" }, key),
  call("setBalance", { customer: "c-1", balance: 70 }, key),
  call("recordPayment", { bill: "b-1", amount: 100, currency: "ZAR" }, key),
  call("recordPayment", { bill: "unknown", amount: 100, currency: "ZAR" }, key),
  call("applyPayment", { bill: "b-1", paymentId: "pay_1", amount: 100 }, key),
  call("createCustomer", { externalReference: "c-2" }, key),
  call(
    "createBill",
    {
      externalReference: "b-2",
      customer: { externalReference: "c-2" },
      amountDue: 5,
      currency: "ZAR",
    },
    key,
  ),
];
const refusable: readonly Call[] = [
  call("charge", { customer: "unknown", amount: 250 }, key),
  call("charge", { bill: "b-1", amount: 250 }, key),
  call("createCustomer", { externalReference: "c-1" }, key),
];

/** Which of two processes each of the calls goes to. */
const hands = fc.array(fc.boolean(), { minLength: 2, maxLength: 4 });

it("the same request: one effect, and everybody hears the same", { timeout: patienceMs }, () =>
  holdsInRaces(
    150,
    fc.record({ request: fc.constantFrom(...requests, ...refusable), hands }),
    async (race, { request, hands: chosen }) => {
      await prepare(race);
      const before = await race.commits();
      const [left, right] = [race.process("left"), race.process("right")];
      const all = await race.run(chosen.map((hand) => [hand ? left : right, request]));

      const [commit, ...others] = (await race.commits()).slice(before.length);
      expect(others).toEqual([]);
      expect(commit?.outcome?.key).toBe(key);
      if (refusable.includes(request)) {
        expect(new Set(all.map((came) => JSON.stringify(came))).size).toBe(1);
        expect(refusals(all)).toHaveLength(chosen.length);
        tally.count("refused alike");
      } else {
        const answers = accepted(all);
        expect(answers).toHaveLength(chosen.length);
        expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
        for (const answer of answers)
          expect({ ...answer, replayed: false }).toEqual({ ...answers[0], replayed: false });
        expect(answers[0]?.events.map(({ id }) => id)).toEqual(commit?.events.map(({ id }) => id));
        tally.count(answers[0]?.replayed === true ? "a later call first" : "the first call first");
      }
      await expectSerial(race);
      for (const { seen } of [left, right])
        for (const code of seen.lost) tally.count(`lost ${code}`);
      if (new Set(chosen).size === 2) tally.count("from two processes");
      else tally.count("from one process");
    },
  ),
);

it(
  "another request under the key: exactly one is refused, and leaves nothing",
  { timeout: patienceMs },
  () =>
    holdsInRaces(
      150,
      fc
        .record({
          pair: fc.shuffledSubarray([...requests], { minLength: 2, maxLength: 2 }),
          hand: fc.boolean(),
        })
        .filter(({ pair }) => pair.length === 2),
      async (race, { pair, hand }) => {
        await prepare(race);
        const before = (await race.commits()).length;
        const [left, right] = [race.process("left"), race.process("right")];
        const all = await race.run(
          pair.map((request, index) => [index === 0 || hand ? left : right, request]),
        );
        expect(refusals(all)).toEqual(["IDEMPOTENCY_KEY_REUSED"]);
        expect(accepted(all).map(({ replayed }) => replayed)).toEqual([false]);
        expect(await race.commits()).toHaveLength(before + 1);
        await expectSerial(race);
        tally.count("answer" in (all[0] ?? {}) ? "first request kept" : "second request kept");
      },
    ),
);

afterAll(() =>
  tally.expect([
    "refused alike",
    "a later call first",
    "the first call first",
    "from one process",
    "from two processes",
    "lost OUTCOME_EXISTS",
    "first request kept",
    "second request kept",
  ]),
);
