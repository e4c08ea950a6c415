/**
 * Whether a delivery comes from someone who holds the secret, and is fresh (spec 6.4). Nothing of its
 * body may be believed before this says so.
 *
 * The signature is over the raw body. A body that was parsed and written again has other bytes, and
 * does not verify.
 */
import { timingSafeEqual } from "node:crypto";
import { faulty } from "../store/faulty.ts";
import { headerValues, type WebhookHeaders } from "./headers.ts";
import { type Secrets, secretKeys } from "./secret.ts";
import { signatureOf } from "./sign.ts";

/** Three minutes each way (WH-08). */
export const toleranceMsDefault = 180_000;

/** Why a delivery is refused, in the order in which it is checked: the first that applies is the one given. */
export type VerifyReason =
  /** One of the three headers is missing, or empty. */
  | "missing_header"
  /** One of them came more than once, or is not of its form. */
  | "malformed_header"
  /** Signed longer ago than the window. */
  | "stale_timestamp"
  /** Signed further ahead of our clock than the window. */
  | "future_timestamp"
  /** No signature of the list was made with one of our keys. */
  | "bad_signature";

export type Verified =
  | {
      readonly ok: true;
      /** `webhook-id`: the same over all retries of a message. */
      readonly id: string;
      /** `webhook-timestamp`, in seconds since 1970. */
      readonly timestamp: number;
    }
  | { readonly ok: false; readonly reason: VerifyReason; readonly detail: string };

export interface VerifyInput {
  readonly headers: WebhookHeaders;
  /** The body as it came, to the byte. A text is taken as UTF-8. */
  readonly body: string | Uint8Array;
  /** When it arrived, in milliseconds since 1970. */
  readonly now: number;
  /**
   * How far the timestamp may lie from `now`, both ways, bound included. A wider window forgives
   * clocks that differ and slow networks; it also lets whoever has recorded a delivery send it again
   * for longer. That would have no effect on the ledger, which knows the payment already. Default
   * three minutes.
   */
  readonly toleranceMs?: number | undefined;
}

const entriesOf = (value: string): readonly string[] =>
  value.split(" ").filter((entry) => entry !== "");

interface HeaderForm {
  readonly name: string;
  readonly fits: (value: string) => boolean;
  readonly form: string;
}

/** No form allows ", ", which is how web `Headers` joins a header that came twice. */
const forms: readonly HeaderForm[] = [
  {
    name: "webhook-id",
    fits: (value) => /^[\x21-\x2b\x2d-\x7e]{1,255}$/.test(value),
    form: "1 to 255 visible ASCII characters without a comma",
  },
  {
    name: "webhook-timestamp",
    fits: (value) => /^(?:0|[1-9]\d{0,10})$/.test(value),
    form: "whole seconds since 1970",
  },
  {
    name: "webhook-signature",
    fits: (value) => entriesOf(value).every((entry) => /^[^\s,]+,[^\s,]+$/.test(entry)),
    form: "entries such as v1,<base64> separated by spaces",
  },
];

type Refused = Extract<Verified, { ok: false }>;

const refused = (reason: VerifyReason, detail: string): Refused => ({ ok: false, reason, detail });

/** The values of the three headers, each of which must be there, once and in its form. */
const readHeaders = (headers: WebhookHeaders): readonly string[] | Refused => {
  const found = forms.map((header) => ({ ...header, values: headerValues(headers, header.name) }));
  for (const { name, values } of found)
    if (values.every((value) => value.trim() === ""))
      return refused("missing_header", `${name} is missing`);
  for (const { name, values, fits, form } of found)
    if (values.length > 1 || !values.every(fits))
      return refused("malformed_header", `${name} must come once, as ${form}`);
  return found.flatMap(({ values }) => values);
};

/** `verifyWebhook` with keys that were read before; `now` and `toleranceMs` in milliseconds. */
export const verifyWithKeys = (
  keys: readonly Uint8Array[],
  { headers, body, now, toleranceMs = toleranceMsDefault }: VerifyInput,
): Verified => {
  const read = readHeaders(headers);
  if ("ok" in read) return read;
  const [id = "", timestamp = "", signatures = ""] = read;

  const ageMs = now - Number(timestamp) * 1000;
  const off = `webhook-timestamp ${timestamp} is ${Math.abs(ageMs)} ms`;
  if (ageMs > toleranceMs)
    return refused("stale_timestamp", `${off} old, and ${toleranceMs} is the most`);
  if (-ageMs > toleranceMs)
    return refused("future_timestamp", `${off} ahead, and ${toleranceMs} is the most`);

  const given = entriesOf(signatures)
    .filter((entry) => entry.startsWith("v1,"))
    .map((entry) => Buffer.from(entry.slice("v1,".length)));
  // The base64 itself is compared: of its last digit two bits carry nothing, and decoding would lose
  // them. Every key and entry is tried, so that the time taken says nothing of which one matched.
  let matches = false;
  for (const key of keys) {
    const expected = Buffer.from(signatureOf(key, { id, timestamp, body }));
    for (const signature of given)
      if (signature.length === expected.length && timingSafeEqual(signature, expected))
        matches = true;
  }
  return matches
    ? { ok: true, id, timestamp: Number(timestamp) }
    : refused("bad_signature", "no v1 signature matches the body and a key");
};

/** Refuses a window that is no number of milliseconds. */
export const requireTolerance = (verb: string, toleranceMs: number | undefined): void => {
  if (toleranceMs !== undefined && (!Number.isSafeInteger(toleranceMs) || toleranceMs < 0))
    throw faulty(verb, "toleranceMs", "must be a whole number of milliseconds, 0 or more");
};

/**
 * Verifies one delivery; a refusal is a value with its reason. `INVALID_INPUT` is thrown only for
 * secrets or a window that make no sense. Several secrets: a signature by any of them will do.
 *
 * It does not say whether the delivery was here before: compare `id`, or let the ledger do it.
 */
export const verifyWebhook = (input: VerifyInput & Secrets): Verified => {
  requireTolerance("verifyWebhook", input.toleranceMs);
  if (!Number.isFinite(input.now))
    throw faulty("verifyWebhook", "now", "must be milliseconds since 1970");
  return verifyWithKeys(secretKeys(input), input);
};
