/**
 * From planned events to a commit that a store can write: ids, revisions, envelopes, salts, hashes,
 * and the outcome under the idempotency key.
 */

import { type DomainEvent, eventCatalogue } from "../domain/events.ts";
import type { PlannedEvent } from "../domain/planned.ts";
import type { StreamId } from "../domain/target.ts";
import { canonicalJson, type Json } from "../kernel/canonical-json.ts";
import type { Refusal } from "../kernel/decision.ts";
import { hex, pooled } from "../kernel/entropy.ts";
import type { Host } from "../kernel/host.ts";
import { type IdSource, idSource } from "../kernel/ids.ts";
import {
  type Basis,
  bodyHash,
  type CommitDraft,
  type EventBody,
  type Outcome,
  personalHash,
  type StoredPersonal,
  saltHash,
} from "../store/commit.ts";

/** What every event of a command carries beside its own facts. */
export interface Envelope {
  readonly idempotencyKey?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly causationId?: string | undefined;
  readonly actor?: string | undefined;
}

/** A planned event at its place in its stream. */
export interface PlacedPlan {
  readonly streamId: StreamId;
  readonly revision: number;
  readonly id: string;
  readonly event: PlannedEvent;
}

/** The fields of a request, by name; undefined ones count as absent. */
export type Request = Readonly<Record<string, Json | undefined>>;

const saltBytes = 16;
/** Half a SHA-256: enough to tell two requests apart, and half the bytes a command. */
const fingerprintDigits = 32;

/** What new commits are made with. */
export interface Mint {
  readonly sha256: Host["sha256"];
  readonly ids: IdSource;
  /** 32 hexadecimal digits, never the same twice. */
  readonly salt: () => string;
}

/** A mint over what the host lends. */
export const mintOf = ({ sha256, randomBytes }: Host): Mint => {
  const draw = pooled(randomBytes);
  return { sha256, ids: idSource(draw), salt: () => hex(draw(saltBytes)) };
};

const storedPersonal = (mint: Mint, event: DomainEvent): StoredPersonal | undefined =>
  event.personal === undefined ? undefined : { salt: mint.salt(), data: event.personal };

const eventBody = (
  mint: Mint,
  { id, streamId, revision, event }: PlacedPlan,
  { idempotencyKey, correlationId, causationId, actor }: Envelope,
): EventBody => {
  const personal = storedPersonal(mint, event);
  // In the order of canonical JSON, so that what is hashed need not be sorted.
  return {
    ...(actor === undefined ? {} : { actor }),
    ...(causationId === undefined ? {} : { causationId }),
    ...(correlationId === undefined ? {} : { correlationId }),
    data: event.data,
    ...(event.effectiveAt === undefined ? {} : { effectiveAt: event.effectiveAt }),
    id,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(personal === undefined
      ? {}
      : { personal, personalHash: personalHash(mint.sha256, personal) }),
    revision,
    schemaVersion: eventCatalogue[event.type].version,
    streamId,
    type: event.type,
  };
};

const fingerprint = (sha256: Host["sha256"], salt: string, field: string, value: Json): string =>
  sha256(`tallystick.request.v1\n${salt}\n${field}\n${canonicalJson(value)}`).slice(
    0,
    fingerprintDigits,
  );

const fingerprints = (
  sha256: Host["sha256"],
  salt: string,
  request: Request,
): Record<string, string> => {
  const prints: Record<string, string> = {};
  for (const field of Object.keys(request).sort()) {
    const value = request[field];
    if (value !== undefined) prints[field] = fingerprint(sha256, salt, field, value);
  }
  return prints;
};

/** Names the fields in which a request differs from the one that an outcome was kept for; sorted. */
export const differingFields = (
  sha256: Host["sha256"],
  outcome: Outcome,
  request: Request,
): string[] => {
  // Once the salt is erased, only the verb's answer is left to go by: nothing can be told apart.
  if (outcome.salt === undefined) return [];
  const now = fingerprints(sha256, outcome.salt, request);
  const fields = new Set([...Object.keys(now), ...Object.keys(outcome.request)]);
  return [...fields].filter((field) => now[field] !== outcome.request[field]).sort();
};

export const newOutcome = (
  mint: Mint,
  key: string,
  request: Request,
  came: {
    readonly subject?: Outcome["subject"] | undefined;
    readonly refusal?: Refusal | undefined;
  },
): Outcome => {
  const salt = mint.salt();
  return {
    key,
    ...(came.refusal === undefined
      ? {}
      : { refusal: came.refusal as NonNullable<Outcome["refusal"]> }),
    request: fingerprints(mint.sha256, salt, request),
    salt,
    saltHash: saltHash(mint.sha256, salt),
    ...(came.subject === undefined ? {} : { subject: came.subject }),
  };
};

export const draftCommit = (
  mint: Mint,
  { placed, bases }: { readonly placed: readonly PlacedPlan[]; readonly bases: readonly Basis[] },
  envelope: Envelope,
  outcome: Outcome | undefined,
): CommitDraft => {
  const events = placed.map((plan) => eventBody(mint, plan, envelope));
  const content = { events, ...(outcome === undefined ? {} : { outcome }) };
  return { ...content, bodyHash: bodyHash(mint.sha256, content), bases };
};
