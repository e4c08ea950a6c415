/**
 * Short hashes that claims, streams and idempotency keys are found by: 52 bits, so that they fit an
 * integer on both sides. Not secret and not unique: whoever finds a row by one compares the key
 * itself. The seed differs from book to book, so that nobody can prepare keys that collide.
 */
import type { ClaimKey } from "@tallystick/core";

/** Two 32-bit halves that mix every character of the text (the cyrb53 construction). */
const halves = (seed: number, text: string): readonly [number, number] => {
  let [a, b] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return [a >>> 0, b >>> 0];
};

const lowBits = 2 ** 20;

const joined = (high: number, low: number): number => high * lowBits + (low % lowBits);

export const keyHash = (seed: number, key: string): number => {
  const [high, low] = halves(seed, key);
  return joined(high, low);
};

/** The hashes of every claim on a payment lie from the first of these up to and with the second. */
export const paymentHashes = (seed: number, paymentId: string): readonly [number, number] => {
  const [high] = halves(seed, `payment/${paymentId}`);
  return [joined(high, 0), joined(high, lowBits - 1)];
};

/** Claims on one payment lie side by side, so that they are found together. */
export const claimHash = (seed: number, claim: ClaimKey): number => {
  const [form, paymentId] = claim.split("/", 2);
  if (form !== "payment" && form !== "applied") return keyHash(seed, claim);
  return joined(halves(seed, `payment/${paymentId}`)[0], halves(seed, claim)[1]);
};
