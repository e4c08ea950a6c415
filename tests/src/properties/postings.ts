/**
 * The double-entry reading of events: every event moves money between named accounts, in one
 * currency, and what it takes from one it gives to others. Written against the stored events alone.
 *
 * | account | holds |
 * |---|---|
 * | `owed/{stream}` | what an obligation owes: a receivable |
 * | `opened`, `asserted`, `charged`, `credited`, `voided` | where that came from or went to |
 * | `cash` | money that arrived or was sent back |
 * | `suspense` | money that arrived and belongs nowhere yet |
 * | `passing` | money between suspense and its obligation: 0 at the end of every commit |
 * | `differences` | by how much others say less came in, where that was accepted |
 * | `untracked` | the part of a payment that lowered no balance |
 */
import type { RecordedEvent } from "@tallystick/core";

export interface Posting {
  readonly account: string;
  readonly currency: string;
  /** Minor units; debits are positive. */
  readonly amount: number;
}

type Moves = readonly (readonly [account: string, amount: number])[];

const movesOf = ({ type, data, streamId }: RecordedEvent): Moves => {
  const owed = `owed/${streamId}`;
  switch (type) {
    case "obligation.opened":
      return [
        [owed, data.effect],
        ["opened", -data.amount],
      ];
    case "obligation.balance_asserted":
      return [
        [owed, data.effect],
        ["asserted", data.previousBalance - data.amount],
      ];
    case "obligation.amount_charged":
      return [
        [owed, data.effect],
        ["charged", -data.amount],
      ];
    case "obligation.amount_credited":
      return [
        [owed, data.effect],
        ["credited", data.amount],
      ];
    case "bill.voided":
      return [
        [owed, data.effect],
        ["voided", data.amount],
      ];
    case "obligation.amount_applied":
      return [
        [data.suspendedFor === undefined ? "cash" : "passing", data.amount],
        [owed, data.effect],
        ["untracked", -(data.absorbed ?? 0)],
      ];
    case "obligation.application_reversed":
      return [
        ["cash", -data.amount],
        [owed, data.effect],
        ["untracked", data.absorbed ?? 0],
      ];
    case "obligation.application_undone":
      return [
        ["passing", -data.amount],
        [owed, data.effect],
        ["untracked", data.absorbed ?? 0],
      ];
    case "obligation.application_restored":
      return [
        ["passing", data.amount],
        [owed, data.effect],
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
        ["passing", -data.amount],
      ];
    case "reconciliation.match_accepted":
      return data.difference === undefined
        ? []
        : [
            ["cash", data.difference.amount],
            ["differences", -data.difference.amount],
          ];
    case "reconciliation.acceptance_undone":
      return data.difference === undefined
        ? []
        : [
            ["cash", -data.difference.amount],
            ["differences", data.difference.amount],
          ];
    case "payment.match_undone":
      return [
        ["passing", data.amount],
        ["suspense", -data.amount],
      ];
    default:
      return [];
  }
};

/** What an event moves; the amounts of one event sum to zero. */
export const postingsOf = (event: RecordedEvent): Posting[] => {
  const currency = "currency" in event.data ? (event.data.currency ?? "") : "";
  return movesOf(event).map(([account, amount]) => ({ account, currency, amount }));
};

/** Sums of amounts by `{key} {currency}`; those that come to 0 stay. */
export const sumsBy = (
  postings: readonly Posting[],
  key: (account: string) => string,
): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const { account, currency, amount } of postings) {
    const name = `${key(account)} ${currency}`;
    sums.set(name, (sums.get(name) ?? 0) + amount);
  }
  return sums;
};
