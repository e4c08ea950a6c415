/**
 * The journal for beancount: accounts are opened, every entry balances, and the last lines assert what
 * every account comes to, so that `bean-check` proves the balances as well. Nothing that people wrote
 * is in it.
 */
import type { CalendarDate } from "@tallystick/core";
import type { AsOfPair, EventSource } from "../as-of/as-of.ts";
import { amountWithCurrency, beancountAccount } from "./chart.ts";
import { journalEntries, journalSums } from "./journal-entries.ts";

/** Beancount asserts a balance as of the beginning of a day. */
const dayAfter = (date: CalendarDate): CalendarDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

export async function* beancountJournal(
  source: EventSource,
  asOf: AsOfPair,
): AsyncGenerator<string, void, undefined> {
  const { accounts, from, to } = await journalSums(source, asOf);
  yield 'option "title" "Tallystick"\n';
  if (from === undefined || to === undefined) return;
  for (const currency of [...new Set(accounts.map((account) => account.currency))].sort())
    yield `option "operating_currency" "${currency}"\n`;
  yield "\n";
  for (const name of [...new Set(accounts.map(beancountAccount))].sort())
    yield `${from} open ${name}\n`;
  for await (const { date, type, position, eventId, paymentId, postings } of journalEntries(
    source,
    asOf,
  )) {
    yield `\n${date} * "${type}"\n  position: ${position}\n  event: "${eventId}"\n`;
    if (paymentId !== undefined) yield `  payment: "${paymentId}"\n`;
    for (const posting of postings)
      yield `  ${beancountAccount(posting)}  ${amountWithCurrency(posting.amount, posting.currency)}\n`;
  }
  yield "\n";
  for (const account of accounts)
    yield `${dayAfter(to)} balance ${beancountAccount(account)}  ${amountWithCurrency(account.sum, account.currency)}\n`;
}
