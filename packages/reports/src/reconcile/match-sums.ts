/**
 * One row for several movements, or several rows for one: a payout of many payments, or a payment
 * that was paid in parts. A sum counts only if it is exact and if there is no other one, among at
 * most sixteen candidates of the same currency and owner (or day) within the window.
 */

import type { Names } from "./ledger-side.ts";
import { agree } from "./match-by-key.ts";
import { type MatchingBounds, type Pairing, sumCandidatesMax, sumMembersMax } from "./rules.ts";
import { daysApart, type ExternalRow, type LedgerItem } from "./sides.ts";

/** The members of the only subset of 2 to 6 that comes to `total`; undefined for none or several. */
export const onlySubset = <Member extends { readonly amount: number }>(
  members: readonly Member[],
  total: number,
): readonly Member[] | undefined => {
  if (members.length > sumCandidatesMax) return undefined;
  const found: (readonly Member[])[] = [];
  const seek = (from: number, chosen: readonly Member[], left: number): void => {
    if (left === 0 && chosen.length > 1) found.push(chosen);
    if (left <= 0 || chosen.length === sumMembersMax) return;
    for (let at = from; at < members.length && found.length < 2; at += 1) {
      const member = members[at] as Member;
      seek(at + 1, [...chosen, member], left - member.amount);
    }
  };
  seek(0, [], total);
  return found.length === 1 ? found[0] : undefined;
};

/** Buckets by day and by owner's name, so that no side is searched whole. */
class Candidates<Member extends ExternalRow | LedgerItem> {
  readonly #byKey = new Map<string, Member[]>();

  constructor(members: Iterable<Member>, keys: (member: Member) => readonly string[]) {
    for (const member of members)
      for (const key of keys(member)) {
        const bucket = this.#byKey.get(key);
        if (bucket === undefined) this.#byKey.set(key, [member]);
        else bucket.push(member);
      }
  }

  of(key: string): readonly Member[] {
    return this.#byKey.get(key) ?? [];
  }
}

const dayKey = ({ kind, currency, date }: ExternalRow | LedgerItem): string =>
  `${kind} ${currency} on ${date}`;
const nameKey = ({ kind, currency }: ExternalRow | LedgerItem, name: string): string =>
  `${kind} ${currency} of ${name}`;

export const matchSums = (
  rows: readonly ExternalRow[],
  items: readonly LedgerItem[],
  names: Names,
  { windowDays }: MatchingBounds,
): { readonly pairings: readonly Pairing[]; readonly rows: readonly ExternalRow[] } => {
  const pairings: Pairing[] = [];
  const matched = new Set<ExternalRow>();
  const free = items.filter(({ taken }) => !taken);
  const near = (row: ExternalRow, item: LedgerItem): boolean =>
    daysApart(row.date, item.date) <= windowDays && agree(row, item, names);
  const pair = (pairedRows: readonly ExternalRow[], paired: readonly LedgerItem[]): void => {
    for (const row of pairedRows) matched.add(row);
    for (const item of paired) item.taken = true;
    pairings.push({ rule: "sum", rows: pairedRows, items: paired });
  };
  const isNamed = ({ reference }: ExternalRow): boolean =>
    reference !== undefined && names.knows(reference);

  const freeItems = new Candidates(free, (item) => [
    dayKey(item),
    ...new Set(names.of(item.owner).map((name) => nameKey(item, name))),
  ]);
  for (const row of rows) {
    const key = isNamed(row) ? nameKey(row, row.reference ?? "") : dayKey(row);
    const several = onlySubset(
      freeItems.of(key).filter((item) => !item.taken && near(row, item)),
      row.amount,
    );
    if (several !== undefined) pair([row], several);
  }

  const waiting = new Candidates(
    rows.filter((row) => !matched.has(row)),
    (row) => (isNamed(row) ? [nameKey(row, row.reference ?? "")] : [dayKey(row)]),
  );
  for (const item of free) {
    if (item.taken) continue;
    const keys = [
      dayKey(item),
      ...new Set(names.of(item.owner).map((name) => nameKey(item, name))),
    ];
    const candidates = keys.flatMap((key) => waiting.of(key));
    const several = onlySubset(
      candidates.filter((row) => !matched.has(row) && near(row, item)),
      item.amount,
    );
    if (several !== undefined) pair(several, [item]);
  }
  return { pairings, rows: rows.filter((row) => !matched.has(row)) };
};
