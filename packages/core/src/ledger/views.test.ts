import { describe, expect, it } from "vitest";
import { initialState } from "../domain/evolve.ts";
import type { PlannedEvent } from "../domain/planned.ts";
import { InvariantViolation } from "../kernel/invariant.ts";
import {
  aBill,
  aCustomer,
  accountAfter,
  anAccount,
  billAfter,
  billPaid,
  billVoided,
  customerAfter,
  ofAccount,
  ofCustomer,
  opened,
  rules,
  rulesSet,
} from "../testing/given.ts";
import { entityOf, entityView, isOverdue } from "./views.ts";

const asserted = (currency: string, from: number, to: number): PlannedEvent => ({
  type: "obligation.balance_asserted",
  data: {
    ...ofCustomer,
    currency,
    amount: to,
    previousBalance: from,
    effect: to - from,
    balanceAfter: to,
  },
});

describe("what users meet", () => {
  it("leaves out what has no value, and never says null (D-22)", () => {
    expect(entityView(customerAfter(aCustomer(), rulesSet(null)))).toEqual({
      object: "customer",
      id: "bcus_c",
      externalReference: "CUST-1",
      obligationId: "ob_c",
    });
  });

  it("of an account names its customer (ACC-10)", () => {
    expect(
      entityView(accountAfter(anAccount({}, { name: "Fibre" }), opened(-5, ofAccount))),
    ).toEqual({
      object: "account",
      id: "bacc_a",
      externalReference: "ACC-1",
      obligationId: "ob_a",
      customerId: "bcus_c",
      name: "Fibre",
      currency: "ZAR",
      balance: -5,
    });
  });

  it("is a copy that the caller may keep and change", () => {
    const customer = customerAfter(
      aCustomer({}, { metadata: { a: "1" } }),
      opened(5),
      rulesSet(rules()),
    );
    const view = entityView(customer) as {
      metadata: Record<string, string>;
      paymentRules: { minAmount: number };
    };
    view.metadata["a"] = "2";
    view.paymentRules.minAmount = 7;
    expect(entityView(customer)).toMatchObject({ metadata: { a: "1" }, paymentRules: rules() });
  });

  it("shows sums left in other currencies, sorted, and only where something is left", () => {
    const moved = customerAfter(
      aCustomer(),
      opened(5),
      asserted("USD", 0, 7),
      asserted("BHD", 0, 9),
      asserted("JPY", 0, 0),
      asserted("KWD", 0, 1),
    );
    expect(entityView(moved)).toMatchObject({
      currency: "KWD",
      balance: 1,
      otherBalances: [
        { currency: "BHD", balance: 9 },
        { currency: "USD", balance: 7 },
        { currency: "ZAR", balance: 5 },
      ],
    });
    expect(
      entityView(
        customerAfter(aCustomer(), opened(5), asserted("ZAR", 5, 0), asserted("USD", 0, 7)),
      ),
    ).not.toHaveProperty("otherBalances");
  });

  it.each([
    ["unpaid", aBill(), { amountPaid: 0, amountRemaining: 37_650, balance: 37_650 }],
    [
      "unpaid",
      [...aBill(), billPaid(650, 650)],
      { amountPaid: 650, amountRemaining: 37_000, balance: 37_000 },
    ],
    [
      "paid",
      [...aBill(), billPaid(37_650, 37_650)],
      { amountPaid: 37_650, amountRemaining: 0, balance: 0 },
    ],
    [
      "paid",
      [...aBill(), billPaid(40_000, 40_000)],
      { amountPaid: 40_000, amountRemaining: 0, balance: -2350 },
    ],
    [
      "voided",
      [...aBill(), billPaid(650, 650), billVoided(650)],
      { amountPaid: 650, amountRemaining: 37_000, balance: 0 },
    ],
  ])("of a bill is %s with these sums (BIL-20, BIL-24, PAY-05)", (status, history, sums) => {
    expect(entityView(billAfter(...history))).toMatchObject({
      object: "bill",
      status,
      amountDue: 37_650,
      ...sums,
    });
  });

  it("of a stream that holds no entity is a mistake of ours", () => {
    expect(() => entityOf(initialState("customer/bcus_c"))).toThrow(InvariantViolation);
    expect(() => entityOf(initialState("suspense/pay_1"))).toThrow(InvariantViolation);
  });
});

describe("whether a bill is overdue (BIL-30, D-29)", () => {
  it.each([
    ["unpaid", "2026-03-25", "2026-03-26", true],
    ["unpaid", "2026-03-25", "2026-03-25", false],
    ["paid", "2026-03-25", "2026-03-26", false],
    ["voided", "2026-03-25", "2026-03-26", false],
  ] as const)("%s and due on %s is, on %s: %s", (status, dueDate, day, overdue) => {
    expect(isOverdue({ status, dueDate }, day)).toBe(overdue);
  });

  it("is never so without a date", () => {
    expect(isOverdue({ status: "unpaid" }, "2026-03-26")).toBe(false);
  });
});
