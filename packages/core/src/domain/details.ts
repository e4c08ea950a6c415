/** The details of an entity: who it is for people, and how much a merchant lets be said of it. */
import { refuse } from "../kernel/decision.ts";
import type { DefaultPaymentRules } from "../money/payment-rules.ts";
import type { Personal } from "./events.ts";
import type { Metadata } from "./fields.ts";
import { compact } from "./planned.ts";
import type { EntityState } from "./state.ts";

/** Bounds of an entity's metadata, judged on the merged result (D-16). */
export interface MetadataLimits {
  readonly keys: number;
  /** Characters. */
  readonly keyLength: number;
  /** Characters. */
  readonly valueLength: number;
}

export const defaultMetadataLimits: MetadataLimits = { keys: 10, keyLength: 40, valueLength: 500 };

/** What a merchant has settled for all its objects. */
export interface Policy {
  readonly paymentRules: DefaultPaymentRules;
  readonly metadataLimits: MetadataLimits;
}

const characters = (text: string): number => Array.from(text).length;

/** Why the metadata does not fit; undefined if it does. */
export const metadataRefusal = (
  metadata: Metadata | undefined,
  limits: MetadataLimits,
): ReturnType<typeof refuse> | undefined => {
  const entries = Object.entries(metadata ?? {});
  if (entries.length > limits.keys)
    return refuse(
      "METADATA_LIMIT",
      `metadata would have ${entries.length} keys; at most ${limits.keys} are allowed`,
      { field: "metadata", keys: entries.length, keysMax: limits.keys },
    );
  for (const [key, value] of entries) {
    const [what, length, most] =
      characters(key) > limits.keyLength
        ? ["the key", characters(key), limits.keyLength]
        : ["the value", characters(value), limits.valueLength];
    if (Number(length) > Number(most))
      return refuse(
        "METADATA_LIMIT",
        `${what} of metadata.${key} has ${length} characters; at most ${most} are allowed`,
        { field: `metadata.${key}`, length, lengthMax: most },
      );
  }
  return undefined;
};

/** What is said of a person, without what says nothing; undefined where nothing is left. */
export const personalOf = ({ name, email, phone, metadata }: Personal): Personal | undefined => {
  const personal = compact({
    name,
    email,
    phone,
    metadata: metadata === undefined || Object.keys(metadata).length === 0 ? undefined : metadata,
  });
  return Object.keys(personal).length === 0 ? undefined : personal;
};

/** The personal details of an update that differ from what is known. Metadata is compared merged. */
export const changedDetails = (entity: EntityState, update: Personal): Personal | undefined => {
  const changed = <Key extends "name" | "email" | "phone">(key: Key): string | undefined =>
    update[key] === entity[key] ? undefined : update[key];
  const metadata = Object.entries(update.metadata ?? {}).filter(
    ([key, value]) =>
      entity.metadata === undefined ||
      !Object.hasOwn(entity.metadata, key) ||
      entity.metadata[key] !== value,
  );
  return personalOf({
    name: changed("name"),
    email: changed("email"),
    phone: changed("phone"),
    metadata: metadata.length === 0 ? undefined : Object.fromEntries(metadata),
  });
};
