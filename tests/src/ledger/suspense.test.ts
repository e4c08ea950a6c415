import { type Ledger, openLedger } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import {
  all,
  changed,
  faultPaths,
  open,
  openWithBill,
  position,
  refused,
  sharedStore,
  typesOf,
} from "./open.ts";

/** What lies in suspense, in few words. */
const lying = async (ledger: Ledger): Promise<string[]> =>
  (await ledger.listSuspense()).data.map(
    ({ paymentId, amount, currency, reason, target }) =>
      `${paymentId} ${amount} ${currency} ${reason} ${target.kind} ${target.name}`,
  );

const pay = (amount = 300, currency = "ZAR", paymentId = "pay_1") => ({
  amount,
  currency,
  paymentId,
});

describe("money that fits nothing", () => {
  it("goes to suspense as unknown_target, and never vanishes", async () => {
    const { ledger } = await openWithBill();
    const { payment, entity, events } = await ledger.recordPayment(
      { bill: "BILL-9", ...pay(), metadata: { utm: "x" } },
      { effectiveAt: "2026-02-01T00:00:00Z" },
    );
    expect(payment).toEqual({
      id: "pay_1",
      amount: 300,
      currency: "ZAR",
      status: "suspended",
      reason: "unknown_target",
      effect: 0,
      violations: [],
      eventId: events[0]?.id,
    });
    expect(entity).toBeUndefined();
    expect((await ledger.listSuspense()).data).toEqual([
      {
        paymentId: "pay_1",
        amount: 300,
        currency: "ZAR",
        reason: "unknown_target",
        target: { kind: "bill", name: "BILL-9" },
        effectiveAt: "2026-02-01T00:00:00.000Z",
        metadata: { utm: "x" },
      },
    ]);
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it("goes there as currency_mismatch, and as bill_voided before that", async () => {
    const { ledger } = await openWithBill();
    expect(
      (await ledger.recordPayment({ customer: "CUST-1", ...pay(300, "USD", "pay_1") })).payment
        .reason,
    ).toBe("currency_mismatch");
    await ledger.voidBill("BILL-1");
    expect(
      (await ledger.recordPayment({ bill: "BILL-1", ...pay(300, "USD", "pay_2") })).payment.reason,
    ).toBe("bill_voided");
    expect(await lying(ledger)).toEqual([
      "pay_1 300 USD currency_mismatch customer bcus_c",
      "pay_2 300 USD bill_voided bill bill_b",
    ]);
  });

  it("goes there as payment_conflict before anything else (D-51)", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ bill: "BILL-1", ...pay(300) });
    expect((await ledger.recordPayment({ bill: "BILL-1", ...pay(301) })).payment).toMatchObject({
      status: "suspended",
      reason: "payment_conflict",
    });
    await ledger.voidBill("BILL-1");
    expect(
      (await ledger.recordPayment({ bill: "bill_b", ...pay(300, "USD") })).payment.reason,
    ).toBe("payment_conflict");
    await ledger.recordPayment({ bill: "BILL-9", ...pay(1, "ZAR", "pay_2") });
    expect(
      (await ledger.recordPayment({ bill: "BILL-9", ...pay(2, "ZAR", "pay_2") })).payment.reason,
    ).toBe("payment_conflict");
    expect((await ledger.retrieveBill("BILL-1")).amountPaid).toBe(300);
  });

  it("goes there for each sum that differs, in the currency alone too", async () => {
    const { ledger } = await openWithBill();
    const report = (amount: number, currency: string) =>
      ledger.recordPayment({ bill: "BILL-1", ...pay(amount, currency) });
    await report(300, "ZAR");
    for (const again of [false, true]) {
      expect((await report(301, "USD")).replayed).toBe(again);
      expect((await report(301, "ZAR")).replayed).toBe(again);
    }
    expect(await lying(ledger)).toEqual([
      "pay_1 301 USD payment_conflict bill bill_b",
      "pay_1 301 ZAR payment_conflict bill bill_b",
    ]);
  });

  it("lies there once, however often it is reported", async () => {
    const { ledger } = await openWithBill();
    const report = (amount: number) => ledger.recordPayment({ bill: "BILL-9", ...pay(amount) });
    const [first, other] = [await report(300), await report(301)];
    const before = await position(ledger);
    expect(await report(300)).toMatchObject({ replayed: true, payment: first.payment, events: [] });
    expect(await report(301)).toMatchObject({ replayed: true, payment: other.payment, events: [] });
    expect(await position(ledger)).toBe(before);
  });

  it("lies there once, also when it is reported at once", async () => {
    const { ledger } = await openWithBill();
    const reports = await Promise.all(
      [1, 2, 3].map(() => ledger.recordPayment({ bill: "BILL-9", ...pay() })),
    );
    expect(reports.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await lying(ledger)).toHaveLength(1);
  });

  it("does not go there where another process made it fit before that was written", async () => {
    const shared = sharedStore();
    const right = openLedger({ store: shared });
    await right.createCustomer({ externalReference: "CUST-1", currency: "ZAR", balance: 500 });
    let change: Promise<unknown> | undefined;
    const store = changed(shared, {
      append: async (book, draft) => {
        change ??= right.setBalance({ customer: "CUST-1", currency: "USD", balance: 500 });
        await change;
        return shared.append(book, draft);
      },
    });
    const left = openLedger({ store });
    expect(await left.recordPayment({ customer: "CUST-1", ...pay(300, "USD") })).toMatchObject({
      payment: { status: "applied" },
      entity: { balance: 200 },
    });
    expect(await lying(right)).toEqual([]);
  });

  it("is told by its history", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ bill: "BILL-9", ...pay() });
    await ledger.matchSuspense({ bill: "BILL-1", paymentId: "pay_1" });
    expect(typesOf(await all(ledger.suspenseHistory("pay_1")))).toEqual([
      "payment.suspended",
      "payment.matched",
    ]);
    expect(await all(ledger.suspenseHistory("pay_2"))).toEqual([]);
  });
});

