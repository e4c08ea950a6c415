/**
 * What happened, as data. The names and shapes here are the storage format: they are read for ever.
 * To change one, raise its `schemaVersion`, add an upcaster in `upcast.ts` and keep a fixture in
 * `tests/stored/`. `docs/events.md` is written from this file.
 *
 * Amounts are whole minor units of `currency`. Every obligation event says what it is about
 * (`amount`), by how much it changes what is owed (`effect`, signed) and what is owed after it
 * (`balanceAfter`, left out while no balance is tracked). Summing `effect` gives the balance.
 */
import { z } from "zod";
import { paymentRulesSchema, violations } from "../money/payment-rules.ts";
import * as field from "./fields.ts";
import { entityKinds, obligationKinds } from "./target.ts";

/** What people can be known by. Stored apart from `data`, so that it can be erased (see `personal`). */
export const personalSchema = z.strictObject({
  name: field.text(0, 255).optional(),
  email: field.text(0, 255).optional(),
  phone: field.text(0, 255).optional(),
  metadata: field.metadata.optional(),
});
export type Personal = Readonly<z.infer<typeof personalSchema>>;

/**
 * What an object that Moment answered said of itself when it was last mirrored. Kept so that the
 * next line is compared with the last one and not with what has happened here since.
 */
const mirroredSchema = z.strictObject({
  currency: field.currency.optional(),
  balance: field.signedAmount.optional(),
  paymentRules: paymentRulesSchema.optional(),
  amountPaid: field.unsignedAmount.optional(),
  status: z.enum(["unpaid", "paid", "voided"]).optional(),
});
export type MirroredFacts = Readonly<z.infer<typeof mirroredSchema>>;

/**
 * How many payments had been waiting in suspense under the names of an entity before it came into
 * being. Its claim on the next place in each line makes "nobody else was waiting" a fact.
 */
const awaitedSchema = z.strictObject({
  id: z.int().min(0).optional(),
  reference: z.int().min(0),
});

const entityCreated = {
  externalReference: field.text(1, 255),
  obligationId: field.obligationId,
  awaited: awaitedSchema,
  mirrored: mirroredSchema.optional(),
};

const obligationFact = {
  obligationId: field.obligationId,
  obligationKind: z.enum(obligationKinds),
  currency: field.currency,
  amount: field.signedAmount,
  effect: field.effect,
  balanceAfter: field.signedAmount.optional(),
  /** Bills only: the total paid after this event. */
  amountPaidAfter: field.unsignedAmount.optional(),
};

const balanceFact = { ...obligationFact, balanceAfter: field.signedAmount };

/** What became of an application that was recorded before. */
const applicationFact = {
  ...obligationFact,
  paymentId: field.paymentId,
  /** The `obligation.amount_applied` event that it is about. */
  appliedEventId: field.eventId,
  /** Counts what was done to this application: reversals, undoings and restorations, from 1. */
  ordinal: z.int().min(1),
  absorbed: field.positiveAmount.optional(),
};

const target = z.strictObject({
  kind: z.enum(entityKinds),
  /** The id or external reference that the payment named. */
  name: field.text(1, 255),
});

const matchedTo = z.strictObject({ kind: z.enum(entityKinds), id: field.text(1, 255) });

/** What is known of where a payment came from. None of it is compared or unique. */
const paymentSource = {
  sourceObligationId: field.text(1, 255).optional(),
  sourceEventId: field.text(1, 255).optional(),
};

export const suspenseReasons = [
  "payment_conflict",
  "unknown_target",
  "bill_voided",
  "currency_mismatch",
] as const;
export type SuspenseReason = (typeof suspenseReasons)[number];

export const moneyKinds = ["payment", "refund"] as const;
export type MoneyKind = (typeof moneyKinds)[number];

/** What a difference between their amount and ours is. */
export const differenceCauses = ["fee", "rounding", "write_off"] as const;
export type DifferenceCause = (typeof differenceCauses)[number];

