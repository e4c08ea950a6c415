/**
 * One commit as one line: `{"length":<bytes>,"crc32":"<8 hex>","commit":{…}}`. Length and checksum
 * are over the UTF-8 bytes of the commit's JSON exactly as it stands in the line, so that a change of
 * a single byte is seen without knowing what a commit is.
 */
import { isUtf8 } from "node:buffer";
import { crc32 } from "node:zlib";

const newline = 0x0a;
const carriageReturn = 0x0d;
const closingBrace = 0x7d;
const beginning = /^\{"length":([1-9]\d{0,15}),"crc32":"([0-9a-f]{8})","commit":/;
/** Longer than any beginning. */
const beginningMax = 64;

const checksum = (bytes: Uint8Array): string => crc32(bytes).toString(16).padStart(8, "0");

/** The line of a commit, its newline included. */
export const frameOf = (text: string): Buffer => {
  const bytes = Buffer.from(text, "utf8");
  const head = `{"length":${bytes.length},"crc32":"${checksum(bytes)}","commit":`;
  return Buffer.concat([Buffer.from(head, "latin1"), bytes, Buffer.from([closingBrace, newline])]);
};

export type Frame =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

const broken = (problem: string): Frame => ({ ok: false, problem });

/** The commit's text in a line, which comes without its newline. */
export const parseFrame = (line: Buffer): Frame => {
  if (line.at(-1) === carriageReturn)
    return broken("the line ends in CR LF: a tool has converted the file's line ends");
  const [head, length, expected] = beginning.exec(line.toString("latin1", 0, beginningMax)) ?? [];
  if (head === undefined) return broken("the line does not begin as a commit's line does");
  const end = head.length + Number(length);
  if (line.length !== end + 1 || line[end] !== closingBrace)
    return broken(
      `the line says that its commit has ${length} bytes, but ${line.length - head.length - 1} are there`,
    );
  const bytes = line.subarray(head.length, end);
  const actual = checksum(bytes);
  if (actual !== expected)
    return broken(`the commit's checksum is ${actual}, not ${expected}, as the line says`);
  if (!isUtf8(bytes)) return broken("the commit is not UTF-8");
  return { ok: true, text: bytes.toString("utf8") };
};

/** What stands after the last newline of a file. */
export type Tail =
  /** A commit that lacks nothing but its newline, in so many bytes. */
  | { readonly kind: "whole"; readonly bytes: number; readonly text: string }
  /** What a crash leaves of a line that was being written, so of a commit nobody was told of. */
  | { readonly kind: "torn" }
  /** What no crash leaves. */
  | { readonly kind: "damaged"; readonly problem: string };

/** `tail` is not empty. */
export const judgeTail = (tail: Buffer): Tail => {
  let bytes = tail.length;
  while (bytes > 0 && tail[bytes - 1] === 0) bytes -= 1;
  const kept = tail.subarray(0, bytes);
  const frame = parseFrame(kept);
  if (frame.ok) return { kind: "whole", bytes, text: frame.text };
  // A commit's line holds no NUL: where one stands, a block of the file was never written.
  if (tail.includes(0) || isCutShort(kept)) return { kind: "torn" };
  return { kind: "damaged", problem: `the last line has no end, and ${frame.problem}` };
};

/** Whether more bytes could make a commit's line of these. */
const isCutShort = (bytes: Buffer): boolean => {
  const start = bytes.toString("latin1", 0, beginningMax);
  const [head, length] = beginning.exec(start) ?? [];
  return head === undefined
    ? couldBeginFrame(start)
    : bytes.length < head.length + Number(length) + 1;
};

const parts = ['{"length":', /^[1-9]\d{0,15}/, ',"crc32":"', /^[0-9a-f]{1,8}/, '","commit":'];

const couldBeginFrame = (start: string): boolean => {
  let rest = start;
  for (const part of parts) {
    const found = typeof part === "string" ? part : part.exec(rest)?.[0];
    if (found === undefined) return false;
    if (!rest.startsWith(found)) return found.startsWith(rest);
    rest = rest.slice(found.length);
    if (rest === "") return true;
  }
  return false;
};