describe("a creation sets free what waited for it", () => {
  it("by id and by reference, in the same commit, dated as the money moved", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment(
      { bill: "bill_9", ...pay(100, "ZAR", "pay_1") },
      { effectiveAt: "2026-02-01T00:00:00Z" },
    );
    await ledger.recordPayment({ bill: "BILL-9", ...pay(200, "ZAR", "pay_2") });
    await ledger.recordPayment({ bill: "BILL-8", ...pay(200, "ZAR", "pay_3") });
    await ledger.recordPayment({ account: "BILL-9", ...pay(200, "ZAR", "pay_4") });
    const commits = (await ledger.head())?.commit ?? 0;
    const { entity, events } = await ledger.createBill({
      id: "bill_9",
      externalReference: "BILL-9",
      customer: "CUST-1",
      currency: "ZAR",
      amountDue: 300,
    });
    expect(entity).toMatchObject({ status: "paid", amountPaid: 300 });
    expect((await ledger.head())?.commit).toBe(commits + 1);
    expect(typesOf(events).slice(3)).toEqual([
      "obligation.amount_applied",
      "payment.matched",
      "obligation.amount_applied",
      "payment.matched",
    ]);
    expect(events[3]).toMatchObject({
      effectiveAt: "2026-02-01T00:00:00.000Z",
      data: { suspendedFor: { kind: "bill", name: "bill_9" } },
    });
    expect(await lying(ledger)).toEqual([
      "pay_3 200 ZAR unknown_target bill BILL-8",
      "pay_4 200 ZAR unknown_target account BILL-9",
    ]);
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it("and a report that comes again afterwards has no effect, by whatever name", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ bill: "BILL-9", ...pay(200) });
    const { entity } = await ledger.createBill({
      externalReference: "BILL-9",
      customer: "CUST-1",
      currency: "ZAR",
      amountDue: 300,
    });
    for (const bill of ["BILL-9", entity.id]) {
      expect(await ledger.recordPayment({ bill, ...pay(200) })).toMatchObject({
        replayed: true,
        payment: { status: "applied" },
        entity: { amountPaid: 200 },
      });
      expect(await ledger.applyPayment({ bill, ...pay(200) })).toMatchObject({ replayed: true });
      expect((await ledger.recordPayment({ bill, ...pay(201) })).payment).toMatchObject({
        status: "suspended",
        reason: "payment_conflict",
      });
    }
    expect((await ledger.retrieveBill("BILL-9")).amountPaid).toBe(200);
  });

  it("whichever comes first, payment or object, the sums are the same", async () => {
    const sums = [];
    for (const paidFirst of [true, false]) {
      const { ledger } = await openWithBill();
      const record = () => ledger.recordPayment({ account: "bacc_1", ...pay(200) });
      const create = () =>
        ledger.createAccount({
          id: "bacc_1",
          externalReference: "A",
          customer: "CUST-1",
          currency: "ZAR",
          balance: 900,
        });
      for (const step of paidFirst ? [record, create] : [create, record]) await step();
      sums.push((await ledger.retrieveAccount("A")).balance);
    }
    expect(sums).toEqual([700, 700]);
  });

  it("except what is in another currency: that stays, with its new reason", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ customer: "CUST-9", ...pay(100, "USD", "pay_1") });
    await ledger.recordPayment({ customer: "CUST-9", ...pay(200, "ZAR", "pay_2") });
    const { entity, events } = await ledger.createCustomer({
      externalReference: "CUST-9",
      currency: "ZAR",
      balance: 500,
    });
    expect(entity.balance).toBe(300);
    expect(events.filter(({ type }) => type === "payment.suspended")).toMatchObject([
      {
        data: {
          paymentId: "pay_1",
          reason: "currency_mismatch",
          reasonBefore: "unknown_target",
          resolvedId: entity.id,
        },
      },
    ]);
    expect(await lying(ledger)).toEqual(["pay_1 100 USD currency_mismatch customer CUST-9"]);
    expect(
      await ledger.recordPayment({ customer: entity.id, ...pay(100, "USD", "pay_1") }),
    ).toMatchObject({
      replayed: true,
      payment: { status: "suspended", reason: "currency_mismatch" },
    });
    await ledger.setBalance({ customer: "CUST-9", balance: 100, currency: "USD" });
    expect(
      (await ledger.matchSuspense({ customer: "CUST-9", paymentId: "pay_1" })).entity,
    ).toMatchObject({ balance: 0, currency: "USD" });
    for (const customer of ["CUST-9", entity.id])
      expect(await ledger.recordPayment({ customer, ...pay(100, "USD", "pay_1") })).toMatchObject({
        replayed: true,
        payment: { status: "applied" },
      });
    expect((await ledger.reversePayment({ paymentId: "pay_1" })).entity).toMatchObject({
      balance: 100,
    });
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it("except one that was reported by id and by reference: it is applied once", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ bill: "bill_9", ...pay(200) });
    await ledger.recordPayment({ bill: "BILL-9", ...pay(200) });
    const { entity } = await ledger.createBill({
      id: "bill_9",
      externalReference: "BILL-9",
      customer: "CUST-1",
      currency: "ZAR",
      amountDue: 500,
    });
    expect(entity.amountPaid).toBe(200);
    expect(await lying(ledger)).toEqual(["pay_1 200 ZAR payment_conflict bill BILL-9"]);
  });

  it("and into an untracked object too, without effect", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ account: "A", ...pay(200, "USD") });
    const { entity } = await ledger.createAccount({ externalReference: "A", customer: "CUST-1" });
    expect(entity).not.toHaveProperty("balance");
    expect(await lying(ledger)).toEqual([]);
  });

  it("except what was matched to where it belongs: a report on either name finds it there", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ bill: "BILL-9", ...pay(200) });
    const { payment } = await ledger.matchSuspense({ customer: "CUST-1", paymentId: "pay_1" });
    const { entity } = await ledger.createBill({
      externalReference: "BILL-9",
      customer: "CUST-1",
      currency: "ZAR",
      amountDue: 300,
    });
    expect(entity.amountPaid).toBe(0);
    expect(await ledger.recordPayment({ bill: "BILL-9", ...pay(200) })).toMatchObject({
      replayed: true,
      payment,
    });
    expect((await ledger.retrieveBill("BILL-9")).amountPaid).toBe(0);
  });

  it("except a second sum of a payment: that lies there once, by whatever name it comes again", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ bill: "BILL-9", ...pay(200) });
    await ledger.recordPayment({ bill: "BILL-9", ...pay(201) });
    const { entity } = await ledger.createBill({
      externalReference: "BILL-9",
      customer: "CUST-1",
      currency: "ZAR",
      amountDue: 300,
    });
    for (const bill of ["BILL-9", entity.id])
      expect(await ledger.recordPayment({ bill, ...pay(201) })).toMatchObject({
        replayed: true,
        payment: { status: "suspended" },
      });
    expect(await lying(ledger)).toEqual(["pay_1 201 ZAR payment_conflict bill BILL-9"]);
  });

  it("of all three objects of one composite call", async () => {
    const { ledger } = open();
    for (const kind of ["customer", "account", "bill"] as const)
      await ledger.recordPayment({ [kind]: "X", ...pay(100) });
    await ledger.createBill({
      externalReference: "X",
      currency: "ZAR",
      amountDue: 100,
      account: {
        externalReference: "X",
        currency: "ZAR",
        balance: 150,
        customer: { externalReference: "X", currency: "ZAR", balance: 160 },
      },
    });
    expect((await ledger.retrieveBill("X")).status).toBe("paid");
    expect((await ledger.retrieveAccount("X")).balance).toBe(50);
    expect((await ledger.retrieveCustomer("X")).balance).toBe(60);
    expect(await lying(ledger)).toEqual([]);
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it.each([1, 2, 3, 4, 5, 8, 9, 17])("all %i of them, nobody overlooked", async (count) => {
    const { ledger } = await openWithBill();
    for (let n = 1; n <= count; n += 1)
      await ledger.recordPayment({ account: "A", ...pay(n, "ZAR", `pay_${n}`) });
    const { entity } = await ledger.createAccount({
      externalReference: "A",
      customer: "CUST-1",
      currency: "ZAR",
      balance: 0,
    });
    expect(entity.balance).toBe((-count * (count + 1)) / 2);
    expect(await lying(ledger)).toEqual([]);
  });

  it("and nobody waits in vain when both happen at once", async () => {
    const { ledger } = await openWithBill();
    const payments = Array.from({ length: 6 }, (_, n) =>
      ledger.recordPayment({
        account: n % 2 === 0 ? "A" : "bacc_1",
        ...pay(10, "ZAR", `pay_${n}`),
      }),
    );
    const creation = ledger.createAccount({
      id: "bacc_1",
      externalReference: "A",
      customer: "CUST-1",
      currency: "ZAR",
      balance: 0,
    });
    const later = Array.from({ length: 6 }, (_, n) =>
      ledger.recordPayment({ account: "A", ...pay(10, "ZAR", `pay_1${n}`) }),
    );
    await Promise.all([...payments, creation, ...later]);
    expect((await ledger.retrieveAccount("A")).balance).toBe(-120);
    expect(await lying(ledger)).toEqual([]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])(
    "and whoever comes after %i others, while another process creates it, does not wait",
    async (count) => {
      const shared = sharedStore();
      const right = openLedger({ store: shared });
      const report = (ledger: Ledger, n: number) =>
        ledger.recordPayment({ customer: "CUST-9", ...pay(10, "ZAR", `pay_${n}`) });
      for (let n = 0; n < count; n += 1) await report(right, n);
      let creation: Promise<unknown> | undefined;
      const store = changed(shared, {
        resolveClaims: async (book, keys) => {
          if (keys[0]?.startsWith("waiting/") === true) {
            const input = { externalReference: "CUST-9", currency: "ZAR", balance: 0 };
            creation ??= right.createCustomer(input);
            await creation;
          }
          return shared.resolveClaims(book, keys);
        },
      });
      expect((await report(openLedger({ store }), count)).payment.status).toBe("applied");
      expect((await right.retrieveCustomer("CUST-9")).balance).toBe(-10 * (count + 1));
      expect(await lying(right)).toEqual([]);
    },
  );
});

describe("matchSuspense", () => {
  it("moves money to where it belongs, dated as the payment was", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment(
      { customer: "CUST-typo", ...pay(200), metadata: { utm: "x" }, sourceEventId: "evt_1" },
      { effectiveAt: "2026-02-01T00:00:00Z" },
    );
    const { entity, payment, events } = await ledger.matchSuspense({
      customer: "CUST-1",
      paymentId: "pay_1",
    });
    expect(entity).toMatchObject({ balance: 300 });
    expect(payment).toMatchObject({ status: "applied", effect: -200, violations: [] });
    expect(events).toMatchObject([
      {
        type: "obligation.amount_applied",
        effectiveAt: "2026-02-01T00:00:00.000Z",
        data: { sourceEventId: "evt_1", suspendedFor: { kind: "customer", name: "CUST-typo" } },
        personal: { metadata: { utm: "x" } },
      },
      { type: "payment.matched", data: { matchedTo: { kind: "customer", id: "bcus_c" } } },
    ]);
    expect(await lying(ledger)).toEqual([]);
  });

  it("into another kind of obligation than was named, whatever rules it breaks", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ customer: "CUST-typo", ...pay(40_000) });
    expect(
      (await ledger.matchSuspense({ bill: "BILL-1", paymentId: "pay_1" })).payment.violations,
    ).toEqual(["above_maximum", "overpayment"]);
  });

  it("again gives that outcome again, and so does a new report on the name that was wrong", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ customer: "CUST-typo", ...pay(200) });
    const first = await ledger.matchSuspense({ customer: "CUST-1", paymentId: "pay_1" });
    const before = await position(ledger);
    expect(await ledger.matchSuspense({ customer: "bcus_c", paymentId: "pay_1" })).toMatchObject({
      replayed: true,
      payment: first.payment,
    });
    expect(await ledger.recordPayment({ customer: "CUST-typo", ...pay(200) })).toMatchObject({
      replayed: true,
      payment: first.payment,
    });
    expect(await ledger.recordPayment({ customer: "CUST-1", ...pay(200) })).toMatchObject({
      replayed: true,
      payment: first.payment,
    });
    expect(await position(ledger)).toBe(before);
    expect(await refused(ledger.matchSuspense({ bill: "BILL-1", paymentId: "pay_1" }))).toEqual({
      code: "PAYMENT_NOT_FOUND",
      paymentId: "pay_1",
    });
  });

  it("refuses what does not fit, and leaves it where it lies", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ customer: "CUST-typo", ...pay(200, "USD") });
    expect(
      await refused(ledger.matchSuspense({ customer: "CUST-1", paymentId: "pay_1" })),
    ).toMatchObject({ code: "CURRENCY_MISMATCH", currency: "USD", expected: "ZAR" });
    await ledger.voidBill("BILL-1");
    expect(
      await refused(ledger.matchSuspense({ bill: "BILL-1", paymentId: "pay_1" })),
    ).toMatchObject({ code: "BILL_VOIDED" });
    expect(
      await refused(ledger.matchSuspense({ bill: "nobody", paymentId: "pay_1" })),
    ).toMatchObject({ code: "NOT_FOUND" });
    expect(
      await refused(ledger.matchSuspense({ customer: "CUST-1", paymentId: "pay_9" })),
    ).toMatchObject({ code: "PAYMENT_NOT_FOUND" });
    expect(await lying(ledger)).toHaveLength(1);
  });

  it("asks which one is meant where several sums of a payment lie there", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ customer: "CUST-typo", ...pay(200) });
    await ledger.recordPayment({ bill: "BILL-typo", ...pay(300) });
    await ledger.recordPayment({ account: "ACC-typo", ...pay(200, "USD") });
    expect(await refused(ledger.matchSuspense({ customer: "CUST-1", paymentId: "pay_1" }))).toEqual(
      {
        code: "TARGET_REQUIRED",
        paymentId: "pay_1",
        amounts: [
          { amount: 200, currency: "ZAR" },
          { amount: 300, currency: "ZAR" },
          { amount: 200, currency: "USD" },
        ],
      },
    );
    expect(
      await refused(ledger.matchSuspense({ customer: "CUST-1", paymentId: "pay_1", amount: 200 })),
    ).toMatchObject({ code: "TARGET_REQUIRED" });
    expect(
      (
        await ledger.matchSuspense({
          customer: "CUST-1",
          paymentId: "pay_1",
          amount: 200,
          currency: "ZAR",
        })
      ).entity,
    ).toMatchObject({ balance: 300 });
    expect(
      (await ledger.matchSuspense({ bill: "BILL-1", paymentId: "pay_1", currency: "ZAR" })).entity,
    ).toMatchObject({ amountPaid: 300 });
    expect(await lying(ledger)).toEqual(["pay_1 200 USD unknown_target account ACC-typo"]);
  });

  it("never puts a second sum of a payment where one is already", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ bill: "BILL-1", ...pay(300) });
    await ledger.recordPayment({ bill: "BILL-1", ...pay(301) });
    expect(
      await refused(ledger.matchSuspense({ bill: "BILL-1", paymentId: "pay_1" })),
    ).toMatchObject({ code: "PAYMENT_CONFLICT", id: "bill_b" });
    await ledger.recordPayment({ bill: "BILL-typo", ...pay(302) });
    expect(
      await refused(ledger.matchSuspense({ bill: "BILL-1", paymentId: "pay_1", amount: 302 })),
    ).toMatchObject({ code: "PAYMENT_CONFLICT" });
    expect(
      (await ledger.matchSuspense({ customer: "CUST-1", paymentId: "pay_1", amount: 301 })).entity,
    ).toMatchObject({ balance: 199 });
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it("never puts it there twice, also when both sums had waited for that very object", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ bill: "BILL-9", ...pay(300) });
    await ledger.recordPayment({ bill: "BILL-9", ...pay(301) });
    await ledger.createBill({
      id: "bill_9",
      externalReference: "BILL-9",
      customer: "CUST-1",
      currency: "ZAR",
      amountDue: 900,
    });
    expect(
      await refused(ledger.matchSuspense({ bill: "bill_9", paymentId: "pay_1" })),
    ).toMatchObject({ code: "PAYMENT_CONFLICT" });
    expect((await ledger.retrieveBill("bill_9")).amountPaid).toBe(300);
  });

  it("takes money that lies there for the very target once it fits", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ customer: "CUST-1", ...pay(70, "USD") });
    await ledger.updateCustomer("CUST-1", { balance: 70, currency: "USD" });
    expect(
      (await ledger.matchSuspense({ customer: "CUST-1", paymentId: "pay_1" })).entity,
    ).toMatchObject({ balance: 0 });
    expect(await ledger.recordPayment({ customer: "CUST-1", ...pay(70, "USD") })).toMatchObject({
      replayed: true,
      payment: { status: "applied" },
    });
  });

  it("is refused where the sum would leave the range", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ customer: "CUST-typo", ...pay(10 ** 15) });
    await ledger.setBalance({ customer: "CUST-1", balance: -1 });
    expect(
      await refused(ledger.matchSuspense({ customer: "CUST-1", paymentId: "pay_1" })),
    ).toMatchObject({ code: "AMOUNT_OUT_OF_RANGE" });
  });
});