const acceptanceFact = {
  currency: field.currency,
  /** Theirs. */
  amount: field.positiveAmount,
  /** What they say came in beyond what the ledger recorded; below 0 where it was less. */
  difference: z
    .strictObject({ amount: field.signedAmount, cause: z.enum(differenceCauses) })
    .optional(),
  reason: field.text(1, 500),
};

/** Counts how often a row or a movement was accepted, from 1: two standing acceptances share neither. */
const ordinal = z.int().min(1);

/** Each event type with its schema version and the schema of its data. */
export const eventCatalogue = {
  "customer.created": {
    version: 1,
    means: "A customer came into being. Name, e-mail, phone and metadata stand in `personal`.",
    data: z.strictObject({
      customerId: field.customerId,
      currency: field.currency.optional(),
      ...entityCreated,
    }),
  },
  "customer.updated": {
    version: 1,
    means: "Details of a customer changed; `personal` holds those that did.",
    data: z.strictObject({
      customerId: field.customerId,
      currency: field.currency.optional(),
      mirrored: mirroredSchema.optional(),
    }),
  },
  "account.created": {
    version: 1,
    means: "An account of a customer came into being.",
    data: z.strictObject({
      accountId: field.accountId,
      customerId: field.customerId,
      currency: field.currency.optional(),
      ...entityCreated,
    }),
  },
  "account.updated": {
    version: 1,
    means: "Details of an account changed; `personal` holds those that did.",
    data: z.strictObject({
      accountId: field.accountId,
      currency: field.currency.optional(),
      mirrored: mirroredSchema.optional(),
    }),
  },
  "bill.created": {
    version: 1,
    means:
      "A bill was raised for a customer or an account. What it asks for follows in `obligation.opened`.",
    data: z.strictObject({
      billId: field.billId,
      customerId: field.customerId,
      accountId: field.accountId.optional(),
      currency: field.currency,
      amountDue: field.amountDue,
      billDate: field.calendarDate.optional(),
      dueDate: field.calendarDate.optional(),
      ...entityCreated,
    }),
  },
  "bill.updated": {
    version: 1,
    means: "Metadata of a bill changed.",
    data: z.strictObject({ billId: field.billId, mirrored: mirroredSchema.optional() }),
  },
  "bill.voided": {
    version: 1,
    means:
      "A bill became uncollectable for good. `amount` is the balance it had, `effect` takes it to 0.",
    data: z.strictObject({ ...balanceFact, billId: field.billId }),
  },
  "obligation.opened": {
    version: 1,
    means: "A balance is tracked from here on: the first one given, or what a bill asks for.",
    data: z.strictObject(balanceFact),
  },
  "obligation.balance_asserted": {
    version: 1,
    means:
      "The merchant says what is owed: `amount` replaces `previousBalance`, of the same currency.",
    data: z.strictObject({
      ...balanceFact,
      previousBalance: field.signedAmount,
      /** When the merchant says that it was true. */
      trueAt: field.storedInstant.optional(),
    }),
  },
  "obligation.amount_charged": {
    version: 1,
    means: "What is owed was raised: usage, interest, a fee.",
    data: z.strictObject({ ...balanceFact, reason: field.text(1, 500).optional() }),
  },
  "obligation.amount_credited": {
    version: 1,
    means: "What is owed was lowered: goodwill, a write-off; with the reason.",
    data: z.strictObject({ ...balanceFact, reason: field.text(1, 500) }),
  },
  "obligation.amount_applied": {
    version: 1,
    means:
      "A payment was applied. `violations` lists the payment rules that it broke, `absorbed` what had no effect.",
    data: z.strictObject({
      ...obligationFact,
      paymentId: field.paymentId,
      absorbed: field.positiveAmount.optional(),
      violations: z.array(z.enum(violations)).min(1).optional(),
      /** Present where it was released from suspense: the target that the payment had named. */
      suspendedFor: target.optional(),
      ...paymentSource,
    }),
  },
  "obligation.application_reversed": {
    version: 1,
    means: "A payment, or part of it, was taken back: refund, chargeback, undo.",
    data: z.strictObject({
      ...applicationFact,
      /** Reversed of this application so far, with this one. */
      reversedTotal: field.positiveAmount,
      reason: field.text(1, 500).optional(),
    }),
  },
  "obligation.application_undone": {
    version: 1,
    means:
      "A payment that had come out of suspense went back there whole: it had been matched to the wrong obligation. Effective when the payment was.",
    data: z.strictObject({ ...applicationFact, reason: field.text(1, 500) }),
  },
  "obligation.application_restored": {
    version: 1,
    means:
      "A payment that had gone back to suspense was matched to the same obligation again: the undoing was the mistake.",
    data: z.strictObject({
      ...applicationFact,
      violations: z.array(z.enum(violations)).min(1).optional(),
    }),
  },
  "obligation.payment_rules_set": {
    version: 1,
    means: "What an obligation accepts from here on; null makes it not payable.",
    data: z.strictObject({
      obligationId: field.obligationId,
      obligationKind: z.enum(obligationKinds),
      paymentRules: paymentRulesSchema.nullable(),
      amount: z.literal(0),
      effect: z.literal(0),
    }),
  },
  "payment.suspended": {
    version: 1,
    means:
      "Money arrived that fits nothing yet, with the reason; or the reason changed (`reasonBefore`).",
    data: z.strictObject({
      paymentId: field.paymentId,
      target,
      currency: field.currency,
      amount: field.positiveAmount,
      reason: z.enum(suspenseReasons),
      reasonBefore: z.enum(suspenseReasons).optional(),
      /** The id that the named target turned out to have. */
      resolvedId: field.text(1, 255).optional(),
      /** For an unknown target: the place in the line of payments that wait for it, from 1. */
      place: z.int().min(1).optional(),
      ...paymentSource,
    }),
  },
  "payment.matched": {
    version: 1,
    means: "Money left suspense for the obligation where it belongs.",
    data: z.strictObject({
      paymentId: field.paymentId,
      target,
      currency: field.currency,
      amount: field.positiveAmount,
      /** Where it went. */
      matchedTo,
    }),
  },
  "payment.match_undone": {
    version: 1,
    means:
      "Money lies in suspense again, for the reason for which it lay there before: its match was undone.",
    data: z.strictObject({
      paymentId: field.paymentId,
      target,
      currency: field.currency,
      amount: field.positiveAmount,
      /** Where it came back from. */
      matchedTo,
      reason: z.enum(suspenseReasons),
      /** Why the match was undone. */
      note: field.text(1, 500),
    }),
  },
  "reconciliation.match_accepted": {
    version: 1,
    means:
      "Somebody said that rows of theirs and movements of ours are the same; with how the difference was booked, if there is one. Effective when the last of the movements was.",
    data: z.strictObject({
      kind: z.enum(moneyKinds),
      ...acceptanceFact,
      /** Rows of theirs; the first one names the stream. */
      rows: field.someOf(
        z.strictObject({ rowId: field.rowId, ordinal, amount: field.positiveAmount }),
      ),
      /** Events of ours, by position. */
      movements: field.someOf(
        z.strictObject({
          position: z.int().min(1),
          paymentId: field.paymentId,
          ordinal,
          amount: field.positiveAmount,
        }),
      ),
    }),
  },
  "reconciliation.acceptance_undone": {
    version: 1,
    means:
      "An accepted match no longer stands, and the difference that was booked is booked back. Effective when the match was.",
    data: z.strictObject(acceptanceFact),
  },
} as const;

export type EventType = keyof typeof eventCatalogue;
export type EventData<Type extends EventType> = Readonly<
  z.infer<(typeof eventCatalogue)[Type]["data"]>
>;

/** An event as a decision makes it: what happened and, apart from it, what is personal. */
export type DomainEvent = {
  readonly [Type in EventType]: {
    readonly type: Type;
    readonly data: EventData<Type>;
    readonly personal?: Personal | undefined;
  };
}[EventType];

export type EventOf<Type extends EventType> = Extract<DomainEvent, { readonly type: Type }>;

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventCatalogue, type);
