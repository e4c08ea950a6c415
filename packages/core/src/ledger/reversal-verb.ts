/** Taking payments back: refunds, chargebacks, undoing. */
import type { z } from "zod";
import { reverse } from "../domain/payment.ts";
import { parseStreamId, streamIdOf } from "../domain/target.ts";
import type { Work } from "../execute/work.ts";
import { accept, type Decision, refuse } from "../kernel/decision.ts";
import { invariant } from "../kernel/invariant.ts";
import type { ClaimHolder } from "../store/store.ts";
import { applicationSoFar } from "./application.ts";
import { readInput, reversePaymentInput } from "./inputs.ts";
import { planOn, targetOf } from "./payment-answer.ts";
import type { Entity, WriteOptions, Written } from "./types.ts";
import { type Context, namedTarget, notFound, run, viewOf, written } from "./verb.ts";

export type ReversePaymentInput = z.input<typeof reversePaymentInput>;

/** The verb that takes money back, over one book. */
export const reversalVerb = (context: Context) => {
  const { store, book } = context;
  return {
    /**
     * Takes a payment back, whole or in part: a refund, a chargeback, an undo. At most what is left
     * of the application, in its currency (D-47). The target is needed only where the payment has
     * several. Guarded against doubles by an idempotency key.
     */
    async reversePayment(
      input: ReversePaymentInput,
      options?: WriteOptions,
    ): Promise<Written<Entity>> {
      const read = readInput("reversePayment", reversePaymentInput, input);
      const { paymentId, amount, reason } = read;
      const target = namedTarget(read);
      const holdersOf = async (work: Work): Promise<Decision<ClaimHolder>> => {
        const holders = (await work.paymentClaims(paymentId)).filter(
          ({ streamId }) => parseStreamId(streamId).kind !== "suspense",
        );
        const streamId =
          target === undefined ? undefined : await work.resolve(target.kind, target.name);
        if (target !== undefined && streamId === undefined) return notFound(target);
        const chosen =
          streamId === undefined
            ? holders
            : holders.filter((holder) => holder.streamId === streamId);
        const [holder, ...others] = chosen;
        if (holder === undefined)
          return refuse(
            "PAYMENT_NOT_FOUND",
            target === undefined
              ? `no application of ${paymentId} is known`
              : `${paymentId} was not applied to ${target.name}`,
            { paymentId, ...(target === undefined ? {} : { target: target.name }) },
          );
        if (others.length > 0)
          return refuse(
            "TARGET_REQUIRED",
            `${paymentId} was applied to ${chosen.length} obligations; name the one that is meant`,
            {
              paymentId,
              targets: chosen.map(({ streamId: each }) => each),
            },
          );
        return accept(holder);
      };
      const claims = target === undefined ? await store.paymentClaims(book, paymentId) : [];
      const lane =
        target ??
        claims.find(({ streamId }) => parseStreamId(streamId).kind !== "suspense")?.streamId;
      return written(
        await run(context, {
          name: "reversePayment",
          lane: lane ?? streamIdOf("suspense", paymentId),
          input: { ...targetOf(read), paymentId, amount, reason },
          options,
          decide: async (work, effectiveAt) => {
            const found = await holdersOf(work);
            if (!found.ok) return found;
            const { streamId } = found.value;
            const entity = await work.entity(streamId);
            invariant(entity !== undefined, () => `${streamId} has an application and no entity`);
            const { application } = await applicationSoFar(work, found.value);
            const decision = reverse(entity, application, { amount, reason, effectiveAt });
            return decision.ok ? accept(planOn(streamId, decision.value)) : decision;
          },
          view: viewOf<Entity>,
        }),
      );
    },
  };
};
