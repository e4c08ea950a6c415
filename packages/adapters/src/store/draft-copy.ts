/**
 * A draft as the store keeps it: a copy of its own, taken at once, that can be read back. A commit
 * that nobody could decode again would close its book for ever, so such a draft never gets in; it is
 * a fault of the code that made it.
 */
import {
  type CommitDraft,
  commitClaims,
  copyOfDraft,
  invariant,
  isDamage,
  type TakenClaim,
} from "@tallystick/core";
import { misnumbered } from "./judge.ts";

export interface DraftCopy {
  readonly draft: CommitDraft;
  readonly claims: readonly TakenClaim[];
}

/** Throws `InvariantViolation` for a draft that no decider could have made. */
export const copyDraft = ({ bases, ...content }: CommitDraft): DraftCopy => {
  let draft: CommitDraft;
  try {
    draft = copyOfDraft(content, "the draft");
  } catch (error) {
    invariant(!isDamage(error), `a draft could not be read back: ${String(error)}`);
    throw error;
  }
  const problem = misnumbered(draft.events);
  invariant(problem === undefined, problem ?? "");
  const claims = commitClaims(draft.events);
  return bases === undefined
    ? { draft, claims }
    : { draft: { ...draft, bases: bases.map((each) => ({ ...each })) }, claims };
};
