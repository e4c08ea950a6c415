/**
 * A commit is the atomic unit of a book: the events of one command, over one stream or several, and
 * the command's outcome. A book is a chain of commits, numbered from 1 without gaps, as their events
 * are by position. Each commit's hash covers the one before it, so no change to a stored book stays
 * unseen.
 *
 * Two hashes, so that the costly one needs no lock: `bodyHash` covers what the writer knows, `hash`
 * adds what only the book's head knows (the place in the chain and the time).
 */

import { type ClaimKey, claimsOf } from "../domain/claims.ts";
import type { DomainEvent, EventType, Personal } from "../domain/events.ts";
import type { StreamId } from "../domain/target.ts";
import { canonicalJson, type Json } from "../kernel/canonical-json.ts";
import type { Host } from "../kernel/host.ts";
import type { Instant } from "../kernel/instant.ts";

/** Personal data beside a random salt; erasing both later leaves the chain valid. */
export interface StoredPersonal {
  /** 32 hexadecimal digits. */
  readonly salt: string;
  readonly data: Personal;
}

/** What the writer of an event knows. The shape that is stored, key for key. */
export interface EventBody {
  readonly id: string;
  readonly type: EventType;
  readonly schemaVersion: number;
  readonly streamId: StreamId;
  /** 1 for the first event of a stream. */
  readonly revision: number;
  /** When it was true in the world; left out where that is when it was recorded. */
  readonly effectiveAt?: Instant;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly actor?: string;
  readonly idempotencyKey?: string;
  readonly data: DomainEvent["data"];
  readonly personal?: StoredPersonal;
  /** SHA-256 of salt and personal data; stays when both are erased. */
  readonly personalHash?: string;
}

/** What a command came to, kept under its idempotency key. */
export interface Outcome {
  readonly key: string;
  /** 32 hexadecimal digits; the fingerprints below are salted with it. */
  readonly salt?: string;
  readonly saltHash: string;
  /** A fingerprint of each field of the request, so that a reuse can name what differs. */
  readonly request: Readonly<Record<string, string>>;
  /** The stream whose state answers a repeat, and its revision then. */
  readonly subject?: { readonly streamId: StreamId; readonly revision: number };
  readonly refusal?: {
    readonly code: string;
    readonly message: string;
    readonly detail: { readonly [key: string]: Json };
  };
}

/** What the writer of a commit knows of it, and what is stored. */
export interface CommitContent {
  /** In order; the events of one stream have consecutive revisions, from the one that is expected. */
  readonly events: readonly EventBody[];
  readonly outcome?: Outcome;
  readonly bodyHash: string;
}

/**
 * A stream as a decision saw it. Its revision alone would not do: where another writer's event took
 * the place of the one that was seen, the numbers fit and the decision does not.
 */
export interface Basis {
  readonly streamId: StreamId;
  /** 0 for a stream that was not there. */
  readonly revision: number;
  /** Of the event at that revision; there is none at revision 0. */
  readonly eventId?: string;
}

/** A commit on its way into a store. */
export interface CommitDraft extends CommitContent {
  /** Streams that it may not be written without, whether it writes to them or not; each once. Not stored. */
  readonly bases?: readonly Basis[];
}

/** A commit as it is stored. */
export interface RecordedCommit extends CommitContent {
  readonly version: 1;
  /** 1 for the first commit of a book; no gaps. */
  readonly number: number;
  /** Of its first event; of the next event to come, where it has none. */
  readonly firstPosition: number;
  readonly recordedAt: Instant;
  readonly previousHash: string;
  readonly hash: string;
}

/** An event at its place in the book, as readers meet it. */
export type RecordedEvent = DomainEvent & {
  readonly id: string;
  readonly schemaVersion: number;
  readonly streamId: StreamId;
  readonly revision: number;
  /** 1 for the first event of a book; no gaps. */
  readonly position: number;
  readonly recordedAt: Instant;
  readonly effectiveAt: Instant;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly actor?: string;
  readonly idempotencyKey?: string;
};

/** Where a book ends. */
export interface Head {
  /** How many commits it holds. */
  readonly commit: number;
  /** How many events it holds. */
  readonly position: number;
  /** Of the last commit; of the genesis while there is none. */
  readonly hash: string;
  /** Of the last commit; undefined while there is none. */
  readonly recordedAt?: Instant;
  readonly chainId: string;
}

