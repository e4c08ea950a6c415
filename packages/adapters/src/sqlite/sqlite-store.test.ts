import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host, Store } from "@tallystick/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storeContract } from "../contract/store-contract.ts";
import { nodeHost } from "../host/node-host.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { type SqliteStore, sqliteStore } from "./sqlite-store.ts";

let folder: string;
let opened = 0;
const freshPath = (): string => {
  opened += 1;
  return join(folder, `books-${opened}.db`);
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tallystick-sqlite-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a store in an SQLite file", () => {
  storeContract({
    open: async (host: Host) => sqliteStore(freshPath(), { host }),
    reopen: async (closed: Store, host: Host) =>
      sqliteStore((closed as SqliteStore).path, { host }),
    another: async (open: Store, host: Host) => sqliteStore((open as SqliteStore).path, { host }),
  });

  describe("whose index is written after every few commits", () => {
    const recentMax = 3;
    storeContract({
      open: (host) => openSqliteStore(freshPath(), { host }, recentMax),
      another: (open, host) => openSqliteStore((open as SqliteStore).path, { host }, recentMax),
      reopen: (closed, host) => openSqliteStore((closed as SqliteStore).path, { host }, recentMax),
    });
  });

  it("is durable and shared, over the machine's clock unless it is given another", async () => {
    const store = await sqliteStore(freshPath());
    expect(store.capabilities).toEqual({ durable: true, shared: true });
    expect(store.host).toBe(nodeHost);
    await store.close();
  });
});
