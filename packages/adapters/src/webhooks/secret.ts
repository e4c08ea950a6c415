/**
 * Signing secrets (D-36). A secret that begins with `whsec_` is the base64 of 24 to 64 random bytes,
 * and those bytes are the key. Any other text is a key by its UTF-8 bytes. What cannot be meant as a
 * secret (bad base64, too few bytes, a line break copied along) is refused where it is configured,
 * and not found out by the first signature that does not match.
 *
 * No error says anything of the secret but its length.
 */
import { faulty } from "../store/faulty.ts";

const prefix = "whsec_";
const [keyBytesMin, keyBytesMax] = [24, 64];
const keyBytesDefault = 32;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** One secret, or several while a key is being rotated, the newest first. */
export type Secrets =
  | { readonly secret: string; readonly secrets?: never }
  | { readonly secrets: readonly string[]; readonly secret?: never };

/** The key bytes of a secret. `INVALID_INPUT` for one that cannot be meant. */
export const secretKey = (secret: string): Uint8Array => {
  const refuse = (message: string): Error => faulty("secretKey", "secret", message);
  if (typeof secret !== "string") throw refuse("must be a text");
  if (secret.length === 0) throw refuse("must not be empty");
  if (secret.trim() !== secret)
    throw refuse("begins or ends with white space; it was copied with a line break or a space");
  if (!secret.startsWith(prefix)) {
    if (/\p{Surrogate}/u.test(secret)) throw refuse("must not contain half of a surrogate pair");
    return Buffer.from(secret, "utf8");
  }
  const digits = secret.slice(prefix.length);
  const key = Buffer.from(digits, "base64");
  // Bits beyond the last byte would give one key many names; the round trip allows only one.
  if (!base64.test(digits) || key.toString("base64") !== digits)
    throw refuse(`must be base64, with its padding, after ${prefix}`);
  if (key.length < keyBytesMin || key.length > keyBytesMax)
    throw refuse(`must hold ${keyBytesMin} to ${keyBytesMax} bytes, holds ${key.length}`);
  return key;
};

/** The keys in the order given; at least one. */
export const secretKeys = ({ secret, secrets }: Secrets): readonly Uint8Array[] => {
  if ((secret === undefined) === (secrets === undefined))
    throw faulty("secretKeys", "secret", "or secrets is to be given, and not both");
  const all = secrets ?? [secret];
  if (all.length === 0) throw faulty("secretKeys", "secrets", "must name at least one");
  return all.map(secretKey);
};

/**
 * A new secret, `whsec_` and base64, from a host's randomness. `bytes` is 24 to 64; the default of 32
 * is as long as the hash, and more adds nothing.
 */
export const generateSecret = (
  randomBytes: (count: number) => Uint8Array,
  bytes: number = keyBytesDefault,
): string => {
  if (!Number.isInteger(bytes) || bytes < keyBytesMin || bytes > keyBytesMax)
    throw faulty("generateSecret", "bytes", `must be from ${keyBytesMin} to ${keyBytesMax}`);
  return prefix + Buffer.from(randomBytes(bytes)).toString("base64");
};
