/** Reading a book's file without opening a store: for imports, and for verifying what may be damaged. */
import { genesis, type Host, type RecordedCommit } from "@tallystick/core";
import { nodeHost } from "../host/node-host.ts";
import { readCommits } from "../log/read-commits.ts";
import { nodeFiles } from "./files.ts";
import { neverBegan } from "./header.ts";
import { openForReading } from "./open-log.ts";

/** What a file says of itself, and its commits. */
export interface BookFile {
  /** The label in the file. */
  readonly book: string;
  readonly chainId: string;
  /**
   * All commits in order, up to the end of the file when the iteration begins; it may be iterated
   * again. A torn tail is left out. Damage ends it with `BOOK_CORRUPT`, behind what is whole.
   */
  readonly commits: AsyncIterable<readonly RecordedCommit[]>;
}

/**
 * The book at `path`. Only its first line is read at once, so a file that is damaged further down
 * still says which chain it holds. `BOOK_NOT_FOUND`, `BOOK_CORRUPT`, `UNKNOWN_SCHEMA_VERSION`.
 */
export const readBookFile = async (
  path: string,
  { host = nodeHost }: { readonly host?: Pick<Host, "sha256"> } = {},
): Promise<BookFile> => {
  const log = await openForReading(path, nodeFiles);
  const { header } = log;
  await log.close();
  if (header === undefined) throw neverBegan(path);
  return {
    ...header,
    commits: { [Symbol.asyncIterator]: () => commitsIn(path, host.sha256) },
  };
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
