/**
 * A book of any store as a file: backup, copy and fork. The file appears whole or not at all, with
 * the same chain and the same hashes; every hash is recomputed on the way, so that damage is not
 * carried into a backup unseen.
 */
import { link, realpath, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import {
  chainProblem,
  encodeCommit,
  genesis,
  type Head,
  headAfter,
  isLedgerError,
  LedgerError,
  type Store,
} from "@tallystick/core";
import { untrustedFrom } from "../store/damage.ts";
import {
  type Files,
  nodeFiles,
  type OpenFile,
  requirePath,
  syncFolder,
  systemCode,
  unopenable,
  unsaved,
  writeAll,
} from "./files.ts";
import { frameOf } from "./frame.ts";
import { headerLine } from "./header.ts";
import { takeWriterLock } from "./writer-lock.ts";

export interface ExportOptions {
  /** Replaces what stands at the path, unless it is open for writing. The default is false. */
  readonly overwrite?: boolean;
  /** Told how many events have been written, after each batch. */
  readonly onProgress?: (events: number) => void;
}

/**
 * Where the exported book ends. `BOOK_NOT_FOUND` for a book that does not exist, `STORE_UNWRITABLE`
 * where a file stands already or cannot be written, `STORE_FULL`, `STORE_IO`, `BOOK_CORRUPT` for a
 * book that does not verify, `STORE_LOCKED` where the file to replace is open for writing. After
 * any of these the path is as it was before.
 */
export const exportBook = async (
  store: Store,
  book: string,
  path: string,
  options: ExportOptions = {},
): Promise<Head> => exportThrough(nodeFiles, store, book, path, options);

/** The same over any `Files`, for tests of what a disk can do. */
export const exportThrough = async (
  files: Files,
  store: Store,
  book: string,
  path: string,
  { overwrite = false, onProgress }: ExportOptions,
): Promise<Head> => {
  requirePath("exportBook", path);
  const head = await store.head(book);
  if (head === undefined)
    throw new LedgerError("BOOK_NOT_FOUND", `there is no book ${book} to export`, {
      detail: { book },
    });
  const target = await realTarget(path);
  if (!overwrite && target.exists) throw standsAlready(path);
  const suffix = Buffer.from(store.host.randomBytes(8)).toString("hex");
  const temporary = `${target.path}.${suffix}.tmp`;
  let file: OpenFile;
  try {
    file = await files(temporary, "create");
  } catch (error) {
    throw unopenable(temporary, error);
  }
  try {
    let end: Head;
    try {
      end = await writeBook(
        file,
        path,
        store,
        genesis(store.host.sha256, head.chainId),
        book,
        onProgress,
      );
    } finally {
      await file.close();
    }
    await putInPlace(temporary, target.path, overwrite);
    await syncFolder(dirname(target.path));
    return end;
  } finally {
    await rm(temporary, { force: true });
  }
};

/** A symbolic link is followed, so that what it points to is replaced and not the link. */
const realTarget = async (
  path: string,
): Promise<{ readonly path: string; readonly exists: boolean }> => {
  try {
    return { path: await realpath(path), exists: true };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return { path, exists: false };
    throw unopenable(path, error);
  }
};

const standsAlready = (path: string): LedgerError =>
  new LedgerError(
    "STORE_UNWRITABLE",
    `${path} exists already; choose another path, or say that it may be overwritten`,
    { detail: { path } },
  );

const writeBook = async (
  file: OpenFile,
  path: string,
  store: Store,
  begin: Head,
  book: string,
  onProgress: ExportOptions["onProgress"],
): Promise<Head> => {
  const { chainId } = begin;
  let head = begin;
  let position = await put(file, path, Buffer.from(headerLine({ book, chainId })), 0);
  for await (const commits of store.readCommits(book)) {
    const frames: Buffer[] = [];
    for (const commit of commits) {
      const problem = chainProblem(store.host.sha256, head, commit);
      if (problem !== undefined)
        throw untrustedFrom(new LedgerError("BOOK_CORRUPT", problem), head);
      head = headAfter(chainId, commit);
      frames.push(frameOf(encodeCommit(commit)));
    }
    position = await put(file, path, Buffer.concat(frames), position);
    onProgress?.(head.position);
  }
  await saved(path, () => file.sync());
  return head;
};

const put = async (
  file: OpenFile,
  path: string,
  bytes: Buffer,
  position: number,
): Promise<number> => {
  await saved(path, () => writeAll(file, bytes, position));
  return position + bytes.length;
};

const saved = async (path: string, step: () => Promise<void>): Promise<void> => {
  try {
    await step();
  } catch (error) {
    throw unsaved(path, `the export failed, and ${path} is as it was before`, error);
  }
};

/** File systems without hard links answer with one of these. */
const withoutLinks: ReadonlySet<unknown> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/** A link never replaces what stands there; a rename does, so it is made under the writer's lock. */
const putInPlace = async (temporary: string, path: string, overwrite: boolean): Promise<void> => {
  if (!overwrite)
    try {
      await link(temporary, path);
      return;
    } catch (error) {
      if (systemCode(error) === "EEXIST") throw standsAlready(path);
      if (!withoutLinks.has(systemCode(error))) throw unopenable(path, error);
    }
  const lock = await takeWriterLock(path, `${path}.lock`);
  try {
    if (!overwrite && (await realTarget(path)).exists) throw standsAlready(path);
    await rename(temporary, path);
  } catch (error) {
    throw isLedgerError(error) ? error : unopenable(path, error);
  } finally {
    lock.release();
  }
};
