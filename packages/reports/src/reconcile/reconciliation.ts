/**
 * A reconciliation: the ledger against what somebody else says happened. Every row of theirs and every
 * movement of ours ends in exactly one outcome, and the control equations say that nothing was lost
 * on the way.
 *
 * The stages run from the strongest rule to the weakest, each deterministic. Whatever is matched by a
 * rule below the payment id is listed with that rule. A row that carries a payment id is matched by
 * nothing weaker.
 */
import { invariant, type Ledger, type MoneyKind, type SuspenseReason } from "@tallystick/core";
import type { AsOfPair, EventSource } from "../as-of/as-of.ts";
import { type AcceptedMatch, AcceptedRows, byPosition, type FoundMatch } from "./accepted.ts";
import { type Control, Controls } from "./control.ts";
import { ledgerItems, ledgerSide, type Names } from "./ledger-side.ts";
import { type Duplicate, IdMatcher } from "./match-by-id.ts";
import { agree, matchByKey } from "./match-by-key.ts";
import { matchSums } from "./match-sums.ts";
import { matchWithin } from "./match-within.ts";
import { type Candidate, NearestByAmount } from "./nearest.ts";
import { Overlap } from "./overlap.ts";
import { RowIds } from "./row-ids.ts";
import type { MatchingBounds, Pairing, Rule } from "./rules.ts";
import type { ExternalRow, LedgerItem, Period } from "./sides.ts";

/** One file of theirs. */
export interface ExternalFile {
  readonly name: string;
  /** What it covers. */
  readonly period: Period;
  readonly rows: () => AsyncIterable<ExternalRow>;
}

/** A row as it is told; `row` is its id. */
export type RowTold = Omit<ExternalRow, "file"> & { readonly file: string; readonly row: string };
/** A movement as it is told. */
export type ItemTold = Omit<LedgerItem, "taken">;

export interface NearCandidate {
  readonly paymentId?: string;
  /** Their line, or our position. */
  readonly line?: number;
  readonly position?: number;
  readonly amount: number;
  readonly amountApart: number;
  readonly daysApart: number;
}

interface Unmatched {
  readonly paymentId?: string;
  /** The rule that failed, in words. */
  readonly reason: string;
  readonly candidates: readonly NearCandidate[];
}

export interface Matched {
  readonly paymentId?: string;
  readonly rule: Rule;
  readonly external: readonly RowTold[];
  readonly ledger: readonly ItemTold[];
  /** Where somebody said so: why, and how the difference was booked, if there is one. */
  readonly accepted?: Pick<AcceptedMatch, "reason" | "difference">;
}

export interface Difference extends Matched {
  /** Theirs less ours, in minor units; absent where the currencies differ. */
  readonly difference?: number;
}

export interface Reconciliation {
  readonly files: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  /** How many matches there are; one that takes several rows or movements is one. */
  readonly matched: number;
  readonly matchedBy: Readonly<Partial<Record<Rule, number>>>;
  /** Matches by a rule below the payment id. */
  readonly belowExact: readonly Matched[];
  readonly matchedWithDifference: readonly Difference[];
  readonly onlyExternal: readonly (Unmatched & { readonly external: RowTold })[];
  readonly onlyLedger: readonly (Unmatched & { readonly ledger: ItemTold })[];
  /** Rows that say again what another row of the same file says. */
  readonly duplicate: readonly {
    readonly paymentId?: string;
    readonly reason: Duplicate["reason"];
    readonly external: RowTold;
  }[];
  /** Rows that a file before held already; they count once. */
  readonly repeated: number;
  /** Matched, and gone to suspense when they came. */
  readonly suspense: readonly {
    readonly paymentId: string;
    readonly amount: number;
    readonly currency: string;
    readonly reason: SuspenseReason;
  }[];
  readonly control: readonly Control[];
  readonly holds: boolean;
}

const told = ({ taken: _, ...item }: LedgerItem): ItemTold => item;

const idOf = ({ paymentId }: { readonly paymentId?: string }): { readonly paymentId?: string } =>
  paymentId === undefined ? {} : { paymentId };

const nearOf = ({
  member,
  amountApart,
  daysApart,
}: Candidate<ExternalRow | LedgerItem>): NearCandidate => ({
  ...idOf(member),
  ...("line" in member ? { line: member.line } : { position: member.position }),
  amount: member.amount,
  amountApart,
  daysApart,
});

const sumOf = (members: readonly { readonly amount: number }[]): number =>
  members.reduce((sum, { amount }) => sum + amount, 0);

const saidOf = ({ reason, difference }: AcceptedMatch): NonNullable<Matched["accepted"]> => ({
  reason,
  ...(difference === undefined ? {} : { difference }),
});

class Outcomes {
  readonly controls = new Controls();
  matched = 0;
  readonly matchedBy: Partial<Record<Rule, number>> = {};
  readonly belowExact: Matched[] = [];
  readonly differing: Difference[] = [];
  readonly suspense: Reconciliation["suspense"][number][] = [];
  readonly #fileNames: readonly string[];
  readonly #rowIds: RowIds;