type Sha256 = Host["sha256"];

/** What the first commit of a chain takes as its previous hash. */
export const genesisHash = (sha256: Sha256, chainId: string): string =>
  sha256(`tallystick.genesis.v1\n${chainId}`);

/** Where a book begins. */
export const genesis = (sha256: Sha256, chainId: string): Head => ({
  commit: 0,
  position: 0,
  hash: genesisHash(sha256, chainId),
  chainId,
});

export const personalHash = (sha256: Sha256, { salt, data }: StoredPersonal): string =>
  sha256(`tallystick.personal.v1\n${salt}\n${canonicalJson(data)}`);

export const saltHash = (sha256: Sha256, salt: string): string =>
  sha256(`tallystick.salt.v1\n${salt}`);

const withoutPersonal = (event: EventBody): Json => {
  if (event.personal === undefined) return event as unknown as Json;
  const { personal: _, ...told } = event;
  return told as unknown as Json;
};

const withoutSalt = ({ salt: _, ...told }: Outcome): Json => told as unknown as Json;

/** Covers everything that the writer knows, with personal data and salts as their hashes. */
export const bodyHash = (
  sha256: Sha256,
  { events, outcome }: Pick<CommitContent, "events" | "outcome">,
): string => {
  const told = events.map((event) => canonicalJson(withoutPersonal(event))).join(",");
  const outcomeTold =
    outcome === undefined ? "" : `,"outcome":${canonicalJson(withoutSalt(outcome))}`;
  return sha256(`tallystick.body.v1\n{"events":[${told}]${outcomeTold}}`);
};

/** The link of the chain. Every part has one form, so the text can be made in SQL as well. */
export const commitHash = (
  sha256: Sha256,
  commit: Pick<
    RecordedCommit,
    "previousHash" | "number" | "firstPosition" | "recordedAt" | "bodyHash"
  > & {
    readonly eventCount: number;
  },
): string =>
  sha256(
    [
      "tallystick.commit.v1",
      commit.previousHash,
      commit.number,
      commit.firstPosition,
      commit.eventCount,
      commit.recordedAt,
      commit.bodyHash,
    ].join("\n"),
  );

/** The commit that a draft becomes behind `head`; `recordedAt` is moved up to the head's if earlier. */
export const recordCommit = (
  sha256: Sha256,
  head: Head,
  draft: CommitDraft,
  now: Instant,
): RecordedCommit => {
  const place = {
    version: 1,
    number: head.commit + 1,
    firstPosition: head.position + 1,
    recordedAt: head.recordedAt !== undefined && head.recordedAt > now ? head.recordedAt : now,
    previousHash: head.hash,
  } as const;
  const hash = commitHash(sha256, {
    ...place,
    bodyHash: draft.bodyHash,
    eventCount: draft.events.length,
  });
  return {
    ...place,
    events: draft.events,
    ...(draft.outcome === undefined ? {} : { outcome: draft.outcome }),
    bodyHash: draft.bodyHash,
    hash,
  };
};

/** Where the book ends once `commit` stands in it. */
export const headAfter = (chainId: string, commit: RecordedCommit): Head => ({
  commit: commit.number,
  position: commit.firstPosition + commit.events.length - 1,
  hash: commit.hash,
  recordedAt: commit.recordedAt,
  chainId,
});

/** A claim, and the event that takes it. */
export interface TakenClaim {
  readonly key: ClaimKey;
  readonly streamId: StreamId;
  readonly revision: number;
}

/** The claims of a commit, in the order of its events. */
export const commitClaims = (events: readonly EventBody[]): TakenClaim[] =>
  events.flatMap((event) =>
    claimsOf(event.streamId, event as unknown as DomainEvent).map((key) => ({
      key,
      streamId: event.streamId,
      revision: event.revision,
    })),
  );

/** The revision that each stream of a commit is expected to have before it. */
export const expectedRevisions = (events: readonly EventBody[]): Map<StreamId, number> => {
  const expected = new Map<StreamId, number>();
  for (const { streamId, revision } of events)
    if (!expected.has(streamId)) expected.set(streamId, revision - 1);
  return expected;
};
