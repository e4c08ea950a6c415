/** What a decision stands on may itself be on its way and get lost: then the decision is made again. */
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import type { Call } from "../arbitraries/calls.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import { Tally } from "../properties/tally.ts";
import { call, prepare, refusals } from "./calls.ts";
import { holdsInRaces } from "./race.ts";

const tally = new Tally();

const refusedFirst = call("charge", { bill: "bill_b1", amount: 5 });
const voiding = { verb: "voidBill", name: "bill_b1", input: {}, options: {} } as unknown as Call;

it("no money is suspended for a void that another process prevented", { timeout: patienceMs }, () =>
  holdsInRaces(200, fc.constantFrom(1000, 400), async (race, amount) => {
    await prepare(race);
    const [left, right] = [race.process("left"), race.process("right")];
    const reported = (paymentId: string) =>
      call("recordPayment", { bill: "bill_b1", paymentId, amount, currency: "ZAR" });
    const all = await race.finish(
      Promise.all([
        race.together(left, [refusedFirst, voiding, reported("pay_1")]),
        race.together(right, [reported("pay_2")]),
      ]),
    );
    const bill = await race.quietly().retrieveBill("bill_b1");
    const { data } = await race.quietly().listSuspense();
    if (bill.status !== "voided") expect(data).toEqual([]);
    tally.count(bill.status === "voided" ? "voided" : "prevented");
    for (const code of refusals(all.flat())) tally.count(`refused ${code}`);
  }),
);

afterAll(() => tally.expect(["voided", "prevented", "refused BILL_PAID"]));
