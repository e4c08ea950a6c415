/** `tallystick receive FILE`: recorded webhook deliveries through the real receiver. */
import { createWebhookReceiver, fileDeadLetters } from "@tallystick/adapters/webhooks";
import type { Command } from "commander";
import { badLinesText } from "../bad-lines.ts";
import { usage } from "../cli-error.ts";
import { exitCodes } from "../exit-codes.ts";
import { figures } from "../figures.ts";
import { openInput } from "../input/input-file.ts";
import { startProgress } from "../progress.ts";
import { type ReceiveReport, receiveFile } from "../receive-file.ts";
import type { Session } from "../session.ts";

const help = `
FILE is JSON Lines: one delivery a line in order of arrival, with "received_at",
"headers" and "body", the raw body that was signed. Signatures are checked as of
received_at. Each payment is recorded once, however often it was delivered; one
that breaks a rule is recorded and flagged, and one that fits nothing goes to
suspense, since the money has moved.

The secret may also stand in the environment as TALLYSTICK_SECRET. Deliveries
that are signed and cannot be read are kept beside the store, in
STORE.dead-letters.jsonl, and can be received again from there.

Example:
  $ tallystick receive webhooks.jsonl --secret whsec_… --store file:book.jsonl

Exit code 1: deliveries were rejected, or lines are no deliveries.`;

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
  program
    .command("receive")
    .summary("receive recorded webhook deliveries")
    .description("Receive recorded webhook deliveries: verify each, and record its payment.")
    .argument("<file>", "JSON Lines of deliveries")
    .option("--secret <whsec>", "the signing secret, whsec_…")
    .addHelpText("after", help)
    .action(async (path: string, options: { readonly secret?: string }) => {
      const { io } = session;
      const secret = options.secret ?? io.env["TALLYSTICK_SECRET"];
      if (secret === undefined || secret === "")
        throw usage("name the signing secret with --secret whsec_…, or in TALLYSTICK_SECRET");
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
