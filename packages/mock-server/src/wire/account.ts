/** Accounts on the wire (spec 3.5 to 3.7). */
import type { Account } from "@tallystick/core";
import { z } from "zod";
import { bodySchema, type ObjectOf } from "../http/route.ts";
import { newCustomer } from "./customer.ts";
import * as field from "./fields.ts";
import { isEmpty } from "./metadata.ts";
import { paymentRules, paymentRulesBody } from "./payment-rules.ts";
import { currencyBesideBalance, currencyMissing } from "./rules.ts";

/** An owner that is named, or brought along and created first. */
export const customerOrNew = (object: ObjectOf) =>
  z.union([field.idOrReference, newCustomer(object)]);

const members = {
  external_reference: field.newReference.account,
  name: field.name.optional(),
  currency: field.currency.optional(),
  balance: field.balance.optional(),
  metadata: field.metadata.optional(),
};

export const createAccountBody = bodySchema((object) =>
  object({ customer: customerOrNew(object), ...members }).refine(
    currencyBesideBalance,
    currencyMissing,
  ),
);

/** A new account that a bill brings along; its customer may stand beside it (D-24). */
export const accountOrNew = (object: ObjectOf) =>
  z.union([
    field.idOrReference,
    object({ customer: customerOrNew(object).optional(), ...members }).refine(
      currencyBesideBalance,
      currencyMissing,
    ),
  ]);

export const updateAccountBody = bodySchema((object) =>
  object({
    name: field.name.optional(),
    currency: field.currency.optional(),
    balance: field.balance.optional(),
    metadata: field.metadata.optional(),
  }),
);

export const accountSchema = z
  .object({
    id: field.id.account,
    external_reference: z.string(),
    customer_id: field.id.customer,
    name: z.string().optional(),
    currency: field.currency.optional(),
    balance: field.balance.optional(),
    payment_rules: paymentRules.optional(),
    metadata: field.metadataAnswer.optional(),
  })
  .meta({ id: "Account" });

/** As it is answered; what has no value is left out (D-22). */
export const accountBody = (account: Account): z.input<typeof accountSchema> => {
  const { id, externalReference, customerId, name, currency, balance, metadata } = account;
  const rules = account.paymentRules;
  return {
    id,
    external_reference: externalReference,
    customer_id: customerId,
    ...(name === undefined ? {} : { name }),
    ...(currency === undefined ? {} : { currency }),
    ...(balance === undefined ? {} : { balance }),
    ...(rules === undefined ? {} : { payment_rules: paymentRulesBody(rules) }),
    ...(isEmpty(metadata) ? {} : { metadata }),
  };
};
