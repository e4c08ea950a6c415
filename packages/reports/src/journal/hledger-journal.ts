/**
 * The journal for hledger: accounts and commodities are declared, every entry balances, and the last
 * transaction asserts what every account comes to, so that `hledger check --strict` proves the
 * balances as well. Nothing that people wrote is in it.
 */
import { currencyExponent } from "@tallystick/core";
import type { AsOfPair, EventSource } from "../as-of/as-of.ts";
import { amountWithCurrency, hledgerAccount } from "./chart.ts";
import { journalEntries, journalSums } from "./journal-entries.ts";

/** How many decimals a commodity has is told by a sample; its decimal mark is never left out. */
const commoditySample = (currency: string): string => {
  const exponent = currencyExponent(currency) ?? 0;
  return `1000.${"0".repeat(exponent)} ${currency}`;
};

export async function* hledgerJournal(
  source: EventSource,
  asOf: AsOfPair,
): AsyncGenerator<string, void, undefined> {
  const { accounts, to } = await journalSums(source, asOf);
  for (const currency of [...new Set(accounts.map((account) => account.currency))].sort())
    yield `commodity ${commoditySample(currency)}\n`;
  for (const name of [...new Set(accounts.map(hledgerAccount))].sort()) yield `account ${name}\n`;
  for await (const { date, type, position, eventId, paymentId, postings } of journalEntries(
    source,
    asOf,
  )) {
    const payment = paymentId === undefined ? "" : `, payment:${paymentId}`;
    yield `\n${date} * ${type}  ; position:${position}, event:${eventId}${payment}\n`;
    for (const posting of postings)
      yield `    ${hledgerAccount(posting)}  ${amountWithCurrency(posting.amount, posting.currency)}\n`;
  }
  if (to === undefined) return;
  yield `\n${to} * what the accounts come to\n`;
  for (const account of accounts) {
    const { currency, sum } = account;
    const [none, all] = [0, sum].map((amount) => amountWithCurrency(amount, currency));
    yield `    ${hledgerAccount(account)}  ${none} = ${all}\n`;
  }
}
