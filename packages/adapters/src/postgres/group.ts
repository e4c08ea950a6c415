/** A group of drafts as the parameters of `append_group`, and what it answers. */
import {
  type CommitDraft,
  type EventBody,
  expectedRevisions,
  instantOfMs,
  invariant,
  LedgerError,
  msOfInstant,
  type RecordedCommit,
  type StreamId,
} from "@tallystick/core";
import type { DraftCopy } from "../store/draft-copy.ts";
import { claimTaken, outcomeExists, revisionConflict } from "../store/judge.ts";
import { type Cell, commitRow, eventRow, type Row } from "../store/rows.ts";
import { Fit } from "./fit.ts";
import { rowsLiteral } from "./literals.ts";

type Cells = readonly (Cell | undefined)[];

/** A draft; of a commit that is imported also when it was recorded. */
export interface Member extends DraftCopy {
  readonly recordedMs?: number;
}

/** A stream as a draft needs to find it. */
interface Need {
  readonly streamId: StreamId;
  readonly revision: number;
}

/** The streams that a draft is judged by, in the order of the checks: those it writes to, then its bases. */
const needsOf = ({ events, bases = [] }: CommitDraft): readonly Need[] => [
  ...Array.from(expectedRevisions(events), ([streamId, revision]) => ({ streamId, revision })),
  ...bases,
];

/** Gives each text of a list its place in it, from 1. */
class Numbering {
  readonly texts: string[] = [];
  readonly #places = new Map<string, number>();

  placeOf(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    const place = this.texts.push(text);
    this.#places.set(text, place);
    return place;
  }
}

/** Of a SHA-256. */
const hashDigits = 64;

const hex = (cell: Cell | undefined): string | null | undefined =>
  cell instanceof Uint8Array
    ? Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength).toString("hex")
    : cell === null || cell === undefined
      ? null
      : Buffer.from(String(cell)).toString("hex");

const judged = (
  { draft, claims }: Member,
  {
    streams,
    keys,
    claimPlaces,
  }: {
    readonly streams: Numbering;
    readonly keys: Numbering;
    /** The place of the first claim on each key among all claims of the group, from 1. */
    readonly claimPlaces: ReadonlyMap<string, number>;
  },
): object => {
  const { events, outcome, bases = [] } = draft;
  const needs = needsOf(draft);
  const written = new Map(events.map((event) => [event.streamId, event]));
  const last = [...written.values()];
  const subject = outcome?.subject;
  const claimed = claims.map(({ key }) => key);
  const repeated = claimed.findIndex((key, at) => claimed.indexOf(key) !== at);
  return {
    ...(outcome === undefined ? {} : { k: keys.placeOf(outcome.key) }),
    s: needs.map(({ streamId }) => streams.placeOf(streamId)),
    r: needs.map(({ revision }) => revision),
    b: [...written.keys()]
      .map((): string | null => null)
      .concat(bases.map(({ eventId }) => eventId ?? null)),
    e: written.size,
    ...(subject === undefined
      ? {}
      : {
          x: streams.placeOf(subject.streamId),
          y: subject.revision,
          z: written.get(subject.streamId)?.revision,
        }),
    l: claims.map(({ key }) => claimPlaces.get(key)),
    ...(repeated === -1 ? {} : { o: repeated + 1 }),
    w: last.map(({ streamId }) => streams.placeOf(streamId)),
    v: last.map(({ revision }) => revision),
    u: last.map(({ id }) => id),
  };
};

/** Cells of a `commit_draft`. */
const commitCells = ({ draft, recordedMs }: Member): Cells => {
  const row = commitRow(0, { ...draft, number: 0, firstPosition: 0, hash: "" }, 0);
  return [
    draft.events.length,
    draft.bodyHash,
    recordedMs,
    draft.outcome?.key,
    hex(row[7]),
    hex(row[8]),
    row[9],
    hex(row[10]),
    row[11],
    row[12],
    row[13],
  ];
};

/** Cells of an `event_draft`: those of a row behind its place, but for what the database gives it. */
const eventCells = (event: EventBody, index: number, at: number): Cells => {
  const [, ...row] = eventRow(0, { number: 0, firstPosition: 0 }, event, at, 0);
  // Effective when it was recorded: the database knows when that is.
  if (event.effectiveAt === undefined) row[9] = null;
  return [index, at, ...row.slice(0, 10), ...row.slice(12, 21), hex(row[21])];
};

