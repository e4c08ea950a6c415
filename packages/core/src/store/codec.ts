/**
 * A commit as text and back. What is stored came through this door on the way in and comes through
 * it again on the way out: every byte is checked against the schema before anything believes it.
 */
import { z } from "zod";
import { eventCatalogue, type Personal, personalSchema } from "../domain/events.ts";
import * as field from "../domain/fields.ts";
import { type Accepts, acceptsOf, quickly } from "../kernel/accepts.ts";
import { inKeyOrder, type Json } from "../kernel/canonical-json.ts";
import { isLedgerError, LedgerError } from "../kernel/errors.ts";
import type { CommitDraft, RecordedCommit, RecordedEvent } from "./commit.ts";
import { upcast } from "./upcast.ts";

const matching = (pattern: RegExp): z.ZodString =>
  quickly(z.string().regex(pattern), (value) => typeof value === "string" && pattern.test(value));
const whole = (min: number): z.ZodInt =>
  quickly(z.int().min(min), (value) => Number.isSafeInteger(value) && (value as number) >= min);

const sha256Hex = matching(/^[0-9a-f]{64}$/);
const salt = matching(/^[0-9a-f]{32}$/);
const counted = whole(1);

const eventEnvelope = z.strictObject({
  id: field.eventId,
  type: z.string(),
  schemaVersion: counted,
  streamId: matching(/^(customer|account|bill|suspense|acceptance)\/[a-zA-Z0-9_-]{1,255}$/),
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

const isText = (value: unknown): boolean => typeof value === "string";

const fingerprints = quickly(
  z.record(z.string(), z.string()),
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !Object.hasOwn(value, "__proto__") &&
    Object.values(value).every(isText),
);

const draftEnvelope = z.strictObject({
  events: z.array(eventEnvelope),
  outcome: z
    .strictObject({
      key: field.text(1, 255),
      salt: salt.optional(),
      saltHash: sha256Hex,
      request: fingerprints,
      subject: z
        .strictObject({ streamId: quickly(z.string(), isText), revision: whole(0) })
        .optional(),
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

const accepts = {
  event: acceptsOf(eventEnvelope),
  draft: acceptsOf(draftEnvelope),
  commit: acceptsOf(commitEnvelope),
  data: new Map<string, Accepts>(
    Object.entries(eventCatalogue).map(([type, { data }]) => [type, acceptsOf(data)]),
  ),
};

const firstIssue = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return issue === undefined ? "unreadable" : `${issue.path.join(".")}: ${issue.message}`;
};

const corrupt = (where: string, what: string, cause?: unknown): LedgerError =>
  new LedgerError("BOOK_CORRUPT", `${where} cannot be read: ${what}`, { cause, detail: { where } });

/** One line of JSON. What this version writes has its keys in one order, whichever store it comes from. */
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
  const commit = checked(value, { accepts: accepts.commit, schema: commitEnvelope }, where);
  for (const [index, event] of commit.events.entries())
    currentData(event, `event ${index + 1} of ${where}`);
  return commit as unknown as RecordedCommit;
};

/** The value if a schema takes it: as it is where that is plain to see, as the schema gives it otherwise. */
const checked = <Value>(
  value: unknown,
  { accepts: accepted, schema }: { readonly accepts: Accepts; readonly schema: z.ZodType<Value> },
  where: string,
): Value => {
  if (accepted(value)) return value as Value;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw corrupt(where, firstIssue(parsed.error), parsed.error);
  return parsed.data;
};

/** Members that are undefined are no part of the JSON that is stored. Any key is data, `__proto__` too. */
const plainCopy = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plainCopy);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (member === undefined) continue;
    if (key === "__proto__")
      Object.defineProperty(copy, key, {
        value: plainCopy(member),
        configurable: true,
        enumerable: true,
        writable: true,
      });
    else copy[key] = plainCopy(member);
  }
  return copy;
};

/**
 * A copy of a draft, checked like a stored commit: what passes can be read back. The data of its events
 * have their keys in the order of canonical JSON; texts of people keep theirs. The same errors as
 * `decodeCommit`.
 */
export const copyOfDraft = (draft: CommitDraft, where: string): CommitDraft => {
  const copy = checked(plainCopy(draft), { accepts: accepts.draft, schema: draftEnvelope }, where);
  for (const [index, event] of copy.events.entries()) {
    currentData(event, `event ${index + 1} of ${where}`);
    event.data = inKeyOrder(event.data as Json);
  }
  return copy as unknown as CommitDraft;
};

/**
 * An event that was put together from columns, at its place; takes the value over. The same errors as
 * `decodeCommit`.
 */
export const eventOf = (
  value: unknown,
  place: { readonly position: number; readonly recordedAt: string },
): RecordedEvent => {
  const where = `event ${place.position}`;
  const body = checked(value, { accepts: accepts.event, schema: eventEnvelope }, where);
  return placed(body, currentData(body, where), place);
};

/** Type and data in the current schema version, checked. */
const currentData = (
  event: { readonly type: string; readonly schemaVersion: number; readonly data?: unknown },
  where: string,
): Pick<RecordedEvent, "type" | "data"> => {
  const { type, data } = upcast(event.type, event.schemaVersion, event.data, where);
  const schema = eventCatalogue[type].data as z.ZodType<unknown>;
  const accepted = accepts.data.get(type) as Accepts;
  return { type, data: checked(data, { accepts: accepted, schema }, where) } as Pick<
    RecordedEvent,
    "type" | "data"
  >;
};

/** The events of a commit at their places in the book, in their current schema version. */
export const recordedEvents = (commit: RecordedCommit): RecordedEvent[] =>
  commit.events.map((body, index) => {
    const position = commit.firstPosition + index;
    const current =
      body.schemaVersion === eventCatalogue[body.type].version
        ? body
        : currentData(body, `event ${position}`);
    return placed(body, current, { position, recordedAt: commit.recordedAt });
  });

type StoredEvent = Omit<z.infer<typeof eventEnvelope>, "data" | "personal"> & {
  readonly personal?: { readonly data: Personal } | undefined;
};

const placed = (
  body: StoredEvent,
  { type, data }: Pick<RecordedEvent, "type" | "data">,
  { position, recordedAt }: { readonly position: number; readonly recordedAt: string },
): RecordedEvent => {
  const { effectiveAt, correlationId, causationId, actor, idempotencyKey, personal } = body;
  const event: Record<string, unknown> = {
    id: body.id,
    type,
    schemaVersion: body.schemaVersion,
    streamId: body.streamId,
    revision: body.revision,
    position,
    recordedAt,
    effectiveAt: effectiveAt ?? recordedAt,
    data,
  };
  if (correlationId !== undefined) event["correlationId"] = correlationId;
  if (causationId !== undefined) event["causationId"] = causationId;
  if (actor !== undefined) event["actor"] = actor;
  if (idempotencyKey !== undefined) event["idempotencyKey"] = idempotencyKey;
  if (personal !== undefined) event["personal"] = personal.data;
  return event as unknown as RecordedEvent;
};

/** Whether an error says that stored bytes cannot be trusted or understood. */
export const isDamage = (error: unknown): error is LedgerError =>
  isLedgerError(error, "BOOK_CORRUPT") ||
  isLedgerError(error, "UNKNOWN_EVENT_TYPE") ||
  isLedgerError(error, "UNKNOWN_SCHEMA_VERSION");
