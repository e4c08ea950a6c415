/**
 * The double-entry reading of a book: every event that moves money is a balanced posting between
 * named accounts, in one currency. It follows from the stored event alone, and every report that
 * speaks of debit and credit is made of it.
 *
 * | account | class | holds |
 * |---|---|---|
 * | `receivable` | asset | what an obligation owes; one account for each obligation |
 * | `cash` | asset | money that was collected, less what was sent back |
 * | `in_transit` | asset | money between suspense and its obligation; 0 once both are effective |
 * | `suspense` | liability | money that arrived and belongs nowhere yet |
 * | `untracked` | liability | the part of payments that lowered no balance |
 * | `opening` | equity | balances of customers and accounts as they were first given |
 * | `adjusted` | equity | what assertions of a balance added or took away |
 * | `billed` | income | what bills ask for |
 * | `charged` | income | what was charged on top |
 * | `credited` | expense | what was credited: goodwill, write-offs |
 * | `voided` | expense | what was left on bills when they were voided |
 * | `fees`, `rounding`, `written_off` | expense | by how much others say less came in, where that was accepted |
 */
import type {
  CurrencyCode,
  DifferenceCause,
  ObligationKind,
  RecordedEvent,
  StreamId,
} from "@tallystick/core";

export const accountClasses = {
  receivable: "asset",
  cash: "asset",
  in_transit: "asset",
  suspense: "liability",
  untracked: "liability",
  opening: "equity",
  adjusted: "equity",
  billed: "income",
  charged: "income",
  credited: "expense",
  voided: "expense",
  fees: "expense",
  rounding: "expense",
  written_off: "expense",
} as const;

export type AccountName = keyof typeof accountClasses;

export interface Posting {
  readonly account: AccountName;
  /** Whose receivable it is: a stream such as `bill/bill_…`. Only with `receivable`. */
  readonly obligation?: StreamId;
  readonly currency: CurrencyCode;
  /** Minor units; debits are positive, credits negative. Never 0. */
  readonly amount: number;
}

type Move = readonly [account: AccountName, amount: number];

const openedFrom = (kind: ObligationKind): AccountName => (kind === "bill" ? "billed" : "opening");

const accountOfCause = {
  fee: "fees",
  rounding: "rounding",
  write_off: "written_off",
} as const satisfies Readonly<Record<DifferenceCause, AccountName>>;

/** A difference is cash that is there beyond what was recorded, `sign` 1, or is taken back, -1. */
const bookedMoves = (
  difference: { readonly amount: number; readonly cause: DifferenceCause } | undefined,
  sign: 1 | -1,
): readonly Move[] =>
  difference === undefined
    ? []
    : [
        ["cash", sign * difference.amount],
        [accountOfCause[difference.cause], -sign * difference.amount],
      ];

/** Where the other side of what an obligation's balance did came from or went to. */
const movesOf = ({ type, data }: RecordedEvent): readonly Move[] => {
  switch (type) {
    case "obligation.opened":
      return [
        ["receivable", data.effect],
        [openedFrom(data.obligationKind), -data.amount],
      ];
    case "obligation.balance_asserted":
      return [
        ["receivable", data.effect],
        ["adjusted", data.previousBalance - data.amount],
      ];
    case "obligation.amount_charged":
      return [
        ["receivable", data.effect],
        ["charged", -data.amount],
      ];
    case "obligation.amount_credited":
      return [
        ["receivable", data.effect],
        ["credited", data.amount],
      ];
    case "bill.voided":
      return [
        ["receivable", data.effect],
        ["voided", data.amount],
      ];
    case "obligation.amount_applied":
      return [
        [data.suspendedFor === undefined ? "cash" : "in_transit", data.amount],
        ["receivable", data.effect],
        ["untracked", -(data.absorbed ?? 0)],
      ];
    case "obligation.application_reversed":
      return [
        ["cash", -data.amount],
        ["receivable", data.effect],
        ["untracked", data.absorbed ?? 0],
      ];
    case "obligation.application_undone":
      return [
        ["in_transit", -data.amount],
        ["receivable", data.effect],
        ["untracked", data.absorbed ?? 0],
      ];
    case "obligation.application_restored":
      return [
        ["in_transit", data.amount],
        ["receivable", data.effect],
        ["untracked", -(data.absorbed ?? 0)],
      ];
    case "payment.suspended":
      return data.reasonBefore === undefined
        ? [
            ["cash", data.amount],
            ["suspense", -data.amount],
          ]
        : [];
    case "payment.matched":
      return [
        ["suspense", data.amount],
        ["in_transit", -data.amount],
      ];
    case "payment.match_undone":
      return [
        ["in_transit", data.amount],
        ["suspense", -data.amount],
      ];
    case "reconciliation.match_accepted":
      return bookedMoves(data.difference, 1);
    case "reconciliation.acceptance_undone":
      return bookedMoves(data.difference, -1);
    case "account.created":
    case "account.updated":
    case "bill.created":
    case "bill.updated":
    case "customer.created":
    case "customer.updated":
    case "obligation.payment_rules_set":
      return [];
  }
};

/** What an event moves. The amounts sum to zero; an event that moves nothing has no postings. */
export const postingsOf = (event: RecordedEvent): Posting[] => {
  const currency = "currency" in event.data ? event.data.currency : undefined;
  if (currency === undefined) return [];
  return movesOf(event)
    .filter(([, amount]) => amount !== 0)
    .map(([account, amount]) => ({
      account,
      ...(account === "receivable" ? { obligation: event.streamId } : {}),
      currency,
      amount,
    }));
};
