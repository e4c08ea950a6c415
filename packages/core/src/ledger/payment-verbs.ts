/** Recording and applying payments, taking them back, matching them out of suspense. */
import type { z } from "zod";
import { appliedClaim, paymentClaim, reversedClaim } from "../domain/claims.ts";
import type { EventOf } from "../domain/events.ts";
import { findEntry } from "../domain/evolve.ts";
import {
  type Application,
  applyPayment,
  matched,
  type Payment,
  paymentOf,
  recordPayment,
  reverse,
  suspend,
  unfit,
} from "../domain/payment.ts";
import type { PlannedEvent } from "../domain/planned.ts";
import type { EntityState, StreamState, SuspenseEntry } from "../domain/state.ts";
import { parseStreamId, type StreamId, streamIdOf } from "../domain/target.ts";
import type { Executed, Plan } from "../execute/executor.ts";
import { eventAt, type Work } from "../execute/work.ts";
import { accept, type Decision, refuse } from "../kernel/decision.ts";
import { invariant } from "../kernel/invariant.ts";
import type { RecordedEvent } from "../store/commit.ts";
import type { ClaimHolder } from "../store/store.ts";
import {
  applyPaymentInput,
  matchSuspenseInput,
  readInput,
  recordPaymentInput,
  reversePaymentInput,
} from "./inputs.ts";
import type {
  Entity,
  PaymentOutcome,
  PaymentWritten,
  TargetInput,
  WriteOptions,
  Written,
} from "./types.ts";
import { type Context, type Named, namedTarget, notFound, run, viewOf, written } from "./verb.ts";
import { entityView, openEntries } from "./views.ts";
import { lineLength } from "./waiting.ts";

export type RecordPaymentInput = z.input<typeof recordPaymentInput>;
export type ApplyPaymentInput = z.input<typeof applyPaymentInput>;
export type ReversePaymentInput = z.input<typeof reversePaymentInput>;
export type MatchSuspenseInput = z.input<typeof matchSuspenseInput>;

/** A payment that names its currency only where it has happened. */
type NamedPayment = Omit<Payment, "currency"> & { readonly currency?: string | undefined };

const planOn = (streamId: StreamId, events: readonly PlannedEvent[]): Plan => ({
  events: events.map((event) => ({ streamId, event })),
  subject: streamId,
});

/** The application events of a payment, with what holds a claim on it. */
const applicationAt = async (
  work: Work,
  holder: ClaimHolder,
): Promise<RecordedEvent & EventOf<"obligation.amount_applied">> => {
  const event = await work.eventAt(holder);
  invariant(event.type === "obligation.amount_applied", `${event.id} applies no payment`);
  return event as RecordedEvent & EventOf<"obligation.amount_applied">;
};

/** What is known of a payment on a target before anything is decided (D-51). */
type Known =
  | { readonly kind: "new" }
  /** The same payment did its work there. */
  | { readonly kind: "repeat"; readonly plan: Plan }
  /** The same payment lies in suspense. */
  | { readonly kind: "suspended"; readonly plan: Plan }
  /** The same payment and target, with another amount or currency. */
  | { readonly kind: "conflict"; readonly amount: number; readonly currency: string };

/** Where an entry of suspense has gone, or that it still lies there. */
const entryPlace = async (work: Work, paymentId: string, entry: SuspenseEntry): Promise<Known> => {
  const { matchedTo } = entry;
  const suspense = streamIdOf("suspense", paymentId);
  if (matchedTo === undefined) {
    const event = await work.lastEvent(
      suspense,
      (each) => each.type === "payment.suspended" && findEntry([entry], each.data) !== undefined,
    );
    invariant(event !== undefined, `${paymentId} lies in suspense and was never suspended`);
    return { kind: "suspended", plan: { events: [], subject: suspense, repeats: event.revision } };
  }
  const streamId = streamIdOf(matchedTo.kind, matchedTo.id);
  const holders = await work.certainHolders([
    appliedClaim(paymentId, streamId),
    paymentClaim(paymentId, streamId),
  ]);
  const holder = holders.find((candidate) => candidate?.streamId === streamId);
  invariant(holder !== undefined, `${paymentId} was matched to ${streamId} and is not there`);
  await work.eventAt(holder);
  return { kind: "repeat", plan: { events: [], subject: streamId, repeats: holder.revision } };
};

/** What of a payment was suspended for a target, under any name that the target has. */
const entriesFor = async (
  work: Work,
  paymentId: string,
  { kind, name }: Named,
  streamId: StreamId | undefined,
): Promise<SuspenseEntry[]> => {
  const entity = streamId === undefined ? undefined : await work.entity(streamId);
  const names = new Set([name, entity?.id, entity?.externalReference]);
  const { entries } = await work.suspense(paymentId);
  return entries.filter(
    ({ target, resolvedId }) =>
      target.kind === kind &&
      (names.has(target.name) || (resolvedId !== undefined && names.has(resolvedId))),
  );
};

