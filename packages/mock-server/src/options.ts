/** How a server is started: the options of `createMockServer` and of `tallystick mock`. */
import { field, type Host, instantOfMs, isCurrency, msOfInstant } from "@tallystick/core";
import { z } from "zod";
import { readKey, type SecretKey } from "./http/key.ts";
import { clockMaxMs } from "./merchant/clock.ts";
import type { Deliver } from "./webhooks/send.ts";
import { webhookSecret, webhookUrl } from "./wire/webhook.ts";

/** Where the log of requests goes, a line each. */
export type LogLine = (line: string) => void;

const secretKey = z.string().transform((text, context): SecretKey => {
  try {
    return readKey(`Bearer ${text}`);
  } catch {
    context.addIssue({ code: "custom", message: "must be a secret key, sk_test_… or sk_…" });
    return z.NEVER;
  }
});

const functionOf = <Type>(): z.ZodType<Type, Type> =>
  z.custom<Type>((value) => typeof value === "function", { error: "must be a function" });

export const optionsSchema = z.strictObject({
  /** 0: any that is free. Default 4010. */
  port: z.int().min(0).max(65_535).default(4010),
  /** The address to listen on. Default 127.0.0.1. */
  host: z.string().min(1).default("127.0.0.1"),
  /** `memory:`, `file:DIR`, `sqlite:PATH` or `postgres://…`. Default `memory:`. */
  store: z.string().default("memory:"),
  /** Endpoints of every merchant. */
  webhookUrl: z.array(webhookUrl).readonly().default([]),
  /** What their deliveries are signed with; made where it is not given. */
  webhookSecret: webhookSecret.optional(),
  /** How webhooks are sent, such as a handler in the same process. Default: the global `fetch`. */
  deliver: functionOf<Deliver>().optional(),
  /** `optional` lets calls without an `Idempotency-Key` pass (D-04). */
  idempotencyKey: z.enum(["required", "optional"]).default("required"),
  /** `real`, or an instant at which every merchant's clock stands still at first. */
  clock: z
    .union([
      z.literal("real"),
      field.anyInstant.refine((instant) => msOfInstant(instant) <= clockMaxMs, {
        error: `must not be beyond ${instantOfMs(clockMaxMs)}`,
      }),
    ])
    .default("real"),
  /** Others are refused (D-13). */
  currencies: z
    .array(z.string().refine(isCurrency, { error: "must be an ISO 4217 code in capitals" }))
    .min(1)
    .readonly()
    .default(["ZAR", "USD"]),
  /** The keys that exist; none: any that is well formed. */
  secretKey: z.array(secretKey).readonly().default([]),
  /** How requests are told of. Default `none`. */
  log: z.enum(["json", "pretty", "none"]).default("none"),
  /** Unknown members of a request are refused (D-42). */
  strict: z.boolean().default(false),
  /** False: `/_mock`, dashboard and pay page answer 404. */
  control: z.boolean().default(true),
  /** Offered by the dashboard to whoever opens it; none by default. */
  demoKey: z.string().optional(),
  /** Clock and randomness; a test hands in a seeded host. Default: this machine's. */
  machine: z.custom<Host>((value) => typeof value === "object" && value !== null).optional(),
  /** Where the log goes. Default: standard error. */
  onLog: functionOf<LogLine>().optional(),
});

export type MockServerOptions = z.input<typeof optionsSchema>;
export type ReadOptions = z.output<typeof optionsSchema>;
