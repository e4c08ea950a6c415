/** Whether a file is a store: what no report may replace, whatever it was told. */
import { open } from "node:fs/promises";

const beginnings = { file: '{"tallystick":"book"', sqlite: "SQLite format 3\0" } as const;

/** Which kind of store a file is by its first bytes; nothing where it is none, or is not there. */
export const storeKindOf = async (path: string): Promise<keyof typeof beginnings | undefined> => {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(32), 0, 32, 0);
    const start = buffer.toString("latin1", 0, bytesRead);
    if (start.startsWith(beginnings.file)) return "file";
    return start.startsWith(beginnings.sqlite) ? "sqlite" : undefined;
  } catch {
    // A folder, say: writing there will say what is wrong.
    return undefined;
  } finally {
    await file.close();
  }
};
