/** Letting things go wrong on purpose. */
import { z } from "zod";
import { Problem } from "../http/problem.ts";
import { type AnyRoute, route } from "../http/route.ts";
import { faultsMax } from "../merchant/faults.ts";
import { createFaultBody, faultSchema } from "../wire/fault.ts";

const path = "/_mock/faults";

export const faultRoutes: readonly AnyRoute[] = [
  route({
    method: "POST",
    path,
    id: "createFault",
    summary: "Let requests or webhooks go wrong",
    tag: "mock",
    body: createFaultBody,
    idempotencyKey: "optional",
    answers: { 201: faultSchema },
    refusals: [409],
    async handle({ merchant: { faults }, body }) {
      if (faults.list.length >= faultsMax)
        throw new Problem("conflict", `${faultsMax} faults wait to happen; DELETE ${path} first`);
      return { status: 201, body: faults.add(body) };
    },
  }),
  route({
    method: "GET",
    path,
    id: "listFaults",
    summary: "What will go wrong yet, oldest first",
    tag: "mock",
    answers: { 200: z.object({ data: z.array(faultSchema) }) },
    handle: async ({ merchant: { faults } }) => ({ status: 200, body: { data: faults.list } }),
  }),
  route({
    method: "DELETE",
    path,
    id: "deleteFaults",
    summary: "Let nothing go wrong any more",
    tag: "mock",
    answers: { 204: undefined },
    async handle({ merchant: { faults } }) {
      faults.clear();
      return { status: 204 };
    },
  }),
];
