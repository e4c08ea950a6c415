/** `tallystick export --out FILE`: a book as a file. */
import { exportBook } from "@tallystick/adapters/file";
import type { Command } from "commander";
import { usage } from "../cli-error.ts";
import { addManual, type Manual } from "../manual.ts";
import { startProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import { storeKindOf } from "../store-kind.ts";

const manual: Manual = {
  about: `
The file holds the same chain with the same hashes and is a store itself: every
command takes it as --store file:FILE. It appears whole or not at all. The store
may be in use meanwhile.`,
  json: {
    book: "the book's name",
    events: "how many events it holds, which is the position of the last",
    commits: "how many commits",
    head: "the last commit's end: position, hash",
    out: "the file",
  },
  errors: ["BOOK_NOT_FOUND", "BOOK_CORRUPT", "STORE_UNWRITABLE"],
  examples: `$ tallystick export --out march.jsonl --store file:book.jsonl
$ tallystick verify --store file:march.jsonl`,
  seeAlso: ["import", "copy", "backup", "verify"],
};

export const addExport = (program: Command, session: Session): void => {
  addManual(program.command("export"), manual)
    .summary("copy a book into a file")
    .description("Copy a book into a file, every hash checked on the way.")
    .requiredOption("--out <file>", "where to; nothing may stand there yet")
    .option("--overwrite", "replace what stands there")
    .action((options: { readonly out: string; readonly overwrite?: true }) =>
      session.withLedger("read", async ({ store, book }) => {
        const { out, overwrite = false } = options;
        if (overwrite && (await storeKindOf(out)) === "sqlite")
          throw usage(
            `${out} is an SQLite store and may hold other books; name another file, or copy --to sqlite:${out}`,
            { out },
          );
        const progress = startProgress(session.io, "exporting: events");
        const { position, commit, hash } = await exportBook(store, book, out, {
          overwrite,
          onProgress: progress.update,
        }).finally(progress.stop);
        const report = { book, out, events: position, commits: commit, head: { position, hash } };
        session.answer(
          report,
          () =>
            `The book ${book} was copied to ${out}: ${position} events in ${commit} commits, head ${hash}\n`,
        );
      }),
    );
};