  constructor(fileNames: readonly string[], rowIds: RowIds) {
    this.#fileNames = fileNames;
    this.#rowIds = rowIds;
  }

  row = (row: ExternalRow): RowTold => {
    const { file, ...content } = row;
    return { file: this.#fileNames[file] ?? "", row: this.#rowIds.of(row), ...content };
  };

  #inSuspense({ paymentId, amount, currency, suspense: reason }: LedgerItem): void {
    if (reason !== undefined) this.suspense.push({ paymentId, amount, currency, reason });
  }

  exact(row: ExternalRow, item: LedgerItem): void {
    this.controls.addOne("matchedExternal", row);
    this.controls.addOne("matchedLedger", item);
    this.#count("payment_id");
    this.#inSuspense(item);
  }

  #count(rule: Rule): void {
    this.matched += 1;
    this.matchedBy[rule] = (this.matchedBy[rule] ?? 0) + 1;
  }

  /** A pairing with a rule below exact, or with a difference. */
  pairing({ rule, rows, items, accepted }: Pairing): void {
    const all = [...rows, ...items];
    const isOneCurrency = all.every(({ currency }) => currency === all[0]?.currency);
    const difference = sumOf(rows) - sumOf(items);
    const match: Matched = {
      ...idOf(items[0] ?? {}),
      rule,
      external: rows.map(this.row),
      ledger: items.map(told),
      ...(accepted === undefined ? {} : { accepted: saidOf(accepted) }),
    };
    const isEqual = isOneCurrency && difference === 0;
    this.controls.add(isEqual ? "matchedExternal" : "differingExternal", rows);
    this.controls.add(isEqual ? "matchedLedger" : "differingLedger", items);
    for (const item of items) this.#inSuspense(item);
    if (!isEqual) {
      this.differing.push({ ...match, ...(isOneCurrency ? { difference } : {}) });
      return;
    }
    this.#count(rule);
    this.belowExact.push(match);
  }
}

/** What the ledger knows of the payment ids of rows, by id and kind: the last of each. */
const elsewhere = async (
  source: EventSource,
  asOf: AsOfPair,
  rows: readonly ExternalRow[],
): Promise<KnownElsewhere> => {
  const sought = new Set(rows.map(({ paymentId }) => paymentId));
  const found = { payment: new Map<string, LedgerItem>(), refund: new Map<string, LedgerItem>() };
  if (sought.size === 0) return found;
  for await (const item of ledgerItems(source, asOf))
    if (sought.has(item.paymentId)) found[item.kind].set(item.paymentId, item);
  return found;
};

type KnownElsewhere = Readonly<Record<MoneyKind, ReadonlyMap<string, LedgerItem>>>;

/** Why a row without a payment id found nothing, by what comes nearest to it. */
const reasonByNearest = (
  row: ExternalRow,
  nearest: readonly Candidate<LedgerItem>[],
  names: Names,
): string => {
  const [first] = nearest;
  if (first?.amountApart !== 0)
    return "no movement of this amount in these days, and no clear sum of several";
  if (first.daysApart > 0) return "the nearest movement of this amount lies on another day";
  const same = nearest.filter(({ amountApart, daysApart }) => amountApart + daysApart === 0);
  return same.some(({ member }) => agree(row, member, names))
    ? "more than one could be meant: the rows and movements of this amount and day are not as many"
    : "the movement of this amount and day is another's";
};

const reasonById = ({ kind }: ExternalRow, paymentId: string, known: KnownElsewhere): string => {
  const same = known[kind].get(paymentId);
  if (same !== undefined)
    return `the ledger has this ${kind} on ${same.date}, outside of what the file covers`;
  const other = kind === "payment" ? "refund" : "payment";
  return known[other].has(paymentId)
    ? `the ledger has this payment as a ${other}, not as a ${kind}`
    : "the ledger knows no payment of this id";
};

const unmatchedReason = (
  { kind, position: at }: LedgerItem,
  partial: readonly FoundMatch[],
): string => {
  const found = partial.find(({ match }) =>
    match.movements.some(({ position }) => position === at),
  );
  return found === undefined
    ? `no ${kind} row of this id, and none without an id that fits`
    : `accepted with ${found.missing.join(", ")}, which these files do not hold`;
};

/** The movements of accepted matches that lie outside of what the files cover; theirs lie within. */
const missingItems = async (
  source: EventSource,
  asOf: AsOfPair,
  found: Map<number, LedgerItem>,
  whole: readonly FoundMatch[],
): Promise<readonly LedgerItem[]> => {
  const missing = new Set(
    whole.flatMap(({ match }) =>
      match.movements.flatMap(({ position }) => (found.has(position) ? [] : position)),
    ),
  );
  if (missing.size === 0) return [];
  const items: LedgerItem[] = [];
  for await (const item of ledgerItems(source, asOf))
    if (missing.has(item.position)) items.push({ ...item, taken: true });
  for (const item of items) found.set(item.position, item);
  return items;
};

