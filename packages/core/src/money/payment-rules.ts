/**
 * Payment rules: what an obligation accepts, judged in the order of spec 4 (D-27). A payment that is
 * asked for is refused by the first rule that it breaks; one that has happened is recorded with all
 * of them.
 */
import { z } from "zod";
import { amountMax } from "./minor-units.ts";

const limit = z
  .int()
  .min(0)
  .max(amountMax)
  .refine((value) => !Object.is(value, -0), { error: "must not be minus zero" });

/** Amounts are minor units of the obligation's currency; both bounds are included. */
export const paymentRulesSchema = z.strictObject({
  minAmount: limit,
  maxAmount: limit,
  underpaymentAllowed: z.boolean(),
  overpaymentAllowed: z.boolean(),
});

/**
 * Rules for all objects of a kind: no amount lies between bounds that cross. Those of one object may,
 * as those of a bill that is smaller than the minimum do (D-26): only its exact sum can be paid then.
 */
export const generalPaymentRules = paymentRulesSchema.refine(
  ({ minAmount, maxAmount }) => minAmount <= maxAmount,
  { path: ["minAmount"], error: "must not be more than maxAmount" },
);

export type PaymentRules = Readonly<z.infer<typeof paymentRulesSchema>>;

/** In the order in which the rules are checked. These words are stored in events. */
export const violations = [
  "not_payable",
  "above_maximum",
  "below_minimum",
  "underpayment",
  "overpayment",
] as const;

export type Violation = (typeof violations)[number];

export interface PaymentToJudge {
  /** Minor units, above 0. */
  readonly amount: number;
  /** What is owed now: a balance, or a bill's remaining amount; undefined where none is tracked. */
  readonly owed: number | undefined;
  readonly rules: PaymentRules | undefined;
}

/** Every rule that the payment breaks, the first one first; empty means that it is accepted. */
export const judgePayment = ({ amount, owed, rules }: PaymentToJudge): Violation[] => {
  if (rules === undefined) return ["not_payable"];
  const broken: Violation[] = [];
  if (amount > rules.maxAmount) broken.push("above_maximum");
  // An exact settlement is always allowed, or a small remainder could never be cleared.
  if (amount < rules.minAmount && amount !== owed) broken.push("below_minimum");
  if (owed !== undefined) {
    if (amount < owed && !rules.underpaymentAllowed) broken.push("underpayment");
    if (amount > Math.max(owed, 0) && !rules.overpaymentAllowed) broken.push("overpayment");
  }
  return broken;
};

/** Merchant defaults, by what is paid. `null` makes objects of that kind not payable (D-26). */
export interface DefaultPaymentRules {
  readonly customer: PaymentRules | null;
  readonly account: PaymentRules | null;
  /** `maxAmount` is replaced by the amount due where overpayment is not allowed. */
  readonly bill: PaymentRules | null;
}

export const defaultPaymentRules: DefaultPaymentRules = {
  customer: {
    minAmount: 100,
    maxAmount: 1_000_000,
    underpaymentAllowed: true,
    overpaymentAllowed: false,
  },
  account: {
    minAmount: 100,
    maxAmount: 500_000,
    underpaymentAllowed: true,
    overpaymentAllowed: false,
  },
  bill: {
    minAmount: 100,
    maxAmount: 99_999_999,
    underpaymentAllowed: true,
    overpaymentAllowed: false,
  },
};

/** The default rules of a new bill: its maximum is what is due, unless more may be paid (D-26). */
export const billRules = (defaults: PaymentRules | null, amountDue: number): PaymentRules | null =>
  defaults === null || defaults.overpaymentAllowed
    ? defaults
    : { ...defaults, maxAmount: amountDue };
