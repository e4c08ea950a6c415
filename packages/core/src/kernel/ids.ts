/**
 * Ids: their shapes, and where new ones come from. An id given from outside is checked by prefix
 * and shape only (D-49); a generated one is its prefix and 21 characters of [a-zA-Z0-9].
 */
import { customRandom } from "nanoid";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const generatedLength = 21;
/**
 * What each kind of id looks like. Older payment ids start with `p_`, and only their beginning is
 * documented: who brings their own may write a UUID behind it (spec 2.8, D-49).
 */
export const idPatterns = {
  customer: /^bcus_[a-zA-Z0-9]{1,250}$/,
  account: /^bacc_[a-zA-Z0-9]{1,250}$/,
  bill: /^bill_[a-zA-Z0-9]{1,250}$/,
  obligation: /^ob_[a-zA-Z0-9]{1,250}$/,
  payment: /^(pay|p)_[a-zA-Z0-9_-]{1,250}$/,
  event: /^evt_[a-zA-Z0-9]{1,250}$/,
} as const;

const prefixes = {
  customer: "bcus_",
  account: "bacc_",
  bill: "bill_",
  obligation: "ob_",
  payment: "pay_",
  event: "evt_",
} as const;

export type IdKind = keyof typeof prefixes;

/** Makes new ids. */
export type IdSource = (kind: IdKind) => string;

/** An `IdSource` over nanoid: uniform over the alphabet, about 125 bits each. */
export const idSource = (randomBytes: (count: number) => Uint8Array): IdSource => {
  const generate = customRandom(alphabet, generatedLength, randomBytes);
  return (kind) => prefixes[kind] + generate();
};

/** Whether a text is meant as an id of this kind, and not as an external reference (spec 2.8). */
export const looksLikeId = (kind: "customer" | "account" | "bill", text: string): boolean =>
  text.startsWith(prefixes[kind]);
