/**
 * A folder with one file a book, named for it. Opened for writing, the folder has one writer, and so
 * has each file from the first time that its book is used.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { invariant, isDamage } from "@tallystick/core";
import type { CommitLog, LogFolder } from "../log/commit-log.ts";
import { type FileLog, readOnly } from "./file-log.ts";
import { bookOfFileName, fileNameOf } from "./file-name.ts";
import { type Files, systemCode, unreadable } from "./files.ts";
import { openForReading, openForWriting } from "./open-log.ts";
import type { Recovery } from "./recovery.ts";
import { requireLabel } from "./single-book.ts";
import type { WriterLock } from "./writer-lock.ts";

export interface BookFolderOptions {
  /** The folder, without symbolic links. */
  readonly path: string;
  readonly files: Files;
  /** Undefined where the folder is only read. */
  readonly lock: WriterLock | undefined;
  readonly onRecovery: (recovery: Recovery) => void;
}

const isThere = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (absent.has(systemCode(error))) return false;
    throw unreadable(path, error);
  }
};

/** A name that is too long for the file system was never written there. */
const absent: ReadonlySet<unknown> = new Set(["ENOENT", "ENAMETOOLONG"]);

class BookFolder implements LogFolder {
  readonly #options: BookFolderOptions;
  readonly #logs = new Map<string, Promise<FileLog | undefined>>();

  constructor(options: BookFolderOptions) {
    this.#options = options;
  }

  async list(): Promise<readonly string[]> {
    const { path } = this.#options;
    let fileNames: readonly string[];
    try {
      fileNames = await readdir(path);
    } catch (error) {
      throw unreadable(path, error);
    }
    const books: string[] = [];
    for (const fileName of fileNames) {
      const book = bookOfFileName(fileName);
      if (book !== undefined && (await this.#exists(book))) books.push(book);
    }
    return books;
  }

  async open(book: string): Promise<CommitLog | undefined> {
    const log = await this.#log(book, false);
    return (await log?.holdsCommits()) === true ? log : undefined;
  }

  async create(book: string, chainId: string): Promise<CommitLog> {
    if (this.#options.lock === undefined) throw readOnly(this.#options.path);
    const log = await this.#log(book, true);
    invariant(log !== undefined, `the file of ${book} was not created`);
    log.beginAs({ book, chainId });
    return log;
  }

  async close(): Promise<void> {
    const logs = await Promise.allSettled(this.#logs.values());
    for (const opened of logs) if (opened.status === "fulfilled") await opened.value?.close();
    this.#options.lock?.release();
  }

  /** Opens each file once, however many ask for it at the same time. */
  async #log(book: string, create: boolean): Promise<FileLog | undefined> {
    const known = await this.#logs.get(book);
    if (known !== undefined) return known;
    const opening = this.#logs.get(book) ?? this.#openFile(book, create);
    this.#logs.set(book, opening);
    const forget = (): void => {
      if (this.#logs.get(book) === opening) this.#logs.delete(book);
    };
    try {
      const log = await opening;
      if (log === undefined) forget();
      return log;
    } catch (error) {
      forget();
      throw error;
    }
  }

  async #openFile(book: string, create: boolean): Promise<FileLog | undefined> {
    const { files, lock, onRecovery } = this.#options;
    const path = join(this.#options.path, fileNameOf(book));
    if (!create && !(await isThere(path))) return undefined;
    const log = await (lock === undefined
      ? openForReading(path, files)
      : openForWriting(path, files, onRecovery));
    try {
      requireLabel(path, log.header?.book, book);
      if (log.header !== undefined || lock !== undefined) return log;
    } catch (error) {
      await log.close();
      throw error;
    }
    // A file that never began may begin later, and is then read anew.
    await log.close();
    return undefined;
  }

  /** Looked at without opening it for writing: a list must not depend on who else writes. */
  async #exists(book: string): Promise<boolean> {
    if (this.#logs.has(book)) return (await this.open(book)) !== undefined;
    let log: FileLog | undefined;
    try {
      log = await openForReading(join(this.#options.path, fileNameOf(book)), this.#options.files);
      return log.header !== undefined && (await log.holdsCommits());
    } catch (error) {
      // A damaged book is still a book: whoever reads it is told what is wrong.
      if (isDamage(error)) return true;
      throw error;
    } finally {
      await log?.close();
    }
  }
}

export const bookFolder = (options: BookFolderOptions): LogFolder => new BookFolder(options);
