/** Opening the file of one book: for writing, which takes its lock and mends its tail, or to be read. */
import { realpath } from "node:fs/promises";
import { LedgerError } from "@tallystick/core";
import { BookWriter } from "./book-writer.ts";
import { FileLog, type FileLogOptions } from "./file-log.ts";
import { type Files, type OpenFile, systemCode, unopenable, unreadable } from "./files.ts";
import { readHeader } from "./header.ts";
import { type Recovery, recoverTail } from "./recovery.ts";
import { takeWriterLock, type WriterLock } from "./writer-lock.ts";

/** Gives back what was opened for a step that failed. */
const orElse = async <Result>(
  step: () => Promise<Result>,
  undo: () => unknown,
): Promise<Result> => {
  try {
    return await step();
  } catch (error) {
    await undo();
    throw error;
  }
};

/** What the operating system reports, in the store's words. */
const explained = async <Result>(
  path: string,
  step: () => Promise<Result>,
  inWords: (path: string, error: unknown) => LedgerError = unopenable,
): Promise<Result> => {
  try {
    return await step();
  } catch (error) {
    throw systemCode(error)?.startsWith("E") === true ? inWords(path, error) : error;
  }
};

/** The lock stands beside the file itself, so two names of one file conflict. */
const lockOf = async (
  path: string,
): Promise<{ readonly real: string; readonly lock: WriterLock }> => {
  const real = await explained(path, () => realpath(path));
  return { real, lock: await takeWriterLock(real, `${real}.lock`) };
};

/** Where the book begins and ends in a file whose tail has been put in order. */
const mend = async (
  path: string,
  file: OpenFile,
  onRecovery: (recovery: Recovery) => void,
): Promise<Pick<FileLogOptions, "path" | "header" | "begin"> & { readonly end: number }> => {
  const found = await readHeader(file, path);
  if (found === undefined) return { path, header: undefined, begin: 0, end: 0 };
  const { header, end: begin } = found;
  return { path, header, begin, end: await recoverTail({ path, file, begin }, onRecovery) };
};

/** Creates the file where there is none. `STORE_LOCKED`, `STORE_UNWRITABLE`, `BOOK_CORRUPT`. */
export const openForWriting = async (
  path: string,
  files: Files,
  onRecovery: (recovery: Recovery) => void,
): Promise<FileLog> => {
  await (await explained(path, () => files(path, "write"))).close();
  const { real, lock } = await lockOf(path);
  return orElse(
    async () => {
      // Opened anew: until the lock was taken, an export could put another file in its place.
      const file = await explained(real, () => files(real, "write"));
      return orElse(
        async () => {
          const { end, ...rest } = await explained(real, () => mend(real, file, onRecovery));
          const writer = new BookWriter({ path: real, file, lock, end });
          return new FileLog({ ...rest, file, writer });
        },
        () => file.close(),
      );
    },
    () => lock.release(),
  );
};

/** Writes nothing and takes no lock. The file may be one that never began. `BOOK_NOT_FOUND`, `STORE_UNREADABLE`, `BOOK_CORRUPT`. */
export const openForReading = async (path: string, files: Files): Promise<FileLog> => {
  let file: OpenFile;
  try {
    file = await files(path, "read");
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw unreadable(path, error);
    throw new LedgerError("BOOK_NOT_FOUND", `there is no book at ${path}`, {
      cause: error,
      detail: { path },
    });
  }
  return orElse(
    async () => {
      const { header, end: begin = 0 } =
        (await explained(path, () => readHeader(file, path), unreadable)) ?? {};
      return new FileLog({ path, file, header, begin, writer: undefined });
    },
    () => file.close(),
  );
};
