/** Commands that one process decides on each other, while another writes in between: all or none stand. */
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { patienceMs } from "../arbitraries/settings.ts";
import { Tally } from "../properties/tally.ts";
import { accepted, call, prepare } from "./calls.ts";
import { holdsInRaces, type Process, type Race } from "./race.ts";

const tally = new Tally();

const given = fc.record({
  left: fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 4 }),
  right: fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 4 }),
});

/** Every balance is the one before it and the effect between them. */
const expectChained = async (race: Race, after: number, opening: number): Promise<void> => {
  let balance = opening;
  for (const { data } of (await race.events()).slice(after)) {
    if (!("effect" in data) || !("balanceAfter" in data)) continue;
    balance += data.effect;
    expect(data.balanceAfter).toBe(balance);
  }
  expect((await race.quietly().retrieveCustomer("bcus_c1")).balance).toBe(balance);
};

it("nothing stands on a command that lost its race", { timeout: patienceMs }, () =>
  holdsInRaces(200, given, async (race, amounts) => {
    await prepare(race);
    const before = (await race.events()).length;
    const [left, right] = [race.process("left"), race.process("right")];
    const charges = (by: Process, each: readonly number[]) =>
      race.together(
        by,
        each.map((amount) => call("charge", { customer: "bcus_c1", amount })),
      );
    const all = await race.finish(
      Promise.all([charges(left, amounts.left), charges(right, amounts.right)]),
    );
    expect(accepted(all.flat())).toHaveLength(amounts.left.length + amounts.right.length);
    await expectChained(race, before, 1000);
    for (const { seen } of [left, right]) {
      for (const code of seen.lost) tally.count(`lost ${code}`);
      if (seen.lost.length > 1) tally.count("several lost together");
    }
  }),
);

it(
  "nor in one process, where one object is called by its id and by its reference",
  { timeout: patienceMs },
  () =>
    holdsInRaces(
      200,
      fc.array(fc.constantFrom("bcus_c1", "c-1"), { minLength: 3, maxLength: 8 }),
      async (race, names) => {
        const one = race.process("one", { alone: true });
        const customer = {
          id: "bcus_c1",
          externalReference: "c-1",
          balance: 1000,
          currency: "ZAR",
        };
        const all = await race.run([
          [one, call("createCustomer", customer)],
          ...names.map(
            (name, index) => [one, call("charge", { customer: name, amount: index + 1 })] as const,
          ),
        ]);
        await expectChained(race, 0, 0);
        if (one.seen.lost.includes("REVISION_CONFLICT")) tally.count("lost in one process");
        if (accepted(all).length > 2) tally.count("charged in one process");
      },
    ),
);

afterAll(() =>
  tally.expect(["lost REVISION_CONFLICT", "several lost together", "lost in one process"]),
);
