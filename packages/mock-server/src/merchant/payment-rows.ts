/**
 * Payments as they are listed, folded from the events of a book: a payment is where it was applied,
 * what of that was taken back, and what of it lies in suspense. Amounts are minor units.
 */
import {
  type CurrencyCode,
  type EntityKind,
  type ObligationKind,
  parseStreamId,
  type RecordedEvent,
} from "@tallystick/core";

interface AppliedPart {
  readonly id: string;
  readonly kind: ObligationKind;
  /** Of the customer, account or bill that it is of. */
  readonly owner: string;
  /** The customer that it belongs to. */
  readonly customer: string;
  readonly amount: number;
  readonly currency: CurrencyCode;
  /** Taken back so far. */
  readonly reversed: number;
}

interface SuspendedPart {
  readonly kind: EntityKind;
  readonly name: string;
  readonly amount: number;
  readonly currency: CurrencyCode;
}

export interface PaymentRow {
  readonly id: string;
  /** Position of the event that first told of it: its place in the list. */
  readonly place: number;
  /** That it arrived in first. */
  readonly currency: CurrencyCode;
  readonly applied: readonly AppliedPart[];
  readonly suspended: readonly SuspendedPart[];
}

export type PaymentStatus = "succeeded" | "reversed" | "suspended";

/** `reversed` once nothing of it is left; `suspended` while a part of it waits for its obligation. */
export const statusOf = ({ applied, suspended }: PaymentRow): PaymentStatus => {
  if (suspended.length > 0) return "suspended";
  return applied.every(({ amount, reversed }) => amount === reversed) ? "reversed" : "succeeded";
};

export const customersOf = ({ applied }: PaymentRow): readonly string[] => [
  ...new Set(applied.map(({ customer }) => customer)),
];

/** The payment that an event is about; undefined for an event that is about none. */
export const paymentIdOf = ({ data }: RecordedEvent): string | undefined =>
  "paymentId" in data ? data.paymentId : undefined;

/** The payment after one more event; `customer` is whose obligation the event is on. */
export const paymentAfter = (
  row: PaymentRow | undefined,
  event: RecordedEvent,
  customer: string | undefined,
): PaymentRow | undefined => {
  const { id: owner } = parseStreamId(event.streamId);
  const begun = (id: string, currency: CurrencyCode): PaymentRow =>
    row ?? { id, place: event.position, currency, applied: [], suspended: [] };
  switch (event.type) {
    case "obligation.amount_applied":
    case "obligation.application_restored": {
      const { paymentId, obligationId: id, obligationKind: kind, amount, currency } = event.data;
      const before = begun(paymentId, currency);
      const part = { id, kind, owner, customer: customer ?? owner, amount, currency, reversed: 0 };
      return { ...before, applied: [...before.applied, part] };
    }
    case "obligation.application_reversed": {
      const { paymentId, obligationId, currency, reversedTotal } = event.data;
      const before = begun(paymentId, currency);
      const applied = before.applied.map((part) =>
        part.id === obligationId ? { ...part, reversed: reversedTotal } : part,
      );
      return { ...before, applied };
    }
    case "obligation.application_undone": {
      const { paymentId, obligationId, currency } = event.data;
      const before = begun(paymentId, currency);
      return { ...before, applied: before.applied.filter(({ id }) => id !== obligationId) };
    }
    case "payment.suspended":
    case "payment.match_undone": {
      const { paymentId, target, amount, currency } = event.data;
      const before = begun(paymentId, currency);
      if ("reasonBefore" in event.data) return before;
      return { ...before, suspended: [...before.suspended, { ...target, amount, currency }] };
    }
    case "payment.matched": {
      const { paymentId, target, amount, currency } = event.data;
      const before = begun(paymentId, currency);
      const at = before.suspended.findIndex(
        (part) =>
          part.kind === target.kind &&
          part.name === target.name &&
          part.amount === amount &&
          part.currency === currency,
      );
      return { ...before, suspended: before.suspended.filter((_, index) => index !== at) };
    }
    default:
      return row;
  }
};
