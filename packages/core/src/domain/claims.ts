/**
 * Unique keys of a book, derived from its events and from nothing else. A claim is taken in the
 * transaction that writes its event, so two writers can't both have it; and it is the index that
 * finds the stream or the application behind a key.
 *
 * | claim | taken by | makes unique |
 * |---|---|---|
 * | `reference/{kind}/{reference}` | creation | an external reference, per kind (D-19) |
 * | `payment/{payment}/{kind}/{name}` | application or suspension | a payment on an obligation (D-51) |
 * | `applied/{payment}/{kind}/{id}` | application out of suspense onto the very target that was named | |
 * | `reversed/{payment}/{kind}/{id}/{n}` | the n-th thing done to an application: reversal, undoing, restoration | |
 * | `accepted/{row or position}/{n}` | the n-th acceptance of a row or a movement | it stands in one at most |
 * | `waiting/{kind}/{name}/{n}` | the n-th payment for an unknown target, and the creation that ends the line | nobody is overlooked |
 */

import { unreachable } from "../kernel/invariant.ts";
import type { DomainEvent } from "./events.ts";
import { parseStreamId, type StreamId } from "./target.ts";

export type ClaimKey = string;

export const referenceClaim = (kind: string, reference: string): ClaimKey =>
  `reference/${kind}/${reference}`;
/** `target` is `kind/name`: a stream, or an external reference that names none yet. */
export const paymentClaim = (paymentId: string, target: string): ClaimKey =>
  `payment/${paymentId}/${target}`;
export const appliedClaim = (paymentId: string, target: string): ClaimKey =>
  `applied/${paymentId}/${target}`;
export const reversedClaim = (paymentId: string, target: string, ordinal: number): ClaimKey =>
  `reversed/${paymentId}/${target}/${ordinal}`;
export const acceptedClaim = (member: string | number, ordinal: number): ClaimKey =>
  `accepted/${member}/${ordinal}`;
export const waitingClaim = (target: string, place: number): ClaimKey =>
  `waiting/${target}/${place}`;

/** The claims that an event takes on its stream, in a fixed order. */
export const claimsOf = (streamId: StreamId, event: DomainEvent): readonly ClaimKey[] => {
  switch (event.type) {
    case "customer.created":
    case "account.created":
    case "bill.created": {
      const { kind } = parseStreamId(streamId);
      const { externalReference, awaited } = event.data;
      return [
        referenceClaim(kind, externalReference),
        waitingClaim(`${kind}/${externalReference}`, awaited.reference + 1),
        ...(awaited.id === undefined ? [] : [waitingClaim(streamId, awaited.id + 1)]),
      ];
    }
    case "obligation.amount_applied": {
      const { paymentId, suspendedFor } = event.data;
      return suspendedFor !== undefined && `${suspendedFor.kind}/${suspendedFor.name}` === streamId
        ? [appliedClaim(paymentId, streamId)]
        : [paymentClaim(paymentId, streamId)];
    }
    case "obligation.application_reversed":
    case "obligation.application_undone":
    case "obligation.application_restored":
      return [reversedClaim(event.data.paymentId, streamId, event.data.ordinal)];
    case "payment.suspended": {
      const { paymentId, target, reason, reasonBefore, resolvedId, place } = event.data;
      const named = `${target.kind}/${target.name}`;
      // A conflict is about a key that is held already; a new reason adds the id that was found.
      if (reasonBefore !== undefined)
        return resolvedId === undefined || resolvedId === target.name
          ? []
          : [paymentClaim(paymentId, `${target.kind}/${resolvedId}`)];
      return [
        ...(reason === "payment_conflict" ? [] : [paymentClaim(paymentId, named)]),
        ...(place === undefined ? [] : [waitingClaim(named, place)]),
      ];
    }
    case "reconciliation.match_accepted": {
      const { rows, movements } = event.data;
      return [
        ...rows.map(({ rowId, ordinal }) => acceptedClaim(rowId, ordinal)),
        ...movements.map(({ position, ordinal }) => acceptedClaim(position, ordinal)),
      ];
    }
    case "reconciliation.acceptance_undone":
    case "customer.updated":
    case "account.updated":
    case "bill.updated":
    case "bill.voided":
    case "obligation.opened":
    case "obligation.balance_asserted":
    case "obligation.amount_charged":
    case "obligation.amount_credited":
    case "obligation.payment_rules_set":
    case "payment.matched":
    case "payment.match_undone":
      return [];
    default:
      return unreachable(event);
  }
};
