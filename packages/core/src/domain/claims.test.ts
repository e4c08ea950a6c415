import { describe, expect, it } from "vitest";
import { aBill, aCustomer, anAccount, ofBill, opened } from "../testing/given.ts";
import { claimsOf } from "./claims.ts";
import type { DomainEvent } from "./events.ts";

const event = (type: DomainEvent["type"], data: object): DomainEvent =>
  ({ type, data }) as DomainEvent;
const applied = (suspendedFor?: object) =>
  event("obligation.amount_applied", {
    ...ofBill,
    amount: 1,
    effect: -1,
    paymentId: "pay_1",
    suspendedFor,
  });
const suspended = (data: object) =>
  event("payment.suspended", {
    paymentId: "pay_1",
    target: { kind: "bill", name: "BILL-1" },
    currency: "ZAR",
    amount: 1,
    ...data,
  });

describe("the claims of an event", () => {
  it("of a creation are its reference, per kind, and the end of each line that waited for it (D-19)", () => {
    expect(claimsOf("customer/bcus_c", aCustomer())).toEqual([
      "reference/customer/CUST-1",
      "waiting/customer/CUST-1/1",
    ]);
    expect(claimsOf("account/bacc_a", anAccount({ awaited: { id: 2, reference: 0 } }))).toEqual([
      "reference/account/ACC-1",
      "waiting/account/ACC-1/1",
      "waiting/account/bacc_a/3",
    ]);
    expect(
      claimsOf("bill/bill_b", aBill({ awaited: { id: 0, reference: 4 } })[0] as DomainEvent),
    ).toEqual(["reference/bill/BILL-1", "waiting/bill/BILL-1/5", "waiting/bill/bill_b/1"]);
  });

  it("of an application are the payment on its obligation (D-51)", () => {
    expect(claimsOf("bill/bill_b", applied())).toEqual(["payment/pay_1/bill/bill_b"]);
  });

  it("of an application out of suspense leave the payment's claim to the suspension that took it", () => {
    expect(claimsOf("bill/bill_b", applied({ kind: "bill", name: "bill_b" }))).toEqual([
      "applied/pay_1/bill/bill_b",
    ]);
    expect(claimsOf("bill/bill_b", applied({ kind: "bill", name: "BILL-1" }))).toEqual([
      "payment/pay_1/bill/bill_b",
    ]);
    expect(claimsOf("bill/bill_b", applied({ kind: "account", name: "bill_b" }))).toEqual([
      "payment/pay_1/bill/bill_b",
    ]);
  });

  it.each([
    "obligation.application_reversed",
    "obligation.application_undone",
    "obligation.application_restored",
  ] as const)("of %s are its number, one row of them for an application", (type) => {
    expect(claimsOf("bill/bill_b", event(type, { paymentId: "pay_1", ordinal: 2 }))).toEqual([
      "reversed/pay_1/bill/bill_b/2",
    ]);
  });

  it("of an acceptance are each of its rows and movements, as often as they were accepted", () => {
    const accepted = event("reconciliation.match_accepted", {
      rows: [{ rowId: "row_a", ordinal: 1 }],
      movements: [
        { position: 7, ordinal: 2 },
        { position: 9, ordinal: 1 },
      ],
    });
    expect(claimsOf("acceptance/row_a", accepted)).toEqual([
      "accepted/row_a/1",
      "accepted/7/2",
      "accepted/9/1",
    ]);
    const undone = event("reconciliation.acceptance_undone", { amount: 1 });
    expect(claimsOf("acceptance/row_a", undone)).toEqual([]);
  });

  it("of a suspension are the payment on the name, and its place in the line", () => {
    expect(claimsOf("suspense/pay_1", suspended({ reason: "unknown_target", place: 3 }))).toEqual([
      "payment/pay_1/bill/BILL-1",
      "waiting/bill/BILL-1/3",
    ]);
    expect(claimsOf("suspense/pay_1", suspended({ reason: "bill_voided" }))).toEqual([
      "payment/pay_1/bill/BILL-1",
    ]);
  });

  it("of a conflict are none: somebody holds the key already", () => {
    expect(claimsOf("suspense/pay_1", suspended({ reason: "payment_conflict" }))).toEqual([]);
  });

  it("of a new reason are the id that was found, where it was named by reference", () => {
    const anew = (resolvedId?: string) =>
      suspended({ reason: "bill_voided", reasonBefore: "unknown_target", resolvedId });
    expect(claimsOf("suspense/pay_1", anew("bill_b"))).toEqual(["payment/pay_1/bill/bill_b"]);
    expect(claimsOf("suspense/pay_1", anew("BILL-1"))).toEqual([]);
    expect(claimsOf("suspense/pay_1", anew())).toEqual([]);
  });

  it("of anything else are none", () => {
    expect(claimsOf("customer/bcus_c", opened(5) as DomainEvent)).toEqual([]);
    expect(claimsOf("suspense/pay_1", event("payment.match_undone", {}))).toEqual([]);
  });
});
