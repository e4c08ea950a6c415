/** `tallystick backup --out FILE`: a consistent copy of a store while others write to it. */
import { exportBook } from "@tallystick/adapters/file";
import type { Command } from "commander";
import { addManual, type Manual } from "../manual.ts";
import { startProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import { existingBook } from "../stores/choose-book.ts";
import type { OpenedStore } from "../stores/store-scheme.ts";

const manual: Manual = {
  about: `
The copy is one state of the store, whatever is written meanwhile, and appears
whole or not at all. Of sqlite: it is an SQLite file with all books, whichever
--book is named. Of any other store it is one book as a file, as export writes
it.

Note the heads that verify prints of the copy: a later copy goes on from them.`,
  json: {
    out: "the file",
    store: "the copy, as --store takes it",
  },
  errors: ["BOOK_NOT_FOUND", "STORE_UNWRITABLE"],
  examples: `$ tallystick backup --out books-2026-03-31.db --store sqlite:books.db
$ tallystick verify --store sqlite:books-2026-03-31.db`,
  seeAlso: ["export", "copy", "verify"],
};

interface BackupOptions {
  readonly out: string;
  readonly overwrite?: boolean;
}

/** Answers with what was copied, and the store that the copy is. */
const backUp = async (
  session: Session,
  { store, backup }: OpenedStore,
  { out, overwrite = false }: BackupOptions,
): Promise<{ readonly what: string; readonly copy: string }> => {
  if (backup !== undefined) {
    const { askedBook } = session;
    if (askedBook !== undefined) await existingBook(store, askedBook);
    await backup(out, { overwrite });
    return { what: "store", copy: `sqlite:${out}` };
  }
  const book = await existingBook(store, session.askedBook);
  const progress = startProgress(session.io, "exporting: events");
  await exportBook(store, book, out, { overwrite, onProgress: progress.update }).finally(
    progress.stop,
  );
  return { what: `book ${book}`, copy: `file:${out}` };
};

export const addBackup = (program: Command, session: Session): void => {
  addManual(program.command("backup"), manual)
    .summary("copy a store while it is in use")
    .description("Copy a store into a file, consistently, while it is in use.")
    .requiredOption("--out <file>", "where to; nothing may stand there yet")
    .option("--overwrite", "replace what stands there")
    .action((options: BackupOptions) =>
      session.withStore("read", async (opened) => {
        const { what, copy } = await backUp(session, opened, options);
        const { out } = options;
        session.answer({ out, store: copy }, () => `The ${what} was copied to ${copy}\n`);
      }),
    );
};
