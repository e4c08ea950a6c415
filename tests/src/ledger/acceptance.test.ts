/** Accepting a match that no rule finds, booking the difference, and taking it back. */
import { type AcceptMatchInput, openLedger } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { faultPaths, openWithBill, position, refused, sharedStore, typesOf } from "./open.ts";

const rowOf = (digit: string, amount = 300) => ({ rowId: `row_${digit.repeat(32)}`, amount });
const [a, b] = [rowOf("a"), rowOf("b")];
const reason = "the bank says so";

const asked: AcceptMatchInput = {
  kind: "payment",
  currency: "ZAR",
  rows: [a],
  payments: [{ paymentId: "pay_1" }],
  reason,
};

/** A payment of 300 on 1 February, and one of 200 on the 2nd. */
const openPaid = async () => {
  const opened = await openWithBill();
  const { ledger } = opened;
  for (const [paymentId, amount, day] of [
    ["pay_1", 300, 1],
    ["pay_2", 200, 2],
  ] as const)
    await ledger.recordPayment(
      { bill: "BILL-1", amount, currency: "ZAR", paymentId },
      { effectiveAt: `2026-02-0${day}T00:00:00Z` },
    );
  return opened;
};

describe("a match that is accepted", () => {
  it("is one event that changes no balance, as of when the payment was", async () => {
    const { ledger } = await openPaid();
    const before = await ledger.retrieveBill("BILL-1");
    const { entity, events, replayed } = await ledger.acceptMatch(asked, { actor: "clerk" });
    expect(typesOf(events)).toEqual(["reconciliation.match_accepted"]);
    expect(events[0]).toMatchObject({
      streamId: `acceptance/${a.rowId}`,
      actor: "clerk",
      effectiveAt: "2026-02-01T00:00:00.000Z",
    });
    expect(replayed).toBe(false);
    const [{ position: at } = { position: 0 }] = events;
    expect(entity).toEqual({
      object: "acceptance",
      kind: "payment",
      currency: "ZAR",
      amount: 300,
      rows: [a],
      movements: [{ position: at - 2, paymentId: "pay_1", amount: 300 }],
      reason,
      effectiveAt: "2026-02-01T00:00:00.000Z",
      standing: true,
    });
    expect(await ledger.retrieveBill("BILL-1")).toEqual(before);
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it("changes nothing when it is accepted again, for whatever reason", async () => {
    const { ledger } = await openPaid();
    const first = await ledger.acceptMatch(asked);
    const before = await position(ledger);
    const again = await ledger.acceptMatch({ ...asked, reason: "as I said" });
    expect(again).toEqual({ entity: first.entity, events: [], replayed: true });
    expect(await position(ledger)).toBe(before);
  });

  it("takes several rows and several payments, as of when the last of these was", async () => {
    const { ledger } = await openPaid();
    const { entity } = await ledger.acceptMatch({
      ...asked,
      rows: [b, rowOf("a", 200)],
      payments: [{ paymentId: "pay_2" }, { paymentId: "pay_1" }],
    });
    expect(entity).toMatchObject({
      amount: 500,
      rows: [rowOf("a", 200), b],
      movements: [{ paymentId: "pay_1" }, { paymentId: "pay_2" }],
      effectiveAt: "2026-02-02T00:00:00.000Z",
    });
    expect(entity).not.toHaveProperty("difference");
  });

  it("takes all movements of a payment, unless one is named by its position", async () => {
    const { ledger } = await openPaid();
    const { events } = await ledger.recordPayment({
      customer: "CUST-1",
      amount: 50,
      currency: "ZAR",
      paymentId: "pay_1",
    });
    const at = events[0]?.position ?? 0;
    const whole = { ...asked, rows: [rowOf("a", 350)] };
    expect((await ledger.acceptMatch(whole, { dryRun: true })).entity.movements).toHaveLength(2);
    const one = await ledger.acceptMatch({
      ...asked,
      rows: [rowOf("a", 50)],
      payments: [{ paymentId: "pay_1", position: at }],
    });
    expect(one.entity.movements).toEqual([{ position: at, paymentId: "pay_1", amount: 50 }]);
  });

  it("knows money in suspense by when it came, and a refund by itself", async () => {
    const { ledger } = await openPaid();
    await ledger.recordPayment({ bill: "NONE", amount: 7, currency: "ZAR", paymentId: "pay_3" });
    await ledger.matchSuspense({ bill: "BILL-1", paymentId: "pay_3" });
    const came = await ledger.acceptMatch({
      ...asked,
      rows: [rowOf("a", 7)],
      payments: [{ paymentId: "pay_3" }],
    });
    expect(came.entity.movements).toMatchObject([{ amount: 7 }]);
    await ledger.reversePayment({ paymentId: "pay_1", amount: 40 });
    const sent = await ledger.acceptMatch({ ...asked, kind: "refund", rows: [rowOf("b", 40)] });
    expect(sent.entity.movements).toMatchObject([{ paymentId: "pay_1", amount: 40 }]);
  });
});

describe("a difference", () => {
  it("has to be named, and is booked signed: what came in beyond what was recorded", async () => {
    const { ledger } = await openPaid();
    const less = { ...asked, rows: [rowOf("a", 295)] };
    expect(await refused(ledger.acceptMatch(less))).toMatchObject({
      code: "DIFFERENCE_UNEXPLAINED",
      amount: 295,
      ledgerAmount: 300,
      difference: -5,
    });
    const { entity } = await ledger.acceptMatch({ ...less, difference: "fee" });
    expect(entity).toMatchObject({ amount: 295, difference: { amount: -5, cause: "fee" } });
    await ledger.reversePayment({ paymentId: "pay_2" });
    const refund = await ledger.acceptMatch({
      ...asked,
      kind: "refund",
      rows: [rowOf("b", 199)],
      payments: [{ paymentId: "pay_2" }],
      difference: "rounding",
    });
    expect(refund.entity.difference).toEqual({ amount: 1, cause: "rounding" });
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it("is not booked where there is none", async () => {
    const { ledger } = await openPaid();
    expect((await refused(ledger.acceptMatch({ ...asked, difference: "fee" }))).code).toBe(
      "NO_DIFFERENCE",
    );
  });
});

describe("undoing an acceptance", () => {
  it("names what stood, as of when it was, and sets rows and payments free", async () => {
    const { ledger } = await openPaid();
    const booked: AcceptMatchInput = { ...asked, rows: [rowOf("a", 295)], difference: "fee" };
    await ledger.acceptMatch(booked);
    const { entity, events } = await ledger.undoAcceptance({ rowId: a.rowId, reason: "no" });
    expect(typesOf(events)).toEqual(["reconciliation.acceptance_undone"]);
    expect(events[0]).toMatchObject({
      effectiveAt: "2026-02-01T00:00:00.000Z",
      data: {
        currency: "ZAR",
        amount: 295,
        difference: { amount: -5, cause: "fee" },
        reason: "no",
      },
    });
    expect(entity.standing).toBe(false);
    const again = await ledger.undoAcceptance({ rowId: a.rowId, reason: "no, really" });
    expect(again).toEqual({ entity, events: [], replayed: true });
    const other = await ledger.acceptMatch({ ...asked, rows: [b] });
    expect(other.events[0]?.data).toMatchObject({
      rows: [{ ordinal: 1 }],
      movements: [{ ordinal: 2 }],
    });
    await ledger.undoAcceptance({ rowId: b.rowId, reason: "no" });
    expect((await ledger.acceptMatch(booked)).events[0]?.data).toMatchObject({
      rows: [{ ordinal: 2 }],
      movements: [{ ordinal: 3 }],
    });
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it("finds the match by any of its rows", async () => {
    const { ledger } = await openPaid();
    await ledger.acceptMatch({
      ...asked,
      rows: [a, rowOf("b", 200)],
      payments: [{ paymentId: "pay_1" }, { paymentId: "pay_2" }],
    });
    const { entity } = await ledger.undoAcceptance({ rowId: b.rowId, reason });
    expect(entity).toMatchObject({ standing: false, rows: [{ rowId: a.rowId }, {}] });
    await ledger.acceptMatch(asked);
    const again = await ledger.undoAcceptance({ rowId: b.rowId, reason });
    expect(again).toMatchObject({ replayed: true, entity: { standing: false } });
    expect(again.entity.rows).toHaveLength(2);
  });

  it("is refused where nothing was ever accepted", async () => {
    const { ledger } = await openPaid();
    expect(await refused(ledger.undoAcceptance({ rowId: a.rowId, reason }))).toEqual({
      code: "ROW_NOT_ACCEPTED",
      rowId: a.rowId,
    });
  });
});

describe("a match is refused", () => {
  it("where a row or a movement stands in another one, which it names", async () => {
    const { ledger } = await openPaid();
    await ledger.acceptMatch(asked);
    expect(await refused(ledger.acceptMatch({ ...asked, rows: [b] }))).toMatchObject({
      code: "MATCH_STANDS",
      paymentId: "pay_1",
      acceptedWith: [a.rowId],
    });
    const other = { ...asked, rows: [a], payments: [{ paymentId: "pay_2" }] };
    expect(await refused(ledger.acceptMatch({ ...other, difference: "write_off" }))).toEqual({
      code: "MATCH_STANDS",
      rowId: a.rowId,
      acceptedWith: [a.rowId],
    });
    const changed: AcceptMatchInput = { ...asked, rows: [rowOf("a", 301)], difference: "fee" };
    expect((await refused(ledger.acceptMatch(changed))).code).toBe("MATCH_STANDS");
  });

  it("where the ledger knows no such movement, of that kind, at that position", async () => {
    const { ledger } = await openPaid();
    for (const [payment, kind] of [
      [{ paymentId: "pay_none" }, "payment"],
      [{ paymentId: "pay_1" }, "refund"],
      [{ paymentId: "pay_1", position: 1 }, "payment"],
    ] as const)
      expect(
        (await refused(ledger.acceptMatch({ ...asked, kind, payments: [payment] }))).code,
      ).toBe("PAYMENT_NOT_FOUND");
  });

  it("in another currency, and beyond what an amount may be", async () => {
    const { ledger } = await openPaid();
    expect((await refused(ledger.acceptMatch({ ...asked, currency: "USD" }))).code).toBe(
      "CURRENCY_MISMATCH",
    );
    const rows = [rowOf("a", 10 ** 15), rowOf("b", 1)];
    expect((await refused(ledger.acceptMatch({ ...asked, rows }))).code).toBe(
      "AMOUNT_OUT_OF_RANGE",
    );
  });

  it("where it cannot be read", async () => {
    const { ledger } = await openPaid();
    const given = { ...asked, rows: [a, a, { rowId: "row_1", amount: 0 }], payments: [] };
    expect(await faultPaths(ledger.acceptMatch(given))).toEqual([
      "payments",
      "rows",
      "rows.2.amount",
      "rows.2.rowId",
    ]);
    expect(
      await faultPaths(ledger.acceptMatch(asked, { effectiveAt: "2026-02-01T00:00:00Z" })),
    ).toEqual(["effectiveAt"]);
  });
});

it("is made once by two processes at once, and one of two that contradict is refused", async () => {
  const store = sharedStore();
  const [one, other] = [openLedger({ store }), openLedger({ store })];
  await one.createCustomer({ externalReference: "CUST-1", currency: "ZAR", balance: 500 });
  await one.recordPayment({ customer: "CUST-1", amount: 300, currency: "ZAR", paymentId: "pay_1" });
  const same = await Promise.all([one, other, one].map((ledger) => ledger.acceptMatch(asked)));
  expect(same.filter(({ replayed }) => replayed)).toHaveLength(2);
  await one.undoAcceptance({ rowId: a.rowId, reason });
  const [first, second] = await Promise.allSettled([
    one.acceptMatch(asked),
    other.acceptMatch({ ...asked, rows: [b] }),
  ]);
  expect([first?.status, second?.status].sort()).toEqual(["fulfilled", "rejected"]);
  expect(await one.verify()).toMatchObject({ ok: true });
});
