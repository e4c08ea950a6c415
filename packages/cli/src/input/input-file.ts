/**
 * A text file that is read line by line: UTF-8, with or without a byte order mark, lines ended by LF
 * or CR LF, empty lines passed over. It is looked through from end to end when it is opened, so that
 * whatever is no text is refused before the first line has had any effect.
 *
 * Memory: one line of at most 4 MB. What cannot be read twice, such as a pipe, is held in memory whole.
 */
import { isUtf8 } from "node:buffer";
import { type FileHandle, open } from "node:fs/promises";
import { CliError } from "../cli-error.ts";

export interface InputLine {
  /** 1 for the first line of the file; empty lines count. */
  readonly number: number;
  /** Undefined for a line that is longer than `lineBytesMax`. */
  readonly text: string | undefined;
}

export interface InputFile {
  readonly path: string;
  /** The bytes as they stand; may be iterated again. */
  chunks(): AsyncGenerator<Buffer, void, undefined>;
  /** Lines that are not empty, in order; may be iterated again. */
  lines(): AsyncGenerator<InputLine, void, undefined>;
  /** How many there are. */
  readonly lineCount: number;
  close(): Promise<void>;
}

const chunkBytes = 256 * 1024;
/**
 * No line that anybody means has as many; a webhook in its envelope is far below. What is longer is
 * not held, and never parsed: deep nesting takes many times its length.
 */
const lineBytesMax = 4 * 1024 * 1024;
export const lineTooLong = "is longer than 4 MB";
const newline = 0x0a;

const sentences: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "this user has no right to read it",
  EPERM: "this user has no right to read it",
  ENOTDIR: "a part of the path is no folder",
};

const unreadable = (path: string, error: unknown): CliError => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = sentences[code] ?? (error instanceof Error ? error.message : String(error));
  return new CliError("UNREADABLE_INPUT", `${path} cannot be read: ${reason}`, {
    cause: error,
    detail: { path, ...(code === "" ? {} : { systemCode: code }) },
  });
};

type Chunks = () => AsyncGenerator<Buffer, void, undefined>;

/** The first `size` bytes: what is added while they are read, by this very run perhaps, is not. */
async function* fileChunks(
  file: FileHandle,
  size: number,
): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < size; ) {
    const length = Math.min(chunkBytes, size - at);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** A pipe has no positions and gives each byte once, so its chunks are kept. */
const keptChunks = async (file: FileHandle): Promise<Chunks> => {
  const kept: Buffer[] = [];
  for await (const chunk of file.createReadStream({ autoClose: false })) kept.push(chunk as Buffer);
  return async function* () {
    yield* kept;
  };
};

/** The bytes of each line without its LF; undefined for one that is too long. */
async function* rawLines(chunks: Chunks): AsyncGenerator<Buffer | undefined, void, undefined> {
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer): void => {
    length += part.length;
    if (length > lineBytesMax) parts = [];
    else parts.push(part);
  };
  const take = (): Buffer | undefined => {
    const line =
      length > lineBytesMax ? undefined : parts.length === 1 ? parts[0] : Buffer.concat(parts);
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks()) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
  }
  if (length > 0) yield take();
}

async function* inputLines(chunks: Chunks): AsyncGenerator<InputLine, void, undefined> {
  let number = 0;
  for await (const raw of rawLines(chunks)) {
    number += 1;
    const text = raw?.toString("utf8").replace(number === 1 ? /^\ufeff/ : "", "");
    if (text === undefined || text.trim() !== "") yield { number, text };
  }
}

/** What begins with these bytes is no UTF-8 text, whatever its name says. */
const signatures: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0xff, 0xfe], "UTF-16 text"],
  [[0xfe, 0xff], "UTF-16 text"],
  [[0x50, 0x4b, 0x03, 0x04], "a spreadsheet or another archive"],
  [[0x1f, 0x8b], "compressed with gzip"],
];

const refused = (path: string, what: string, detail: object = {}, cause?: unknown): CliError =>
  new CliError("UNREADABLE_INPUT", `${path} ${what}; save it as UTF-8; nothing of it was taken`, {
    cause,
    detail: { path, ...detail },
  });

/** The first line that is not as it should be. */
const lineOf = async (chunks: Chunks, isWrong: (line: Buffer) => boolean): Promise<number> => {
  let line = 0;
  for await (const raw of rawLines(chunks)) {
    line += 1;
    if (raw !== undefined && isWrong(raw)) break;
  }
  return line;
};

/** Throws for bytes that are no UTF-8 text, and says what they are, as far as that can be told. */
const requireText = async (path: string, chunks: Chunks): Promise<void> => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let begin = true;
  try {
    for await (const chunk of chunks()) {
      const found = signatures.find(([bytes]) => bytes.every((byte, at) => chunk[at] === byte));
      if (begin && found !== undefined)
        throw refused(path, `is ${found[1]}`, { encoding: found[1] });
      begin = false;
      decoder.decode(chunk, { stream: true });
      if (chunk.includes(0)) {
        const line = await lineOf(chunks, (raw) => raw.includes(0));
        throw refused(path, `is no text, or UTF-16 without its mark: line ${line} has a NUL byte`, {
          line,
        });
      }
    }
    decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const line = await lineOf(chunks, (raw) => !isUtf8(raw));
    throw refused(
      path,
      `is not UTF-8 text: line ${line} has bytes that are none, as Latin-1 or Windows-1252 has for letters with accents`,
      { line },
      cause,
    );
  }
};

/** Opens and checks a file. `UNREADABLE_INPUT` where it is missing, a folder, or not UTF-8. */
export const openInput = async (path: string): Promise<InputFile> => {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const handle = file;
    const stats = await handle.stat();
    const chunks = stats.isFile() ? () => fileChunks(handle, stats.size) : await keptChunks(handle);
    await requireText(path, chunks);
    let lineCount = 0;
    for await (const _line of rawLines(chunks)) lineCount += 1;
    return {
      path,
      lineCount,
      chunks,
      lines: () => inputLines(chunks),
      close: () => handle.close(),
    };
  } catch (error) {
    await file?.close();
    throw error instanceof CliError ? error : unreadable(path, error);
  }
};
