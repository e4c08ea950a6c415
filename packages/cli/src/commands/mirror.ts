/** `tallystick mirror FILE`: objects that the Billing API answered, into the ledger. */
import { instantOfMs, parseInstant } from "@tallystick/core";
import type { Command } from "commander";
import { badLinesText } from "../bad-lines.ts";
import { usage } from "../cli-error.ts";
import { exitCodes } from "../exit-codes.ts";
import { figures } from "../figures.ts";
import { openInput } from "../input/input-file.ts";
import { addManual, type Manual } from "../manual.ts";
import { type MirrorReport, mirrorFile } from "../mirror-file.ts";
import { startProgress } from "../progress.ts";
import type { Session } from "../session.ts";

const manual: Manual = {
  about: `
FILE is JSON Lines: one customer, account or bill a line, as the API answered
it, with its ids; "object" says which it is. The lines may stand in any order.

A line is compared with the last mirrored line of that object, not with what has
happened in the ledger since: equal changes nothing, different takes over the
difference. Payments that wait in suspense for an object are applied to it, on
top of what its first line says: take lines from before the first webhook.

With --effective every opening is of that instant. Without it, those of running
balances are of now, and those of bills of the end of their bill_date.`,
  json: {
    objects: "how many lines there were; they were",
    "created, changed, unchanged": "new to the ledger, different from the last time, equal",
    released: "payments that waited in suspense and found their place",
    "bad[]": "lines that were not taken: line, message",
    book: "the book that they were taken into",
  },
  found: "some lines were bad; they are listed with their numbers, and all others were taken",
  errors: ["UNREADABLE_INPUT", "STORE_LOCKED"],
  examples: `$ tallystick mirror api-objects.jsonl --effective 2026-03-01T00:00:00Z \\
    --store file:book.jsonl`,
  seeAlso: ["receive", "import-bills", "balances"],
};

const mirroredText = (report: MirrorReport, book: string, session: Session): string =>
  figures(
    `${report.objects} objects mirrored into the book ${book}`,
    [
      ["created", report.created],
      ["changed", report.changed],
      ["unchanged", report.unchanged],
      ["bad", report.bad.length],
      ...(report.released > 0 ? [["payments out of suspense", report.released] as const] : []),
    ],
    session.colors,
  ) + badLinesText(report.bad, session.colors);

const openingInstant = (text: string | undefined, nowMs: number): string | undefined => {
  if (text === undefined) return undefined;
  const instant = parseInstant(text);
  if (instant === undefined)
    throw usage(`--effective ${text} is no instant; write one such as 2026-03-01T00:00:00Z`);
  if (instant > instantOfMs(nowMs)) throw usage(`--effective ${text} lies in the future`);
  return instant;
};

export const addMirror = (program: Command, session: Session): void => {
  addManual(program.command("mirror"), manual)
    .summary("take over objects that the Billing API answered")
    .description("Take over customers, accounts and bills that the Billing API answered.")
    .argument("<file>", "JSON Lines of API objects")
    .option(
      "--effective <instant>",
      "when the opening balances were true (default: now; bills: their date)",
    )
    .action(async (path: string, options: { readonly effective?: string }) => {
      const { io } = session;
      const effectiveAt = openingInstant(options.effective, io.host.now());
      const file = await openInput(path);
      try {
        await session.withLedger("create", async ({ ledger, book }) => {
          const progress = startProgress(io, "mirroring", file.lineCount);
          const tell = (report: MirrorReport): void => {
            progress.stop();
            session.answer({ ...report, book }, () => mirroredText(report, book, session));
          };
          const report = await mirrorFile(ledger, file, {
            effectiveAt,
            signal: io.signal,
            onProgress: progress.update,
            onBrokenOff: tell,
          }).finally(progress.stop);
          tell(report);
          if (io.signal.aborted) session.exitCode = exitCodes.interrupted;
          else if (report.bad.length > 0) session.exitCode = exitCodes.found;
        });
      } finally {
        await file.close();
      }
    });
};
