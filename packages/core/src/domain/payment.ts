/**
 * Payments: applying them, judging them, taking them back, and what happens to money that fits
 * nothing.
 *
 * A payment that has happened is recorded whatever rules it breaks; one that is asked for is refused
 * whole by the first rule that it breaks (spec 4, D-27). Never split, never trimmed.
 */
import { accept, type Decision, refuse } from "../kernel/decision.ts";
import type { ErrorCode } from "../kernel/errors.ts";
import type { Instant } from "../kernel/instant.ts";
import { invariant, unreachable } from "../kernel/invariant.ts";
import type { CurrencyCode } from "../money/currency.ts";
import { judgePayment, type Violation } from "../money/payment-rules.ts";
import { outOfRange } from "./balance.ts";
import type { EventData, SuspenseReason } from "./events.ts";
import type { Metadata } from "./fields.ts";
import { compact, type PlannedEvent } from "./planned.ts";
import { type EntityState, owedOn, type SuspenseEntry, trackedBalance } from "./state.ts";
import { type EntityKind, obligationKindOf } from "./target.ts";

/** A payment on its way to an obligation. */
export interface Payment {
  readonly paymentId: string;
  /** Minor units, above 0. */
  readonly amount: number;
  readonly currency: CurrencyCode;
  readonly metadata?: Metadata | undefined;
  readonly sourceEventId?: string | undefined;
  readonly sourceObligationId?: string | undefined;
  readonly effectiveAt?: Instant | undefined;
}

/** Why money does not fit an obligation at all, whatever its rules; undefined if it fits. */
export const unfit = (
  entity: EntityState,
  currency: CurrencyCode,
): Exclude<SuspenseReason, "unknown_target" | "payment_conflict"> | undefined => {
  if (entity.kind === "bill" && entity.voided) return "bill_voided";
  if (entity.currency !== undefined && entity.currency !== currency) return "currency_mismatch";
  return undefined;
};

const judge = (entity: EntityState, amount: number): Violation[] =>
  judgePayment({ amount, owed: owedOn(entity), rules: entity.paymentRules ?? undefined });

const applied = (
  entity: EntityState,
  payment: Payment,
  broken: readonly Violation[],
  suspendedFor?: { readonly kind: EntityKind; readonly name: string },
): Decision<PlannedEvent[]> => {
  const { paymentId, amount, currency, metadata, effectiveAt, sourceEventId, sourceObligationId } =
    payment;
  const balance = trackedBalance(entity);
  const balanceAfter = balance === undefined ? undefined : balance - amount;
  const amountPaidAfter = entity.kind === "bill" ? entity.amountPaid + amount : undefined;
  const refusal = outOfRange(entity, balanceAfter ?? 0) ?? outOfRange(entity, amountPaidAfter ?? 0);
  if (refusal !== undefined) return refusal;
  return accept([
    {
      type: "obligation.amount_applied",
      // In the order of canonical JSON, so that what is hashed need not be sorted.
      data: compact({
        absorbed: balance === undefined ? amount : undefined,
        amount,
        amountPaidAfter,
        balanceAfter,
        currency,
        effect: balance === undefined ? 0 : -amount,
        obligationId: entity.obligationId,
        obligationKind: obligationKindOf(entity.kind),
        paymentId,
        sourceEventId,
        sourceObligationId,
        suspendedFor: suspendedFor === undefined ? undefined : { ...suspendedFor },
        violations: broken.length === 0 ? undefined : [...broken],
      }),
      personal:
        metadata === undefined || Object.keys(metadata).length === 0
          ? undefined
          : { metadata: { ...metadata } },
      effectiveAt,
    },
  ]);
};

/**
 * Records a payment that has happened on an obligation that it fits: refused only where the sum
 * would leave the range of an amount.
 */
