/** Customers: E1 to E3. */
import { type CreateCustomerInput, toCamelCase, type UpdateCustomerInput } from "@tallystick/core";
import { z } from "zod";
import { type AnyRoute, route } from "../http/route.ts";
import {
  createCustomerBody,
  customerBody,
  customerSchema,
  updateCustomerBody,
} from "../wire/customer.ts";
import { idOrReference } from "../wire/fields.ts";

const params = z.object({ customer: idOrReference });

export const customerRoutes: readonly AnyRoute[] = [
  route({
    method: "POST",
    path: "/billing/customers",
    id: "createCustomer",
    summary: "Create a customer",
    tag: "billing",
    body: createCustomerBody,
    idempotencyKey: "required",
    answers: { 201: customerSchema },
    refusals: [409],
    async handle({ ledger, body, idempotencyKey }) {
      const input = toCamelCase(body) as CreateCustomerInput;
      const { entity, events } = await ledger.createCustomer(input, { idempotencyKey });
      return { status: 201, body: customerBody(entity), events };
    },
  }),
  route({
    method: "GET",
    path: "/billing/customers/{customer}",
    id: "retrieveCustomer",
    summary: "Retrieve a customer",
    tag: "billing",
    params,
    answers: { 200: customerSchema },
    refusals: [404],
    async handle({ ledger, params: { customer } }) {
      return { status: 200, body: customerBody(await ledger.retrieveCustomer(customer)) };
    },
  }),
  route({
    method: "PATCH",
    path: "/billing/customers/{customer}",
    id: "updateCustomer",
    summary: "Update a customer",
    tag: "billing",
    params,
    body: updateCustomerBody,
    answers: { 200: customerSchema },
    refusals: [404, 422],
    async handle({ ledger, params: { customer }, body }) {
      const input = toCamelCase(body) as UpdateCustomerInput;
      const { entity, events } = await ledger.updateCustomer(customer, input);
      return { status: 200, body: customerBody(entity), events };
    },
  }),
];
