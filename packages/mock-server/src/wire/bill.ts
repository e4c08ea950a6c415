/** Bills on the wire (spec 3.8, 3.9). */
import type { Bill } from "@tallystick/core";
import { z } from "zod";
import { bodySchema } from "../http/route.ts";
import { accountOrNew, customerOrNew } from "./account.ts";
import * as field from "./fields.ts";
import { isEmpty } from "./metadata.ts";
import { paymentRules, paymentRulesBody } from "./payment-rules.ts";
import { when } from "./rules.ts";

interface Owners {
  readonly customer?: unknown;
  readonly account?: unknown;
}

/** The customer that a new account brings along; undefined where an account is named or faulty. */
const broughtAlong = (account: unknown): { readonly customer?: unknown } | undefined =>
  typeof account === "object" && account !== null ? account : undefined;

// D-24: whose bill it is must be said once, and only once.
const isOwned = ({ customer, account }: Owners): boolean =>
  customer !== undefined || account !== undefined;
const newAccountIsOwned = ({ customer, account }: Owners): boolean =>
  broughtAlong(account) === undefined ||
  broughtAlong(account)?.customer !== undefined ||
  customer !== undefined;
const isOwnedOnce = ({ customer, account }: Owners): boolean =>
  broughtAlong(account)?.customer === undefined || customer === undefined;

export const createBillBody = bodySchema((object) =>
  object({
    external_reference: field.newReference.bill,
    currency: field.currency,
    amount_due: field.amountDue,
    customer: customerOrNew(object).optional(),
    account: accountOrNew(object).optional(),
    bill_date: field.date.optional(),
    due_date: field.date.optional(),
    metadata: field.metadata.optional(),
  })
    .refine(isOwned, { path: ["customer"], error: "is required, or an account is", when })
    .refine(newAccountIsOwned, {
      path: ["account", "customer"],
      error: "is required for a new account, here or as customer",
      when,
    })
    .refine(isOwnedOnce, {
      path: ["customer"],
      error: "is given twice: here and as account.customer",
      when,
    }),
);

export const updateBillBody = bodySchema((object) =>
  object({
    currency: field.currency.optional(),
    amount_paid: field.amountPaid.optional(),
    metadata: field.metadata.optional(),
  }),
);

export const billSchema = z
  .object({
    id: field.id.bill,
    external_reference: z.string(),
    customer_id: field.id.customer,
    account_id: field.id.account.optional(),
    status: z.enum(["unpaid", "paid", "voided"]),
    currency: field.currency,
    amount_due: field.amountDue,
    amount_paid: field.unsignedAmount,
    amount_remaining: field.unsignedAmount,
    bill_date: field.date.optional(),
    due_date: field.date.optional(),
    payment_rules: paymentRules.optional(),
    metadata: field.metadataAnswer.optional(),
  })
  .meta({ id: "Bill" });

/** As it is answered; what has no value is left out (D-22). */
export const billBody = (bill: Bill): z.input<typeof billSchema> => {
  const { accountId, billDate, dueDate, paymentRules: rules, metadata } = bill;
  return {
    id: bill.id,
    external_reference: bill.externalReference,
    customer_id: bill.customerId,
    ...(accountId === undefined ? {} : { account_id: accountId }),
    status: bill.status,
    currency: bill.currency,
    amount_due: bill.amountDue,
    amount_paid: bill.amountPaid,
    amount_remaining: bill.amountRemaining,
    ...(billDate === undefined ? {} : { bill_date: billDate }),
    ...(dueDate === undefined ? {} : { due_date: dueDate }),
    ...(rules === undefined ? {} : { payment_rules: paymentRulesBody(rules) }),
    ...(isEmpty(metadata) ? {} : { metadata }),
  };
};
