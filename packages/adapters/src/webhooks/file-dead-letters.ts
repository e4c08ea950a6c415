/**
 * Dead letters in a file: one JSON line each, on disk before the sender is answered.
 *
 * A line has the members of a delivery log (`received_at`, `headers`, `body`) beside `reason`,
 * `message` and `faults`, so the file can be received again like one. It holds personal data, and is
 * made readable for its owner only.
 */
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { toSnakeCase } from "@tallystick/core";
import { unsaved } from "../file/files.ts";
import type { DeadLetter } from "./dead-letters.ts";

/** Makes the name of a new file durable; Windows has nothing like it and needs nothing like it. */
const syncFolderOf = async (path: string): Promise<void> => {
  if (process.platform === "win32") return;
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

const appendLine = async (path: string, line: string): Promise<void> => {
  const file = await open(path, "a+", 0o600);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    // A line that a crash or a full disk tore off must not run into this one.
    const torn = size > 0 && buffer.toString("latin1") !== "\n";
    await file.writeFile(`${torn ? "\n" : ""}${line}\n`);
    await file.sync();
    if (size === 0) await syncFolderOf(path);
  } finally {
    await file.close();
  }
};

/**
 * An `onDeadLetter` that appends to `path` and resolves once the line is on disk. The folder must be
 * there. Letters are written one after the other; a failing write throws `STORE_FULL` or `STORE_IO`,
 * and the sender tries again.
 */
export const fileDeadLetters = (path: string): ((letter: DeadLetter) => Promise<void>) => {
  let last: Promise<void> = Promise.resolve();
  return (letter) => {
    const line = JSON.stringify(toSnakeCase(letter));
    const written = last
      .then(() => appendLine(path, line))
      .catch((error: unknown) => {
        throw unsaved(path, `a dead letter could not be kept in ${path}`, error);
      });
    // The next letter waits for this one, and does not fail with it.
    last = written.catch(() => undefined);
    return written;
  };
};