/** The last parameters of `append_group`. */
export const groupParameters = (members: readonly Member[]): unknown[] => {
  const [streams, keys] = [new Numbering(), new Numbering()];
  const claims: Cells[] = [];
  const claimPlaces = new Map<string, number>();
  const events: Cells[] = [];
  const drafts: object[] = [];
  const fit = new Fit();
  for (const [index, member] of members.entries()) {
    const { draft } = member;
    const placeInDraft = new Map(
      draft.events.map(({ streamId, revision }, at) => [`${revision}/${streamId}`, at]),
    );
    for (const { key, streamId, revision } of member.claims) {
      const place = claims.push([index, placeInDraft.get(`${revision}/${streamId}`), key]);
      if (!claimPlaces.has(key)) claimPlaces.set(key, place);
    }
    fit.add(member);
    drafts.push(judged(member, { streams, keys, claimPlaces }));
    for (const [at, event] of draft.events.entries()) events.push(eventCells(event, index, at));
  }
  return [
    fit.ok,
    rowsLiteral(
      streams.texts.map((stream) => {
        const { revision, id, least } = fit.expected.get(stream) ?? {};
        return [stream, revision, id, least];
      }),
    ),
    rowsLiteral(claims),
    rowsLiteral(members.map(commitCells)),
    rowsLiteral(events),
    JSON.stringify({ keys: keys.texts, drafts }),
  ];
};

/** What became of the drafts of a group, in their order; undefined where the database did not say. */
export const answersOf = (
  members: readonly DraftCopy[],
  rows: readonly Row[],
): readonly (RecordedCommit | LedgerError | undefined)[] => {
  const [first] = rows;
  if (first?.[0] !== "none")
    return members.map((member, index) => {
      const row = rows[index];
      return row === undefined ? undefined : answerOf(member, row);
    });
  const hashes = String(first[7]);
  const recordedAt = instantOfMs(Number(first[5]));
  let number = Number(first[3]);
  let firstPosition = Number(first[4]);
  let previousHash = String(first[6]);
  return members.map(({ draft }, index) => {
    const hash = hashes.slice(index * hashDigits, (index + 1) * hashDigits);
    const commit = written(draft, { number, firstPosition, recordedAt, previousHash, hash });
    number += 1;
    firstPosition += draft.events.length;
    previousHash = hash;
    return commit;
  });
};

const written = (
  { events, outcome, bodyHash }: CommitDraft,
  link: Pick<RecordedCommit, "number" | "firstPosition" | "recordedAt" | "previousHash" | "hash">,
): RecordedCommit => ({
  version: 1,
  number: link.number,
  firstPosition: link.firstPosition,
  recordedAt: link.recordedAt,
  previousHash: link.previousHash,
  events,
  ...(outcome === undefined ? {} : { outcome }),
  bodyHash,
  hash: link.hash,
});

/** What became of one draft. */
export const answerOf = ({ draft, claims }: DraftCopy, row: Row): RecordedCommit | LedgerError => {
  const [refused, at, actual, number, firstPosition, recordedMs, previousHash, hash] = row;
  switch (refused) {
    case null:
      return written(draft, {
        number: Number(number),
        firstPosition: Number(firstPosition),
        recordedAt: instantOfMs(Number(recordedMs)),
        previousHash: String(previousHash),
        hash: String(hash),
      });
    case "key":
      return outcomeExists(draft.outcome?.key ?? "");
    case "stale": {
      const need = needsOf(draft)[Number(at) - 1];
      invariant(
        need !== undefined,
        `append_group refused by the stream ${String(at)} of a draft without one`,
      );
      const { streamId, revision: expectedRevision } = need;
      return revisionConflict({ streamId, expectedRevision, actualRevision: Number(actual) });
    }
    case "subject": {
      const subject = draft.outcome?.subject;
      invariant(subject !== undefined, "append_group refused by a subject that is not there");
      const { streamId, revision: expectedRevision } = subject;
      return revisionConflict({ streamId, expectedRevision, actualRevision: Number(actual) });
    }
    case "claim":
      return claimTaken(claims[Number(at) - 1]?.key ?? "");
    default:
      throw new LedgerError("UNKNOWN_SCHEMA_VERSION", `append_group answered ${String(refused)}`);
  }
};

/** A commit that is imported, as a draft. */
export const memberOf = (
  { events, outcome, bodyHash, recordedAt }: RecordedCommit,
  claims: DraftCopy["claims"],
): Member => ({
  draft: { events, ...(outcome === undefined ? {} : { outcome }), bodyHash },
  claims,
  recordedMs: msOfInstant(recordedAt),
});
