/** The stores that every property is run against, and how to have a fresh one of each. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore } from "@tallystick/adapters/file";
import { memoryStore } from "@tallystick/adapters/memory";
import { migrate, postgresStore } from "@tallystick/adapters/postgres";
import { sqliteStore } from "@tallystick/adapters/sqlite";
import type { Host, Store } from "@tallystick/core";
import { afterAll } from "vitest";
import { type LocalServer, startPostgres } from "../postgres/server.ts";

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

/** One server for a file of properties, started by the first run that needs it. */
let server: Promise<LocalServer> | undefined;
let database: Promise<string> | undefined;
afterAll(async () => (await server)?.stop());
let schemas = 0;

const postgres: StoreUnderTest = {
  name: "postgres",
  share: 0.05,
  open: async (host) => {
    // Nobody pulls the plug here.
    server ??= startPostgres(["fsync=off"]);
    database ??= server.then((started) => started.database());
    const url = await database;
    schemas += 1;
    const schema = `run ${schemas}`;
    await migrate(url, { schema });
    let store = await postgresStore(url, { host, schema });
    return {
      get store() {
        return store;
      },
      reopen: async () => {
        await store.close();
        store = await postgresStore(url, { host, schema });
        return store;
      },
      dispose: () => store.close(),
    };
  },
};

export const stores: readonly StoreUnderTest[] = [memory, file, sqlite, postgres];
