/**
 * How a call of the Moment API fails: a `LedgerError` whose code says what the caller may do, and
 * whose detail says what Moment said. Codes follow the status, which is documented, and not the word
 * in the body, which is not (D-09).
 *
 * Nothing in it holds the secret key: not the message, not the detail, and no `cause` is kept, since
 * an error of somebody's `fetch` may carry the headers of its request.
 */
import { type ErrorCode, type Fault, isLedgerError, LedgerError } from "@tallystick/core";
import type { Problem } from "./problem.ts";
import type { CallKind, Outcome } from "./retry-policy.ts";

export type MomentErrorCode = Extract<ErrorCode, `MOMENT_${string}`>;

/** The facts of a failed call. */
export interface MomentFailure {
  readonly method: string;
  /** Without the host: `/billing/bills/BILL-0317`. */
  readonly path: string;
  /** Of the last answer; absent if none came. */
  readonly status?: number;
  readonly problem?: Problem;
  /** The first 200 characters of an answer that was not JSON. */
  readonly body?: string;
  /** What is wrong with an answer that was. */
  readonly faults?: readonly Fault[];
  /** The key of a create or a void: repeat the call with it. */
  readonly idempotencyKey?: string;
  /** The last answer was the stored one of an earlier request with that key. */
  readonly replayed: boolean;
  /** How often it was sent, 1 or more. */
  readonly attempts: number;
  /** What the last answer's `Retry-After` asks for, in milliseconds. */
  readonly retryAfterMs?: number;
}

export class MomentApiError extends LedgerError {
  declare readonly code: MomentErrorCode;
  declare readonly detail: Readonly<Record<string, unknown>> & MomentFailure;

  constructor(code: MomentErrorCode, message: string, failure: MomentFailure) {
    super(code, message, { detail: { ...failure } });
  }
}

/** Whether `error` is a failed call of the Moment API, of this code if one is named. Works across package copies. */
export const isMomentApiError = (error: unknown, code?: MomentErrorCode): error is MomentApiError =>
  isLedgerError(error, code) && error.code.startsWith("MOMENT_");

const refusals: ReadonlyMap<number, MomentErrorCode> = new Map([
  [401, "MOMENT_UNAUTHORIZED"],
  [402, "MOMENT_UNPROCESSABLE"],
  [403, "MOMENT_FORBIDDEN"],
  [404, "MOMENT_NOT_FOUND"],
  [409, "MOMENT_CONFLICT"],
  [422, "MOMENT_UNPROCESSABLE"],
]);

/** Answers that are given without a look at what the key stands for (D-08). */
const saysNothingOfTheKey = (outcome: Outcome & { readonly kind: "answer" }): boolean =>
  [401, 403, 429].includes(outcome.status) || (outcome.status === 409 && !outcome.replayed);

/**
 * The code of a call that is given up. `inDoubt`: an earlier attempt may have been begun at Moment.
 * A refusal ends the doubt only if the key was looked up for it.
 */
export const failureCode = (
  call: CallKind,
  outcome: Outcome,
  inDoubt: boolean,
): MomentErrorCode => {
  const isAnswer = outcome.kind === "answer";
  if (call === "keyed" && inDoubt && isAnswer && saysNothingOfTheKey(outcome))
    return "MOMENT_OUTCOME_UNKNOWN";
  if (isAnswer && outcome.status === 429) return "MOMENT_UNAVAILABLE";
  if (isAnswer && outcome.status < 500)
    return refusals.get(outcome.status) ?? "MOMENT_INVALID_REQUEST";
  if (call === "read") return "MOMENT_UNAVAILABLE";
  const isStored = isAnswer && outcome.replayed;
  return call === "keyed" && !isStored ? "MOMENT_OUTCOME_UNKNOWN" : "MOMENT_STATE_UNKNOWN";
};

/** The next step, where the code alone does not suggest it. */
export const nextSteps: Partial<Record<MomentErrorCode, string>> = {
  MOMENT_OUTCOME_UNKNOWN: "it may have been done: repeat it with the same idempotency key",
  MOMENT_STATE_UNKNOWN: "it may have been done: retrieve the object before you ask again",
  MOMENT_ANSWER_UNREADABLE: "what was asked for may have been done: look before you ask again",
};
