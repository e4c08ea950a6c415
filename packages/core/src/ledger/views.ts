/** From a folded state to what users meet. Each call makes plain copies that the caller may keep. */

import { compact } from "../domain/planned.ts";
import type { EntityState, StreamState, SuspenseEntry, SuspenseStream } from "../domain/state.ts";
import { trackedBalance } from "../domain/state.ts";
import type { CalendarDate } from "../kernel/instant.ts";
import { invariant } from "../kernel/invariant.ts";
import type {
  Acceptance,
  Account,
  Bill,
  CurrencyBalance,
  Customer,
  Entity,
  SuspendedPayment,
} from "./types.ts";

const otherBalances = (entity: EntityState): CurrencyBalance[] | undefined => {
  const others = Object.entries(entity.balances)
    .filter(([currency, balance]) => currency !== entity.currency && balance !== 0)
    .map(([currency, balance]) => ({ currency, balance }));
  return others.length === 0
    ? undefined
    : others.sort((a, b) => (a.currency < b.currency ? -1 : 1));
};

const common = (entity: EntityState) => ({
  id: entity.id,
  externalReference: entity.externalReference,
  obligationId: entity.obligationId,
  paymentRules: entity.paymentRules == null ? undefined : { ...entity.paymentRules },
  metadata: entity.metadata === undefined ? undefined : { ...entity.metadata },
  otherBalances: otherBalances(entity),
});

/** The customer, account or bill as users meet it. */
export const entityView = (entity: EntityState): Entity => {
  switch (entity.kind) {
    case "customer":
      return compact({
        object: "customer",
        ...common(entity),
        name: entity.name,
        email: entity.email,
        phone: entity.phone,
        currency: entity.currency,
        balance: trackedBalance(entity),
      }) satisfies Customer;
    case "account":
      return compact({
        object: "account",
        ...common(entity),
        customerId: entity.customerId,
        name: entity.name,
        currency: entity.currency,
        balance: trackedBalance(entity),
      }) satisfies Account;
    case "bill": {
      const amountRemaining = Math.max(0, entity.amountDue - entity.amountPaid);
      return compact({
        object: "bill",
        ...common(entity),
        customerId: entity.customerId,
        accountId: entity.accountId,
        status: entity.voided ? "voided" : amountRemaining === 0 ? "paid" : "unpaid",
        currency: entity.currency,
        amountDue: entity.amountDue,
        amountPaid: entity.amountPaid,
        amountRemaining,
        balance: entity.voided ? 0 : entity.amountDue - entity.amountPaid,
        billDate: entity.billDate,
        dueDate: entity.dueDate,
      }) satisfies Bill;
    }
  }
};

export const entityOf = (state: StreamState): EntityState => {
  invariant("entity" in state && state.entity !== undefined, "the stream holds no entity");
  return state.entity;
};

export const suspendedView = (paymentId: string, entry: SuspenseEntry): SuspendedPayment =>
  compact({
    paymentId,
    amount: entry.amount,
    currency: entry.currency,
    reason: entry.reason,
    target: { ...entry.target },
    effectiveAt: entry.effectiveAt,
    metadata: entry.metadata === undefined ? undefined : { ...entry.metadata },
    undone: entry.undone?.at(-1),
  });

export const acceptanceView = (state: StreamState): Acceptance => {
  invariant(
    state.kind === "acceptance" && state.acceptance !== undefined,
    "the stream holds no acceptance",
  );
  const { accepted, effectiveAt, standing } = state.acceptance;
  const { kind, currency, amount, rows, movements, difference, reason } = accepted;
  return compact({
    object: "acceptance",
    kind,
    currency,
    amount,
    rows: rows.map(({ rowId, amount: its }) => ({ rowId, amount: its })),
    movements: movements.map(({ position, paymentId, amount: its }) => ({
      position,
      paymentId,
      amount: its,
    })),
    difference: difference === undefined ? undefined : { ...difference },
    reason,
    effectiveAt,
    standing,
  });
};

/** What of a payment still lies in suspense. */
export const openEntries = ({ entries }: Pick<SuspenseStream, "entries">): SuspenseEntry[] =>
  entries.filter(({ matchedTo }) => matchedTo === undefined);

/** Whether a bill is overdue on a day: unpaid, and due before it (D-29). Never part of what the API answers. */
export const isOverdue = (bill: Pick<Bill, "status" | "dueDate">, today: CalendarDate): boolean =>
  bill.status === "unpaid" && bill.dueDate !== undefined && bill.dueDate < today;
