/** `tallystick import FILE`: a book from a file into a store, continued where an earlier import stopped. */
import { type Recovery, readBookFile } from "@tallystick/adapters/file";
import { type Head, isLedgerError } from "@tallystick/core";
import type { Command } from "commander";
import { exitCodes } from "../exit-codes.ts";
import { addManual, type Manual } from "../manual.ts";
import { startProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import { untilAborted } from "../until-aborted.ts";

const manual: Manual = {
  about: `
FILE is a book: an export, or any store file. Its commits are checked one by one
and written unchanged, so the chain is the same at both ends. What the store
holds already is compared and passed over: an import that was stopped can be
repeated.`,
  json: {
    ok: "whether all of the file was taken",
    book: "the book's name",
    events: "how many events it holds, which is the position of the last",
    commits: "how many commits",
    head: "the last commit's end: position, hash",
    "broken_at, problem": "where and why it broke off",
    torn_bytes: "bytes at the end of the file that are no whole commit",
  },
  found:
    "the file is damaged, or was cut off in the midst of a commit; what is whole before that was taken",
  errors: ["BOOK_MISMATCH", "UNREADABLE_INPUT", "STORE_LOCKED"],
  examples: `$ tallystick import march.jsonl --store file:copy.jsonl`,
  seeAlso: ["export", "copy", "verify"],
};

interface ImportReport {
  readonly ok: boolean;
  readonly book: string;
  readonly events: number;
  readonly commits: number;
  readonly head: { readonly position: number; readonly hash: string | null };
  readonly brokenAt?: number;
  readonly problem?: string;
  /** Bytes at the end of the file that are no whole commit. */
  readonly tornBytes?: number;
}

/** A file that ends in the midst of a commit lacks that one at least, and nobody knows what else. */
const cutOff = (path: string, { bytes, afterCommit }: Recovery) => ({
  tornBytes: bytes,
  problem: `${path} ends in the midst of a commit: ${bytes} bytes behind commit ${afterCommit} are not whole; the file was cut off, or is being written; import the whole of it to go on`,
});

const headOf = (head: Head | undefined): Pick<ImportReport, "events" | "commits" | "head"> => ({
  events: head?.position ?? 0,
  commits: head?.commit ?? 0,
  head: { position: head?.position ?? 0, hash: head?.hash ?? null },
});

const importText = ({
  ok,
  book,
  events,
  commits,
  head,
  brokenAt,
  problem,
}: ImportReport): string =>
  ok
    ? `The book ${book} holds ${events} events in ${commits} commits, head ${head.hash}\n`
    : `The import broke off at position ${brokenAt}: ${problem}\n  ${events} events in ${commits} commits hold\n`;

export const addImport = (program: Command, session: Session): void => {
  addManual(program.command("import"), manual)
    .summary("take a book from a file into the store")
    .description("Take a book from a file into the store, every hash checked on the way.")
    .argument("<file>", "an exported book")
    .action(async (path: string) => {
      const { io } = session;
      const { chainId, commits, tornTail } = await readBookFile(path);
      await session.withLedger("create", async ({ store, book, ledger }) => {
        const progress = startProgress(io, "importing: commits");
        let report: ImportReport;
        try {
          await store.importCommits(book, chainId, untilAborted(commits, io.signal, progress));
          const head = headOf(await ledger.head());
          const torn = io.signal.aborted ? undefined : await tornTail();
          report =
            torn === undefined
              ? { ok: true, book, ...head }
              : { ok: false, book, ...head, brokenAt: head.events + 1, ...cutOff(path, torn) };
        } catch (error) {
          if (!isLedgerError(error, "BOOK_CORRUPT")) throw error;
          const head = headOf(await ledger.head());
          report = { ok: false, book, ...head, brokenAt: head.events + 1, problem: error.message };
        } finally {
          progress.stop();
        }
        session.answer(report, () => importText(report));
        if (io.signal.aborted) session.exitCode = exitCodes.interrupted;
        else if (!report.ok) session.exitCode = exitCodes.found;
      });
    });
};
