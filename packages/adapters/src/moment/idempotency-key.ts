/** Idempotency keys: 1 to 255 of letters, digits and `-` (spec 2.3, D-05). */
import { faulty } from "../store/faulty.ts";

const pattern = /^[a-zA-Z0-9-]{1,255}$/;

/** The key, or `INVALID_INPUT`: an unfit key is found here and not by a 400. */
export const readKey = (verb: string, key: string): string => {
  if (typeof key === "string" && pattern.test(key)) return key;
  throw faulty(verb, "idempotencyKey", "must have 1 to 255 letters, digits and - only");
};

/** Random UUIDs (version 4), the form in which Moment declares keys. */
export const uuids =
  (randomBytes: (count: number) => Uint8Array): (() => string) =>
  () => {
    const digits = Array.from(randomBytes(16), (byte) => byte.toString(16).padStart(2, "0")).join(
      "",
    );
    const variant = "89ab"[Number.parseInt(digits.charAt(16), 16) % 4] ?? "8";
    return [
      digits.slice(0, 8),
      digits.slice(8, 12),
      `4${digits.slice(13, 16)}`,
      variant + digits.slice(17, 20),
      digits.slice(20),
    ].join("-");
  };
