/** What an obligation accepts from here on: set by the merchant outside of Moment's API (spec 4). */
import { type SetPaymentRulesInput, toCamelCase } from "@tallystick/core";
import { z } from "zod";
import { type AnyRoute, route } from "../http/route.ts";
import { accountBody, accountSchema } from "../wire/account.ts";
import { billBody, billSchema } from "../wire/bill.ts";
import { customerBody, customerSchema } from "../wire/customer.ts";
import { idOrReference } from "../wire/fields.ts";
import { boundedPaymentRules } from "../wire/payment-rules.ts";

const params = z.object({
  kind: z.enum(["customers", "accounts", "bills"]),
  ref: idOrReference,
});

const rulesOrNull = boundedPaymentRules
  .nullable()
  .meta({ description: "null: it cannot be paid." });

/** Rules are small and all of their members are needed: a misspelt one is always refused. */
const body = { loose: rulesOrNull, strict: rulesOrNull };

const kinds = { customers: "customer", accounts: "account", bills: "bill" } as const;

export const paymentRulesRoutes: readonly AnyRoute[] = [
  route({
    method: "PUT",
    path: "/_mock/payment_rules/{kind}/{ref}",
    id: "setPaymentRules",
    summary: "Say what a customer, an account or a bill accepts; null: nothing",
    tag: "mock",
    params,
    body,
    answers: { 200: z.union([customerSchema, accountSchema, billSchema]) },
    refusals: [404, 409],
    async handle({ ledger, params: { kind, ref }, body: paymentRules }) {
      const { entity, events } = await ledger.setPaymentRules({
        [kinds[kind]]: ref,
        paymentRules: toCamelCase(paymentRules),
      } as SetPaymentRulesInput);
      const written =
        entity.object === "customer"
          ? customerBody(entity)
          : entity.object === "account"
            ? accountBody(entity)
            : billBody(entity);
      return { status: 200, body: written, events };
    },
  }),
];
