import { describe, expect, it } from "vitest";
import { all, faultPaths, open, openWithBill, position, refused, rules, typesOf } from "./open.ts";

/** And beside them a customer that is not tracked. */
const desk = async (options: Parameters<typeof openWithBill>[0] = {}) => {
  const opened = await openWithBill(options);
  await opened.ledger.createCustomer({ id: "bcus_u", externalReference: "untracked" });
  return opened;
};

describe("applyPayment", () => {
  it("lowers a balance at once (PAY-03, D-28) and writes exactly one event (PAY-06)", async () => {
    const { ledger } = await desk();
    const { entity, events, payment, replayed } = await ledger.applyPayment({
      customer: "CUST-1",
      amount: 200,
      paymentId: "pay_1",
      metadata: { utm_source: "ebp" },
    });
    expect(entity).toMatchObject({ object: "customer", balance: 300 });
    expect(typesOf(events)).toEqual(["obligation.amount_applied"]);
    expect(events[0]).toMatchObject({
      data: { amount: 200, effect: -200, balanceAfter: 300, paymentId: "pay_1" },
      personal: { metadata: { utm_source: "ebp" } },
    });
    expect(payment).toEqual({
      id: "pay_1",
      amount: 200,
      currency: "ZAR",
      status: "applied",
      eventId: events[0]?.id,
      effect: -200,
      violations: [],
    });
    expect(replayed).toBe(false);
  });

  it("pays a bill, part by part (PAY-01), until it is paid (PAY-02)", async () => {
    const { ledger } = await desk();
    expect((await ledger.applyPayment({ bill: "BILL-1", amount: 650 })).entity).toMatchObject({
      status: "unpaid",
      amountPaid: 650,
      amountRemaining: 37_000,
    });
    expect((await ledger.applyPayment({ bill: "bill_b", amount: 37_000 })).entity).toMatchObject({
      status: "paid",
      amountRemaining: 0,
    });
  });

  it("makes a balance negative where excess is taken (PAY-04), and a bill overpaid (PAY-05)", async () => {
    const overpayable = rules({ overpaymentAllowed: true });
    const { ledger } = await desk({ paymentRules: { customer: overpayable, bill: overpayable } });
    expect((await ledger.applyPayment({ customer: "CUST-1", amount: 700 })).entity).toMatchObject({
      balance: -200,
    });
    expect((await ledger.applyPayment({ bill: "BILL-1", amount: 40_000 })).entity).toMatchObject({
      status: "paid",
      amountPaid: 40_000,
      amountRemaining: 0,
      balance: -2350,
    });
  });

  it("makes an id where none is given", async () => {
    const { ledger } = await desk();
    const [one, two] = [
      await ledger.applyPayment({ customer: "CUST-1", amount: 100 }),
      await ledger.applyPayment({ customer: "CUST-1", amount: 100 }),
    ];
    expect(one.payment.id).toMatch(/^pay_[a-zA-Z0-9]{21}$/);
    expect(two.payment.id).not.toBe(one.payment.id);
    expect(two.entity).toMatchObject({ balance: 300 });
  });

  it("refuses whole, with the code of the first rule that is broken, and writes nothing (RUL-02 to RUL-10, D-27)", async () => {
    const { ledger } = await desk({
      paymentRules: { customer: rules({ maxAmount: 450, underpaymentAllowed: false }) },
    });
    await ledger.setPaymentRules({ bill: "BILL-1", paymentRules: rules({ maxAmount: 99_999 }) });
    await ledger.createAccount({ externalReference: "plain", customer: "CUST-1", currency: "ZAR" });
    await ledger.createAccount({ externalReference: "bare", customer: "CUST-1" });
    const before = await position(ledger);
    const answers: readonly (readonly [string, Promise<unknown>])[] = [
      ["NOT_FOUND", ledger.applyPayment({ customer: "nobody", amount: 1 })],
      ["NOT_FOUND", ledger.applyPayment({ bill: "bill_nobody", amount: 1 })],
      ["NOT_PAYABLE", ledger.applyPayment({ account: "plain", amount: 1 })],
      ["NOT_PAYABLE", ledger.applyPayment({ account: "bare", amount: 1 })],
      ["NOT_PAYABLE", ledger.applyPayment({ account: "plain", amount: 1, currency: "USD" })],
      [
        "CURRENCY_MISMATCH",
        ledger.applyPayment({ customer: "CUST-1", amount: 1000, currency: "USD" }),
      ],
      ["AMOUNT_ABOVE_MAXIMUM", ledger.applyPayment({ customer: "CUST-1", amount: 500 })],
      ["AMOUNT_BELOW_MINIMUM", ledger.applyPayment({ customer: "CUST-1", amount: 99 })],
      ["UNDERPAYMENT_NOT_ALLOWED", ledger.applyPayment({ customer: "CUST-1", amount: 450 })],
      ["OVERPAYMENT_NOT_ALLOWED", ledger.applyPayment({ bill: "BILL-1", amount: 37_651 })],
    ];
    for (const [code, answer] of answers) expect(await refused(answer)).toMatchObject({ code });
    expect(await position(ledger)).toBe(before);
    expect(await ledger.retrieveBill("BILL-1")).toMatchObject({ amountPaid: 0 });
  });

  it("settles an exact remainder below the minimum (RUL-07)", async () => {
    const { ledger } = await desk();
    await ledger.applyPayment({ customer: "CUST-1", amount: 450 });
    expect((await ledger.applyPayment({ customer: "CUST-1", amount: 50 })).entity).toMatchObject({
      balance: 0,
    });
  });

  it("on an untracked target with rules needs its currency, and has no effect (D-28)", async () => {
    const { ledger } = await desk();
    await ledger.setPaymentRules({ customer: "untracked", paymentRules: rules() });
    expect(
      await refused(ledger.applyPayment({ customer: "untracked", amount: 200 })),
    ).toMatchObject({ code: "CURRENCY_REQUIRED", field: "currency" });
    const { entity, payment } = await ledger.applyPayment({
      customer: "untracked",
      amount: 200,
      currency: "USD",
    });
    expect(entity).not.toHaveProperty("balance");
    expect(payment).toMatchObject({ status: "applied", effect: 0 });
    expect(
      await refused(ledger.applyPayment({ customer: "untracked", amount: 99, currency: "USD" })),
    ).toMatchObject({ code: "AMOUNT_BELOW_MINIMUM" });
  });

  it("of the same payment again answers the first outcome, before any rule is looked at (PAY-08, D-51)", async () => {
    const { ledger } = await desk();
    const first = await ledger.applyPayment({
      customer: "CUST-1",
      amount: 500,
      paymentId: "pay_1",
    });
    await ledger.charge({ customer: "CUST-1", amount: 7 });
    await ledger.setPaymentRules({ customer: "CUST-1", paymentRules: null });
    const before = await position(ledger);
    for (const again of [
      { customer: "CUST-1" },
      { customer: "bcus_c" },
      { customer: "bcus_c", currency: "ZAR" },
    ]) {
      const repeat = await ledger.applyPayment({ ...again, amount: 500, paymentId: "pay_1" });
      expect(repeat).toMatchObject({
        replayed: true,
        payment: first.payment,
        entity: { balance: 0 },
      });
    }
    expect(await position(ledger)).toBe(before);
  });

  it("of the same payment in another currency is told with both currencies", async () => {
    const { ledger } = await desk();
    await ledger.applyPayment({ customer: "CUST-1", amount: 200, paymentId: "pay_1" });
    const again = { customer: "bcus_c", paymentId: "pay_1" };
    const inDollars = ledger.applyPayment({ ...again, amount: 200, currency: "USD" });
    await expect(inDollars).rejects.toThrow("with 200 ZAR and not 200 USD");
    const more = ledger.applyPayment({ ...again, amount: 201 });
    await expect(more).rejects.toThrow(/with 200 ZAR and not 201$/);
  });

  it("of the same payment with another amount or currency is a conflict (D-51)", async () => {
    const { ledger } = await desk();
    await ledger.applyPayment({ customer: "CUST-1", amount: 200, paymentId: "pay_1" });
    const known = {
      code: "PAYMENT_CONFLICT",
      paymentId: "pay_1",
      known: 200,
      knownCurrency: "ZAR",
    };
    expect(
      await refused(ledger.applyPayment({ customer: "bcus_c", amount: 201, paymentId: "pay_1" })),
    ).toMatchObject(known);
    expect(
      await refused(
        ledger.applyPayment({
          customer: "bcus_c",
          amount: 200,
          currency: "USD",
          paymentId: "pay_1",
        }),
      ),
    ).toMatchObject(known);
  });

  it("may settle several obligations with one payment (D-51)", async () => {
    const { ledger } = await desk();
    await ledger.applyPayment({ customer: "CUST-1", amount: 200, paymentId: "pay_1" });
    expect(
      (await ledger.applyPayment({ bill: "BILL-1", amount: 300, paymentId: "pay_1" })).payment,
    ).toMatchObject({ status: "applied", amount: 300 });
  });

  it("of a payment that lies in suspense for the target is a conflict: it is to be matched", async () => {
    const { ledger } = await desk();
    await ledger.recordPayment({
      bill: "BILL-1",
      amount: 300,
      currency: "USD",
      paymentId: "pay_1",
    });
    expect(
      await refused(
        ledger.applyPayment({ bill: "BILL-1", amount: 300, currency: "USD", paymentId: "pay_1" }),
      ),
    ).toEqual({ code: "PAYMENT_CONFLICT", paymentId: "pay_1", target: "BILL-1" });
  });
});

