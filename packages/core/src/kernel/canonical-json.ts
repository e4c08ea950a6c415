/**
 * Canonical JSON (RFC 8785): one text for one value, so that a hash of it means something. Keys are
 * sorted by UTF-16 code units, numbers are written as ECMAScript writes them, nothing is escaped
 * that need not be. Values that JSON cannot carry are our own bug and stop us.
 */
import { invariant } from "./invariant.ts";

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

const loneSurrogate = /\p{Surrogate}/u;
/** Printable ASCII without quote and backslash: nearly every text here, and the same between quotes. */
const plain = /^[ !#-[\]-~]*$/;

const canonicalText = (text: string): string => {
  if (plain.test(text)) return `"${text}"`;
  invariant(!loneSurrogate.test(text), "a lone surrogate cannot be written as JSON");
  return JSON.stringify(text);
};

/** The keys as the standard wants them. Most objects here were made in that order. */
const sortedKeys = (members: object): string[] => {
  const keys = Object.keys(members);
  for (let index = 1; index < keys.length; index += 1)
    if ((keys[index - 1] as string) > (keys[index] as string)) return keys.sort();
  return keys;
};

/** Members that are undefined are left out, as JSON.stringify does; so is the one named `without`. */
export const canonicalJson = (value: Json | undefined, without?: string): string => {
  if (typeof value === "string") return canonicalText(value);
  if (typeof value === "number") {
    invariant(Number.isFinite(value), () => `${value} cannot be written as JSON`);
    return `${value}`;
  }
  if (value === null || typeof value === "boolean") return String(value);
  invariant(typeof value === "object", () => `a ${typeof value} cannot be written as JSON`);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(",")}]`;
  const members = value as { readonly [key: string]: Json | undefined };
  let text = "";
  for (const key of sortedKeys(members)) {
    const member = members[key];
    if (member === undefined || key === without) continue;
    text += `${text === "" ? "" : ","}${canonicalText(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
};
