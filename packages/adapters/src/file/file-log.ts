/**
 * The log of one book in one file. Known of it are the byte offsets of its commits; the texts stay
 * on the disk. A file that is open here for writing ends where its durable part does; one that is
 * only read ends behind the last whole line that somebody else has written.
 */
import { invariant, isLedgerError, LedgerError } from "@tallystick/core";
import type { CommitLog, CommitPlace } from "../log/commit-log.ts";
import type { BookWriter } from "./book-writer.ts";
import { type OpenFile, readRange, reasonOf } from "./files.ts";
import { frameOf, judgeTail, parseFrame } from "./frame.ts";
import { type Header, headerLine } from "./header.ts";
import { type Line, linesOf } from "./lines.ts";
import { OffsetTable } from "./offset-table.ts";
import { type Recovery, tornTail } from "./recovery.ts";

/** A batch ends at whichever of the two is reached first. */
const batchMax = 256;
const batchCharactersMax = 1024 * 1024;

export interface FileLogOptions {
  readonly path: string;
  readonly file: OpenFile;
  /** Undefined for a file that never began. */
  readonly header: Header | undefined;
  /** Where the first commit begins. */
  readonly begin: number;
  /** Undefined where the file is only read. */
  readonly writer: BookWriter | undefined;
}

/** A commit's text, or what is wrong with its line; undefined for what a crash left of one. */
type Found =
  | { readonly ok: true; readonly text: string; readonly length: number }
  | { readonly ok: false; readonly problem: string }
  | undefined;

const textIn = ({ bytes, ended }: Line): Found => {
  if (ended) {
    const frame = parseFrame(bytes);
    return frame.ok ? { ...frame, length: bytes.length + 1 } : frame;
  }
  const tail = judgeTail(bytes);
  if (tail.kind === "torn") return undefined;
  return tail.kind === "whole"
    ? { ok: true, text: tail.text, length: tail.bytes + 1 }
    : { ok: false, problem: tail.problem };
};

export class FileLog implements CommitLog {
  readonly path: string;
  readonly growsElsewhere: boolean;
  readonly #file: OpenFile;
  readonly #writer: BookWriter | undefined;
  readonly #begin: number;
  #offsets: OffsetTable;
  /** As it stands in the file; undefined while that never began. */
  #header: Header | undefined;
  /** As the first append will write it. */
  #coming: Header | undefined;
  /** Why nothing is read or written any more; undefined while the file is open. */
  #closedBecause: string | undefined;

  constructor({ path, file, header, begin, writer }: FileLogOptions) {
    this.path = path;
    this.growsElsewhere = writer === undefined;
    this.#file = file;
    this.#writer = writer;
    this.#begin = begin;
    this.#header = header;
    this.#offsets = new OffsetTable(begin);
  }

  /** The label and chain; undefined while the file never began. */
  get header(): Header | undefined {
    return this.#header;
  }

  get chainId(): string {
    const header = this.#coming ?? this.#header;
    invariant(header !== undefined, `${this.path} has not begun`);
    return header.chainId;
  }