export const recordPayment = (
  entity: EntityState,
  payment: Payment,
  suspendedFor?: { readonly kind: EntityKind; readonly name: string },
): Decision<PlannedEvent[]> =>
  applied(entity, payment, judge(entity, payment.amount), suspendedFor);

const ruleRefusals: Readonly<Record<Violation, ErrorCode>> = {
  not_payable: "NOT_PAYABLE",
  above_maximum: "AMOUNT_ABOVE_MAXIMUM",
  below_minimum: "AMOUNT_BELOW_MINIMUM",
  underpayment: "UNDERPAYMENT_NOT_ALLOWED",
  overpayment: "OVERPAYMENT_NOT_ALLOWED",
};

const ruleSentence = (violation: Violation, entity: EntityState, amount: number): string => {
  const { id, paymentRules } = entity;
  switch (violation) {
    case "not_payable":
      return `${id} has no payment rules, so it cannot be paid; set them first`;
    case "above_maximum":
      return `${amount} is more than the ${paymentRules?.maxAmount} that ${id} accepts at once`;
    case "below_minimum":
      return `${amount} is less than the ${paymentRules?.minAmount} that ${id} accepts at least, and does not settle the ${owedOn(entity) ?? "unknown sum"} owed exactly`;
    case "underpayment":
      return `${amount} is less than the ${owedOn(entity)} owed on ${id}, which takes no part payments`;
    case "overpayment":
      return `${amount} is more than the ${Math.max(0, owedOn(entity) ?? 0)} owed on ${id}, which takes no overpayment`;
    default:
      return unreachable(violation);
  }
};

/** A payment that is asked for; without a currency where neither it nor its target has one. */
export type AskedPayment = Omit<Payment, "currency"> & {
  readonly currency: CurrencyCode | undefined;
};

/** Judges a payment that is asked for, in the order of spec 4: voided, payable, currency, bounds, owed. */
export const applyPayment = (
  entity: EntityState,
  payment: AskedPayment,
): Decision<PlannedEvent[]> => {
  const { amount, currency } = payment;
  if (entity.kind === "bill" && entity.voided)
    return refuse("BILL_VOIDED", `${entity.id} is voided: it cannot be paid`, { id: entity.id });
  const [broken] = judge(entity, amount);
  const refused = (violation: Violation): Decision<never> =>
    refuse(
      ruleRefusals[violation],
      ruleSentence(violation, entity, amount),
      compact({
        id: entity.id,
        amount,
        owed: owedOn(entity),
        paymentRules: entity.paymentRules == null ? undefined : { ...entity.paymentRules },
      }),
    );
  if (broken === "not_payable") return refused(broken);
  if (currency === undefined)
    return refuse("CURRENCY_REQUIRED", `${entity.id} has no currency; name the payment's`, {
      id: entity.id,
      field: "currency",
    });
  if (entity.currency !== undefined && entity.currency !== currency)
    return refuse(
      "CURRENCY_MISMATCH",
      `${entity.id} is kept in ${entity.currency}; a payment in ${currency} does not fit`,
      {
        id: entity.id,
        currency,
        expected: entity.currency,
      },
    );
  if (broken !== undefined) return refused(broken);
  return applied(entity, { ...payment, currency }, []);
};

/** An application as it was recorded, and what was done to it so far. */
export interface Application {
  readonly eventId: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: CurrencyCode;
  /** How much of it was taken back; all of it while it lies in suspense again. */
  readonly reversedTotal: number;
  /** How often it was reversed, undone or restored. */
  readonly changes: number;
  /** Whether it lies in suspense again. */
  readonly undone: boolean;
}

export interface Reversal {
  /** All that is left, if not given. */
  readonly amount?: number | undefined;
  readonly reason?: string | undefined;
  readonly effectiveAt?: Instant | undefined;
}

/**
 * What an obligation comes to once an amount of an application is off it. On a bill at most what counts
 * as paid comes back to be owed; on a voided one nothing does. What has no effect is recorded as absorbed.
 */
