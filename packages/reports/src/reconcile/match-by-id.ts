/**
 * Rows that carry a payment id against the movements of that id. Rows are taken one by one and kept
 * only while they have found nothing, so memory does not grow with what matches.
 */
import type { Pairing } from "./rules.ts";
import type { ExternalRow, LedgerItem } from "./sides.ts";

export interface Duplicate {
  readonly row: ExternalRow;
  /** Whether a movement of this very amount was matched before, or only one of this payment. */
  readonly reason: "same_amount" | "payment_matched_already";
}

export interface ById {
  /** Pairings whose amounts are equal as a whole. */
  readonly equal: readonly Pairing[];
  readonly differing: readonly Pairing[];
  readonly duplicates: readonly Duplicate[];
  /** Rows of an id that the ledger side does not hold. */
  readonly unknown: readonly ExternalRow[];
}

const keyOf = ({ kind, paymentId = "" }: Pick<ExternalRow, "kind" | "paymentId">): string =>
  kind === "payment" ? paymentId : `${kind} ${paymentId}`;

const fits = (row: ExternalRow, item: LedgerItem): boolean =>
  !item.taken && item.currency === row.currency && item.amount === row.amount;

const sumOf = (members: readonly { readonly amount: number }[]): number =>
  members.reduce((sum, { amount }) => sum + amount, 0);

const isOneCurrency = (members: readonly { readonly currency: string }[]): boolean =>
  members.every(({ currency }) => currency === members[0]?.currency);

export class IdMatcher {
  readonly #items = new Map<string, LedgerItem | LedgerItem[]>();
  readonly #waiting = new Map<string, ExternalRow[]>();

  constructor(items: Iterable<LedgerItem>) {
    for (const item of items) {
      const key = keyOf(item);
      const others = this.#items.get(key);
      if (others === undefined) this.#items.set(key, item);
      else if (Array.isArray(others)) others.push(item);
      else this.#items.set(key, [others, item]);
    }
  }

  #of(key: string): readonly LedgerItem[] {
    const found = this.#items.get(key);
    return found === undefined ? [] : Array.isArray(found) ? found : [found];
  }

  /** Whether a movement of this very payment and amount was set against another row before. */
  isTaken(row: ExternalRow): boolean {
    if (row.paymentId === undefined) return false;
    return this.#of(keyOf(row)).some(
      ({ taken, currency, amount }) => taken && currency === row.currency && amount === row.amount,
    );
  }

  /** The rows that wait for the payment of a movement; they wait no longer. */
  waitingFor(item: LedgerItem): readonly ExternalRow[] {
    const key = keyOf(item);
    const rows = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    return rows;
  }

  /** The movement that the row is, taken; undefined where the row has to wait for all others. */
  take(row: ExternalRow): LedgerItem | undefined {
    const key = keyOf(row);
    const items = this.#of(key);
    const item =
      items.find((each) => each.owner === row.reference && fits(row, each)) ??
      items.find((each) => fits(row, each));
    if (item === undefined) {
      const others = this.#waiting.get(key);
      if (others === undefined) this.#waiting.set(key, [row]);
      else others.push(row);
      return undefined;
    }
    item.taken = true;
    return item;
  }

  /** What became of the rows that wait, once every row was taken. */
  settle(): ById {
    const equal: Pairing[] = [];
    const differing: Pairing[] = [];
    const duplicates: Duplicate[] = [];
    const unknown: ExternalRow[] = [];
    const pair = (rows: readonly ExternalRow[], items: readonly LedgerItem[]): void => {
      for (const item of items) item.taken = true;
      const isEqual = isOneCurrency([...rows, ...items]) && sumOf(rows) === sumOf(items);
      if (isEqual) equal.push({ rule: "payment_id_sum", rows, items });
      else differing.push({ rule: "payment_id", rows, items });
    };
    for (const [key, rows] of this.#waiting) {
      const all = this.#of(key);
      const left = all.filter(({ taken }) => !taken);
      if (all.length === 0) unknown.push(...rows);
      else if (left.length > 0 && isOneCurrency([...rows, ...left]) && sumOf(rows) === sumOf(left))
        pair(rows, left);
      else
        for (const row of rows) {
          const item =
            left.find((each) => !each.taken && each.currency === row.currency) ??
            left.find((each) => !each.taken);
          if (item === undefined) duplicates.push({ row, reason: sameness(row, all) });
          else pair([row], [item]);
        }
    }
    return { equal, differing, duplicates, unknown };
  }
}

const sameness = (row: ExternalRow, items: readonly LedgerItem[]): Duplicate["reason"] =>
  items.some(({ currency, amount }) => currency === row.currency && amount === row.amount)
    ? "same_amount"
    : "payment_matched_already";
