/**
 * One delivery, from its raw body to what became of it: verify, read, record, and only then answer.
 * Knows nothing of HTTP but the status that says how the sender is to take it.
 */
import {
  type ErrorCode,
  errorCatalogue,
  type Instant,
  instantOfMs,
  isLedgerError,
  type Ledger,
  type LedgerError,
  msOfInstant,
  type PaymentOutcome,
  parseInstant,
} from "@tallystick/core";
import { faulty } from "../store/faulty.ts";
import { bodyText, type DeadLetter, type KeepDeadLetter } from "./dead-letters.ts";
import { type AmountApplied, readEnvelope } from "./envelope.ts";
import { headerValues, type WebhookHeaders } from "./headers.ts";
import { type Verified, type VerifyReason, verifyWithKeys } from "./verify.ts";

export interface Delivery {
  readonly headers: WebhookHeaders;
  /** The body as it came, to the byte. A text is taken as UTF-8. */
  readonly body: string | Uint8Array;
  /**
   * When it arrived: milliseconds since 1970, or ISO 8601 with a zone. Default: the receiver's clock.
   * It is the clock of the signature check and of nothing else, so that a recorded delivery can be
   * received again later. Never take it from the delivery itself: that would let any recording pass.
   */
  readonly receivedAt?: number | string | undefined;
}

/** What became of a delivery. */
export interface Received {
  readonly outcome: /** Recorded on its obligation. */
    | "applied"
    /** The payment was here before, applied or in suspense; nothing was written. */
    | "duplicate"
    /** Recorded, and fits nothing yet; `reason` is the ledger's. */
    | "suspended"
    /** An event of another type. */
    | "ignored"
    /** Not recorded: not verified (401), too large (413), or a dead letter (422). */
    | "rejected";
  /** The HTTP status of the answer. */
  readonly status: 200 | 401 | 413 | 422;
  /** Stable: a `VerifyReason`, `body_too_large`, a dead letter's reason, `other_event_type`, or a reason of suspense. */
  readonly reason?: string;
  /** The same in prose. */
  readonly detail?: string;
  /** Applied now, though it broke a rule of the obligation; `payment.violations` says which. */
  readonly flagged: boolean;
  /** `webhook-id`, once verified. */
  readonly webhookId?: string;
  /** What the ledger knows of the payment; for a duplicate, what became of it the first time. */
  readonly payment?: PaymentOutcome;
  /** Members of the payment's metadata that no book can keep, by path; only where there are any. */
  readonly metadataDropped?: readonly string[];
}

/** A payment as a delivery reported it and as the ledger took it, for the hooks. */
export interface ReceivedPayment {
  readonly webhookId: string;
  readonly event: AmountApplied;
  readonly payment: PaymentOutcome;
}

export interface ReceiveContext {
  readonly ledger: Pick<Ledger, "recordPayment">;
  readonly keys: readonly Uint8Array[];
  readonly toleranceMs: number | undefined;
  readonly now: () => number;
  readonly bodyLimitBytes: number;
  readonly keepDeadLetter: KeepDeadLetter;
}

const rejected = (status: 401 | 413 | 422, reason: string, detail: string): Received => ({
  outcome: "rejected",
  status,
  reason,
  detail,
  flagged: false,
});

export const tooLarge = (limitBytes: number): Received =>
  rejected(413, "body_too_large", `the body has more than ${limitBytes} bytes`);

const notVerified = (reason: VerifyReason, detail: string): Received =>
  rejected(401, reason, detail);

const arrivalMs = (receivedAt: number | string): number => {
  const instant = typeof receivedAt === "string" ? parseInstant(receivedAt) : undefined;
  const ms = instant === undefined ? receivedAt : msOfInstant(instant);
  if (typeof ms !== "number" || !Number.isSafeInteger(ms))
    throw faulty(
      "receive",
      "receivedAt",
      "must be milliseconds since 1970, or ISO 8601 with a zone",
    );
  return ms;
};

