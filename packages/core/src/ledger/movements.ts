/**
 * The movements of money of one payment: where it was applied, where it was suspended when it came,
 * and what of it was sent back. A payment that came out of suspense moved once, when it came; what
 * was undone did not move.
 */
import type { MoneyKind } from "../domain/events.ts";
import { parseStreamId, streamIdOf } from "../domain/target.ts";
import type { Work } from "../execute/work.ts";
import type { Instant } from "../kernel/instant.ts";
import { applicationAt, changesOf } from "./application.ts";

export interface Movement {
  readonly kind: MoneyKind;
  readonly position: number;
  readonly paymentId: string;
  readonly currency: string;
  readonly amount: number;
  readonly effectiveAt: Instant;
}

/** By position. */
export const movementsOf = async (work: Work, paymentId: string): Promise<Movement[]> => {
  const found: Movement[] = [];
  const add = (
    kind: MoneyKind,
    event: {
      readonly position: number;
      readonly effectiveAt: Instant;
      readonly data: { readonly currency: string; readonly amount: number };
    },
  ): void => {
    const { position, effectiveAt, data } = event;
    const { currency, amount } = data;
    found.push({ kind, position, paymentId, currency, amount, effectiveAt });
  };
  const suspense = streamIdOf("suspense", paymentId);
  // Looked at, so that an answer that writes nothing is confirmed against them.
  await work.stream(suspense);
  for (const holder of await work.paymentClaims(paymentId)) {
    if (parseStreamId(holder.streamId).kind === "suspense") continue;
    await work.stream(holder.streamId);
    const application = await applicationAt(work, holder);
    if (application.data.suspendedFor === undefined) add("payment", application);
    for (const change of await changesOf(work, holder.streamId, paymentId))
      if (change.type === "obligation.application_reversed") add("refund", change);
  }
  for (const event of await work.eventsOf(suspense, ({ type }) => type === "payment.suspended"))
    if (event.type === "payment.suspended" && event.data.reasonBefore === undefined)
      add("payment", event);
  return found.sort((a, b) => a.position - b.position);
};
