/**
 * The fields of the wire: the core's own, with what an OpenAPI document can say of them. Their checks
 * are the core's; the bounds repeated here are only shown.
 */
import { amountMax, billAmountMax, field, idPatterns } from "@tallystick/core";
import { z } from "zod";
import type {} from "zod-openapi";

const source = ({ source: text }: RegExp): string => text;
const referencePattern = "^[a-zA-Z0-9_-]+$";
const notStarting = (...prefixes: readonly string[]): string =>
  `^(?!${prefixes.join("|")})[a-zA-Z0-9_-]+$`;

const reference = (...reserved: readonly string[]) =>
  field.externalReference(...reserved).meta({
    description: "Your own reference, unique among objects of this kind.",
    override: { minLength: 1, maxLength: 255, pattern: notStarting(...reserved) },
  });

/** A new object's reference, by kind: prefixes that would read as an id are reserved (D-18). */
export const newReference = {
  customer: reference("bcus_"),
  account: reference("bacc_"),
  bill: reference("bcus_", "bill_"),
};

/** An object in a path or a body: its id, or its external reference (spec 2.8). */
export const idOrReference = field.idOrReference.meta({
  description: "The id, or your own reference.",
  override: { minLength: 1, maxLength: 255, pattern: referencePattern },
});

export const name = field.name.meta({ override: { maxLength: 255 } });
export const email = field.emailAddress.meta({
  override: { type: "string", format: "email", maxLength: 255 },
});
export const phone = field.phone.meta({
  description: "E.164.",
  override: { type: "string", pattern: "^\\+[1-9]\\d{1,14}$" },
});
export const currency = field.currency.meta({
  description: "ISO 4217.",
  override: { minLength: 3, maxLength: 3, pattern: "^[A-Z]{3}$" },
});
export const balance = field.signedAmount.meta({
  description: "Minor units; negative is credit. Given only where a balance is tracked.",
  override: { type: "integer", minimum: -amountMax, maximum: amountMax },
});
export const amountDue = field.amountDue.meta({
  description: "Minor units.",
  override: { type: "integer", minimum: 1, maximum: billAmountMax },
});
export const amountPaid = field.amountPaid.meta({
  description: "Minor units; the new total, not an increment.",
  override: { type: "integer", minimum: 0, maximum: billAmountMax },
});
export const positiveAmount = field.positiveAmount.meta({
  description: "Minor units.",
  override: { type: "integer", minimum: 1, maximum: amountMax },
});
/** In answers: sums may pass the bounds of what is put in. */
export const unsignedAmount = field.unsignedAmount.meta({
  description: "Minor units.",
  override: { type: "integer", minimum: 0, maximum: amountMax },
});
export const date = field.calendarDate.meta({ override: { format: "date" } });
export const metadata = field.metadata.meta({
  description: "Texts by key; merged into what is there, never removed.",
  override: { type: "object", additionalProperties: { type: "string" } },
});
/** In answers. */
export const metadataAnswer = z.record(z.string(), z.string());
export const paymentId = field.paymentId.meta({
  override: { pattern: source(idPatterns.payment) },
});
export const eventId = z.string().meta({ override: { pattern: source(idPatterns.event) } });
/** In a path or a query: of the right form, known or not. */
export const eventIdInput = z
  .string()
  .regex(idPatterns.event, { error: "must be the id of an event, evt_…" });
export const obligationId = z
  .string()
  .meta({ override: { pattern: source(idPatterns.obligation) } });
export const id = {
  customer: z.string().meta({ override: { pattern: source(idPatterns.customer) } }),
  account: z.string().meta({ override: { pattern: source(idPatterns.account) } }),
  bill: z.string().meta({ override: { pattern: source(idPatterns.bill) } }),
};
/** ISO 8601 in UTC, with three decimals. */
export const instant = z.string().meta({ override: { format: "date-time" } });
