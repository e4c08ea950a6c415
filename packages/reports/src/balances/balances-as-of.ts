/** The balances of a book as of a pair of times: the same report as of now, from the events that count. */
import type { AsOfPair, EventSource } from "../as-of/as-of.ts";
import { bookPicture, inListOrder, type ObligationPicture } from "../as-of/book-picture.ts";
import type { BalanceRow } from "./balance-rows.ts";
import type { BalancesReport } from "./balances-report.ts";
import { OwnerTotals, Totals } from "./totals.ts";

type Amounts = Pick<BalanceRow, "amountDue" | "amountPaid" | "amountRemaining" | "status">;

const billAmounts = ({ bill }: ObligationPicture): Amounts => {
  if (bill === undefined) return {};
  const { amountDue, amountPaid, voided } = bill;
  const amountRemaining = Math.max(0, amountDue - amountPaid);
  const status = voided ? "voided" : amountRemaining === 0 ? "paid" : "unpaid";
  return { amountDue, amountPaid, amountRemaining, status };
};

/** Its rows: none while untracked, one, or one for each currency that has a sum left. */
const rowsOfPicture = (obligation: ObligationPicture): BalanceRow[] => {
  const { kind, id, externalReference, customerId, accountId, currency } = obligation;
  const common = {
    id,
    kind: kind === "bill" ? ("bill" as const) : (`${kind}_balance` as const),
    externalReference,
    customerId,
    ...(accountId === undefined ? {} : { accountId }),
  };
  const present = obligation.balances.filter((each) => each.currency === currency);
  const left = obligation.balances
    .filter((each) => each.currency !== currency && each.balance !== 0)
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
  return [
    ...present.map((each) => ({ ...common, ...each, ...billAmounts(obligation) })),
    ...left.map((each) => ({ ...common, ...each })),
  ];
};

export const balancesAsOf = async (
  source: EventSource,
  asOf: AsOfPair,
): Promise<BalancesReport> => {
  const picture = await bookPicture(source, asOf);
  const data: BalanceRow[] = [];
  const totals = new Totals();
  const customers = new OwnerTotals();
  const accounts = new OwnerTotals();
  for (const obligation of inListOrder(picture)) {
    const { kind, id, externalReference } = obligation;
    if (kind === "customer") customers.name(id, externalReference);
    if (kind === "account") accounts.name(id, externalReference);
    for (const row of rowsOfPicture(obligation)) {
      data.push(row);
      totals.add(row.currency, row.balance);
      customers.add(row.customerId, row.currency, row.balance);
      if (row.accountId !== undefined) accounts.add(row.accountId, row.currency, row.balance);
    }
  }
  return { data, totals: totals.list(), customers: customers.list(), accounts: accounts.list() };
};
