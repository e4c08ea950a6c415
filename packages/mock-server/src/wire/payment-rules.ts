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

export const paymentRulesBody = (rules: PaymentRules): z.output<typeof paymentRules> => ({
  min_amount: rules.minAmount,
  max_amount: rules.maxAmount,
  underpayment_allowed: rules.underpaymentAllowed,
  overpayment_allowed: rules.overpaymentAllowed,
});
