/** Where each commit known so far begins in its file: 8 bytes a commit, and nothing of its text. */
import { invariant } from "@tallystick/core";

/** Where one commit's line stands; `length` counts its newline. */
export interface Extent {
  readonly number: number;
  readonly offset: number;
  readonly length: number;
}

/** Lines that lie so close together that reading them at once is cheaper. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly Extent[];
}

const gapMax = 16 * 1024;
const runMax = 1024 * 1024;

export class OffsetTable {
  readonly #starts: number[] = [];
  #end: number;

  /** `begin` is where the first commit begins. */
  constructor(begin: number) {
    this.#end = begin;
  }

  /** How many commits are known: all up to this number. */
  get length(): number {
    return this.#starts.length;
  }

  /** Where the last known commit ends, and the next one begins. */
  get end(): number {
    return this.#end;
  }

  offset(number: number): number | undefined {
    return number === this.#starts.length + 1 ? this.#end : this.#starts[number - 1];
  }

  /** The place to read on from, to get to what follows the first `after` commits. */
  nearest(after: number): { readonly number: number; readonly offset: number } {
    const number = Math.min(after, this.#starts.length);
    return { number, offset: this.#starts[number] ?? this.#end };
  }

  /** What a reader found. Several readers may find the same. */
  note({ number, offset, length }: Extent): void {
    if (number !== this.#starts.length + 1) return;
    this.#starts.push(offset);
    this.#end = offset + length;
  }

  /** Where these commits stand, close ones together, each run in ascending order. */
  runs(numbers: readonly number[]): Run[] {
    const runs: { from: number; to: number; lines: Extent[] }[] = [];
    for (const number of [...numbers].sort((a, b) => a - b)) {
      const offset = this.#starts[number - 1];
      invariant(offset !== undefined, `commit ${number} was asked for before it was read`);
      const to = this.#starts[number] ?? this.#end;
      const run = runs.at(-1);
      const line = { number, offset, length: to - offset };
      if (run !== undefined && offset - run.to <= gapMax && to - run.from <= runMax) {
        run.lines.push(line);
        run.to = to;
      } else runs.push({ from: offset, to, lines: [line] });
    }
    return runs;
  }
}