  /** Whether at least one commit stands in the file, be it damaged. */
  async holdsCommits(): Promise<boolean> {
    if (this.#offsets.length > 0) return true;
    for await (const [line] of linesOf(this.#reader, this.#offsets.end, await this.#readableEnd()))
      return line !== undefined && textIn(line) !== undefined;
    return false;
  }

  /** What is left of a commit behind the last whole one; undefined where nothing is torn. */
  async tornTail(): Promise<Recovery | undefined> {
    this.#requireOpen();
    return tornTail({ path: this.path, file: this.#file, begin: this.#begin });
  }

  /** What the append that comes next puts before its commits, if any. */
  get coming(): Header | undefined {
    return this.#coming;
  }

  /**
   * What the append that comes next puts before its commits. The file must hold none, and nobody
   * else must be about to begin it.
   */
  beginAs(header: Header): void {
    invariant(
      this.#offsets.length === 0 && this.#coming === undefined,
      `${this.path} has begun already`,
    );
    this.#coming = header;
    this.#offsets = new OffsetTable(0);
    this.#writer?.startOver();
  }

  async append(expectedLength: number, texts: readonly string[]): Promise<void> {
    this.#requireOpen();
    const writer = this.#writer;
    if (writer === undefined) throw readOnly(this.path);
    invariant(
      this.#offsets.length === expectedLength,
      `${this.path} holds ${this.#offsets.length} known commits, not ${expectedLength}`,
    );
    const coming = this.#coming;
    const start = Buffer.from(coming === undefined ? "" : headerLine(coming));
    const frames = texts.map(frameOf);
    try {
      await writer.append(Buffer.concat([start, ...frames]));
    } catch (error) {
      if (!isLedgerError(error, "STORE_FULL")) this.#closedBecause = afterFailure(error);
      throw error;
    } finally {
      this.#coming = undefined;
    }
    if (coming !== undefined) {
      this.#header = coming;
      this.#offsets = new OffsetTable(start.length);
    }
    for (const { length } of frames)
      this.#offsets.note({ number: this.#offsets.length + 1, offset: this.#offsets.end, length });
  }

  async *read(
    after: number,
    upTo: number = Number.MAX_SAFE_INTEGER,
  ): AsyncGenerator<readonly string[], void, undefined> {
    const end = await this.#readableEnd();
    const start = this.#offsets.nearest(after);
    let { number } = start;
    let batch: string[] = [];
    let characters = 0;
    reading: for await (const lines of linesOf(this.#reader, start.offset, end))
      for (const line of lines) {
        if (number >= upTo) break reading;
        const found = textIn(line);
        if (found === undefined) break reading;
        number += 1;
        if (!found.ok) {
          if (batch.length > 0) yield batch;
          throw this.#damage(number, line.offset, found.problem);
        }
        this.#offsets.note({ number, offset: line.offset, length: found.length });
        if (number <= after) continue;
        batch.push(found.text);
        characters += found.text.length;
        if (batch.length < batchMax && characters < batchCharactersMax) continue;
        yield batch;
        batch = [];
        characters = 0;
      }
    if (batch.length > 0) yield batch;
  }

  async readAt(numbers: readonly number[]): Promise<readonly string[]> {
    const texts = new Map<number, string>();
    for (const { from, to, lines } of this.#offsets.runs(numbers)) {
      const bytes = await readRange(this.#reader, from, to);
      for (const { number, offset, length } of lines) {
        const start = offset - from;
        const frame = parseFrame(bytes.subarray(start, start + length - 1));
        if (!frame.ok) throw this.#damage(number, offset, frame.problem);
        texts.set(number, frame.text);
      }
    }
    return numbers.map((number) => texts.get(number) ?? "");
  }

  place(number: number): CommitPlace {
    const byteOffset = this.#offsets.offset(number);
    const line = number + 1;
    return byteOffset === undefined
      ? { text: `${this.path}, line ${line}`, detail: { path: this.path, line } }
      : {
          text: `${this.path}, line ${line}, byte ${byteOffset}`,
          detail: { path: this.path, line, byteOffset },
        };
  }

  /** Gives back the file, and the lock of a writer. Calling it again does nothing. */
  async close(): Promise<void> {
    if (this.#closedBecause !== undefined) return;
    this.#closedBecause = "it was closed";
    await (this.#writer ?? this.#file).close();
  }

  async #readableEnd(): Promise<number> {
    this.#requireOpen();
    return this.#writer?.end ?? (await this.#file.stat()).size;
  }

  /** The file as readers see it: it says that it is closed, and wraps what the system reports. */
  get #reader(): Pick<OpenFile, "read"> {
    return {
      read: async (buffer, offset, length, position) => {
        this.#requireOpen();
        try {
          return await this.#file.read(buffer, offset, length, position);
        } catch (error) {
          this.#requireOpen();
          throw new LedgerError("STORE_IO", `${this.path} could not be read: ${reasonOf(error)}`, {
            cause: error,
            detail: { path: this.path },
          });
        }
      },
    };
  }

  #requireOpen(): void {
    if (this.#closedBecause !== undefined)
      throw new LedgerError(
        "STORE_CLOSED",
        `${this.path} answers no more: ${this.#closedBecause}`,
        { detail: { path: this.path } },
      );
  }

  #damage(number: number, byteOffset: number, problem: string): LedgerError {
    const line = number + 1;
    return new LedgerError(
      "BOOK_CORRUPT",
      `${this.path}, line ${line}, byte ${byteOffset}: ${problem}`,
      { detail: { path: this.path, line, byteOffset } },
    );
  }
}

const afterFailure = (error: unknown): string =>
  `it closed itself after a failed write (${error instanceof Error ? error.message : String(error)}); open it again and repeat the command with its idempotency key`;

/** What whoever writes to a book that was opened with `readOnly` is told. */
export const readOnly = (path: string): LedgerError =>
  new LedgerError("STORE_UNWRITABLE", `${path} was opened to be read only`, { detail: { path } });
