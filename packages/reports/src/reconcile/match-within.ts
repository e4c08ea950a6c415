/**
 * Rows against movements within a tolerance of amount and of days, for the same owner where the row
 * names one. Only where each is the only one for the other.
 */

import type { Names } from "./ledger-side.ts";
import { agree } from "./match-by-key.ts";
import { NearestByAmount } from "./nearest.ts";
import type { MatchingBounds, Pairing } from "./rules.ts";
import { daysApart, type ExternalRow, type LedgerItem } from "./sides.ts";

export const matchWithin = (
  rows: readonly ExternalRow[],
  items: readonly LedgerItem[],
  names: Names,
  { toleranceAmount, toleranceDays }: MatchingBounds,
): { readonly pairings: readonly Pairing[]; readonly rows: readonly ExternalRow[] } => {
  if (toleranceAmount === 0 && toleranceDays === 0) return { pairings: [], rows };
  const free = new NearestByAmount(items.filter(({ taken }) => !taken));
  const wanted = new Map<ExternalRow, readonly LedgerItem[]>();
  const wantedBy = new Map<LedgerItem, number>();
  for (const row of rows) {
    const found = free
      .within(row, toleranceAmount)
      .filter((item) => daysApart(row.date, item.date) <= toleranceDays && agree(row, item, names));
    wanted.set(row, found);
    for (const item of found) wantedBy.set(item, (wantedBy.get(item) ?? 0) + 1);
  }
  const pairings: Pairing[] = [];
  const left: ExternalRow[] = [];
  for (const [row, [item, ...others]] of wanted)
    if (item !== undefined && others.length === 0 && wantedBy.get(item) === 1) {
      item.taken = true;
      pairings.push({ rule: "tolerance", rows: [row], items: [item] });
    } else left.push(row);
  return { pairings, rows: left };
};
