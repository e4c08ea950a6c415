/**
 * Changing customers, accounts and bills: details, balances, what they accept; voiding bills. What
 * changes nothing yields no events, so a caller may repeat it without thinking (D-43).
 */
import { accept, type Decision, refuse } from "../kernel/decision.ts";
import type { Instant } from "../kernel/instant.ts";
import type { CurrencyCode } from "../money/currency.ts";
import type { PaymentRules } from "../money/payment-rules.ts";
import { assertBalance, assertPaid } from "./balance.ts";
import { changedDetails, metadataRefusal, type Policy, personalOf } from "./details.ts";
import type { MirroredFacts, Personal } from "./events.ts";
import { type Metadata, mergeMetadata } from "./fields.ts";
import { firstBalance, rulesSet } from "./first-balance.ts";
import { compact, type PlannedEvent } from "./planned.ts";
import type { AccountState, BillState, CustomerState, EntityState } from "./state.ts";

export interface DetailsUpdate extends Personal {
  readonly currency?: CurrencyCode | undefined;
}

const updatedEvent = (
  entity: EntityState,
  personal: Personal | undefined,
  facts: { currency?: CurrencyCode | undefined; mirrored?: MirroredFacts | undefined },
): PlannedEvent => {
  const { currency, mirrored } = facts;
  switch (entity.kind) {
    case "customer":
      return {
        type: "customer.updated",
        data: compact({ customerId: entity.id, currency, mirrored }),
        personal,
      };
    case "account":
      return {
        type: "account.updated",
        data: compact({ accountId: entity.id, currency, mirrored }),
        personal,
      };
    case "bill":
      return { type: "bill.updated", data: compact({ billId: entity.id, mirrored }), personal };
  }
};

/** The event of a mirrored line that differs from the last one; always one, for it is the new last line. */
export const mirroredUpdate = (
  entity: EntityState,
  personal: Personal,
  mirrored: MirroredFacts,
  currency?: CurrencyCode,
): PlannedEvent => updatedEvent(entity, personalOf(personal), { mirrored, currency });

const currencyMismatch = (entity: EntityState, named: CurrencyCode): ReturnType<typeof refuse> =>
  refuse(
    "CURRENCY_MISMATCH",
    `${entity.id} is kept in ${entity.currency}, not in ${named}${entity.kind === "bill" ? "" : "; the currency changes only together with a new balance"}`,
    { id: entity.id, currency: named, expected: entity.currency },
  );

/** Changes details of a customer or an account; sets its balance where one is given (D-15). */
export const updateBalanceHolder = (
  entity: CustomerState | AccountState,
  update: DetailsUpdate & { readonly balance?: number | undefined },
  policy: Policy,
  effectiveAt?: Instant,
): Decision<PlannedEvent[]> => {
  const { balance, currency, metadata } = update;
  if (effectiveAt !== undefined && balance === undefined)
    return refuse(
      "INVALID_INPUT",
      `${entity.id}: details change when they are recorded; effectiveAt is for a first balance`,
      {
        faults: [{ field: "effectiveAt", message: "is for a first balance only" }],
      },
    );
  const merged = metadata === undefined ? undefined : mergeMetadata(entity.metadata, metadata);
  const refusal = metadataRefusal(merged, policy.metadataLimits);
  if (refusal !== undefined) return refusal;
  if (
    balance === undefined &&
    currency !== undefined &&
    entity.currency !== undefined &&
    currency !== entity.currency
  )
    return currencyMismatch(entity, currency);

  const personal = changedDetails(entity, update);
  const newCurrency = balance === undefined && entity.currency === undefined ? currency : undefined;
  const details =
    personal === undefined && newCurrency === undefined
      ? []
      : [updatedEvent(entity, personal, { currency: newCurrency })];
  if (balance === undefined) return accept(details);
  const set = setBalance(entity, { balance, currency, effectiveAt }, policy);
  return set.ok ? accept([...details, ...set.value]) : set;
};

export interface BalanceSetting {
  readonly balance: number;
  readonly currency?: CurrencyCode | undefined;
  readonly trueAt?: Instant | undefined;
  /** Of a first balance only. */
  readonly effectiveAt?: Instant | undefined;
}

/**
 * The merchant says what is owed (CUS-12, ACC-14). The first time, tracking begins; in another
 * currency than before, the old one goes to 0 in the same commit (D-15). Nothing where exactly that
 * balance stands already and no `trueAt` makes it a new statement.
 */
