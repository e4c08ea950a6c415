/**
 * What is tried again, and when. Pure: an attempt and what it came to go in, an advice comes out.
 *
 * | what came of it | retrieve | create, void | update |
 * |---|---|---|---|
 * | 429: refused before it was looked at | again | again | again |
 * | no answer, 500, 502, 503, 504 | again | again, same key | **no** |
 * | a 5xx that is replayed: the key stands for it (spec 2.3) | again | no | no |
 * | 409, if the key may be at work already (D-07) | no | again, same key | no |
 * | anything else | no | no | no |
 *
 * An update carries no key. It sets absolute values, so sending it twice in a row is harmless; but
 * between a lost answer and a second sending a payment may lower the balance, and the second sending
 * would raise it again. So an update is repeated only where it is certain that it was not begun.
 */

/** What a call may do at Moment: nothing, one thing per key, or a change without a key. */
export type CallKind = "read" | "keyed" | "update";

/** What came of an attempt that was not a success. */
export type Outcome =
  | { readonly kind: "no_answer" }
  | {
      readonly kind: "answer";
      readonly status: number;
      /** The answer is the stored one of an earlier request with this key. */
      readonly replayed: boolean;
      /** What `Retry-After` asks for, in milliseconds from now. */
      readonly retryAfterMs: number | undefined;
    };

/** How often and how fast. */
export interface RetryOptions {
  /** Attempts in all, the first included: 1 to 10. 1 repeats nothing. Default 4. */
  readonly attempts?: number | undefined;
  /**
   * The pause before the second attempt is drawn from 0 to this many milliseconds, and the bound
   * doubles with each attempt (full jitter). Default 500.
   */
  readonly baseMs?: number | undefined;
  /** Where the doubling ends, in milliseconds. Default 8000. */
  readonly maxMs?: number | undefined;
}

export type RetryPolicy = { readonly [Key in keyof RetryOptions]-?: number };

export const retryDefaults: RetryPolicy = { attempts: 4, baseMs: 500, maxMs: 8000 };

/** A `Retry-After` beyond a minute is left to the caller: the call fails and tells it. */
export const retryAfterMaxMs = 60_000;

const passing: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** Whether the call may have been begun at Moment without our knowing its end. */
export const leavesDoubt = (outcome: Outcome): boolean =>
  outcome.kind === "no_answer" || outcome.status >= 500;

export interface Tried {
  readonly call: CallKind;
  readonly outcome: Outcome;
  /** Another request with the same key may be at work: an attempt in doubt, or a key that the caller chose. */
  readonly keyAtWork: boolean;
}

/** Whether the same request may be sent again without any risk of doing twice or undoing. */
export const mayRepeat = ({ call, outcome, keyAtWork }: Tried): boolean => {
  if (outcome.kind === "no_answer") return call !== "update";
  const { status, replayed } = outcome;
  if (status === 429) return true;
  if (passing.has(status)) return call === "read" || (call === "keyed" && !replayed);
  return status === 409 && call === "keyed" && keyAtWork && !replayed;
};

/**
 * Milliseconds to wait after attempt number `attempt` (from 1), or undefined to give up. `random` is
 * from 0 to 1. What `Retry-After` asks for is the least, with the jitter on top.
 */
export const pauseBefore = (
  tried: Tried & { readonly attempt: number; readonly random: number },
  { attempts, baseMs, maxMs }: RetryPolicy,
): number | undefined => {
  const { attempt, random, outcome } = tried;
  if (attempt >= attempts || !mayRepeat(tried)) return undefined;
  const asked = outcome.kind === "answer" ? (outcome.retryAfterMs ?? 0) : 0;
  if (asked > retryAfterMaxMs) return undefined;
  return asked + random * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
};
