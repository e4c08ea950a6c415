/** What comes in, read by its schema: the value, or a 400 with every fault at once (D-11). */
import {
  type CurrencyCode,
  type Fault,
  faultsOf,
  type Json,
  type Metadata,
  metadataRefusal,
} from "@tallystick/core";
import type { z } from "zod";
import type { Settings } from "../merchant/settings.ts";
import { invalid } from "./problem.ts";

/** `extra` are faults that no schema knows of; one at a place that has a fault already is left out. */
export const read = <Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  extra: readonly Fault[] = [],
): z.output<Schema> => {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success && extra.length === 0) return parsed.data;
  const faults = parsed.success ? [] : faultsOf(parsed.error.issues, []);
  const known = new Set(faults.map(({ field }) => field));
  throw invalid([...faults, ...extra.filter(({ field }) => !known.has(field))]);
};

type Members = Readonly<Record<string, Json | undefined>>;

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Where a body offends against what its merchant has settled: currencies that are not taken (D-13),
 * metadata beyond the limits (D-16); in new owners that are brought along, too.
 */
export const settledFaults = (
  body: unknown,
  settings: Pick<Settings, "currencies" | "metadata_limits">,
  prefix = "",
): Fault[] => {
  if (!isObject(body)) return [];
  const { currency, metadata, customer, account } = body;
  const faults: Fault[] = [];
  if (typeof currency === "string" && !settings.currencies.includes(currency as CurrencyCode))
    faults.push({
      field: `${prefix}currency`,
      message: `is not taken here; it must be ${settings.currencies.join(" or ")}`,
    });
  if (isObject(metadata) && Object.values(metadata).every((value) => typeof value === "string")) {
    const { keys, key_length: keyLength, value_length: valueLength } = settings.metadata_limits;
    const limits = { keys, keyLength, valueLength };
    const refusal = metadataRefusal(metadata as Metadata, limits)?.refusal;
    for (const { field, message } of (refusal?.detail["faults"] ?? []) as readonly Fault[])
      faults.push({ field: prefix + field, message });
  }
  if (isObject(customer)) faults.push(...settledFaults(customer, settings, `${prefix}customer.`));
  if (isObject(account)) faults.push(...settledFaults(account, settings, `${prefix}account.`));
  return faults;
};
