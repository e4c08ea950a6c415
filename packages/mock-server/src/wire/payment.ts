/** Payments as the mock's own control API has them (D-21), and the event that tells of one (spec 6.3). */
import {
  type Entity,
  type Instant,
  invariant,
  obligationKindOf,
  type PaymentOutcome,
  parseStreamId,
  type RecordedEvent,
  type Store,
} from "@tallystick/core";
import { z } from "zod";
import { bodySchema } from "../http/route.ts";
import * as field from "./fields.ts";
import { notOneTarget, oneTarget, oneTargetOrNone, severalTargets } from "./rules.ts";

const target = {
  customer: field.idOrReference.optional(),
  account: field.idOrReference.optional(),
  bill: field.idOrReference.optional(),
};

export const createPaymentBody = bodySchema((object) =>
  object({
    ...target,
    amount: field.positiveAmount,
    currency: field.currency.optional(),
    payment_id: field.paymentId.optional(),
    metadata: field.metadata.optional(),
  }).refine(oneTarget, notOneTarget),
);

export const reversePaymentBody = bodySchema((object) =>
  object({
    ...target,
    amount: field.positiveAmount.optional(),
    reason: z.string().max(500).optional(),
  }).refine(oneTargetOrNone, severalTargets),
);

const paymentSchema = z
  .object({
    id: field.paymentId,
    amount: field.positiveAmount,
    currency: field.currency,
    status: z.literal("succeeded"),
  })
  .meta({ id: "Payment" });

const obligationSchema = z
  .object({
    id: field.obligationId,
    kind: z.enum(["customer_balance", "account_balance", "bill"]),
    currency: field.currency.optional(),
    balance: field.balance.optional(),
  })
  .meta({ id: "Obligation", description: "What was paid, as it stands after it." });

export const amountAppliedSchema = z
  .object({
    id: field.eventId,
    type: z.literal("obligation.amount_applied"),
    data: z.object({
      id: field.obligationId,
      amount: field.positiveAmount,
      currency: field.currency,
      payment_id: field.paymentId,
      customer_id: field.id.customer.optional(),
      account_id: field.id.account.optional(),
      bill_id: field.id.bill.optional(),
      metadata: field.metadataAnswer.optional(),
      created_at: field.instant,
      updated_at: field.instant,
    }),
  })
  .meta({ id: "AmountApplied", description: "The body of the webhook." });

export const paymentAnswerSchema = z.object({
  payment: paymentSchema,
  obligation: obligationSchema,
  event: amountAppliedSchema,
});

export const reversalAnswerSchema = z.object({
  payment: paymentSchema,
  obligation: obligationSchema,
  reversal: z.object({
    id: field.eventId,
    amount: field.positiveAmount,
    currency: field.currency,
    reason: z.string().optional(),
    reversed_total: field.positiveAmount,
  }),
});

type Money = Pick<PaymentOutcome, "id" | "amount" | "currency">;

export const paymentBody = ({ id, amount, currency }: Money): z.input<typeof paymentSchema> => ({
  id,
  amount,
  currency,
  status: "succeeded",
});

export const obligationBody = (entity: Entity): z.input<typeof obligationSchema> => ({
  id: entity.obligationId,
  kind: obligationKindOf(entity.object),
  ...(entity.currency === undefined ? {} : { currency: entity.currency }),
  ...(entity.balance === undefined ? {} : { balance: entity.balance }),
});

/** An event that tells of a payment that was applied. */
export type AmountAppliedEvent = Extract<RecordedEvent, { type: "obligation.amount_applied" }>;

export const isAmountApplied = (event: RecordedEvent): event is AmountAppliedEvent =>
  event.type === "obligation.amount_applied";

/**
 * The body of the webhook for a payment: the same whenever it is made. `created_at` is when the object
 * that was paid came into being, its obligation with it (D-46).
 */
export const amountAppliedBody = async (
  store: Store,
  book: string,
  event: AmountAppliedEvent,
): Promise<z.input<typeof amountAppliedSchema>> => {
  const { kind, id } = parseStreamId(event.streamId);
  const { obligationId, amount, currency, paymentId } = event.data;
  const metadata = event.personal?.metadata;
  return {
    id: event.id,
    type: "obligation.amount_applied",
    data: {
      id: obligationId,
      amount,
      currency,
      payment_id: paymentId,
      [`${kind}_id`]: id,
      ...(metadata === undefined ? {} : { metadata }),
      created_at: await begunAt(store, book, event.streamId),
      updated_at: event.effectiveAt,
    },
  };
};

const begunAt = async (store: Store, book: string, streamId: string): Promise<Instant> => {
  for await (const [first] of store.readStream(book, streamId, { upToRevision: 1 }))
    if (first !== undefined) return first.recordedAt;
  return invariant(false, `${streamId} has a payment and no beginning`) as never;
};