describe("recordPayment", () => {
  it("records what has happened, with every rule that it broke (RUL-09)", async () => {
    const { ledger } = await desk({
      paymentRules: { customer: rules({ maxAmount: 600 }), bill: null },
    });
    expect(
      (await ledger.recordPayment({ customer: "CUST-1", amount: 700, currency: "ZAR" })).payment
        .violations,
    ).toEqual(["above_maximum", "overpayment"]);
    expect(
      (await ledger.recordPayment({ bill: "BILL-1", amount: 5, currency: "ZAR" })).payment
        .violations,
    ).toEqual(["not_payable"]);
    expect(await ledger.retrieveCustomer("CUST-1")).toMatchObject({ balance: -200 });
  });

  it("keeps where the report came from, and compares none of it", async () => {
    const { ledger } = await desk();
    const payment = { customer: "CUST-1", amount: 100, currency: "ZAR", paymentId: "pay_1" };
    const { events } = await ledger.recordPayment({
      ...payment,
      sourceEventId: "evt_1",
      sourceObligationId: "ob_theirs",
    });
    expect(events[0]?.data).toMatchObject({
      sourceEventId: "evt_1",
      sourceObligationId: "ob_theirs",
    });
    expect(await ledger.recordPayment({ ...payment, sourceEventId: "evt_2" })).toMatchObject({
      replayed: true,
      events: [],
    });
  });

  it("on an untracked target leaves it untracked, as of any time too", async () => {
    const { ledger } = await desk();
    await ledger.recordPayment({ customer: "untracked", amount: 200, currency: "ZAR" });
    for (const asOf of [{}, { steps: true }, { known: 99 }, { effective: "2026-12-31" }])
      expect(await ledger.balanceOf({ customer: "untracked" }, asOf)).toMatchObject({
        tracked: false,
        balances: [],
      });
  });

  it("on an untracked target has no effect and no violation but that it is not payable", async () => {
    const { ledger } = await desk();
    const { payment, entity, events } = await ledger.recordPayment({
      customer: "untracked",
      amount: 200,
      currency: "USD",
    });
    expect(payment).toMatchObject({ status: "applied", effect: 0, violations: ["not_payable"] });
    expect(entity).not.toHaveProperty("currency");
    expect(events[0]?.data).toMatchObject({ effect: 0, absorbed: 200 });
    expect(events[0]?.data).not.toHaveProperty("balanceAfter");
  });

  it("states its currency in full", async () => {
    const { ledger } = await desk();
    expect(
      await faultPaths(ledger.recordPayment({ customer: "CUST-1", amount: 200 } as never)),
    ).toEqual(["currency"]);
  });

  it("of the same payment again has one effect, however often and by whatever name (PAY-08, IDEM-09)", async () => {
    const { ledger } = await desk();
    const payment = { amount: 200, currency: "ZAR", paymentId: "pay_1" };
    const first = await ledger.recordPayment({ ...payment, customer: "CUST-1" });
    for (const customer of ["CUST-1", "bcus_c"])
      expect(await ledger.recordPayment({ ...payment, customer })).toMatchObject({
        replayed: true,
        payment: first.payment,
      });
    expect(await ledger.applyPayment({ ...payment, customer: "CUST-1" })).toMatchObject({
      replayed: true,
      payment: first.payment,
    });
    expect((await ledger.retrieveCustomer("CUST-1")).balance).toBe(300);
  });

  it("of many at once adds up to the same sum, each with its own running balance (PAY-09, D-52)", async () => {
    const { ledger } = await desk();
    const payments = Array.from({ length: 40 }, (_, n) =>
      ledger.recordPayment({
        customer: n % 2 === 0 ? "CUST-1" : "bcus_c",
        amount: 10,
        currency: "ZAR",
        paymentId: `pay_${n % 20}`,
      }),
    );
    const written = await Promise.all(payments);
    expect(written.filter(({ replayed }) => replayed)).toHaveLength(20);
    expect((await ledger.retrieveCustomer("CUST-1")).balance).toBe(300);
    const running = (await all(ledger.history({ customer: "CUST-1" }))).flatMap(({ type, data }) =>
      type === "obligation.amount_applied" ? [(data as { balanceAfter: number }).balanceAfter] : [],
    );
    expect(running).toEqual(Array.from({ length: 20 }, (_, n) => 490 - 10 * n));
  });

  it("asked for at once never exceeds what the rules allow (PAY-09)", async () => {
    const { ledger } = await desk();
    const asked = await Promise.allSettled(
      Array.from({ length: 5 }, () => ledger.applyPayment({ bill: "BILL-1", amount: 10_000 })),
    );
    expect(asked.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "rejected",
      "rejected",
    ]);
    expect(await ledger.retrieveBill("BILL-1")).toMatchObject({ amountPaid: 30_000 });
  });
});

