/** Customers on the wire (spec 3.2 to 3.4). */
import type { Customer } from "@tallystick/core";
import { z } from "zod";
import { bodySchema, type ObjectOf } from "../http/route.ts";
import * as field from "./fields.ts";
import { isEmpty } from "./metadata.ts";
import { paymentRules, paymentRulesBody } from "./payment-rules.ts";
import { currencyBesideBalance, currencyMissing } from "./rules.ts";

/** A new customer, alone or brought along by what belongs to it. */
export const newCustomer = (object: ObjectOf) =>
  object({
    external_reference: field.newReference.customer,
    name: field.name.optional(),
    email: field.email.optional(),
    phone: field.phone.optional(),
    currency: field.currency.optional(),
    balance: field.balance.optional(),
    metadata: field.metadata.optional(),
  }).refine(currencyBesideBalance, currencyMissing);

export const createCustomerBody = bodySchema(newCustomer);

export const updateCustomerBody = bodySchema((object) =>
  object({
    name: field.name.optional(),
    email: field.email.optional(),
    phone: field.phone.optional(),
    currency: field.currency.optional(),
    balance: field.balance.optional(),
    metadata: field.metadata.optional(),
  }),
);

export const customerSchema = z
  .object({
    id: field.id.customer,
    external_reference: z.string(),
    name: z.string().optional(),
    email: z.string().optional(),
    phone: z.string().optional(),
    currency: field.currency.optional(),
    balance: field.balance.optional(),
    payment_rules: paymentRules.optional(),
    metadata: field.metadataAnswer.optional(),
  })
  .meta({ id: "Customer" });

/** As it is answered; what has no value is left out (D-22). */
export const customerBody = (customer: Customer): z.input<typeof customerSchema> => {
  const { id, externalReference, name, email, phone, currency, balance, metadata } = customer;
  const rules = customer.paymentRules;
  return {
    id,
    external_reference: externalReference,
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    ...(currency === undefined ? {} : { currency }),
    ...(balance === undefined ? {} : { balance }),
    ...(rules === undefined ? {} : { payment_rules: paymentRulesBody(rules) }),
    ...(isEmpty(metadata) ? {} : { metadata }),
  };
};