describe("a payment of several places", () => {
  it("answers for the one that is asked about, also when another was matched last", async () => {
    const { ledger } = await openWithBill();
    await ledger.recordPayment({ customer: "bcus_x", ...pay(100) });
    await ledger.recordPayment({ customer: "bcus_y", ...pay(100) });
    await ledger.createCustomer({ id: "bcus_y", externalReference: "Y" });
    expect(await ledger.recordPayment({ customer: "bcus_x", ...pay(100) })).toMatchObject({
      replayed: true,
      payment: { status: "suspended", reason: "unknown_target" },
    });
    expect(await ledger.recordPayment({ customer: "bcus_y", ...pay(100) })).toMatchObject({
      replayed: true,
      payment: { status: "applied" },
    });
  });
});

describe("listSuspense", () => {
  it("goes page by page, by when a payment first arrived", async () => {
    const { ledger } = await openWithBill();
    for (const n of [1, 2, 3])
      await ledger.recordPayment({ bill: `X-${n}`, ...pay(n, "ZAR", `pay_${n}`) });
    await ledger.recordPayment({ bill: "X-0", ...pay(9, "ZAR", "pay_1") });
    const first = await ledger.listSuspense({ limit: 2 });
    expect(first.data.map(({ amount }) => amount)).toEqual([1, 9, 2]);
    const second = await ledger.listSuspense({ limit: 2, after: first.next });
    expect(second.data.map(({ amount }) => amount)).toEqual([3]);
    expect(second).not.toHaveProperty("next");
  });

  it("does not take a filter that it would not heed", async () => {
    const { ledger } = await openWithBill();
    for (const filter of [
      { currency: "ZAR" },
      { customer: "CUST-1" },
      { owing: true },
      { credit: true },
    ])
      expect(await faultPaths(ledger.listSuspense(filter as never))).toEqual(Object.keys(filter));
  });
});
