import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { draftsFor, storeContract } from "@tallystick/adapters/contract";
import { seededHost } from "@tallystick/adapters/host";
import { memoryStore } from "@tallystick/adapters/memory";
import { sqliteStore } from "@tallystick/adapters/sqlite";
import type { RecordedCommit, Store } from "@tallystick/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { LastingStore } from "./lasting-store.ts";

const never = (): Promise<Store> => Promise.reject(new Error("nobody closed it"));
const book = "test-1";

/** A lasting store over an SQLite file, and every store that was opened for it. */
const begin = async () => {
  const folder = await mkdtemp(join(tmpdir(), "tallystick-"));
  const host = seededHost();
  const opened: Store[] = [];
  const open = async (): Promise<Store> => {
    const store = await sqliteStore(join(folder, "books.db"), { host });
    opened.push(store);
    return store;
  };
  const store = new LastingStore(await open(), open);
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  return { store, opened, drafts: draftsFor(host) };
};

describe("a store that lasts", () => {
  storeContract({ open: async (host) => new LastingStore(memoryStore({ host }), never) });

  it("is opened again, once, after it has closed itself", async () => {
    const { store, opened, drafts } = await begin();
    await store.append(book, drafts.of(drafts.created("a")));
    await opened[0]?.close();
    const [head, , commit] = await Promise.all([
      store.head(book),
      Array.fromAsync(store.readBook(book)),
      store.append(book, drafts.of(drafts.created("b"))),
    ]);
    expect([head?.commit, commit.number, opened.length]).toEqual([1, 2, 2]);
  });

  it("goes on giving commits to who follows it, each once", async () => {
    const { store, opened, drafts } = await begin();
    const abort = new AbortController();
    const numbers: number[] = [];
    const follow = async (): Promise<void> => {
      for await (const { number } of store.subscribe(book, { signal: abort.signal })) {
        numbers.push(number);
        if (number === 1) {
          await opened[0]?.close();
          await store.append(book, drafts.of(drafts.created("b")));
        } else abort.abort();
      }
    };
    await store.append(book, drafts.of(drafts.created("a")));
    await follow();
    expect(numbers).toEqual([1, 2]);
  });

  it("stays closed once it was closed", async () => {
    const { store, opened } = await begin();
    await store.close();
    const closed = { code: "STORE_CLOSED" };
    await expect(store.head(book)).rejects.toMatchObject(closed);
    await expect(
      Array.fromAsync<readonly RecordedCommit[]>(store.readCommits(book)),
    ).rejects.toMatchObject(closed);
    expect(opened).toHaveLength(1);
  });
});
