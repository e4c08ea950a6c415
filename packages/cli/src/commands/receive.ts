/** `tallystick receive FILE`: recorded webhook deliveries through the real receiver. */
import { createWebhookReceiver, fileDeadLetters, secretKey } from "@tallystick/adapters/webhooks";
import { isLedgerError } from "@tallystick/core";
import type { Command } from "commander";
import { badLinesText } from "../bad-lines.ts";
import { usage } from "../cli-error.ts";
import { exitCodes } from "../exit-codes.ts";
import { figures } from "../figures.ts";
import { openInput } from "../input/input-file.ts";
import { addManual, type Manual } from "../manual.ts";
import { startProgress } from "../progress.ts";
import { type ReceiveReport, receiveFile } from "../receive-file.ts";
import type { Session } from "../session.ts";

const manual: Manual = {
  about: `
FILE is JSON Lines: one delivery a line in order of arrival, with "received_at",
"headers" and "body", the raw body that was signed. Signatures are checked as of
received_at. Each payment is recorded once, however often it was delivered; one
that breaks a rule is recorded and flagged, and one that fits nothing goes to
suspense, since the money has moved.

The secret may also stand in the environment as TALLYSTICK_SECRET. Deliveries
that are signed and cannot be read are kept beside the store, in
STORE.dead-letters.jsonl, and can be received again from there.`,
  json: {
    deliveries: "how many lines there were; each counts once in the five that follow",
    applied: "payments that were applied; flagged of them broke a rule",
    duplicates: "deliveries of payments that were known",
    suspended: "payments that went to suspense; suspensions counts them by reason",
    ignored: "events of types that nothing is done about",
    rejected: "deliveries that were refused; rejections counts them by reason",
    flagged: "of those applied, how many broke a rule",
    "rejections, suspensions": "counts by reason",
    "bad[]": "lines that are no deliveries: line, message",
    book: "the book that they were received into",
  },
  found: "deliveries were rejected, or lines are no deliveries",
  errors: ["UNREADABLE_INPUT", "STORE_LOCKED"],
  examples: `$ tallystick receive webhooks.jsonl --secret whsec_… --store file:book.jsonl`,
  seeAlso: ["mirror", "suspense", "reconcile"],
};

const secretForm = "whsec_ and the base64 of 24 to 64 bytes, as Moment shows it";

/** The signing secret, refused before anything is opened; nothing of it is repeated. */
const secretOf = (text: string | undefined): string => {
  if (text === undefined || text === "")
    throw usage(`name the signing secret with --secret, or in TALLYSTICK_SECRET: ${secretForm}`);
  if (!text.startsWith("whsec_"))
    throw usage(`the signing secret does not begin with whsec_: it is ${secretForm}`);
  try {
    secretKey(text);
  } catch (error) {
    if (!isLedgerError(error, "INVALID_INPUT")) throw error;
    const [fault] = error.detail["faults"] as readonly { readonly message: string }[];
    throw usage(`the signing secret ${fault?.message}: it is ${secretForm}`);
  }
  return text;
};

const reasonRows = (reasons: Readonly<Record<string, number>>): (readonly [string, number])[] =>
  Object.entries(reasons).map(([reason, count]) => [`  ${reason}`, count] as const);

const receivedText = (report: ReceiveReport, book: string, session: Session): string =>
  figures(
    `${report.deliveries} deliveries received into the book ${book}`,
    [
      ["applied", report.applied],
      ["  of these against a rule", report.flagged],
      ["duplicates", report.duplicates],
      ["suspended", report.suspended],
      ...reasonRows(report.suspensions),
      ["ignored", report.ignored],
      ["rejected", report.rejected],
      ...reasonRows(report.rejections),
    ],
    session.colors,
  ) + badLinesText(report.bad, session.colors);

export const addReceive = (program: Command, session: Session): void => {
  addManual(program.command("receive"), manual)
    .summary("receive recorded webhook deliveries")
    .description("Receive recorded webhook deliveries: verify each, and record its payment.")
    .argument("<file>", "JSON Lines of deliveries")
    .option("--secret <whsec>", "the signing secret, whsec_…")
    .action(async (path: string, options: { readonly secret?: string }) => {
      const { io } = session;
      const secret = secretOf(options.secret ?? io.env["TALLYSTICK_SECRET"]);
      const file = await openInput(path);
      try {
        await session.withLedger("create", async ({ ledger, book, deadLettersPath }) => {
          const receiver = createWebhookReceiver({
            ledger,
            secret,
            onDeadLetter: fileDeadLetters(deadLettersPath(book)),
          });
          const progress = startProgress(io, "receiving", file.lineCount);
          const tell = (report: ReceiveReport): void => {
            progress.stop();
            session.answer({ ...report, book }, () => receivedText(report, book, session));
          };
          const report = await receiveFile(receiver, file, {
            signal: io.signal,
            onProgress: progress.update,
            onBrokenOff: tell,
          }).finally(progress.stop);
          tell(report);
          if (io.signal.aborted) session.exitCode = exitCodes.interrupted;
          else if (report.rejected + report.bad.length > 0) session.exitCode = exitCodes.found;
        });
      } finally {
        await file.close();
      }
    });
};
