/**
 * The payments that a book holds, counted from its events: what was applied, and how much of that
 * broke a rule of its obligation. A payment that has happened is recorded all the same.
 *
 * It says what stands in the book, whoever reported it and however often.
 */
import type { CurrencyCode, Ledger, Violation } from "@tallystick/core";

export interface PaymentsReport {
  /** Applications of payments to obligations. */
  readonly applied: number;
  /** Of these, how many broke at least one rule. */
  readonly flagged: number;
  /** How many broke each rule; one application may break several. The most frequent first. */
  readonly violations: readonly { readonly violation: Violation; readonly count: number }[];
  /** Σ of what was applied, by currency. */
  readonly sums: readonly { readonly currency: CurrencyCode; readonly amount: bigint }[];
}

export const paymentsReport = async (ledger: Pick<Ledger, "events">): Promise<PaymentsReport> => {
  const counts = new Map<Violation, number>();
  const sums = new Map<CurrencyCode, bigint>();
  let [applied, flagged] = [0, 0];
  for await (const event of ledger.events()) {
    if (event.type !== "obligation.amount_applied") continue;
    const { currency, amount, violations = [] } = event.data;
    applied += 1;
    sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amount));
    if (violations.length > 0) flagged += 1;
    for (const violation of violations) counts.set(violation, (counts.get(violation) ?? 0) + 1);
  }
  return {
    applied,
    flagged,
    violations: [...counts]
      .map(([violation, count]) => ({ violation, count }))
      .sort((a, b) => b.count - a.count || (a.violation < b.violation ? -1 : 1)),
    sums: [...sums]
      .map(([currency, amount]) => ({ currency, amount }))
      .sort((a, b) => (a.currency < b.currency ? -1 : 1)),
  };
};
