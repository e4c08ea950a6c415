/**
 * The receiving end of Moment's webhooks: a function from `Request` to `Response` on web standards.
 *
 * Promises: nothing is acknowledged that is not recorded, and nothing is recorded twice. A 2xx is
 * answered only once the ledger holds the payment as durably as its store can. A payment that breaks
 * a rule, or fits nothing, is recorded all the same, since the money has moved. Deliveries may come
 * in any order, and before the objects that they name.
 *
 * | delivery | answer | counted |
 * |---|---|---|
 * | not verified: no, wrong or old signature | 401 | rejected |
 * | applied | 200 | applied, and flagged if it broke a rule |
 * | the same payment again | 200 | duplicates |
 * | unknown target, other currency, voided bill, other amount than before | 200 | suspended |
 * | another event type | 200 | ignored |
 * | signed and unreadable, or a sum beyond ±10^15 | 422 and a dead letter | rejected |
 * | larger than the limit | 413 | rejected |
 * | store, or keeper of dead letters, failed | 503 or 500 | not: it comes again |
 * | not a POST | 405 | not: it is no delivery |
 */
import type { Ledger } from "@tallystick/core";
import { faulty } from "../store/faulty.ts";
import { type DeadLetter, deadLetterList, type KeepDeadLetter } from "./dead-letters.ts";
import { readRawBody } from "./raw-body.ts";
import {
  type Delivery,
  type Received,
  type ReceivedPayment,
  receive,
  tooLarge,
} from "./receive.ts";
import { answered, failed, methodNotAllowed } from "./responses.ts";
import { type Secrets, secretKeys } from "./secret.ts";
import { requireTolerance } from "./verify.ts";

const bodyLimitDefault = 1_048_576;

export type WebhookReceiverOptions = Secrets & {
  readonly ledger: Ledger;
  /** How far `webhook-timestamp` may lie from the clock, both ways; see `VerifyInput`. Default 180000. */
  readonly toleranceMs?: number | undefined;
  /** The clock of the signature check, in milliseconds since 1970. Default: that of the ledger's store. */
  readonly now?: (() => number) | undefined;
  /** The largest body that is read, included. Deliveries have some hundred bytes. Default 1 MiB. */
  readonly bodyLimitBytes?: number | undefined;
  /**
   * Called once a payment lies in suspense, and awaited before the answer: a slow hook makes the
   * sender wait and try again, which has no effect. At most once for each payment: it is not called
   * again if the process dies in between, so what must not be missed is read from the ledger
   * (`listSuspense`, or the store's feed). If it throws, `onError` hears of it and the answer stays.
   */
  readonly onSuspended?: ((received: ReceivedPayment) => void | Promise<void>) | undefined;
  /** Called once a payment that broke a rule is recorded; everything else as with `onSuspended`. */
  readonly onViolation?: ((received: ReceivedPayment) => void | Promise<void>) | undefined;
  /**
   * Keeps a dead letter. Awaited before the answer; if it throws, the answer is 500 and the sender
   * tries again. A delivery that is tried again is handed over again. Without it, the last 100 are
   * kept in `receiver.deadLetters` and go with the process. `fileDeadLetters` keeps them on disk.
   */
  readonly onDeadLetter?: KeepDeadLetter | undefined;
  /**
   * Hears of everything that stood behind a 5xx, and of hooks that threw. Without it, Node's
   * warnings do.
   */
  readonly onError?: ((error: unknown) => void | Promise<void>) | undefined;
};

/** How many deliveries ended how; `deliveries` is the sum of the five below it. */
export interface ReceiverCounts {
  readonly deliveries: number;
  readonly applied: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly suspended: number;
  readonly ignored: number;
  /** Of those applied, the ones that broke a rule. */
  readonly flagged: number;
}

