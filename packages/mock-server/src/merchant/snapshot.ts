/**
 * A book as text: UTF-8 JSON Lines, a header and then one line a commit, in the frame of a book's file,
 * with its length and checksum. The header says where the book ends and carries a seal of its own, so
 * that no line can be changed, left out, added or moved unseen, not even the last one.
 */
import { crc32 } from "node:zlib";
import { frameOf, parseFrame } from "@tallystick/adapters/file";
import {
  chainProblem,
  decodeCommit,
  encodeCommit,
  genesis,
  type Head,
  type Host,
  headAfter,
  isLedgerError,
  type RecordedCommit,
  type Store,
  verifyCommits,
} from "@tallystick/core";
import { z } from "zod";
import { Problem } from "../http/problem.ts";
import { type Line, linesOf } from "./lines.ts";

const version = 1;
/** The header stands before the first commit. */
const headerLines = 1;

/** `chainId` and `hash` are left out for a book that has not begun. */
const headerSchema = z.strictObject({
  tallystick: z.literal("snapshot"),
  version: z.literal(version),
  chainId: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  commits: z.int().min(0),
  position: z.int().min(0),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  seal: z.string().regex(/^[0-9a-f]{8}$/),
});

const sealOf = (header: object): string =>
  crc32(JSON.stringify(header)).toString(16).padStart(8, "0");

const headerLine = (head: Head | undefined): string => {
  const header = {
    tallystick: "snapshot",
    version,
    ...(head === undefined ? {} : { chainId: head.chainId }),
    commits: head?.commit ?? 0,
    position: head?.position ?? 0,
    ...(head === undefined ? {} : { hash: head.hash }),
  };
  return `${JSON.stringify({ ...header, seal: sealOf(header) })}\n`;
};

/** The book as it ends now, in pieces; what is written meanwhile is not in it. */
export async function* snapshotOf(
  store: Store,
  book: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const head = await store.head(book);
  yield Buffer.from(headerLine(head));
  if (head === undefined) return;
  for await (const commits of store.readCommits(book, { upToCommit: head.commit }))
    yield Buffer.concat(commits.map((commit) => frameOf(encodeCommit(commit))));
}

const damaged = (line: number, what: string, cause?: unknown): Problem =>
  new Problem("unprocessable", `line ${line} of the snapshot: ${what}; nothing was restored`, {
    reason: "snapshot_damaged",
    errors: [{ field: `line ${line}`, message: what }],
    cause,
  });

type Header = z.output<typeof headerSchema>;

const readHeader = (line: Line | undefined): Header => {
  const notOurs = "it is not the header of a snapshot as it was written";
  if (line === undefined) throw damaged(1, "the snapshot is empty; it begins with a header");
  let value: unknown;
  try {
    value = JSON.parse(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line.bytes),
    );
  } catch (error) {
    throw damaged(1, notOurs, error);
  }
  const parsed = headerSchema.safeParse(value);
  if (!parsed.success) throw damaged(1, notOurs);
  const { seal, ...header } = parsed.data;
  const isAsWritten =
    seal === sealOf(header) && line.bytes.toString() === JSON.stringify(parsed.data) && line.ended;
  if (!isAsWritten) throw damaged(1, notOurs);
  return parsed.data;
};

const readCommit = ({ bytes, number, ended }: Line): RecordedCommit => {
  if (!ended) throw damaged(number, "it is cut short: its newline is missing");
  const frame = parseFrame(bytes);
  if (!frame.ok) throw damaged(number, frame.problem);
  try {
    return decodeCommit(frame.text, `line ${number}`);
  } catch (error) {
    throw isLedgerError(error) ? damaged(number, error.message, error) : error;
  }
};

/** The commits behind a header, each checked against the one before it. */
async function* commitsOf(
  sha256: Host["sha256"],
  chainId: string,
  header: Header,
  lines: AsyncIterator<readonly Line[]>,
  first: readonly Line[],
): AsyncGenerator<readonly RecordedCommit[], void, undefined> {
  let head = genesis(sha256, chainId);
  let batch = first;
  for (;;) {
    const commits: RecordedCommit[] = [];
    for (const line of batch) {
      if (head.commit === header.commits)
        throw damaged(line.number, `the book ends at commit ${header.commits}, as the header says`);
      const commit = readCommit(line);
      const problem = chainProblem(sha256, head, commit);
      if (problem !== undefined) throw damaged(line.number, problem);
      head = headAfter(chainId, commit);
      commits.push(commit);
    }
    yield commits;
    const { done, value } = await lines.next();
    if (done === true) break;
    batch = value;
  }
  const line = head.commit + headerLines + 1;
  if (head.commit < header.commits)
    throw damaged(line, `it is missing: the header tells of ${header.commits} commits`);
  if (head.hash !== header.hash || head.position !== header.position)
    throw damaged(1, `it tells of another end than that of commit ${head.commit}`);
}

/** A body, or 400 where its sender breaks off. */
async function* whole(
  body: ReadableStream<Uint8Array> | null,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body ?? [];
  } catch (error) {
    throw new Problem("invalid_request", "the snapshot broke off; nothing was restored", {
      cause: error,
    });
  }
}

/**
 * Writes a snapshot into a book that does not exist yet, and gives where it ends; undefined for the
 * snapshot of a book that had not begun. Every line is checked before anything behind it is believed,
 * and the whole once more as the ledger reads it: 422, with the line, for what was not so written.
 */
export const restore = async (
  store: Store,
  book: string,
  body: ReadableStream<Uint8Array> | null,
): Promise<Head | undefined> => {
  const { sha256 } = store.host;
  const lines = linesOf(whole(body), (number) => damaged(number, "it is longer than any commit"));
  const { value: start } = await lines.next();
  const [first, ...rest] = start ?? [];
  const header = readHeader(first);
  const { chainId } = header;
  if (chainId === undefined) {
    const extra = rest[0] ?? (await lines.next()).value?.[0];
    if (extra !== undefined) throw damaged(2, "the header tells of no commits");
    return undefined;
  }
  try {
    const commits = commitsOf(sha256, chainId, header, lines, rest);
    const head = await store.importCommits(book, chainId, commits);
    const {
      ok,
      problem,
      commits: sound,
    } = await verifyCommits(sha256, chainId, store.readCommits(book));
    if (!ok) throw damaged(sound + headerLines + 1, problem ?? "it does not verify");
    return head;
  } catch (error) {
    const commit = isLedgerError(error) ? error.detail["commit"] : undefined;
    if (!isLedgerError(error) || error.code !== "BOOK_CORRUPT" || typeof commit !== "number")
      throw error;
    throw damaged(commit + headerLines, error.message, error);
  }
};
