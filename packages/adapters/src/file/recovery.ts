/**
 * What a crash left behind the last whole line of a file that is being opened for writing. A commit
 * that lacks only its newline gets it; what is left of one that nobody was told of is dropped and
 * reported. Anything that no crash leaves is not touched: reading will name it as damage.
 */
import type { OpenFile } from "./files.ts";
import { readRange, writeAll } from "./files.ts";
import { judgeTail, parseFrame, type Tail } from "./frame.ts";

/** What was dropped. */
export interface Recovery {
  readonly path: string;
  /** How many bytes were dropped. */
  readonly bytes: number;
  /** The number of the last whole commit; 0 where there is none. */
  readonly afterCommit: number;
}

const chunkBytes = 64 * 1024;
const newline = 0x0a;

/** The byte behind the last newline before `to`; `from` where there is none. */
const lineStart = async (file: OpenFile, from: number, to: number): Promise<number> => {
  for (let end = to; end > from; ) {
    const start = Math.max(from, end - chunkBytes);
    const found = (await readRange(file, start, end)).lastIndexOf(newline);
    if (found >= 0) return start + found + 1;
    end = start;
  }
  return from;
};

/** The number of the commit whose line ends just before `end`; undefined if the line is damaged. */
const commitBefore = async (
  file: OpenFile,
  begin: number,
  end: number,
): Promise<number | undefined> => {
  if (end === begin) return 0;
  const frame = parseFrame(await readRange(file, await lineStart(file, begin, end - 1), end - 1));
  if (!frame.ok) return undefined;
  try {
    const { number } = JSON.parse(frame.text) as { readonly number?: unknown };
    return typeof number === "number" ? number : undefined;
  } catch {
    return undefined;
  }
};

/** What stands behind the last whole line, and where; undefined where the file ends with a line. */
const findTail = async (
  file: OpenFile,
  begin: number,
): Promise<{ readonly end: number; readonly size: number; readonly tail: Tail } | undefined> => {
  const { size } = await file.stat();
  const end = await lineStart(file, begin, size);
  if (end === size) return undefined;
  return { end, size, tail: judgeTail(await readRange(file, end, size)) };
};

interface BookEnd {
  readonly path: string;
  readonly file: OpenFile;
  /** Where the first commit begins. */
  readonly begin: number;
}

/**
 * What the next writer would drop: what a crash, or a copy that was cut off, left of a commit. Nothing
 * is changed. Undefined where nothing is torn, and behind a damaged line.
 */
export const tornTail = async ({ path, file, begin }: BookEnd): Promise<Recovery | undefined> => {
  const found = await findTail(file, begin);
  if (found?.tail.kind !== "torn") return undefined;
  const afterCommit = await commitBefore(file, begin, found.end);
  if (afterCommit === undefined) return undefined;
  return { path, bytes: found.size - found.end, afterCommit };
};

/** Where the file ends once its tail is in order. */
export const recoverTail = async (
  book: BookEnd,
  onRecovery: (recovery: Recovery) => void,
): Promise<number> => {
  const { file, begin } = book;
  const found = await findTail(file, begin);
  if (found === undefined) return (await file.stat()).size;
  const { end, size, tail } = found;
  if (tail.kind === "whole") {
    await file.truncate(end + tail.bytes);
    await writeAll(file, Buffer.from("\n"), end + tail.bytes);
    await file.datasync();
    return end + tail.bytes + 1;
  }
  // Neither damage is touched nor what is torn behind it: whoever looks into it should find everything.
  const torn = await tornTail(book);
  if (torn === undefined) return size;
  await file.truncate(end);
  await file.datasync();
  onRecovery(torn);
  return end;
};