export const setBalance = (
  entity: CustomerState | AccountState,
  { balance, currency = entity.currency, trueAt, effectiveAt }: BalanceSetting,
  policy: Policy,
): Decision<PlannedEvent[]> => {
  if (currency === undefined)
    return refuse(
      "CURRENCY_REQUIRED",
      `${entity.id} has no currency yet; name one with its first balance`,
      {
        id: entity.id,
        field: "currency",
      },
    );
  if (Object.keys(entity.balances).length === 0)
    return accept(
      firstBalance(entity, balance, currency, policy.paymentRules[entity.kind], effectiveAt),
    );
  if (effectiveAt !== undefined)
    return refuse(
      "INVALID_INPUT",
      `${entity.id} has a balance already, and a new one takes effect when it is recorded; say in trueAt when it was true`,
      { faults: [{ field: "effectiveAt", message: "is for a first balance only; use trueAt" }] },
    );
  return accept(assertBalance(entity, balance, currency, trueAt));
};

export interface BillUpdate {
  readonly currency?: CurrencyCode | undefined;
  /** The new total, not an increment. */
  readonly amountPaid?: number | undefined;
  readonly metadata?: Metadata | undefined;
}

/** Corrects a bill: the total paid, metadata (spec 3.9, D-30, D-31). */
export const updateBill = (
  bill: BillState,
  { currency, amountPaid, metadata }: BillUpdate,
  policy: Policy,
): Decision<PlannedEvent[]> => {
  if (bill.voided) return billVoided(bill, "it cannot be updated");
  if (currency !== undefined && currency !== bill.currency) return currencyMismatch(bill, currency);
  const merged = metadata === undefined ? undefined : mergeMetadata(bill.metadata, metadata);
  const refusal = metadataRefusal(merged, policy.metadataLimits);
  if (refusal !== undefined) return refusal;
  if (
    amountPaid !== undefined &&
    amountPaid > bill.amountDue &&
    bill.paymentRules?.overpaymentAllowed !== true
  )
    return refuse(
      "AMOUNT_PAID_ABOVE_DUE",
      `${bill.id} is due ${bill.amountDue}, so ${amountPaid} cannot have been paid: overpayment is not allowed`,
      { id: bill.id, amountPaid, amountDue: bill.amountDue },
    );
  const personal = changedDetails(bill, { metadata });
  return accept([
    ...(personal === undefined ? [] : [updatedEvent(bill, personal, {})]),
    ...(amountPaid === undefined ? [] : assertPaid(bill, amountPaid)),
  ]);
};

const billVoided = (bill: BillState, consequence: string): ReturnType<typeof refuse> =>
  refuse("BILL_VOIDED", `${bill.id} is voided: ${consequence}`, { id: bill.id });

/** The event that makes a bill uncollectable, whatever was paid on it. */
export const voidedEvent = (bill: BillState, effectiveAt?: Instant): PlannedEvent => {
  const balance = bill.balances[bill.currency] ?? 0;
  return {
    type: "bill.voided",
    data: {
      billId: bill.id,
      obligationId: bill.obligationId,
      obligationKind: "bill",
      currency: bill.currency,
      amount: balance,
      effect: 0 - balance,
      balanceAfter: 0,
      amountPaidAfter: bill.amountPaid,
    },
    effectiveAt,
  };
};

/** Voids a bill for good; a paid or a voided one is refused (D-25). */
export const voidBill = (bill: BillState, effectiveAt?: Instant): Decision<PlannedEvent[]> => {
  if (bill.voided) return billVoided(bill, "it cannot be voided again");
  if (bill.amountPaid >= bill.amountDue)
    return refuse(
      "BILL_PAID",
      `${bill.id} is paid: ${bill.amountPaid} of ${bill.amountDue}; a paid bill cannot be voided`,
      {
        id: bill.id,
        amountDue: bill.amountDue,
        amountPaid: bill.amountPaid,
      },
    );
  return accept([voidedEvent(bill, effectiveAt)]);
};

/** Sets or takes away what an obligation accepts; nothing if that is so already. */
export const setPaymentRules = (
  entity: EntityState,
  paymentRules: PaymentRules | null,
): Decision<PlannedEvent[]> => {
  if (entity.kind === "bill" && entity.voided)
    return billVoided(entity, "its payment rules cannot change");
  return accept(
    sameRules(entity.paymentRules, paymentRules) ? [] : [rulesSet(entity, paymentRules)],
  );
};

const sameRules = (
  left: PaymentRules | null | undefined,
  right: PaymentRules | null | undefined,
): boolean => {
  if (left == null || right == null) return left === right;
  return (
    left.minAmount === right.minAmount &&
    left.maxAmount === right.maxAmount &&
    left.underpaymentAllowed === right.underpaymentAllowed &&
    left.overpaymentAllowed === right.overpaymentAllowed
  );
};
