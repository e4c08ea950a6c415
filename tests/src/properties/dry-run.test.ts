/** A dry run writes nothing, and answers as the real call then does; ids aside, which are made anew. */
import { afterAll, describe, expect, it } from "vitest";
import { type Call, run } from "../arbitraries/calls.ts";
import { histories } from "../arbitraries/histories.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import { type Came, came, holds } from "./play.ts";
import { stores } from "./stores.ts";
import { everyHistory, Tally } from "./tally.ts";

const tally = new Tally();

const generated = /\b(bcus|bacc|bill|ob|evt|pay)_[a-zA-Z0-9]{21}\b/g;

/** An answer with the ids that were made for it numbered by first appearance. */
const anonymous = (answer: Came): unknown => {
  const ids = new Map<string, string>();
  const text = JSON.stringify(answer).replaceAll(generated, (id, kind: string) => {
    const name = ids.get(id) ?? `${kind}_${ids.size + 1}`;
    ids.set(id, name);
    return name;
  });
  return JSON.parse(text);
};

const rehearsal = (call: Call): Call => ({ ...call, options: { ...call.options, dryRun: true } });

describe.each(stores)("on the $name store", (store) => {
  it("writes nothing and answers as the real call then does", { timeout: patienceMs }, () =>
    holds(store, 100, histories(), async ({ play }, history) => {
      for (const command of history) {
        const call = play.asked(command);
        if (call === undefined) continue;
        const before = await play.ledger.head();
        const rehearsed = await came(run(play.ledger, rehearsal(call)));
        expect(await play.ledger.head()).toEqual(before);
        const played = await play.run(call);
        const real: Came =
          "refused" in played ? { refused: played.refused } : { answer: played.answer };
        expect(anonymous(rehearsed)).toEqual(anonymous(real));
        tally.count("refused" in real ? "rehearsed a refusal" : `rehearsed ${call.verb}`);
      }
      await tally.add(play);
    }),
  );
});

afterAll(() =>
  tally.expect([
    ...everyHistory,
    "rehearsed a refusal",
    ...[
      "createCustomer",
      "createAccount",
      "createBill",
      "updateCustomer",
      "updateAccount",
      "updateBill",
      "voidBill",
    ].map((verb) => `rehearsed ${verb}`),
    ...["setBalance", "setPaymentRules", "charge", "credit", "recordPayment", "applyPayment"].map(
      (verb) => `rehearsed ${verb}`,
    ),
    ...["reversePayment", "matchSuspense", "mirror"].map((verb) => `rehearsed ${verb}`),
  ]),
);
