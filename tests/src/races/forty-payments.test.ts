/** Forty people pay one bill at the same moment: it takes what is due, and not a cent more. */
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { patienceMs } from "../arbitraries/settings.ts";
import { Tally } from "../properties/tally.ts";
import { accepted, call, lenient, prepare } from "./calls.ts";
import { holdsInRaces } from "./race.ts";

const tally = new Tally();
const payers = 40;

const given = fc.record({
  amountDue: fc.integer({ min: 1, max: 6000 }),
  amounts: fc.oneof(
    fc.integer({ min: 50, max: 400 }).map((amount) => Array.from({ length: payers }, () => amount)),
    fc.array(fc.integer({ min: 1, max: 400 }), { minLength: payers, maxLength: payers }),
  ),
  hands: fc.array(fc.boolean(), { minLength: payers, maxLength: payers }),
});

it("as many are accepted as fit, the others are refused alone", { timeout: patienceMs }, () =>
  holdsInRaces(60, given, async (race, { amountDue, amounts, hands }) => {
    await prepare(race, { amountDue, paymentRules: { ...lenient, overpaymentAllowed: false } });
    const before = (await race.commits()).length;
    const [left, right] = [race.process("left"), race.process("right")];
    const all = await race.run(
      amounts.map((amount, index) => [
        hands[index] === true ? left : right,
        call("applyPayment", { bill: "b-1", paymentId: `pay_${index}`, amount }),
      ]),
    );

    const applied = (await race.commits()).slice(before).flatMap(({ events }) => events);
    expect(new Set(applied.map(({ id }) => id))).toEqual(
      new Set(accepted(all).map(({ payment }) => payment?.eventId)),
    );
    expect(accepted(all)).toHaveLength(applied.length);
    const owed = [amountDue];
    for (const { data } of applied)
      owed.push((owed.at(-1) ?? 0) - (data as { amount: number }).amount);
    const remaining = owed.at(-1) ?? 0;
    expect(remaining).toBeGreaterThanOrEqual(0);
    expect(await race.quietly().retrieveBill("b-1")).toMatchObject({
      amountPaid: amountDue - remaining,
      amountRemaining: remaining,
      balance: remaining,
    });
    for (const [index, came] of all.entries()) {
      if ("answer" in came) continue;
      expect(came.refused.code).toBe("OVERPAYMENT_NOT_ALLOWED");
      expect(owed).toContain(came.refused.detail["owed"]);
      expect(amounts[index]).toBeGreaterThan(Number(came.refused.detail["owed"]));
    }
    if (new Set(amounts).size === 1) {
      const amount = amounts[0] ?? 1;
      expect(applied).toHaveLength(Math.min(payers, Math.floor(amountDue / amount)));
      tally.count("equal amounts");
    }
    if (remaining === 0) tally.count("paid to the cent");
    if (applied.length < payers) tally.count("some refused");
    if (applied.length === 0) tally.count("all refused");
    for (const { seen } of [left, right]) for (const code of seen.lost) tally.count(`lost ${code}`);
  }),
);

afterAll(() =>
  tally.expect(["equal amounts", "paid to the cent", "some refused", "lost REVISION_CONFLICT"]),
);
