/** Node's own SQLite, loaded when it is first needed. */
import { LedgerError } from "@tallystick/core";

let sqlite: typeof import("node:sqlite") | undefined;

/** Node 22 warns that its SQLite is experimental. That one warning is kept from the user; no other. */
export const loadSqlite = (): typeof import("node:sqlite") => {
  if (sqlite !== undefined) return sqlite;
  const emitWarning = Reflect.get(process, "emitWarning") as (...args: unknown[]) => void;
  const withoutThisOne = (...args: unknown[]): void => {
    if (args[1] === "ExperimentalWarning" && String(args[0]).startsWith("SQLite")) return;
    Reflect.apply(emitWarning, process, args);
  };
  process.emitWarning = withoutThisOne;
  try {
    sqlite = process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
  return sqlite;
};

const nodeNeeded = "22.16";

/**
 * The same, with what the SQLite store needs beyond a lock: rows as arrays, and backups. Node has them
 * from 22.16 on; `STORE_UNSUPPORTED` before.
 */
export const loadFullSqlite = (
  load: () => Partial<typeof import("node:sqlite")> | undefined = loadSqlite,
): typeof import("node:sqlite") => {
  const found = load();
  if (found?.StatementSync?.prototype.setReturnArrays !== undefined && found.backup !== undefined)
    return found as typeof import("node:sqlite");
  throw new LedgerError(
    "STORE_UNSUPPORTED",
    `the SQLite store needs Node ${nodeNeeded} or newer, and this is ${process.version}; update Node, or keep the book in a file`,
    { detail: { node: process.version, needed: nodeNeeded } },
  );
};

/** SQLite's primary result code, such as 5 for SQLITE_BUSY; undefined for an error of another kind. */
export const sqliteCode = (error: unknown): number | undefined =>
  error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & 0xff
    : undefined;

/** SQLITE_BUSY and SQLITE_LOCKED: somebody else is writing. */
export const isBusy = (error: unknown): boolean => {
  const code = sqliteCode(error);
  return code === 5 || code === 6;
};
