/**
 * What every obligation of a book owes, one row an obligation and currency: a customer's balance, an
 * account's, a bill. Amounts are minor units of the row's currency; positive is owed by the customer,
 * negative is credit.
 *
 * An obligation that no balance was ever given for is left out. One that has a sum left in another
 * currency than its present one gets a further row for each. A bill's balance is signed, so an
 * overpaid bill is credit; a voided bill's is 0.
 */
import type {
  Account,
  Bill,
  CurrencyCode,
  Customer,
  Entity,
  Ledger,
  ObligationKind,
} from "@tallystick/core";
import { everyItem } from "../pages.ts";

export interface BalanceRow {
  /** Of the customer, account or bill. */
  readonly id: string;
  readonly kind: ObligationKind;
  readonly externalReference: string;
  /** Whose it is; a customer's own id on the customer's row. */
  readonly customerId: string;
  /** The account that a bill belongs to; an account's own id on the account's row. */
  readonly accountId?: string;
  readonly currency: CurrencyCode;
  readonly balance: number;
  /** This and what follows: bills only, in the bill's own currency. */
  readonly amountDue?: number;
  readonly amountPaid?: number;
  readonly amountRemaining?: number;
  readonly status?: Bill["status"];
}

/** The part of a ledger that lists obligations. */
export type ObligationLists = Pick<Ledger, "listCustomers" | "listAccounts" | "listBills">;

const customerId = (entity: Entity): string =>
  entity.object === "customer" ? entity.id : entity.customerId;

const accountId = (entity: Account | Bill): { readonly accountId?: string } => {
  const id = entity.object === "account" ? entity.id : entity.accountId;
  return id === undefined ? {} : { accountId: id };
};

const kindOf = ({ object }: Entity): ObligationKind =>
  object === "bill" ? "bill" : `${object}_balance`;

/** Its rows: none while untracked, one, or one for each currency that has a sum left. */
export const rowsOf = (entity: Entity): BalanceRow[] => {
  const common = {
    id: entity.id,
    kind: kindOf(entity),
    externalReference: entity.externalReference,
    customerId: customerId(entity),
    ...(entity.object === "customer" ? {} : accountId(entity)),
  };
  const rows: BalanceRow[] = [];
  if (entity.object === "bill") {
    const { currency, balance, amountDue, amountPaid, amountRemaining, status } = entity;
    rows.push({ ...common, currency, balance, amountDue, amountPaid, amountRemaining, status });
  } else if (entity.balance !== undefined && entity.currency !== undefined)
    rows.push({ ...common, currency: entity.currency, balance: entity.balance });
  for (const { currency, balance } of entity.otherBalances ?? [])
    rows.push({ ...common, currency, balance });
  return rows;
};

/** Every customer, then every account, then every bill, each in order of creation. */
export async function* everyObligation(
  ledger: ObligationLists,
): AsyncGenerator<Customer | Account | Bill, void, undefined> {
  yield* everyItem((page) => ledger.listCustomers(page));
  yield* everyItem((page) => ledger.listAccounts(page));
  yield* everyItem((page) => ledger.listBills(page));
}

/** The rows of a book, in the order of `everyObligation`. Not promised: one moment's picture while somebody writes. */
export async function* balanceRows(
  ledger: ObligationLists,
): AsyncGenerator<BalanceRow, void, undefined> {
  for await (const entity of everyObligation(ledger)) yield* rowsOf(entity);
}
