/**
 * A draft as the store keeps it: a copy of its own, taken at once, that can be read back. A commit
 * that nobody could decode again would close its book for ever, so such a draft never gets in; it is
 * a fault of the code that made it.
 */
import {
  type CommitDraft,
  commitClaims,
  decodeCommit,
  encodeCommit,
  invariant,
  isDamage,
  type TakenClaim,
} from "@tallystick/core";
import { misnumbered } from "./judge.ts";

export interface DraftCopy {
  readonly draft: CommitDraft;
  readonly claims: readonly TakenClaim[];
}

/** A place in no book: the draft is encoded before anybody knows where it will stand. */
const nowhere = {
  version: 1,
  number: 1,
  firstPosition: 1,
  recordedAt: "1970-01-01T00:00:00.000Z",
  previousHash: "0".repeat(64),
  hash: "0".repeat(64),
} as const;

/** Throws `InvariantViolation` for a draft that no decider could have made. */
export const copyDraft = ({ events, outcome, bodyHash }: CommitDraft): DraftCopy => {
  const text = encodeCommit({
    ...nowhere,
    events,
    ...(outcome === undefined ? {} : { outcome }),
    bodyHash,
  });
  let copy: CommitDraft;
  try {
    copy = decodeCommit(text, "the draft");
  } catch (error) {
    invariant(!isDamage(error), `a draft could not be read back: ${String(error)}`);
    throw error;
  }
  const problem = misnumbered(copy.events);
  invariant(problem === undefined, problem ?? "");
  return { draft: copy, claims: commitClaims(copy.events) };
};
