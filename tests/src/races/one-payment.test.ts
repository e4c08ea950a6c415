/** One payment, reported by everybody at once: it has one effect (D-51). */
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { patienceMs } from "../arbitraries/settings.ts";
import { Tally } from "../properties/tally.ts";
import { accepted, call, prepare, refusals } from "./calls.ts";
import { holdsInRaces, type Process } from "./race.ts";
import { expectSerial } from "./serial.ts";

const tally = new Tally();
const name = fc.constantFrom("b-1", "bill_b1");
const verb = fc.constantFrom<("recordPayment" | "applyPayment")[]>("recordPayment", "applyPayment");

const paid = (bill: string, amount: number) => ({
  bill,
  paymentId: "pay_1",
  amount,
  currency: "ZAR",
});

it(
  "a hundred times over two processes: one effect, ninety-nine repeats",
  { timeout: patienceMs },
  () =>
    holdsInRaces(
      25,
      fc.record({
        asked: fc.array(fc.record({ name, verb, hand: fc.boolean() }), {
          minLength: 100,
          maxLength: 100,
        }),
        exists: fc.boolean(),
      }),
      async (race, { asked, exists }) => {
        if (exists) await prepare(race);
        const before = (await race.commits()).length;
        const [left, right] = [race.process("left"), race.process("right")];
        const all = await race.run(
          asked.map((each) => [
            each.hand ? left : right,
            call(exists ? each.verb : "recordPayment", paid(exists ? each.name : "bill_b1", 100)),
          ]),
        );
        const answers = accepted(all);
        expect(answers).toHaveLength(100);
        expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
        expect(new Set(answers.map(({ payment }) => payment?.eventId)).size).toBe(1);
        expect((await race.commits()).slice(before).flatMap(({ events }) => events)).toHaveLength(
          1,
        );
        if (exists)
          expect(await race.quietly().retrieveBill("b-1")).toMatchObject({ amountPaid: 100 });
        for (const { seen } of [left, right])
          for (const code of seen.lost) tally.count(`lost ${code}`);
        tally.count(`${answers[0]?.payment?.status}`);
      },
    ),
);

it(
  "with two amounts: one is applied, the other is suspended once or refused",
  { timeout: patienceMs },
  () =>
    holdsInRaces(
      150,
      fc
        .array(fc.record({ name, verb, hand: fc.boolean(), amount: fc.constantFrom(100, 200) }), {
          minLength: 3,
          maxLength: 7,
          size: "max",
        })
        .filter((asked) => new Set(asked.map(({ amount }) => amount)).size === 2),
      async (race, asked) => {
        await prepare(race);
        const [left, right]: [Process, Process] = [race.process("left"), race.process("right")];
        const all = await race.run(
          asked.map((each) => [
            each.hand ? left : right,
            call(each.verb, paid(each.name, each.amount)),
          ]),
        );
        await expectSerial(race);
        const events = await race.events();
        const applied = events.filter(({ type }) => type === "obligation.amount_applied");
        expect(applied).toHaveLength(1);
        const [amount = 0] = applied.map(({ data }) => (data as { amount: number }).amount);
        const bill = await race.quietly().retrieveBill("b-1");
        expect(bill.amountPaid).toBe(amount);
        const suspended = events.filter(({ type }) => type === "payment.suspended");
        const reported = asked.some(
          (each) => each.verb === "recordPayment" && each.amount !== amount,
        );
        expect(suspended.map(({ data }) => data)).toMatchObject(
          reported ? [{ reason: "payment_conflict", amount: 300 - amount }] : [],
        );
        const contradicting = asked.filter(
          (each) => each.verb === "applyPayment" && each.amount !== amount,
        );
        expect(refusals(all)).toEqual(contradicting.map(() => "PAYMENT_CONFLICT"));
        tally.count(reported ? "one in suspense" : "none in suspense");
        if (contradicting.length > 0) tally.count("refused");
        tally.count(`applied ${amount}`);
        for (const { seen } of [left, right])
          for (const code of seen.lost) tally.count(`lost ${code}`);
      },
    ),
);

afterAll(() =>
  tally.expect([
    "applied",
    "suspended",
    "lost REVISION_CONFLICT",
    "one in suspense",
    "none in suspense",
    "refused",
    "applied 100",
    "applied 200",
  ]),
);
