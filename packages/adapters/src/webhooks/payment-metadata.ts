/**
 * The metadata of a payment (D-33), read so that odd metadata never costs the payment.
 *
 * Texts are kept. Any other value is kept as its JSON text: `12` as `"12"`, `{"a":1}` as
 * `"{\"a\":1}"`. What no book can keep is left out, and named: a key that is empty or longer than 255
 * characters, a value that is empty or longer than 5000, NUL or half of a surrogate pair in either,
 * every key after the first 100, and metadata that is not an object at all. Nothing is cut short: half
 * a value would read like a whole one. `null` in place of all the metadata says that there is none.
 */
import type { Metadata } from "@tallystick/core";

const keysMax = 100;
/** Lengths are in characters, which the flag makes the pattern count by. */
const storableKey = /^[^\0\p{Surrogate}]{1,255}$/u;
const storableValue = /^[^\0\p{Surrogate}]{1,5000}$/u;

export interface PaymentMetadata {
  readonly metadata: Metadata;
  /** What was left out, by path, such as `metadata.region`. */
  readonly dropped: readonly string[];
}

/** Nesting so deep that it cannot be written again is as unusable as a text that is too long. */
const jsonText = (value: unknown): string => {
  try {
    return JSON.stringify(value);
  } catch {
    return "";
  }
};

/** Reads what JSON gave for `metadata`. Any key is data, `__proto__` and `constructor` too. */
export const readPaymentMetadata = (value: unknown): PaymentMetadata => {
  if (value === undefined || value === null) return { metadata: {}, dropped: [] };
  if (typeof value !== "object" || Array.isArray(value))
    return { metadata: {}, dropped: ["metadata"] };
  const kept = new Map<string, string>();
  const dropped: string[] = [];
  for (const [key, member] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    const text = typeof member === "string" ? member : jsonText(member);
    if (kept.size < keysMax && storableKey.test(key) && storableValue.test(text))
      kept.set(key, text);
    else dropped.push(`metadata.${key.slice(0, 60)}`);
  }
  // `fromEntries` defines members where an assignment would lose `__proto__`.
  return { metadata: Object.fromEntries(kept), dropped };
};
