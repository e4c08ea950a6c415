/**
 * Rows that files have in common, so that overlapping files never count a movement twice. A row is
 * known by its content and by how often that content stood in the same file before: two equal
 * coffees in one file stay two, and the same two in the next file are the same two.
 */
import { contentOf } from "./row-ids.ts";
import type { ExternalRow } from "./sides.ts";

export class Overlap {
  /** How often each content stood in the file where it stood most often. */
  readonly #known = new Map<string, number>();
  #inFile = new Map<string, number>();
  #file = 0;

  /** Whether a file before has this row already. Rows come file by file. */
  isRepeated(row: ExternalRow): boolean {
    if (row.file !== this.#file) {
      this.#file = row.file;
      this.#inFile = new Map();
    }
    const print = contentOf(row);
    const occurrence = (this.#inFile.get(print) ?? 0) + 1;
    this.#inFile.set(print, occurrence);
    const known = this.#known.get(print) ?? 0;
    if (occurrence <= known) return true;
    this.#known.set(print, occurrence);
    return false;
  }
}