describe("charge and credit", () => {
  it("raise and lower a balance", async () => {
    const { ledger } = await desk();
    const charged = await ledger.charge({ customer: "CUST-1", amount: 20, reason: "interest" });
    expect(charged.entity).toMatchObject({ balance: 520 });
    expect(typesOf(charged.events)).toEqual(["obligation.amount_charged"]);
    const credited = await ledger.credit({
      customer: "bcus_c",
      amount: 600,
      currency: "ZAR",
      reason: "goodwill",
    });
    expect(credited.entity).toMatchObject({ balance: -80 });
    expect(credited.events[0]?.data).toMatchObject({ reason: "goodwill", effect: -600 });
  });

  it("need a balance, its currency, and no bill; a credit needs a reason", async () => {
    const { ledger } = await desk();
    for (const verb of [ledger.charge, ledger.credit]) {
      const ask = (target: object) => refused(verb({ amount: 1, reason: "x", ...target }));
      expect(await ask({ customer: "untracked" })).toMatchObject({ code: "BALANCE_NOT_TRACKED" });
      expect(await ask({ customer: "CUST-1", currency: "USD" })).toMatchObject({
        code: "CURRENCY_MISMATCH",
      });
      expect(await ask({ bill: "BILL-1" })).toMatchObject({ code: "NOT_ADJUSTABLE" });
      expect(await ask({ account: "nobody" })).toMatchObject({ code: "NOT_FOUND" });
    }
    expect(await faultPaths(ledger.credit({ customer: "CUST-1", amount: 1 } as never))).toEqual([
      "reason",
    ]);
  });
});

