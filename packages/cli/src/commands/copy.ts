/** `tallystick copy --to URL`: a book from one store into another, whatever kinds they are. */
import { isLedgerError, LedgerError } from "@tallystick/core";
import type { Command } from "commander";
import { exitCodes } from "../exit-codes.ts";
import { addManual, type Manual } from "../manual.ts";
import { startProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import { openStore, shownUrl } from "../stores/store-url.ts";
import { untilAborted } from "../until-aborted.ts";

const manual: Manual = {
  about: `
Every commit is checked and written unchanged, so the chain is the same at both
ends. What the other store holds already is compared and passed over: a copy
that was stopped can be repeated, and one that is behind catches up.`,
  json: {
    ok: "whether all of the book was copied",
    to: "the other store",
    book: "the book's name",
    events: "how many events it holds, which is the position of the last",
    commits: "how many commits",
    head: "the last commit's end: position, hash",
    "broken_at, problem": "where and why it broke off",
  },
  found: "the book is damaged; what is whole before that was copied",
  errors: ["BOOK_NOT_FOUND", "BOOK_MISMATCH", "STORE_UNAVAILABLE"],
  examples: `$ tallystick copy --to sqlite:books.db --store file:book.jsonl`,
  seeAlso: ["export", "import", "backup", "verify"],
};

interface CopyOptions {
  readonly to: string;
}

const run = (session: Session, { to }: CopyOptions): Promise<void> =>
  session.withLedger("read", async ({ store, book }) => {
    const { io } = session;
    const chainId = await store.chainId(book);
    if (chainId === undefined)
      throw new LedgerError("BOOK_NOT_FOUND", `the store holds no book ${book}`, {
        detail: { book },
      });
    const target = await openStore(to, {
      use: "create",
      host: io.host,
      onRecovery: (sentence) => session.note(sentence),
    });
    const progress = startProgress(io, "copying: commits");
    try {
      let problem: string | undefined;
      try {
        const commits = untilAborted(store.readCommits(book), io.signal, progress);
        await target.store.importCommits(book, chainId, commits);
      } catch (error) {
        if (!isLedgerError(error, "BOOK_CORRUPT")) throw error;
        problem = error.message;
      }
      progress.stop();
      const head = await target.store.head(book);
      const { position = 0, commit = 0, hash = null } = head ?? {};
      const ok = problem === undefined && !io.signal.aborted;
      const broken = problem === undefined ? {} : { brokenAt: position + 1, problem };
      const report = {
        ok,
        book,
        to: shownUrl(to),
        events: position,
        commits: commit,
        head: { position, hash },
        ...broken,
      };
      session.answer(report, () =>
        problem === undefined
          ? `The book ${book} stands in ${report.to}: ${position} events in ${commit} commits, head ${hash}\n`
          : `The copy broke off at position ${position + 1}: ${problem}\n`,
      );
      if (io.signal.aborted) session.exitCode = exitCodes.interrupted;
      else if (!ok) session.exitCode = exitCodes.found;
    } finally {
      progress.stop();
      await target.store.close();
    }
  });

export const addCopy = (program: Command, session: Session): void => {
  addManual(program.command("copy"), manual)
    .summary("copy a book into another store")
    .description("Copy a book into another store, every hash checked on the way.")
    .requiredOption(
      "--to <url>",
      "file:PATH, sqlite:PATH or postgres://…; created where there is none",
    )
    .action((options: CopyOptions) => run(session, options));
};
