/**
 * The ledger's side: every payment that arrived, applied or in suspense, and every one that was taken
 * back, recognised by when it was true. A payment that came out of suspense counts once, when it came.
 *
 * Memory: the movements of the periods, and the names of customers, accounts and bills.
 */
import { dateOfInstant, type RecordedEvent } from "@tallystick/core";
import { type AsOfPair, type EventSource, effectiveUntil, knownEvents } from "../as-of/as-of.ts";
import { SharedTexts } from "../as-of/shared-texts.ts";
import { type AcceptedMatch, StandingMatches } from "./accepted.ts";
import { isWithin, type LedgerItem, type Period } from "./sides.ts";

type Item = Omit<LedgerItem, "at" | "date" | "taken" | "position">;

const ownerOf = (streamId: string): string => streamId.slice(streamId.indexOf("/") + 1);

const itemOf = ({ type, data, streamId }: RecordedEvent): Item | undefined => {
  switch (type) {
    case "obligation.amount_applied": {
      if (data.suspendedFor !== undefined) return undefined;
      const { paymentId, currency, amount } = data;
      return { kind: "payment", paymentId, owner: ownerOf(streamId), currency, amount };
    }
    case "obligation.application_reversed": {
      const { paymentId, currency, amount } = data;
      return { kind: "refund", paymentId, owner: ownerOf(streamId), currency, amount };
    }
    case "payment.suspended": {
      if (data.reasonBefore !== undefined) return undefined;
      const { paymentId, target, currency, amount, reason } = data;
      return { kind: "payment", paymentId, owner: target.name, currency, amount, suspense: reason };
    }
    default:
      return undefined;
  }
};

/** Who an owner is called, itself and those above it: ids and external references. */
export class Names {
  readonly #known = new Map<
    string,
    { readonly id: string; readonly reference: string; readonly above: readonly string[] }
  >();
  readonly #references = new Set<string>();

  learn({ type, data }: RecordedEvent): void {
    if (type === "customer.created") this.#add(data.customerId, data.externalReference, []);
    else if (type === "account.created")
      this.#add(data.accountId, data.externalReference, [data.customerId]);
    else if (type === "bill.created")
      this.#add(
        data.billId,
        data.externalReference,
        data.accountId === undefined ? [data.customerId] : [data.accountId, data.customerId],
      );
  }

  #add(id: string, reference: string, above: readonly string[]): void {
    this.#known.set(id, { id, reference, above: above.map((each) => this.own(each)) });
    this.#references.add(reference);
  }

  /** The id as its owner has it, so that many movements of one owner share one text. */
  own(id: string): string {
    return this.#known.get(id)?.id ?? id;
  }

  /** Whether the ledger knows anything by this name. */
  knows(name: string): boolean {
    return this.#known.has(name) || this.#references.has(name);
  }

  /** The names that a payment for `owner` may go by. */
  of(owner: string): string[] {
    const known = this.#known.get(owner);
    if (known === undefined) return [owner];
    return [owner, ...known.above].flatMap((id) => {
      const reference = this.#known.get(id)?.reference;
      return reference === undefined ? [id] : [id, reference];
    });
  }
}

/** Finds the movements among the events of a book, in recorded order, and learns the names on the way. */
class Movements {
  readonly names = new Names();
  readonly #texts = new SharedTexts();
  readonly #timeZone: string;

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  /** The movement that an event is, if it is one. */
  of(event: RecordedEvent): LedgerItem | undefined {
    this.names.learn(event);
    const item = itemOf(event);
    if (item === undefined) return undefined;
    const { position, effectiveAt: at } = event;
    return {
      position,
      ...item,
      owner: this.names.own(item.owner),
      currency: this.#texts.of(item.currency),
      at,
      date: this.#texts.of(dateOfInstant(at, this.#timeZone)),
      taken: false,
    };
  }
}

/** The movements of a book, in recorded order. */
export async function* ledgerItems(
  source: EventSource,
  asOf: AsOfPair,
): AsyncGenerator<LedgerItem, void, undefined> {
  const until = effectiveUntil(asOf);
  const movements = new Movements(asOf.timeZone);
  for await (const event of knownEvents(source, asOf)) {
    const item = movements.of(event);
    if (item !== undefined && !(until !== undefined && item.at > until)) yield item;
  }
}

export interface LedgerSide {
  /** The movements within the periods. */
  readonly items: LedgerItem[];
  /** The names that they go by. */
  readonly names: Names;
  /** The matches that were accepted and stand. */
  readonly matches: readonly AcceptedMatch[];
}

export const ledgerSide = async (
  source: EventSource,
  asOf: AsOfPair,
  periods: readonly Period[],
): Promise<LedgerSide> => {
  const until = effectiveUntil(asOf);
  const movements = new Movements(asOf.timeZone);
  const matches = new StandingMatches();
  const items: LedgerItem[] = [];
  for await (const event of knownEvents(source, asOf)) {
    const item = movements.of(event);
    if (until !== undefined && event.effectiveAt > until) continue;
    matches.learn(event);
    if (item !== undefined && isWithin(item.date, periods)) items.push(item);
  }
  return { items, names: movements.names, matches: matches.list() };
};
