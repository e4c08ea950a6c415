/** Webhook endpoints and attempts to deliver, as the control API has them. */
import { secretKey } from "@tallystick/adapters/webhooks";
import { instantOfMs } from "@tallystick/core";
import { z } from "zod";
import { bodySchema } from "../http/route.ts";
import { attemptId, type NumberedAttempt, numberOfId } from "../webhooks/attempt.ts";
import type { Endpoint } from "../webhooks/endpoint.ts";
import * as field from "./fields.ts";

const urlMax = 2048;
const secretMax = 255;

const isWebUrl = (text: string): boolean => {
  const url = URL.parse(text);
  return (
    (url?.protocol === "http:" || url?.protocol === "https:") &&
    url.username === "" &&
    url.password === ""
  );
};

/** Where webhooks may go. */
export const webhookUrl = z
  .string()
  .max(urlMax)
  .refine(isWebUrl, { error: "must be an http or https URL without a user name" })
  .meta({ override: { type: "string", format: "uri", maxLength: urlMax } });

const isSecret = (text: string): boolean => {
  try {
    secretKey(text);
    return true;
  } catch {
    return false;
  }
};

/** What deliveries are signed with (D-36). */
export const webhookSecret = z
  .string()
  .max(secretMax)
  .refine(isSecret, { error: "must be whsec_ and the base64 of 24 to 64 bytes, or a plain text" })
  .meta({
    description: "`whsec_` and base64; a text without the prefix is a key by its UTF-8 bytes.",
    override: { type: "string", minLength: 1, maxLength: secretMax },
  });

export const createEndpointBody = bodySchema((object) =>
  object({ url: webhookUrl, secret: webhookSecret.optional() }),
);

const endpointIdPattern = /^we_[0-9a-f]{24}$/;
export const endpointId = z
  .string()
  .meta({ override: { type: "string", pattern: endpointIdPattern.source } });

export const endpointSchema = z
  .object({ id: endpointId, url: webhookUrl, secret: z.string() })
  .meta({ id: "WebhookEndpoint" });

/** The secret in force. */
export const endpointBody = ({ id, url, secrets }: Endpoint): z.input<typeof endpointSchema> => ({
  id,
  url,
  secret: secrets[0].secret,
});

export const deliverySchema = z
  .object({
    id: z.string().meta({ description: "A cursor." }),
    event_id: field.eventId,
    endpoint_id: endpointId,
    attempt: z.int().min(1).meta({ description: "Counts the attempts of the event there." }),
    status: z.enum(["succeeded", "failed", "pending"]),
    response_status: z.int().optional().meta({ description: "Absent where nothing was answered." }),
    at: field.instant.meta({
      description: "When it was made; of a pending one, when it is due.",
    }),
    next_attempt_at: field.instant.optional(),
  })
  .meta({ id: "Delivery", description: "One attempt, made or planned." });

export const deliveryBody = (attempt: NumberedAttempt): z.input<typeof deliverySchema> => {
  const { responseStatus, atMs, nextAtMs } = attempt;
  return {
    id: attemptId(attempt.number),
    event_id: attempt.eventId,
    endpoint_id: attempt.endpointId,
    attempt: attempt.attempt,
    status: attempt.status,
    ...(responseStatus === undefined ? {} : { response_status: responseStatus }),
    at: instantOfMs(atMs),
    ...(nextAtMs === undefined ? {} : { next_attempt_at: instantOfMs(nextAtMs) }),
  };
};

/** A cursor of the list of deliveries, as the number that it stands for. */
export const deliveryCursor = z
  .string()
  .transform((text, context): number => {
    const number = numberOfId(text);
    if (number !== undefined) return number;
    context.addIssue({ code: "custom", message: "must be the next of the page before" });
    return z.NEVER;
  })
  .meta({ description: "`next` of the page before.", override: { type: "string" } });
