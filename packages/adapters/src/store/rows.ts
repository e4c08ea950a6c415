/**
 * Commits and events as rows and back. A row says each fact once: what a column holds is left out of
 * `data`, and what the row beside it says already is marked by a flag instead of being repeated. So
 * whoever changes a column changes the event, and its hash no longer holds.
 *
 * Values of these rows are put together here and checked by the core's codec.
 */
import {
  type EventBody,
  inKeyOrder,
  instantOfMs,
  type Json,
  LedgerError,
  msOfInstant,
  type Outcome,
  parseStreamId,
  type RecordedCommit,
} from "@tallystick/core";
/**
 * How many positions, and how many commits, a book has room for. The first cell of a row is a multiple
 * of it for the book, or 0, and the position or the number.
 */
export const placesPerBook: number = 2 ** 36;

export type Cell = null | number | string | Uint8Array;
/** Cells in the order of the columns below. */
export type Row = readonly Cell[];

/** How an engine spells what is asked of it, so that all of them hand over the same cells. */
export interface Spelling {
  /** The columns that a row begins with. */
  readonly commitPlace: string;
  readonly eventPlace: string;
  /** Hexadecimal digits where a blob is stored; no digits for NULL. Blobs are dear to hand over. */
  readonly digits: (column: string) => string;
  /** The same where the column may hold JSON instead: as text, or as the digits of its bytes. */
  readonly digitsOrJson: (column: string) => string;
  /** Text where JSON or bytes are stored, NULL where nothing is. SQLite does without a cast. */
  readonly text: (column: string) => string;
  /** One JSON array of texts, as text. */
  readonly array: (cells: string) => string;
}

const noDigits = "";

const columns = `type stream revision obligation payment currency amount effect balance_after
  effective_at recorded_at commit_number flags id schema_version data idempotency_key`.split(/\s+/);

/** What is read of a commit and of an event. */
export const spelled = ({
  commitPlace,
  eventPlace,
  digits,
  digitsOrJson,
  text,
  array,
}: Spelling): {
  /** Every column of a commit. */
  readonly commitColumns: string;
  /** Of a table or its alias: every column of an event; the rarely filled ones as one, or NULL. */
  readonly eventColumnsOf: (table: string) => string;
} => ({
  commitColumns: `${commitPlace}, first_position, event_count, recorded_at,
    ${digits("body_hash")}, ${digits("hash")},
    outcome_key, ${digits("outcome_salt")}, ${digits("outcome_salt_hash")}, outcome_fields,
    ${digitsOrJson("outcome_fingerprints")},
    outcome_subject, outcome_subject_revision, outcome_refusal`,
  eventColumnsOf: (table) => {
    // Handed over one by one, each would cost as much as a column that says something.
    const rare = `${table}.actor, ${table}.correlation_id, ${table}.causation_id, ${text(`${table}.personal`)}`;
    const hash = `${table}.personal_hash`;
    return `${[eventPlace, ...columns].map((column) => `${table}.${column}`).join(", ")},
      CASE WHEN coalesce(${rare}, ${text(hash)}) IS NOT NULL
        THEN ${array(`${rare}, ${digits(hash)}`)} END`;
  },
});

/** Cells of a commit that are written. */
export const commitColumnCount = 14;

/** The same of an event. */
export const eventColumnCount = 23;

/** The event was effective when it was recorded, and says nothing else. */
const effectiveWhenRecorded = 1;
/** The kind of its obligation is that of its stream. */
const obligationOfStream = 2;

/** In a commit: the outcome's key is that of its first event; its subject is its last event. */
const asInEvents = "";

const obligationKindOf = (streamId: string): string => {
  const { kind } = parseStreamId(streamId);
  return kind === "bill" ? "bill" : `${kind}_balance`;
};

const bytes = (hex: string): Buffer => Buffer.from(hex, "hex");
const damaged = (where: string, what: string, cause?: unknown): LedgerError =>
  new LedgerError("BOOK_CORRUPT", `${where} cannot be read: ${what}`, { cause, detail: { where } });

const parsedJson = (text: Cell | undefined, where: string): Json => {
  try {
    return JSON.parse(String(text)) as Json;
  } catch (cause) {
    throw damaged(where, "it is not JSON", cause);
  }
};

const instantOf = (cell: Cell | undefined, where: string): string => {
  if (typeof cell !== "number" || !Number.isInteger(cell)) throw damaged(where, "it has no time");
  try {
    return instantOfMs(cell);
  } catch (cause) {
    throw damaged(where, "its time is out of range", cause);
  }
};

interface Facts {
  readonly obligationId?: unknown;
  readonly obligationKind?: unknown;
  readonly currency?: unknown;
  readonly amount?: unknown;
  readonly effect?: unknown;
  readonly balanceAfter?: unknown;
  readonly paymentId?: unknown;
}

