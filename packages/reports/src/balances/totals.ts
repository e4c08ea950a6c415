/**
 * Sums of balances per currency. They are bigints: a book may come to more than 2^53 minor units,
 * where a `number` would begin to round.
 */
import type { CurrencyCode } from "@tallystick/core";

/** What is owed and what is held in credit, in one currency. */
export interface CurrencyTotal {
  readonly currency: CurrencyCode;
  /** Σ of the balances above 0. */
  readonly owed: bigint;
  /** Σ of the balances below 0, as a positive sum. */
  readonly credit: bigint;
  /** `owed` − `credit`. */
  readonly net: bigint;
}

/** The same for one customer or account, everything below it included. */
export interface OwnerTotal extends CurrencyTotal {
  readonly id: string;
  readonly externalReference: string;
}

/** Adds balances up by currency. */
export class Totals {
  readonly #sums = new Map<CurrencyCode, { owed: bigint; credit: bigint }>();

  add(currency: CurrencyCode, balance: number): void {
    let sums = this.#sums.get(currency);
    if (sums === undefined) {
      sums = { owed: 0n, credit: 0n };
      this.#sums.set(currency, sums);
    }
    if (balance > 0) sums.owed += BigInt(balance);
    else sums.credit -= BigInt(balance);
  }

  /** One entry for each currency that was added to, by code. */
  list(): CurrencyTotal[] {
    return [...this.#sums]
      .map(([currency, { owed, credit }]) => ({ currency, owed, credit, net: owed - credit }))
      .sort((a, b) => (a.currency < b.currency ? -1 : 1));
  }
}

/** Adds balances up by owner and currency. */
export class OwnerTotals {
  readonly #owners = new Map<
    string,
    { readonly externalReference: string; readonly totals: Totals }
  >();

  /** An owner has to be named before anything is added to it. */
  name(id: string, externalReference: string): void {
    if (!this.#owners.has(id)) this.#owners.set(id, { externalReference, totals: new Totals() });
  }

  add(id: string, currency: CurrencyCode, balance: number): void {
    this.#owners.get(id)?.totals.add(currency, balance);
  }

  /** Owners in the order in which they were named, each by currency. */
  list(): OwnerTotal[] {
    return [...this.#owners].flatMap(([id, { externalReference, totals }]) =>
      totals.list().map((total) => ({ id, externalReference, ...total })),
    );
  }
}
