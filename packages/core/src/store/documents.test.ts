import { describe, expect, it } from "vitest";
import type { PlannedEvent } from "../domain/planned.ts";
import {
  aBill,
  aCustomer,
  anAccount,
  billPaid,
  billVoided,
  fold,
  ofAccount,
  ofCustomer,
  opened,
} from "../testing/given.ts";
import { type DocumentKeys, type DocumentQuery, documentKeys, matchesQuery } from "./documents.ts";

const keys = (streamId: string, ...history: readonly PlannedEvent[]): DocumentKeys | undefined =>
  documentKeys(streamId, fold(history, streamId));
const suspended = {
  type: "payment.suspended",
  data: {
    paymentId: "pay_1",
    target: { kind: "bill", name: "B" },
    currency: "ZAR",
    amount: 5,
    reason: "unknown_target",
    place: 1,
  },
} as PlannedEvent;
const matched = {
  type: "payment.matched",
  data: {
    paymentId: "pay_1",
    target: { kind: "bill", name: "B" },
    currency: "ZAR",
    amount: 5,
    matchedTo: { kind: "bill", id: "bill_b" },
  },
} as PlannedEvent;

describe("what a document is found by", () => {
  it("of a customer without a balance", () => {
    expect(keys("customer/bcus_c", aCustomer())).toEqual({
      kind: "customer",
      streamId: "customer/bcus_c",
      externalReference: "CUST-1",
      customerId: "bcus_c",
      currencies: [],
      owing: false,
      credit: false,
      tracked: false,
    });
  });

  it("of a customer that owes, holds credit, or neither", () => {
    expect(keys("customer/bcus_c", aCustomer(), opened(5))).toMatchObject({
      owing: true,
      credit: false,
      tracked: true,
      currencies: ["ZAR"],
    });
    expect(keys("customer/bcus_c", aCustomer(), opened(-5))).toMatchObject({
      owing: false,
      credit: true,
      tracked: true,
    });
    expect(keys("customer/bcus_c", aCustomer({ currency: "ZAR" }), opened(0))).toMatchObject({
      owing: false,
      credit: false,
      tracked: true,
      currencies: ["ZAR"],
    });
  });

  it("of a customer whose currency changed: both currencies, and any sum in them", () => {
    const usd = {
      type: "obligation.balance_asserted",
      data: {
        ...ofCustomer,
        currency: "USD",
        amount: -9,
        previousBalance: 0,
        effect: -9,
        balanceAfter: -9,
      },
    } as PlannedEvent;
    expect(keys("customer/bcus_c", aCustomer(), opened(5), usd)).toMatchObject({
      currencies: ["USD", "ZAR"],
      owing: true,
      credit: true,
    });
  });

  it("of an account, with its customer", () => {
    expect(keys("account/bacc_a", anAccount(), opened(5, ofAccount))).toMatchObject({
      kind: "account",
      customerId: "bcus_c",
      accountId: "bacc_a",
    });
    expect(keys("account/bacc_a", anAccount())).not.toHaveProperty("status");
  });

  it("of a bill, with its status and its owners", () => {
    expect(keys("bill/bill_b", ...aBill())).toMatchObject({
      status: "unpaid",
      customerId: "bcus_c",
      owing: true,
    });
    expect(keys("bill/bill_b", ...aBill())).not.toHaveProperty("accountId");
    expect(
      keys("bill/bill_b", ...aBill({ accountId: "bacc_a" }), billPaid(37_650, 37_650)),
    ).toMatchObject({ status: "paid", accountId: "bacc_a", owing: false });
    expect(keys("bill/bill_b", ...aBill(), billPaid(40_000, 40_000))).toMatchObject({
      status: "paid",
      credit: true,
    });
    expect(keys("bill/bill_b", ...aBill(), billVoided())).toMatchObject({
      status: "voided",
      owing: false,
    });
  });

  it("of a payment in suspense, until all of it has left", () => {
    expect(keys("suspense/pay_1", suspended)).toEqual({
      kind: "suspense",
      streamId: "suspense/pay_1",
      status: "suspended",
      currencies: ["ZAR"],
      owing: false,
      credit: false,
      tracked: false,
    });
    expect(keys("suspense/pay_1", suspended, matched)).toMatchObject({ status: "matched" });
  });

  it("of a stream that nobody wrote is nothing", () => {
    expect(keys("customer/bcus_c")).toBeUndefined();
  });
});

describe("a query", () => {
  const found = keys("bill/bill_b", ...aBill({ accountId: "bacc_a" })) as DocumentKeys;
  const any: DocumentQuery = { kind: "bill", limit: 1 };

  it("without conditions finds everything of its kind", () => {
    expect(matchesQuery(found, any)).toBe(true);
    expect(matchesQuery(found, { ...any, kind: "account" })).toBe(false);
  });

  it.each([
    ["streamId", "bill/bill_b", "bill/bill_x"],
    ["externalReference", "BILL-1", "bill-1"],
    ["customerId", "bcus_c", "bcus_x"],
    ["accountId", "bacc_a", "bacc_x"],
    ["status", "unpaid", "paid"],
    ["currency", "ZAR", "USD"],
    ["owing", true, false],
    ["credit", false, true],
    ["tracked", true, false],
  ] as const)("by %s finds what has it, and nothing else", (condition, fits, other) => {
    expect(matchesQuery(found, { ...any, [condition]: fits })).toBe(true);
    expect(matchesQuery(found, { ...any, [condition]: other })).toBe(false);
  });
});
