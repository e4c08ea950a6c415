/** Reading a book's file without opening a store: for imports, and for verifying what may be damaged. */
import { genesis, type Host, type RecordedCommit } from "@tallystick/core";
import { nodeHost } from "../host/node-host.ts";
import { readCommits } from "../log/read-commits.ts";
import type { FileLog } from "./file-log.ts";
import { nodeFiles, requirePath } from "./files.ts";
import { neverBegan } from "./header.ts";
import { openForReading } from "./open-log.ts";
import type { Recovery } from "./recovery.ts";

/** What a file says of itself, and its commits. */
export interface BookFile {
  /** The label in the file. */
  readonly book: string;
  readonly chainId: string;
  /**
   * All commits in order, up to the end of the file when the iteration begins; it may be iterated
   * again. A torn tail is left out, and told by `tornTail`. Damage ends it with `BOOK_CORRUPT`, behind what is whole.
   */
  readonly commits: AsyncIterable<readonly RecordedCommit[]>;
  /**
   * What a crash, or a copy that was cut off, left of a commit at the end of the file; also what
   * somebody is writing right now. Undefined where the file ends with a whole commit.
   */
  readonly tornTail: () => Promise<Recovery | undefined>;
}

/**
 * The book at `path`. Only its first line is read at once, so a file that is damaged further down
 * still says which chain it holds. `BOOK_NOT_FOUND`, `STORE_UNREADABLE`, `BOOK_CORRUPT`,
 * `UNKNOWN_SCHEMA_VERSION`.
 */
export const readBookFile = async (
  path: string,
  { host = nodeHost }: { readonly host?: Pick<Host, "sha256"> } = {},
): Promise<BookFile> => {
  requirePath("readBookFile", path);
  const header = await reading(path, async (log) => log.header);
  if (header === undefined) throw neverBegan(path);
  return {
    ...header,
    commits: { [Symbol.asyncIterator]: () => commitsIn(path, host.sha256) },
    tornTail: () => reading(path, (log) => log.tornTail()),
  };
};

/** Nothing is kept open between two looks at the file. */
const reading = async <Result>(
  path: string,
  look: (log: FileLog) => Promise<Result>,
): Promise<Result> => {
  const log = await openForReading(path, nodeFiles);
  try {
    return await look(log);
  } finally {
    await log.close();
  }
};

async function* commitsIn(
  path: string,
  sha256: Host["sha256"],
): AsyncGenerator<RecordedCommit[], void, undefined> {
  const log = await openForReading(path, nodeFiles);
  try {
    yield* readCommits(log, { genesis: genesis(sha256, log.chainId), after: 0 });
  } finally {
    await log.close();
  }
}
