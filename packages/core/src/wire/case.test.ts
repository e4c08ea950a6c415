import { describe, expect, it } from "vitest";
import { toCamelCase, toSnakeCase, toSnakePath } from "./case.ts";

describe("the case of member names", () => {
  const ours = {
    amountDue: 1,
    paymentRules: { minAmount: 1, underpaymentAllowed: true },
    list: [{ billDate: "2026-03-01" }, 1, null],
    metadata: { teller_name: "x", tellerName: "y", deepKey: "z" },
  };
  const theirs = {
    amount_due: 1,
    payment_rules: { min_amount: 1, underpayment_allowed: true },
    list: [{ bill_date: "2026-03-01" }, 1, null],
    metadata: { teller_name: "x", tellerName: "y", deepKey: "z" },
  };

  it("goes from ours to the API's at every depth, metadata aside", () => {
    expect(toSnakeCase(ours)).toEqual(theirs);
  });

  it("goes from the API's to ours, metadata aside", () => {
    expect(toCamelCase(theirs)).toEqual(ours);
  });

  it("leaves values that are no objects as they are", () => {
    for (const value of [1, "amountDue", true, null, undefined]) {
      expect(toSnakeCase(value)).toBe(value);
      expect(toCamelCase(value)).toBe(value);
    }
  });

  it("keeps members named like JavaScript's own", () => {
    const value = JSON.parse('{"__proto__":{"a_b":1},"constructor":{"c_d":2}}') as unknown;
    const camel = toCamelCase(value);
    expect(Object.getPrototypeOf(camel)).toBe(Object.prototype);
    expect(JSON.stringify(toSnakeCase(camel))).toBe(JSON.stringify(value));
  });

  it.each(["line_1", "_private", "__proto__", "a_b_c"])("brings %s back as it was", (key) => {
    expect(toSnakeCase(toCamelCase({ [key]: 1 }))).toEqual({ [key]: 1 });
  });

  it.each([
    ["amountDue", "amount_due"],
    ["account.externalReference", "account.external_reference"],
    ["metadata.tellerName", "metadata.tellerName"],
    ["account.customer.metadata.aB", "account.customer.metadata.aB"],
    ["metadata.a.metadata.bC", "metadata.a.metadata.bC"],
    ["notmetadata.aB", "notmetadata.a_b"],
    ["", ""],
  ])("writes the path %s as %s", (path, snake) => {
    expect(toSnakePath(path)).toBe(snake);
  });
});
