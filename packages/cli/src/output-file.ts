/** A file that a command writes: it appears whole or not at all. */
import { randomUUID } from "node:crypto";
import { link, open, rename, rm } from "node:fs/promises";
import { usage } from "./cli-error.ts";
import { storeKindOf } from "./store-kind.ts";
import { unwritable } from "./unwritable.ts";

const isThere = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "EEXIST";

const bufferedMax = 1 << 16;

/** Writes the pieces in order. Refuses to replace a file unless `overwrite`, and a store always. */
export const writeOutput = async (
  path: string,
  pieces: Iterable<string> | AsyncIterable<string>,
  overwrite: boolean,
): Promise<void> => {
  if (overwrite && (await storeKindOf(path)) !== undefined)
    throw usage(`${path} is a store of books, which nothing may replace; name another file`, {
      path,
    });
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(temporary, "wx");
    try {
      let buffered = "";
      for await (const piece of pieces) {
        buffered += piece;
        if (buffered.length < bufferedMax) continue;
        await file.writeFile(buffered);
        buffered = "";
      }
      await file.writeFile(buffered);
      await file.sync();
    } finally {
      await file.close();
    }
    if (overwrite) await rename(temporary, path);
    else {
      await link(temporary, path);
      await rm(temporary);
    }
  } catch (error) {
    await rm(temporary, { force: true });
    if (isThere(error)) throw usage(`${path} exists already; --overwrite replaces it`, { path });
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw unwritable(path, error as NodeJS.ErrnoException, { path });
  }
};
