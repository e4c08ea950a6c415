/**
 * A file of webhook deliveries through the real receiver, in the order in which they arrived: one a
 * line, with `received_at`, `headers` and `body`, the raw body as one text.
 *
 * `received_at` is the clock of the signature check and of nothing else. Receiving a file again
 * changes nothing: every payment in it is a duplicate then.
 */
import type { ReceiverCounts, WebhookReceiver } from "@tallystick/adapters/webhooks";
import { parseInstant } from "@tallystick/core";
import { z } from "zod";
import { eachInFlight } from "./in-flight.ts";
import type { InputFile, InputLine } from "./input/input-file.ts";
import { type BadLine, parseJsonLine } from "./input/json-line.ts";

export interface ReceiveOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many deliveries are done. */
  readonly onProgress?: ((deliveries: number) => void) | undefined;
  /** Told what had been done, if anything, where the store failed, before its error is thrown. */
  readonly onBrokenOff?: ((report: ReceiveReport) => void) | undefined;
}

/** Counts of this run, a line of the file being a delivery. */
export interface ReceiveReport extends ReceiverCounts {
  /** How many were rejected for each reason; the most frequent first. */
  readonly rejections: Readonly<Record<string, number>>;
  /** How many went to suspense for each reason; the most frequent first. */
  readonly suspensions: Readonly<Record<string, number>>;
  /** Lines that are no delivery, so that none was received. */
  readonly bad: readonly BadLine[];
}

/** Members beyond these are passed over. A dead letter has the same ones. */
const textOnly = { error: "must be a string" };
const deliverySchema = z.object({
  received_at: z.string(textOnly).refine((text) => parseInstant(text) !== undefined, {
    error: "must be an ISO 8601 date-time with a zone",
  }),
  headers: z.record(
    z.string(),
    z.union([z.string(), z.array(z.string())], { error: "must be a string, or a list of them" }),
    { error: "must be an object" },
  ),
  body: z.string(textOnly),
  body_encoding: z.literal("base64", { error: "must be base64" }).optional(),
});
type Delivery = z.output<typeof deliverySchema>;

const readDelivery = (line: InputLine): Delivery | BadLine => {
  const read = parseJsonLine(line);
  if (!read.ok) return { line: line.number, message: read.message };
  const parsed = deliverySchema.safeParse(read.value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message, input }) => {
    const what = input === undefined ? "is required" : message;
    return `${path.map(String).join(".")} ${what}`;
  });
  return { line: line.number, message: `is no delivery: ${problems.join("; ")}` };
};

const tally = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));

/** Throws where the store fails; what is wrong with deliveries stands in the report. */
export const receiveFile = async (
  receiver: Pick<WebhookReceiver, "receive" | "counts">,
  file: InputFile,
  { signal, onProgress, onBrokenOff }: ReceiveOptions = {},
): Promise<ReceiveReport> => {
  const bad: BadLine[] = [];
  const rejections = new Map<string, number>();
  const suspensions = new Map<string, number>();
  const before = { ...receiver.counts };

  const receiveLine = async (line: InputLine): Promise<void> => {
    const delivery = readDelivery(line);
    if ("message" in delivery) {
      bad.push(delivery);
      return;
    }
    const { received_at: receivedAt, headers, body, body_encoding: encoding } = delivery;
    const raw = encoding === undefined ? body : Buffer.from(body, encoding);
    const { outcome, reason = "" } = await receiver.receive({ receivedAt, headers, body: raw });
    const reasons = { rejected: rejections, suspended: suspensions }[outcome as string];
    reasons?.set(reason, (reasons.get(reason) ?? 0) + 1);
    onProgress?.(receiver.counts.deliveries - before.deliveries);
  };

  const since = (name: keyof typeof before): number => receiver.counts[name] - before[name];
  const report = (): ReceiveReport => ({
    deliveries: since("deliveries"),
    applied: since("applied"),
    duplicates: since("duplicates"),
    rejected: since("rejected"),
    suspended: since("suspended"),
    ignored: since("ignored"),
    flagged: since("flagged"),
    rejections: tally(rejections),
    suspensions: tally(suspensions),
    bad,
  });
  try {
    await eachInFlight(file.lines(), receiveLine, signal);
  } catch (error) {
    if (since("deliveries") > 0) onBrokenOff?.(report());
    throw error;
  }
  return report();
};