describe("setBalance", () => {
  it("begins to track, with the default rules; says again; says when it was true", async () => {
    const { ledger } = await desk();
    expect(await refused(ledger.setBalance({ customer: "untracked", balance: 1 }))).toMatchObject({
      code: "CURRENCY_REQUIRED",
    });
    const first = await ledger.setBalance({ customer: "untracked", balance: 1, currency: "USD" });
    expect(first.entity).toMatchObject({
      balance: 1,
      currency: "USD",
      paymentRules: { minAmount: 100 },
    });
    expect((await ledger.setBalance({ customer: "untracked", balance: 1 })).events).toEqual([]);
    const said = await ledger.setBalance({
      customer: "untracked",
      balance: 1,
      trueAt: "2026-02-28T23:00:00+01:00",
    });
    expect(said.events[0]?.data).toMatchObject({ trueAt: "2026-02-28T22:00:00.000Z", effect: 0 });
  });

  it("of an account leaves the customer alone", async () => {
    const { ledger } = await desk();
    await ledger.createAccount({ externalReference: "A", customer: "CUST-1" });
    expect(
      (await ledger.setBalance({ account: "A", balance: -9, currency: "ZAR" })).entity,
    ).toMatchObject({ object: "account", balance: -9 });
    expect((await ledger.retrieveCustomer("CUST-1")).balance).toBe(500);
  });

  it("runs a wallet: credit, top-up, consumption (FLOW-05)", async () => {
    const { ledger } = open({ paymentRules: { customer: rules({ overpaymentAllowed: true }) } });
    await ledger.createCustomer({ externalReference: "W", currency: "ZAR", balance: -1000 });
    expect((await ledger.applyPayment({ customer: "W", amount: 5000 })).entity).toMatchObject({
      balance: -6000,
    });
    expect((await ledger.updateCustomer("W", { balance: -5500 })).entity).toMatchObject({
      balance: -5500,
    });
  });
});

