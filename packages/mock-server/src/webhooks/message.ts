/** What is sent: the body of an event, and its headers, made anew for each attempt (spec 6.2 to 6.4). */
import { createHash } from "node:crypto";
import { signWebhook } from "@tallystick/adapters/webhooks";
import { invariant } from "@tallystick/core";
import type { WebhookEffect } from "../merchant/faults.ts";
import type { Merchant } from "../merchant/merchant.ts";
import { amountAppliedBody, isAmountApplied } from "../wire/payment.ts";
import type { Attempt } from "./attempt.ts";
import { type Endpoint, secretsAt } from "./endpoint.ts";

/** How far back a stale timestamp lies, in milliseconds; receivers forgive three minutes. */
const staleMs = 60 * 60 * 1000;

/** The body of an attempt's event, to the byte the same each time. */
export const bodyOf = async (
  { store, book }: Merchant,
  { eventId, streamId, revision }: Attempt,
): Promise<string> => {
  const range = { afterRevision: revision - 1, upToRevision: revision };
  for await (const [event] of store.readStream(book, streamId as `customer/${string}`, range))
    if (event !== undefined && isAmountApplied(event))
      return JSON.stringify(await amountAppliedBody(store, book, event));
  return invariant(false, `${streamId} has no ${eventId} at ${revision}`) as never;
};

/** Somebody else's secret. */
const wrongSecret = (secret: string): string =>
  `whsec_${createHash("sha256").update(secret).digest("base64")}`;

export interface Signing {
  readonly endpoint: Endpoint;
  readonly eventId: string;
  readonly body: string;
  /** The merchant's clock, in milliseconds since 1970. */
  readonly nowMs: number;
  /** The clock that stands in the timestamp. */
  readonly signedAtMs: number;
  readonly effect: WebhookEffect | undefined;
}

export const headersOf = ({
  endpoint,
  eventId,
  body,
  nowMs,
  signedAtMs,
  effect,
}: Signing): Readonly<Record<string, string>> => {
  const secrets = secretsAt(endpoint, nowMs);
  const atMs = effect === "stale_timestamp" ? signedAtMs - staleMs : signedAtMs;
  return signWebhook({
    id: eventId,
    timestamp: Math.max(0, Math.floor(atMs / 1000)),
    body,
    secrets: effect === "bad_signature" ? secrets.map(wrongSecret) : secrets,
  });
};
