/** The journal of a merchant's requests: each with its answer and the events that it caused. */
import { z } from "zod";
import { type AnyRoute, route } from "../http/route.ts";
import { eventId, instant } from "../wire/fields.ts";

const entrySchema = z
  .object({
    id: z.int(),
    at: instant,
    method: z.string(),
    path: z.string(),
    status: z.int(),
    idempotency_key: z.string().optional(),
    idempotent_replayed: z.literal(true).optional(),
    request_body: z.string().optional(),
    response_body: z.string().optional(),
    events: z.array(eventId),
  })
  .meta({ id: "JournalEntry" });

export const requestRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/_mock/requests",
    id: "listRequests",
    summary: "The newest thousand requests, oldest first",
    tag: "mock",
    query: z.object({
      /** With or without its query. */
      path: z.string().optional(),
      method: z.string().toUpperCase().optional(),
      status: z.coerce.number().int().min(100).max(599).optional(),
    }),
    answers: { 200: z.object({ data: z.array(entrySchema) }) },
    async handle({ merchant, query: { path, method, status } }) {
      const data = merchant.journal.entries.filter(
        (entry) =>
          (path === undefined || entry.path === path || entry.path.split("?")[0] === path) &&
          (method === undefined || entry.method === method) &&
          (status === undefined || entry.status === status),
      );
      return { status: 200, body: { data } };
    },
  }),
  route({
    method: "DELETE",
    path: "/_mock/requests",
    id: "clearRequests",
    summary: "Empty the journal",
    tag: "mock",
    answers: { 204: undefined },
    async handle({ merchant }) {
      merchant.journal.clear();
      return { status: 204 };
    },
  }),
];
