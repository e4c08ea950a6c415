/**
 * Matches that a person accepted. They come before every rule: a row of one is set aside as it is
 * read, and the movements are kept from all others, unless the files hold only a part of the rows.
 */
import type { EventData, RecordedEvent } from "@tallystick/core";
import { contentOf, firstId, firstOf, nthId, type Sha256 } from "./row-ids.ts";
import type { ExternalRow, LedgerItem } from "./sides.ts";

export type AcceptedMatch = EventData<"reconciliation.match_accepted">;

/** The acceptances that stand, by the first of their rows. */
export class StandingMatches {
  readonly #byStream = new Map<string, AcceptedMatch>();

  learn({ type, data, streamId }: RecordedEvent): void {
    if (type === "reconciliation.match_accepted") this.#byStream.set(streamId, data);
    else if (type === "reconciliation.acceptance_undone") this.#byStream.delete(streamId);
  }

  list(): AcceptedMatch[] {
    return [...this.#byStream.values()];
  }
}

const money = (kind: string, currency: string, amount: number): string =>
  `${kind} ${currency} ${amount}`;

/** What the files hold of an accepted match. */
export interface FoundMatch {
  readonly match: AcceptedMatch;
  readonly rows: readonly ExternalRow[];
  /** The ids of its rows that they do not hold. */
  readonly missing: readonly string[];
}

/** Sets the rows of accepted matches aside. */
export class AcceptedRows {
  readonly #sha256: Sha256;
  readonly #matches: readonly AcceptedMatch[];
  readonly #rowIds: ReadonlySet<string>;
  readonly #firstIds: ReadonlySet<string>;
  readonly #sums: ReadonlySet<string>;
  readonly #counts = new Map<string, number>();
  readonly #rows = new Map<string, ExternalRow>();

  constructor(sha256: Sha256, matches: readonly AcceptedMatch[]) {
    this.#sha256 = sha256;
    this.#matches = matches;
    const rows = matches.flatMap((match) => match.rows);
    this.#rowIds = new Set(rows.map(({ rowId }) => rowId));
    this.#firstIds = new Set(rows.map(({ rowId }) => firstOf(rowId)));
    this.#sums = new Set(
      matches.flatMap(({ kind, currency, rows: its }) =>
        its.map(({ amount }) => money(kind, currency, amount)),
      ),
    );
  }

  /** Whether the row belongs to an accepted match, and is set aside. Every row is asked about once. */
  take(row: ExternalRow): boolean {
    // Nearly every row ends here, without a hash.
    if (this.#sums.size === 0 || !this.#sums.has(money(row.kind, row.currency, row.amount)))
      return false;
    const first = firstId(this.#sha256, contentOf(row));
    if (!this.#firstIds.has(first)) return false;
    const occurrence = (this.#counts.get(first) ?? 0) + 1;
    this.#counts.set(first, occurrence);
    const rowId = nthId(first, occurrence);
    if (!this.#rowIds.has(rowId)) return false;
    this.#rows.set(rowId, row);
    return true;
  }

  /** The matches whose rows are all there, and those of which some are missing. */
  settle(): {
    readonly whole: readonly FoundMatch[];
    readonly partial: readonly FoundMatch[];
  } {
    const found = this.#matches.map((match): FoundMatch => {
      const missing = match.rows.flatMap(({ rowId }) => (this.#rows.has(rowId) ? [] : rowId));
      return {
        match,
        rows: match.rows.flatMap(({ rowId }) => this.#rows.get(rowId) ?? []),
        missing,
      };
    });
    const isWhole = ({ missing }: FoundMatch) => missing.length === 0;
    return { whole: found.filter(isWhole), partial: found.filter((each) => !isWhole(each)) };
  }
}

/** Movements by position, of those that are sought. */
export const byPosition = (
  items: Iterable<LedgerItem>,
  matches: readonly AcceptedMatch[],
): Map<number, LedgerItem> => {
  const sought = new Set(
    matches.flatMap(({ movements }) => movements.map(({ position }) => position)),
  );
  const found = new Map<number, LedgerItem>();
  if (sought.size === 0) return found;
  for (const item of items) if (sought.has(item.position)) found.set(item.position, item);
  return found;
};
