import { describe, expect, it } from "vitest";
import { amountMax } from "../money/minor-units.ts";
import {
  aBill,
  aCustomer,
  billAfter,
  billPaid,
  billVoided,
  came,
  customerAfter,
  given,
  ofBill,
  ofCustomer,
  opened,
  rules,
  rulesSet,
  today,
} from "../testing/given.ts";
import {
  type Application,
  applyPayment,
  matched,
  type Payment,
  paymentOf,
  recordPayment,
  reverse,
  suspend,
  suspendAnew,
  unfit,
} from "./payment.ts";
import type { PlannedEvent } from "./planned.ts";
import type { BillState, CustomerState, SuspenseEntry } from "./state.ts";

const payment = (amount: number, currency = "ZAR"): Payment => ({
  paymentId: "pay_1",
  amount,
  currency,
});
const record = (amount: number, currency?: string) => (entity: CustomerState | BillState) =>
  recordPayment(entity, payment(amount, currency));
const apply = (amount: number, currency?: string) => (entity: CustomerState | BillState) =>
  applyPayment(entity, payment(amount, currency));
const applied = (data: object) => ({
  type: "obligation.amount_applied",
  data: { ...ofCustomer, paymentId: "pay_1", ...data },
});
const payableBill = (over: Partial<ReturnType<typeof rules>> = {}): PlannedEvent[] => [
  ...aBill(),
  rulesSet(rules(over), ofBill),
];

