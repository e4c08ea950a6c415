/** The book's own events by position: page by page, and live. */
import { type RecordedEvent, recordedEvents, toSnakeCase } from "@tallystick/core";
import { z } from "zod";
import { invalid } from "../http/problem.ts";
import { type AnyRoute, route } from "../http/route.ts";
import type { Merchant } from "../merchant/merchant.ts";

const position = z.coerce.number().int().min(0);

/** As it is stored, in snake_case; the salt of what is personal stays with the book. */
const eventBody = (event: RecordedEvent): unknown => {
  const { salt: _, ...told } = event as RecordedEvent & { readonly salt?: string };
  return toSnakeCase(told);
};

const eventSchema = z
  .looseObject({ id: z.string(), type: z.string(), position: z.int(), data: z.looseObject({}) })
  .meta({ id: "RecordedEvent", description: "docs/events.md says what each type holds." });

const pageAfter = async (
  { store, book }: Merchant,
  afterPosition: number,
  limit: number,
): Promise<{ data: unknown[]; next?: number }> => {
  const events: RecordedEvent[] = [];
  for await (const batch of store.readBook(book, { afterPosition })) {
    events.push(...batch);
    if (events.length > limit) break;
  }
  const data = events.slice(0, limit);
  const last = data.at(-1);
  const more = events.length > limit && last !== undefined;
  return { data: data.map(eventBody), ...(more ? { next: last.position } : {}) };
};

/** Server-sent events, each with its position as its id; ends with the caller, a reset, or the server. */
const streamAfter = (
  { store, book, streams }: Merchant,
  afterPosition: number,
  caller: AbortSignal,
): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder();
  const gone = new AbortController();
  const signal = AbortSignal.any([streams.signal, caller, gone.signal]);
  const commits = store.subscribe(book, { afterPosition, signal })[Symbol.asyncIterator]();
  let isOpened = false;
  return new ReadableStream({
    // Asked for the next commit only when the last was taken: a slow reader costs no memory.
    async pull(controller) {
      if (!isOpened) {
        isOpened = true;
        controller.enqueue(encoder.encode(": open\n\n"));
        return;
      }
      const { done, value } = await commits.next();
      if (done === true) {
        controller.close();
        return;
      }
      const text = recordedEvents(value)
        .filter((event) => event.position > afterPosition)
        .map((event) => `id: ${event.position}\ndata: ${JSON.stringify(eventBody(event))}\n\n`)
        .join("");
      controller.enqueue(encoder.encode(text));
    },
    cancel: () => gone.abort(),
  });
};

export const eventRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/_mock/events",
    id: "listEvents",
    summary: "The book's events by position",
    tag: "mock",
    query: z.object({
      after: position.default(0),
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
    answers: { 200: z.object({ data: z.array(eventSchema), next: z.int().optional() }) },
    handle: async ({ merchant, query: { after, limit } }) => ({
      status: 200,
      body: await pageAfter(merchant, after, limit),
    }),
  }),
  route({
    method: "GET",
    path: "/_mock/events/stream",
    id: "streamEvents",
    summary: "The book's events, live, resumed behind Last-Event-ID",
    tag: "mock",
    query: z.object({ after: position.optional() }),
    answers: { 200: z.string() },
    async handle({ merchant, query, signal, headers }) {
      const last = position.safeParse(headers.get("last-event-id") ?? query.after ?? 0);
      if (!last.success)
        throw invalid([{ field: "last-event-id", message: "must be a position of the book" }]);
      const body = streamAfter(merchant, last.data, signal);
      const told = { "content-type": "text/event-stream", "cache-control": "no-store" };
      return { status: 200, response: new Response(body, { headers: told }) };
    },
  }),
];
