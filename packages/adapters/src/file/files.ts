/**
 * What the file store asks of the operating system, small enough for a test to stand in for it: a
 * full disk or a failing one is a handle that throws.
 */
import { constants, open } from "node:fs/promises";
import { LedgerError } from "@tallystick/core";
import { faulty } from "../store/faulty.ts";

/** The part of a `FileHandle` that is used. */
export interface OpenFile {
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  write(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
  sync(): Promise<void>;
  stat(): Promise<{ readonly size: number }>;
  close(): Promise<void>;
}

/** `write` reads too, and creates what is not there; `create` refuses what is. */
type Opening = "read" | "write" | "create";
export type Files = (path: string, opening: Opening) => Promise<OpenFile>;

const flags: Readonly<Record<Opening, number>> = {
  read: constants.O_RDONLY,
  write: constants.O_RDWR | constants.O_CREAT,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
};

export const nodeFiles: Files = (path, opening) => open(path, flags[opening]);

/** Makes a new name in a folder durable. Windows has nothing like it and needs nothing like it. */
export const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === "win32") return;
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

/** Writes all of `bytes` at `position`; the system may take them in parts. */
export const writeAll = async (
  file: OpenFile,
  bytes: Uint8Array,
  position: number,
): Promise<void> => {
  let done = 0;
  while (done < bytes.length) {
    const left = bytes.length - done;
    const { bytesWritten } = await file.write(bytes, done, left, position + done);
    done += bytesWritten;
  }
};

/** The bytes from `from` to `to`, or as many of them as there are. */
export const readRange = async (
  file: Pick<OpenFile, "read">,
  from: number,
  to: number,
): Promise<Buffer> => {
  const buffer = Buffer.allocUnsafe(Math.max(0, to - from));
  let done = 0;
  while (done < buffer.length) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, from + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
};

/** The operating system's own code, such as `ENOSPC`. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;

const noSpace: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

export const isNoSpace = (error: unknown): boolean => noSpace.has(systemCode(error));

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist; create it first",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "it is a folder",
  EACCES: "this user has no right to it",
  EPERM: "this user has no right to it",
  EROFS: "the place is read-only",
  ENAMETOOLONG: "the name is too long for the file system",
  ENOSPC: "no space is left",
  EDQUOT: "the space that this user may fill is used up",
  EFBIG: "the file may not grow any further",
  EIO: "the disk reports an error",
};

/** What the operating system reports, in words; its own where there are no better ones. */
export const reasonOf = (error: unknown): string =>
  reasons[systemCode(error) ?? ""] ?? (error instanceof Error ? error.message : String(error));

/** Why a file other than a book could not be written; `what` is the sentence up to the reason. */
export const unsaved = (path: string, what: string, error: unknown): LedgerError => {
  const code = systemCode(error);
  return new LedgerError(
    isNoSpace(error) ? "STORE_FULL" : "STORE_IO",
    `${what}: ${reasonOf(error)}`,
    { cause: error, detail: { path, ...(code === undefined ? {} : { systemCode: code }) } },
  );
};

type NotOpened = (path: string, error: unknown) => LedgerError;

const notOpened =
  (code: "STORE_UNWRITABLE" | "STORE_UNREADABLE", what: string): NotOpened =>
  (path, error) => {
    const system = systemCode(error);
    return new LedgerError(code, `${path} cannot be ${what}: ${reasonOf(error)}`, {
      cause: error,
      detail: { path, ...(system === undefined ? {} : { systemCode: system }) },
    });
  };

/** Why a file could not be opened for what was meant, as `STORE_UNWRITABLE`. */
export const unopenable: NotOpened = notOpened("STORE_UNWRITABLE", "opened");

/** The same for what was only to be read, as `STORE_UNREADABLE`. */
export const unreadable: NotOpened = notOpened("STORE_UNREADABLE", "read");

/** Throws `INVALID_INPUT` for what is no path. `verb` goes into the message. */
export const requirePath = (verb: string, path: unknown): void => {
  if (typeof path !== "string" || path === "" || path.includes("\0"))
    throw faulty(verb, "path", "must be a path: a text that is not empty and holds no NUL");
};
