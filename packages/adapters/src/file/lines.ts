/**
 * The lines of a file, a chunk of them at a time. Each byte is looked at once and a line that spans
 * chunks is put together once, so a line of any length costs no more than its bytes.
 */
import type { OpenFile } from "./files.ts";

export interface Line {
  /** Without its newline. */
  readonly bytes: Buffer;
  /** Where it begins in the file. */
  readonly offset: number;
  /** False for what stands after the last newline. */
  readonly ended: boolean;
}

const chunkBytes = 256 * 1024;
const newline = 0x0a;

/** Lines from byte `from`, where one begins, up to byte `to` of the file. */
export async function* linesOf(
  file: Pick<OpenFile, "read">,
  from: number,
  to: number,
): AsyncGenerator<Line[], void, undefined> {
  let open: Buffer[] = [];
  let offset = from;
  let at = from;
  while (at < to) {
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, to - at));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) break;
    at += bytesRead;
    const lines: Line[] = [];
    let start = 0;
    for (let end = buffer.indexOf(newline); end >= 0 && end < bytesRead; ) {
      open.push(buffer.subarray(start, end));
      const bytes = open.length === 1 ? (open[0] as Buffer) : Buffer.concat(open);
      lines.push({ bytes, offset, ended: true });
      offset += bytes.length + 1;
      open = [];
      start = end + 1;
      end = buffer.indexOf(newline, start);
    }
    if (start < bytesRead) open.push(buffer.subarray(start, bytesRead));
    if (lines.length > 0) yield lines;
  }
  if (open.length > 0) yield [{ bytes: Buffer.concat(open), offset, ended: false }];
}
