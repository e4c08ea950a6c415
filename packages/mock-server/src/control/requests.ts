/** The journal: each request of the merchant with its answer and the events that it caused. */
import { z } from "zod";
import { type AnyRoute, route } from "../http/route.ts";
import { eventId, instant } from "../wire/fields.ts";
import { countedPageQuery, limitDefault, pageBody, pageOf, shownAsNumber } from "../wire/list.ts";

const requestSchema = z
  .object({
    id: z.int().min(1).meta({ description: "Counts up." }),
    at: instant,
    method: z.string(),
    path: z
      .string()
      .meta({ description: "With its query. Keys and secrets are masked everywhere." }),
    status: z
      .int()
      .meta({ description: "0 where the connection was cut before anything was done." }),
    fault: z.string().meta({ description: "What went wrong on purpose." }).optional(),
    idempotency_key: z.string().optional(),
    idempotent_replayed: z.literal(true).optional(),
    request_body: z.string().meta({ description: "Cut off behind 16 KiB." }).optional(),
    response_body: z.string().meta({ description: "Cut off behind 16 KiB." }).optional(),
    events: z.array(eventId).meta({ description: "What the request wrote." }),
  })
  .meta({ id: "Request" });

const query = z.strictObject({
  ...countedPageQuery,
  path: z.string().meta({ description: "The path, with its query or without." }).optional(),
  method: z.string().optional(),
  status: z
    .string()
    .regex(/^[1-5]\d\d$/, { error: "must be a status such as 201" })
    .transform(Number)
    .meta({ override: shownAsNumber({ minimum: 100, maximum: 599 }) })
    .optional(),
});

export const requestRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/_mock/requests",
    id: "listRequests",
    summary: "List the newest thousand requests, oldest first",
    tag: "mock",
    query,
    answers: { 200: pageOf(requestSchema) },
    async handle({ merchant: { journal }, query: { after = 0, limit = limitDefault, ...asked } }) {
      const { path, status } = asked;
      const method = asked.method?.toUpperCase();
      const found = journal.entries.filter(
        (entry) =>
          entry.id > after &&
          (path === undefined || entry.path === path || entry.path.split("?", 1)[0] === path) &&
          (method === undefined || entry.method === method) &&
          (status === undefined || entry.status === status),
      );
      return { status: 200, body: pageBody(found, limit, ({ id }) => id) };
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
