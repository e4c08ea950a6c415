/**
 * What has to be known of a book's durable commits to judge the next one and to find any event:
 * numbers and last ids only. The events themselves stay in the log, which is their only copy.
 *
 * Memory: about 8 bytes an event, and one map entry a stream, a claim and an outcome.
 */
import {
  type ClaimHolder,
  type ClaimKey,
  commitClaims,
  type Head,
  headAfter,
  invariant,
  type RecordedCommit,
  type StreamId,
  type TakenClaim,
} from "@tallystick/core";
import type { Known } from "../store/judge.ts";

const none: readonly number[] = [];

export class BookIndex implements Known {
  #head: Head;
  /** Of each stream, the commit that holds each revision, and the id of its last event. */
  readonly #streams = new Map<StreamId, { readonly commits: number[]; lastEventId: string }>();
  readonly #claims = new Map<ClaimKey, ClaimHolder>();
  /** Of each payment, the claims that say where it was applied or lies in suspense. */
  readonly #payments = new Map<string, ClaimKey[]>();
  readonly #outcomes = new Map<string, number>();
  /** Of each commit, the last position up to its end. */
  readonly #lastPositions: number[] = [];

  constructor(genesis: Head) {
    this.#head = genesis;
  }

  get head(): Head {
    return this.#head;
  }

  revision(streamId: StreamId): number {
    return this.#streams.get(streamId)?.commits.length ?? 0;
  }

  lastEventId(streamId: StreamId): string | undefined {
    return this.#streams.get(streamId)?.lastEventId;
  }

  holdsClaim(key: ClaimKey): boolean {
    return this.#claims.has(key);
  }

  holdsOutcome(key: string): boolean {
    return this.#outcomes.has(key);
  }

  claimHolder(key: ClaimKey): ClaimHolder | undefined {
    const holder = this.#claims.get(key);
    return holder === undefined ? undefined : { ...holder };
  }

  /** Who holds the claims of a payment, sorted by the claim. */
  paymentClaims(paymentId: string): ClaimHolder[] {
    const keys = [...(this.#payments.get(paymentId) ?? [])].sort();
    return keys.flatMap((key) => this.claimHolder(key) ?? []);
  }

  /** The commit that carries the outcome of this key. */
  outcomeCommit(key: string): number | undefined {
    return this.#outcomes.get(key);
  }

  /** Commits that hold revisions of a stream after `after`, up to and with `upTo`; ascending, each once. */
  commitsOfStream(streamId: StreamId, after: number, upTo: number): number[] {
    const commits = (this.#streams.get(streamId)?.commits ?? none).slice(
      Math.max(0, after),
      Math.max(0, upTo),
    );
    return commits.filter((commit, index) => commit !== commits[index - 1]);
  }

  /** How many commits end at or before a position. */
  commitsUpTo(position: number): number {
    let [low, high] = [0, this.#lastPositions.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#lastPositions[middle] ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Takes in a commit that is durable and was judged to fit. */
  add(commit: RecordedCommit, claims: readonly TakenClaim[] = commitClaims(commit.events)): void {
    invariant(
      commit.number === this.#head.commit + 1,
      `commit ${commit.number} was indexed behind commit ${this.#head.commit}`,
    );
    for (const { id, streamId } of commit.events) {
      const stream = this.#streams.get(streamId);
      if (stream === undefined)
        this.#streams.set(streamId, { commits: [commit.number], lastEventId: id });
      else {
        stream.commits.push(commit.number);
        stream.lastEventId = id;
      }
    }
    for (const { key, streamId, revision } of claims) {
      this.#claims.set(key, { streamId, revision });
      const [form, paymentId] = key.split("/", 2);
      if (paymentId === undefined || (form !== "payment" && form !== "applied")) continue;
      const keys = this.#payments.get(paymentId);
      if (keys === undefined) this.#payments.set(paymentId, [key]);
      else keys.push(key);
    }
    if (commit.outcome !== undefined) this.#outcomes.set(commit.outcome.key, commit.number);
    this.#head = headAfter(this.#head.chainId, commit);
    this.#lastPositions.push(this.#head.position);
  }
}
