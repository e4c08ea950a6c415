/** `sqlite:PATH`: any number of books in one SQLite file, which several processes may have open. */
import { access } from "node:fs/promises";
import { LedgerError } from "@tallystick/core";
import { pathOfUrl } from "./path-of-url.ts";
import type { OpenedStore, StoreOpening, StoreScheme } from "./store-scheme.ts";

const isThere = async (path: string): Promise<boolean> => {
  try {
    await access(path);
    return true;
  } catch (error) {
    // Opening it will say what else is wrong.
    return !(error instanceof Error && "code" in error && error.code === "ENOENT");
  }
};

const openSqlite = async (rest: string, { use, host }: StoreOpening): Promise<OpenedStore> => {
  const path = pathOfUrl("sqlite", rest, "books.db");
  if (use === "change" && !(await isThere(path)))
    throw new LedgerError("BOOK_NOT_FOUND", `there is no store at ${path}`, { detail: { path } });
  const { sqliteStore } = await import("@tallystick/adapters/sqlite");
  const store = await sqliteStore(path, { host, readOnly: use === "read" });
  return {
    store,
    deadLettersPath: (book) => `${path}.${encodeURIComponent(book)}.dead-letters.jsonl`,
    // What a crash leaves behind the last whole commit, SQLite passes over and overwrites.
    tornBytes: async () => 0,
    backup: (target, options) => store.backup(target, options),
  };
};

export const sqliteScheme: StoreScheme = {
  form: "sqlite:PATH",
  open: openSqlite,
};
