/**
 * Short hashes that claims, streams and idempotency keys are found by: the first 52 bits of SHA-256
 * (FIPS 180-4), so that they fit an integer on both sides. Not unique: whoever finds a row by one
 * compares the key itself. The seed differs from book to book, so that nobody can prepare keys that
 * collide.
 */
import { hash } from "node:crypto";
import type { ClaimKey } from "@tallystick/core";

/** Hexadecimal digits of a hash, and how many of them all claims on one payment share. */
const digits = 13;
const sharedDigits = 8;
const ownDigits = digits - sharedDigits;

const digest = (seed: number, text: string): string => hash("sha256", `${seed}/${text}`, "hex");

const digestOfPayment = (seed: number, paymentId: string | undefined): string =>
  digest(seed, `payment/${paymentId}`).slice(0, sharedDigits);

export const keyHash = (seed: number, key: string): number =>
  Number.parseInt(digest(seed, key).slice(0, digits), 16);

/** The hashes of every claim on a payment lie from the first of these up to and with the second. */
export const paymentHashes = (seed: number, paymentId: string): readonly [number, number] => {
  const shared = digestOfPayment(seed, paymentId);
  return [
    Number.parseInt(shared + "0".repeat(ownDigits), 16),
    Number.parseInt(shared + "f".repeat(ownDigits), 16),
  ];
};

/** Claims on one payment lie side by side, so that they are found together. */
export const claimHash = (seed: number, claim: ClaimKey): number => {
  const [form, paymentId] = claim.split("/", 2);
  if (form !== "payment" && form !== "applied") return keyHash(seed, claim);
  const own = digest(seed, claim).slice(0, ownDigits);
  return Number.parseInt(digestOfPayment(seed, paymentId) + own, 16);
};
