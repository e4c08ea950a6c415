/** Node's own SQLite, loaded when it is first needed. */

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
