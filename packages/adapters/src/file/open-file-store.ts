/** Opening a file or a folder as a store, over whatever stands in for the operating system. */
import { mkdir, realpath, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { type Host, LedgerError, type Store } from "@tallystick/core";
import { nodeHost } from "../host/node-host.ts";
import type { LogFolder } from "../log/commit-log.ts";
import { logStore } from "../log/log-store.ts";
import { bookFolder } from "./book-folder.ts";
import {
  type Files,
  requirePath,
  syncFolder,
  systemCode,
  unopenable,
  unreadable,
} from "./files.ts";
import { openForReading, openForWriting } from "./open-log.ts";
import type { Recovery } from "./recovery.ts";
import { awaitedBook, requireLabel, singleBook } from "./single-book.ts";
import { takeWriterLock } from "./writer-lock.ts";

export interface FileStoreOptions {
  /** Clock and randomness; a test hands in `seededHost()`. The default is the machine's. */
  readonly host?: Host;
  /**
   * The name of the book in a single file. Given, a file with another label is refused at once. Left
   * out, the file's own label holds, and the first append names a new file's book.
   */
  readonly book?: string;
  /**
   * Writes nothing, takes no lock, and may be used while another process writes. What that process
   * adds is seen by the next call, perhaps shortly before it is acknowledged there; a subscription
   * here is woken by such a call and by nothing else. The default is false.
   */
  readonly readOnly?: boolean;
  /** Told of what a crash left at the end of a file and was dropped; of nothing that was acknowledged. */
  readonly onRecovery?: (recovery: Recovery) => void;
}

export interface FileStore extends Store {
  readonly path: string;
  /** The last torn tail that was dropped, if there was one. */
  readonly recovery: Recovery | undefined;
}

/** `fileStore` over any `Files`. */
export const openFileStore = async (
  path: string,
  options: FileStoreOptions,
  files: Files,
): Promise<FileStore> => {
  requirePath("fileStore", path);
  const { host = nodeHost, readOnly = false, onRecovery } = options;
  let recovery: Recovery | undefined;
  const recovered = (found: Recovery): void => {
    recovery = found;
    onRecovery?.(found);
  };
  const open = (await isFolder(path)) ? openFolder : openSingle;
  const folder = await open(path, { ...options, readOnly, onRecovery: recovered }, files);
  // A reader shares its book with whoever writes it.
  const store = logStore({ host, capabilities: { durable: true, shared: readOnly }, folder });
  const more = {
    path,
    get recovery() {
      return recovery;
    },
  };
  return Object.defineProperties(store, Object.getOwnPropertyDescriptors(more)) as FileStore;
};

type Opened = FileStoreOptions & Required<Pick<FileStoreOptions, "readOnly" | "onRecovery">>;

const isFolder = async (path: string): Promise<boolean> => {
  if (path.endsWith("/") || path.endsWith(sep)) return true;
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Opening the file will say what is wrong.
    return false;
  }
};

const openSingle = async (path: string, options: Opened, files: Files): Promise<LogFolder> => {
  const { book, readOnly, onRecovery } = options;
  const log = await (readOnly
    ? openForReading(path, files)
    : openForWriting(path, files, onRecovery));
  try {
    if (readOnly && log.header === undefined) {
      await log.close();
      return awaitedBook(path, () => openForReading(path, files), book);
    }
    if (book !== undefined) requireLabel(path, log.header?.book, book);
  } catch (error) {
    await log.close();
    throw error;
  }
  return singleBook(log, book);
};

const openFolder = async (
  path: string,
  { book, readOnly, onRecovery }: Opened,
  files: Files,
): Promise<LogFolder> => {
  if (book !== undefined)
    throw new LedgerError(
      "INVALID_INPUT",
      `${path} is a folder of books; name the book in each call, not when opening`,
      { detail: { faults: [{ field: "book", message: "must be left out for a folder" }] } },
    );
  const real = await folderAt(path, readOnly);
  const lock = readOnly ? undefined : await takeWriterLock(real, join(real, ".tallystick.lock"));
  return bookFolder({ path: real, files, lock, onRecovery });
};

/** The folder without symbolic links, created where a writer finds none. */
const folderAt = async (path: string, readOnly: boolean): Promise<string> => {
  try {
    if (!readOnly && (await makeFolder(path))) await syncFolder(dirname(await realpath(path)));
    const real = await realpath(path);
    if (!(await stat(real)).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
    return real;
  } catch (error) {
    if (!readOnly) throw unopenable(path, error);
    if (systemCode(error) !== "ENOENT") throw unreadable(path, error);
    throw new LedgerError("BOOK_NOT_FOUND", `there is no folder of books at ${path}`, {
      cause: error,
      detail: { path },
    });
  }
};

const makeFolder = async (path: string): Promise<boolean> => {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
};
