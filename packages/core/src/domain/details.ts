/** The details of an entity: who it is for people, and how much a merchant lets be said of it. */
import { refuse } from "../kernel/decision.ts";
import type { Fault } from "../kernel/errors.ts";
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

/** Why the metadata does not fit, every fault by its path; undefined if it does. */
export const metadataRefusal = (
  metadata: Metadata | undefined,
  { keys, keyLength, valueLength }: MetadataLimits,
): ReturnType<typeof refuse> | undefined => {
  const entries = Object.entries(metadata ?? {});
  const faults: Fault[] = [];
  if (entries.length > keys)
    faults.push({
      field: "metadata",
      message: `would have ${entries.length} keys; at most ${keys} are allowed`,
    });
  for (const [key, value] of entries) {
    const field = `metadata.${key}`;
    const long = (what: string, length: number, most: number): void => {
      if (length > most)
        faults.push({
          field,
          message: `has a ${what} of ${length} characters; at most ${most} are allowed`,
        });
    };
    long("key", characters(key), keyLength);
    long("value", characters(value), valueLength);
  }
  if (faults.length === 0) return undefined;
  const sentences = faults.map(({ field, message }) => `${field} ${message}`);
  return refuse("METADATA_LIMIT", sentences.join("; "), {
    faults: faults.map((fault) => ({ ...fault })),
  });
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
