/**
 * The `Idempotency-Key` header (spec 2.3, D-04 to D-08): the first answer under a key is given again
 * for 24 hours by the merchant's clock, whether it was a success or a failure.
 *
 * A crash may come between the commit of the ledger and the stored answer. So the ledger is given a key
 * of its own, made of the header and of how often it has come into use: the retry then has the
 * ledger's outcome, and makes the same answer of it without a second event. For that count the records
 * are kept beyond their 24 hours.
 */
import { canonicalJson, errorCatalogue, isLedgerError } from "@tallystick/core";
import { repliesCollection } from "../merchant/collections.ts";
import type { Merchant } from "../merchant/merchant.ts";
import type { Body } from "./body.ts";
import { invalid, Problem } from "./problem.ts";

const lifetimeMs = 24 * 60 * 60 * 1000;
const form = /^[a-zA-Z0-9-]{1,255}$/;
/** What the ledger takes as a key has 255 characters. */
const plainMax = 200;

/** An answer as it goes out, and as it is stored. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  /** Empty for an answer without a body. */
  readonly text: string;
}

interface StoredReply extends Reply {
  readonly fingerprint: string;
  /** When the key came into use, in milliseconds since 1970. */
  readonly usedAtMs: number;
  /** How often the key has come into use; 1 or more. */
  readonly use: number;
}

/** The key of a request; undefined where none was sent and none is needed. 400 otherwise (D-05). */
export const readIdempotencyKey = (
  header: string | null,
  rule: "required" | "optional",
): string | undefined => {
  if (header === null) {
    if (rule === "optional") return undefined;
    throw invalid([
      {
        field: "Idempotency-Key",
        message:
          "is required in the header; start the server with --idempotency-key optional to do without",
      },
    ]);
  }
  if (form.test(header)) return header;
  throw invalid([
    { field: "Idempotency-Key", message: "must have 1 to 255 letters, digits and hyphens" },
  ]);
};

/** What makes two requests the same: method, path, and the body as JSON (D-06). */
export const fingerprintOf = (
  sha256: (text: string) => string,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: Body },
): string => {
  return sha256(`${method} ${path}\n${canonicalText(body)}`);
};

/** What is no JSON, or none that can be written again, is compared as it stands. */
const canonicalText = ({ text, value }: Body): string => {
  if (value === undefined) return text;
  try {
    return canonicalJson(value);
  } catch {
    return text;
  }
};

/** The store failed: nobody knows the answer yet, so none is stored, and a repeat asks the ledger. */
const isUndecided = (error: unknown): boolean =>
  isLedgerError(error) && errorCatalogue[error.code].kind === "failure";

export interface Keyed {
  readonly merchant: Merchant;
  readonly key: string;
  readonly fingerprint: string;
  /** Makes the first answer. `error` is what it tells of, if that was no success. */
  readonly answer: (
    ledgerKey: string,
  ) => Promise<{ readonly reply: Reply; readonly error?: unknown }>;
}

const ledgerKeyOf = (sha256: (text: string) => string, key: string, use: number): string =>
  `http/${use}/${key.length <= plainMax ? key : `sha256/${sha256(key)}`}`;

/**
 * The answer under a key: the first one, or that one again. 409 while the first is being made, 422 for
 * another request under the key; neither is stored.
 */
export const answerOnce = async ({
  merchant,
  key,
  fingerprint,
  answer,
}: Keyed): Promise<{ readonly reply: Reply; readonly replayed: boolean }> => {
  if (merchant.running.has(key))
    throw new Problem("conflict", `the first request with the key ${key} is still being answered`);
  merchant.running.add(key);
  try {
    const stored = (await merchant.recall(repliesCollection, key)) as unknown as
      | StoredReply
      | undefined;
    const nowMs = merchant.clock.nowMs();
    if (stored !== undefined && nowMs - stored.usedAtMs < lifetimeMs) {
      if (stored.fingerprint !== fingerprint)
        throw new Problem(
          "unprocessable",
          `the key ${key} was used before, for another request; use a new key`,
          { reason: "idempotency_key_reused" },
        );
      const { status, contentType, text } = stored;
      return { reply: { status, contentType, text }, replayed: true };
    }
    const use = (stored?.use ?? 0) + 1;
    const { reply, error } = await answer(ledgerKeyOf(merchant.store.host.sha256, key, use));
    if (!isUndecided(error)) {
      const value: StoredReply = { ...reply, fingerprint, usedAtMs: nowMs, use };
      await merchant.remember({
        kind: "put",
        collection: repliesCollection,
        key,
        value: { ...value },
      });
    }
    return { reply, replayed: false };
  } finally {
    merchant.running.delete(key);
  }
};
