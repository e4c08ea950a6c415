/** Bills: E7 to E10. */
import { type CreateBillInput, toCamelCase, type UpdateBillInput } from "@tallystick/core";
import { z } from "zod";
import { type AnyRoute, route } from "../http/route.ts";
import { billBody, billSchema, createBillBody, updateBillBody } from "../wire/bill.ts";
import { idOrReference } from "../wire/fields.ts";

const params = z.object({ bill: idOrReference });

export const billRoutes: readonly AnyRoute[] = [
  route({
    method: "POST",
    path: "/billing/bills",
    id: "createBill",
    summary: "Create a bill, and its owners where they are given as objects",
    tag: "billing",
    body: createBillBody,
    idempotencyKey: "required",
    answers: { 201: billSchema },
    refusals: [404, 409, 422],
    async handle({ ledger, body, idempotencyKey }) {
      const input = toCamelCase(body) as CreateBillInput;
      const { entity, events } = await ledger.createBill(input, { idempotencyKey });
      return { status: 201, body: billBody(entity), events };
    },
  }),
  route({
    method: "GET",
    path: "/billing/bills/{bill}",
    id: "retrieveBill",
    summary: "Retrieve a bill",
    tag: "billing",
    params,
    answers: { 200: billSchema },
    refusals: [404],
    async handle({ ledger, params: { bill } }) {
      return { status: 200, body: billBody(await ledger.retrieveBill(bill)) };
    },
  }),
  route({
    method: "PATCH",
    path: "/billing/bills/{bill}",
    id: "updateBill",
    summary: "Correct what was paid on a bill, or its metadata",
    tag: "billing",
    params,
    body: updateBillBody,
    answers: { 200: billSchema },
    refusals: [404, 409, 422],
    async handle({ ledger, params: { bill }, body }) {
      const input = toCamelCase(body) as UpdateBillInput;
      const { entity, events } = await ledger.updateBill(bill, input);
      return { status: 200, body: billBody(entity), events };
    },
  }),
  route({
    method: "POST",
    path: "/billing/bills/{bill}/void",
    id: "voidBill",
    summary: "Void a bill for good; a body is not looked at",
    tag: "billing",
    params,
    idempotencyKey: "required",
    answers: { 200: billSchema },
    refusals: [404, 409],
    async handle({ ledger, params: { bill }, idempotencyKey }) {
      const { entity, events } = await ledger.voidBill(bill, { idempotencyKey });
      return { status: 200, body: billBody(entity), events };
    },
  }),
];
