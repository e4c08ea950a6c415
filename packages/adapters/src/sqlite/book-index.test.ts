import { describe, expect, it, onTestFinished } from "vitest";
import { draftsFor } from "../contract/drafts.ts";
import { all, book } from "../contract/fixture.ts";
import { temporaryPath } from "../file/temporary-folder.ts";
import { seededHost } from "../host/seeded-host.ts";
import { BookIndex } from "./book-index.ts";
import type { Connection } from "./connection.ts";
import { openFile } from "./open-file.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { genesisOf } from "./pages.ts";

const recentMax = 10;
const host = seededHost();

const connected = async (path: string): Promise<Connection> => {
  const connection = await openFile(path, { host, readOnly: true, lockTimeoutMs: 100 });
  onTestFinished(() => connection.close());
  return connection;
};

describe("an index that follows another writer", () => {
  it("keeps a few lots of commits at most, however many it takes in", async () => {
    const path = await temporaryPath("books.db");
    const store = await openSqliteStore(path, { host }, recentMax);
    onTestFinished(() => store.close());
    const drafts = draftsFor(host);
    const connection = await connected(path);
    const begin = genesisOf(host, "0".repeat(32));
    const index = new BookIndex(connection, { id: 1, seed: 1, recentMax }, begin);
    let most = 0;
    for (let n = 1; n <= 12 * recentMax; n += 1) {
      await store.append(book, drafts.of(drafts.created(`n${n}`)));
      for (const commit of await all(store.readCommits(book, { afterCommit: n - 1 })))
        index.add(commit);
      index.forgetMerged();
      most = Math.max(most, index.unmerged);
    }
    expect(most).toBeGreaterThanOrEqual(recentMax);
    expect(most).toBeLessThanOrEqual(4 * recentMax);
  });
});
