/** The pay page's own calls, as the OpenAPI document has them. */
import { z } from "zod";
import type { Operation } from "../openapi/operation.ts";
import { obligationId } from "../wire/fields.ts";
import { payDetails, payReceipt, payRequest } from "./pay-contract.ts";

const params = z.object({ obligation: obligationId });
const query = z.object({
  merchant: z
    .string()
    .meta({ description: "A public name: whose book is meant where several know the link." })
    .optional(),
});

export const payOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/pay/{obligation}/details",
    id: "retrievePayDetails",
    summary: "What is owed under a pay link",
    tag: "pay",
    params,
    query,
    answers: { 200: payDetails },
    refusals: [404],
  },
  {
    method: "POST",
    path: "/pay/{obligation}/payments",
    id: "payUnderLink",
    summary: "Pay under a link; 200 where the same payment was sent before",
    tag: "pay",
    params,
    query,
    body: { loose: payRequest },
    answers: { 201: payReceipt, 200: payReceipt },
    refusals: [404, 409, 422],
  },
];
