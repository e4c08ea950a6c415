/**
 * Rows without a payment id against movements that nothing stands against yet, by what both have in
 * common. A key that several share matches only where both sides have it as often; whom such a match
 * pairs is then of no consequence, since they are equal in all that is known.
 */
import type { Names } from "./ledger-side.ts";
import type { MatchingBounds, Pairing, Rule } from "./rules.ts";
import { daysApart, type ExternalRow, type LedgerItem } from "./sides.ts";

interface Group {
  readonly rows: ExternalRow[];
  readonly items: LedgerItem[];
}

const byDate = <Member extends ExternalRow | LedgerItem>(members: Member[]): Member[] =>
  members.sort((a, b) => (a.date === b.date ? placeOf(a) - placeOf(b) : a.date < b.date ? -1 : 1));

const placeOf = (member: ExternalRow | LedgerItem): number =>
  "line" in member ? member.line : member.position;

type Keys<Member> = (member: Member) => readonly string[];

/** Groups by key; a row has one key, a movement may go by several names. */
const grouped = (
  rows: readonly ExternalRow[],
  items: readonly LedgerItem[],
  rowKey: Keys<ExternalRow>,
  itemKeys: Keys<LedgerItem>,
): Iterable<Group> => {
  const groups = new Map<string, Group>();
  for (const row of rows)
    for (const key of rowKey(row)) {
      const group = groups.get(key) ?? { rows: [], items: [] };
      groups.set(key, group);
      group.rows.push(row);
    }
  for (const item of items)
    if (!item.taken) for (const key of new Set(itemKeys(item))) groups.get(key)?.items.push(item);
  return groups.values();
};

const money = ({ kind, currency, amount }: ExternalRow | LedgerItem): string =>
  `${kind} ${currency} ${amount}`;

/** Whether a row may be a movement, by the names that both say. */
export const agree = (row: ExternalRow, item: LedgerItem, names: Names): boolean =>
  row.reference === undefined ||
  !names.knows(row.reference) ||
  names.of(item.owner).includes(row.reference);

interface Stage {
  readonly rule: Rule;
  readonly rowKey: Keys<ExternalRow>;
  readonly itemKeys: Keys<LedgerItem>;
  readonly windowDays: number;
}

const stages = (names: Names, { windowDays }: MatchingBounds): readonly Stage[] => {
  const named = (item: LedgerItem): readonly string[] => names.of(item.owner);
  const reference = ({ reference: name }: ExternalRow): string[] =>
    name === undefined ? [] : [name];
  return [
    {
      rule: "amount_date_reference",
      rowKey: (row) => reference(row).map((name) => `${money(row)} ${row.date} ${name}`),
      itemKeys: (item) => named(item).map((name) => `${money(item)} ${item.date} ${name}`),
      windowDays: 0,
    },
    {
      rule: "amount_date",
      rowKey: (row) => [`${money(row)} ${row.date}`],
      itemKeys: (item) => [`${money(item)} ${item.date}`],
      windowDays: 0,
    },
    {
      rule: "reference",
      rowKey: (row) => reference(row).map((name) => `${money(row)} ${name}`),
      itemKeys: (item) => named(item).map((name) => `${money(item)} ${name}`),
      windowDays,
    },
  ];
};

/** The pairings, and the rows that found nothing. */
export const matchByKey = (
  rows: readonly ExternalRow[],
  items: readonly LedgerItem[],
  names: Names,
  bounds: MatchingBounds,
): { readonly pairings: readonly Pairing[]; readonly rows: readonly ExternalRow[] } => {
  const pairings: Pairing[] = [];
  const matched = new Set<ExternalRow>();
  for (const { rule, rowKey, itemKeys, windowDays } of stages(names, bounds))
    for (const group of grouped(
      rows.filter((row) => !matched.has(row)),
      items,
      rowKey,
      itemKeys,
    )) {
      // A movement may have found its row under another of its names meanwhile.
      const free = byDate(group.items.filter(({ taken }) => !taken));
      const waiting = byDate(group.rows);
      if (free.length !== waiting.length) continue;
      const pairs = waiting.map((row, at) => [row, free[at] as LedgerItem] as const);
      const fit = pairs.every(
        ([row, item]) => daysApart(row.date, item.date) <= windowDays && agree(row, item, names),
      );
      if (!fit) continue;
      for (const [row, item] of pairs) {
        item.taken = true;
        matched.add(row);
        pairings.push({ rule, rows: [row], items: [item] });
      }
    }
  return { pairings, rows: rows.filter((row) => !matched.has(row)) };
};