const takenBack = (
  entity: EntityState,
  { paymentId, currency, eventId, changes }: Application,
  amount: number,
) => {
  const balance = entity.balances[currency];
  const back = entity.kind === "bill" ? Math.min(amount, entity.amountPaid) : amount;
  const effect = balance === undefined || (entity.kind === "bill" && entity.voided) ? 0 : back;
  const balanceAfter = balance === undefined ? undefined : balance + effect;
  const refusal = outOfRange(entity, balanceAfter ?? 0);
  if (refusal !== undefined) return refusal;
  // In the order of canonical JSON, as what is written is.
  return accept({
    absorbed: amount > effect ? amount - effect : undefined,
    amount,
    amountPaidAfter: entity.kind === "bill" ? entity.amountPaid - back : undefined,
    appliedEventId: eventId,
    balanceAfter,
    currency,
    effect,
    obligationId: entity.obligationId,
    obligationKind: obligationKindOf(entity.kind),
    ordinal: changes + 1,
    paymentId,
  });
};

/**
 * Takes a payment back, or part of it, in the currency of its application (D-47).
 */
export const reverse = (
  entity: EntityState,
  application: Application,
  { amount: asked, reason, effectiveAt }: Reversal,
): Decision<PlannedEvent[]> => {
  const { paymentId, reversedTotal } = application;
  const left = application.amount - reversedTotal;
  const facts = { id: entity.id, paymentId, applied: application.amount, reversed: reversedTotal };
  if (application.undone)
    return refuse(
      "NOTHING_TO_REVERSE",
      `the match of ${paymentId} to ${entity.id} was undone: its ${application.amount} lie in suspense, or went elsewhere from there`,
      facts,
    );
  if (left === 0)
    return refuse(
      "NOTHING_TO_REVERSE",
      `all ${application.amount} of ${paymentId} on ${entity.id} were reversed before`,
      facts,
    );
  const amount = asked ?? left;
  if (amount > left)
    return refuse(
      "REVERSAL_EXCEEDS_APPLICATION",
      `${amount} cannot be reversed: of the ${application.amount} of ${paymentId} on ${entity.id}, ${left} are left`,
      { ...facts, amount, left },
    );

  const taken = takenBack(entity, application, amount);
  if (!taken.ok) return taken;
  return accept([
    {
      type: "obligation.application_reversed",
      data: compact({ ...taken.value, reason, reversedTotal: reversedTotal + amount }),
      effectiveAt,
    },
  ]);
};

/**
 * Takes an application off the obligation whole, for its money to lie in suspense again; as of when
 * the payment was, since it never belonged there. Where a part was sent back already there is no
 * whole to put back, and nothing is undone.
 */
export const undoApplication = (
  entity: EntityState,
  application: Application,
  { reason, effectiveAt }: { readonly reason: string; readonly effectiveAt: Instant },
): Decision<PlannedEvent[]> => {
  const { paymentId, amount, reversedTotal } = application;
  if (reversedTotal > 0)
    return refuse(
      reversedTotal === amount ? "NOTHING_TO_REVERSE" : "REVERSAL_EXCEEDS_APPLICATION",
      `the match of ${paymentId} to ${entity.id} cannot be undone: ${reversedTotal} of its ${amount} were reversed, so ${amount - reversedTotal} are left; reverse those as well, and record what belongs elsewhere as a payment of its own`,
      { id: entity.id, paymentId, applied: amount, reversed: reversedTotal },
    );
  const facts = takenBack(entity, application, amount);
  if (!facts.ok) return facts;
  return accept([
    {
      type: "obligation.application_undone",
      data: compact({ ...facts.value, reason }),
      effectiveAt,
    },
  ]);
};