describe("a payment that is asked for", () => {
  it("lowers a balance (PAY-03), below zero where excess is taken (PAY-04)", () => {
    expect(
      given<CustomerState>(aCustomer(), opened(500), rulesSet(rules())).when(apply(200)),
    ).toEqual([applied({ amount: 200, effect: -200, balanceAfter: 300 })]);
    expect(
      given<CustomerState>(
        aCustomer(),
        opened(500),
        rulesSet(rules({ overpaymentAllowed: true })),
      ).when(apply(700)),
    ).toEqual([applied({ amount: 700, effect: -700, balanceAfter: -200 })]);
  });

  it("raises what was paid on a bill (PAY-01)", () => {
    expect(given<BillState>(...payableBill()).when(apply(650))).toEqual([
      applied({ ...ofBill, amount: 650, effect: -650, balanceAfter: 37_000, amountPaidAfter: 650 }),
    ]);
  });

  it("has no effect where no balance is tracked, and is recorded all the same (D-28)", () => {
    expect(given<CustomerState>(aCustomer(), rulesSet(rules())).when(apply(200, "USD"))).toEqual([
      applied({ currency: "USD", amount: 200, effect: 0, absorbed: 200 }),
    ]);
  });

  interface Row {
    readonly title: string;
    readonly history: readonly PlannedEvent[];
    readonly amount: number;
    readonly currency?: string;
    readonly came: object;
  }

  // Spec 4, by descending precedence: each row also breaks what the rows below it are about.
  const table: readonly Row[] = [
    {
      title: "voided (BIL-27)",
      history: [...aBill(), billVoided()],
      amount: 1,
      currency: "USD",
      came: { refused: "BILL_VOIDED", id: "bill_b" },
    },
    {
      title: "not payable (RUL-02)",
      history: aBill(),
      amount: 1,
      currency: "USD",
      came: { refused: "NOT_PAYABLE", id: "bill_b", amount: 1, owed: 37_650 },
    },
    {
      title: "not payable, rules taken away",
      history: [...payableBill(), rulesSet(null, ofBill)],
      amount: 1,
      came: { refused: "NOT_PAYABLE", id: "bill_b", amount: 1, owed: 37_650 },
    },
    {
      title: "another currency (RUL-10)",
      history: payableBill(),
      amount: 99_999_999,
      currency: "USD",
      came: { refused: "CURRENCY_MISMATCH", id: "bill_b", currency: "USD", expected: "ZAR" },
    },
    {
      title: "above the maximum (RUL-04)",
      history: payableBill(),
      amount: 50_001,
      came: {
        refused: "AMOUNT_ABOVE_MAXIMUM",
        id: "bill_b",
        amount: 50_001,
        owed: 37_650,
        paymentRules: rules(),
      },
    },
    {
      title: "below the minimum (RUL-03)",
      history: payableBill({ underpaymentAllowed: false }),
      amount: 99,
      came: {
        refused: "AMOUNT_BELOW_MINIMUM",
        id: "bill_b",
        amount: 99,
        owed: 37_650,
        paymentRules: rules({ underpaymentAllowed: false }),
      },
    },
    {
      title: "less than owed (RUL-05)",
      history: payableBill({ underpaymentAllowed: false }),
      amount: 37_649,
      came: {
        refused: "UNDERPAYMENT_NOT_ALLOWED",
        id: "bill_b",
        amount: 37_649,
        owed: 37_650,
        paymentRules: rules({ underpaymentAllowed: false }),
      },
    },
    {
      title: "more than owed (RUL-06)",
      history: payableBill(),
      amount: 37_651,
      came: {
        refused: "OVERPAYMENT_NOT_ALLOWED",
        id: "bill_b",
        amount: 37_651,
        owed: 37_650,
        paymentRules: rules(),
      },
    },
    {
      title: "a paid bill",
      history: [...payableBill(), billPaid(37_650, 37_650)],
      amount: 100,
      came: {
        refused: "OVERPAYMENT_NOT_ALLOWED",
        id: "bill_b",
        amount: 100,
        owed: 0,
        paymentRules: rules(),
      },
    },
    {
      title: "a balance in credit",
      history: [aCustomer(), opened(-5), rulesSet(rules())],
      amount: 100,
      came: {
        refused: "OVERPAYMENT_NOT_ALLOWED",
        id: "bcus_c",
        amount: 100,
        owed: -5,
        paymentRules: rules(),
      },
    },
    {
      title: "below the minimum where nothing is tracked",
      history: [aCustomer(), rulesSet(rules())],
      amount: 99,
      came: { refused: "AMOUNT_BELOW_MINIMUM", id: "bcus_c", amount: 99, paymentRules: rules() },
    },
  ];

  it.each(table)("is refused: $title", ({ history, amount, currency, came: expected }) => {
    expect(given<BillState>(...history).when(apply(amount, currency))).toEqual(expected);
  });

  it("settles a remainder below the minimum exactly (RUL-07)", () => {
    const history = [...payableBill({ underpaymentAllowed: false }), billPaid(37_600, 37_600)];
    expect(given<BillState>(...history).when(apply(50))).toMatchObject([
      { data: { amountPaidAfter: 37_650, balanceAfter: 0 } },
    ]);
  });

  it("explains each refusal with both numbers", () => {
    const sentence = (history: readonly PlannedEvent[], amount: number): string => {
      const decision = applyPayment(billAfter(...history), payment(amount));
      return decision.ok ? "" : decision.refusal.message;
    };
    expect(sentence(payableBill(), 50_001)).toBe(
      "50001 is more than the 50000 that bill_b accepts at once",
    );
    expect(sentence(payableBill(), 99)).toBe(
      "99 is less than the 100 that bill_b accepts at least, and does not settle the 37650 owed exactly",
    );
    expect(sentence([aCustomer(), rulesSet(rules())], 99)).toContain("the unknown sum owed");
    expect(sentence(payableBill({ underpaymentAllowed: false }), 200)).toBe(
      "200 is less than the 37650 owed on bill_b, which takes no part payments",
    );
    expect(sentence(payableBill(), 40_000)).toBe(
      "40000 is more than the 37650 owed on bill_b, which takes no overpayment",
    );
    expect(sentence(aBill(), 1)).toBe(
      "bill_b has no payment rules, so it cannot be paid; set them first",
    );
  });
});

