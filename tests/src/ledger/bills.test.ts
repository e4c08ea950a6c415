import { idPatterns } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { faultPaths, open, position, refused, rules, typesOf } from "./open.ts";

const bill = { externalReference: "BILL-2026-0317", currency: "ZAR", amountDue: 37_650 } as const;

const billed = async (options: Parameters<typeof open>[0] = {}) => {
  const opened = open(options);
  await opened.ledger.createCustomer({ externalReference: "CUST-1", currency: "ZAR", balance: 5 });
  await opened.ledger.createBill({ ...bill, customer: "CUST-1" });
  return opened;
};

describe("createBill", () => {
  it("on an account names both owners (BIL-03), by reference too (BIL-07)", async () => {
    const { ledger } = open({ paymentRules: { bill: rules({ minAmount: 1000 }) } });
    const account = (
      await ledger.createAccount({
        customer: { externalReference: "CUST-1" },
        externalReference: "ACC-7781",
      })
    ).entity;
    const { entity, events } = await ledger.createBill({
      ...bill,
      account: "ACC-7781",
      billDate: "2026-03-01",
      dueDate: "2026-03-25",
      metadata: { period: "2026-03" },
    });
    expect(entity).toEqual({
      ...bill,
      object: "bill",
      id: entity.id,
      obligationId: entity.obligationId,
      customerId: account.customerId,
      accountId: account.id,
      status: "unpaid",
      amountPaid: 0,
      amountRemaining: 37_650,
      balance: 37_650,
      billDate: "2026-03-01",
      dueDate: "2026-03-25",
      paymentRules: rules({ minAmount: 1000, maxAmount: 37_650 }),
      metadata: { period: "2026-03" },
    });
    expect(entity.id).toMatch(idPatterns.bill);
    expect(typesOf(events)).toEqual([
      "bill.created",
      "obligation.opened",
      "obligation.payment_rules_set",
    ]);
  });

  it("on a customer has no account (BIL-04), and its date is today (BIL-10)", async () => {
    const { ledger } = open();
    const customer = (await ledger.createCustomer({ externalReference: "CUST-1" })).entity;
    const { entity } = await ledger.createBill({ ...bill, customer: customer.id });
    expect(entity).toMatchObject({ customerId: customer.id, billDate: "2026-03-01" });
    expect(entity).not.toHaveProperty("accountId");
    expect(entity).not.toHaveProperty("dueDate");
  });

  it("brings account and customer along, nested (BIL-05)", async () => {
    const { ledger } = open();
    const { entity } = await ledger.createBill({
      ...bill,
      account: { externalReference: "ACC-1", customer: { externalReference: "CUST-1" } },
    });
    expect((await ledger.retrieveAccount("ACC-1")).id).toBe(entity.accountId);
    expect((await ledger.retrieveCustomer("CUST-1")).id).toBe(entity.customerId);
    expect((await ledger.head())?.commit).toBe(1);
  });

  it("brings an account along for a customer named beside it, or brought along there (BIL-06)", async () => {
    const { ledger } = open();
    await ledger.createCustomer({ id: "bcus_1", externalReference: "CUST-1" });
    const first = await ledger.createBill({
      ...bill,
      customer: "CUST-1",
      account: { externalReference: "ACC-1" },
    });
    expect(first.entity.customerId).toBe("bcus_1");
    const second = await ledger.createBill({
      ...bill,
      externalReference: "B-2",
      customer: { id: "bcus_2", externalReference: "CUST-2" },
      account: { id: "bacc_2", externalReference: "ACC-2" },
    });
    expect(second.entity).toMatchObject({ customerId: "bcus_2", accountId: "bacc_2" });
    const third = await ledger.createBill({
      ...bill,
      externalReference: "B-3",
      account: { externalReference: "ACC-3", customer: "bcus_2" },
    });
    expect(third.entity.customerId).toBe("bcus_2");
    const fourth = await ledger.createBill({
      ...bill,
      externalReference: "B-4",
      customer: { externalReference: "CUST-4" },
    });
    expect(await ledger.retrieveCustomer("CUST-4")).toMatchObject({ id: fourth.entity.customerId });
  });

  it("needs an owner, said once (BIL-08, D-24)", async () => {
    const { ledger } = open();
    expect(await faultPaths(ledger.createBill(bill))).toEqual(["customer"]);
    expect(
      await faultPaths(ledger.createBill({ ...bill, account: { externalReference: "ACC-1" } })),
    ).toEqual(["account.customer"]);
    expect(
      await faultPaths(
        ledger.createBill({
          ...bill,
          customer: "CUST-1",
          account: { externalReference: "ACC-1", customer: "CUST-1" },
        }),
      ),
    ).toEqual(["customer"]);
    expect(await faultPaths(ledger.createBill({ ...bill, account: null as never }))).toEqual([
      "account",
    ]);
  });

  it("refuses a customer that is not the account's, and takes the one that is (BIL-08, D-24)", async () => {
    const { ledger } = open();
    await ledger.createAccount({
      id: "bacc_1",
      customer: { id: "bcus_1", externalReference: "CUST-1" },
      externalReference: "ACC-1",
    });
    await ledger.createCustomer({ externalReference: "CUST-2" });
    const mismatch = { code: "OWNER_MISMATCH", accountId: "bacc_1", customerId: "bcus_1" };
    expect(
      await refused(ledger.createBill({ ...bill, account: "ACC-1", customer: "CUST-2" })),
    ).toEqual(mismatch);
    expect(
      await refused(
        ledger.createBill({ ...bill, account: "ACC-1", customer: { externalReference: "CUST-3" } }),
      ),
    ).toEqual(mismatch);
    expect(
      await refused(ledger.createBill({ ...bill, account: "ACC-1", customer: "nobody" })),
    ).toMatchObject({ code: "NOT_FOUND", kind: "customer" });
    for (const [customer, reference] of [
      ["CUST-1", "B-1"],
      ["bcus_1", "B-2"],
    ] as const)
      expect(
        (
          await ledger.createBill({
            ...bill,
            externalReference: reference,
            account: "bacc_1",
            customer,
          })
        ).entity.customerId,
      ).toBe("bcus_1");
  });

  it("is all or nothing, three deep (D-23)", async () => {
    const { ledger } = open();
    await ledger.createBill({
      ...bill,
      account: { externalReference: "ACC-1", customer: { externalReference: "CUST-1" } },
    });
    const before = await position(ledger);
    const nested = (customer: string, account: string, reference: string) =>
      refused(
        ledger.createBill({
          ...bill,
          externalReference: reference,
          account: { externalReference: account, customer: { externalReference: customer } },
        }),
      );
    expect(await nested("CUST-1", "ACC-2", "B-2")).toMatchObject({
      code: "REFERENCE_TAKEN",
      kind: "customer",
    });
    expect(await nested("CUST-2", "ACC-1", "B-2")).toMatchObject({
      code: "REFERENCE_TAKEN",
      kind: "account",
    });
    expect(await nested("CUST-2", "ACC-2", bill.externalReference)).toMatchObject({
      code: "REFERENCE_TAKEN",
      kind: "bill",
    });
    expect(
      await refused(ledger.createBill({ ...bill, externalReference: "B-2", account: "nobody" })),
    ).toMatchObject({ code: "NOT_FOUND", kind: "account" });
    expect(
      await refused(ledger.createBill({ ...bill, externalReference: "B-2", customer: "nobody" })),
    ).toMatchObject({ code: "NOT_FOUND", kind: "customer" });
    expect(await position(ledger)).toBe(before);
  });

  it("may be in another currency than its account (D-45), and moves no other balance (BIL-29, D-32)", async () => {
    const { ledger } = open();
    await ledger.createAccount({
      customer: { externalReference: "CUST-1", currency: "ZAR", balance: 5 },
      externalReference: "ACC-1",
      currency: "ZAR",
      balance: 7,
    });
    await ledger.createBill({ ...bill, account: "ACC-1", currency: "USD" });
    await ledger.applyPayment({ bill: bill.externalReference, amount: 1000 });
    await ledger.updateBill(bill.externalReference, { amountPaid: 2000 });
    await ledger.voidBill(bill.externalReference);
    expect((await ledger.retrieveAccount("ACC-1")).balance).toBe(7);
    expect((await ledger.retrieveCustomer("CUST-1")).balance).toBe(5);
  });

  it("may be due before its date, and never on a day that does not exist (BIL-11, BIL-12, D-44)", async () => {
    const { ledger } = await billed();
    await ledger.createBill({
      ...bill,
      externalReference: "B-2",
      customer: "CUST-1",
      billDate: "2026-03-01",
      dueDate: "2026-02-01",
    });
    expect(
      await faultPaths(
        ledger.createBill({
          ...bill,
          externalReference: "B-3",
          customer: "CUST-1",
          billDate: "2026-02-30",
          dueDate: "1.3.2026",
        }),
      ),
    ).toEqual(["billDate", "dueDate"]);
  });

  it("needs a reference, a currency and an amount (BIL-02)", async () => {
    expect(await faultPaths(open().ledger.createBill({ customer: "CUST-1" } as never))).toEqual([
      "amountDue",
      "currency",
      "externalReference",
    ]);
  });

  it("refuses an id or a reference that is taken, of a voided bill too (D-19)", async () => {
    const { ledger } = await billed();
    await ledger.voidBill(bill.externalReference);
    expect(await refused(ledger.createBill({ ...bill, customer: "CUST-1" }))).toMatchObject({
      code: "REFERENCE_TAKEN",
      kind: "bill",
    });
    const { id } = await ledger.retrieveBill(bill.externalReference);
    expect(
      await refused(
        ledger.createBill({ ...bill, id, externalReference: "B-2", customer: "CUST-1" }),
      ),
    ).toMatchObject({ code: "ID_TAKEN" });
  });
});

