/**
 * Continuing a book with commits of another copy of its chain. Nothing is taken on trust: each
 * commit is recomputed, judged like an append and written unchanged. What came before the first one
 * that does not fit stays, so an import can be resumed.
 */
import {
  chainProblem,
  commitClaims,
  decodeCommit,
  encodeCommit,
  type Head,
  isDamage,
  LedgerError,
  type RecordedCommit,
} from "@tallystick/core";
import { requireChainId } from "./chain-id.ts";
import { untrustedFrom } from "./damage.ts";
import type { Entry, Journal, WriteTurn } from "./journal.ts";
import { misnumbered, refusalOf, StagedGroup } from "./judge.ts";

/** How many commits are judged and written at once. */
const batchMax = 256;

export const importCommits = async (
  book: {
    importBatch(chainId: string, batch: readonly RecordedCommit[]): Promise<Head>;
  },
  requireOpen: () => void,
  chainId: string,
  batches: AsyncIterable<readonly RecordedCommit[]>,
): Promise<Head> => {
  requireChainId(chainId);
  let head = await book.importBatch(chainId, []);
  for await (const batch of batches)
    for (let at = 0; at < batch.length; at += batchMax) {
      requireOpen();
      const part = batch.slice(at, at + batchMax);
      head = await book.importBatch(chainId, part);
    }
  requireOpen();
  return { ...head };
};

/** One turn of writing: the commits up to the first that does not fit, then the error that it is owed. */
export const importBatch = (
  journal: Journal,
  chainId: string,
  batch: readonly RecordedCommit[],
): Promise<Head> => journal.writes.take(() => importTurn(journal, chainId, batch));

const importTurn = async (
  journal: Journal,
  chainId: string,
  batch: readonly RecordedCommit[],
): Promise<Head> => {
  const turn = await journal.begin(chainId);
  try {
    return await importIn(turn, journal, chainId, batch);
  } finally {
    turn.abandon();
  }
};

const importIn = async (
  turn: WriteTurn,
  { name, host }: Journal,
  chainId: string,
  batch: readonly RecordedCommit[],
): Promise<Head> => {
  const { known } = turn;
  requireSameChain(name, known.head, chainId);
  const group = new StagedGroup(known);
  const fitting: Entry[] = [];
  let problem: unknown;
  try {
    for (const given of batch) {
      const next = ownCopy(given, group.head);
      if (next.commit.number <= known.head.commit) {
        requireSameCommit(name, next.commit, await turn.hashOf(next.commit.number));
        continue;
      }
      const reason =
        misnumbered(next.commit.events) ??
        chainProblem(host.sha256, group.head, next.commit) ??
        refusalOf(group, next.commit, next.claims)?.message;
      if (reason !== undefined) throw unfit(group.head, reason);
      group.stage(next.commit, next.claims);
      fitting.push(next);
    }
  } catch (error) {
    problem = error;
  }
  if (fitting.length > 0) await turn.write(fitting);
  if (problem !== undefined) throw problem;
  return group.head;
};

export const requireSameChain = (book: string, head: Head, chainId: string): void => {
  if (head.chainId === chainId) return;
  throw new LedgerError(
    "BOOK_MISMATCH",
    `the book ${book} belongs to the chain ${head.chainId}, the commits to ${chainId}; import them into another book`,
    { detail: { book, chainId: head.chainId, importedChainId: chainId } },
  );
};

/** Why a commit cannot follow `head`. */
export const unfit = (head: Head, reason: string): LedgerError =>
  untrustedFrom(new LedgerError("BOOK_CORRUPT", `the import ends here: ${reason}`), head);

/** Encoded and read back, so that nothing is stored that could not be read again. */
export const ownCopy = (given: RecordedCommit, head: Head): Entry => {
  try {
    const where = `the commit behind commit ${head.commit} of the import`;
    const commit = decodeCommit(encodeCommit(given), where);
    return { commit, claims: commitClaims(commit.events) };
  } catch (error) {
    throw isDamage(error) ? untrustedFrom(error, head) : error;
  }
};

/** `held` is the hash that the book has at the commit's number. */
export const requireSameCommit = (
  book: string,
  { number, hash, firstPosition }: RecordedCommit,
  held: string | undefined,
): void => {
  if (held === hash) return;
  throw new LedgerError(
    "BOOK_MISMATCH",
    `the book ${book} and the imported copy part at commit ${number}: its hash is ${held} here and ${hash} there`,
    {
      detail: { book, commit: number, position: firstPosition, hash: held, importedHash: hash },
    },
  );
};
