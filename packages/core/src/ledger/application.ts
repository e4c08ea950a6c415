/**
 * A payment on an obligation as the book has it: the event that applied it, and what was done to it
 * since. Reversals, undoings and restorations are numbered, and found by their claims one after the other.
 */
import { appliedClaim, paymentClaim, reversedClaim } from "../domain/claims.ts";
import type { EventOf } from "../domain/events.ts";
import type { Application } from "../domain/payment.ts";
import type { StreamId } from "../domain/target.ts";
import type { Work } from "../execute/work.ts";
import { invariant } from "../kernel/invariant.ts";
import type { RecordedEvent } from "../store/commit.ts";
import type { ClaimHolder } from "../store/store.ts";

type Changed = RecordedEvent &
  EventOf<
    | "obligation.application_reversed"
    | "obligation.application_undone"
    | "obligation.application_restored"
  >;

/** The event that holds a claim on a payment as its application. */
export const applicationAt = async (
  work: Work,
  holder: ClaimHolder,
): Promise<RecordedEvent & EventOf<"obligation.amount_applied">> => {
  const event = await work.eventAt(holder);
  invariant(event.type === "obligation.amount_applied", () => `${event.id} applies no payment`);
  return event as RecordedEvent & EventOf<"obligation.amount_applied">;
};

/** What holds the claim of a payment that was matched to a stream out of suspense. */
export const matchedHolder = async (
  work: Work,
  paymentId: string,
  streamId: StreamId,
): Promise<ClaimHolder> => {
  const holders = await work.certainHolders([
    appliedClaim(paymentId, streamId),
    paymentClaim(paymentId, streamId),
  ]);
  const holder = holders.find((candidate) => candidate?.streamId === streamId);
  invariant(holder !== undefined, () => `${paymentId} was matched to ${streamId} and is not there`);
  return holder;
};

/** What was done to an application since, in order. */
export const changesOf = async (
  work: Work,
  streamId: StreamId,
  paymentId: string,
): Promise<Changed[]> => {
  const changes: Changed[] = [];
  for (;;) {
    const claim = reversedClaim(paymentId, streamId, changes.length + 1);
    const [holder] = await work.certainHolders([claim]);
    if (holder === undefined) return changes;
    const event = await work.eventAt(holder);
    invariant("ordinal" in event.data, () => `${event.id} changes no application`);
    changes.push(event as Changed);
  }
};

/** An application as it stands. */
export const applicationSoFar = async (
  work: Work,
  holder: ClaimHolder,
): Promise<{ readonly application: Application; readonly changes: readonly Changed[] }> => {
  const { id: eventId, data } = await applicationAt(work, holder);
  const { paymentId, amount, currency } = data;
  const changes = await changesOf(work, holder.streamId, paymentId);
  const last = changes.at(-1);
  const undone = last?.type === "obligation.application_undone";
  const reversedTotal =
    last?.type === "obligation.application_reversed"
      ? last.data.reversedTotal
      : undone
        ? amount
        : 0;
  return {
    application: {
      eventId,
      paymentId,
      amount,
      currency,
      reversedTotal,
      changes: changes.length,
      undone,
    },
    changes,
  };
};
