/** The stores that every property is run against, and how to have a fresh one of each. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore } from "@tallystick/adapters/file";
import { memoryStore } from "@tallystick/adapters/memory";
import { sqliteStore } from "@tallystick/adapters/sqlite";
import type { Host, Store } from "@tallystick/core";

/** An empty store of a property's run. */
export interface Fresh {
  readonly store: Store;
  /** The same book as a process meets it that has just begun. */
  reopen(): Promise<Store>;
  dispose(): Promise<void>;
}

export interface StoreUnderTest {
  readonly name: string;
  /** Which part of the runs it takes: a disk is slower than memory. */
  readonly share: number;
  readonly open: (host: Host) => Promise<Fresh>;
}

const memory: StoreUnderTest = {
  name: "memory",
  share: 1,
  open: async (host) => {
    const store = memoryStore({ host });
    return { store, reopen: async () => store, dispose: () => store.close() };
  },
};

const file: StoreUnderTest = {
  name: "file",
  share: 0.12,
  open: async (host) => {
    const folder = await mkdtemp(join(tmpdir(), "tallystick-"));
    const path = join(folder, "book.jsonl");
    let store = await fileStore(path, { host });
    return {
      get store() {
        return store;
      },
      reopen: async () => {
        await store.close();
        store = await fileStore(path, { host });
        return store;
      },
      dispose: async () => {
        await store.close();
        await rm(folder, { recursive: true });
      },
    };
  },
};

const sqlite: StoreUnderTest = {
  name: "sqlite",
  share: 0.12,
  open: async (host) => {
    const folder = await mkdtemp(join(tmpdir(), "tallystick-"));
    const path = join(folder, "books.db");
    let store = await sqliteStore(path, { host });
    return {
      get store() {
        return store;
      },
      reopen: async () => {
        await store.close();
        store = await sqliteStore(path, { host });
        return store;
      },
      dispose: async () => {
        await store.close();
        await rm(folder, { recursive: true });
      },
    };
  },
};

export const stores: readonly StoreUnderTest[] = [memory, file, sqlite];