/** Applies a payment again to the obligation that it was taken off. */
export const restoreApplication = (
  entity: EntityState,
  { paymentId, amount, currency, eventId, changes }: Application,
  effectiveAt: Instant,
): Decision<PlannedEvent[]> => {
  const applying = recordPayment(entity, { paymentId, amount, currency, effectiveAt });
  if (!applying.ok) return applying;
  return accept(
    applying.value.map((event): PlannedEvent => {
      invariant(event.type === "obligation.amount_applied", "a payment is applied");
      const { absorbed, amountPaidAfter, balanceAfter, effect, violations } = event.data;
      const { obligationId, obligationKind } = event.data;
      return {
        type: "obligation.application_restored",
        data: compact({
          absorbed,
          amount,
          amountPaidAfter,
          appliedEventId: eventId,
          balanceAfter,
          currency,
          effect,
          obligationId,
          obligationKind,
          ordinal: changes + 1,
          paymentId,
          violations,
        }),
        effectiveAt,
      };
    }),
  );
};

/** Money that fits nothing yet goes to suspense; it never vanishes. */
export const suspend = (
  { paymentId, amount, currency, metadata, sourceEventId, sourceObligationId }: Payment,
  target: { readonly kind: EntityKind; readonly name: string },
  reason: SuspenseReason,
  facts: {
    /** When the money moved. Always stated: the entry keeps it for when it is matched. */
    readonly effectiveAt: Instant;
    readonly place?: number | undefined;
    readonly resolvedId?: string | undefined;
  },
): PlannedEvent => ({
  type: "payment.suspended",
  data: compact({
    paymentId,
    target: { ...target },
    currency,
    amount,
    reason,
    place: facts.place,
    resolvedId: facts.resolvedId,
    sourceEventId,
    sourceObligationId,
  }),
  personal:
    metadata === undefined || Object.keys(metadata).length === 0
      ? undefined
      : { metadata: { ...metadata } },
  effectiveAt: facts.effectiveAt,
});

/** What an entry in suspense says of its payment. */
export const paymentOf = (paymentId: string, entry: SuspenseEntry): Payment => ({
  paymentId,
  amount: entry.amount,
  currency: entry.currency,
  metadata: entry.metadata,
  sourceEventId: entry.sourceEventId,
  sourceObligationId: entry.sourceObligationId,
  effectiveAt: entry.effectiveAt,
});

const entryFact = (paymentId: string, { target, currency, amount }: SuspenseEntry) => ({
  paymentId,
  target: { kind: target.kind, name: target.name },
  currency,
  amount,
});

/** The same entry, with the reason for which it lies there now. */
export const suspendAnew = (
  paymentId: string,
  entry: SuspenseEntry,
  reason: SuspenseReason,
  resolvedId?: string,
): PlannedEvent => ({
  type: "payment.suspended",
  data: compact({ ...entryFact(paymentId, entry), reason, reasonBefore: entry.reason, resolvedId }),
  effectiveAt: entry.effectiveAt,
});

/** The entry leaves suspense for an obligation. */
export const matched = (
  paymentId: string,
  entry: SuspenseEntry,
  matchedTo: EventData<"payment.matched">["matchedTo"],
): PlannedEvent => ({
  type: "payment.matched",
  data: { ...entryFact(paymentId, entry), matchedTo: { ...matchedTo } },
  effectiveAt: entry.effectiveAt,
});

/** The entry lies in suspense again, as it did before it was matched. */
export const matchUndone = (
  paymentId: string,
  entry: SuspenseEntry,
  matchedTo: EventData<"payment.match_undone">["matchedTo"],
  note: string,
): PlannedEvent => ({
  type: "payment.match_undone",
  // In the order of canonical JSON, as what is written is.
  data: {
    amount: entry.amount,
    currency: entry.currency,
    matchedTo: { id: matchedTo.id, kind: matchedTo.kind },
    note,
    paymentId,
    reason: entry.reason,
    target: { kind: entry.target.kind, name: entry.target.name },
  },
  effectiveAt: entry.effectiveAt,
});
