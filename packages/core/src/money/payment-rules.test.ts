import { describe, expect, it } from "vitest";
import {
  billRules,
  defaultPaymentRules,
  judgePayment,
  type PaymentRules,
  paymentRulesSchema,
  type Violation,
  violations,
} from "./payment-rules.ts";

const rules = (over: Partial<PaymentRules> = {}): PaymentRules => ({
  minAmount: 100,
  maxAmount: 1000,
  underpaymentAllowed: true,
  overpaymentAllowed: true,
  ...over,
});
const strict = rules({ underpaymentAllowed: false, overpaymentAllowed: false });

describe("payment rules, judged in the order of spec 4", () => {
  interface Case {
    readonly title: string;
    readonly amount: number;
    readonly owed: number | undefined;
    readonly rules: PaymentRules | undefined;
    readonly broken: readonly Violation[];
  }

  // Rows go down the table of spec 4: the first word of `broken` is what a request is refused for.
  const cases: readonly Case[] = [
    {
      title: "no rules: not payable, whatever the amount (RUL-02)",
      amount: 1,
      owed: 1,
      rules: undefined,
      broken: ["not_payable"],
    },
    {
      title: "above the maximum, before overpayment (RUL-04)",
      amount: 1001,
      owed: 500,
      rules: strict,
      broken: ["above_maximum", "overpayment"],
    },
    {
      title: "above the maximum although it settles exactly",
      amount: 1001,
      owed: 1001,
      rules: strict,
      broken: ["above_maximum"],
    },
    {
      title: "the maximum itself is accepted",
      amount: 1000,
      owed: 1000,
      rules: strict,
      broken: [],
    },
    {
      title: "below the minimum, before underpayment (RUL-03)",
      amount: 99,
      owed: 500,
      rules: strict,
      broken: ["below_minimum", "underpayment"],
    },
    {
      title: "below the minimum, before overpayment",
      amount: 99,
      owed: 50,
      rules: strict,
      broken: ["below_minimum", "overpayment"],
    },
    {
      title: "below the minimum, but settles exactly (RUL-07)",
      amount: 99,
      owed: 99,
      rules: strict,
      broken: [],
    },
    { title: "the minimum itself is accepted", amount: 100, owed: 100, rules: strict, broken: [] },
    {
      title: "less than owed where part payments are not taken (RUL-05)",
      amount: 499,
      owed: 500,
      rules: rules({ underpaymentAllowed: false }),
      broken: ["underpayment"],
    },
    { title: "less than owed where they are", amount: 499, owed: 500, rules: rules(), broken: [] },
    {
      title: "more than owed where excess is not taken (RUL-06)",
      amount: 501,
      owed: 500,
      rules: rules({ overpaymentAllowed: false }),
      broken: ["overpayment"],
    },
    { title: "more than owed where it is", amount: 501, owed: 500, rules: rules(), broken: [] },
    {
      title: "nothing owed: any payment is more",
      amount: 100,
      owed: 0,
      rules: rules({ overpaymentAllowed: false }),
      broken: ["overpayment"],
    },
    {
      title: "credit held: a top-up is more, and never less",
      amount: 100,
      owed: -500,
      rules: strict,
      broken: ["overpayment"],
    },
    {
      title: "nothing tracked: only minimum and maximum count (D-28)",
      amount: 100,
      owed: undefined,
      rules: strict,
      broken: [],
    },
    {
      title: "nothing tracked, below the minimum",
      amount: 99,
      owed: undefined,
      rules: strict,
      broken: ["below_minimum"],
    },
    {
      title: "nothing tracked, above the maximum",
      amount: 1001,
      owed: undefined,
      rules: strict,
      broken: ["above_maximum"],
    },
    {
      title: "a minimum above the maximum leaves exact settlement only",
      amount: 500,
      owed: 600,
      rules: rules({ minAmount: 900, maxAmount: 400 }),
      broken: ["above_maximum", "below_minimum"],
    },
  ];

  it.each(cases)("$title", ({ broken, ...payment }) => {
    expect(judgePayment(payment)).toEqual(broken);
  });

  it("reports what is broken in the order of the catalogue", () => {
    for (const { broken } of cases)
      expect([...broken].sort((a, b) => violations.indexOf(a) - violations.indexOf(b))).toEqual(
        broken,
      );
  });

  it("meets every violation above", () => {
    expect(new Set(cases.flatMap(({ broken }) => broken))).toEqual(new Set(violations));
  });
});

describe("the shape of payment rules", () => {
  it("is two bounds and two switches (RUL-01)", () => {
    expect(paymentRulesSchema.safeParse(rules()).success).toBe(true);
    expect(Object.keys(defaultPaymentRules.bill ?? {}).sort()).toEqual([
      "maxAmount",
      "minAmount",
      "overpaymentAllowed",
      "underpaymentAllowed",
    ]);
  });

  it.each([
    ["a fraction", rules({ minAmount: 0.5 })],
    ["a negative bound", rules({ minAmount: -1 })],
    ["a bound beyond 10^15", rules({ maxAmount: 10 ** 15 + 1 })],
    ["an unknown member", { ...rules(), minimum: 1 }],
    ["a missing member", { minAmount: 1, maxAmount: 2, underpaymentAllowed: true }],
    ["a switch that is a text", { ...rules(), overpaymentAllowed: "yes" }],
  ])("is not %s", (_, value) => {
    expect(paymentRulesSchema.safeParse(value).success).toBe(false);
  });
});

describe("the default rules of a bill", () => {
  it("take what is due as the maximum where overpayment is off (RUL-12, D-26)", () => {
    expect(billRules(rules({ overpaymentAllowed: false }), 37650)?.maxAmount).toBe(37650);
  });

  it("keep their maximum where overpayment is on", () => {
    expect(billRules(rules(), 37650)?.maxAmount).toBe(1000);
  });

  it("are none where the merchant has none", () => {
    expect(billRules(null, 37650)).toBeNull();
  });
});