describe("a payment that has happened", () => {
  it("is recorded with the rules that it broke, all of them and in order", () => {
    expect(given<BillState>(...payableBill()).when(record(60_000))).toMatchObject([
      {
        data: {
          amount: 60_000,
          balanceAfter: -22_350,
          amountPaidAfter: 60_000,
          violations: ["above_maximum", "overpayment"],
        },
      },
    ]);
    expect(given<BillState>(...aBill()).when(record(5))).toMatchObject([
      { data: { violations: ["not_payable"] } },
    ]);
  });

  it("breaks nothing where it fits", () => {
    const [event] = given<BillState>(...payableBill()).when(record(37_650)) as PlannedEvent[];
    expect(event?.data).not.toHaveProperty("violations");
  });

  it("keeps the payment's metadata apart, and where it came from", () => {
    const from = {
      ...payment(200),
      sourceEventId: "evt_1",
      sourceObligationId: "ob_theirs",
      metadata: { utm_source: "ebp" },
      effectiveAt: today,
    };
    const events = came(recordPayment(customerAfter(aCustomer(), opened(200)), from));
    expect(events).toMatchObject([
      {
        data: { sourceEventId: "evt_1", sourceObligationId: "ob_theirs" },
        personal: { metadata: { utm_source: "ebp" } },
        effectiveAt: today,
      },
    ]);
    const bare = came(
      recordPayment(customerAfter(aCustomer(), opened(200)), { ...from, metadata: {} }),
    );
    expect(bare).toMatchObject([{ personal: undefined }]);
  });

  it("is refused only where the sum would leave the range", () => {
    expect(given<CustomerState>(aCustomer(), opened(1 - amountMax)).when(record(2))).toMatchObject({
      refused: "AMOUNT_OUT_OF_RANGE",
    });
    expect(given<CustomerState>(aCustomer(), opened(1 - amountMax)).when(record(1))).toMatchObject([
      { data: { balanceAfter: -amountMax } },
    ]);
    const paid = [
      ...aBill(),
      {
        type: "obligation.amount_applied",
        data: {
          ...ofBill,
          amount: amountMax,
          effect: -amountMax,
          balanceAfter: 37_650 - amountMax,
          amountPaidAfter: amountMax,
          paymentId: "pay_0",
        },
      },
    ] as PlannedEvent[];
    expect(given<BillState>(...paid).when(record(1))).toMatchObject({
      refused: "AMOUNT_OUT_OF_RANGE",
      balance: amountMax + 1,
    });
  });

  it("fits no voided bill and no other currency, whatever the rules", () => {
    expect(unfit(billAfter(...aBill(), billVoided()), "USD")).toBe("bill_voided");
    expect(unfit(billAfter(...aBill()), "USD")).toBe("currency_mismatch");
    expect(unfit(billAfter(...aBill()), "ZAR")).toBeUndefined();
    expect(unfit(customerAfter(aCustomer()), "USD")).toBeUndefined();
  });
});

describe("a reversal", () => {
  const application = (over: Partial<Application> = {}): Application => ({
    eventId: "evt_1",
    paymentId: "pay_1",
    amount: 650,
    currency: "ZAR",
    reversedTotal: 0,
    changes: 0,
    undone: false,
    ...over,
  });
  const back =
    (over: Partial<Application> = {}, reversal: Parameters<typeof reverse>[2] = {}) =>
    (entity: CustomerState | BillState) =>
      reverse(entity, application(over), reversal);
  const reversed = (data: object) => ({
    type: "obligation.application_reversed",
    data: { ...ofBill, paymentId: "pay_1", appliedEventId: "evt_1", ordinal: 1, ...data },
  });

  it("brings back all that is left, unless an amount is named (D-47)", () => {
    const history = [...aBill(), billPaid(650, 650)];
    expect(given<BillState>(...history).when(back({}, { reason: "chargeback" }))).toEqual([
      reversed({
        amount: 650,
        effect: 650,
        balanceAfter: 37_650,
        amountPaidAfter: 0,
        reversedTotal: 650,
        reason: "chargeback",
      }),
    ]);
    expect(given<BillState>(...history).when(back({}, { amount: 50 }))).toEqual([
      reversed({
        amount: 50,
        effect: 50,
        balanceAfter: 37_050,
        amountPaidAfter: 600,
        reversedTotal: 50,
      }),
    ]);
    expect(
      given<BillState>(...history).when(back({ reversedTotal: 50, changes: 1 })),
    ).toMatchObject([{ data: { amount: 600, ordinal: 2, reversedTotal: 650 } }]);
  });

  it("is refused beyond what is left, and where nothing is", () => {
    const history = [...aBill(), billPaid(650, 650)];
    expect(
      given<BillState>(...history).when(back({ reversedTotal: 600, changes: 1 }, { amount: 51 })),
    ).toEqual({
      refused: "REVERSAL_EXCEEDS_APPLICATION",
      id: "bill_b",
      paymentId: "pay_1",
      applied: 650,
      reversed: 600,
      amount: 51,
      left: 50,
    });
    expect(given<BillState>(...history).when(back({ reversedTotal: 650, changes: 1 }))).toEqual({
      refused: "NOTHING_TO_REVERSE",
      id: "bill_b",
      paymentId: "pay_1",
      applied: 650,
      reversed: 650,
    });
  });

  it("brings back at most what counts as paid, and absorbs the rest", () => {
    const corrected: PlannedEvent = {
      type: "obligation.balance_asserted",
      data: {
        ...ofBill,
        amount: 37_450,
        previousBalance: 37_000,
        effect: 450,
        balanceAfter: 37_450,
        amountPaidAfter: 200,
      },
    };
    expect(given<BillState>(...aBill(), billPaid(650, 650), corrected).when(back())).toEqual([
      reversed({
        amount: 650,
        effect: 200,
        balanceAfter: 37_650,
        amountPaidAfter: 0,
        reversedTotal: 650,
        absorbed: 450,
      }),
    ]);
  });

  it("after a void lowers what was paid and owes nothing", () => {
    expect(given<BillState>(...aBill(), billPaid(650, 650), billVoided(650)).when(back())).toEqual([
      reversed({
        amount: 650,
        effect: 0,
        balanceAfter: 0,
        amountPaidAfter: 0,
        reversedTotal: 650,
        absorbed: 650,
      }),
    ]);
  });

  it("raises a balance, from credit too", () => {
    expect(given<CustomerState>(aCustomer(), opened(-650)).when(back())).toMatchObject([
      { data: { effect: 650, balanceAfter: 0, obligationKind: "customer_balance" } },
    ]);
  });

  it("stays in the currency of its application, whatever the balance is kept in now", () => {
    const history: PlannedEvent[] = [
      aCustomer(),
      opened(0),
      {
        type: "obligation.balance_asserted",
        data: { ...ofCustomer, amount: 0, previousBalance: 0, effect: 0, balanceAfter: 0 },
      },
      {
        type: "obligation.balance_asserted",
        data: {
          ...ofCustomer,
          currency: "USD",
          amount: 9,
          previousBalance: 0,
          effect: 9,
          balanceAfter: 9,
        },
      },
    ];
    expect(given<CustomerState>(...history).when(back())).toMatchObject([
      { data: { currency: "ZAR", effect: 650, balanceAfter: 650 } },
    ]);
  });

  it("has no effect where no balance was ever tracked in its currency", () => {
    expect(given<CustomerState>(aCustomer()).when(back())).toEqual([
      {
        ...reversed({ amount: 650, effect: 0, reversedTotal: 650, absorbed: 650 }),
        data: {
          ...ofCustomer,
          paymentId: "pay_1",
          appliedEventId: "evt_1",
          ordinal: 1,
          amount: 650,
          effect: 0,
          reversedTotal: 650,
          absorbed: 650,
        },
      },
    ]);
  });

  it("never leaves the range", () => {
    expect(given<CustomerState>(aCustomer(), opened(amountMax - 649)).when(back())).toMatchObject({
      refused: "AMOUNT_OUT_OF_RANGE",
      balance: amountMax + 1,
    });
  });
});

