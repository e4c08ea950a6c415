/**
 * A small book as a store would hold it, made without one: commits of planned events behind each
 * other, with hashes that hold under `toyHash`. Nothing outside of tests may import this.
 */
import type { PlannedEvent } from "../domain/planned.ts";
import { draftCommit, mintOf, newOutcome } from "../execute/draft.ts";
import { instantOfMs } from "../kernel/instant.ts";
import {
  type CommitDraft,
  genesis,
  type Head,
  headAfter,
  type Outcome,
  type RecordedCommit,
  recordCommit,
} from "../store/commit.ts";
import { seededHost, toyHash } from "./seeded.ts";

export const chainId = "chain-1";

/** Events of one stream that follow each other from `revision`. */
interface Written {
  readonly streamId: string;
  readonly revision?: number;
  readonly events: readonly PlannedEvent[];
}

/** A commit to be: what it writes, and under which key. */
export interface CommitPlan {
  readonly writes: readonly Written[];
  readonly key?: string;
  readonly subject?: Outcome["subject"];
}

const mint = mintOf(seededHost());

export const draftOf = ({ writes, key, subject }: CommitPlan): CommitDraft =>
  draftCommit(
    mint,
    {
      placed: writes.flatMap(({ streamId, revision = 1, events }) =>
        events.map((event, index) => ({
          streamId,
          revision: revision + index,
          id: mint.ids("event"),
          event,
        })),
      ),
      bases: [],
    },
    {},
    key === undefined ? undefined : newOutcome(mint, key, { verb: "test", amount: 5 }, { subject }),
  );

export const firstHead: Head = genesis(toyHash, chainId);

/** The commits of a book, one a second. */
export const bookOf = (...plans: readonly CommitPlan[]): RecordedCommit[] => {
  let head = firstHead;
  return plans.map((plan, index) => {
    const commit = recordCommit(
      toyHash,
      head,
      draftOf(plan),
      instantOfMs(1_772_323_200_000 + 1000 * index),
    );
    head = headAfter(chainId, commit);
    return commit;
  });
};

/** Commits in one batch each, as a store reads them. */
export async function* batches(
  commits: readonly RecordedCommit[],
): AsyncGenerator<readonly RecordedCommit[]> {
  for (const commit of commits) yield await Promise.resolve([commit]);
}
