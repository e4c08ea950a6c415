import { describe, expect, it } from "vitest";
import { InvariantViolation } from "../kernel/invariant.ts";
import {
  aBill,
  aCustomer,
  anAccount,
  billAfter,
  billPaid,
  billVoided,
  customerAfter,
  fold,
  ofBill,
  ofCustomer,
  opened,
  rules,
  rulesSet,
  today,
} from "../testing/given.ts";
import type { DomainEvent } from "./events.ts";
import { evolve, initialState } from "./evolve.ts";
import type { PlannedEvent } from "./planned.ts";
import { owedOn, type SuspenseStream, trackedBalance } from "./state.ts";

const event = (type: DomainEvent["type"], data: object): PlannedEvent =>
  ({ type, data }) as PlannedEvent;
const charged = (effect: number, balanceAfter: number, over: object = {}): PlannedEvent =>
  event("obligation.amount_charged", {
    ...ofCustomer,
    amount: effect,
    effect,
    balanceAfter,
    ...over,
  });
const suspended = (over: object = {}): PlannedEvent =>
  event("payment.suspended", {
    paymentId: "pay_1",
    target: { kind: "bill", name: "BILL-1" },
    currency: "ZAR",
    amount: 650,
    reason: "unknown_target",
    place: 1,
    ...over,
  });
const matchedEvent = (over: object = {}): PlannedEvent =>
  event("payment.matched", {
    paymentId: "pay_1",
    target: { kind: "bill", name: "BILL-1" },
    currency: "ZAR",
    amount: 650,
    matchedTo: { kind: "bill", id: "bill_b" },
    ...over,
  });

