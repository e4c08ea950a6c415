/** A copy of the whole file while it is being written: one state of it, durable, complete or absent. */
import { link, open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type Host, LedgerError } from "@tallystick/core";
import { requirePath, syncFolder, systemCode } from "../file/files.ts";
import { loadSqlite } from "../host/load-sqlite.ts";
import type { Connection } from "./connection.ts";
import { ledgerErrorOf } from "./errors.ts";

/** Pages that are copied before others get a turn: 1 MB. */
const pagesPerStep = 256;

export const backUp = async (
  source: Connection,
  target: string,
  { host, overwrite }: { readonly host: Host; readonly overwrite: boolean },
): Promise<void> => {
  requirePath("backup", target);
  // Absolute, so that nothing in it means anything else to SQLite.
  const place = resolve(target);
  const temporary = `${place}.${Buffer.from(host.randomBytes(8)).toString("hex")}.tmp`;
  const { DatabaseSync: Database, backup } = loadSqlite();
  try {
    // A handle of its own, with a read transaction open: what others write meanwhile is not seen,
    // so the copy never has to begin again.
    source.requireInPlace();
    const reader = new Database(source.file, { readOnly: true });
    try {
      await source.patiently(() => {
        if (!reader.isTransaction) reader.exec("BEGIN");
        reader.exec("SELECT count(*) FROM sqlite_schema");
      });
      await backup(reader, temporary, { rate: pagesPerStep });
    } finally {
      reader.close();
    }
    await sync(temporary);
    await putInPlace(temporary, place, overwrite);
    await syncFolder(dirname(place));
  } catch (error) {
    throw owed(error, target);
  } finally {
    await rm(temporary, { force: true });
  }
};

const sync = async (path: string): Promise<void> => {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
};

/** A link never replaces what stands there; a rename does. */
const putInPlace = async (temporary: string, target: string, overwrite: boolean): Promise<void> => {
  if (overwrite) await rename(temporary, target);
  else await link(temporary, target);
};

const owed = (error: unknown, path: string): unknown => {
  if (error instanceof LedgerError) return error;
  const code = systemCode(error);
  const options = { cause: error, detail: { path } };
  if (code === "EEXIST")
    return new LedgerError(
      "STORE_UNWRITABLE",
      `${path} exists already; choose another path, or say that it may be overwritten`,
      options,
    );
  if (code === "ENOSPC")
    return new LedgerError("STORE_FULL", `no space is left for a backup at ${path}`, options);
  if (code !== undefined && !code.startsWith("ERR_"))
    return new LedgerError("STORE_UNWRITABLE", `${path} cannot be written: ${code}`, options);
  return ledgerErrorOf(error, path);
};
