/**
 * What the book knows of a payment on a target before anything is decided: the natural key of D-51.
 * Its claim leads to the application, or to suspense and from there to where the money has gone.
 */
import { paymentClaim } from "../domain/claims.ts";
import { findEntry } from "../domain/evolve.ts";
import type { Payment } from "../domain/payment.ts";
import type { SuspenseEntry } from "../domain/state.ts";
import { parseStreamId, type StreamId, streamIdOf } from "../domain/target.ts";
import type { Plan } from "../execute/executor.ts";
import type { Work } from "../execute/work.ts";
import { invariant } from "../kernel/invariant.ts";
import { applicationAt, changesOf, matchedHolder } from "./application.ts";
import type { Named } from "./verb.ts";

/** A payment that names its currency only where it has happened. */
export type NamedPayment = Omit<Payment, "currency"> & { readonly currency?: string | undefined };
/** What is known of a payment on a target before anything is decided (D-51). */
export type Known =
  | { readonly kind: "new" }
  /** The same payment did its work there. */
  | { readonly kind: "repeat"; readonly plan: Plan }
  /** The same payment lies in suspense. */
  | { readonly kind: "suspended"; readonly plan: Plan }
  /** The same payment and target, with another amount or currency. */
  | { readonly kind: "conflict"; readonly amount: number; readonly currency: string };

/** Where an entry of suspense has gone, or that it still lies there. */
export const entryPlace = async (
  work: Work,
  paymentId: string,
  entry: SuspenseEntry,
): Promise<Known> => {
  const { matchedTo } = entry;
  const suspense = streamIdOf("suspense", paymentId);
  if (matchedTo === undefined) {
    const events = await work.eventsOf(
      suspense,
      (each) =>
        (each.type === "payment.suspended" || each.type === "payment.match_undone") &&
        findEntry([entry], each.data) !== undefined,
    );
    const event = events.at(-1);
    invariant(event !== undefined, () => `${paymentId} lies in suspense and was never suspended`);
    return { kind: "suspended", plan: { events: [], subject: suspense, repeats: event.revision } };
  }
  const streamId = streamIdOf(matchedTo.kind, matchedTo.id);
  const holder = await matchedHolder(work, paymentId, streamId);
  // Where it was taken off and matched there again, that is when it did its work.
  const restored = isUndone(entry, matchedTo)
    ? (await changesOf(work, streamId, paymentId)).findLast(
        ({ type }) => type === "obligation.application_restored",
      )
    : undefined;
  const { revision } = restored ?? (await work.eventAt(holder));
  return { kind: "repeat", plan: { events: [], subject: streamId, repeats: revision } };
};

/** Whether a match of an entry was undone, be it that it was made again since. */
export const isUndone = (
  { undone = [] }: SuspenseEntry,
  { kind, id }: { readonly kind: string; readonly id: string },
): boolean => undone.some((each) => each.kind === kind && each.id === id);

/** What of a payment was suspended for a target, under any name that the target has. */
export const entriesFor = async (
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

export const knownPayment = async (
  work: Work,
  target: Named,
  streamId: StreamId | undefined,
  { paymentId, amount, currency }: NamedPayment,
): Promise<Known> => {
  const named = streamIdOf(target.kind, target.name);
  const entity = streamId === undefined ? undefined : await work.entity(streamId);
  // Only what came before there was a stream took its claim on the reference.
  const names =
    streamId === undefined || streamId === named
      ? [named]
      : entity?.awaited === undefined
        ? [streamId]
        : [streamId, named];
  for (const name of names) {
    const key = paymentClaim(paymentId, name);
    // An application takes the first of these claims. The other one is not looked at again when it
    // is written, so a hopeful work asks for it as well.
    const [holder] =
      name === names[0] ? [await work.holder(key)] : await work.certainHolders([key]);
    if (holder === undefined) continue;
    work.needCertainty();
    if (parseStreamId(holder.streamId).kind !== "suspense") {
      const { data } = await applicationAt(work, holder);
      const back = (await work.suspense(paymentId)).entries.find(
        (entry) => entry.matchedTo === undefined && isUndone(entry, parseStreamId(holder.streamId)),
      );
      if (
        back !== undefined &&
        data.amount === amount &&
        data.currency === (currency ?? data.currency)
      )
        return entryPlace(work, paymentId, back);
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
    invariant(first !== undefined, () => `${paymentId} claims ${name} and has no entry for it`);
    return { kind: "conflict", amount: first.amount, currency: first.currency };
  }
  return { kind: "new" };
};
