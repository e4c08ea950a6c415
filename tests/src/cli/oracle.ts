/**
 * What a month has to come to, worked out from the rules of the spec on the plainest data there is.
 * Uses nothing of the ledger, so that the two can only agree by both being right.
 */
import type { ApiObject, Delivery, Month, Payment } from "./month.ts";

export interface Suspended {
  readonly payment_id: string;
  readonly amount: number;
  readonly currency: string;
  readonly reason: string;
}

export interface Expected {
  readonly objects: {
    readonly objects: number;
    readonly created: number;
    readonly badLines: readonly number[];
  };
  readonly counts: {
    readonly deliveries: number;
    readonly applied: number;
    readonly duplicates: number;
    readonly rejected: number;
    readonly suspended: number;
    readonly ignored: number;
    readonly flagged: number;
  };
  readonly rejections: Readonly<Record<string, number>>;
  /** By id, of everything that is tracked. */
  readonly balances: ReadonlyMap<
    string,
    { readonly currency: string; readonly balance: number; readonly amountPaid?: number }
  >;
  readonly suspense: readonly Suspended[];
  readonly totals: readonly {
    readonly currency: string;
    readonly owed: number;
    readonly credit: number;
    readonly net: number;
  }[];
}

interface Obligation {
  readonly object: ApiObject;
  balance: number | undefined;
  paid: number;
}

const begin = (object: ApiObject): Obligation => ({
  object,
  balance: object.object === "bill" ? undefined : object.balance,
  paid: object.amount_paid ?? 0,
});

const remaining = ({ object, paid }: Obligation): number =>
  Math.max(0, (object.amount_due ?? 0) - paid);

const breaksARule = (obligation: Obligation, amount: number): boolean => {
  const { payment_rules: rules, object } = obligation.object;
  if (rules === undefined) return true;
  if (amount > rules.max_amount) return true;
  const owed = object === "bill" ? remaining(obligation) : obligation.balance;
  if (amount < rules.min_amount && amount !== owed) return true;
  if (owed === undefined) return false;
  if (amount < owed && !rules.underpayment_allowed) return true;
  return amount > Math.max(0, owed) && !rules.overpayment_allowed;
};

const pay = (obligation: Obligation, amount: number): void => {
  obligation.paid += amount;
  if (obligation.balance !== undefined) obligation.balance -= amount;
};

/** Why a payment that is new fits nothing. */
const misfit = (obligation: Obligation | undefined, currency: string): string | undefined => {
  if (obligation === undefined) return "unknown_target";
  if (obligation.object.status === "voided") return "bill_voided";
  const kept = obligation.object.currency;
  return kept !== undefined && kept !== currency ? "currency_mismatch" : undefined;
};

export const expectedOf = ({ objects, deliveries }: Month): Expected => {
  const obligations = new Map<string, Obligation>();
  for (const { object } of objects)
    if (object !== undefined) obligations.set(object.id, begin(object));

  const counts = {
    deliveries: deliveries.length,
    applied: 0,
    duplicates: 0,
    rejected: 0,
    suspended: 0,
    ignored: 0,
    flagged: 0,
  };
  const rejections: Record<string, number> = {};
  const suspense: Suspended[] = [];
  /** Of each payment on each target, the sums that were reported. */
  const reported = new Map<string, Set<string>>();

  const receive = ({ paymentId, target, amount, currency }: Payment): void => {
    const sums = reported.get(`${paymentId} ${target}`);
    const sum = `${amount} ${currency}`;
    if (sums?.has(sum) === true) {
      counts.duplicates += 1;
      return;
    }
    const obligation = obligations.get(target);
    const reason = sums === undefined ? misfit(obligation, currency) : "payment_conflict";
    reported.set(`${paymentId} ${target}`, new Set([...(sums ?? []), sum]));
    if (reason !== undefined || obligation === undefined) {
      counts.suspended += 1;
      suspense.push({ payment_id: paymentId, amount, currency, reason: reason ?? "" });
      return;
    }
    counts.applied += 1;
    if (breaksARule(obligation, amount)) counts.flagged += 1;
    pay(obligation, amount);
  };

  const take = ({ meaning }: Delivery): void => {
    if (meaning.kind === "payment") receive(meaning.payment);
    else if (meaning.kind === "ignored") counts.ignored += 1;
    else {
      counts.rejected += 1;
      rejections[meaning.reason] = (rejections[meaning.reason] ?? 0) + 1;
    }
  };
  for (const delivery of deliveries) take(delivery);

  const balances = new Map<string, { currency: string; balance: number; amountPaid?: number }>();
  for (const [id, { object, balance, paid }] of obligations) {
    const { currency = "" } = object;
    if (object.object === "bill") {
      const owed = object.status === "voided" ? 0 : (object.amount_due ?? 0) - paid;
      balances.set(id, { currency, balance: owed, amountPaid: paid });
    } else if (balance !== undefined) balances.set(id, { currency, balance });
  }
  return {
    objects: {
      objects: objects.length,
      created: obligations.size,
      badLines: objects.flatMap(({ object }, at) => (object === undefined ? [at + 1] : [])),
    },
    counts,
    rejections,
    balances,
    suspense,
    totals: totalsOf([...balances.values()]),
  };
};

const totalsOf = (
  balances: readonly { currency: string; balance: number }[],
): Expected["totals"] => {
  const currencies = [...new Set(balances.map(({ currency }) => currency))].sort();
  return currencies.map((currency) => {
    const sums = balances
      .filter((each) => each.currency === currency)
      .map(({ balance }) => balance);
    const add = (signs: readonly number[]): number => signs.reduce((sum, each) => sum + each, 0);
    const owed = add(sums.filter((sum) => sum > 0));
    const net = add(sums);
    return { currency, owed, credit: owed - net, net };
  });
};
