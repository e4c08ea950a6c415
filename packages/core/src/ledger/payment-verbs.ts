/** Recording payments that have happened, and applying payments that are asked for. */
import type { z } from "zod";
import { applyPayment, type Payment, recordPayment, suspend, unfit } from "../domain/payment.ts";
import { compact } from "../domain/planned.ts";
import { streamIdOf } from "../domain/target.ts";
import { accept, refuse } from "../kernel/decision.ts";
import { applyPaymentInput, readInput, recordPaymentInput } from "./inputs.ts";
import { entriesFor, entryPlace, knownPayment } from "./known-payment.ts";
import { entityIfAny, paymentAnswer, planOn, targetOf } from "./payment-answer.ts";
import type { PaymentWritten, WriteOptions } from "./types.ts";
import { type Context, type Named, namedTarget, notFound, run } from "./verb.ts";
import { lineLength } from "./waiting.ts";

export type RecordPaymentInput = z.input<typeof recordPaymentInput>;
export type ApplyPaymentInput = z.input<typeof applyPaymentInput>;

const conflict = (
  target: Named,
  paymentId: string,
  { amount, currency }: { readonly amount: number; readonly currency: string | undefined },
  known: { readonly amount: number; readonly currency: string },
) => {
  const now = currency === undefined || currency === known.currency ? "" : ` ${currency}`;
  return refuse(
    "PAYMENT_CONFLICT",
    `${paymentId} was reported for ${target.name} before, with ${known.amount} ${known.currency} and not ${amount}${now}`,
    compact({
      paymentId,
      target: target.name,
      amount,
      currency,
      known: known.amount,
      knownCurrency: known.currency,
    }),
  );
};

/** The verbs that bring money in, over one book. */
export const paymentVerbs = (context: Context) => {
  const { executor } = context;
  return {
    /**
     * Records a payment that has happened. Never refused by a payment rule: the rules that it broke
     * stand in `violations`, and what fits nothing goes to suspense with its reason. The same payment
     * on the same target with the same amount and currency has one effect, however often it is
     * reported (D-51).
     */
    async recordPayment(
      input: RecordPaymentInput,
      options?: WriteOptions,
    ): Promise<PaymentWritten> {
      const read = readInput("recordPayment", recordPaymentInput, input);
      const target = namedTarget(read) as Named;
      const paymentId = read.paymentId ?? executor.mint.ids("payment");
      const { amount, currency, metadata, sourceEventId, sourceObligationId } = read;
      const facts = { paymentId, amount, currency, metadata, sourceEventId, sourceObligationId };
      return paymentAnswer(
        context,
        await run(context, {
          name: "recordPayment",
          lane: target,
          input: { ...targetOf(read), paymentId: read.paymentId, amount, currency, metadata },
          options,
          futureAllowed: true,
          decide: async (work, stated) => {
            const payment: Payment = { ...facts, effectiveAt: stated };
            // Looked at before its claims are: what a newer claim says would not fit an older state.
            if (work.certain) await work.suspense(paymentId);
            const effectiveAt = stated ?? work.now();
            const streamId = await work.resolve(target.kind, target.name);
            const known =
              read.paymentId === undefined
                ? { kind: "new" as const }
                : await knownPayment(work, target, streamId, payment);
            if (known.kind === "repeat" || known.kind === "suspended") return accept(known.plan);
            const entity = streamId === undefined ? undefined : await work.entity(streamId);
            const suspense = streamIdOf("suspense", paymentId);
            if (known.kind === "conflict") {
              const entry = (await entriesFor(work, paymentId, target, streamId)).find(
                (each) => each.amount === amount && each.currency === currency,
              );
              if (entry !== undefined) {
                const place = await entryPlace(work, paymentId, entry);
                if ("plan" in place) return accept(place.plan);
              }
              const named = { kind: target.kind, name: entity?.id ?? target.name };
              return accept(
                planOn(suspense, [suspend(payment, named, "payment_conflict", { effectiveAt })]),
              );
            }
            if (streamId === undefined || entity === undefined) {
              work.needCertainty();
              const place = (await lineLength(work, streamIdOf(target.kind, target.name))) + 1;
              return accept(
                planOn(suspense, [
                  suspend(payment, target, "unknown_target", { effectiveAt, place }),
                ]),
              );
            }
            const reason = unfit(entity, currency);
            if (reason !== undefined) {
              work.needCertainty();
              work.restOn(streamId);
              const named = { kind: target.kind, name: entity.id };
              return accept(planOn(suspense, [suspend(payment, named, reason, { effectiveAt })]));
            }
            const decision = recordPayment(entity, payment);
            return decision.ok ? accept(planOn(streamId, decision.value)) : decision;
          },
          view: entityIfAny,
        }),
      );
    },

    /**
     * Applies a payment that is asked for. Refused whole by the first rule that it breaks (spec 4);
     * an unknown target is `NOT_FOUND`. The same payment on the same target again gives the first
     * outcome, before any rule is looked at (D-51).
     */
    async applyPayment(input: ApplyPaymentInput, options?: WriteOptions): Promise<PaymentWritten> {
      const read = readInput("applyPayment", applyPaymentInput, input);
      const target = namedTarget(read) as Named;
      const paymentId = read.paymentId ?? executor.mint.ids("payment");
      const { amount, metadata } = read;
      return paymentAnswer(
        context,
        await run(context, {
          name: "applyPayment",
          lane: target,
          input: {
            ...targetOf(read),
            paymentId: read.paymentId,
            amount,
            currency: read.currency,
            metadata,
          },
          options,
          decide: async (work, effectiveAt) => {
            const streamId = await work.resolve(target.kind, target.name);
            if (read.paymentId !== undefined) {
              const known = await knownPayment(work, target, streamId, {
                paymentId,
                amount,
                currency: read.currency,
              });
              if (known.kind === "repeat") return accept(known.plan);
              if (known.kind === "conflict")
                return conflict(target, paymentId, { amount, currency: read.currency }, known);
              if (known.kind === "suspended")
                return refuse(
                  "PAYMENT_CONFLICT",
                  `${paymentId} lies in suspense for ${target.name}; match it instead of applying it again`,
                  {
                    paymentId,
                    target: target.name,
                  },
                );
            }
            const entity = streamId === undefined ? undefined : await work.entity(streamId);
            if (streamId === undefined || entity === undefined) return notFound(target);
            const decision = applyPayment(entity, {
              paymentId,
              amount,
              currency: read.currency ?? entity.currency,
              metadata,
              effectiveAt,
            });
            return decision.ok ? accept(planOn(streamId, decision.value)) : decision;
          },
          view: entityIfAny,
        }),
      );
    },
  };
};