describe("updateBill", () => {
  it("takes the new total paid (BIL-16) and keeps the status in step (BIL-17, BIL-18)", async () => {
    const { ledger } = await billed();
    const update = async (amountPaid: number) =>
      (await ledger.updateBill(bill.externalReference, { currency: "ZAR", amountPaid })).entity;
    expect(await update(12_550)).toMatchObject({
      status: "unpaid",
      amountPaid: 12_550,
      amountRemaining: 25_100,
      balance: 25_100,
    });
    expect(await update(37_650)).toMatchObject({
      status: "paid",
      amountPaid: 37_650,
      amountRemaining: 0,
      balance: 0,
    });
    expect(await update(37_649)).toMatchObject({ status: "unpaid", amountRemaining: 1 });
    expect(await update(0)).toMatchObject({
      status: "unpaid",
      amountPaid: 0,
      amountRemaining: 37_650,
    });
  });

  it("takes a total above what is due only where overpayment is allowed (BIL-19, D-31)", async () => {
    const { ledger } = await billed();
    expect(
      await refused(ledger.updateBill(bill.externalReference, { amountPaid: 37_651 })),
    ).toMatchObject({ code: "AMOUNT_PAID_ABOVE_DUE" });
    await ledger.setPaymentRules({
      bill: bill.externalReference,
      paymentRules: rules({
        minAmount: 90_000_000,
        maxAmount: 90_000_000,
        underpaymentAllowed: false,
        overpaymentAllowed: true,
      }),
    });
    const { entity } = await ledger.updateBill(bill.externalReference, { amountPaid: 99_999_999 });
    expect(entity).toMatchObject({
      status: "paid",
      amountRemaining: 0,
      balance: 37_650 - 99_999_999,
    });
  });

  it("bounds the total (MON-06) and knows nothing else (BIL-15, D-42)", async () => {
    const { ledger } = await billed();
    expect(
      await faultPaths(ledger.updateBill(bill.externalReference, { amountPaid: 100_000_000 })),
    ).toEqual(["amountPaid"]);
    expect(await faultPaths(ledger.updateBill(bill.externalReference, { amountPaid: -1 }))).toEqual(
      ["amountPaid"],
    );
    const input = {
      amountDue: 1,
      dueDate: "2026-01-01",
      status: "paid",
      externalReference: "x",
      customer: "x",
      account: "x",
      paymentRules: null,
    };
    expect(await faultPaths(ledger.updateBill(bill.externalReference, input as never))).toEqual(
      Object.keys(input).sort(),
    );
  });

  it("changes no currency (MON-11) and merges metadata", async () => {
    const { ledger } = await billed();
    expect(
      await refused(ledger.updateBill(bill.externalReference, { currency: "USD", amountPaid: 1 })),
    ).toMatchObject({ code: "CURRENCY_MISMATCH" });
    await ledger.updateBill(bill.externalReference, { metadata: { a: "1" } });
    expect(
      (await ledger.updateBill(bill.externalReference, { metadata: { b: "2" } })).entity.metadata,
    ).toEqual({ a: "1", b: "2" });
  });

  it("cannot be dated: it takes effect when it is recorded", async () => {
    const { ledger } = await billed();
    expect(
      await faultPaths(
        ledger.updateBill(
          bill.externalReference,
          { amountPaid: 1 },
          { effectiveAt: "2026-01-01T00:00:00Z" },
        ),
      ),
    ).toEqual(["effectiveAt"]);
  });

  it("refuses a bill that nobody knows", async () => {
    expect(await refused(open().ledger.updateBill("bill_x", {}))).toEqual({
      code: "NOT_FOUND",
      kind: "bill",
      name: "bill_x",
    });
  });
});

