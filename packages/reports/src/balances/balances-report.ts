/**
 * The balances of a book: what every obligation owes, and the same added up from bill and account to
 * customer to book, per currency. Money in suspense is outside of it.
 *
 * Memory grows with the number of obligations, not with what happened to them.
 */
import type { CurrencyCode } from "@tallystick/core";
import { type BalanceRow, everyObligation, type ObligationLists, rowsOf } from "./balance-rows.ts";
import { type CurrencyTotal, type OwnerTotal, OwnerTotals, Totals } from "./totals.ts";

export interface BalancesReport {
  /** Customers, then accounts, then bills, each in order of creation. */
  readonly data: readonly BalanceRow[];
  /** The whole book, by currency. */
  readonly totals: readonly CurrencyTotal[];
  /** Each customer with its accounts and bills; those that have nothing tracked are left out. */
  readonly customers: readonly OwnerTotal[];
  /** Each account with its bills; those that have nothing tracked are left out. */
  readonly accounts: readonly OwnerTotal[];
}

export const balancesReport = async (ledger: ObligationLists): Promise<BalancesReport> => {
  const data: BalanceRow[] = [];
  const totals = new Totals();
  const customers = new OwnerTotals();
  const accounts = new OwnerTotals();
  for await (const entity of everyObligation(ledger)) {
    if (entity.object === "customer") customers.name(entity.id, entity.externalReference);
    if (entity.object === "account") accounts.name(entity.id, entity.externalReference);
    for (const row of rowsOf(entity)) {
      data.push(row);
      totals.add(row.currency, row.balance);
      customers.add(row.customerId, row.currency, row.balance);
      if (row.accountId !== undefined) accounts.add(row.accountId, row.currency, row.balance);
    }
  }
  return { data, totals: totals.list(), customers: customers.list(), accounts: accounts.list() };
};

/** The customers who owe most in a currency, by what they owe less their credit; at most `count`. */
export const owesMost = (
  { customers }: Pick<BalancesReport, "customers">,
  currency: CurrencyCode,
  count: number,
): OwnerTotal[] =>
  customers
    .filter((total) => total.currency === currency && total.net > 0n)
    .sort((a, b) => (a.net === b.net ? (a.id < b.id ? -1 : 1) : a.net > b.net ? -1 : 1))
    .slice(0, count);
