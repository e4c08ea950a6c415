/** What was owed in all at the end of each day on which it changed, by when things were true. */
import type { CalendarDate, CurrencyCode } from "@tallystick/core";

export interface ReceivableDay {
  readonly currency: CurrencyCode;
  readonly date: CalendarDate;
  /** Minor units; below 0 where more is held in credit than is owed. */
  readonly balance: bigint;
}

/** Adds changes up by day. Memory: the days. */
export class ReceivableDays {
  readonly #changes = new Map<CurrencyCode, Map<CalendarDate, bigint>>();

  add(currency: CurrencyCode, date: CalendarDate, amount: number): void {
    const days = this.#changes.get(currency) ?? new Map<CalendarDate, bigint>();
    this.#changes.set(currency, days);
    days.set(date, (days.get(date) ?? 0n) + BigInt(amount));
  }

  /** By currency, then by day. */
  list(): ReceivableDay[] {
    return [...this.#changes.keys()].sort().flatMap((currency) => {
      let balance = 0n;
      return [...(this.#changes.get(currency) ?? [])]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([date, change]) => {
          balance += change;
          return { currency, date, balance };
        });
    });
  }
}
