/** Paying, as a payer would, and taking a payment back: the mock's own, not Moment's (D-21, D-47). */
import {
  type ApplyPaymentInput,
  invariant,
  type RecordedEvent,
  type ReversePaymentInput,
  type Store,
  toCamelCase,
} from "@tallystick/core";
import { z } from "zod";
import { Problem } from "../http/problem.ts";
import { type AnyRoute, route } from "../http/route.ts";
import { paymentId } from "../wire/fields.ts";
import {
  type AmountAppliedEvent,
  amountAppliedBody,
  createPaymentBody,
  isAmountApplied,
  obligationBody,
  paymentAnswerSchema,
  paymentBody,
  reversalAnswerSchema,
  reversePaymentBody,
} from "../wire/payment.ts";

/** The event that recorded a payment on a stream. */
export const applicationOn = async (
  store: Store,
  book: string,
  id: string,
  streamId: string,
): Promise<AmountAppliedEvent> => {
  const holders = await store.paymentClaims(book, id);
  const revision = holders.find((holder) => holder.streamId === streamId)?.revision ?? 0;
  const range = { afterRevision: revision - 1, upToRevision: revision };
  for await (const [event] of store.readStream(book, streamId, range))
    if (event !== undefined && isAmountApplied(event)) return event;
  return invariant(false, `${streamId} knows no application of ${id}`) as never;
};

const eventOf = (events: readonly RecordedEvent[], id: string): AmountAppliedEvent => {
  const event = events.find((each) => each.id === id);
  invariant(event !== undefined && isAmountApplied(event), `${id} is not among its events`);
  return event;
};

export const paymentRoutes: readonly AnyRoute[] = [
  route({
    method: "POST",
    path: "/_mock/payments",
    id: "createPayment",
    summary: "Pay a customer's balance, an account's balance or a bill",
    tag: "mock",
    body: createPaymentBody,
    idempotencyKey: "optional",
    answers: { 201: paymentAnswerSchema, 200: paymentAnswerSchema },
    refusals: [404, 409, 422],
    async handle({ merchant: { store, book }, ledger, body, idempotencyKey }) {
      const input = toCamelCase(body) as ApplyPaymentInput;
      const written = await ledger.applyPayment(input, { idempotencyKey });
      const { entity, events, payment } = written;
      invariant(entity !== undefined, `${payment.id} was applied to nothing`);
      const event = isAmong(events, payment.eventId)
        ? eventOf(events, payment.eventId)
        : await applicationOn(store, book, payment.id, `${entity.object}/${entity.id}`);
      // A retry of the very request that wrote it is answered as that was.
      const isOwn = idempotencyKey !== undefined && event.idempotencyKey === idempotencyKey;
      return {
        status: written.replayed && !isOwn ? 200 : 201,
        body: {
          payment: paymentBody(payment),
          obligation: obligationBody(entity),
          event: await amountAppliedBody(store, book, event),
        },
        events: written.replayed ? [] : events,
      };
    },
  }),
  route({
    method: "POST",
    path: "/_mock/payments/{payment_id}/reverse",
    id: "reversePayment",
    summary: "Take a payment back, whole or in part",
    tag: "mock",
    params: z.object({ payment_id: z.string() }),
    body: reversePaymentBody,
    bodyOptional: true,
    idempotencyKey: "optional",
    answers: { 201: reversalAnswerSchema },
    refusals: [404, 409, 422],
    async handle({ merchant: { store, book }, ledger, params, body, idempotencyKey }) {
      if (!paymentId.safeParse(params.payment_id).success)
        throw new Problem("payment_not_found", "no payment has such an id");
      const input = { ...(toCamelCase(body) as object), paymentId: params.payment_id };
      const { entity, events, replayed } = await ledger.reversePayment(
        input as ReversePaymentInput,
        { idempotencyKey },
      );
      const reversal = events.find(({ type }) => type === "obligation.application_reversed");
      invariant(
        reversal?.type === "obligation.application_reversed",
        `${params.payment_id} was reversed without an event`,
      );
      const { streamId, id, data } = reversal;
      const { amount, currency, reason, reversedTotal } = data;
      const applied = await applicationOn(store, book, params.payment_id, streamId);
      return {
        status: 201,
        body: {
          payment: paymentBody({ ...applied.data, id: params.payment_id }),
          obligation: obligationBody(entity),
          reversal: {
            id,
            amount,
            currency,
            ...(reason === undefined ? {} : { reason }),
            reversed_total: reversedTotal,
          },
        },
        events: replayed ? [] : events,
      };
    },
  }),
];

const isAmong = (events: readonly RecordedEvent[], id: string): boolean =>
  events.some((event) => event.id === id);