describe("setPaymentRules", () => {
  it("sets, repeats without effect, and takes away what a target accepts (RUL-01, RUL-11)", async () => {
    const { ledger } = await desk();
    const set = (paymentRules: ReturnType<typeof rules> | null) =>
      ledger.setPaymentRules({ bill: "BILL-1", paymentRules });
    expect((await set(rules({ minAmount: 7 }))).entity.paymentRules).toEqual(
      rules({ minAmount: 7 }),
    );
    expect((await set(rules({ minAmount: 7 }))).events).toEqual([]);
    expect((await set(null)).entity).not.toHaveProperty("paymentRules");
    expect(await refused(ledger.applyPayment({ bill: "BILL-1", amount: 1000 }))).toMatchObject({
      code: "NOT_PAYABLE",
    });
    expect(
      await refused(ledger.setPaymentRules({ bill: "nobody", paymentRules: null })),
    ).toMatchObject({ code: "NOT_FOUND" });
  });

  it("names every fault of the rules", async () => {
    const { ledger } = await desk();
    const broken = { minAmount: -1, maxAmount: 0.5, underpaymentAllowed: "yes", extra: 1 };
    expect(
      await faultPaths(ledger.setPaymentRules({ bill: "BILL-1", paymentRules: broken as never })),
    ).toEqual([
      "paymentRules.extra",
      "paymentRules.maxAmount",
      "paymentRules.minAmount",
      "paymentRules.overpaymentAllowed",
      "paymentRules.underpaymentAllowed",
    ]);
  });

  it("may have bounds that cross on one object, as a small bill has (D-26), but not as a default", async () => {
    const { ledger, store } = await desk();
    const crossed = rules({ minAmount: 200, maxAmount: 199 });
    const { entity } = await ledger.setPaymentRules({ customer: "CUST-1", paymentRules: crossed });
    expect(entity).toMatchObject({ paymentRules: crossed });
    const { openLedger } = await import("@tallystick/core");
    expect(() => openLedger({ store, paymentRules: { bill: crossed } })).toThrow(
      "paymentRules.bill.minAmount must not be more than maxAmount",
    );
  });

  it("are a snapshot: other defaults change nothing that exists (RUL-11, D-26)", async () => {
    const { ledger, store } = await desk();
    const { openLedger } = await import("@tallystick/core");
    const other = openLedger({ store, paymentRules: { bill: null } });
    expect((await other.retrieveBill("BILL-1")).paymentRules).toEqual(
      (await ledger.retrieveBill("BILL-1")).paymentRules,
    );
  });
});