describe("the fold", () => {
  it("begins with nothing", () => {
    expect(initialState("customer/bcus_c")).toEqual({ kind: "customer", id: "bcus_c" });
    expect(initialState("suspense/pay_1")).toEqual({
      kind: "suspense",
      paymentId: "pay_1",
      entries: [],
    });
  });

  it("remembers who a customer is", () => {
    const metadata = JSON.parse('{"__proto__":"p","a":"1"}') as Record<string, string>;
    const customer = customerAfter(
      aCustomer(
        { currency: "ZAR" },
        { name: "Lerato", email: "l@example.org", phone: "+271", metadata },
      ),
      {
        type: "customer.updated",
        data: { customerId: "bcus_c" },
        personal: { name: "L.", metadata: { a: "2", b: "3" } },
      },
    );
    expect(customer).toMatchObject({
      kind: "customer",
      id: "bcus_c",
      externalReference: "CUST-1",
      obligationId: "ob_c",
      currency: "ZAR",
      name: "L.",
      email: "l@example.org",
      phone: "+271",
    });
    expect(JSON.stringify(customer.metadata)).toBe('{"__proto__":"p","a":"2","b":"3"}');
  });

  it("survives that a person was forgotten", () => {
    const { personal: _, ...bare } = aCustomer({}, { name: "Lerato" });
    expect(customerAfter(bare as PlannedEvent, opened(5))).not.toHaveProperty("name");
  });

  it("remembers what a bill asks for and what was paid", () => {
    const bill = billAfter(
      ...aBill({ accountId: "bacc_a", billDate: "2026-03-01", dueDate: "2026-03-25" }),
      billPaid(650, 650),
    );
    expect(bill).toMatchObject({
      accountId: "bacc_a",
      billDate: "2026-03-01",
      dueDate: "2026-03-25",
      amountDue: 37_650,
      amountPaid: 650,
      voided: false,
      balances: { ZAR: 37_000 },
    });
    expect(owedOn(bill)).toBe(37_000);
    expect(owedOn(billAfter(...aBill(), billPaid(40_000, 40_000)))).toBe(0);
  });

  it("knows no balance until one is given", () => {
    expect(trackedBalance(customerAfter(aCustomer()))).toBeUndefined();
    expect(trackedBalance(customerAfter(aCustomer({ currency: "ZAR" })))).toBeUndefined();
    expect(trackedBalance(customerAfter(aCustomer(), opened(0)))).toBe(0);
  });

  it("adds up effects to the balance", () => {
    expect(
      customerAfter(aCustomer(), opened(500), charged(20, 520), charged(-720, -200)).balances,
    ).toEqual({ ZAR: -200 });
  });

  it("does not grow with the number of payments", () => {
    const one = JSON.stringify(billAfter(...aBill(), billPaid(1, 1)));
    const many = JSON.stringify(
      billAfter(
        ...aBill(),
        ...Array.from({ length: 100 }, (_, n) => billPaid(1, n + 1, `pay_${n}`)),
      ),
    );
    expect(many.length - one.length).toBeLessThan(10);
  });

  it("remembers the last mirrored line apart from what happened since", () => {
    const customer = customerAfter(
      aCustomer(
        { mirrored: { balance: 500, currency: "ZAR" } },
        { name: "Lerato", metadata: { a: "1" } },
      ),
      opened(500),
      {
        type: "customer.updated",
        data: { customerId: "bcus_c", mirrored: { balance: 400, currency: "ZAR" } },
        personal: { phone: "+271", metadata: { b: "2" } },
      },
      { type: "customer.updated", data: { customerId: "bcus_c" }, personal: { name: "Ours" } },
    );
    expect(customer.name).toBe("Ours");
    expect(customer.metadata).toEqual({ a: "1", b: "2" });
    expect(customer.mirrored).toEqual({
      balance: 400,
      currency: "ZAR",
      name: "Lerato",
      phone: "+271",
      metadata: { b: "2" },
    });
  });

  it("remembers rules, and that they were taken away", () => {
    expect(customerAfter(aCustomer())).not.toHaveProperty("paymentRules");
    expect(customerAfter(aCustomer(), rulesSet(rules())).paymentRules).toEqual(rules());
    expect(customerAfter(aCustomer(), rulesSet(rules()), rulesSet(null)).paymentRules).toBeNull();
  });

  it("keeps what lies in suspense, and what has left it", () => {
    const history = [
      {
        ...suspended({ sourceEventId: "evt_1", sourceObligationId: "ob_1" }),
        personal: { metadata: { a: "1" } },
      } as PlannedEvent,
      suspended({
        reason: "currency_mismatch",
        reasonBefore: "unknown_target",
        resolvedId: "bill_b",
        place: undefined,
      }),
      suspended({ amount: 5, reason: "payment_conflict", resolvedId: "bill_b" }),
      suspended({ amount: 5, reason: "bill_voided", reasonBefore: "payment_conflict" }),
      matchedEvent(),
    ];
    const { entries } = fold(history) as SuspenseStream;
    expect(entries).toEqual([
      {
        target: { kind: "bill", name: "BILL-1" },
        currency: "ZAR",
        amount: 650,
        reason: "currency_mismatch",
        effectiveAt: today,
        resolvedId: "bill_b",
        metadata: { a: "1" },
        sourceEventId: "evt_1",
        sourceObligationId: "ob_1",
        matchedTo: { kind: "bill", id: "bill_b" },
      },
      {
        target: { kind: "bill", name: "BILL-1" },
        currency: "ZAR",
        amount: 5,
        reason: "bill_voided",
        effectiveAt: today,
        resolvedId: "bill_b",
      },
    ]);
  });

  it("is the same whole as in two halves", () => {
    const history = [...aBill(), rulesSet(rules(), ofBill), billPaid(650, 650), billVoided(650)];
    for (let cut = 0; cut <= history.length; cut += 1) {
      const state = initialState("bill/bill_b");
      for (const half of [history.slice(0, cut), history.slice(cut)])
        for (const each of half) evolve(state, { ...each, effectiveAt: today });
      expect(state).toEqual(fold(history));
    }
  });
});

