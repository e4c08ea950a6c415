/** A group of drafts as the parameters of `append_commits`, and what it answers. */
import {
  type CommitDraft,
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

const hex = (cell: Cell | undefined): string | null | undefined =>
  cell instanceof Uint8Array
    ? Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength).toString("hex")
    : cell === null || cell === undefined
      ? null
      : Buffer.from(String(cell)).toString("hex");

const judged = (
  { draft, claims, recordedMs }: Member,
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
    n: events.length,
    h: draft.bodyHash,
    ...(recordedMs === undefined ? {} : { t: recordedMs }),
  };
};

const commitCells = (draft: CommitDraft, index: number): object => {
  const { outcome } = draft;
  const row = commitRow(0, { ...draft, number: 0, firstPosition: 0, hash: "" }, 0);
  const cells = { d: index, n: row[2], b: draft.bodyHash };
  if (outcome === undefined) return cells;
  return {
    ...cells,
    k: outcome.key,
    s: hex(row[7]),
    h: hex(row[8]),
    f: row[9],
    p: hex(row[10]),
    u: row[11],
    r: row[12],
    e: row[13] ?? null,
  };
};

/** JSON as it stands in a cell becomes a part of the whole, without being read and written again. */
const eventCells = (row: Row, index: number): string => {
  const json = (name: string, cell: Cell | undefined): string =>
    typeof cell === "string" ? `,"${name}":${cell}` : "";
  const plain = JSON.stringify({
    d: index,
    i: row[0],
    t: row[1],
    s: row[2],
    r: row[3],
    o: row[4] ?? undefined,
    p: row[5] ?? undefined,
    c: row[6] ?? undefined,
    a: row[7] ?? undefined,
    f: row[8] ?? undefined,
    b: row[9] ?? undefined,
    g: row[13],
    n: row[14],
    v: row[15],
    k: row[17] ?? undefined,
    w: row[18] ?? undefined,
    q: row[19] ?? undefined,
    y: row[20] ?? undefined,
    h: row[22] === null ? undefined : hex(row[22]),
    m: row[10] ?? undefined,
  });
  return `${plain.slice(0, -1)}${json("x", row[16])}${json("z", row[21])}}`;
};

/** The last six parameters of `append_commits`. */
export const groupParameters = (members: readonly Member[]): string[] => {
  const [streams, keys] = [new Numbering(), new Numbering()];
  const claims: object[] = [];
  const claimPlaces = new Map<string, number>();
  const commits: object[] = [];
  const events: string[] = [];
  const drafts: object[] = [];
  for (const [index, member] of members.entries()) {
    const { draft } = member;
    const placeInDraft = new Map(
      draft.events.map(({ streamId, revision }, at) => [`${revision}/${streamId}`, at]),
    );
    for (const { key, streamId, revision } of member.claims) {
      const place = claims.push({
        d: index,
        i: placeInDraft.get(`${revision}/${streamId}`),
        k: key,
      });
      if (!claimPlaces.has(key)) claimPlaces.set(key, place);
    }
    drafts.push(judged(member, { streams, keys, claimPlaces }));
    commits.push(commitCells(draft, index));
    for (const [at, event] of draft.events.entries()) {
      const row = eventRow(0, { number: 0, firstPosition: 0 }, event, at, 0);
      // Effective when it was recorded: the database knows when that is.
      const effective = event.effectiveAt === undefined ? row.with(10, null) : row;
      events.push(eventCells(effective, index));
    }
  }
  return [
    JSON.stringify(streams.texts),
    JSON.stringify(keys.texts),
    JSON.stringify(claims),
    JSON.stringify(drafts),
    JSON.stringify(commits),
    `[${events.join(",")}]`,
  ];
};

/** What became of one draft. */
export const answerOf = ({ draft, claims }: DraftCopy, row: Row): RecordedCommit | LedgerError => {
  const [refused, at, actual, number, firstPosition, recordedMs, previousHash, hash] = row;
  switch (refused) {
    case null:
      return {
        version: 1,
        number: Number(number),
        firstPosition: Number(firstPosition),
        recordedAt: instantOfMs(Number(recordedMs)),
        previousHash: String(previousHash),
        events: draft.events,
        ...(draft.outcome === undefined ? {} : { outcome: draft.outcome }),
        bodyHash: draft.bodyHash,
        hash: String(hash),
      };
    case "key":
      return outcomeExists(draft.outcome?.key ?? "");
    case "stale": {
      const need = needsOf(draft)[Number(at) - 1];
      invariant(
        need !== undefined,
        `append_commits refused by the stream ${String(at)} of a draft without one`,
      );
      const { streamId, revision: expectedRevision } = need;
      return revisionConflict({ streamId, expectedRevision, actualRevision: Number(actual) });
    }
    case "subject": {
      const subject = draft.outcome?.subject;
      invariant(subject !== undefined, "append_commits refused by a subject that is not there");
      const { streamId, revision: expectedRevision } = subject;
      return revisionConflict({ streamId, expectedRevision, actualRevision: Number(actual) });
    }
    case "claim":
      return claimTaken(claims[Number(at) - 1]?.key ?? "");
    default:
      throw new LedgerError("UNKNOWN_SCHEMA_VERSION", `append_commits answered ${String(refused)}`);
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
