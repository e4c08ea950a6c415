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

/** Whether JSON.stringify would write the value in the order of the standard, and all of it. */
const isInOrder = (value: Json | undefined): boolean => {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return typeof value === "string" || typeof value === "boolean";
  if (value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  let before = "";
  for (const key of Object.keys(value)) {
    const member = (value as { readonly [key: string]: Json | undefined })[key];
    if (key < before || !(member === undefined || isInOrder(member))) return false;
    before = key;
  }
  return true;
};

/** The same value with its keys in the order of the standard, at every depth; as it is where they are. */
export const inKeyOrder = (value: Json): Json => {
  if (typeof value !== "object" || value === null || isInOrder(value)) return value;
  if (Array.isArray(value)) return value.map(inKeyOrder);
  const members = value as { readonly [key: string]: Json | undefined };
  return Object.fromEntries(
    Object.keys(members)
      .sort()
      .map((key) => [key, members[key] === undefined ? undefined : inKeyOrder(members[key])]),
  );
};

/** Members that are undefined are left out, as JSON.stringify does. */
export const canonicalJson = (value: Json): string => {
  if (typeof value === "object" && isInOrder(value)) {
    const text = JSON.stringify(value);
    // Written as an escape, half of a surrogate pair would pass; it is looked for below.
    if (!text.includes("\\ud")) return text;
  }
  return inOrder(value);
};

const inOrder = (value: Json | undefined): string => {
  if (typeof value === "string") return canonicalText(value);
  if (typeof value === "number") {
    invariant(Number.isFinite(value), () => `${value} cannot be written as JSON`);
    return `${value}`;
  }
  if (value === null || typeof value === "boolean") return String(value);
  invariant(typeof value === "object", () => `a ${typeof value} cannot be written as JSON`);
  if (Array.isArray(value)) return `[${value.map((item) => inOrder(item)).join(",")}]`;
  const members = value as { readonly [key: string]: Json | undefined };
  let text = "";
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member === undefined) continue;
    text += `${text === "" ? "" : ","}${canonicalText(key)}:${inOrder(member)}`;
  }
  return `{${text}}`;
};