export interface WebhookReceiver {
  /** Answers a request; never rejects. */
  (request: Request): Promise<Response>;
  /**
   * The same for a delivery that did not come over HTTP, with what became of it as a value. Rejects
   * where the function would answer 5xx.
   */
  readonly receive: (delivery: Delivery) => Promise<Received>;
  /** Since the receiver was made; the same object, kept up to date. */
  readonly counts: ReceiverCounts;
  /** The last 100, oldest first; empty where `onDeadLetter` is given. */
  readonly deadLetters: readonly DeadLetter[];
}

const countOf = {
  applied: "applied",
  duplicate: "duplicates",
  suspended: "suspended",
  ignored: "ignored",
  rejected: "rejected",
} as const satisfies Record<Received["outcome"], keyof ReceiverCounts>;

/** Without a listener an error must still be seen, and must still not change an answer. */
const warn = (error: unknown): void =>
  process.emitWarning(error instanceof Error ? error : String(error), "TallystickWebhook");

/**
 * Makes a receiver. `INVALID_INPUT` at once for secrets, a window or a limit that make no sense.
 *
 * @example
 * const receiver = createWebhookReceiver({
 *   ledger,
 *   secret,
 *   onSuspended: ({ payment }) => console.log(`${payment.id} waits in suspense: ${payment.reason}`),
 *   onViolation: ({ payment }) => console.log(`${payment.id} broke ${payment.violations.join(", ")}`),
 *   onDeadLetter: fileDeadLetters(`${path}.dead-letters.jsonl`),
 * });
 */
export const createWebhookReceiver = (options: WebhookReceiverOptions): WebhookReceiver => {
  const { ledger, toleranceMs, bodyLimitBytes = bodyLimitDefault } = options;
  const { onSuspended, onViolation, onDeadLetter, onError = warn } = options;
  requireTolerance("createWebhookReceiver", toleranceMs);
  if (!Number.isSafeInteger(bodyLimitBytes) || bodyLimitBytes < 1)
    throw faulty("createWebhookReceiver", "bodyLimitBytes", "must be a whole number, 1 or more");

  const { letters, keep } = deadLetterList();
  const context = {
    ledger,
    keys: secretKeys(options),
    toleranceMs,
    now: options.now ?? (() => ledger.store.host.now()),
    bodyLimitBytes,
    keepDeadLetter: onDeadLetter ?? keep,
  };
  const counts = {
    deliveries: 0,
    applied: 0,
    duplicates: 0,
    rejected: 0,
    suspended: 0,
    ignored: 0,
    flagged: 0,
  };

  const count = ({ outcome, flagged }: Received): void => {
    counts.deliveries += 1;
    counts[countOf[outcome]] += 1;
    if (flagged) counts.flagged += 1;
  };

  /** Runs what the user handed in; whatever it throws changes nothing. */
  const report = async (error: unknown): Promise<void> => {
    try {
      await onError(error);
    } catch (second) {
      warn(second);
    }
  };
  const tell = async (
    hook: ((received: ReceivedPayment) => void | Promise<void>) | undefined,
    reported: ReceivedPayment | undefined,
  ): Promise<void> => {
    try {
      if (reported !== undefined) await hook?.(reported);
    } catch (error) {
      await report(error);
    }
  };

  const receiveOne = async (delivery: Delivery): Promise<Received> => {
    const { received, reported } = await receive(context, delivery);
    count(received);
    // Neither holds for a duplicate: each payment is told of once.
    if (received.outcome === "suspended") await tell(onSuspended, reported);
    if (received.flagged) await tell(onViolation, reported);
    return received;
  };

  const answer = async (request: Request): Promise<Response> => {
    if (request.method !== "POST") return methodNotAllowed(request.method);
    try {
      const body = await readRawBody(request, bodyLimitBytes);
      if (body !== undefined) return answered(await receiveOne({ headers: request.headers, body }));
      const received = tooLarge(bodyLimitBytes);
      count(received);
      return answered(received);
    } catch (error) {
      await report(error);
      return failed(error);
    }
  };

  return Object.assign(answer, { receive: receiveOne, counts, deadLetters: letters });
};
