/**
 * A commit as text and back. What is stored came through this door on the way in and comes through
 * it again on the way out: every byte is checked against the schema before anything believes it.
 */
import { z } from "zod";
import { eventCatalogue, personalSchema } from "../domain/events.ts";
import * as field from "../domain/fields.ts";
import type { Json } from "../kernel/canonical-json.ts";
import { isLedgerError, LedgerError } from "../kernel/errors.ts";
import type { CommitDraft, EventBody, RecordedCommit, RecordedEvent } from "./commit.ts";
import { upcast } from "./upcast.ts";

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const salt = z.string().regex(/^[0-9a-f]{32}$/);
const counted = z.int().min(1);

const eventEnvelope = z.strictObject({
  id: field.eventId,
  type: z.string(),
  schemaVersion: counted,
  streamId: z.string().regex(/^(customer|account|bill|suspense)\/[a-zA-Z0-9_-]{1,255}$/),
  revision: counted,
  effectiveAt: field.storedInstant.optional(),
  correlationId: field.text(1, 255).optional(),
  causationId: field.text(1, 255).optional(),
  actor: field.text(1, 255).optional(),
  idempotencyKey: field.text(1, 255).optional(),
  data: z.unknown(),
  personal: z.strictObject({ salt, data: personalSchema }).optional(),
  personalHash: sha256Hex.optional(),
});

/** zod's own schema of JSON is recursive, and slows down every schema that it is a part of. */
const isJson = (value: unknown): value is Json =>
  value === null ||
  typeof value === "string" ||
  typeof value === "boolean" ||
  Number.isFinite(value) ||
  (typeof value === "object" && Object.values(value).every(isJson));

const jsonCopy = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const draftEnvelope = z.strictObject({
  events: z.array(eventEnvelope),
  outcome: z
    .strictObject({
      key: field.text(1, 255),
      salt: salt.optional(),
      saltHash: sha256Hex,
      request: z.record(z.string(), z.string()),
      subject: z.strictObject({ streamId: z.string(), revision: z.int().min(0) }).optional(),
      refusal: z
        .strictObject({
          code: z.string(),
          message: z.string(),
          detail: z.record(z.string(), z.custom<Json>(isJson)),
        })
        .optional(),
    })
    .optional(),
  bodyHash: sha256Hex,
});

const commitEnvelope = z.strictObject({
  version: z.literal(1),
  number: counted,
  firstPosition: counted,
  recordedAt: field.storedInstant,
  previousHash: sha256Hex,
  ...draftEnvelope.shape,
  hash: sha256Hex,
});

const firstIssue = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return issue === undefined ? "unreadable" : `${issue.path.join(".")}: ${issue.message}`;
};

const corrupt = (where: string, what: string, cause?: unknown): LedgerError =>
  new LedgerError("BOOK_CORRUPT", `${where} cannot be read: ${what}`, { cause, detail: { where } });

/** One line of JSON, keys in the order of the schema. */
export const encodeCommit = (commit: RecordedCommit): string => JSON.stringify(commit);

/**
 * The commit that a text holds. `BOOK_CORRUPT` if it holds none, `UNKNOWN_EVENT_TYPE` or
 * `UNKNOWN_SCHEMA_VERSION` if a later version wrote it. Events keep the version that they were
 * written in: hashes are over what is stored.
 */
export const decodeCommit = (text: string, where: string): RecordedCommit => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw corrupt(where, "it is not JSON", cause);
  }
  return commitOf(value, where);
};

/** The same for a value that was put together from columns instead of read from a text. */
export const commitOf = (value: unknown, where: string): RecordedCommit => {
  const version = (value as { readonly version?: unknown } | null)?.version;
  if (typeof version === "number" && Number.isInteger(version) && version > 1)
    throw new LedgerError(
      "UNKNOWN_SCHEMA_VERSION",
      `${where} is a commit of version ${version}; this version of Tallystick reads version 1; update Tallystick`,
      { detail: { version, supported: 1 } },
    );
  const parsed = commitEnvelope.safeParse(value);
  if (!parsed.success) throw corrupt(where, firstIssue(parsed.error), parsed.error);
  for (const [index, event] of parsed.data.events.entries())
    currentData(event, `event ${index + 1} of ${where}`);
  return parsed.data as unknown as RecordedCommit;
};

/**
 * A copy of a draft, checked like a stored commit: what passes can be read back. The same errors as
 * `decodeCommit`.
 */
export const copyOfDraft = (draft: CommitDraft, where: string): CommitDraft => {
  const refusal = draft.outcome?.refusal;
  // Members that are undefined are no part of the JSON that is stored.
  const given =
    refusal === undefined
      ? draft
      : { ...draft, outcome: { ...draft.outcome, refusal: jsonCopy(refusal) } };
  const parsed = draftEnvelope.safeParse(given);
  if (!parsed.success) throw corrupt(where, firstIssue(parsed.error), parsed.error);
  for (const [index, event] of parsed.data.events.entries()) {
    const { type, data } = currentData(event, `event ${index + 1} of ${where}`);
    event.data = event.schemaVersion === eventCatalogue[type].version ? data : jsonCopy(event.data);
  }
  return parsed.data as unknown as CommitDraft;
};

/** An event that was put together from columns, at its place. The same errors as `decodeCommit`. */
export const eventOf = (
  value: unknown,
  place: { readonly position: number; readonly recordedAt: string },
): RecordedEvent => {
  const where = `event ${place.position}`;
  const parsed = eventEnvelope.safeParse(value);
  if (!parsed.success) throw corrupt(where, firstIssue(parsed.error), parsed.error);
  const { personal, personalHash: _, ...envelope } = parsed.data;
  return {
    ...envelope,
    ...currentData(envelope, where),
    ...place,
    effectiveAt: envelope.effectiveAt ?? place.recordedAt,
    ...(personal === undefined ? {} : { personal: personal.data }),
  } as unknown as RecordedEvent;
};

/** Type and data in the current schema version, checked. */
const currentData = (
  event: { readonly type: string; readonly schemaVersion: number; readonly data?: unknown },
  where: string,
): Pick<RecordedEvent, "type" | "data"> => {
  const { type, data } = upcast(event.type, event.schemaVersion, event.data, where);
  const parsed = eventCatalogue[type].data.safeParse(data);
  if (!parsed.success) throw corrupt(where, firstIssue(parsed.error), parsed.error);
  return { type, data: parsed.data } as Pick<RecordedEvent, "type" | "data">;
};

/** The events of a commit at their places in the book, in their current schema version. */
export const recordedEvents = (commit: RecordedCommit): RecordedEvent[] =>
  commit.events.map((body, index) => recordedEvent(commit, body, index));

const recordedEvent = (commit: RecordedCommit, body: EventBody, index: number): RecordedEvent => {
  const { personal, personalHash: _, ...envelope } = body;
  const position = commit.firstPosition + index;
  const { type, data } =
    body.schemaVersion === eventCatalogue[body.type].version
      ? body
      : currentData(body, `event ${position}`);
  return {
    ...envelope,
    type,
    data,
    position,
    recordedAt: commit.recordedAt,
    effectiveAt: body.effectiveAt ?? commit.recordedAt,
    ...(personal === undefined ? {} : { personal: personal.data }),
  } as unknown as RecordedEvent;
};

/** Whether an error says that stored bytes cannot be trusted or understood. */
export const isDamage = (error: unknown): error is LedgerError =>
  isLedgerError(error, "BOOK_CORRUPT") ||
  isLedgerError(error, "UNKNOWN_EVENT_TYPE") ||
  isLedgerError(error, "UNKNOWN_SCHEMA_VERSION");