const textCell = (value: unknown): string | null => (typeof value === "string" ? value : null);
const numberCell = (value: unknown): number | null =>
  typeof value === "number" && Number.isSafeInteger(value) ? value : null;

/** What of an event's data has no column, as JSON; null where nothing is left. */
const restOf = (
  data: Readonly<Record<string, unknown>>,
  kindIsOfStream: boolean,
): string | null => {
  const rest: Record<string, unknown> = {};
  let left = false;
  for (const key of Object.keys(data)) {
    const value = data[key];
    if (value === undefined) continue;
    const inColumn =
      key === "obligationId" || key === "currency" || key === "paymentId"
        ? typeof value === "string"
        : key === "amount" || key === "effect" || key === "balanceAfter"
          ? numberCell(value) !== null
          : key === "obligationKind" && kindIsOfStream;
    if (inColumn) continue;
    rest[key] = value;
    left = true;
  }
  return left ? JSON.stringify(rest) : null;
};

export const eventRow = (
  base: number,
  commit: Pick<RecordedCommit, "number" | "firstPosition">,
  event: EventBody,
  index: number,
  recordedMs: number,
): Row => {
  const facts = event.data as Facts;
  const kindIsOfStream =
    facts.obligationKind !== undefined && facts.obligationKind === obligationKindOf(event.streamId);
  const { personal, personalHash } = event;
  return [
    base + commit.firstPosition + index,
    event.type,
    event.streamId,
    event.revision,
    textCell(facts.obligationId),
    textCell(facts.paymentId),
    textCell(facts.currency),
    numberCell(facts.amount),
    numberCell(facts.effect),
    numberCell(facts.balanceAfter),
    event.effectiveAt === undefined ? recordedMs : msOfInstant(event.effectiveAt),
    recordedMs,
    commit.number,
    (event.effectiveAt === undefined ? effectiveWhenRecorded : 0) +
      (kindIsOfStream ? obligationOfStream : 0),
    event.id,
    event.schemaVersion,
    restOf(event.data, kindIsOfStream),
    event.idempotencyKey ?? null,
    event.actor ?? null,
    event.correlationId ?? null,
    event.causationId ?? null,
    personal === undefined ? null : JSON.stringify(personal),
    personalHash === undefined ? null : bytes(personalHash),
  ];
};

const nothingRare: readonly Cell[] = [];

/** The event of a row as it was written; not checked yet. */
export const eventValue = (row: Row): Record<string, unknown> => {
  const where = `event ${positionOf(row)}`;
  const streamId = String(row[2]);
  const flags = Number(row[13]);
  // In the order of canonical JSON, as it was written.
  const data: Record<string, unknown> = {};
  if (row[7] !== null) data["amount"] = row[7];
  if (row[9] !== null) data["balanceAfter"] = row[9];
  if (row[6] !== null) data["currency"] = row[6];
  if (row[8] !== null) data["effect"] = row[8];
  if (row[4] !== null) data["obligationId"] = row[4];
  if ((flags & obligationOfStream) !== 0) data["obligationKind"] = kindOrDamage(streamId, where);
  if (row[5] !== null) data["paymentId"] = row[5];
  const rest = row[16] === null ? undefined : parsedJson(row[16], where);
  const effectiveAt = instantOf(row[10], where);
  if ((flags & effectiveWhenRecorded) !== 0 && row[10] !== row[11])
    throw damaged(where, "its effective time was changed");
  const filled = row[18] === null ? nothingRare : (parsedJson(row[18], where) as readonly Cell[]);
  const [actor, correlationId, causationId, personal, personalHash] = filled;
  const value: Record<string, unknown> = {};
  if (actor != null) value["actor"] = actor;
  if (causationId != null) value["causationId"] = causationId;
  if (correlationId != null) value["correlationId"] = correlationId;
  value["data"] = rest === undefined ? data : inKeyOrder(Object.assign(data, rest) as Json);
  if ((flags & effectiveWhenRecorded) === 0) value["effectiveAt"] = effectiveAt;
  value["id"] = row[14];
  if (row[17] !== null) value["idempotencyKey"] = row[17];
  if (personal != null) value["personal"] = parsedJson(personal, where);
  if (personalHash) value["personalHash"] = personalHash;
  value["revision"] = row[3];
  value["schemaVersion"] = row[15];
  value["streamId"] = streamId;
  value["type"] = row[1];
  return value;
};

const kindOrDamage = (streamId: string, where: string): string => {
  try {
    return obligationKindOf(streamId);
  } catch (cause) {
    throw damaged(where, "it stands on no stream", cause);
  }
};

/** Of a commit, its number; of an event, its position. */
export const positionOf = (row: Row): number => Number(row[0]) % placesPerBook;

