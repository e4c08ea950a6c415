/** One file, one book: the label in the file is the only name that the book answers to. */
import { LedgerError } from "@tallystick/core";
import type { CommitLog, LogFolder } from "../log/commit-log.ts";
import { type FileLog, readOnly } from "./file-log.ts";

export const requireLabel = (path: string, label: string | undefined, book: string): void => {
  if (label !== undefined && label !== book)
    throw new LedgerError("BOOK_MISMATCH", `${path} holds the book ${label}, not ${book}`, {
      detail: { path, label, book },
    });
};

/** The book of `log`; `expected` is the only name to begin it under, any name where undefined. */
export const singleBook = (log: FileLog, expected: string | undefined): LogFolder => {
  const requireName = (book: string): void =>
    requireLabel(log.path, log.header?.book ?? log.coming?.book ?? expected, book);
  const begun = async (): Promise<CommitLog | undefined> =>
    (await log.holdsCommits()) ? log : undefined;
  return {
    list: async () => {
      const label = log.header?.book;
      return label !== undefined && (await log.holdsCommits()) ? [label] : [];
    },
    open: async (book) => {
      requireName(book);
      return begun();
    },
    create: async (book, chainId) => {
      requireName(book);
      if (log.growsElsewhere) throw readOnly(log.path);
      log.beginAs({ book, chainId });
      return log;
    },
    close: () => log.close(),
  };
};
