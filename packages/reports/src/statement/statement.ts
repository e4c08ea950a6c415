/**
 * A customer's statement: what was owed before the first day, every movement with the balance after
 * it, and what is owed at the end of the last day, per currency. It covers the customer's own
 * balance, its accounts and its bills. Amounts are minor units.
 *
 * Movements stand in the order in which they were true, and among equals as they were recorded.
 * Issued again as of the same position it is the same to the byte.
 */
import {
  type CalendarDate,
  type CurrencyCode,
  type Customer,
  type EntityKind,
  endOfDay,
  type Instant,
  type Ledger,
  LedgerError,
  type RecordedEvent,
} from "@tallystick/core";
import { type AsOfPair, effectiveUntil, isKnown } from "../as-of/as-of.ts";
import { everyItem } from "../pages.ts";

export interface StatementLine {
  readonly position: number;
  readonly eventId: string;
  readonly effectiveAt: Instant;
  readonly type: RecordedEvent["type"];
  /** What it happened to. */
  readonly kind: EntityKind;
  readonly id: string;
  readonly externalReference: string;
  /** What the event is about; `effect` is what it changed, and 0 where no balance is tracked. */
  readonly amount: number;
  readonly effect: number;
  /** What the customer owes in this currency after it. */
  readonly balance: number;
  readonly note: string;
}

export interface CurrencyStatement {
  readonly currency: CurrencyCode;
  readonly opening: number;
  readonly lines: readonly StatementLine[];
  /** Σ of the effects above 0, and of those below 0 as a positive sum. */
  readonly raised: number;
  readonly lowered: number;
  /** `opening` + `raised` − `lowered`. */
  readonly closing: number;
}

export interface Statement {
  readonly customer: Pick<Customer, "id" | "externalReference">;
  /** Both days are included; undefined where there is no bound. */
  readonly from: CalendarDate | undefined;
  readonly to: CalendarDate | undefined;
  readonly data: readonly CurrencyStatement[];
}

export type StatementSource = Pick<
  Ledger,
  "retrieveCustomer" | "listAccounts" | "listBills" | "history"
>;

/** What the customer would recognise it by. What rules it broke, and whose a payment was, is the merchant's own matter. */
const noteOf = ({ type, data }: RecordedEvent): string =>
  [
    "paymentId" in data ? data.paymentId : undefined,
    "reason" in data && type !== "obligation.application_undone" ? data.reason : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(": ");

interface Movement {
  readonly event: RecordedEvent;
  readonly of: Pick<StatementLine, "kind" | "id" | "externalReference">;
  readonly currency: CurrencyCode;
  readonly amount: number;
  readonly effect: number;
}

async function* objectsOf(ledger: StatementSource, customer: Customer) {
  yield customer;
  yield* everyItem((page) => ledger.listAccounts({ customer: customer.id, ...page }));
  yield* everyItem((page) => ledger.listBills({ customer: customer.id, ...page }));
}

const inOrder = (a: Movement, b: Movement): number =>
  a.event.effectiveAt === b.event.effectiveAt
    ? a.event.position - b.event.position
    : a.event.effectiveAt < b.event.effectiveAt
      ? -1
      : 1;

const movementsOf = async (
  ledger: StatementSource,
  customer: Customer,
  known: AsOfPair["known"],
): Promise<Movement[]> => {
  const movements: Movement[] = [];
  for await (const { object: kind, id, externalReference } of objectsOf(ledger, customer))
    for await (const event of ledger.history({ [kind]: id })) {
      const { data } = event;
      if (!isKnown(event, { known })) break;
      if (!("effect" in data) || !("currency" in data)) continue;
      // What is not tracked has an effect of 0 and stays, as the money did move.
      if (data.amount === 0 && data.effect === 0) continue;
      const { currency, amount, effect } = data;
      movements.push({ event, of: { kind, id, externalReference }, currency, amount, effect });
    }
  return movements.sort(inOrder);
};

const exact = (sum: number, customer: Customer): number => {
  if (Number.isSafeInteger(sum)) return sum;
  const { id } = customer;
  throw new LedgerError("AMOUNT_OUT_OF_RANGE", `the statement of ${id} comes to more than 2^53`, {
    detail: { id },
  });
};

const currencyStatement = (
  customer: Customer,
  currency: CurrencyCode,
  movements: readonly Movement[],
  afterInstant: Instant | undefined,
): CurrencyStatement => {
  let [opening, raised, lowered] = [0, 0, 0];
  const lines: StatementLine[] = [];
  for (const { event, of, amount, effect } of movements) {
    if (afterInstant !== undefined && event.effectiveAt <= afterInstant) {
      opening = exact(opening + effect, customer);
      continue;
    }
    if (effect > 0) raised = exact(raised + effect, customer);
    else lowered = exact(lowered - effect, customer);
    const balance = exact(opening + raised - lowered, customer);
    const { position, id: eventId, effectiveAt, type } = event;
    const note = noteOf(event);
    lines.push({ position, eventId, effectiveAt, type, ...of, amount, effect, balance, note });
  }
  return { currency, opening, lines, raised, lowered, closing: opening + raised - lowered };
};

/** The day before a date. */
const dayBefore = (date: CalendarDate): CalendarDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** `customer` is an id or an external reference. `NOT_FOUND`. */
export const statementOf = async (
  ledger: StatementSource,
  name: string,
  asOf: AsOfPair,
  {
    from,
    to,
  }: { readonly from?: CalendarDate | undefined; readonly to?: CalendarDate | undefined },
): Promise<Statement> => {
  const { timeZone, known } = asOf;
  const customer = await ledger.retrieveCustomer(name);
  const ends = [effectiveUntil(asOf), to === undefined ? undefined : endOfDay(to, timeZone)];
  const counted = (await movementsOf(ledger, customer, known)).filter(({ event }) =>
    ends.every((end) => end === undefined || event.effectiveAt <= end),
  );
  const after = from === undefined ? undefined : endOfDay(dayBefore(from), timeZone);
  const currencies = [...new Set(counted.map(({ currency }) => currency))].sort();
  const data = currencies.map((currency) =>
    currencyStatement(
      customer,
      currency,
      counted.filter((movement) => movement.currency === currency),
      after,
    ),
  );
  const { id, externalReference } = customer;
  return { customer: { id, externalReference }, from, to, data };
};
