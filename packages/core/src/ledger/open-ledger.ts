/**
 * The façade: one book of one store, with verbs in the API's own words. Every writing verb checks its
 * input, decides on the newest state, writes one commit or nothing, and answers once that is as
 * durable as the store can make it.
 *
 * Throws `LedgerError` with a stable `code`; `docs/errors.md` lists them.
 */

import { z } from "zod";
import { defaultMetadataLimits, type MetadataLimits } from "../domain/details.ts";
import * as field from "../domain/fields.ts";
import { compact } from "../domain/planned.ts";
import { Executor } from "../execute/executor.ts";
import { isTimeZone } from "../kernel/time-zone.ts";
import {
  type DefaultPaymentRules,
  defaultPaymentRules,
  generalPaymentRules,
} from "../money/payment-rules.ts";
import type { Head } from "../store/commit.ts";
import type { Store } from "../store/store.ts";
import { type Verification, verifyCommits } from "../store/verify.ts";
import { acceptanceVerbs } from "./acceptance-verbs.ts";
import { changeVerbs } from "./change-verbs.ts";
import { createVerbs } from "./create-verbs.ts";
import { readInput } from "./inputs.ts";
import { mirrorVerb } from "./mirror-verb.ts";
import { paymentVerbs } from "./payment-verbs.ts";
import { readVerbs } from "./read-verbs.ts";
import { reversalVerb } from "./reversal-verb.ts";
import { suspenseVerbs } from "./suspense-verbs.ts";

const defaultRules = generalPaymentRules.nullable().optional();

const optionsInput = z.strictObject({
  store: z.custom<Store>((value) => typeof value === "object" && value !== null),
  book: field.text(1, 255).optional(),
  timeZone: z
    .string()
    .refine(isTimeZone, { error: "must be an IANA time zone such as Africa/Johannesburg" })
    .optional(),
  paymentRules: z
    .strictObject({ customer: defaultRules, account: defaultRules, bill: defaultRules })
    .optional(),
  metadataLimits: z
    .strictObject({
      keys: z.int().min(0).max(100),
      keyLength: z.int().min(1).max(255),
      valueLength: z.int().min(1).max(5000),
    })
    .partial()
    .optional(),
});

export interface LedgerOptions {
  readonly store: Store;
  /** One merchant's ledger in one mode; it comes into being with its first commit. Default `default`. */
  readonly book?: string;
  /** IANA name; what a date means is the end of that day there. Default UTC. */
  readonly timeZone?: string;
  /** What new obligations accept, by kind; null: nothing, until rules are set (D-26). */
  readonly paymentRules?: Partial<DefaultPaymentRules>;
  /** Bounds of an entity's metadata (D-16). Default 10 keys of 40 characters, values of 500. */
  readonly metadataLimits?: Partial<MetadataLimits>;
}

/** The verbs of a ledger. Close its store when done. */
export type Ledger = ReturnType<typeof createVerbs> &
  ReturnType<typeof changeVerbs> &
  ReturnType<typeof paymentVerbs> &
  ReturnType<typeof reversalVerb> &
  ReturnType<typeof suspenseVerbs> &
  ReturnType<typeof acceptanceVerbs> &
  ReturnType<typeof mirrorVerb> &
  ReturnType<typeof readVerbs> & {
    readonly book: string;
    /** What ends a day: a date means its end there. */
    readonly timeZone: string;
    readonly store: Store;
    /** Where the book ends; undefined while nothing was written. */
    head(): Promise<Head | undefined>;
    /** Recomputes everything that can be recomputed; damage is a finding, not an error. */
    verify(onProgress?: (events: number) => void): Promise<Verification>;
  };

/** Opens a book of a store. Nothing is read or written until a verb is called. */
export const openLedger = (options: LedgerOptions): Ledger => {
  const {
    store,
    book = "default",
    timeZone = "UTC",
    paymentRules,
    metadataLimits,
  } = readInput("openLedger", optionsInput, options);
  const context = {
    store,
    book,
    timeZone,
    executor: new Executor(store, book),
    policy: {
      paymentRules: { ...defaultPaymentRules, ...compact(paymentRules ?? {}) },
      metadataLimits: { ...defaultMetadataLimits, ...compact(metadataLimits ?? {}) },
    },
  };
  return {
    book,
    timeZone,
    store,
    ...createVerbs(context),
    ...changeVerbs(context),
    ...paymentVerbs(context),
    ...reversalVerb(context),
    ...suspenseVerbs(context),
    ...acceptanceVerbs(context),
    ...mirrorVerb(context),
    ...readVerbs(context),
    head: () => store.head(book),
    async verify(onProgress) {
      const chainId = await store.chainId(book);
      return verifyCommits(store.host.sha256, chainId ?? "", store.readCommits(book), onProgress);
    },
  };
};
