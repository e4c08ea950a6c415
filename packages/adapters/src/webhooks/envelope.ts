/**
 * The body of a delivery (spec 6.3), read once, after its signature was found good.
 *
 * Unknown members are passed over at every depth, so that Moment may add some. `null` counts as
 * absent (D-22). Of a member that stands there twice JSON keeps the last. An event of another type is
 * none of the ledger's business, and nothing of it is looked at beyond its type.
 *
 * Units: `amount` is in minor units of `currency`. Instants are read into UTC with three decimals.
 */
import {
  amountMax,
  type CurrencyCode,
  type Fault,
  type Instant,
  idPatterns,
  isCurrency,
  type Metadata,
  parseInstant,
  type TargetInput,
} from "@tallystick/core";
import { z } from "zod";
import { readPaymentMetadata } from "./payment-metadata.ts";

/** The one event that moves money. */
export const amountAppliedType = "obligation.amount_applied";

/** A payment that was applied to an obligation at Moment. */
export interface AmountApplied {
  readonly type: typeof amountAppliedType;
  /** `evt_…`; the same over all retries. */
  readonly eventId: string;
  /** Moment's own `ob_…`; kept, never compared (D-46). */
  readonly sourceObligationId: string;
  /** 1 to 10^15, both included. */
  readonly amount: number;
  readonly currency: CurrencyCode;
  readonly paymentId: string;
  /** Exactly one of customer, account and bill (D-34). */
  readonly target: TargetInput;
  /** The payment's; absent when empty (D-33). */
  readonly metadata?: Metadata;
  /** Members of the metadata that no book can keep, by path; mostly empty. */
  readonly metadataDropped: readonly string[];
  readonly createdAt?: Instant;
  /** When the amount was applied. */
  readonly updatedAt?: Instant;
}

/** An event of another type. */
export interface OtherEvent {
  readonly type: string;
}

export type EnvelopeRead =
  | { readonly kind: "amount_applied"; readonly event: AmountApplied }
  | { readonly kind: "other"; readonly event: OtherEvent }
  | { readonly kind: "unreadable"; readonly message: string; readonly faults: readonly Fault[] };

const required = "is required";
const text = z.string({
  error: ({ input }) => (input === undefined || input === null ? required : "must be a text"),
});
const shaped = (pattern: RegExp, example: string) =>
  text.regex(pattern, { error: `must be an id such as ${example}` });
const absentIfNull = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);
const instant = text.transform((value, context): Instant => {
  const read = parseInstant(value);
  if (read !== undefined) return read;
  context.addIssue({ code: "custom", message: "must be an ISO 8601 date-time with a zone" });
  return z.NEVER;
});
const object = { error: "must be an object" };

const dataSchema = z
  .object(
    {
      id: shaped(idPatterns.obligation, "ob_1a2B"),
      amount: z
        .number({ error: "must be a whole number of minor units" })
        .refine((value) => Number.isInteger(value) && value >= 1 && value <= amountMax, {
          error: `must be a whole number of minor units from 1 to ${amountMax}`,
        }),
      currency: text.refine(isCurrency, {
        error: "must be an ISO 4217 code in capitals, such as ZAR",
      }),
      payment_id: shaped(idPatterns.payment, "pay_1a2B"),
      customer_id: absentIfNull(shaped(idPatterns.customer, "bcus_1a2B")),
      account_id: absentIfNull(shaped(idPatterns.account, "bacc_1a2B")),
      bill_id: absentIfNull(shaped(idPatterns.bill, "bill_1a2B")),
      metadata: z.unknown().optional(),
      created_at: absentIfNull(instant),
      updated_at: absentIfNull(instant),
    },
    object,
  )
  .refine(
    ({ customer_id, account_id, bill_id }) =>
      [customer_id, account_id, bill_id].filter((id) => id !== undefined).length === 1,
    { error: "must name exactly one of customer_id, account_id and bill_id" },
  );

const envelopeSchema = z
  .object(
    {
      id: shaped(idPatterns.event, "evt_1a2B"),
      type: z.literal(amountAppliedType),
      data: dataSchema,
    },
    object,
  )
  .transform(({ id, type, data }): AmountApplied => {
    const { metadata, dropped } = readPaymentMetadata(data.metadata);
    return {
      type,
      eventId: id,
      sourceObligationId: data.id,
      amount: data.amount,
      currency: data.currency,
      paymentId: data.payment_id,
      target: targetOf(data),
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
      metadataDropped: dropped,
      ...(data.created_at === undefined ? {} : { createdAt: data.created_at }),
      ...(data.updated_at === undefined ? {} : { updatedAt: data.updated_at }),
    };
  });

const typeSchema = z.object({ type: text.min(1, { error: "must not be empty" }) }, object);

const targetOf = ({
  customer_id,
  account_id,
  bill_id,
}: z.output<typeof dataSchema>): TargetInput => {
  if (customer_id !== undefined) return { customer: customer_id };
  return account_id === undefined ? { bill: bill_id } : { account: account_id };
};

const unreadable = (faults: readonly Fault[]): EnvelopeRead => ({
  kind: "unreadable",
  message: faults
    .map(({ field, message }) => (field === "" ? `the body ${message}` : `${field} ${message}`))
    .join("; "),
  faults,
});

const faultsOf = ({ issues }: z.ZodError): readonly Fault[] =>
  issues.map(({ path, message }) => ({ field: path.map(String).join("."), message }));

const decode = (body: string | Uint8Array): string =>
  typeof body === "string" ? body : new TextDecoder("utf-8", { fatal: true }).decode(body);

/** Reads a body; one that cannot be read is a value with every fault by its path. Never throws. */
export const readEnvelope = (body: string | Uint8Array): EnvelopeRead => {
  let json: unknown;
  try {
    // A reviver or an assignment would make `__proto__` mean something; plain parsing makes it a member.
    json = JSON.parse(decode(body));
  } catch {
    return unreadable([{ field: "", message: "is not JSON in UTF-8" }]);
  }
  const typed = typeSchema.safeParse(json);
  if (!typed.success) return unreadable(faultsOf(typed.error));
  const { type } = typed.data;
  if (type !== amountAppliedType) return { kind: "other", event: { type } };
  const read = envelopeSchema.safeParse(json);
  return read.success
    ? { kind: "amount_applied", event: read.data }
    : unreadable(faultsOf(read.error));
};