describe("money in suspense", () => {
  const target = { kind: "bill", name: "BILL-1" } as const;
  const entry: SuspenseEntry = {
    target,
    currency: "ZAR",
    amount: 650,
    reason: "unknown_target",
    effectiveAt: today,
  };

  it("keeps all that is known of the payment, and when it moved", () => {
    const whole = {
      ...payment(650),
      metadata: { a: "1" },
      sourceEventId: "evt_1",
      sourceObligationId: "ob_1",
    };
    expect(suspend(whole, target, "unknown_target", { effectiveAt: today, place: 1 })).toEqual({
      type: "payment.suspended",
      data: {
        paymentId: "pay_1",
        target,
        currency: "ZAR",
        amount: 650,
        reason: "unknown_target",
        place: 1,
        sourceEventId: "evt_1",
        sourceObligationId: "ob_1",
      },
      personal: { metadata: { a: "1" } },
      effectiveAt: today,
    });
    expect(
      suspend({ ...payment(650), metadata: {} }, target, "bill_voided", { effectiveAt: today }),
    ).toMatchObject({ personal: undefined });
  });

  it("is the same payment when it leaves", () => {
    expect(paymentOf("pay_1", { ...entry, metadata: { a: "1" }, sourceEventId: "evt_1" })).toEqual({
      paymentId: "pay_1",
      amount: 650,
      currency: "ZAR",
      metadata: { a: "1" },
      sourceEventId: "evt_1",
      effectiveAt: today,
    });
  });

  it("says when its reason changes, and what it was", () => {
    expect(suspendAnew("pay_1", entry, "currency_mismatch", "bill_b")).toEqual({
      type: "payment.suspended",
      data: {
        paymentId: "pay_1",
        target,
        currency: "ZAR",
        amount: 650,
        reason: "currency_mismatch",
        reasonBefore: "unknown_target",
        resolvedId: "bill_b",
      },
      effectiveAt: today,
    });
  });

  it("says where it goes", () => {
    expect(matched("pay_1", entry, { kind: "bill", id: "bill_b" })).toEqual({
      type: "payment.matched",
      data: {
        paymentId: "pay_1",
        target,
        currency: "ZAR",
        amount: 650,
        matchedTo: { kind: "bill", id: "bill_b" },
      },
      effectiveAt: today,
    });
  });
});
