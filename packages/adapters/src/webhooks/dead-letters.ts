/**
 * Dead letters: deliveries whose signature is good and whose content the ledger could not take. Each
 * holds the delivery to the byte, so that it can be verified and received again once the reason is
 * gone.
 */
import type { Fault, Instant } from "@tallystick/core";
import type { SignatureHeaders } from "./sign.ts";

export interface DeadLetter {
  /** The clock that its signature was checked against. */
  readonly receivedAt: Instant;
  readonly headers: SignatureHeaders;
  /** The raw body; base64 where `bodyEncoding` says so, because it is not UTF-8. */
  readonly body: string;
  readonly bodyEncoding?: "base64";
  readonly reason: "unreadable" | "amount_out_of_range";
  /** What is wrong with it, in a sentence. */
  readonly message: string;
  readonly faults: readonly Fault[];
}

/** Keeps a dead letter. The sender is answered once it resolves; if it throws, the sender tries again. */
export type KeepDeadLetter = (letter: DeadLetter) => void | Promise<void>;

const lettersMax = 100;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A body as a text that JSON can hold, from which the very same bytes come back. */
export const bodyText = (body: string | Uint8Array): Pick<DeadLetter, "body" | "bodyEncoding"> => {
  if (typeof body === "string") return { body };
  try {
    return { body: decoder.decode(body) };
  } catch {
    return { body: Buffer.from(body).toString("base64"), bodyEncoding: "base64" };
  }
};

/**
 * Keeps the last 100 in an array, one for each message however often it is tried again. They go with
 * the process, so this suits tests and a first look; whoever depends on them passes `onDeadLetter`.
 */
export const deadLetterList = (): {
  readonly letters: readonly DeadLetter[];
  readonly keep: KeepDeadLetter;
} => {
  const letters: DeadLetter[] = [];
  return {
    letters,
    keep: (letter) => {
      const before = letters.findIndex(
        ({ headers, body }) =>
          headers["webhook-id"] === letter.headers["webhook-id"] && body === letter.body,
      );
      if (before >= 0) letters.splice(before, 1);
      letters.push(letter);
      if (letters.length > lettersMax) letters.shift();
    },
  };
};
