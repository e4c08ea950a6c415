/**
 * The verifier: reads a book as if nobody could be trusted and recomputes everything that can be
 * recomputed. It stops at the first commit that does not follow from the ones before it.
 */
import { evolve, initialState } from "../domain/evolve.ts";
import type { StreamState } from "../domain/state.ts";
import type { StreamId } from "../domain/target.ts";
import type { Host } from "../kernel/host.ts";
import { InvariantViolation } from "../kernel/invariant.ts";
import { isDamage, recordedEvents } from "./codec.ts";
import {
  bodyHash,
  commitClaims,
  commitHash,
  genesis,
  type Head,
  headAfter,
  personalHash,
  type RecordedCommit,
  saltHash,
} from "./commit.ts";

/** What verification found. */
export interface Verification {
  readonly ok: boolean;
  /** Events and commits that hold, up to the break if there is one. */
  readonly events: number;
  readonly commits: number;
  readonly head: { readonly position: number; readonly hash: string };
  /** The first position that cannot be trusted, and why. */
  readonly brokenAt?: number;
  readonly problem?: string;
}

/** What is wrong with the hashes and the place of a commit that should follow `head`; undefined if nothing is. */
export const chainProblem = (
  sha256: Host["sha256"],
  head: Head,
  commit: RecordedCommit,
): string | undefined => {
  if (commit.number !== head.commit + 1)
    return `commit ${commit.number} stands where commit ${head.commit + 1} belongs`;
  if (commit.firstPosition !== head.position + 1)
    return `commit ${commit.number} begins at position ${commit.firstPosition}, not ${head.position + 1}`;
  if (commit.previousHash !== head.hash)
    return `commit ${commit.number} does not follow from the commit before it: its previous hash is ${commit.previousHash}, not ${head.hash}`;
  if (head.recordedAt !== undefined && commit.recordedAt < head.recordedAt)
    return `commit ${commit.number} was recorded at ${commit.recordedAt}, before ${head.recordedAt}`;
  for (const { id, personal, personalHash: expected } of commit.events)
    if (personal !== undefined && personalHash(sha256, personal) !== expected)
      return `the personal data of ${id} is not what was written`;
  const { outcome } = commit;
  if (outcome?.salt !== undefined && saltHash(sha256, outcome.salt) !== outcome.saltHash)
    return `the salt of the outcome of commit ${commit.number} is not what was written`;
  if (bodyHash(sha256, commit) !== commit.bodyHash)
    return `the content of commit ${commit.number} is not what was written`;
  if (commitHash(sha256, { ...commit, eventCount: commit.events.length }) !== commit.hash)
    return `the hash of commit ${commit.number} is not that of its content`;
  return undefined;
};

/** A set or a map of JavaScript ends at 2^24 entries; many beside each other go on. */
const shards = 256;
const shardOf = (key: string): number => {
  const { length } = key;
  return (key.charCodeAt(length - 1) * 16 + key.charCodeAt(length - 2)) % shards || 0;
};

/** Texts that were met, each of which may be met once. */
class Met {
  readonly #texts = Array.from({ length: shards }, () => new Set<string>());

  /** Whether the text is met for the first time. */
  isNew(text: string): boolean {
    const texts = this.#texts[shardOf(text)] as Set<string>;
    const before = texts.size;
    return texts.add(text).size > before;
  }
}

interface SeenStream {
  revision: number;
  readonly state: StreamState;
}

/** What was seen of a book so far, as far as later commits depend on it. */
class Seen {
  readonly #streams = Array.from({ length: shards }, () => new Map<StreamId, SeenStream>());
  readonly #eventIds = new Met();
  readonly #claims = new Met();
  readonly #keys = new Met();

  /** What is wrong with a commit whose hashes hold; undefined if nothing is. */
  take(commit: RecordedCommit): string | undefined {
    const { outcome } = commit;
    for (const event of recordedEvents(commit)) {
      const stream = this.#stream(event.streamId);
      if (event.revision !== stream.revision + 1)
        return `${event.id} has revision ${event.revision} on ${event.streamId}, not ${stream.revision + 1}`;
      stream.revision = event.revision;
      try {
        evolve(stream.state, event);
      } catch (error) {
        if (error instanceof InvariantViolation) return error.message;
        throw error;
      }
      if (!this.#eventIds.isNew(event.id)) return `the event id ${event.id} occurs twice`;
    }
    for (const { key } of commitClaims(commit.events))
      if (!this.#claims.isNew(key)) return `the unique key ${key} is taken twice`;
    if (outcome !== undefined && !this.#keys.isNew(outcome.key))
      return `the idempotency key ${outcome.key} has two outcomes`;
    if (outcome?.subject !== undefined) {
      const { streamId, revision } = outcome.subject;
      if (revision > (this.#streamsWith(streamId).get(streamId)?.revision ?? 0))
        return `the outcome of ${outcome.key} speaks of revision ${revision} of ${streamId}, which is not there`;
    }
    return undefined;
  }

  #streamsWith(streamId: StreamId): Map<StreamId, SeenStream> {
    return this.#streams[shardOf(streamId)] as Map<StreamId, SeenStream>;
  }

  #stream(streamId: StreamId): SeenStream {
    const streams = this.#streamsWith(streamId);
    let stream = streams.get(streamId);
    if (stream === undefined) {
      stream = { revision: 0, state: initialState(streamId) };
      streams.set(streamId, stream);
    }
    return stream;
  }
}

/**
 * Recomputes hashes, numbers, positions, revisions, claims, outcomes and balances of a book.
 * Damaged storage is a finding and no error; a store that cannot be read at all still throws.
 * `onProgress` is told how many events hold, after each batch.
 */
export const verifyCommits = async (
  sha256: Host["sha256"],
  chainId: string,
  batches: AsyncIterable<readonly RecordedCommit[]>,
  onProgress: (events: number) => void = () => undefined,
): Promise<Verification> => {
  const seen = new Seen();
  let head = genesis(sha256, chainId);
  const found = (problem?: string): Verification => ({
    ok: problem === undefined,
    events: head.position,
    commits: head.commit,
    head: { position: head.position, hash: head.hash },
    ...(problem === undefined ? {} : { brokenAt: head.position + 1, problem }),
  });
  try {
    for await (const batch of batches) {
      for (const commit of batch) {
        const problem = chainProblem(sha256, head, commit) ?? seen.take(commit);
        if (problem !== undefined) return found(problem);
        head = headAfter(chainId, commit);
      }
      onProgress(head.position);
    }
  } catch (error) {
    if (isDamage(error)) return found(error.message);
    throw error;
  }
  return found();
};
