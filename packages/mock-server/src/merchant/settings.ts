/** What a merchant has settled, in the words of the wire, and how it is changed. */
import {
  defaultMetadataLimits,
  defaultPaymentRules,
  field,
  type LedgerOptions,
  toCamelCase,
  toSnakeCase,
} from "@tallystick/core";
import { z } from "zod";
import { boundedPaymentRules } from "../wire/payment-rules.ts";

const currencies = z.array(field.currency).min(1, { error: "must name at least one currency" });

const rateLimit = z.strictObject({ requests: z.int().min(1), seconds: z.int().min(1) });

const metadataLimits = z.strictObject({
  keys: z.int().min(0).max(100),
  key_length: z.int().min(1).max(255),
  value_length: z.int().min(1).max(5000),
});

const rulesByKind = z.strictObject({
  customer: boundedPaymentRules.nullable(),
  account: boundedPaymentRules.nullable(),
  bill: boundedPaymentRules.nullable(),
});

export const settingsSchema = z
  .strictObject({
    /** For new obligations, by kind; null: nothing can be paid until rules are set (D-26). */
    payment_rules: rulesByKind,
    /** Others are refused with 400 (D-13). */
    currencies,
    /** Whether creating and voiding ask for an `Idempotency-Key` (D-04). */
    idempotency_key: z.enum(["required", "optional"]),
    /** Unknown members of a request are refused (D-42). */
    strict: z.boolean(),
    metadata_limits: metadataLimits,
    /** Counts `/billing` only; null: unlimited (D-20). */
    rate_limit: rateLimit.nullable(),
    /** Which clock stands in `webhook-timestamp`: the merchant's, or the machine's. */
    webhook_timestamps: z.enum(["clock", "real"]),
  })
  .meta({ id: "Settings" });

export type Settings = z.output<typeof settingsSchema>;

/** A change: members that are given replace, objects are merged one level deep. */
export const settingsPatch = z.strictObject({
  ...settingsSchema.partial().shape,
  payment_rules: rulesByKind.partial().optional(),
  metadata_limits: metadataLimits.partial().optional(),
  rate_limit: rateLimit.partial().nullable().optional(),
});

export const defaultSettings: Settings = {
  payment_rules: toSnakeCase(defaultPaymentRules) as Settings["payment_rules"],
  currencies: ["ZAR", "USD"],
  idempotency_key: "required",
  strict: false,
  metadata_limits: toSnakeCase(defaultMetadataLimits) as Settings["metadata_limits"],
  rate_limit: null,
  webhook_timestamps: "clock",
};

const mergedLimit = (
  limit: Settings["rate_limit"],
  patch: z.output<typeof settingsPatch>["rate_limit"],
): object | null => {
  if (patch === undefined) return limit;
  return patch === null ? null : { ...limit, ...patch };
};

/** The settings with a change; a limit that there was none of before may lack a member. */
export const patchSettings = (
  settings: Settings,
  { payment_rules, metadata_limits, rate_limit, ...patch }: z.output<typeof settingsPatch>,
): object => ({
  ...settings,
  ...patch,
  payment_rules: { ...settings.payment_rules, ...payment_rules },
  metadata_limits: { ...settings.metadata_limits, ...metadata_limits },
  rate_limit: mergedLimit(settings.rate_limit, rate_limit),
});

/** The part that the ledger decides by. */
export const policyOf = ({
  payment_rules,
  metadata_limits,
}: Settings): Pick<Required<LedgerOptions>, "paymentRules" | "metadataLimits"> => ({
  paymentRules: toCamelCase(payment_rules) as Required<LedgerOptions>["paymentRules"],
  metadataLimits: toCamelCase(metadata_limits) as Required<LedgerOptions>["metadataLimits"],
});
