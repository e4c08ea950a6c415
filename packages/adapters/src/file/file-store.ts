/**
 * A book as one file that a person can read, copy and put under version control: JSON Lines, a
 * header and then one line a commit, each with its length and checksum. Or a folder of such files.
 *
 * What `append` acknowledged has been synced to the disk. One process writes at a time; any number
 * may read meanwhile. The lock file beside a book, `….lock`, belongs to nobody once its writer is
 * gone; leave it out of version control.
 */
import { nodeFiles } from "./files.ts";
import { type FileStore, type FileStoreOptions, openFileStore } from "./open-file-store.ts";

export { type ExportOptions, exportBook } from "./export-book.ts";
export { type Frame, frameOf, parseFrame } from "./frame.ts";
export type { FileStore, FileStoreOptions } from "./open-file-store.ts";
export { type BookFile, readBookFile } from "./read-book-file.ts";
export type { Recovery } from "./recovery.ts";

/**
 * The store at `path`: a folder of books where a folder stands or the path ends with a slash, a
 * single book otherwise. What does not exist is created, its parent folder aside.
 *
 * `INVALID_INPUT` for what is no path, `STORE_LOCKED` while somebody else has it open for writing,
 * `STORE_UNWRITABLE` where the place or the rights are missing, with `readOnly` `STORE_UNREADABLE`
 * where the right to read is, `BOOK_NOT_FOUND` where there is nothing to read, `BOOK_CORRUPT` for a file
 * that is no book, `BOOK_MISMATCH` for another book's, `UNKNOWN_SCHEMA_VERSION` for one of a later
 * format.
 */
export const fileStore = (path: string, options: FileStoreOptions = {}): Promise<FileStore> =>
  openFileStore(path, options, nodeFiles);
