/**
 * The texts of a log as commits, in order. Needs no index, so that a damaged log can be read up to
 * the damage: what stands before it comes first, then the error that says where trust ends.
 *
 * Checked here: that each text is a commit, and that it follows from the one before by number,
 * position and hash. Hashes are not recomputed; that is the verifier's work.
 */
import { setImmediate } from "node:timers/promises";
import {
  decodeCommit,
  type Head,
  headAfter,
  isDamage,
  LedgerError,
  type RecordedCommit,
} from "@tallystick/core";
import { misplaced, untrustedFrom } from "../store/damage.ts";
import type { CommitLog } from "./commit-log.ts";

/** Stored bytes that cannot be trusted, at a place. */
export const corruptAt = (log: CommitLog, number: number, problem: string): LedgerError => {
  const { text, detail } = log.place(number);
  return new LedgerError("BOOK_CORRUPT", `${text}: ${problem}`, { detail });
};

/** The commit of that number, decoded. */
export const decodeAt = (log: CommitLog, number: number, text: string): RecordedCommit => {
  const commit = decodeCommit(text, log.place(number).text);
  if (commit.number !== number)
    throw corruptAt(log, number, `commit ${commit.number} stands where commit ${number} belongs`);
  return commit;
};

const decodeBehind = (
  log: CommitLog,
  head: Head | undefined,
  number: number,
  text: string,
): RecordedCommit => {
  const commit = decodeAt(log, number, text);
  const problem = head === undefined ? undefined : misplaced(head, commit);
  if (problem !== undefined) throw corruptAt(log, number, problem);
  return commit;
};

/**
 * Commits in batches, strictly after the first `after`, up to and with number `upTo`. The commit of number `after` is read too, as
 * what the next one has to follow. `genesis` is where the chain begins.
 */
export async function* readCommits(
  log: CommitLog,
  {
    genesis,
    after,
    upTo,
  }: { readonly genesis: Head; readonly after: number; readonly upTo?: number | undefined },
): AsyncGenerator<RecordedCommit[], void, undefined> {
  const start = Math.max(0, after - 1);
  let head = start === 0 ? genesis : undefined;
  let number = start;
  let batch: RecordedCommit[] = [];
  try {
    for await (const texts of log.read(start, upTo)) {
      for (const text of texts) {
        const commit = decodeBehind(log, head, number + 1, text);
        number += 1;
        head = headAfter(genesis.chainId, commit);
        if (number > after) batch.push(commit);
      }
      if (batch.length === 0) continue;
      yield batch;
      batch = [];
      // A log in memory never waits for anything: without this a long read would hold up everybody.
      await setImmediate();
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    if (batch.length > 0) yield batch;
    throw head === undefined ? error : untrustedFrom(error, head);
  }
}
