/**
 * From planned events to a commit that a store can write: ids, revisions, envelopes, salts, hashes,
 * and the outcome under the idempotency key.
 */
import type { DomainEvent } from "../domain/events.ts";
import type { PlannedEvent } from "../domain/planned.ts";
import type { StreamId } from "../domain/target.ts";
import { eventCatalogue } from "../domain/events.ts";
import { canonicalJson, type Json } from "../kernel/canonical-json.ts";
import type { Refusal } from "../kernel/decision.ts";
import type { Host } from "../kernel/host.ts";
import type { IdSource } from "../kernel/ids.ts";
import {
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
  readonly event: PlannedEvent;
}

/** The fields of a request, by name; undefined ones count as absent. */
export type Request = Readonly<Record<string, Json | undefined>>;

const saltBytes = 16;
/** Half a SHA-256: enough to tell two requests apart, and half the bytes a command. */
const fingerprintDigits = 32;

const newSalt = (host: Host): string =>
  Array.from(host.randomBytes(saltBytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

const storedPersonal = (host: Host, event: DomainEvent): StoredPersonal | undefined =>
  event.personal === undefined ? undefined : { salt: newSalt(host), data: event.personal };

const eventBody = (
  host: Host,
  ids: IdSource,
  { streamId, revision, event }: PlacedPlan,
  { idempotencyKey, correlationId, causationId, actor }: Envelope,
): EventBody => {
  const personal = storedPersonal(host, event);
  return {
    id: ids("event"),
    type: event.type,
    schemaVersion: eventCatalogue[event.type].version,
    streamId,
    revision,
    ...(event.effectiveAt === undefined ? {} : { effectiveAt: event.effectiveAt }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(causationId === undefined ? {} : { causationId }),
    ...(actor === undefined ? {} : { actor }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    data: event.data,
    ...(personal === undefined
      ? {}
      : { personal, personalHash: personalHash(host.sha256, personal) }),
  };
};

const fingerprint = (host: Host, salt: string, field: string, value: Json): string =>
  host
    .sha256(`tallystick.request.v1\n${salt}\n${field}\n${canonicalJson(value)}`)
    .slice(0, fingerprintDigits);

const fingerprints = (host: Host, salt: string, request: Request): Record<string, string> => {
  const prints: Record<string, string> = {};
  for (const [field, value] of Object.entries(request))
    if (value !== undefined) prints[field] = fingerprint(host, salt, field, value);
  return prints;
};

/** Names the fields in which a request differs from the one that an outcome was kept for; sorted. */
export const differingFields = (host: Host, outcome: Outcome, request: Request): string[] => {
  // Once the salt is erased, only the verb's answer is left to go by: nothing can be told apart.
  if (outcome.salt === undefined) return [];
  const now = fingerprints(host, outcome.salt, request);
  const fields = new Set([...Object.keys(now), ...Object.keys(outcome.request)]);
  return [...fields].filter((field) => now[field] !== outcome.request[field]).sort();
};

export const newOutcome = (
  host: Host,
  key: string,
  request: Request,
  came: {
    readonly subject?: Outcome["subject"] | undefined;
    readonly refusal?: Refusal | undefined;
  },
): Outcome => {
  const salt = newSalt(host);
  return {
    key,
    salt,
    saltHash: saltHash(host.sha256, salt),
    request: fingerprints(host, salt, request),
    ...(came.subject === undefined ? {} : { subject: came.subject }),
    ...(came.refusal === undefined
      ? {}
      : { refusal: came.refusal as NonNullable<Outcome["refusal"]> }),
  };
};

export const draftCommit = (
  host: Host,
  ids: IdSource,
  placed: readonly PlacedPlan[],
  envelope: Envelope,
  outcome: Outcome | undefined,
): CommitDraft => {
  const events = placed.map((plan) => eventBody(host, ids, plan, envelope));
  const content = { events, ...(outcome === undefined ? {} : { outcome }) };
  return { ...content, bodyHash: bodyHash(host.sha256, content) };
};
