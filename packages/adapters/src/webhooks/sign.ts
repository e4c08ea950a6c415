/**
 * Signing a delivery in the Standard Webhooks layout (spec 6.4): HMAC-SHA256 over
 * `id.timestamp.body`, in base64, prefixed `v1,`. While a key is being rotated every key signs, and
 * the header lists the signatures separated by spaces, the newest key's first (D-36).
 */
import { createHmac } from "node:crypto";
import { faulty } from "../store/faulty.ts";
import { type Secrets, secretKeys } from "./secret.ts";

/** What a signed delivery carries; the names are the wire's own. */
export type SignatureHeaders = {
  readonly "webhook-id": string;
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
};

export type SignOptions = Secrets & {
  /** Names the message, and stays the same over its retries: 1 to 255 visible ASCII characters, no dot or comma. */
  readonly id: string;
  /** Whole seconds since 1970; each retry has a fresh one. */
  readonly timestamp: number;
  /** The body as it will be sent, to the byte. A text is sent as UTF-8. */
  readonly body: string | Uint8Array;
};

// A dot would let another id, timestamp and body have the same signature; a comma reads as two headers.
const idPattern = /^[\x21-\x2b\x2d\x2f-\x7e]{1,255}$/;
const timestampMax = 99_999_999_999;

/** The base64 of one signature. `timestamp` is the header's own text, so that nothing is read into it. */
export const signatureOf = (
  key: Uint8Array,
  { id, timestamp, body }: { id: string; timestamp: string; body: string | Uint8Array },
): string => createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");

/** The three headers to send with the body. */
export const signWebhook = ({ id, timestamp, body, ...secrets }: SignOptions): SignatureHeaders => {
  if (!idPattern.test(id))
    throw faulty("signWebhook", "id", "must be 1 to 255 visible ASCII characters, no dot or comma");
  if (!Number.isInteger(timestamp) || timestamp < 0 || timestamp > timestampMax)
    throw faulty("signWebhook", "timestamp", "must be whole seconds since 1970, not milliseconds");
  const signed = { id, timestamp: String(timestamp), body };
  return {
    "webhook-id": id,
    "webhook-timestamp": signed.timestamp,
    "webhook-signature": secretKeys(secrets as Secrets)
      .map((key) => `v1,${signatureOf(key, signed)}`)
      .join(" "),
  };
};