describe("voidBill", () => {
  it("by reference (BIL-22) keeps the three amounts and owes nothing (BIL-21, BIL-24)", async () => {
    const { ledger } = await billed();
    await ledger.applyPayment({ bill: bill.externalReference, amount: 650 });
    const { entity, events } = await ledger.voidBill(bill.externalReference);
    expect(entity).toMatchObject({
      status: "voided",
      amountDue: 37_650,
      amountPaid: 650,
      amountRemaining: 37_000,
      balance: 0,
    });
    expect(events.map(({ data }) => data)).toMatchObject([
      { amount: 37_000, effect: -37_000, balanceAfter: 0, amountPaidAfter: 650 },
    ]);
  });

  it("is for good: nothing updates, pays, reprices or voids it again (BIL-25 to BIL-28)", async () => {
    const { ledger } = await billed();
    const { id } = (await ledger.voidBill(bill.externalReference)).entity;
    const before = await position(ledger);
    for (const answer of [
      ledger.voidBill(id),
      ledger.updateBill(id, { amountPaid: 1 }),
      ledger.updateBill(id, {}),
      ledger.applyPayment({ bill: id, amount: 1000 }),
      ledger.setPaymentRules({ bill: id, paymentRules: null }),
    ])
      expect(await refused(answer)).toMatchObject({ code: "BILL_VOIDED", id });
    expect(await position(ledger)).toBe(before);
  });

  it("is refused on a paid bill (D-25)", async () => {
    const { ledger } = await billed();
    await ledger.updateBill(bill.externalReference, { amountPaid: 37_650 });
    expect(await refused(ledger.voidBill(bill.externalReference))).toMatchObject({
      code: "BILL_PAID",
      amountDue: 37_650,
      amountPaid: 37_650,
    });
  });

  it("answers the same again under the same key (D-25)", async () => {
    const { ledger } = await billed();
    const first = await ledger.voidBill(bill.externalReference, { idempotencyKey: "void-1" });
    expect(await ledger.voidBill(bill.externalReference, { idempotencyKey: "void-1" })).toEqual({
      ...first,
      replayed: true,
    });
  });

  it("may be dated in the past", async () => {
    const { ledger } = await billed();
    const { events } = await ledger.voidBill(bill.externalReference, {
      effectiveAt: "2026-02-01T00:00:00Z",
    });
    expect(events[0]?.effectiveAt).toBe("2026-02-01T00:00:00.000Z");
  });
});

