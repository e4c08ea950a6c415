/**
 * Receivables by how long they are overdue on a day, per customer and currency.
 *
 * A bill that is owed ages from its due date: on the due date itself it is not overdue yet (D-29). A
 * bill without a due date, and what is owed on a customer's or account's running balance, has no
 * date to age from and stands under `undated`: nothing is guessed. Balances below zero are credit,
 * and money in suspense stands beside the totals. `owed` − `credit` is `net`, and the nets are the
 * nets of `balances` as of the same times.
 */
import type { CalendarDate, CurrencyCode } from "@tallystick/core";
import type { AsOfPair, EventSource, Known } from "../as-of/as-of.ts";
import { bookPicture, type ObligationPicture } from "../as-of/book-picture.ts";
import { type Bucket, bucketsOf, daysOverdue } from "./buckets.ts";

/** What is owed in one currency, by age, in minor units. */
export interface AgedSums {
  readonly currency: CurrencyCode;
  /** On bills that are due on the day or later. */
  readonly notDue: bigint;
  /** One sum for each bucket. */
  readonly overdue: readonly bigint[];
  readonly undated: bigint;
  /** `notDue` + Σ `overdue` + `undated`. */
  readonly owed: bigint;
  /** Unapplied credit, as a positive sum. */
  readonly credit: bigint;
  readonly net: bigint;
}

export interface AgeingRow extends AgedSums {
  readonly customerId: string;
  readonly externalReference: string;
}

export interface AgeingTotal extends AgedSums {
  /** Money that has arrived and fits nothing yet; outside of `net`. */
  readonly suspense: bigint;
}

export interface AgeingReport {
  /** The day on which ages are counted. */
  readonly on: CalendarDate;
  readonly known: Known | undefined;
  readonly buckets: readonly Bucket[];
  /** Customers in order of creation, each by currency; those without any sum are left out. */
  readonly data: readonly AgeingRow[];
  readonly totals: readonly AgeingTotal[];
}

class Aged {
  notDue = 0n;
  undated = 0n;
  credit = 0n;
  readonly overdue: bigint[];

  constructor(buckets: readonly Bucket[]) {
    this.overdue = buckets.map(() => 0n);
  }

  add(balance: number, age: number | undefined, buckets: readonly Bucket[]): void {
    const amount = BigInt(balance);
    if (amount < 0n) this.credit -= amount;
    else if (age === undefined) this.undated += amount;
    else if (age <= 0) this.notDue += amount;
    else {
      const at = buckets.findLastIndex(({ fromDays }) => fromDays <= age);
      this.overdue[at] = (this.overdue[at] ?? 0n) + amount;
    }
  }

  sums(currency: CurrencyCode): AgedSums {
    const { notDue, overdue, undated, credit } = this;
    const owed = overdue.reduce((sum, each) => sum + each, notDue + undated);
    return { currency, notDue, overdue, undated, owed, credit, net: owed - credit };
  }
}

type ByCurrency = Map<CurrencyCode, Aged>;

const agedIn = (sums: ByCurrency, currency: CurrencyCode, buckets: readonly Bucket[]): Aged => {
  const kept = sums.get(currency) ?? new Aged(buckets);
  sums.set(currency, kept);
  return kept;
};

const sorted = (sums: ByCurrency): AgedSums[] =>
  [...sums]
    .map(([currency, aged]) => aged.sums(currency))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));

export const ageingReport = async (
  source: EventSource,
  asOf: AsOfPair,
  { on, bounds }: { readonly on: CalendarDate; readonly bounds: readonly number[] },
): Promise<AgeingReport> => {
  const { obligations, suspense, known } = await bookPicture(source, asOf);
  const buckets = bucketsOf(bounds);
  const customers = new Map<string, ByCurrency>();
  const all: ByCurrency = new Map();
  const add = (obligation: ObligationPicture): void => {
    const { customerId, bill } = obligation;
    const age = bill?.dueDate === undefined ? undefined : daysOverdue(bill.dueDate, on);
    for (const { currency, balance } of obligation.balances) {
      if (balance === 0) continue;
      const own = customers.get(customerId) ?? new Map<CurrencyCode, Aged>();
      customers.set(customerId, own);
      agedIn(own, currency, buckets).add(balance, age, buckets);
      agedIn(all, currency, buckets).add(balance, age, buckets);
    }
  };
  const data: AgeingRow[] = [];
  for (const obligation of obligations.values()) add(obligation);
  for (const { kind, id, externalReference } of obligations.values())
    if (kind === "customer")
      for (const sums of sorted(customers.get(id) ?? new Map()))
        data.push({ customerId: id, externalReference, ...sums });
  const waiting = new Map<CurrencyCode, bigint>();
  for (const { currency, amount } of suspense) {
    waiting.set(currency, (waiting.get(currency) ?? 0n) + BigInt(amount));
    agedIn(all, currency, buckets);
  }
  const totals = sorted(all).map((sums) => ({
    ...sums,
    suspense: waiting.get(sums.currency) ?? 0n,
  }));
  return { on, known, buckets, data, totals };
};
