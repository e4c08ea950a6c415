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
import type { Book, Entry, OpenBook } from "./book.ts";
import { requireChainId } from "./chain-id.ts";
import { misnumbered, refusalOf, StagedGroup } from "./judge.ts";
import { decodeAt, untrustedFrom } from "./read-commits.ts";

/** How many commits are judged and written at once. */
const batchMax = 256;

export const importCommits = async (
  book: Book,
  requireOpen: () => void,
  chainId: string,
  batches: AsyncIterable<readonly RecordedCommit[]>,
): Promise<Head> => {
  requireChainId(chainId);
  let head = await book.writes.take(() => importBatch(book, chainId, []));
  for await (const batch of batches)
    for (let at = 0; at < batch.length; at += batchMax) {
      requireOpen();
      const part = batch.slice(at, at + batchMax);
      head = await book.writes.take(() => importBatch(book, chainId, part));
    }
  requireOpen();
  return { ...head };
};

/** One turn of writing: the commits up to the first that does not fit, then the error that it is owed. */
const importBatch = async (
  book: Book,
  chainId: string,
  batch: readonly RecordedCommit[],
): Promise<Head> => {
  const opened = await book.opened();
  if (opened !== undefined && opened.log.chainId !== chainId)
    throw new LedgerError(
      "BOOK_MISMATCH",
      `the book ${book.name} belongs to the chain ${opened.log.chainId}, the commits to ${chainId}; import them into another book`,
      { detail: { book: book.name, chainId: opened.log.chainId, importedChainId: chainId } },
    );
  const index = opened?.index ?? book.unbegun(chainId);
  const group = new StagedGroup(index);
  const fitting: Entry[] = [];
  let problem: unknown;
  try {
    for (const given of batch) {
      const next = ownCopy(given, group.head);
      if (next.commit.number <= index.head.commit) {
        await requireSame(book, opened, next.commit);
        continue;
      }
      const reason =
        misnumbered(next.commit.events) ??
        chainProblem(book.host.sha256, group.head, next.commit) ??
        refusalOf(group, next.commit, next.claims)?.message;
      if (reason !== undefined) throw unfit(group.head, reason);
      group.stage(next.commit, next.claims);
      fitting.push(next);
    }
  } catch (error) {
    problem = error;
  }
  if (fitting.length > 0) await book.write(opened, index, fitting);
  if (problem !== undefined) throw problem;
  return index.head;
};

const unfit = (head: Head, reason: string): LedgerError =>
  untrustedFrom(new LedgerError("BOOK_CORRUPT", `the import ends here: ${reason}`), head);

/** Encoded and read back, so that nothing is stored that could not be read again. */
const ownCopy = (given: RecordedCommit, head: Head): Entry => {
  try {
    const where = `the commit behind commit ${head.commit} of the import`;
    const commit = decodeCommit(encodeCommit(given), where);
    return { commit, claims: commitClaims(commit.events), text: encodeCommit(commit) };
  } catch (error) {
    throw isDamage(error) ? untrustedFrom(error, head) : error;
  }
};

const requireSame = async (
  book: Book,
  opened: OpenBook | undefined,
  { number, hash, firstPosition }: RecordedCommit,
): Promise<void> => {
  const [text = ""] = (await opened?.log.readAt([number])) ?? [];
  const held = opened === undefined ? undefined : decodeAt(opened.log, number, text);
  if (held?.hash === hash) return;
  throw new LedgerError(
    "BOOK_MISMATCH",
    `the book ${book.name} and the imported copy part at commit ${number}: its hash is ${held?.hash} here and ${hash} there`,
    {
      detail: {
        book: book.name,
        commit: number,
        position: firstPosition,
        hash: held?.hash,
        importedHash: hash,
      },
    },
  );
};
