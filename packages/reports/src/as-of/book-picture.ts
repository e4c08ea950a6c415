/**
 * A book as of a pair of times: every obligation with Σ `effect` of the events that count, and what
 * lay in suspense. Sums are exact, or refused with `AMOUNT_OUT_OF_RANGE` beyond ±2^53.
 *
 * Memory grows with obligations and with sums that ever lay in suspense, not with what happened to them.
 */
import {
  type CalendarDate,
  type CurrencyCode,
  type EntityKind,
  type Instant,
  LedgerError,
  type RecordedEvent,
  type SuspendedPayment,
  type SuspenseReason,
} from "@tallystick/core";
import {
  type AsOfPair,
  type EventSource,
  effectiveUntil,
  type Known,
  knownEvents,
} from "./as-of.ts";
import { SharedTexts } from "./shared-texts.ts";

/** What a bill has come to beside its balance. */
interface BillPicture {
  /** 0 where the bill itself was not effective yet. */
  amountDue: number;
  amountPaid: number;
  /** What was paid after the last known event, effective or not: a running total in recorded order. */
  paidInAll: number;
  voided: boolean;
  readonly dueDate: CalendarDate | undefined;
}

export interface ObligationPicture {
  readonly kind: EntityKind;
  readonly id: string;
  readonly externalReference: string;
  readonly customerId: string;
  readonly accountId: string | undefined;
  /** The currency that it is kept in; undefined until a balance is given. */
  currency: CurrencyCode | undefined;
  /** Minor units owed, for each currency that was tracked. */
  balances: readonly { readonly currency: CurrencyCode; balance: number }[];
  readonly bill: BillPicture | undefined;
}

/** One sum that lay in suspense. */
interface SuspendedSum {
  readonly paymentId: string;
  readonly currency: CurrencyCode;
  /** Minor units; below 0 only where it had left, by the effective date, before it came. */
  readonly amount: number;
  readonly reason: SuspenseReason;
  readonly target: { readonly kind: EntityKind; readonly name: string };
  /** When the money moved. */
  readonly effectiveAt: Instant;
  /** It had been matched there, which was undone; with why. Of several, the last one. */
  readonly undone?: NonNullable<SuspendedPayment["undone"]>;
}

export interface BookPicture {
  /** By id, in order of creation. */
  readonly obligations: ReadonlyMap<string, ObligationPicture>;
  readonly suspense: readonly SuspendedSum[];
  /** The last event that was known. */
  readonly known: Known | undefined;
}

type Created = Extract<
  RecordedEvent,
  { readonly type: "customer.created" | "account.created" | "bill.created" }
>;

/** Of every obligation before a balance is given. */
const noBalances: ObligationPicture["balances"] = [];

/** `own` gives the text that the owner itself has as its id, `share` one for all that are equal. */
const obligationOf = (
  event: Created,
  own: (id: string) => string,
  share: (text: string) => string,
): ObligationPicture => {
  const { type, data } = event;
  const [kind, id] =
    type === "customer.created"
      ? (["customer", data.customerId] as const)
      : type === "account.created"
        ? (["account", data.accountId] as const)
        : (["bill", data.billId] as const);
  const accountId = "accountId" in data ? data.accountId : undefined;
  const dueDate = "dueDate" in data && data.dueDate !== undefined ? share(data.dueDate) : undefined;
  return {
    kind,
    id,
    externalReference: data.externalReference,
    customerId: own(data.customerId),
    accountId: accountId === undefined ? undefined : own(accountId),
    currency: undefined,
    balances: noBalances,
    bill:
      type === "bill.created"
        ? { amountDue: 0, amountPaid: 0, paidInAll: 0, voided: false, dueDate }
        : undefined,
  };
};

const exactSum = (id: string, before: number, change: number): number => {
  const sum = before + change;
  if (Number.isSafeInteger(sum)) return sum;
  throw new LedgerError("AMOUNT_OUT_OF_RANGE", `${id} as of then comes to more than 2^53`, {
    detail: { id },
  });
};

/** Folds events one by one; those that are not effective tell names only. */
class Folding {
  readonly obligations = new Map<string, ObligationPicture>();
  /** What left is kept at 0: it may come back to its place, when its match is undone. */
  readonly #suspense = new Map<string, SuspendedSum>();
  readonly #texts = new SharedTexts();