const knownPayment = async (
  work: Work,
  target: Named,
  streamId: StreamId | undefined,
  { paymentId, amount, currency }: NamedPayment,
): Promise<Known> => {
  const named = streamIdOf(target.kind, target.name);
  const names = streamId === undefined || streamId === named ? [named] : [streamId, named];
  for (const name of names) {
    const holder = await work.holder(paymentClaim(paymentId, name));
    if (holder === undefined) continue;
    if (parseStreamId(holder.streamId).kind !== "suspense") {
      const { data } = await applicationAt(work, holder);
      return data.amount === amount && (currency ?? data.currency) === data.currency
        ? {
            kind: "repeat",
            plan: { events: [], subject: holder.streamId, repeats: holder.revision },
          }
        : { kind: "conflict", amount: data.amount, currency: data.currency };
    }
    const onTarget = await entriesFor(work, paymentId, target, streamId);
    const same = onTarget.find(
      (entry) => entry.amount === amount && (currency ?? entry.currency) === entry.currency,
    );
    if (same !== undefined) return entryPlace(work, paymentId, same);
    const [first] = onTarget;
    invariant(first !== undefined, `${paymentId} claims ${name} and has no entry for it`);
    return { kind: "conflict", amount: first.amount, currency: first.currency };
  }
  return { kind: "new" };
};

/** What became of a payment, read off the event at its subject's revision. */
const outcomeOf = (event: RecordedEvent): PaymentOutcome => {
  if (event.type === "payment.suspended") {
    const { paymentId, amount, currency, reason } = event.data;
    return {
      id: paymentId,
      amount,
      currency,
      status: "suspended",
      eventId: event.id,
      effect: 0,
      violations: [],
      reason,
    };
  }
  invariant(event.type === "obligation.amount_applied", `${event.id} is no payment`);
  const { paymentId, amount, currency, effect, violations } = event.data;
  return {
    id: paymentId,
    amount,
    currency,
    status: "applied",
    eventId: event.id,
    effect,
    violations: violations ?? [],
  };
};

const conflict = (
  target: Named,
  paymentId: string,
  amount: number,
  known: { amount: number; currency: string },
) =>
  refuse(
    "PAYMENT_CONFLICT",
    `${paymentId} was reported for ${target.name} before, with ${known.amount} ${known.currency} and not ${amount}`,
    { paymentId, target: target.name, amount, known: known.amount, knownCurrency: known.currency },
  );

/** The target as the caller wrote it: fingerprints are by the names that the caller knows. */
const targetOf = ({ customer, account, bill }: TargetInput): TargetInput => ({
  customer,
  account,
  bill,
});

/** The entity of a state, or nothing where it is a suspense stream. */
const entityIfAny = (state: StreamState): Entity | undefined =>
  state.kind === "suspense" || state.entity === undefined ? undefined : entityView(state.entity);

/** The verbs that move money, over one book. */
export const paymentVerbs = (context: Context) => {
  const { store, book, executor } = context;

  const answer = async (executed: Executed<Entity | undefined>): Promise<PaymentWritten> => {
    const { streamId, revision } = executed.subject;
    const own = executed.events.find(
      (event) => event.streamId === streamId && event.revision === revision,
    );
    const event = own ?? (await eventAt(store, book, executed.subject));
    return { ...written(executed), payment: outcomeOf(event) };
  };

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
      return answer(
        await run(context, {
          name: "recordPayment",
          lane: target,
          input: { ...targetOf(read), paymentId: read.paymentId, amount, currency, metadata },
          options,
          futureAllowed: true,
          decide: async (work, stated) => {
            const payment: Payment = { ...facts, effectiveAt: stated };
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
      return answer(
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
              if (known.kind === "conflict") return conflict(target, paymentId, amount, known);
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
            const currency = read.currency ?? entity.currency;
            if (currency === undefined)
              return refuse(
                "CURRENCY_REQUIRED",
                `${entity.id} has no currency; name the payment's`,
                {
                  id: entity.id,
                  field: "currency",
                },
              );
            const decision = applyPayment(entity, {
              paymentId,
              amount,
              currency,
              metadata,
              effectiveAt,
            });
            return decision.ok ? accept(planOn(streamId, decision.value)) : decision;
          },
          view: entityIfAny,
        }),
      );
    },

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
            const event = await applicationAt(work, found.value);
            const entity = await work.entity(streamId);
            invariant(entity !== undefined, `${streamId} has an application and no entity`);
            const application = await reversedSoFar(work, streamId, event);
            const decision = reverse(entity, application, { amount, reason, effectiveAt });
            return decision.ok ? accept(planOn(streamId, decision.value)) : decision;
          },
          view: viewOf<Entity>,
        }),
      );
    },

    /**
     * Moves money out of suspense to where it belongs, dated as the payment was. Refused where it
     * does not fit: another currency, a voided bill, the same payment applied there already. What
     * has gone there before gives that outcome again.
     */
    async matchSuspense(
      input: MatchSuspenseInput,
      options?: WriteOptions,
    ): Promise<PaymentWritten> {
      const read = readInput("matchSuspense", matchSuspenseInput, input);
      const target = namedTarget(read) as Named;
      const { paymentId, amount, currency } = read;
      return answer(
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
              const place =
                gone === undefined ? undefined : await entryPlace(work, paymentId, gone);
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
  };
};

/** The application with its reversals, found by their claims one after the other. */
const reversedSoFar = async (
  work: Work,
  streamId: StreamId,
  { id, data }: RecordedEvent & EventOf<"obligation.amount_applied">,
): Promise<Application> => {
  const { paymentId, amount, currency } = data;
  const application = { eventId: id, paymentId, amount, currency };
  for (let reversals = 0, reversedTotal = 0; ; reversals += 1) {
    const [holder] = await work.certainHolders([reversedClaim(paymentId, streamId, reversals + 1)]);
    if (holder === undefined) return { ...application, reversals, reversedTotal };
    const event = await work.eventAt(holder);
    invariant(event.type === "obligation.application_reversed", `${event.id} is no reversal`);
    reversedTotal = event.data.reversedTotal;
  }
};

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
  invariant(kind !== "suspense", `${streamId} is no target`);
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
