/**
 * What a row of theirs is known by, wherever it stands: its content, and from the second of that
 * content in one file on by the how manieth it is. So two equal coffees in one file stay two, the same
 * two in the next file are the same two, and a line that moves is the same row.
 *
 * The ids are stored with accepted matches: how they are made may not change.
 */
import type { Host } from "@tallystick/core";
import type { ExternalFile } from "./reconciliation.ts";
import type { ExternalRow } from "./sides.ts";

export type Sha256 = Host["sha256"];

/** Equal for rows that say the same, whatever file and line they stand in. */
export const contentOf = ({
  kind,
  paymentId,
  reference,
  date,
  at,
  currency,
  amount,
}: ExternalRow): string =>
  JSON.stringify([kind, paymentId ?? "", reference ?? "", at ?? date, currency, amount]);

const digits = 32;

/** The id of the first row of a content. */
export const firstId = (sha256: Sha256, content: string): string =>
  `row_${sha256(`tallystick.row.v1\n${content}`).slice(0, digits)}`;

/** The id of the row of a content that comes as the `occurrence`-th, from 1. */
export const nthId = (first: string, occurrence: number): string =>
  occurrence === 1 ? first : `${first}_${occurrence}`;

/** The id of the first row of the content that a row's id speaks of. */
export const firstOf = (rowId: string): string => rowId.split("_", 2).join("_");

/**
 * Numbers the rows of a reconciliation that are told. Rows that are kept are counted as they come;
 * where an equal one may have matched and gone, the files are read once more.
 */
export class RowIds {
  readonly #sha256: Sha256;
  readonly #counts = new Map<string, number>();
  readonly #occurrences = new Map<ExternalRow, number>();
  /** By content: rows before which equal ones may have gone. */
  readonly #doubtful = new Map<string, Map<string, ExternalRow>>();

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  /** Counts a row that is kept; once, however often it is said. */
  keep(row: ExternalRow, mayRepeat: boolean): void {
    if (this.#occurrences.has(row)) return;
    const content = contentOf(row);
    const occurrence = (this.#counts.get(content) ?? 0) + 1;
    this.#counts.set(content, occurrence);
    this.#occurrences.set(row, occurrence);
    if (!mayRepeat) return;
    const rows = this.#doubtful.get(content) ?? new Map<string, ExternalRow>();
    this.#doubtful.set(content, rows.set(placeOf(row), row));
  }

  /** Counts what is in doubt among all rows of its file. */
  async settle(files: readonly ExternalFile[]): Promise<void> {
    if (this.#doubtful.size === 0) return;
    for (const { rows } of files) {
      const counts = new Map<string, number>();
      for await (const row of rows()) {
        const content = contentOf(row);
        const doubtful = this.#doubtful.get(content);
        if (doubtful === undefined) continue;
        const occurrence = (counts.get(content) ?? 0) + 1;
        counts.set(content, occurrence);
        const kept = doubtful.get(placeOf(row));
        if (kept !== undefined) this.#occurrences.set(kept, occurrence);
      }
    }
  }

  of(row: ExternalRow): string {
    return nthId(firstId(this.#sha256, contentOf(row)), this.#occurrences.get(row) ?? 1);
  }
}

const placeOf = ({ file, line }: ExternalRow): string => `${file} ${line}`;

/** Rows of a file by their ids or lines; a name that no row answers to is left out. */
export const findRows = async (
  { rows }: Pick<ExternalFile, "rows">,
  sha256: Sha256,
  names: readonly string[],
): Promise<ReadonlyMap<string, { readonly rowId: string; readonly row: ExternalRow }>> => {
  const lines = new Set(names.filter((name) => /^\d+$/.test(name)).map(Number));
  const ids = new Set(names.filter((name) => name.startsWith("row_")).map(firstOf));
  const contents = new Set<string>();
  for await (const row of rows()) {
    const content = contentOf(row);
    if (lines.has(row.line) || (ids.size > 0 && ids.has(firstId(sha256, content))))
      contents.add(content);
  }
  const found = new Map<string, { readonly rowId: string; readonly row: ExternalRow }>();
  const counts = new Map<string, number>();
  for await (const row of rows()) {
    const content = contentOf(row);
    if (!contents.has(content)) continue;
    const occurrence = (counts.get(content) ?? 0) + 1;
    counts.set(content, occurrence);
    const rowId = nthId(firstId(sha256, content), occurrence);
    for (const name of [rowId, String(row.line)])
      if (names.includes(name)) found.set(name, { rowId, row });
  }
  return found;
};
