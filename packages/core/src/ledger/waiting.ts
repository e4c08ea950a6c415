/**
 * The lines in which payments wait in suspense for a target that does not exist yet, and what
 * happens when it comes into being. Places in a line are claims, numbered from 1 without gaps, so a
 * creation that takes the next place knows that it has seen everybody.
 */
import { paymentClaim, waitingClaim } from "../domain/claims.ts";
import { evolve, initialState } from "../domain/evolve.ts";
import { matched, paymentOf, recordPayment, suspendAnew, unfit } from "../domain/payment.ts";
import type { PlannedEvent } from "../domain/planned.ts";
import { type EntityKind, parseStreamId, type StreamId, streamIdOf } from "../domain/target.ts";
import type { Plan } from "../execute/executor.ts";
import { Undecided, type Work } from "../execute/work.ts";
import { accept, type Decision } from "../kernel/decision.ts";
import { invariant } from "../kernel/invariant.ts";
import { range } from "../kernel/range.ts";
import type { ClaimHolder } from "../store/store.ts";
import { entityOf } from "./views.ts";

/** Powers of two up to a million: more payments than that wait for nothing. */
const probes = range(0, 21).map((exponent) => 2 ** exponent);

/**
 * How many payments wait, or have waited, for a target named `kind/name`. The line of a target that
 * exists has been ended by its creation: whoever asks for it has looked before that, and decides again.
 */
export const lineLength = async (work: Work, target: string): Promise<number> => {
  const holdersOf = (places: readonly number[]): Promise<readonly (ClaimHolder | undefined)[]> =>
    work.certainHolders(places.map((place) => waitingClaim(target, place)));
  const probed = await holdersOf(probes);
  const free = probed.indexOf(undefined);
  invariant(free >= 0, () => `more than a million payments wait for ${target}`);
  let [low, high] = [probes[free - 1] ?? 0, probes[free] ?? 1];
  let last = probed[free - 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const [holder] = await holdersOf([middle]);
    if (holder === undefined) high = middle;
    else [low, last] = [middle, holder];
  }
  if (last !== undefined && parseStreamId(last.streamId).kind !== "suspense")
    throw new Undecided(`${target} exists`);
  return low;
};

/**
 * How many waited under the names of an entity that comes into being. A hopeful work says none, and
 * the claim on the first place proves it wrong where it is.
 */
export const awaitedBy = async (
  work: Work,
  kind: EntityKind,
  givenId: string | undefined,
  reference: string,
): Promise<{ readonly id?: number; readonly reference: number }> => {
  const line = (name: string): Promise<number> =>
    work.certain ? lineLength(work, `${kind}/${name}`) : Promise.resolve(0);
  return {
    ...(givenId === undefined ? {} : { id: await line(givenId) }),
    reference: await line(reference),
  };
};

/** The payments that wait in a line, first come first. */
const waitingIn = async (work: Work, target: string, count: number): Promise<string[]> => {
  if (count === 0) return [];
  const places = range(1, count + 1).map((place) => waitingClaim(target, place));
  const holders = await work.certainHolders(places);
  return holders.flatMap((holder) =>
    holder === undefined ? [] : holder.streamId.slice("suspense/".length),
  );
};

/**
 * The creation of an entity with what it sets free: payments in suspense that named exactly it are
 * applied in the same commit, in its currency. What does not fit even then stays, with its new reason.
 */
export const withReleased = async (
  work: Work,
  streamId: StreamId,
  created: readonly PlannedEvent[],
  awaited: { readonly id?: number; readonly reference: number },
): Promise<Decision<Plan["events"]>> => {
  const events = created.map((event) => ({ streamId, event }));
  const state = initialState(streamId);
  const now = work.now();
  for (const event of created) evolve(state, { ...event, effectiveAt: event.effectiveAt ?? now });
  const { kind, id, externalReference } = entityOf(state);
  const payments = new Set([
    ...(await waitingIn(work, streamId, awaited.id ?? 0)),
    ...(await waitingIn(work, `${kind}/${externalReference}`, awaited.reference)),
  ]);
  for (const paymentId of payments) {
    const suspense = streamIdOf("suspense", paymentId);
    for (const entry of (await work.suspense(paymentId)).entries) {
      const { target } = entry;
      const names =
        target.kind === kind && (target.name === id || target.name === externalReference);
      if (!names || entry.matchedTo !== undefined || entry.reason !== "unknown_target") continue;
      // Known under the id already: the same payment was reported by id and by reference.
      const [known] =
        target.name === id ? [] : await work.certainHolders([paymentClaim(paymentId, streamId)]);
      if (known !== undefined) {
        events.push({
          streamId: suspense,
          event: suspendAnew(paymentId, entry, "payment_conflict"),
        });
        continue;
      }
      const reason = unfit(entityOf(state), entry.currency);
      if (reason !== undefined) {
        events.push({ streamId: suspense, event: suspendAnew(paymentId, entry, reason, id) });
        continue;
      }
      const decision = recordPayment(entityOf(state), paymentOf(paymentId, entry), target);
      if (!decision.ok) return decision;
      for (const event of decision.value) {
        evolve(state, { ...event, effectiveAt: entry.effectiveAt });
        events.push({ streamId, event });
      }
      events.push({ streamId: suspense, event: matched(paymentId, entry, { kind, id }) });
    }
  }
  return accept(events);
};
