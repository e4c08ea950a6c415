/**
 * Which book of a store a command is about. Without `--book` it is the only one there is; what writes
 * into a store that holds none begins the book `default`.
 */
import { LedgerError, type Store } from "@tallystick/core";
import { usage } from "../cli-error.ts";

/** The book that what writes into an empty store begins. */
export const bookDefault = "default";

const listed = (books: readonly string[]): string =>
  books.map((book) => JSON.stringify(book)).join(", ");

/** The book to read or change: one that is there. */
export const existingBook = async (store: Store, asked: string | undefined): Promise<string> => {
  const books = await store.listBooks();
  const [only, ...others] = books;
  if (only === undefined)
    throw new LedgerError("BOOK_NOT_FOUND", "the store holds no book yet", { detail: { books } });
  if (asked !== undefined) {
    if (books.includes(asked)) return asked;
    throw new LedgerError(
      "BOOK_NOT_FOUND",
      `the store holds no book ${JSON.stringify(asked)}; it holds ${listed(books)}`,
      {
        detail: { book: asked, books },
      },
    );
  }
  if (others.length === 0) return only;
  throw usage(`the store holds several books; choose one with --book: ${listed(books)}`, { books });
};

/** The book to write to: the one asked for, the only one, or the first one of an empty store. */
export const writtenBook = async (store: Store, asked: string | undefined): Promise<string> => {
  if (asked !== undefined) return asked;
  const books = await store.listBooks();
  return books.length === 0 ? bookDefault : existingBook(store, undefined);
};
