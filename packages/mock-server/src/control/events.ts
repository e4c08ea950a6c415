/** The book's own events in the order of their positions: in pages, and as they come. */
import { type RecordedEvent, recordedEvents } from "@tallystick/core";
import { z } from "zod";
import { eventStream, type StreamMessage } from "../http/event-stream.ts";
import { invalid } from "../http/problem.ts";
import { type AnyRoute, route } from "../http/route.ts";
import type { Merchant } from "../merchant/merchant.ts";
import { eventBody, eventSchema } from "../wire/event.ts";
import { countedPageQuery, limitDefault, pageBody, pageOf } from "../wire/list.ts";

const eventsAfter = async (
  { store, book }: Merchant,
  afterPosition: number,
  count: number,
): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const batch of store.readBook(book, { afterPosition })) {
    events.push(...batch.slice(0, count - events.length));
    if (events.length >= count) break;
  }
  return events;
};

/** The position that a stream goes on behind. A header that a browser sends by itself goes before the query. */
const resumedAfter = (header: string | null, after: number): number => {
  if (header === null || header === "") return after;
  if (/^\d{1,15}$/.test(header)) return Number(header);
  throw invalid([{ field: "Last-Event-ID", message: "must be the position of an event" }]);
};

/**
 * What is behind a position, then what comes. A position beyond the end of the book is of a book that
 * is no more, so all of this one is sent.
 */
async function* follow(
  merchant: Merchant,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<StreamMessage, void, undefined> {
  const { store, book } = merchant;
  merchant.users += 1;
  try {
    const head = await store.head(book);
    const afterPosition = after > (head?.position ?? 0) ? 0 : after;
    for await (const commit of store.subscribe(book, { afterPosition, signal }))
      for (const event of recordedEvents(commit))
        if (event.position > afterPosition) yield { id: event.position, data: eventBody(event) };
  } finally {
    merchant.users -= 1;
  }
}

export const eventRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/_mock/events",
    id: "listEvents",
    summary: "List the book's events by position",
    tag: "mock",
    query: z.strictObject(countedPageQuery),
    answers: { 200: pageOf(eventSchema) },
    async handle({ merchant, query: { after = 0, limit = limitDefault } }) {
      const events = await eventsAfter(merchant, after, limit + 1);
      const page = pageBody(events, limit, ({ position }) => position);
      return { status: 200, body: { ...page, data: page.data.map(eventBody) } };
    },
  }),
  route({
    method: "GET",
    path: "/_mock/events/stream",
    id: "streamEvents",
    summary: "The same as server-sent events, then those that come; goes on behind Last-Event-ID",
    tag: "mock",
    query: z.strictObject({ after: countedPageQuery.after }),
    answers: { 200: undefined },
    media: { answer: "text/event-stream" },
    async handle({ merchant, request, query: { after = 0 } }) {
      const from = resumedAfter(request.headers.get("last-event-id"), after);
      const { streams } = merchant;
      const response = eventStream((signal) => follow(merchant, from, signal), streams.signal);
      return { status: 200, response };
    },
  }),
];
