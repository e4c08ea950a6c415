/** Where a mock in a process of its own keeps its books, and another one after it. */
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../cli/support.ts";
import { startPostgres } from "../postgres/server.ts";

export const schemes = ["file", "sqlite", "postgres"] as const;

/** An empty place for the `--store` of the mock, gone when the test ends. */
export const newPlace = async (scheme: (typeof schemes)[number]): Promise<string> => {
  if (scheme === "postgres") {
    const server = await startPostgres(["fsync=off"]);
    onTestFinished(() => server.stop());
    return server.database();
  }
  return `${scheme}:${join(await temporaryFolder(), scheme === "file" ? "books" : "books.db")}`;
};
