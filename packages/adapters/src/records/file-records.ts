/**
 * Records beside a folder of books: one JSON Lines file an owner, `OWNER.records.jsonl`, which no
 * book is named like. A line holds the changes of one `write`; what a crash has left of a last line is
 * dropped. A file of which most is outdated is written anew when it is opened.
 *
 * An owner's records are held in memory while it is in use. One process at a time: who has the
 * folder's books open for writing may use its records.
 */
import { type FileHandle, open, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { type Json, LedgerError } from "@tallystick/core";
import { Turns } from "../store/turns.ts";
import { RecordTable } from "./record-table.ts";
import {
  type PageRange,
  type RecordChange,
  type Records,
  recordsClosed,
  requireChanges,
  requireOwner,
  requirePlace,
  type StoredRecord,
} from "./records.ts";

const extension = ".records.jsonl";
/** A file with fewer outdated changes than this is left as it is. */
const outdatedMax = 1000;
const changesPerLine = 500;

const lineOf = (changes: readonly RecordChange[]): string => `${JSON.stringify(changes)}\n`;

interface Loaded {
  readonly table: RecordTable;
  readonly file: FileHandle;
  /** Bytes up to the end of the last whole line. */
  size: number;
}

class FileOfRecords {
  readonly turns = new Turns();
  readonly #path: string;
  #loading: Promise<Loaded | undefined> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Its records; undefined where there is no file, and none was asked for. */
  async load(create: boolean): Promise<Loaded | undefined> {
    const loading = this.#loading ?? load(this.#path, create);
    this.#loading = loading;
    try {
      const loaded = await loading;
      if (loaded !== undefined) return loaded;
    } catch (error) {
      if (this.#loading === loading) this.#loading = undefined;
      throw error;
    }
    if (this.#loading === loading) this.#loading = undefined;
    return create ? this.load(true) : undefined;
  }

  async append(changes: readonly RecordChange[]): Promise<void> {
    const loaded = await this.load(true);
    if (loaded === undefined) return;
    const bytes = Buffer.from(lineOf(changes));
    try {
      await loaded.file.appendFile(bytes);
    } catch (error) {
      // Half of a line must not stand before the next one.
      await loaded.file.truncate(loaded.size);
      throw writeError(this.#path, error);
    }
    loaded.size += bytes.length;
    loaded.table.apply(changes);
  }

  async close(): Promise<void> {
    const loaded = await this.#loading;
    this.#loading = undefined;
    await loaded?.file.close();
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";

const writeError = (path: string, error: unknown): LedgerError => {
  const isFull = error instanceof Error && "code" in error && error.code === "ENOSPC";
  return new LedgerError(
    isFull ? "STORE_FULL" : "STORE_IO",
    `${path} could not be written; what was to be noted there is not`,
    { cause: error, detail: { path } },
  );
};

const damaged = (path: string, line: number, cause: unknown): LedgerError =>
  new LedgerError("BOOK_CORRUPT", `${path}: line ${line} is damaged`, {
    cause,
    detail: { path, line },
  });

const load = async (path: string, create: boolean): Promise<Loaded | undefined> => {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    if (!create) return undefined;
    content = Buffer.alloc(0);
  }
  const size = content.lastIndexOf(0x0a) + 1;
  const table = new RecordTable();
  let count = 0;
  for (const [index, line] of content.subarray(0, size).toString("utf8").split("\n").entries()) {
    if (line === "") continue;
    try {
      const changes = JSON.parse(line) as readonly RecordChange[];
      table.apply(changes);
      count += changes.length;
    } catch (error) {
      throw damaged(path, index + 1, error);
    }
  }
  const isOutdated = count - table.size > Math.max(outdatedMax, table.size);
  if (isOutdated) return { table, ...(await rewrite(path, table)) };
  const file = await open(path, "a");
  if (size < content.length) await file.truncate(size);
  return { table, file, size };
};

/** A new file with what is left, in the place of the old one. */
const rewrite = async (
  path: string,
  table: RecordTable,
): Promise<Pick<Loaded, "file" | "size">> => {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, "w");
  let size = 0;
  let changes: RecordChange[] = [];
  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(changes.length === 0 ? "" : lineOf(changes));
    await file.appendFile(bytes);
    size += bytes.length;
    changes = [];
  };
  try {
    for (const change of table.changes()) {
      changes.push(change);
      if (changes.length === changesPerLine) await flush();
    }
    await flush();
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  return { file: await open(path, "a"), size };
};

class FolderOfRecords implements Records {
  readonly #folder: string;
  readonly #files = new Map<string, FileOfRecords>();
  #closing: Promise<void> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async get(owner: string, collection: string, key: string): Promise<Json | undefined> {
    requirePlace(owner, collection, key);
    return (await this.#file(owner).load(false))?.table.get(collection, key);
  }

  async page(
    owner: string,
    collection: string,
    range: PageRange,
  ): Promise<readonly StoredRecord[]> {
    requirePlace(owner, collection);
    return (await this.#file(owner).load(false))?.table.page(collection, range) ?? [];
  }

  async write(owner: string, changes: readonly RecordChange[]): Promise<void> {
    requireChanges(owner, changes);
    const file = this.#file(owner);
    await file.turns.take(() => file.append(changes));
  }

  async owners(): Promise<readonly string[]> {
    if (this.#closing !== undefined) throw recordsClosed();
    const owners: string[] = [];
    for (const name of await readdir(this.#folder)) {
      const owner = name.endsWith(extension) ? name.slice(0, -extension.length) : undefined;
      if (owner === undefined) continue;
      const loaded = await this.#file(owner).load(false);
      if (loaded !== undefined && loaded.table.size > 0) owners.push(owner);
    }
    return owners.sort();
  }

  async release(owner: string): Promise<void> {
    requireOwner(owner);
    const file = this.#file(owner);
    await file.turns.take(() => file.close());
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const file of this.#files.values()) await file.turns.take(() => file.close());
  }

  #file(owner: string): FileOfRecords {
    if (this.#closing !== undefined) throw recordsClosed();
    let file = this.#files.get(owner);
    if (file === undefined) {
      file = new FileOfRecords(join(this.#folder, owner + extension));
      this.#files.set(owner, file);
    }
    return file;
  }
}

/** The records in a folder that exists. `BOOK_CORRUPT` for a file of which more than the tail is damaged. */
export const fileRecords = (folder: string): Records => new FolderOfRecords(folder);
