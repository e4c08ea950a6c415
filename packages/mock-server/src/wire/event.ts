/** Events of a book on the wire, as the mock's own control API has them: whole, in snake_case. */
import { type EventType, eventCatalogue, type RecordedEvent, toSnakeCase } from "@tallystick/core";
import { z } from "zod";
import { eventId, instant } from "./fields.ts";

export const eventSchema = z
  .object({
    id: eventId,
    type: z.enum(Object.keys(eventCatalogue) as [EventType, ...EventType[]]),
    schema_version: z.int().min(1),
    stream_id: z.string().meta({ description: "Such as `bill/bill_…`." }),
    revision: z.int().min(1).meta({ description: "In the stream, from 1." }),
    position: z.int().min(1).meta({ description: "In the book, from 1 and without gaps." }),
    recorded_at: instant,
    effective_at: instant,
    correlation_id: z.string().optional(),
    causation_id: z.string().optional(),
    actor: z.string().optional(),
    idempotency_key: z.string().optional(),
    data: z.record(z.string(), z.unknown()),
    personal: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "Event" });

/** Only names of members change; metadata is the merchant's own. */
export const eventBody = (event: RecordedEvent): z.input<typeof eventSchema> =>
  toSnakeCase(event) as z.input<typeof eventSchema>;
