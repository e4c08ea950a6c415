/** Matching money out of suspense to where it belongs, and undoing that. */
import type { z } from "zod";
import { appliedClaim, paymentClaim } from "../domain/claims.ts";
import {
  matched,
  matchUndone,
  paymentOf,
  recordPayment,
  restoreApplication,
  undoApplication,
  unfit,
} from "../domain/payment.ts";
import type { PlannedEvent } from "../domain/planned.ts";
import type { EntityState, SuspenseEntry } from "../domain/state.ts";
import {
  type EntityKind,
  isEntityKind,
  parseStreamId,
  type StreamId,
  streamIdOf,
} from "../domain/target.ts";
import type { Plan } from "../execute/executor.ts";
import type { Work } from "../execute/work.ts";
import { accept, type Decision, refuse } from "../kernel/decision.ts";
import { invariant } from "../kernel/invariant.ts";
import { applicationSoFar, matchedHolder } from "./application.ts";
import { matchSuspenseInput, readInput, undoMatchInput } from "./inputs.ts";
import { entryPlace, isUndone } from "./known-payment.ts";
import { entityIfAny, paymentAnswer, targetOf } from "./payment-answer.ts";
import type { PaymentWritten, WriteOptions } from "./types.ts";
import { type Context, type Named, namedTarget, notFound, run } from "./verb.ts";
import { openEntries } from "./views.ts";

export type MatchSuspenseInput = z.input<typeof matchSuspenseInput>;
export type UndoMatchInput = z.input<typeof undoMatchInput>;

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
  const { kind, id } = parseStreamId(streamId);
  invariant(isEntityKind(kind), () => `${streamId} is no target`);
  const plan = (decision: Decision<PlannedEvent[]>): Decision<Plan> =>
    decision.ok
      ? accept({
          events: [
            ...decision.value.map((event) => ({ streamId, event })),
            {
              streamId: streamIdOf("suspense", paymentId),
              event: matched(paymentId, entry, { kind, id }),
            },
          ],
          subject: streamId,
        })
      : decision;
  if (isUndone(entry, { kind, id })) {
    const holder = await matchedHolder(work, paymentId, streamId);
    const { application } = await applicationSoFar(work, holder);
    return plan(restoreApplication(entity, application, entry.effectiveAt));
  }
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
  return plan(recordPayment(entity, paymentOf(paymentId, entry), suspendedFor));
};

/** The entry goes back to suspense, and its payment comes off the obligation that it was matched to. */
const undone = async (
  work: Work,
  paymentId: string,
  entry: SuspenseEntry,
  matchedTo: NonNullable<SuspenseEntry["matchedTo"]>,
  reason: string,
): Promise<Decision<Plan>> => {
  const streamId = streamIdOf(matchedTo.kind, matchedTo.id);
  const entity = await work.entity(streamId);
  invariant(entity !== undefined, () => `${paymentId} was matched to ${streamId}, which is not`);
  const { application } = await applicationSoFar(
    work,
    await matchedHolder(work, paymentId, streamId),
  );
  const { effectiveAt } = entry;
  const decision = undoApplication(entity, application, { reason, effectiveAt });
  if (!decision.ok) return decision;
  const suspense = streamIdOf("suspense", paymentId);
  return accept({
    events: [
      ...decision.value.map((event) => ({ streamId, event })),
      { streamId: suspense, event: matchUndone(paymentId, entry, matchedTo, reason) },
    ],
    subject: suspense,
  });
};

/** The verbs that empty suspense and fill it again, over one book. */
export const suspenseVerbs = (context: Context) => ({
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

  /**
   * Undoes a match, made by hand or by the creation of its target: the payment comes off the
   * obligation, as of when it was applied there, and its money lies in suspense again, from where it
   * may be matched anywhere, to the same obligation too. The target is needed only where sums of the
   * payment were matched to several. What was undone before changes nothing. Refused where a part of
   * it was reversed: the whole is no longer there to lie anywhere.
   */
  async undoMatch(input: UndoMatchInput, options?: WriteOptions): Promise<PaymentWritten> {
    const read = readInput("undoMatch", undoMatchInput, input);
    const target = namedTarget(read);
    const { paymentId, reason } = read;
    const suspense = streamIdOf("suspense", paymentId);
    return paymentAnswer(
      context,
      await run(context, {
        name: "undoMatch",
        lane: suspense,
        input: { ...targetOf(read), paymentId, reason },
        options,
        undated: true,
        decide: async (work) => {
          const { entries } = await work.suspense(paymentId);
          const streamId =
            target === undefined ? undefined : await work.resolve(target.kind, target.name);
          if (target !== undefined && streamId === undefined) return notFound(target);
          const isMeant = ({ kind, id }: { readonly kind: EntityKind; readonly id: string }) =>
            streamId === undefined || streamIdOf(kind, id) === streamId;
          const [standing, ...others] = entries.flatMap((entry) =>
            entry.matchedTo !== undefined && isMeant(entry.matchedTo)
              ? [{ entry, matchedTo: entry.matchedTo }]
              : [],
          );
          if (others.length > 0)
            return refuse(
              "TARGET_REQUIRED",
              `${others.length + 1} sums of ${paymentId} were matched; name the one of which obligation is meant`,
              {
                paymentId,
                targets: entries.flatMap(({ matchedTo }) =>
                  matchedTo === undefined ? [] : [streamIdOf(matchedTo.kind, matchedTo.id)],
                ),
              },
            );
          if (standing !== undefined)
            return undone(work, paymentId, standing.entry, standing.matchedTo, reason);
          const back = openEntries({ entries }).find((entry) => entry.undone?.some(isMeant));
          const place = back === undefined ? undefined : await entryPlace(work, paymentId, back);
          if (place !== undefined && "plan" in place) return accept(place.plan);
          const elsewhere = entries.find((entry) => entry.undone?.some(isMeant))?.matchedTo;
          if (elsewhere !== undefined)
            return refuse(
              "PAYMENT_NOT_FOUND",
              `the match of ${paymentId} to ${target?.name} was undone before, and it was matched to ${elsewhere.id} since; nothing is changed`,
              { paymentId, target: target?.name, matchedTo: elsewhere.id },
            );
          return refuse(
            "PAYMENT_NOT_FOUND",
            target === undefined
              ? `${paymentId} was not matched out of suspense, so there is no match to undo; to take a payment back, reverse it`
              : `${paymentId} was not matched to ${target.name} out of suspense; nothing is changed`,
            { paymentId, ...(target === undefined ? {} : { target: target.name }) },
          );
        },
        view: entityIfAny,
      }),
    );
  },
});
