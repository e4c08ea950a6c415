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

/**
 * The book of a file that has not begun, for readers: looked for anew by each call, and kept once it
 * is there. `open` opens the file as it is at that time.
 */
export const awaitedBook = (
  path: string,
  open: () => Promise<FileLog>,
  expected: string | undefined,
): LogFolder => {
  let begun: Promise<LogFolder | undefined> | undefined;
  const look = async (): Promise<LogFolder | undefined> => {
    const log = await open();
    try {
      if (expected !== undefined) requireLabel(path, log.header?.book, expected);
      if (log.header !== undefined) return singleBook(log, expected);
    } catch (error) {
      await log.close();
      throw error;
    }
    await log.close();
    return undefined;
  };
  /** Several calls at once look once. */
  const folder = async (): Promise<LogFolder | undefined> => {
    const looking = begun ?? look();
    begun = looking;
    const found = await looking.catch((error: unknown) => {
      if (begun === looking) begun = undefined;
      throw error;
    });
    if (found === undefined && begun === looking) begun = undefined;
    return found;
  };
  return {
    list: async () => (await folder())?.list() ?? [],
    open: async (book) => (await folder())?.open(book),
    create: () => Promise.reject(readOnly(path)),
    close: async () => (await begun)?.close(),
  };
};