export const eventPlace = (
  row: Row,
): { readonly position: number; readonly recordedAt: string } => ({
  position: positionOf(row),
  recordedAt: instantOf(row[11], `event ${positionOf(row)}`),
});

const shortPrint = /^[0-9a-f]{32}$/;
const plainField = /^[A-Za-z][A-Za-z0-9]*$/;

/** Names and 16 bytes each where they all are alike; JSON where one is not. */
const fingerprintCells = (request: Outcome["request"]): [string | null, Cell] => {
  let names = "";
  let prints = "";
  for (const field of Object.keys(request)) {
    const print = request[field] ?? "";
    if (!plainField.test(field) || !shortPrint.test(print)) return [null, JSON.stringify(request)];
    names += names === "" ? field : `,${field}`;
    prints += print;
  }
  return [names, bytes(prints)];
};

const fingerprints = (fields: Cell | undefined, prints: Cell | undefined, where: string): Json => {
  const hex = String(prints);
  if (fields === null) {
    const json = hex.startsWith("{") ? hex : Buffer.from(hex, "hex").toString();
    return parsedJson(json, where);
  }
  const request: Record<string, string> = {};
  if (fields === "") return request;
  let at = 0;
  for (const name of String(fields).split(",")) {
    request[name] = hex.slice(at, at + 32);
    at += 32;
  }
  return request;
};

export const commitRow = (
  base: number,
  commit: Omit<RecordedCommit, "version" | "recordedAt" | "previousHash">,
  recordedMs: number,
): Row => {
  const { events, outcome } = commit;
  const row: Cell[] = [
    base + commit.number,
    commit.firstPosition,
    events.length,
    recordedMs,
    bytes(commit.bodyHash),
    bytes(commit.hash),
  ];
  if (outcome === undefined) return row;
  const last = events.at(-1);
  const { subject, refusal } = outcome;
  const ofLast = subject?.streamId === last?.streamId && subject?.revision === last?.revision;
  row.push(
    outcome.key === events[0]?.idempotencyKey ? asInEvents : outcome.key,
    outcome.salt === undefined ? null : bytes(outcome.salt),
    bytes(outcome.saltHash),
    ...fingerprintCells(outcome.request),
    subject === undefined ? null : ofLast ? asInEvents : subject.streamId,
    subject === undefined || ofLast ? null : subject.revision,
  );
  if (refusal !== undefined) row.push(JSON.stringify(refusal));
  return row;
};

const outcomeValue = (
  row: Row,
  events: readonly Readonly<Record<string, unknown>>[],
  where: string,
): Record<string, unknown> | undefined => {
  if (row[8] === noDigits) return undefined;
  const last = events.at(-1);
  const outcome: Record<string, unknown> = {
    key: row[6] === asInEvents ? events[0]?.["idempotencyKey"] : row[6],
  };
  if (row[13] !== null) outcome["refusal"] = parsedJson(row[13], where);
  outcome["request"] = fingerprints(row[9] ?? null, row[10], where);
  if (row[7] !== noDigits) outcome["salt"] = row[7];
  outcome["saltHash"] = row[8];
  if (row[11] !== null)
    outcome["subject"] =
      row[11] === asInEvents
        ? { revision: last?.["revision"], streamId: last?.["streamId"] }
        : { revision: row[12], streamId: row[11] };
  return outcome;
};

/** The commit of a row and the rows of its events; not checked yet. */
export const commitValue = (
  row: Row,
  eventRows: readonly Row[],
  previousHash: string,
): Record<string, unknown> => {
  const number = positionOf(row);
  const where = `commit ${number}`;
  const firstPosition = Number(row[1]);
  if (eventRows.length !== row[2])
    throw damaged(where, `it has ${eventRows.length} events, not ${String(row[2])}`);
  for (const [index, event] of eventRows.entries()) {
    if (positionOf(event) !== firstPosition + index)
      throw damaged(
        where,
        `event ${positionOf(event)} stands where ${firstPosition + index} belongs`,
      );
    if (event[12] !== number)
      throw damaged(
        where,
        `event ${positionOf(event)} says that it belongs to commit ${String(event[12])}`,
      );
    if (event[11] !== row[3])
      throw damaged(where, `event ${positionOf(event)} was recorded at another time`);
  }
  const events = eventRows.map(eventValue);
  const outcome = outcomeValue(row, events, where);
  return {
    version: 1,
    number,
    firstPosition,
    recordedAt: instantOf(row[3], where),
    previousHash,
    events,
    ...(outcome === undefined ? {} : { outcome }),
    bodyHash: row[4],
    hash: row[5],
  };
};

/** The hash that a commit's row holds. */
export const hashOfRow = (row: Row): string => String(row[5]);
export const recordedAtOfRow = (row: Row): string => instantOf(row[3], `commit ${positionOf(row)}`);
