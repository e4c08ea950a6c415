/** Where webhooks go, what became of them, and sending one again. */
import { z } from "zod";
import { type AnyRoute, route } from "../http/route.ts";
import { webhooksOf } from "../webhooks/attach.ts";
import * as field from "../wire/fields.ts";
import { limitDefault, pageBody, pageOf, pageQuery } from "../wire/list.ts";
import {
  createEndpointBody,
  deliveryBody,
  deliveryCursor,
  deliverySchema,
  endpointBody,
  endpointId,
  endpointSchema,
} from "../wire/webhook.ts";

const path = "/_mock/webhook_endpoints";
const params = z.object({ id: endpointId });

const deliveriesQuery = z.strictObject({
  ...pageQuery,
  event_id: field.eventIdInput.optional(),
  after: deliveryCursor.optional(),
});

export const webhookRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path,
    id: "listWebhookEndpoints",
    summary: "Where webhooks go",
    tag: "mock",
    answers: { 200: z.object({ data: z.array(endpointSchema) }) },
    handle: async ({ merchant }) => ({
      status: 200,
      body: { data: webhooksOf(merchant).endpoints.map(endpointBody) },
    }),
  }),
  route({
    method: "POST",
    path,
    id: "createWebhookEndpoint",
    summary: "Send webhooks to a URL, from now on",
    tag: "mock",
    body: createEndpointBody,
    idempotencyKey: "optional",
    answers: { 201: endpointSchema },
    refusals: [409],
    async handle({ merchant, body: { url, secret } }) {
      const endpoint = await webhooksOf(merchant).add(url, secret);
      return { status: 201, body: endpointBody(endpoint) };
    },
  }),
  route({
    method: "DELETE",
    path: `${path}/{id}`,
    id: "deleteWebhookEndpoint",
    summary: "Send no more webhooks there; what is planned is dropped",
    tag: "mock",
    params,
    answers: { 204: undefined },
    refusals: [404, 409],
    async handle({ merchant, params: { id } }) {
      await webhooksOf(merchant).remove(id);
      return { status: 204 };
    },
  }),
  route({
    method: "POST",
    path: `${path}/{id}/rotate`,
    id: "rotateWebhookSecret",
    summary: "A new secret; the one before signs beside it for 24 hours",
    tag: "mock",
    params,
    idempotencyKey: "optional",
    answers: { 200: endpointSchema },
    refusals: [404],
    async handle({ merchant, params: { id } }) {
      return { status: 200, body: endpointBody(await webhooksOf(merchant).rotate(id)) };
    },
  }),
  route({
    method: "GET",
    path: "/_mock/deliveries",
    id: "listDeliveries",
    summary: "Every attempt to deliver, made or planned",
    tag: "mock",
    query: deliveriesQuery,
    answers: { 200: pageOf(deliverySchema) },
    async handle({ merchant, query: { event_id: eventId, limit = limitDefault, after } }) {
      const found = await webhooksOf(merchant).attempts({ after, limit: limit + 1, eventId });
      return { status: 200, body: pageBody(found.map(deliveryBody), limit, ({ id }) => id) };
    },
  }),
  route({
    method: "POST",
    path: "/_mock/events/{event}/redeliver",
    id: "redeliverEvent",
    summary: "Send an event once more to every endpoint",
    tag: "mock",
    params: z.object({ event: z.string() }),
    idempotencyKey: "optional",
    answers: { 202: z.object({ data: z.array(deliverySchema) }) },
    refusals: [404, 422],
    async handle({ merchant, params: { event } }) {
      const planned = await webhooksOf(merchant).redeliver(event);
      return { status: 202, body: { data: planned.map(deliveryBody) } };
    },
  }),
];
