/**
 * Accepting that rows of somebody else and movements of the ledger are the same, whatever a
 * reconciliation finds by itself; booking by how much they differ; and taking that back.
 *
 * It changes no obligation. A difference is money that is in hand, or is not, beyond what the ledger
 * recorded: positive where they say more came in, a refund counting as money that left.
 */
import { accept, type Decision, refuse } from "../kernel/decision.ts";
import type { Instant } from "../kernel/instant.ts";
import { invariant } from "../kernel/invariant.ts";
import { amountMax } from "../money/minor-units.ts";
import type { DifferenceCause, EventData, MoneyKind } from "./events.ts";
import { compact, type PlannedEvent } from "./planned.ts";
import type { AcceptanceState } from "./state.ts";

/** A row or a movement, with how often it will have been accepted. */
interface Member {
  readonly ordinal: number;
  /** Minor units, above 0. */
  readonly amount: number;
}

export interface Acceptable {
  readonly kind: MoneyKind;
  readonly currency: string;
  /** Theirs, by id. */
  readonly rows: readonly (Member & { readonly rowId: string })[];
  /** Ours, by position. */
  readonly movements: readonly (Member & {
    readonly position: number;
    readonly paymentId: string;
    readonly effectiveAt: Instant;
  })[];
  /** What the difference is, where there is one. */
  readonly difference?: DifferenceCause | undefined;
  readonly reason: string;
}

const sumOf = (members: readonly { readonly amount: number }[]): number =>
  members.reduce((sum, { amount }) => sum + amount, 0);

/** By how much they say more came in than the ledger does, signed; 0 where both say the same. */
export const differenceOf = ({
  kind,
  rows,
  movements,
}: {
  readonly kind: MoneyKind;
  readonly rows: readonly { readonly amount: number }[];
  readonly movements: readonly { readonly amount: number }[];
}): number => {
  const more = sumOf(rows) - sumOf(movements);
  return kind === "refund" ? 0 - more : more;
};

/** Accepts the match, as of when the last of the movements was. */
export const acceptMatch = (match: Acceptable): Decision<PlannedEvent> => {
  const { kind, currency, rows, movements, difference: cause, reason } = match;
  const sums = [sumOf(rows), sumOf(movements)] as const;
  const [amount, ours] = sums;
  const ids = { rows: rows.map(({ rowId }) => rowId), amount, ledgerAmount: ours, currency };
  if (Math.max(...sums) > amountMax)
    return refuse(
      "AMOUNT_OUT_OF_RANGE",
      `the rows come to ${amount} and the movements to ${ours}; the bound is ${amountMax}`,
      { ...ids, amountMax },
    );
  const difference = differenceOf(match);
  if (difference !== 0 && cause === undefined)
    return refuse(
      "DIFFERENCE_UNEXPLAINED",
      `${ids.rows.join(", ")} and what is set against it differ: ${amount} and ${ours} ${currency}; say what the difference of ${difference} is, so that it is booked`,
      { ...ids, difference },
    );
  if (difference === 0 && cause !== undefined)
    return refuse(
      "NO_DIFFERENCE",
      `${ids.rows.join(", ")} and what is set against it both come to ${amount} ${currency}; there is no ${cause} to book`,
      ids,
    );
  const [first, ...others] = movements.map(({ effectiveAt }) => effectiveAt);
  invariant(first !== undefined, "a match has movements");
  return accept({
    type: "reconciliation.match_accepted",
    data: compact({
      kind,
      currency,
      amount,
      rows: rows.map(({ rowId, ordinal, amount: its }) => ({ rowId, ordinal, amount: its })),
      movements: movements.map(({ position, paymentId, ordinal, amount: its }) => ({
        position,
        paymentId,
        ordinal,
        amount: its,
      })),
      difference: cause === undefined ? undefined : { amount: difference, cause },
      reason,
    }),
    effectiveAt: others.reduce((last, each) => (each > last ? each : last), first),
  });
};

/** Takes an acceptance back, as of when it was; what was booked is booked back. */
export const undoAcceptance = (
  { accepted: { currency, amount, difference }, effectiveAt }: AcceptanceState,
  reason: string,
): PlannedEvent => ({
  type: "reconciliation.acceptance_undone",
  data: compact({
    currency,
    amount,
    difference: difference === undefined ? undefined : { ...difference },
    reason,
  }) satisfies EventData<"reconciliation.acceptance_undone">,
  effectiveAt,
});
