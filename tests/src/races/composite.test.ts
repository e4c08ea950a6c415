/** Two composite creations want the same name: one has everything, the other nothing (D-19, D-23). */
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import type { Call } from "../arbitraries/calls.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import { Tally } from "../properties/tally.ts";
import { accepted, call, refusals } from "./calls.ts";
import { holdsInRaces } from "./race.ts";
import { expectSerial } from "./serial.ts";

const tally = new Tally();

type Contested = "bill" | "account" | "customer";

/** A bill with its account and its customer, whose names are its own but for the contested one. */
const creation = (own: string, contested: Contested, ids: boolean): Call => {
  const named = (kind: Contested, prefix: string) => ({
    externalReference: kind === contested ? `${kind}-shared` : `${kind}-${own}`,
    ...(ids ? { id: `${prefix}_${own}` } : {}),
  });
  return call("createBill", {
    ...named("bill", "bill"),
    amountDue: 500,
    currency: "ZAR",
    account: {
      ...named("account", "bacc"),
      balance: 70,
      currency: "ZAR",
      customer: { ...named("customer", "bcus"), balance: 30, currency: "ZAR" },
    },
  });
};

it("one wins whole, the other leaves nothing", { timeout: patienceMs }, () =>
  holdsInRaces(
    150,
    fc.record({
      contested: fc.constantFrom<Contested[]>("bill", "account", "customer"),
      ids: fc.boolean(),
      hands: fc.array(fc.boolean(), { minLength: 2, maxLength: 3 }),
    }),
    async (race, { contested, ids, hands }) => {
      const [left, right] = [race.process("left"), race.process("right")];
      const all = await race.run(
        hands.map((hand, index) => [hand ? left : right, creation(String(index), contested, ids)]),
      );
      expect(accepted(all)).toHaveLength(1);
      expect(refusals(all)).toEqual(hands.slice(1).map(() => "REFERENCE_TAKEN"));
      const winner = all.findIndex((came) => "answer" in came);
      const commits = await race.commits();
      expect(commits).toHaveLength(1);
      const [bills, accounts, customers] = [
        (await race.quietly().listBills()).data,
        (await race.quietly().listAccounts()).data,
        (await race.quietly().listCustomers()).data,
      ];
      expect([bills, accounts, customers].flat().map((each) => each.externalReference)).toEqual(
        (["bill", "account", "customer"] as const).map((kind) =>
          kind === contested ? `${kind}-shared` : `${kind}-${winner}`,
        ),
      );
      await expectSerial(race);
      tally.count(winner === 0 ? "the first won" : "a later one won");
      tally.count(`contested ${contested}`);
      for (const { seen } of [left, right])
        for (const code of seen.lost) tally.count(`lost ${code}`);
    },
  ),
);

afterAll(() =>
  tally.expect([
    "the first won",
    "a later one won",
    "contested bill",
    "contested account",
    "contested customer",
    "lost CLAIM_TAKEN",
  ]),
);
