import type { MirrorInput } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { faultPaths, open, position, refused, rules, typesOf } from "./open.ts";

type Line<Kind extends MirrorInput["object"]> = Extract<MirrorInput, { object: Kind }>;

const customer = (over: Partial<Line<"customer">> = {}): Line<"customer"> => ({
  object: "customer",
  id: "bcus_c",
  externalReference: "CUST-1",
  ...over,
});
const account = (over: Partial<Line<"account">> = {}): Line<"account"> => ({
  object: "account",
  id: "bacc_a",
  customerId: "bcus_c",
  externalReference: "ACC-1",
  ...over,
});
const bill = (over: Partial<Line<"bill">> = {}): Line<"bill"> => ({
  object: "bill",
  id: "bill_b",
  customerId: "bcus_c",
  externalReference: "BILL-1",
  status: "unpaid",
  currency: "ZAR",
  amountDue: 37_650,
  amountPaid: 0,
  amountRemaining: 37_650,
  billDate: "2026-02-01",
  ...over,
});

const mirrored = async (...lines: readonly MirrorInput[]) => {
  const opened = open();
  for (const line of lines) {
    await opened.ledger.mirror(line);
    opened.host.clock.advance(1000);
  }
  return opened;
};

describe("mirroring what is new", () => {
  it("takes over a customer as it is", async () => {
    const { ledger } = open();
    const line = customer({
      name: "Lerato",
      email: "not checked",
      phone: "0825550142",
      currency: "ZAR",
      balance: -5,
      paymentRules: rules(),
      metadata: { a: "1" },
    });
    const { entity, outcome, released, events } = await ledger.mirror(line);
    expect(entity).toEqual({ ...line, obligationId: entity.obligationId });
    expect([outcome, released]).toEqual(["created", 0]);
    expect(typesOf(events)).toEqual([
      "customer.created",
      "obligation.opened",
      "obligation.payment_rules_set",
    ]);
  });

  it("never adds default rules, not even with a later first balance; setting one does (D-26)", async () => {
    const { ledger } = await mirrored(customer({ currency: "ZAR", balance: 5 }), account(), bill());
    expect(await ledger.retrieveCustomer("CUST-1")).not.toHaveProperty("paymentRules");
    expect(await ledger.retrieveBill("BILL-1")).not.toHaveProperty("paymentRules");
    await ledger.mirror(account({ currency: "ZAR", balance: 7 }));
    expect(await ledger.retrieveAccount("ACC-1")).not.toHaveProperty("paymentRules");
    await ledger.mirror(customer({ id: "bcus_d", externalReference: "CUST-2" }));
    expect(
      (await ledger.setBalance({ customer: "CUST-2", balance: 5, currency: "ZAR" })).entity,
    ).toHaveProperty("paymentRules");
  });

  it("takes over a bill, whatever was paid on it, dated by its date", async () => {
    const { ledger } = await mirrored(customer());
    const { entity, events } = await ledger.mirror(
      bill({ amountPaid: 650, amountRemaining: 37_000, paymentRules: rules() }),
    );
    expect(entity).toMatchObject({
      status: "unpaid",
      amountPaid: 650,
      amountRemaining: 37_000,
      balance: 37_000,
      billDate: "2026-02-01",
      paymentRules: rules(),
    });
    expect(events[1]).toMatchObject({
      type: "obligation.opened",
      effectiveAt: "2026-02-01T23:59:59.999Z",
      data: { amount: 37_650 },
    });
    expect(events.at(-1)).toMatchObject({
      type: "obligation.balance_asserted",
      data: { amountPaidAfter: 650 },
    });
  });

  it.each([
    ["paid", { status: "paid", amountPaid: 37_650, amountRemaining: 0 }, { balance: 0 }],
    ["overpaid", { status: "paid", amountPaid: 40_000, amountRemaining: 0 }, { balance: -2350 }],
    ["voided", { status: "voided" }, { balance: 0, amountPaid: 0 }],
    [
      "voided after a part payment",
      { status: "voided", amountPaid: 650, amountRemaining: 37_000 },
      { balance: 0, amountPaid: 650, amountRemaining: 37_000 },
    ],
  ] as const)("takes over a bill that is %s already", async (_, over, expected) => {
    const { ledger } = await mirrored(customer());
    expect((await ledger.mirror(bill(over))).entity).toMatchObject({
      status: over.status,
      ...expected,
    });
    expect((await ledger.mirror(bill(over))).outcome).toBe("unchanged");
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it("dates a bill of today or later by when it is recorded, and any opening as asked", async () => {
    const { ledger } = await mirrored(customer());
    expect((await ledger.mirror(bill({ billDate: "2026-03-01" }))).events[1]?.effectiveAt).toBe(
      "2026-03-01T00:00:01.000Z",
    );
    const { billDate: _, ...undated } = bill({ id: "bill_c", externalReference: "BILL-2" });
    expect((await ledger.mirror(undated)).events[1]?.effectiveAt).toBe("2026-03-01T00:00:01.000Z");
    const dated = await ledger.mirror(bill({ id: "bill_d", externalReference: "BILL-3" }), {
      effectiveAt: "2026-01-15T00:00:00Z",
    });
    expect(dated.events[1]?.effectiveAt).toBe("2026-01-15T00:00:00.000Z");
  });

  it("sets free what waited for it, by id or reference: webhooks and mirror may come in any order", async () => {
    const { ledger } = await mirrored(customer({ currency: "ZAR", balance: 5 }));
    await ledger.recordPayment({
      bill: "bill_b",
      amount: 650,
      currency: "ZAR",
      paymentId: "pay_1",
    });
    await ledger.recordPayment({
      bill: "BILL-1",
      amount: 100,
      currency: "ZAR",
      paymentId: "pay_2",
    });
    const { entity, released } = await ledger.mirror(bill());
    expect(released).toBe(2);
    expect(entity).toMatchObject({ amountPaid: 750 });
  });

  it("keeps in suspense what a voided bill cannot take, with the new reason", async () => {
    const { ledger } = await mirrored(customer());
    await ledger.recordPayment({
      bill: "BILL-1",
      amount: 650,
      currency: "USD",
      paymentId: "pay_1",
    });
    const { entity, released } = await ledger.mirror(bill({ status: "voided" }));
    expect([entity.object, released]).toEqual(["bill", 0]);
    expect((await ledger.listSuspense()).data).toMatchObject([
      { paymentId: "pay_1", reason: "bill_voided" },
    ]);
  });

  it("needs its owners to be there, and to belong together", async () => {
    const { ledger } = await mirrored(
      customer(),
      customer({ id: "bcus_d", externalReference: "CUST-2" }),
      account(),
    );
    expect(
      await refused(
        ledger.mirror(account({ id: "bacc_x", externalReference: "X", customerId: "bcus_x" })),
      ),
    ).toEqual({ code: "NOT_FOUND", kind: "customer", name: "bcus_x" });
    expect(await refused(ledger.mirror(bill({ accountId: "bacc_x" })))).toEqual({
      code: "NOT_FOUND",
      kind: "account",
      name: "bacc_x",
    });
    expect(
      await refused(ledger.mirror(bill({ accountId: "bacc_a", customerId: "bcus_d" }))),
    ).toMatchObject({ code: "OWNER_MISMATCH" });
    expect((await ledger.mirror(bill({ accountId: "bacc_a" }))).entity).toMatchObject({
      accountId: "bacc_a",
    });
  });

  it("refuses a reference that another object has", async () => {
    const { ledger } = await mirrored(customer());
    expect(await refused(ledger.mirror(customer({ id: "bcus_d" })))).toMatchObject({
      code: "REFERENCE_TAKEN",
      takenBy: "bcus_c",
    });
  });

  it("refuses a reference that reads like an id (D-18)", async () => {
    const { ledger } = await mirrored(customer());
    expect(await faultPaths(ledger.mirror(customer({ externalReference: "bcus_x" })))).toEqual([
      "externalReference",
    ]);
    expect(await faultPaths(ledger.mirror(account({ externalReference: "bacc_x" })))).toEqual([
      "externalReference",
    ]);
    expect(await faultPaths(ledger.mirror(bill({ externalReference: "bill_x" })))).toEqual([
      "externalReference",
    ]);
  });

  it("names every fault of a line, and those between its fields", async () => {
    const { ledger } = open();
    expect(
      await faultPaths(
        ledger.mirror({ ...customer(), id: "bacc_1", balance: 0.5, extra: 1 } as never),
      ),
    ).toEqual(["balance", "currency", "extra", "id"]);
    expect(await faultPaths(ledger.mirror(bill({ amountRemaining: 5 })))).toEqual([
      "amountRemaining",
    ]);
    expect(await faultPaths(ledger.mirror(bill({ status: "paid" })))).toEqual(["status"]);
    expect(
      await faultPaths(ledger.mirror(bill({ amountPaid: 37_650, amountRemaining: 0 }))),
    ).toEqual(["status"]);
    expect(await faultPaths(ledger.mirror({ object: "invoice" } as never))).toEqual(["object"]);
  });
});

describe("mirroring what is known", () => {
  it("changes nothing where the line is the last one again, whatever has happened here since", async () => {
    const lines = [
      customer({
        currency: "ZAR",
        balance: 500,
        name: "L",
        metadata: { a: "1" },
        paymentRules: rules(),
      }),
      account(),
      bill(),
    ];
    const { ledger } = await mirrored(...lines);
    await ledger.recordPayment({ customer: "CUST-1", amount: 200, currency: "ZAR" });
    await ledger.recordPayment({ bill: "BILL-1", amount: 100, currency: "ZAR" });
    await ledger.updateCustomer("CUST-1", { name: "Ours" });
    const before = await position(ledger);
    for (const line of lines)
      expect(await ledger.mirror(line)).toMatchObject({
        outcome: "unchanged",
        events: [],
        replayed: false,
      });
    expect(await position(ledger)).toBe(before);
    expect(await ledger.retrieveCustomer("CUST-1")).toMatchObject({ balance: 300, name: "Ours" });
  });

  it("leaves a balance alone that the line has not changed, and with it what was paid here", async () => {
    const { ledger } = await mirrored(customer({ currency: "ZAR", balance: 500 }));
    await ledger.recordPayment({ customer: "CUST-1", amount: 100, currency: "ZAR" });
    const { entity, events } = await ledger.mirror(
      customer({ currency: "ZAR", balance: 500, name: "Lerato" }),
    );
    expect(entity).toMatchObject({ balance: 400, name: "Lerato" });
    expect(typesOf(events)).toEqual(["customer.updated"]);
  });

  it("takes over a balance of the same number in another currency", async () => {
    const { ledger } = await mirrored(customer({ currency: "ZAR", balance: 500 }));
    expect((await ledger.mirror(customer({ currency: "USD", balance: 500 }))).entity).toMatchObject(
      { balance: 500, currency: "USD" },
    );
    expect((await ledger.balanceOf({ customer: "CUST-1" })).balances).toEqual([
      { currency: "USD", balance: 500 },
      { currency: "ZAR", balance: 0 },
    ]);
  });

  it("takes over what differs: details, balance, rules", async () => {
    const { ledger } = await mirrored(customer({ name: "L", currency: "ZAR", balance: 500 }));
    await ledger.recordPayment({ customer: "CUST-1", amount: 200, currency: "ZAR" });
    const { entity, outcome, events } = await ledger.mirror(
      customer({ name: "L", phone: "+271", currency: "ZAR", balance: 400, paymentRules: rules() }),
    );
    expect(outcome).toBe("changed");
    expect(entity).toMatchObject({ phone: "+271", balance: 400, paymentRules: rules() });
    expect(typesOf(events)).toEqual([
      "customer.updated",
      "obligation.balance_asserted",
      "obligation.payment_rules_set",
    ]);
    expect(events[0]).toMatchObject({ personal: { phone: "+271" } });
    expect(events[1]?.data).toMatchObject({ previousBalance: 300, effect: 100 });
  });

  it("comes to rest, whatever disappears from a line", async () => {
    const { ledger } = await mirrored(
      customer({
        name: "L",
        phone: "+271",
        currency: "ZAR",
        balance: 5,
        paymentRules: rules(),
        metadata: { a: "1", b: "2" },
      }),
    );
    for (const line of [
      customer({ metadata: { b: "2" } }),
      customer({ metadata: {} }),
      customer(),
      customer({ name: "" }),
    ]) {
      await ledger.mirror(line);
      expect((await ledger.mirror(line)).outcome).toBe("unchanged");
    }
    expect(await ledger.retrieveCustomer("CUST-1")).toMatchObject({
      balance: 5,
      phone: "+271",
      metadata: { a: "1", b: "2" },
    });
  });

  it("takes rules away where the line has none: absence means not payable", async () => {
    const { ledger } = await mirrored(
      customer({ currency: "ZAR", balance: 5, paymentRules: rules() }),
    );
    const { entity, events } = await ledger.mirror(customer({ currency: "ZAR", balance: 5 }));
    expect(entity).not.toHaveProperty("paymentRules");
    expect(events.at(-1)?.data).toMatchObject({ paymentRules: null });
  });

  it("begins to track where the line has a balance now", async () => {
    const { ledger } = await mirrored(customer());
    const { entity, events } = await ledger.mirror(customer({ currency: "ZAR", balance: 5 }), {
      effectiveAt: "2026-02-01T00:00:00Z",
    });
    expect(entity).toMatchObject({ balance: 5, currency: "ZAR" });
    expect(events[1]).toMatchObject({
      type: "obligation.opened",
      effectiveAt: "2026-02-01T00:00:00.000Z",
    });
  });

  it("changes the currency together with the balance, and as a mere detail while nothing is tracked", async () => {
    const { ledger } = await mirrored(customer({ currency: "ZAR" }));
    expect((await ledger.mirror(customer({ currency: "USD" }))).entity).toMatchObject({
      currency: "USD",
    });
    await ledger.mirror(customer({ currency: "USD", balance: 7 }));
    const { entity } = await ledger.mirror(customer({ currency: "ZAR", balance: 9 }));
    expect(entity).toMatchObject({ currency: "ZAR", balance: 9 });
    expect(entity).not.toHaveProperty("otherBalances");
    expect(await refused(ledger.mirror(customer({ currency: "USD" })))).toMatchObject({
      code: "CURRENCY_MISMATCH",
      expected: "ZAR",
    });
  });

  it("takes over an object that was created here", async () => {
    const { ledger } = open();
    await ledger.createCustomer({
      id: "bcus_c",
      externalReference: "CUST-1",
      currency: "ZAR",
      balance: 5,
      name: "Ours",
    });
    const { entity, outcome } = await ledger.mirror(
      customer({ currency: "ZAR", balance: 7, paymentRules: rules() }),
    );
    expect(outcome).toBe("changed");
    expect(entity).toMatchObject({ balance: 7, name: "Ours", paymentRules: rules() });
    expect(
      (await ledger.mirror(customer({ currency: "ZAR", balance: 7, paymentRules: rules() })))
        .outcome,
    ).toBe("unchanged");
  });

  it("refuses what cannot change, every field of it", async () => {
    const { ledger } = await mirrored(
      customer(),
      customer({ id: "bcus_d", externalReference: "CUST-2" }),
      account(),
      bill({ dueDate: "2026-04-01" }),
    );
    expect(await faultPaths(ledger.mirror(customer({ externalReference: "X" })))).toEqual([
      "externalReference",
    ]);
    expect(await faultPaths(ledger.mirror(account({ customerId: "bcus_d" })))).toEqual([
      "customerId",
    ]);
    const other = bill({
      externalReference: "X",
      customerId: "bcus_d",
      accountId: "bacc_a",
      currency: "USD",
      amountDue: 5,
      amountRemaining: 5,
      billDate: "2026-02-02",
      dueDate: "2026-04-02",
    });
    expect(await faultPaths(ledger.mirror(other))).toEqual([
      "accountId",
      "amountDue",
      "billDate",
      "currency",
      "customerId",
      "dueDate",
      "externalReference",
    ]);
    const { billDate: _, ...undated } = bill();
    expect((await ledger.mirror(undated)).outcome).toBe("unchanged");
  });
});

describe("mirroring a bill's life", () => {
  it("follows what was paid, up and down", async () => {
    const { ledger } = await mirrored(customer(), bill());
    const paid = async (amountPaid: number) =>
      (
        await ledger.mirror(
          bill({
            amountPaid,
            amountRemaining: 37_650 - amountPaid,
            status: amountPaid === 37_650 ? "paid" : "unpaid",
          }),
        )
      ).entity;
    expect(await paid(650)).toMatchObject({ amountPaid: 650 });
    expect(await paid(37_650)).toMatchObject({ status: "paid" });
    expect(await paid(100)).toMatchObject({ status: "unpaid", amountPaid: 100 });
  });

  it("says nothing of payments that are known here already", async () => {
    const { ledger } = await mirrored(customer(), bill());
    await ledger.recordPayment({ bill: "BILL-1", amount: 650, currency: "ZAR" });
    const { entity, events } = await ledger.mirror(
      bill({ amountPaid: 650, amountRemaining: 37_000 }),
    );
    expect(entity).toMatchObject({ amountPaid: 650 });
    expect(typesOf(events)).toEqual(["bill.updated"]);
  });

  it("voids it when the line says so, from then on and not from its date on", async () => {
    const { ledger, host } = await mirrored(customer(), bill());
    host.clock.advance(86_400_000);
    const { entity, events } = await ledger.mirror(bill({ status: "voided" }));
    expect(entity).toMatchObject({ status: "voided", balance: 0 });
    const voided = events.find(({ type }) => type === "bill.voided");
    expect(voided?.effectiveAt).toBe(voided?.recordedAt);
    expect(
      (await ledger.balanceOf({ bill: "BILL-1" }, { effective: "2026-02-15" })).balances,
    ).toEqual([{ currency: "ZAR", balance: 37_650 }]);
  });

  it("voids it after what was paid in the meantime, or what the line says was paid", async () => {
    const { ledger } = await mirrored(
      customer(),
      bill(),
      bill({ id: "bill_c", externalReference: "BILL-2" }),
    );
    await ledger.recordPayment({ bill: "BILL-1", amount: 650, currency: "ZAR" });
    expect((await ledger.mirror(bill({ status: "voided" }))).entity).toMatchObject({
      status: "voided",
      amountPaid: 650,
    });
    const line = bill({
      id: "bill_c",
      externalReference: "BILL-2",
      status: "voided",
      amountPaid: 50,
      amountRemaining: 37_600,
    });
    expect((await ledger.mirror(line)).entity).toMatchObject({ status: "voided", amountPaid: 50 });
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it("agrees with a bill that was voided here, whatever rules the line still has", async () => {
    const { ledger } = await mirrored(customer(), bill({ paymentRules: rules() }));
    await ledger.voidBill("BILL-1");
    for (const line of [
      bill({ status: "voided" }),
      bill({ status: "voided", paymentRules: rules({ minAmount: 5 }) }),
    ]) {
      expect((await ledger.mirror(line)).outcome).toBe("changed");
      expect((await ledger.mirror(line)).outcome).toBe("unchanged");
    }
  });

  it("refuses a line that brings a voided bill back, or pays it", async () => {
    const { ledger } = await mirrored(customer(), bill({ status: "voided" }));
    expect(await refused(ledger.mirror(bill()))).toEqual({ code: "BILL_VOIDED", id: "bill_b" });
    expect(
      await refused(
        ledger.mirror(bill({ status: "voided", amountPaid: 5, amountRemaining: 37_645 })),
      ),
    ).toEqual({ code: "BILL_VOIDED", id: "bill_b" });
    expect(
      (await ledger.mirror(bill({ status: "voided", metadata: { a: "1" } }))).entity,
    ).toMatchObject({ metadata: { a: "1" } });
  });

  it("takes metadata as it is, beyond the merchant's limits", async () => {
    const { ledger } = await mirrored(customer());
    const metadata = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`k${n}`, "v"]));
    expect((await ledger.mirror(bill({ metadata }))).entity.metadata).toEqual(metadata);
    expect((await ledger.mirror(bill({ metadata: { ...metadata, more: "v" } }))).outcome).toBe(
      "changed",
    );
  });
});