describe("reversePayment", () => {
  const paid = async () => {
    const opened = await desk();
    await opened.ledger.applyPayment({ bill: "BILL-1", amount: 650, paymentId: "pay_1" });
    return opened;
  };

  it("takes a payment back as an appended event (PAY-10, D-47)", async () => {
    const { ledger } = await paid();
    const { entity, events } = await ledger.reversePayment({
      paymentId: "pay_1",
      reason: "chargeback",
    });
    expect(entity).toMatchObject({ status: "unpaid", amountPaid: 0, amountRemaining: 37_650 });
    expect(events).toMatchObject([
      {
        type: "obligation.application_reversed",
        data: { amount: 650, effect: 650, ordinal: 1, reversedTotal: 650, reason: "chargeback" },
      },
    ]);
  });

  it("takes it back in parts, never more than was applied", async () => {
    const { ledger } = await paid();
    await ledger.reversePayment({ paymentId: "pay_1", amount: 200, bill: "BILL-1" });
    expect(await refused(ledger.reversePayment({ paymentId: "pay_1", amount: 451 }))).toMatchObject(
      { code: "REVERSAL_EXCEEDS_APPLICATION", left: 450, reversed: 200 },
    );
    expect(
      (await ledger.reversePayment({ paymentId: "pay_1", bill: "bill_b" })).events[0]?.data,
    ).toMatchObject({ amount: 450, ordinal: 2, reversedTotal: 650 });
    expect(await refused(ledger.reversePayment({ paymentId: "pay_1" }))).toMatchObject({
      code: "NOTHING_TO_REVERSE",
    });
  });

  it("asked for twice at once takes back no more than was applied", async () => {
    const { ledger } = await paid();
    const asked = await Promise.allSettled(
      [1, 2, 3].map(() => ledger.reversePayment({ paymentId: "pay_1", amount: 300 })),
    );
    expect(asked.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(await ledger.retrieveBill("BILL-1")).toMatchObject({ amountPaid: 50 });
  });

  it("needs the target only where the payment has several", async () => {
    const { ledger } = await paid();
    await ledger.applyPayment({ customer: "CUST-1", amount: 100, paymentId: "pay_1" });
    expect(await refused(ledger.reversePayment({ paymentId: "pay_1" }))).toEqual({
      code: "TARGET_REQUIRED",
      paymentId: "pay_1",
      targets: ["bill/bill_b", "customer/bcus_c"],
    });
    expect(
      (await ledger.reversePayment({ paymentId: "pay_1", customer: "CUST-1" })).entity,
    ).toMatchObject({ balance: 500 });
  });

  it("refuses what was never applied, or not there", async () => {
    const { ledger } = await paid();
    expect(await refused(ledger.reversePayment({ paymentId: "pay_2" }))).toEqual({
      code: "PAYMENT_NOT_FOUND",
      paymentId: "pay_2",
    });
    expect(
      await refused(ledger.reversePayment({ paymentId: "pay_1", customer: "CUST-1" })),
    ).toEqual({ code: "PAYMENT_NOT_FOUND", paymentId: "pay_1", target: "CUST-1" });
    expect(
      await refused(ledger.reversePayment({ paymentId: "pay_1", customer: "nobody" })),
    ).toMatchObject({ code: "NOT_FOUND" });
    await ledger.recordPayment({ bill: "unknown", amount: 5, currency: "ZAR", paymentId: "pay_3" });
    expect(await refused(ledger.reversePayment({ paymentId: "pay_3" }))).toMatchObject({
      code: "PAYMENT_NOT_FOUND",
    });
  });

  it("stays in the currency of its application when the balance has moved on", async () => {
    const { ledger } = await desk();
    await ledger.applyPayment({ customer: "CUST-1", amount: 200, paymentId: "pay_1" });
    await ledger.setBalance({ customer: "CUST-1", balance: 70, currency: "USD" });
    const { entity, events } = await ledger.reversePayment({ paymentId: "pay_1" });
    expect(events[0]?.data).toMatchObject({ currency: "ZAR", effect: 200, balanceAfter: 200 });
    expect(entity).toMatchObject({
      currency: "USD",
      balance: 70,
      otherBalances: [{ currency: "ZAR", balance: 200 }],
    });
  });

  it("after a void lowers what was paid, owes nothing and says so", async () => {
    const { ledger } = await paid();
    await ledger.voidBill("BILL-1");
    const { entity, events } = await ledger.reversePayment({ paymentId: "pay_1" });
    expect(entity).toMatchObject({
      status: "voided",
      amountPaid: 0,
      amountRemaining: 37_650,
      balance: 0,
    });
    expect(events[0]?.data).toMatchObject({
      amount: 650,
      effect: 0,
      absorbed: 650,
      balanceAfter: 0,
      amountPaidAfter: 0,
    });
  });

  it("brings back at most what counts as paid after a correction (D-47)", async () => {
    const { ledger } = await paid();
    await ledger.updateBill("BILL-1", { amountPaid: 100 });
    expect((await ledger.reversePayment({ paymentId: "pay_1" })).events[0]?.data).toMatchObject({
      effect: 100,
      absorbed: 550,
      amountPaidAfter: 0,
    });
  });

  it("of an untracked application has no effect", async () => {
    const { ledger } = await desk();
    await ledger.recordPayment({
      customer: "untracked",
      amount: 200,
      currency: "USD",
      paymentId: "pay_1",
    });
    expect((await ledger.reversePayment({ paymentId: "pay_1" })).events[0]?.data).toMatchObject({
      effect: 0,
      absorbed: 200,
    });
  });

  it("knows an application that came out of suspense", async () => {
    const { ledger } = await desk();
    await ledger.recordPayment({
      bill: "bill_later",
      amount: 300,
      currency: "ZAR",
      paymentId: "pay_1",
    });
    await ledger.createBill({
      id: "bill_later",
      externalReference: "BILL-2",
      customer: "CUST-1",
      currency: "ZAR",
      amountDue: 300,
    });
    expect((await ledger.reversePayment({ paymentId: "pay_1" })).entity).toMatchObject({
      id: "bill_later",
      amountPaid: 0,
    });
  });
});