  add(event: RecordedEvent, isEffective: boolean): void {
    switch (event.type) {
      case "customer.created":
      case "account.created":
      case "bill.created": {
        const obligation = obligationOf(
          event,
          (id) => this.obligations.get(id)?.id ?? id,
          (text) => this.#texts.of(text),
        );
        this.obligations.set(obligation.id, obligation);
        return;
      }
      case "payment.suspended":
      case "payment.matched":
      case "payment.match_undone":
        if (isEffective) this.#suspend(event);
        return;
      case "customer.updated":
      case "account.updated":
      case "bill.updated":
      case "obligation.payment_rules_set":
      case "reconciliation.match_accepted":
      case "reconciliation.acceptance_undone":
        return;
      default:
        this.#change(event, isEffective);
    }
  }

  get suspense(): readonly SuspendedSum[] {
    return [...this.#suspense.values()].filter(({ amount }) => amount !== 0);
  }

  #change(
    event: Extract<RecordedEvent, { readonly data: { readonly effect: number } }>,
    isEffective: boolean,
  ): void {
    if (event.type === "obligation.payment_rules_set") return;
    const { type, streamId, data } = event;
    const id = streamId.slice(streamId.indexOf("/") + 1);
    const obligation = this.obligations.get(id);
    if (obligation === undefined) return;
    const { bill, balances } = obligation;
    if (bill !== undefined && data.amountPaidAfter !== undefined) {
      const paid = data.amountPaidAfter - bill.paidInAll;
      bill.paidInAll = data.amountPaidAfter;
      if (isEffective) bill.amountPaid = exactSum(id, bill.amountPaid, paid);
    }
    if (!isEffective || data.balanceAfter === undefined) return;
    const currency = this.#texts.of(data.currency);
    const kept = balances.find((each) => each.currency === currency);
    // An array that grows, or that others are spread into, has room for many more; there is one each.
    if (kept === undefined)
      obligation.balances = balances.concat({ currency, balance: data.effect });
    else kept.balance = exactSum(id, kept.balance, data.effect);
    if (type === "obligation.opened" || type === "obligation.balance_asserted")
      obligation.currency = currency;
    obligation.currency ??= currency;
    if (bill !== undefined && type === "obligation.opened") bill.amountDue = data.amount;
    if (bill !== undefined && type === "bill.voided") bill.voided = true;
  }

  #suspend(
    event: Extract<
      RecordedEvent,
      { readonly type: "payment.suspended" | "payment.matched" | "payment.match_undone" }
    >,
  ): void {
    const { type, data } = event;
    const { paymentId, target, currency, amount } = data;
    const key = [paymentId, target.kind, target.name, currency, amount].join("\n");
    const known = this.#suspense.get(key);
    if (type === "payment.suspended" && data.reasonBefore !== undefined) {
      if (known !== undefined) this.#suspense.set(key, { ...known, reason: data.reason });
      return;
    }
    const sum = (known?.amount ?? 0) + (type === "payment.matched" ? -amount : amount);
    const undone =
      type === "payment.match_undone" ? { ...data.matchedTo, note: data.note } : known?.undone;
    this.#suspense.set(key, {
      paymentId,
      currency,
      amount: sum,
      reason: type === "payment.matched" ? (known?.reason ?? "unknown_target") : data.reason,
      target,
      effectiveAt: known?.effectiveAt ?? event.effectiveAt,
      ...(undone === undefined ? {} : { undone }),
    });
  }
}

/** The book as of then. */
export const bookPicture = async (source: EventSource, asOf: AsOfPair): Promise<BookPicture> => {
  const until = effectiveUntil(asOf);
  const folding = new Folding();
  let last: RecordedEvent | undefined;
  for await (const event of knownEvents(source, asOf)) {
    folding.add(event, until === undefined || event.effectiveAt <= until);
    last = event;
  }
  return {
    obligations: folding.obligations,
    suspense: folding.suspense,
    known:
      last === undefined ? undefined : { position: last.position, recordedAt: last.recordedAt },
  };
};

const kindOrder: readonly EntityKind[] = ["customer", "account", "bill"];

/** Customers, then accounts, then bills, each in order of creation. */
export function* inListOrder({
  obligations,
}: BookPicture): Generator<ObligationPicture, void, undefined> {
  for (const kind of kindOrder)
    for (const obligation of obligations.values()) if (obligation.kind === kind) yield obligation;
}
