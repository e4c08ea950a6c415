/** A stream of bytes as lines, of which no more is in memory than one line and what came with it. */

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its newline. */
  readonly bytes: Buffer;
  /** False for a last one that has no newline. */
  readonly ended: boolean;
}

const newline = 0x0a;
/** A commit of thousands of events has a few MiB. */
const bytesMax = 64 * 1024 * 1024;

/** The lines in batches, as they come. Throws what `tooLong` makes for a line of more than 64 MiB. */
export async function* linesOf(
  body: AsyncIterable<Uint8Array>,
  tooLong: (number: number) => Error,
): AsyncGenerator<readonly Line[], void, undefined> {
  let number = 0;
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  const line = (last: Uint8Array, ended: boolean): Line => {
    number += 1;
    const bytes = Buffer.concat([...begun, last]);
    begun = [];
    begunBytes = 0;
    return { number, bytes, ended };
  };
  for await (const chunk of body) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      lines.push(line(chunk.subarray(start, end), true));
      start = end + 1;
    }
    if (start < chunk.length) {
      begun.push(chunk.subarray(start));
      begunBytes += chunk.length - start;
      if (begunBytes > bytesMax) throw tooLong(number + 1);
    }
    if (lines.length > 0) yield lines;
  }
  if (begunBytes > 0) yield [line(new Uint8Array(), false)];
}