describe("what never changes of a bill", () => {
  it("is its amount due; remaining is max(0, due − paid), and paid means that nothing remains", async () => {
    const { ledger } = await billed({
      paymentRules: { bill: rules({ overpaymentAllowed: true }) },
    });
    const id = bill.externalReference;
    const steps = [
      () => ledger.applyPayment({ bill: id, amount: 30_000, paymentId: "pay_1" }),
      () => ledger.recordPayment({ bill: id, amount: 10_000, currency: "ZAR", paymentId: "pay_2" }),
      () => ledger.reversePayment({ paymentId: "pay_1", amount: 5000 }),
      () => ledger.updateBill(id, { amountPaid: 37_650 }),
      () => ledger.reversePayment({ paymentId: "pay_2" }),
      () => ledger.updateBill(id, { metadata: { a: "1" } }),
    ];
    for (const step of steps) {
      await step();
      const { amountDue, amountPaid, amountRemaining, balance, status } =
        await ledger.retrieveBill(id);
      expect(amountDue).toBe(37_650);
      expect(amountRemaining).toBe(Math.max(0, amountDue - amountPaid));
      expect(balance).toBe(amountDue - amountPaid);
      expect(status).toBe(amountRemaining === 0 ? "paid" : "unpaid");
    }
  });
});
