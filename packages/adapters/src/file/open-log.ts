/** Opening the file of one book: for writing, which takes its lock and mends its tail, or to be read. */
import { realpath } from "node:fs/promises";
import { LedgerError } from "@tallystick/core";
import { BookWriter } from "./book-writer.ts";
import { FileLog } from "./file-log.ts";
import { type Files, type OpenFile, systemCode, unopenable } from "./files.ts";
import { readHeader } from "./header.ts";
import { type Recovery, recoverTail } from "./recovery.ts";
import { takeWriterLock, type WriterLock } from "./writer-lock.ts";

/** Closes what was opened when a later step fails. */
const orElse = async <Result>(step: () => Promise<Result>, undo: () => unknown): Promise<Result> => {
  try {
    return await step();
  } catch (error) {
    await undo();
    throw error;
  }
};

/** The lock stands beside the file itself, so two names of one file conflict. */
const lockOf = async (path: string): Promise<{ readonly real: string; readonly lock: WriterLock }> => {
  let real: string;
  try {
    real = await realpath(path);
  } catch (error) {
    throw unopenable(path, error);
  }
  return { real, lock: await takeWriterLock(real, `${real}.lock`) };
};

const mend = async (
  path: string,
  file: OpenFile,
  onRecovery: (recovery: Recovery) => void,
): Promise<Omit<ConstructorParameters<typeof FileLog>[0], "writer" | "file"> & { readonly end: number }> => {
  const found = await readHeader(file, path);
  if (found === undefined) return { path, header: undefined, begin: 0, end: 0 };
  const { header, end: begin } = found;
  try {
    return { path, header, begin, end: await recoverTail({ path, file, begin }, onRecovery) };
  } catch (error) {
    throw unopenable(path, error);
  }
};

/** Creates the file where there is none. `STORE_LOCKED`, `STORE_UNWRITABLE`, `BOOK_CORRUPT`. */
export const openForWriting = async (
  path: string,
  files: Files,
  onRecovery: (recovery: Recovery) => void,
): Promise<FileLog> => {
  let file: OpenFile;
  try {
    file = await files(path, "write");
  } catch (error) {
    throw unopenable(path, error);
  }
  return orElse(
    async () => {
      const { real, lock } = await lockOf(path);
      return orElse(
        async () => {
          const { end, ...rest } = await mend(real, file, onRecovery);
          return new FileLog({ ...rest, file, writer: new BookWriter({ path: real, file, lock, end }) });
        },
        () => lock.release(),
      );
    },
    () => file.close(),
  );
};

/** Writes nothing and takes no lock. The file may be one that never began. `BOOK_NOT_FOUND`, `STORE_UNWRITABLE`, `BOOK_CORRUPT`. */
export const openForReading = async (path: string, files: Files): Promise<FileLog> => {
  let file: OpenFile;
  try {
    file = await files(path, "read");
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw unopenable(path, error);
    throw new LedgerError("BOOK_NOT_FOUND", `there is no book at ${path}`, {
      cause: error,
      detail: { path },
    });
  }
  return orElse(
    async () => {
      const { header, end: begin = 0 } = (await readHeader(file, path)) ?? {};
      return new FileLog({ path, file, header, begin, writer: undefined });
    },
    () => file.close(),
  );
};
