/** The month of Bright Spark, from its files into a ledger. Taking it twice changes nothing. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createWebhookReceiver, type KeepDeadLetter } from "@tallystick/adapters/webhooks";
import {
  type Io,
  type MirrorReport,
  mirrorFile,
  openInput,
  type ReceiveReport,
  receiveFile,
  startProgress,
} from "@tallystick/cli";
import type { Ledger } from "@tallystick/core";

const month = fileURLToPath(new URL("../bright-spark/", import.meta.url));
/** When the merchant says that the balances were true which it began the month with. */
const openedAt = "2026-03-01T00:00:00Z";

/** The objects that the Billing API answered when the merchant made them, with the ids that it gave. */
export const takeObjects = async (ledger: Ledger, io: Io): Promise<MirrorReport> => {
  const file = await openInput(join(month, "api-objects.jsonl"));
  const progress = startProgress(io, "mirroring", file.lineCount);
  try {
    const { update: onProgress } = progress;
    return await mirrorFile(ledger, file, { effectiveAt: openedAt, signal: io.signal, onProgress });
  } finally {
    progress.stop();
    await file.close();
  }
};

/** Every delivery in order of arrival, forged and stale ones among them. */
export const takeWebhooks = async (
  ledger: Ledger,
  io: Io,
  onDeadLetter?: KeepDeadLetter,
): Promise<ReceiveReport> => {
  const expected: unknown = JSON.parse(await readFile(join(month, "expected.json"), "utf8"));
  const { webhook_secret: secret } = expected as { readonly webhook_secret: string };
  const receiver = createWebhookReceiver({ ledger, secret, onDeadLetter });
  const file = await openInput(join(month, "webhooks.jsonl"));
  const progress = startProgress(io, "receiving", file.lineCount);
  try {
    const { update: onProgress } = progress;
    return await receiveFile(receiver, file, { signal: io.signal, onProgress });
  } finally {
    progress.stop();
    await file.close();
  }
};