const byteLength = (body: string | Uint8Array): number =>
  typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;

/** The ledger cannot take what the delivery says, and trying again changes nothing. */
const isInputFault = (error: unknown): error is LedgerError =>
  isLedgerError(error) && errorCatalogue[error.code as ErrorCode]?.kind === "input";

interface Arrived {
  readonly delivery: Delivery;
  readonly receivedAt: Instant;
}

const deadLetter = (
  { delivery: { headers, body }, receivedAt }: Arrived,
  why: Pick<DeadLetter, "reason" | "message" | "faults">,
): DeadLetter => {
  const [id = "", timestamp = "", signature = ""] = [
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
  ].map((name) => headerValues(headers, name)[0]);
  return {
    receivedAt,
    headers: {
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": signature,
    },
    ...bodyText(body),
    ...why,
  };
};

/**
 * Receives one delivery. Resolves once what it did is as durable as the store can make it; throws
 * what the store or the keeper of dead letters threw, and then nothing may be acknowledged.
 */
export const receive = async (
  { ledger, keys, toleranceMs, now, bodyLimitBytes, keepDeadLetter }: ReceiveContext,
  delivery: Delivery,
): Promise<{ readonly received: Received; readonly reported?: ReceivedPayment }> => {
  const { headers, body } = delivery;
  const arrivedMs = arrivalMs(delivery.receivedAt ?? now());
  if (byteLength(body) > bodyLimitBytes) return { received: tooLarge(bodyLimitBytes) };

  const verified: Verified = verifyWithKeys(keys, { headers, body, now: arrivedMs, toleranceMs });
  if (!verified.ok) return { received: notVerified(verified.reason, verified.detail) };
  const { id: webhookId, timestamp } = verified;

  const bury = async (why: Pick<DeadLetter, "reason" | "message" | "faults">) => {
    await keepDeadLetter(deadLetter({ delivery, receivedAt: instantOfMs(arrivedMs) }, why));
    return { received: { ...rejected(422, why.reason, why.message), webhookId } };
  };

  const read = readEnvelope(body);
  if (read.kind === "unreadable")
    return bury({ reason: "unreadable", message: read.message, faults: read.faults });
  if (read.kind === "other") {
    const detail = `${read.event.type} moves no money`;
    return {
      received: {
        outcome: "ignored",
        status: 200,
        reason: "other_event_type",
        detail,
        flagged: false,
        webhookId,
      },
    };
  }

  const { event } = read;
  const { amount, currency, paymentId, metadata, metadataDropped, target } = event;
  const { eventId: sourceEventId, sourceObligationId } = event;
  let recorded: Awaited<ReturnType<typeof ledger.recordPayment>>;
  try {
    // No idempotency key: payment and obligation are the natural key, over messages and retries alike.
    recorded = await ledger.recordPayment(
      { ...target, paymentId, amount, currency, metadata, sourceEventId, sourceObligationId },
      {
        effectiveAt: event.updatedAt ?? instantOfMs(timestamp * 1000),
        causationId: webhookId,
        correlationId: sourceEventId,
      },
    );
  } catch (error) {
    if (!isInputFault(error)) throw error;
    const reason = error.code === "AMOUNT_OUT_OF_RANGE" ? "amount_out_of_range" : "unreadable";
    const faults = (error.detail["faults"] as DeadLetter["faults"] | undefined) ?? [];
    return bury({ reason, message: error.message, faults });
  }

  const { payment, replayed } = recorded;
  const received: Received = {
    outcome: replayed ? "duplicate" : payment.status,
    status: 200,
    ...(payment.reason === undefined ? {} : { reason: payment.reason }),
    flagged: !replayed && payment.violations.length > 0,
    webhookId,
    payment,
    ...(metadataDropped.length === 0 ? {} : { metadataDropped }),
  };
  return { received, reported: { webhookId, event, payment } };
};
