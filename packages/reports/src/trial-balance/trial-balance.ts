/**
 * The trial balance: what every account of the double-entry reading comes to, in debit or in credit.
 * Per currency both sides are equal. The receivables, less what is in credit, are the net of
 * `balances` as of the same times.
 */
import { type CurrencyCode, dateOfInstant } from "@tallystick/core";
import { type AccountName, accountClasses, postingsOf } from "../accounts/postings.ts";
import {
  type AsOfPair,
  type EventSource,
  effectiveUntil,
  type Known,
  knownEvents,
} from "../as-of/as-of.ts";
import { type ReceivableDay, ReceivableDays } from "./receivable-days.ts";

export interface TrialBalanceRow {
  readonly account: AccountName;
  readonly class: (typeof accountClasses)[AccountName];
  readonly currency: CurrencyCode;
  /** Minor units; one of the two is 0. */
  readonly debit: bigint;
  readonly credit: bigint;
}

export interface TrialBalance {
  readonly known: Known | undefined;
  /** By currency, then in the order of the chart of accounts; accounts that were never moved are left out. */
  readonly data: readonly TrialBalanceRow[];
  readonly totals: readonly {
    readonly currency: CurrencyCode;
    readonly debit: bigint;
    readonly credit: bigint;
    /** Whether debit = credit. */
    readonly balanced: boolean;
  }[];
  /** The receivables over time. */
  readonly receivable: readonly ReceivableDay[];
}

const accountNames = Object.keys(accountClasses) as readonly AccountName[];

export const trialBalance = async (source: EventSource, asOf: AsOfPair): Promise<TrialBalance> => {
  const until = effectiveUntil(asOf);
  const sums = new Map<CurrencyCode, Map<AccountName, bigint>>();
  const days = new ReceivableDays();
  let known: Known | undefined;
  for await (const event of knownEvents(source, asOf)) {
    known = { position: event.position, recordedAt: event.recordedAt };
    if (until !== undefined && event.effectiveAt > until) continue;
    for (const { account, currency, amount } of postingsOf(event)) {
      const accounts = sums.get(currency) ?? new Map<AccountName, bigint>();
      sums.set(currency, accounts);
      accounts.set(account, (accounts.get(account) ?? 0n) + BigInt(amount));
      if (account === "receivable")
        days.add(currency, dateOfInstant(event.effectiveAt, asOf.timeZone), amount);
    }
  }
  const currencies = [...sums.keys()].sort();
  const data = currencies.flatMap((currency) =>
    accountNames.flatMap((account): TrialBalanceRow[] => {
      const sum = sums.get(currency)?.get(account);
      if (sum === undefined) return [];
      const [debit, credit] = sum > 0n ? [sum, 0n] : [0n, -sum];
      return [{ account, class: accountClasses[account], currency, debit, credit }];
    }),
  );
  const totals = currencies.map((currency) => {
    const own = data.filter((row) => row.currency === currency);
    const debit = own.reduce((sum, row) => sum + row.debit, 0n);
    const credit = own.reduce((sum, row) => sum + row.credit, 0n);
    return { currency, debit, credit, balanced: debit === credit };
  });
  return { known, data, totals, receivable: days.list() };
};
