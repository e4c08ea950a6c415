/** Where trust in a stored book ends. */
import { type Head, LedgerError, type RecordedCommit } from "@tallystick/core";

/** What is wrong with the place of a commit that should follow `head`; undefined if nothing is. */
export const misplaced = (head: Head, commit: RecordedCommit): string | undefined =>
  commit.number !== head.commit + 1
    ? `commit ${commit.number} stands where commit ${head.commit + 1} belongs`
    : commit.firstPosition !== head.position + 1
      ? `commit ${commit.number} begins at position ${commit.firstPosition}, not ${head.position + 1}`
      : commit.previousHash !== head.hash
        ? `commit ${commit.number} does not follow from the commit before it`
        : undefined;

/** The same damage, with the first commit and position that cannot be trusted. */
export const untrustedFrom = (error: LedgerError, after: Head): LedgerError => {
  const position = after.position + 1;
  return new LedgerError(
    error.code,
    `${error.message}; from position ${position} on nothing can be trusted`,
    { cause: error, detail: { ...error.detail, commit: after.commit + 1, position } },
  );
};
