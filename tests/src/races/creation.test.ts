/** An object comes into being while payments that name it arrive: no money is left waiting for it. */
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import type { Call } from "../arbitraries/calls.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import { Tally } from "../properties/tally.ts";
import { call } from "./calls.ts";
import { holdsInRaces, type Process } from "./race.ts";
import { expectSerial } from "./serial.ts";

const tally = new Tally();

const payments = fc.array(
  fc.record({
    paymentId: fc.constantFrom("pay_1", "pay_2", "pay_3", "pay_4"),
    by: fc.constantFrom<("id" | "reference")[]>("id", "reference"),
    currency: fc.constantFrom("ZAR", "ZAR", "ZAR", "USD"),
    hand: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5, size: "max" },
);
const given = fc.record({
  kind: fc.constantFrom<("customer" | "bill")[]>("customer", "bill"),
  way: fc.constantFrom<("create" | "mirror")[]>("create", "create", "mirror"),
  payments,
  hand: fc.boolean(),
  place: fc.nat({ max: 5 }),
});

const names = {
  customer: { id: "bcus_c1", reference: "c-1" },
  bill: { id: "bill_b1", reference: "b-1" },
};

const creation = (kind: "customer" | "bill", way: "create" | "mirror"): Call => {
  if (kind === "bill")
    return call("createBill", {
      id: "bill_b1",
      externalReference: "b-1",
      customer: { id: "bcus_c1", externalReference: "c-1" },
      amountDue: 5000,
      currency: "ZAR",
    });
  const customer = { id: "bcus_c1", externalReference: "c-1", balance: 5000, currency: "ZAR" };
  return way === "create"
    ? call("createCustomer", customer)
    : call("mirror", { object: "customer", ...customer });
};

it(
  "nothing waits for an object that exists, whoever came first and by whatever process",
  { timeout: patienceMs },
  () =>
    holdsInRaces(200, given, async (race, { kind, way, payments: reports, hand, place }) => {
      const [left, right] = [race.process("left"), race.process("right")];
      const calls: [Process, Call][] = reports.map(({ paymentId, by, currency, hand: other }) => [
        other ? left : right,
        call("recordPayment", { [kind]: names[kind][by], paymentId, amount: 100, currency }),
      ]);
      calls.splice(place, 0, [hand ? left : right, creation(kind, way)]);
      await race.run(calls);
      await expectSerial(race);

      const events = await race.events();
      const ledger = race.quietly();
      const stillThere = (await ledger.listSuspense({ limit: 500 })).data;
      expect(stillThere.filter(({ reason }) => reason === "unknown_target")).toEqual([]);
      const fitting = new Set(
        reports.filter(({ currency }) => currency === "ZAR").map(({ paymentId }) => paymentId),
      );
      const applied = events
        .filter(({ type }) => type === "obligation.amount_applied")
        .map(({ data }) => (data as { paymentId: string }).paymentId);
      expect(applied.length, "no payment has two effects").toBe(new Set(applied).size);
      for (const paymentId of fitting) {
        const others = reports.some(
          (each) => each.paymentId === paymentId && each.currency !== "ZAR",
        );
        // In two currencies at once, the one that was reported first is the one that counts.
        if (!others) expect(applied).toContain(paymentId);
      }
      const { balance } = await (kind === "customer"
        ? ledger.retrieveCustomer("c-1")
        : ledger.retrieveBill("b-1"));
      expect(balance).toBe(5000 - 100 * applied.length);
      expect(await ledger.verify()).toMatchObject({ ok: true });

      const created = events.find(
        ({ type, streamId }) => type === `${kind}.created` && streamId.startsWith(kind),
      );
      for (const event of events) {
        if (event.type === "payment.suspended" && event.position < (created?.position ?? 0))
          tally.count("payment first");
        if (event.type === "obligation.amount_applied")
          tally.count(event.data.suspendedFor === undefined ? "creation first" : "out of suspense");
      }
      for (const { reason } of stillThere) tally.count(`left ${reason}`);
      for (const { seen } of [left, right])
        for (const code of seen.lost) tally.count(`lost ${code}`);
      tally.count(`${way} ${kind}`);
    }),
);

afterAll(() =>
  tally.expect([
    "payment first",
    "creation first",
    "out of suspense",
    "left currency_mismatch",
    "left payment_conflict",
    "lost CLAIM_TAKEN",
    "lost REVISION_CONFLICT",
    "create customer",
    "mirror customer",
    "create bill",
  ]),
);
