/**
 * Whether a commit may follow what is known of a book: the checks that the port promises, in its
 * order. The same judgement serves appends, imports and the loading of a stored log.
 */
import {
  type ClaimKey,
  type CommitDraft,
  type EventBody,
  expectedRevisions,
  type Head,
  headAfter,
  LedgerError,
  type RecordedCommit,
  type StreamId,
  type TakenClaim,
} from "@tallystick/core";

/** What a commit is judged against. */
export interface Known {
  readonly head: Head;
  revision(streamId: StreamId): number;
  /** Of the last event of a stream; undefined for one that nobody wrote. */
  lastEventId(streamId: StreamId): string | undefined;
  holdsClaim(key: ClaimKey): boolean;
  holdsOutcome(key: string): boolean;
}

/**
 * What is wrong with the events of a commit among themselves; undefined if nothing is. Those of one
 * stream follow one another, and no two have the same id.
 */
export const misnumbered = (events: readonly EventBody[]): string | undefined => {
  const revisions = new Map<StreamId, number>();
  const ids = new Set<string>();
  for (const { id, streamId, revision } of events) {
    const before = revisions.get(streamId);
    if (before !== undefined && revision !== before + 1)
      return `revision ${revision} of ${streamId} follows revision ${before} in one commit`;
    revisions.set(streamId, revision);
    if (ids.has(id)) return `two events of one commit have the id ${id}`;
    ids.add(id);
  }
  return undefined;
};

interface StaleStream {
  readonly streamId: StreamId;
  readonly expectedRevision: number;
  readonly actualRevision: number;
}

export const outcomeExists = (key: string): LedgerError =>
  new LedgerError(
    "OUTCOME_EXISTS",
    `the idempotency key ${key} already has an outcome; look it up instead`,
    { detail: { key } },
  );

export const revisionConflict = (stale: StaleStream): LedgerError =>
  new LedgerError(
    "REVISION_CONFLICT",
    stale.actualRevision === stale.expectedRevision
      ? `stream ${stale.streamId} is at revision ${stale.actualRevision}, but another event is its last; read it and decide again`
      : `stream ${stale.streamId} is at revision ${stale.actualRevision}, not ${stale.expectedRevision}; read it and decide again`,
    { detail: { ...stale } },
  );

export const claimTaken = (key: ClaimKey): LedgerError =>
  new LedgerError("CLAIM_TAKEN", `the unique key ${key} is held already`, {
    detail: { claim: key },
  });

const staleStream = (
  known: Known,
  { events, outcome, bases = [] }: Pick<CommitDraft, "events" | "outcome" | "bases">,
): StaleStream | undefined => {
  for (const [streamId, expectedRevision] of expectedRevisions(events)) {
    const actualRevision = known.revision(streamId);
    if (actualRevision !== expectedRevision) return { streamId, expectedRevision, actualRevision };
  }
  for (const { streamId, revision: expectedRevision, eventId } of bases) {
    const actualRevision = known.revision(streamId);
    if (actualRevision !== expectedRevision || known.lastEventId(streamId) !== eventId)
      return { streamId, expectedRevision, actualRevision };
  }
  if (outcome?.subject === undefined) return undefined;
  // An outcome that speaks of a revision nobody wrote could never be answered again.
  const { streamId, revision } = outcome.subject;
  const written = events.findLast((event) => event.streamId === streamId)?.revision;
  const actualRevision = written ?? known.revision(streamId);
  return revision > actualRevision
    ? { streamId, expectedRevision: revision, actualRevision }
    : undefined;
};

/** Why the commit does not fit, as the error that `append` owes; undefined if it does. */
export const refusalOf = (
  known: Known,
  draft: Pick<CommitDraft, "events" | "outcome" | "bases">,
  claims: readonly TakenClaim[],
): LedgerError | undefined => {
  const { outcome } = draft;
  if (outcome !== undefined && known.holdsOutcome(outcome.key)) return outcomeExists(outcome.key);
  const stale = staleStream(known, draft);
  if (stale !== undefined) return revisionConflict(stale);
  const own = new Set<ClaimKey>();
  for (const { key } of claims) {
    if (known.holdsClaim(key) || own.has(key)) return claimTaken(key);
    own.add(key);
  }
  return undefined;
};

/** What is durable, and on top of it what a group is about to write. Thrown away if that fails. */
export class StagedGroup implements Known {
  readonly #base: Known;
  #head: Head;
  readonly #last = new Map<StreamId, { readonly id: string; readonly revision: number }>();
  readonly #claims = new Set<ClaimKey>();
  readonly #outcomes = new Set<string>();

  constructor(base: Known) {
    this.#base = base;
    this.#head = base.head;
  }

  get head(): Head {
    return this.#head;
  }

  revision(streamId: StreamId): number {
    return this.#last.get(streamId)?.revision ?? this.#base.revision(streamId);
  }

  lastEventId(streamId: StreamId): string | undefined {
    return this.#last.get(streamId)?.id ?? this.#base.lastEventId(streamId);
  }

  holdsClaim(key: ClaimKey): boolean {
    return this.#claims.has(key) || this.#base.holdsClaim(key);
  }

  holdsOutcome(key: string): boolean {
    return this.#outcomes.has(key) || this.#base.holdsOutcome(key);
  }

  /** Takes in a commit that was judged to fit. */
  stage(commit: RecordedCommit, claims: readonly TakenClaim[]): void {
    for (const event of commit.events) this.#last.set(event.streamId, event);
    for (const { key } of claims) this.#claims.add(key);
    if (commit.outcome !== undefined) this.#outcomes.add(commit.outcome.key);
    this.#head = headAfter(this.#head.chainId, commit);
  }
}