const byPlace = (a: ExternalRow, b: ExternalRow): number => a.file - b.file || a.line - b.line;

/** The ledger's events, and the hash by which rows are known. */
type ReconciledLedger = Pick<Ledger, "events" | "store">;

export const reconcile = async (
  source: ReconciledLedger,
  asOf: AsOfPair,
  files: readonly ExternalFile[],
  bounds: MatchingBounds,
  onProgress: (rows: number) => void = () => undefined,
): Promise<Reconciliation> => {
  const periods = files.map(({ period }) => period);
  const { sha256 } = source.store.host;
  const { items, names, matches } = await ledgerSide(source, asOf, periods);
  const rowIds = new RowIds(sha256);
  const outcomes = new Outcomes(
    files.map(({ name }) => name),
    rowIds,
  );
  const { controls } = outcomes;
  const acceptedRows = new AcceptedRows(sha256, matches);
  const acceptedItems = byPosition(items, matches);
  for (const item of acceptedItems.values()) item.taken = true;

  const overlap = files.length > 1 ? new Overlap() : undefined;
  const byId = new IdMatcher(items);
  const nameless: ExternalRow[] = [];
  const judge = (row: ExternalRow): void => {
    if (row.paymentId === undefined) {
      rowIds.keep(row, false);
      nameless.push(row);
      return;
    }
    const item = byId.take(row);
    if (item === undefined) rowIds.keep(row, byId.isTaken(row));
    else outcomes.exact(row, item);
  };
  let [read, repeated] = [0, 0];
  for (const { rows } of files)
    for await (const row of rows()) {
      read += 1;
      if (read % 1000 === 0) onProgress(read);
      if (overlap?.isRepeated(row) === true) {
        repeated += 1;
        continue;
      }
      controls.addOne("externalTotal", row);
      if (acceptedRows.take(row)) rowIds.keep(row, byId.isTaken(row));
      else judge(row);
    }

  const { whole, partial } = acceptedRows.settle();
  const open = partial.flatMap(({ match }) =>
    match.movements.flatMap(({ position }) => acceptedItems.get(position) ?? []),
  );
  for (const item of open) item.taken = false;
  const again = open.flatMap((item) => byId.waitingFor(item));
  for (const row of [...partial.flatMap(({ rows }) => rows), ...again].sort(byPlace)) judge(row);
  if (partial.length > 0) nameless.sort(byPlace);
  const outside = await missingItems(source, asOf, acceptedItems, whole);
  items.push(...outside);
  controls.add("ledgerTotal", items);
  const accepted = whole.map(({ match, rows }): Pairing => {
    const found = match.movements.map(({ position }) => acceptedItems.get(position));
    invariant(
      found.every((item) => item !== undefined),
      () => `the match of ${match.rows[0]?.rowId} names a movement that is not there`,
    );
    return { rule: "accepted", rows: rows.toSorted(byPlace), items: found, accepted: match };
  });
  await rowIds.settle(files);

  const { equal, differing, duplicates, unknown } = byId.settle();
  const keyed = matchByKey(nameless, items, names, bounds);
  const summed = matchSums(keyed.rows, items, names, bounds);
  const within = matchWithin(summed.rows, items, names, bounds);
  for (const pairing of [
    ...accepted,
    ...equal,
    ...differing,
    ...keyed.pairings,
    ...summed.pairings,
    ...within.pairings,
  ])
    outcomes.pairing(pairing);

  const rowsLeft = [...unknown, ...within.rows].sort(byPlace);
  const itemsLeft = items.filter(({ taken }) => !taken);
  controls.add("onlyExternal", rowsLeft);
  controls.add("onlyLedger", itemsLeft);
  controls.add(
    "duplicate",
    duplicates.map(({ row }) => row),
  );
  const nearItems = new NearestByAmount(itemsLeft);
  const nearRows = new NearestByAmount(rowsLeft);
  const known = await elsewhere(source, asOf, unknown);
  const control = controls.list();
  return {
    files: files.map(({ name, period }) => ({ name, ...period })),
    matched: outcomes.matched,
    matchedBy: outcomes.matchedBy,
    belowExact: outcomes.belowExact,
    matchedWithDifference: outcomes.differing,
    onlyExternal: rowsLeft.map((row) => {
      const nearest = nearItems.nearest(row);
      return {
        ...idOf(row),
        reason:
          row.paymentId === undefined
            ? reasonByNearest(row, nearest, names)
            : reasonById(row, row.paymentId, known),
        external: outcomes.row(row),
        candidates: nearest.map(nearOf),
      };
    }),
    onlyLedger: itemsLeft.map((item) => ({
      ...idOf(item),
      reason: unmatchedReason(item, partial),
      ledger: told(item),
      candidates: nearRows.nearest(item).map(nearOf),
    })),
    duplicate: [...duplicates]
      .sort((a, b) => byPlace(a.row, b.row))
      .map(({ row, reason }) => ({ ...idOf(row), reason, external: outcomes.row(row) })),
    repeated,
    suspense: outcomes.suspense,
    control,
    holds: control.every(({ holds }) => holds),
  };
};
