/** What goes wrong on purpose, as the control API has it. */
import { z } from "zod";
import type { Fault } from "../merchant/faults.ts";
import { when } from "./rules.ts";

/** Somebody waits for the answer. */
const requestDelayMaxMs = 60_000;
const webhookDelayMaxMs = 24 * 60 * 60 * 1000;
const timesMax = 1_000_000;

const requestEffects = ["drop_before", "commit_then_drop"] as const;
const webhookEffects = [
  "drop",
  "duplicate",
  "reorder",
  "bad_signature",
  "stale_timestamp",
] as const;

const on = z
  .union(
    [
      z.literal("webhook"),
      z.strictObject({
        method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]).optional(),
        path: z.string().max(2048).regex(/^\//, { error: "must begin with /" }).optional().meta({
          description: "Exactly this path. Default: all of /billing and /_mock/payments.",
        }),
      }),
    ],
    { error: 'must be "webhook", or an object with method, path, both or none' },
  )
  .meta({ description: "What it happens to." });

const effect = z
  .union(
    [
      z.strictObject({ status: z.int().min(400).max(599) }),
      z.strictObject({ delay_ms: z.int().min(0).max(webhookDelayMaxMs) }),
      z.enum([...requestEffects, ...webhookEffects]),
    ],
    {
      error: `must be { status } from 400 to 599, { delay_ms }, ${[...requestEffects, ...webhookEffects].join(", ")}`,
    },
  )
  .meta({
    description: `On requests: status, delay_ms up to ${requestDelayMaxMs} of real time, ${requestEffects.join(", ")}. On webhooks: delay_ms of the merchant's clock, ${webhookEffects.join(", ")}.`,
  });

const isOneOf = (values: readonly string[], value: unknown): boolean =>
  typeof value === "string" && values.includes(value);

interface Members {
  readonly on?: unknown;
  readonly effect?: unknown;
}

/** An effect on requests does not happen to webhooks, nor the other way round. */
const effectFits = ({ on: target, effect: named }: Members): boolean => {
  if (typeof named === "string")
    return !isOneOf(target === "webhook" ? requestEffects : webhookEffects, named);
  if (typeof named !== "object" || named === null) return true;
  return target === "webhook" ? !("status" in named) : delayOf(named) <= requestDelayMaxMs;
};

const delayOf = (named: object): number => Number((named as { delay_ms?: number }).delay_ms ?? 0);

const shape = {
  on,
  effect,
  times: z.int().min(1).max(timesMax).default(1).meta({ description: "How often it happens." }),
  probability: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta({ description: "Where it could happen, whether it does. Default 1." }),
  seed: z.int().optional().meta({ description: "Repeats the draws. Default 0." }),
};

const faultBody = z.strictObject(shape).refine(effectFits, {
  path: ["effect"],
  error: "is none for what it is to happen to, or a delay above a minute of a request",
  when,
}) as unknown as z.ZodType<Fault>;

/** Small and ours: a misspelt member is always refused. */
export const createFaultBody = { loose: faultBody, strict: faultBody };

export const faultSchema = z
  .object({
    id: z.string(),
    ...shape,
    times: z.int().min(1),
    fired: z.int().min(0).meta({ description: "How often it has happened; less than times." }),
  })
  .meta({ id: "Fault" });
