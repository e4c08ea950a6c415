/**
 * What changes a balance without a payment: opening, assertion, charge, credit.
 *
 * Amounts are minor units. Each event says its effect and the balance after it, so that a sum over
 * effects is the balance, in SQL as well as here.
 */
import { accept, type Decision, refuse } from "../kernel/decision.ts";
import type { Instant } from "../kernel/instant.ts";
import type { CurrencyCode } from "../money/currency.ts";
import { amountMax } from "../money/minor-units.ts";
import { compact, type PlannedEvent } from "./planned.ts";
import { type BillState, type EntityState, trackedBalance } from "./state.ts";
import { obligationKindOf } from "./target.ts";

type ObligationHolder = Pick<EntityState, "kind" | "obligationId">;

const common = ({ kind, obligationId }: ObligationHolder) =>
  ({ obligationId, obligationKind: obligationKindOf(kind) }) as const;

/** Why a balance cannot become this; undefined if it can. */
export const outOfRange = (
  entity: EntityState,
  balance: number,
): ReturnType<typeof refuse> | undefined =>
  Math.abs(balance) <= amountMax
    ? undefined
    : refuse(
        "AMOUNT_OUT_OF_RANGE",
        `${entity.id} would come to ${balance}; the bound is ±${amountMax}`,
        {
          id: entity.id,
          balance,
          balanceMax: amountMax,
        },
      );

/** The balance is tracked from here on. For a bill, it is what is due. */
export const openBalance = (
  holder: ObligationHolder,
  balance: number,
  currency: CurrencyCode,
  effectiveAt?: Instant,
): PlannedEvent => ({
  type: "obligation.opened",
  data: compact({
    ...common(holder),
    currency,
    amount: balance,
    effect: balance,
    balanceAfter: balance,
    amountPaidAfter: holder.kind === "bill" ? 0 : undefined,
  }),
  effectiveAt,
});

const asserted = (
  entity: EntityState,
  currency: CurrencyCode,
  balance: number,
  rest: { readonly amountPaidAfter?: number; readonly trueAt?: Instant | undefined },
): PlannedEvent => {
  const previousBalance = entity.balances[currency] ?? 0;
  return {
    type: "obligation.balance_asserted",
    data: compact({
      ...common(entity),
      currency,
      amount: balance,
      previousBalance,
      effect: balance - previousBalance,
      balanceAfter: balance,
      ...rest,
    }),
  };
};

/** The balance is this from now on; another currency takes the old one to 0 first (D-15). */
export const assertBalance = (
  entity: EntityState,
  balance: number,
  currency: CurrencyCode,
  trueAt?: Instant,
): PlannedEvent[] => {
  const { currency: before } = entity;
  if (before !== undefined && before !== currency)
    return [
      asserted(entity, before, 0, { trueAt }),
      asserted(entity, currency, balance, { trueAt }),
    ];
  return trueAt === undefined && trackedBalance(entity) === balance
    ? []
    : [asserted(entity, currency, balance, { trueAt })];
};

/** The total paid on a bill is this from now on. */
export const assertPaid = (bill: BillState, amountPaid: number): PlannedEvent[] =>
  bill.amountPaid === amountPaid
    ? []
    : [asserted(bill, bill.currency, bill.amountDue - amountPaid, { amountPaidAfter: amountPaid })];

export interface Adjustment {
  /** Minor units, above 0. */
  readonly amount: number;
  /** The entity's, if not named. */
  readonly currency?: CurrencyCode | undefined;
  readonly reason?: string | undefined;
  readonly effectiveAt?: Instant | undefined;
}

const adjust = (
  entity: EntityState,
  { amount, currency, effectiveAt }: Adjustment,
  sign: 1 | -1,
  event: (fact: {
    readonly obligationId: string;
    readonly obligationKind: ReturnType<typeof obligationKindOf>;
    readonly currency: CurrencyCode;
    readonly amount: number;
    readonly effect: number;
    readonly balanceAfter: number;
  }) => PlannedEvent,
): Decision<PlannedEvent[]> => {
  if (entity.kind === "bill")
    return refuse(
      "NOT_ADJUSTABLE",
      `${entity.id} is a bill: what it asks for never changes; correct amountPaid, void it, or raise another bill`,
      { id: entity.id },
    );
  const balance = trackedBalance(entity);
  if (balance === undefined || entity.currency === undefined)
    return refuse("BALANCE_NOT_TRACKED", `${entity.id} has no balance; set one first`, {
      id: entity.id,
    });
  if (currency !== undefined && currency !== entity.currency)
    return refuse(
      "CURRENCY_MISMATCH",
      `${entity.id} is kept in ${entity.currency}, not in ${currency}`,
      {
        id: entity.id,
        currency,
        expected: entity.currency,
      },
    );
  const balanceAfter = balance + sign * amount;
  const refusal = outOfRange(entity, balanceAfter);
  if (refusal !== undefined) return refusal;
  const planned = event({
    ...common(entity),
    currency: entity.currency,
    amount,
    effect: sign * amount,
    balanceAfter,
  });
  return accept([{ ...planned, effectiveAt }]);
};

/** Raises what is owed: usage, interest, a fee. */
export const charge = (entity: EntityState, adjustment: Adjustment): Decision<PlannedEvent[]> =>
  adjust(entity, adjustment, 1, (fact) => ({
    type: "obligation.amount_charged",
    data: compact({ ...fact, reason: adjustment.reason }),
  }));

/** Lowers what is owed, with a reason: goodwill, a write-off. */
export const credit = (
  entity: EntityState,
  adjustment: Adjustment & { readonly reason: string },
): Decision<PlannedEvent[]> =>
  adjust(entity, adjustment, -1, (fact) => ({
    type: "obligation.amount_credited",
    data: { ...fact, reason: adjustment.reason },
  }));
