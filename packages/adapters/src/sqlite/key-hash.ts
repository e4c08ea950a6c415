/**
 * Short hashes that claims, streams and idempotency keys are found by: the first 52 bits of SHA-256
 * (FIPS 180-4), so that they fit an integer on both sides. Not unique: whoever finds a row by one
 * compares the key itself. The seed differs from book to book, so that nobody can prepare keys that
 * collide.
 */
import { hash } from "node:crypto";
import type { ClaimKey } from "@tallystick/core";

const lowBits = 2 ** 20;

/** One character a byte: faster to read numbers from than a buffer or hexadecimal digits. */
const digest = (seed: number, text: string): string => hash("sha256", `${seed}/${text}`, "binary");

/** The first 32 bits. */
const high = (bytes: string): number =>
  ((bytes.charCodeAt(0) << 24) |
    (bytes.charCodeAt(1) << 16) |
    (bytes.charCodeAt(2) << 8) |
    bytes.charCodeAt(3)) >>>
  0;

/** The 20 bits after them. */
const low = (bytes: string): number =>
  (bytes.charCodeAt(4) << 12) | (bytes.charCodeAt(5) << 4) | (bytes.charCodeAt(6) >>> 4);

const highOfPayment = (seed: number, paymentId: string | undefined): number =>
  high(digest(seed, `payment/${paymentId}`));

export const keyHash = (seed: number, key: string): number => {
  const bytes = digest(seed, key);
  return high(bytes) * lowBits + low(bytes);
};

/** The hashes of every claim on a payment lie from the first of these up to and with the second. */
export const paymentHashes = (seed: number, paymentId: string): readonly [number, number] => {
  const shared = highOfPayment(seed, paymentId) * lowBits;
  return [shared, shared + lowBits - 1];
};

/** Claims on one payment lie side by side, so that they are found together. */
export const claimHash = (seed: number, claim: ClaimKey): number => {
  const [form, paymentId] = claim.split("/", 2);
  if (form !== "payment" && form !== "applied") return keyHash(seed, claim);
  return highOfPayment(seed, paymentId) * lowBits + low(digest(seed, claim));
};
