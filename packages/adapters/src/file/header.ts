/**
 * The first line of a book's file: `{"tallystick":"book","version":1,"book":"…","chainId":"…"}`.
 * The name is a label of this copy; what tells the book from any other is its chain.
 */
import { LedgerError } from "@tallystick/core";
import { z } from "zod";
import { type OpenFile, readRange } from "./files.ts";

export interface Header {
  readonly book: string;
  readonly chainId: string;
}

/** Longer than any header, with room for one of a later version. */
const headerBytesMax = 8192;
const newline = 0x0a;

const schema = z.strictObject({
  tallystick: z.literal("book"),
  version: z.literal(1),
  book: z.string().min(1),
  chainId: z.string().regex(/^[0-9a-f]{32}$/),
});

const ours = '{"tallystick":"book",';

export const headerLine = ({ book, chainId }: Header): string =>
  `${JSON.stringify({ tallystick: "book", version: 1, book, chainId })}\n`;

const notOurs = (path: string, problem: string): LedgerError =>
  new LedgerError("BOOK_CORRUPT", `${path} is not a Tallystick book: ${problem}`, {
    detail: { path, line: 1, byteOffset: 0, position: 1 },
  });

const parseHeader = (path: string, line: string): Header => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw notOurs(path, "its first line is not JSON");
  }
  const { tallystick, version } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (tallystick === "book" && typeof version === "number" && version > 1)
    throw new LedgerError(
      "UNKNOWN_SCHEMA_VERSION",
      `${path} is a book of format version ${version}; this version of Tallystick reads version 1; update Tallystick`,
      { detail: { path, version, supported: 1 } },
    );
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw notOurs(path, "its first line is not the header of a book");
};

/**
 * The header and where the commits begin. Undefined for a file that never began: an empty one, or
 * one that a crash left with a part of its header. `BOOK_CORRUPT` for a file that is not ours.
 */
export const readHeader = async (
  file: OpenFile,
  path: string,
): Promise<{ readonly header: Header; readonly end: number } | undefined> => {
  const start = await readRange(file, 0, headerBytesMax);
  const length = start.indexOf(newline);
  if (length >= 0)
    return { header: parseHeader(path, start.toString("utf8", 0, length)), end: length + 1 };
  const text = start.toString("utf8").replace(/\0+$/, "");
  if (start.length < headerBytesMax && (ours.startsWith(text) || text.startsWith(ours)))
    return undefined;
  throw notOurs(path, "its first line is not the header of a book");
};

/** A file that never began holds no book: nothing was ever acknowledged that would be in it. */
export const neverBegan = (path: string): LedgerError =>
  new LedgerError(
    "BOOK_NOT_FOUND",
    `${path} holds no book yet: it is empty, or ends within its first line`,
    { detail: { path } },
  );
