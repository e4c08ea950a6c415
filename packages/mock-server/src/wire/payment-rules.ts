/** Payment rules on the wire (spec 3.1). Amounts are minor units, both bounds included. */
import { field, type PaymentRules } from "@tallystick/core";
import { z } from "zod";

export const paymentRules = z
  .strictObject({
    min_amount: field.unsignedAmount,
    max_amount: field.unsignedAmount,
    underpayment_allowed: z.boolean(),
    overpayment_allowed: z.boolean(),
  })
  .meta({ id: "PaymentRules" });

/** As they are put in: a minimum above the maximum would let nothing through. */
export const boundedPaymentRules = paymentRules.refine(
  ({ min_amount, max_amount }) => min_amount <= max_amount,
  { path: ["min_amount"], error: "must not be more than max_amount" },
);

export const paymentRulesBody = (rules: PaymentRules): z.output<typeof paymentRules> => ({
  min_amount: rules.minAmount,
  max_amount: rules.maxAmount,
  underpayment_allowed: rules.underpaymentAllowed,
  overpayment_allowed: rules.overpaymentAllowed,
});
