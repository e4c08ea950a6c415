/** `file:PATH`: a book in a file, or one file a book where PATH is a folder. */
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { LedgerError } from "@tallystick/core";
import { pathOfUrl } from "./path-of-url.ts";
import type { OpenedStore, StoreOpening, StoreScheme } from "./store-scheme.ts";

const kindOf = async (path: string): Promise<"folder" | "file" | "nothing"> => {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "nothing";
    // Opening it will say what is wrong.
    return "file";
  }
};

const tailBytesMax = 64 * 1024 * 1024;

/**
 * How many bytes a crash has left behind the last line end. A commit that lacks nothing but its line
 * end is whole, and not counted.
 */
const tornBytesOf = async (path: string): Promise<number> => {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - tailBytesMax);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const tail = buffer.subarray(0, bytesRead);
    const rest = tail.subarray(tail.lastIndexOf(0x0a) + 1);
    if (rest.length === 0) return 0;
    try {
      JSON.parse(rest.toString("utf8").replace(/\0+$/, ""));
      return 0;
    } catch {
      return rest.length;
    }
  } finally {
    await file.close();
  }
};

const openFile = async (
  rest: string,
  { use, host, onRecovery }: StoreOpening,
): Promise<OpenedStore> => {
  const path = pathOfUrl("file", rest, "book.jsonl");
  const kind = await kindOf(path);
  if (use === "change" && kind === "nothing")
    throw new LedgerError("BOOK_NOT_FOUND", `there is no book at ${path}`, { detail: { path } });
  const { fileStore } = await import("@tallystick/adapters/file");
  const store = await fileStore(path, {
    host,
    readOnly: use === "read",
    onRecovery: (recovery) =>
      onRecovery(
        `${recovery.path}: ${recovery.bytes} bytes behind commit ${recovery.afterCommit} were dropped; a crash had left them of a commit that nobody was told of`,
      ),
  });
  const isFolder = kind === "folder" || path.endsWith("/");
  return {
    store,
    deadLettersPath: (book) =>
      isFolder
        ? join(path, `${encodeURIComponent(book)}.jsonl.dead-letters.jsonl`)
        : `${path}.dead-letters.jsonl`,
    tornBytes: async () => (isFolder ? 0 : tornBytesOf(path)),
  };
};

export const fileScheme: StoreScheme = {
  form: "file:PATH",
  open: openFile,
};