describe("a history that no decider could have written stops the fold", () => {
  const stops = (...history: readonly PlannedEvent[]) => {
    expect(() => fold(history.slice(0, -1))).not.toThrow();
    expect(() => fold(history)).toThrow(InvariantViolation);
  };

  it("when something happens before anything began", () => {
    expect(() => fold([opened(5)])).toThrow(InvariantViolation);
    expect(() => fold([rulesSet(null)])).toThrow(InvariantViolation);
  });

  it("when it begins twice", () => {
    stops(aCustomer(), aCustomer());
  });

  it("when an event stands on a stream of another kind", () => {
    expect(() => fold([aCustomer()], "suspense/pay_1")).toThrow(InvariantViolation);
    expect(() => fold([aCustomer()], "account/bacc_a")).toThrow(InvariantViolation);
    expect(() => fold([anAccount()], "bill/bill_b")).toThrow(InvariantViolation);
    expect(() => fold([suspended()], "bill/bill_b")).toThrow(InvariantViolation);
    expect(() => fold([suspended()], "suspense/pay_2")).toThrow(InvariantViolation);
    stops(aCustomer(), event("account.updated", { accountId: "bacc_a" }));
    stops(...aBill(), event("customer.updated", { customerId: "bcus_c" }));
  });

  it("when an update speaks of somebody else", () => {
    stops(aCustomer(), event("customer.updated", { customerId: "bcus_x" }));
    stops(...aBill(), event("bill.updated", { billId: "bill_x" }));
  });

  it("when an obligation is not the entity's", () => {
    stops(
      aCustomer(),
      event("obligation.opened", {
        ...ofCustomer,
        obligationId: "ob_x",
        amount: 1,
        effect: 1,
        balanceAfter: 1,
      }),
    );
    stops(
      aCustomer(),
      rulesSet(rules(), { obligationId: "ob_x", obligationKind: "customer_balance" }),
    );
  });

  it("when a balance is opened twice", () => {
    stops(aCustomer(), opened(5), opened(5));
  });

  it("when effects do not add up", () => {
    stops(aCustomer(), opened(5), charged(10, 16));
    stops(
      aCustomer(),
      event("obligation.opened", { ...ofCustomer, amount: 5, effect: 6, balanceAfter: 5 }),
    );
    stops(aCustomer(), opened(5), charged(10, 10, { currency: "USD", effect: 9 }));
  });

  it("when something has an effect on a balance that is not tracked", () => {
    stops(
      aCustomer(),
      event("obligation.amount_applied", {
        ...ofCustomer,
        amount: 5,
        effect: -5,
        paymentId: "pay_1",
      }),
    );
  });

  it("when the effect is not that of the amount", () => {
    stops(
      aCustomer(),
      event("obligation.opened", { ...ofCustomer, amount: 4, effect: 5, balanceAfter: 5 }),
    );
    stops(aCustomer(), opened(5), charged(10, 15, { amount: 1 }));
    stops(
      aCustomer(),
      opened(5),
      event("obligation.amount_credited", {
        ...ofCustomer,
        amount: 1,
        effect: -2,
        balanceAfter: 3,
        reason: "x",
      }),
    );
    stops(
      aCustomer(),
      opened(5),
      event("obligation.amount_applied", {
        ...ofCustomer,
        amount: 1,
        effect: 2,
        balanceAfter: 7,
        paymentId: "pay_1",
      }),
    );
    stops(
      aCustomer(),
      opened(5),
      event("obligation.application_reversed", {
        ...ofCustomer,
        amount: 1,
        effect: 2,
        balanceAfter: 7,
        paymentId: "pay_1",
        appliedEventId: "evt_1",
        ordinal: 1,
        reversedTotal: 1,
      }),
    );
    stops(
      aCustomer(),
      opened(5),
      event("obligation.application_reversed", {
        ...ofCustomer,
        amount: 1,
        effect: -1,
        balanceAfter: 4,
        paymentId: "pay_1",
        appliedEventId: "evt_1",
        ordinal: 1,
        reversedTotal: 1,
      }),
    );
  });

  it("when an assertion does not follow from the balance before it", () => {
    const asserted = (over: object) =>
      event("obligation.balance_asserted", {
        ...ofCustomer,
        amount: 9,
        previousBalance: 5,
        effect: 4,
        balanceAfter: 9,
        ...over,
      });
    expect(() => fold([aCustomer(), opened(5), asserted({})])).not.toThrow();
    stops(aCustomer(), opened(5), asserted({ previousBalance: 6 }));
    stops(aCustomer(), opened(5), asserted({ amount: 8 }));
    stops(aCustomer(), opened(5), asserted({ effect: 5 }));
  });

  it("when a bill's event does not say what was paid, or another's does", () => {
    stops(
      ...aBill(),
      event("obligation.amount_applied", {
        ...ofBill,
        amount: 1,
        effect: -1,
        balanceAfter: 37_649,
        paymentId: "pay_1",
      }),
    );
    stops(aCustomer(), opened(5), charged(1, 6, { amountPaidAfter: 1 }));
  });

  it("when a bill's balance is not what is due less what was paid", () => {
    stops(
      ...aBill(),
      event("obligation.amount_applied", {
        ...ofBill,
        amount: 1,
        effect: -1,
        balanceAfter: 37_649,
        amountPaidAfter: 2,
        paymentId: "pay_1",
      }),
    );
    stops(
      ...aBill(),
      event("bill.voided", {
        ...ofBill,
        billId: "bill_b",
        amount: 37_650,
        effect: -1,
        balanceAfter: 37_649,
        amountPaidAfter: 0,
      }),
    );
    stops(
      ...aBill(),
      billVoided(),
      event("obligation.application_reversed", {
        ...ofBill,
        amount: 1,
        effect: 1,
        balanceAfter: 1,
        amountPaidAfter: 0,
        paymentId: "pay_1",
        appliedEventId: "evt_1",
        ordinal: 1,
        reversedTotal: 1,
      }),
    );
  });

  it("when a bill is voided twice", () => {
    stops(
      ...aBill(),
      billVoided(),
      event("bill.voided", {
        ...ofBill,
        billId: "bill_b",
        amount: 0,
        effect: 0,
        balanceAfter: 0,
        amountPaidAfter: 0,
      }),
    );
  });

  it("when something that is no bill is voided", () => {
    stops(
      aCustomer(),
      opened(5),
      event("bill.voided", {
        ...ofCustomer,
        billId: "bill_b",
        amount: 5,
        effect: -5,
        balanceAfter: 0,
      }),
    );
  });

  it("when a payment leaves suspense that does not lie there", () => {
    stops(suspended(), matchedEvent({ amount: 651 }));
    stops(suspended(), matchedEvent({ currency: "USD" }));
    stops(suspended(), matchedEvent({ target: { kind: "bill", name: "BILL-2" } }));
    stops(suspended(), matchedEvent({ target: { kind: "account", name: "BILL-1" } }));
    stops(suspended(), matchedEvent(), matchedEvent());
  });

  it("when a match is undone that does not stand, or another one than stood", () => {
    const back = (over: object = {}): PlannedEvent =>
      event("payment.match_undone", {
        paymentId: "pay_1",
        target: { kind: "bill", name: "BILL-1" },
        currency: "ZAR",
        amount: 650,
        matchedTo: { kind: "bill", id: "bill_b" },
        reason: "unknown_target",
        note: "a slip",
        ...over,
      });
    expect(fold([suspended(), matchedEvent(), back(), matchedEvent(), back()])).toMatchObject({
      entries: [{ undone: [{ kind: "bill", id: "bill_b", note: "a slip" }] }],
    });
    stops(suspended(), back());
    stops(suspended(), matchedEvent(), back(), back());
    stops(suspended(), matchedEvent(), back({ matchedTo: { kind: "bill", id: "bill_c" } }));
    stops(suspended(), matchedEvent(), back({ matchedTo: { kind: "account", id: "bill_b" } }));
    stops(suspended(), matchedEvent(), back({ reason: "bill_voided" }));
    stops(suspended(), matchedEvent(), back({ amount: 649 }));
  });

  describe("when an acceptance", () => {
    const rowId = `row_${"a".repeat(32)}`;
    const accepted = (over: object = {}): PlannedEvent =>
      event("reconciliation.match_accepted", {
        kind: "payment",
        currency: "ZAR",
        amount: 95,
        rows: [{ rowId, ordinal: 1, amount: 95 }],
        movements: [{ position: 3, paymentId: "pay_1", ordinal: 1, amount: 100 }],
        difference: { amount: -5, cause: "fee" },
        reason: "the bank keeps it",
        ...over,
      });
    const undone = (over: object = {}): PlannedEvent =>
      event("reconciliation.acceptance_undone", {
        currency: "ZAR",
        amount: 95,
        difference: { amount: -5, cause: "fee" },
        reason: "it does not",
        ...over,
      });
    const folded = (...history: readonly PlannedEvent[]) => fold(history, `acceptance/${rowId}`);
    const breaks = (...history: readonly PlannedEvent[]): void => {
      expect(() => folded(...history)).toThrow(InvariantViolation);
    };

    it("stands, it stands until it is undone, and may be made again", () => {
      expect(folded(accepted())).toMatchObject({ acceptance: { standing: true } });
      expect(folded(accepted(), undone())).toMatchObject({ acceptance: { standing: false } });
      expect(folded(accepted(), undone(), accepted())).toMatchObject({
        acceptance: { standing: true },
      });
      breaks(accepted(), accepted());
      breaks(undone());
      breaks(accepted(), undone(), undone());
    });

    it("does not come to its amount, or to its difference", () => {
      breaks(accepted({ amount: 96 }));
      breaks(accepted({ difference: undefined }));
      breaks(accepted({ difference: { amount: 5, cause: "fee" } }));
      breaks(accepted({ kind: "refund" }));
      expect(
        folded(accepted({ kind: "refund", difference: { amount: 5, cause: "fee" } })),
      ).toMatchObject({ acceptance: { standing: true } });
    });

    it("is of another row, or undone as another one", () => {
      breaks(accepted({ rows: [{ rowId: `row_${"b".repeat(32)}`, ordinal: 1, amount: 95 }] }));
      breaks(accepted(), undone({ amount: 94 }));
      breaks(accepted(), undone({ currency: "USD" }));
      breaks(accepted(), undone({ difference: undefined }));
      breaks(accepted(), undone({ difference: { amount: -5, cause: "rounding" } }));
    });

    it("lies on a stream of something else", () => {
      expect(() => fold([aCustomer(), accepted()])).toThrow(InvariantViolation);
      expect(() => fold([suspended(), accepted()])).toThrow(InvariantViolation);
      breaks(aCustomer());
      breaks(suspended());
    });
  });

  it("when the same money is suspended twice, or its reason changes out of nothing", () => {
    stops(suspended(), suspended());
    stops(suspended(), suspended({ reason: "bill_voided", reasonBefore: "currency_mismatch" }));
    stops(suspended(), matchedEvent(), suspended({ reasonBefore: "unknown_target" }));
    expect(() => fold([suspended({ reasonBefore: "unknown_target" })])).toThrow(InvariantViolation);
  });

  it("when its type is unknown", () => {
    stops(aCustomer(), event("customer.renamed" as "customer.updated", { customerId: "bcus_c" }));
    expect(() => fold([event("customer.renamed" as "customer.created", {})])).toThrow(
      InvariantViolation,
    );
  });
});
