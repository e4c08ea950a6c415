/** A payment that is taken back by two at once, or while it is applied, is taken back once (D-47). */
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { patienceMs } from "../arbitraries/settings.ts";
import { Tally } from "../properties/tally.ts";
import { accepted, call, prepare, refusals } from "./calls.ts";
import { holdsInRaces } from "./race.ts";
import { expectSerial } from "./serial.ts";

const tally = new Tally();
const paid = 600;

const target = fc.constantFrom({ bill: "b-1" }, { bill: "bill_b1" }, {});
const hands = fc.array(fc.boolean(), { minLength: 2, maxLength: 4 });

it("never more is taken back than was applied", { timeout: patienceMs }, () =>
  holdsInRaces(
    150,
    fc.record({ hands, target, amount: fc.constantFrom(undefined, 600, 400, 300, 250) }),
    async (race, { hands: chosen, target: named, amount }) => {
      await prepare(race);
      await race.quietly().applyPayment({ bill: "b-1", paymentId: "pay_1", amount: paid });
      await race.prepared();
      const [left, right] = [race.process("left"), race.process("right")];
      const all = await race.run(
        chosen.map((hand) => [
          hand ? left : right,
          call("reversePayment", { paymentId: "pay_1", amount, ...named }),
        ]),
      );
      const each = amount ?? paid;
      const fitting = Math.min(chosen.length, Math.floor(paid / each));
      expect(accepted(all)).toHaveLength(fitting);
      const refusal =
        fitting * each === paid ? "NOTHING_TO_REVERSE" : "REVERSAL_EXCEEDS_APPLICATION";
      expect(refusals(all)).toEqual(chosen.slice(fitting).map(() => refusal));
      expect(await race.quietly().retrieveBill("b-1")).toMatchObject({
        amountPaid: paid - fitting * each,
        balance: 1000 - paid + fitting * each,
      });
      await expectSerial(race);
      for (const code of refusals(all)) tally.count(code);
      if (fitting > 1) tally.count("several parts");
      for (const { seen } of [left, right])
        for (const code of seen.lost) tally.count(`lost ${code}`);
    },
  ),
);

it(
  "applying and taking back at once: applied once, and taken back at most once",
  { timeout: patienceMs },
  () =>
    holdsInRaces(
      150,
      fc.record({
        verbs: fc
          .array(fc.constantFrom<("apply" | "reverse")[]>("apply", "reverse"), {
            minLength: 2,
            maxLength: 5,
          })
          .filter((verbs) => new Set(verbs).size === 2),
        hands: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
        target,
      }),
      async (race, { verbs, hands: chosen, target: named }) => {
        await prepare(race);
        const [left, right] = [race.process("left"), race.process("right")];
        const all = await race.run(
          verbs.map((verb, index) => [
            chosen[index] === true ? left : right,
            verb === "apply"
              ? call("applyPayment", { bill: "b-1", paymentId: "pay_1", amount: paid })
              : call("reversePayment", { paymentId: "pay_1", ...named }),
          ]),
        );
        await expectSerial(race);
        const types = (await race.events()).map(({ type }) => type);
        const count = (type: string): number => types.filter((each) => each === type).length;
        expect(count("obligation.amount_applied")).toBe(1);
        const reversed = count("obligation.application_reversed");
        expect(reversed).toBeLessThanOrEqual(1);
        expect((await race.quietly().retrieveBill("b-1")).amountPaid).toBe(
          reversed === 1 ? 0 : paid,
        );
        tally.count(reversed === 1 ? "applied, then taken back" : "taken back before applied");
        for (const code of refusals(all)) tally.count(code);
      },
    ),
);

afterAll(() =>
  tally.expect([
    "NOTHING_TO_REVERSE",
    "REVERSAL_EXCEEDS_APPLICATION",
    "several parts",
    "lost REVISION_CONFLICT",
    "applied, then taken back",
    "taken back before applied",
    "PAYMENT_NOT_FOUND",
  ]),
);
