/** Undoing a match: the money lies in suspense again, and nobody is left with too little or too much. */
import { type Ledger, openLedger } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { openWithBill, position, refused, sharedStore, typesOf } from "./open.ts";

const arrived = "2026-02-01T00:00:00.000Z";
const reason = "another Dlamini";

/** 300 ZAR for a bill that nobody knows, matched to the customer that owes 500. */
const openMatched = async () => {
  const opened = await openWithBill();
  const { ledger } = opened;
  await ledger.recordPayment(
    { bill: "BILL-9", amount: 300, currency: "ZAR", paymentId: "pay_1" },
    { effectiveAt: arrived },
  );
  await ledger.matchSuspense({ customer: "CUST-1", paymentId: "pay_1" });
  return opened;
};

const owed = async (ledger: Ledger) => (await ledger.retrieveCustomer("CUST-1")).balance;
const lying = async (ledger: Ledger) => (await ledger.listSuspense()).data;

describe("a match that is undone", () => {
  it("leaves the obligation as it was, and the money in suspense as it lay there", async () => {
    const { ledger } = await openMatched();
    expect([await owed(ledger), await lying(ledger)]).toEqual([200, []]);
    const { events, payment, entity, replayed } = await ledger.undoMatch(
      { paymentId: "pay_1", reason },
      { actor: "clerk" },
    );
    expect(typesOf(events)).toEqual(["obligation.application_undone", "payment.match_undone"]);
    expect(events.map(({ effectiveAt, actor }) => [effectiveAt, actor])).toEqual([
      [arrived, "clerk"],
      [arrived, "clerk"],
    ]);
    expect({ entity, replayed }).toEqual({ entity: undefined, replayed: false });
    expect(payment).toEqual({
      id: "pay_1",
      amount: 300,
      currency: "ZAR",
      status: "suspended",
      reason: "unknown_target",
      effect: 0,
      violations: [],
      eventId: events[1]?.id,
    });
    expect(await owed(ledger)).toBe(500);
    expect(await lying(ledger)).toEqual([
      {
        paymentId: "pay_1",
        amount: 300,
        currency: "ZAR",
        reason: "unknown_target",
        target: { kind: "bill", name: "BILL-9" },
        effectiveAt: arrived,
        undone: { kind: "customer", id: "bcus_c", note: reason },
      },
    ]);
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it("changes nothing when it is undone again", async () => {
    const { ledger } = await openMatched();
    const first = await ledger.undoMatch({ paymentId: "pay_1", reason });
    const before = await position(ledger);
    const again = await ledger.undoMatch({ paymentId: "pay_1", customer: "CUST-1", reason });
    expect(again).toMatchObject({ replayed: true, events: [], payment: first.payment });
    expect(await position(ledger)).toBe(before);
  });

  it("may be matched elsewhere, and to the same obligation again, as often as it takes", async () => {
    const { ledger } = await openMatched();
    await ledger.undoMatch({ paymentId: "pay_1", reason });
    await ledger.matchSuspense({ bill: "BILL-1", paymentId: "pay_1" });
    expect(await ledger.retrieveBill("BILL-1")).toMatchObject({ amountPaid: 300 });
    await ledger.undoMatch({ paymentId: "pay_1", reason });
    expect(await ledger.retrieveBill("BILL-1")).toMatchObject({ amountPaid: 0 });
    for (const round of [1, 2]) {
      const { events, payment } = await ledger.matchSuspense({
        customer: "CUST-1",
        paymentId: "pay_1",
      });
      expect(typesOf(events)).toEqual(["obligation.application_restored", "payment.matched"]);
      expect(payment).toMatchObject({ status: "applied", effect: -300, eventId: events[0]?.id });
      expect(events[0]?.data).toMatchObject({ ordinal: 2 * round });
      expect(await owed(ledger)).toBe(200);
      const again = await ledger.matchSuspense({ customer: "CUST-1", paymentId: "pay_1" });
      expect(again).toMatchObject({ replayed: true, payment, entity: { balance: 200 } });
      await ledger.undoMatch({ paymentId: "pay_1", reason });
      expect(await owed(ledger)).toBe(500);
    }
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it("is found again by a report of the same payment, wherever it is reported for", async () => {
    const { ledger } = await openMatched();
    await ledger.undoMatch({ paymentId: "pay_1", reason });
    const before = await position(ledger);
    for (const target of [{ bill: "BILL-9" }, { customer: "CUST-1" }]) {
      const report = { ...target, amount: 300, currency: "ZAR", paymentId: "pay_1" };
      expect(await ledger.recordPayment(report)).toMatchObject({
        replayed: true,
        payment: { status: "suspended" },
      });
      expect((await refused(ledger.applyPayment(report))).code).toBe("PAYMENT_CONFLICT");
    }
    expect(await position(ledger)).toBe(before);
  });

  it("waits for its target again, which takes it when it comes into being", async () => {
    const { ledger } = await openMatched();
    await ledger.undoMatch({ paymentId: "pay_1", reason });
    const bill = { externalReference: "BILL-9", currency: "ZAR", amountDue: 1000 };
    expect((await ledger.createBill({ ...bill, customer: "CUST-1" })).entity).toMatchObject({
      amountPaid: 300,
    });
    expect(await lying(ledger)).toEqual([]);
  });

  it("may be one that nobody made by hand", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({
      bill: "BILL-9",
      amount: 300,
      currency: "ZAR",
      paymentId: "pay_1",
    });
    const bill = { externalReference: "BILL-9", currency: "ZAR", amountDue: 1000 };
    await ledger.createBill({ ...bill, customer: "CUST-1" });
    await ledger.undoMatch({ paymentId: "pay_1", reason });
    expect(await ledger.retrieveBill("BILL-9")).toMatchObject({ amountPaid: 0, status: "unpaid" });
    expect(await lying(ledger)).toMatchObject([{ paymentId: "pay_1", amount: 300 }]);
  });

  it("is not there to be reversed; what was restored is", async () => {
    const { ledger } = await openMatched();
    await ledger.undoMatch({ paymentId: "pay_1", reason });
    expect((await refused(ledger.reversePayment({ paymentId: "pay_1" }))).code).toBe(
      "NOTHING_TO_REVERSE",
    );
    await ledger.matchSuspense({ customer: "CUST-1", paymentId: "pay_1" });
    const { events } = await ledger.reversePayment({ paymentId: "pay_1", amount: 100 });
    expect(events).toMatchObject([{ data: { ordinal: 3, reversedTotal: 100 } }]);
    expect(await owed(ledger)).toBe(300);
  });
});

describe("an undoing is refused", () => {
  it("where a part of the payment was sent back, and where all of it was", async () => {
    const { ledger } = await openMatched();
    await ledger.reversePayment({ paymentId: "pay_1", amount: 100 });
    expect(await refused(ledger.undoMatch({ paymentId: "pay_1", reason }))).toEqual({
      code: "REVERSAL_EXCEEDS_APPLICATION",
      id: "bcus_c",
      paymentId: "pay_1",
      applied: 300,
      reversed: 100,
    });
    await ledger.reversePayment({ paymentId: "pay_1" });
    expect((await refused(ledger.undoMatch({ paymentId: "pay_1", reason }))).code).toBe(
      "NOTHING_TO_REVERSE",
    );
  });

  it("where there was no match, or none to the obligation that is named", async () => {
    const { ledger } = await openMatched();
    await ledger.recordPayment({
      bill: "BILL-1",
      amount: 300,
      currency: "ZAR",
      paymentId: "pay_2",
    });
    await ledger.recordPayment({ bill: "NONE", amount: 1, currency: "ZAR", paymentId: "pay_3" });
    for (const paymentId of ["pay_2", "pay_3", "pay_none"])
      expect((await refused(ledger.undoMatch({ paymentId, reason }))).code).toBe(
        "PAYMENT_NOT_FOUND",
      );
    expect(
      (await refused(ledger.undoMatch({ paymentId: "pay_1", bill: "BILL-1", reason }))).code,
    ).toBe("PAYMENT_NOT_FOUND");
    expect(
      (await refused(ledger.undoMatch({ paymentId: "pay_1", bill: "NONE", reason }))).code,
    ).toBe("NOT_FOUND");
  });

  it("where it was undone there before and matched elsewhere since, which it says", async () => {
    const { ledger } = await openMatched();
    await ledger.undoMatch({ paymentId: "pay_1", reason });
    await ledger.matchSuspense({ bill: "BILL-1", paymentId: "pay_1" });
    const again = ledger.undoMatch({ paymentId: "pay_1", customer: "CUST-1", reason });
    await expect(again).rejects.toMatchObject({
      code: "PAYMENT_NOT_FOUND",
      message:
        "the match of pay_1 to CUST-1 was undone before, and it was matched to bill_b since; nothing is changed",
    });
    await ledger.undoMatch({ paymentId: "pay_1", bill: "BILL-1", reason });
    expect(await lying(ledger)).toMatchObject([{ paymentId: "pay_1", amount: 300 }]);
  });

  it("where several sums were matched, until one is named", async () => {
    const { ledger } = await openMatched();
    await ledger.recordPayment({ bill: "B-8", amount: 40, currency: "ZAR", paymentId: "pay_1" });
    await ledger.matchSuspense({ bill: "BILL-1", paymentId: "pay_1" });
    expect(await refused(ledger.undoMatch({ paymentId: "pay_1", reason }))).toEqual({
      code: "TARGET_REQUIRED",
      paymentId: "pay_1",
      targets: ["customer/bcus_c", "bill/bill_b"],
    });
    await ledger.undoMatch({ paymentId: "pay_1", bill: "BILL-1", reason });
    expect(await lying(ledger)).toMatchObject([{ amount: 40 }]);
  });
});

it("is decided on what another process wrote, and made once", async () => {
  const store = sharedStore();
  const [one, other] = [openLedger({ store }), openLedger({ store })];
  await one.createCustomer({ externalReference: "CUST-1", currency: "ZAR", balance: 500 });
  await one.recordPayment({ bill: "BILL-9", amount: 300, currency: "ZAR", paymentId: "pay_1" });
  await one.matchSuspense({ customer: "CUST-1", paymentId: "pay_1" });
  const answers = await Promise.all(
    [one, other, one].map((ledger) => ledger.undoMatch({ paymentId: "pay_1", reason })),
  );
  expect(answers.filter(({ replayed }) => replayed)).toHaveLength(2);
  expect(await other.retrieveCustomer("CUST-1")).toMatchObject({ balance: 500 });
  await Promise.all(
    [one, other].map((ledger) => ledger.matchSuspense({ customer: "CUST-1", paymentId: "pay_1" })),
  );
  expect(await one.retrieveCustomer("CUST-1")).toMatchObject({ balance: 200 });
  expect(await one.verify()).toMatchObject({ ok: true });
});
