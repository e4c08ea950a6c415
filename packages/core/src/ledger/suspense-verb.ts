/** Matching money out of suspense to where it belongs. */
import type { z } from "zod";
import { appliedClaim, paymentClaim } from "../domain/claims.ts";
import { matched, paymentOf, recordPayment, unfit } from "../domain/payment.ts";
import type { EntityState, SuspenseEntry } from "../domain/state.ts";
import { parseStreamId, type StreamId, streamIdOf } from "../domain/target.ts";
import type { Plan } from "../execute/executor.ts";
import type { Work } from "../execute/work.ts";
import { accept, type Decision, refuse } from "../kernel/decision.ts";
import { invariant } from "../kernel/invariant.ts";
import { matchSuspenseInput, readInput } from "./inputs.ts";
import { entryPlace } from "./known-payment.ts";
import { entityIfAny, paymentAnswer, targetOf } from "./payment-answer.ts";
import type { PaymentWritten, WriteOptions } from "./types.ts";
import { type Context, type Named, namedTarget, notFound, run } from "./verb.ts";
import { openEntries } from "./views.ts";

export type MatchSuspenseInput = z.input<typeof matchSuspenseInput>;

const matchTo = async (
  work: Work,
  streamId: StreamId,
  entity: EntityState,
  paymentId: string,
  entry: SuspenseEntry,
): Promise<Decision<Plan>> => {
  const reason = unfit(entity, entry.currency);
  if (reason === "bill_voided")
    return refuse("BILL_VOIDED", `${entity.id} is voided: ${paymentId} stays in suspense`, {
      id: entity.id,
      paymentId,
    });
  if (reason === "currency_mismatch")
    return refuse(
      "CURRENCY_MISMATCH",
      `${paymentId} is in ${entry.currency}, ${entity.id} is kept in ${entity.currency}`,
      {
        id: entity.id,
        paymentId,
        currency: entry.currency,
        expected: entity.currency,
      },
    );
  // The claim on the named target is the entry's own; elsewhere the application takes it.
  const suspendedFor = { kind: entry.target.kind, name: entry.resolvedId ?? entry.target.name };
  const own = streamIdOf(suspendedFor.kind, suspendedFor.name) === streamId;
  const claim = own ? appliedClaim(paymentId, streamId) : paymentClaim(paymentId, streamId);
  const [taken] = await work.certainHolders([claim]);
  const direct = own
    ? (await work.certainHolders([paymentClaim(paymentId, streamId)]))[0]
    : undefined;
  if (taken !== undefined || direct?.streamId === streamId)
    return refuse(
      "PAYMENT_CONFLICT",
      `${paymentId} was applied to ${entity.id} before; another sum of it does not fit there`,
      {
        paymentId,
        id: entity.id,
      },
    );
  const decision = recordPayment(entity, paymentOf(paymentId, entry), suspendedFor);
  if (!decision.ok) return decision;
  const { kind, id } = parseStreamId(streamId);
  invariant(kind !== "suspense", () => `${streamId} is no target`);
  return accept({
    events: [
      ...decision.value.map((event) => ({ streamId, event })),
      {
        streamId: streamIdOf("suspense", paymentId),
        event: matched(paymentId, entry, { kind, id }),
      },
    ],
    subject: streamId,
  });
};

/** The verb that empties suspense, over one book. */
export const suspenseVerb = (context: Context) => ({
  /**
   * Moves money out of suspense to where it belongs, dated as the payment was. Refused where it
   * does not fit: another currency, a voided bill, the same payment applied there already. What
   * has gone there before gives that outcome again.
   */
  async matchSuspense(input: MatchSuspenseInput, options?: WriteOptions): Promise<PaymentWritten> {
    const read = readInput("matchSuspense", matchSuspenseInput, input);
    const target = namedTarget(read) as Named;
    const { paymentId, amount, currency } = read;
    return paymentAnswer(
      context,
      await run(context, {
        name: "matchSuspense",
        lane: target,
        input: { ...targetOf(read), paymentId, amount, currency },
        options,
        undated: true,
        decide: async (work) => {
          const streamId = await work.resolve(target.kind, target.name);
          const entity = streamId === undefined ? undefined : await work.entity(streamId);
          if (streamId === undefined || entity === undefined) return notFound(target);
          const asked = (entry: SuspenseEntry): boolean =>
            entry.amount === (amount ?? entry.amount) &&
            entry.currency === (currency ?? entry.currency);
          const suspense = await work.suspense(paymentId);
          const [entry, ...others] = openEntries(suspense).filter(asked);
          if (entry === undefined) {
            const gone = suspense.entries.find(
              (each) =>
                asked(each) &&
                each.matchedTo !== undefined &&
                streamIdOf(each.matchedTo.kind, each.matchedTo.id) === streamId,
            );
            const place = gone === undefined ? undefined : await entryPlace(work, paymentId, gone);
            if (place !== undefined && "plan" in place) return accept(place.plan);
            return refuse(
              "PAYMENT_NOT_FOUND",
              `${paymentId} does not lie in suspense; nothing is changed`,
              { paymentId },
            );
          }
          if (others.length > 0)
            return refuse(
              "TARGET_REQUIRED",
              `${others.length + 1} sums of ${paymentId} lie in suspense; name the amount and currency that is meant`,
              {
                paymentId,
                amounts: [entry, ...others].map((each) => ({
                  amount: each.amount,
                  currency: each.currency,
                })),
              },
            );
          return matchTo(work, streamId, entity, paymentId, entry);
        },
        view: entityIfAny,
      }),
    );
  },
});
