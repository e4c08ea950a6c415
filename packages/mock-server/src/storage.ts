/** Where a server keeps things: the store of the books, and the records beside them, by one URL. */
import { mkdir, realpath } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Records } from "@tallystick/adapters/records";
import type { WriterLock } from "@tallystick/adapters/sqlite";
import { type Host, LedgerError, type Store } from "@tallystick/core";
import { LastingStore } from "./lasting-store.ts";

export interface Storage {
  readonly store: Store;
  readonly records: Records;
  /** Closes both. */
  close(): Promise<void>;
}

const storageOf = (store: Store, records: Records, release?: () => void): Storage => ({
  store,
  records,
  async close() {
    await records.close();
    await store.close();
    release?.();
  },
});

interface Scheme {
  readonly form: string;
  /** `rest` is what stands behind the colon. */
  open(rest: string, host: Host): Promise<Storage>;
}

const pathOf = (rest: string): string =>
  rest.startsWith("//") ? fileURLToPath(`file:${rest}`) : rest;

const postgres: Scheme = {
  form: "postgres://USER:PASSWORD@HOST/DATABASE",
  open: async (rest, host) => {
    const { openOrMake } = await import("@tallystick/adapters/postgres");
    const store = await openOrMake(`postgres:${rest}`, { host });
    try {
      // Others may use the books meanwhile. Another server would not: each has its merchants in memory.
      await store.hold("mock server");
      return storageOf(store, store.records());
    } catch (error) {
      await store.close();
      throw error;
    }
  },
};

const schemes: Readonly<Record<string, Scheme>> = {
  memory: {
    form: "memory:",
    open: async (_rest, host) => {
      const { memoryStore } = await import("@tallystick/adapters/memory");
      const { memoryRecords } = await import("@tallystick/adapters/records");
      return storageOf(memoryStore({ host }), memoryRecords());
    },
  },
  file: {
    form: "file:DIR",
    open: async (rest, host) => {
      const path = pathOf(rest);
      const { fileStore } = await import("@tallystick/adapters/file");
      const { fileRecords } = await import("@tallystick/adapters/records");
      await mkdir(path, { recursive: true });
      const open = (): Promise<Store> => fileStore(`${path}/`, { host });
      return storageOf(new LastingStore(await open(), open), fileRecords(path));
    },
  },
  sqlite: {
    form: "sqlite:PATH",
    open: async (rest, host) => {
      const path = pathOf(rest);
      const { sqliteStore, takeWriterLock } = await import("@tallystick/adapters/sqlite");
      const { sqliteRecords } = await import("@tallystick/adapters/records");
      const open = (): Promise<Store> => sqliteStore(path, { host });
      const store = new LastingStore(await open(), open);
      let lock: WriterLock | undefined;
      try {
        // Others may use the books meanwhile. Another server would not: each has its merchants in memory.
        const file = await realpath(path);
        lock = await takeWriterLock(path, `${file}.mock.lock`);
        const held = lock;
        return storageOf(store, await sqliteRecords(path, { host }), () => held.release());
      } catch (error) {
        lock?.release();
        await store.close();
        throw error;
      }
    },
  },
  postgres,
  postgresql: postgres,
};

const forms = [...new Set(Object.values(schemes))].map(({ form }) => form).join(", ");

/** Two letters at least, so that `C:\books` is a path and not a scheme. */
const pattern = /^([a-z][a-z0-9+.-]+):(.*)$/is;

/** What stands before an @ is not repeated: it may be a password. */
const refused = (url: string, message: string): LedgerError =>
  new LedgerError("INVALID_INPUT", `store ${url.replace(/:.*@/s, ":…@")} ${message}`, {
    detail: { faults: [{ field: "store", message }] },
  });

/** `INVALID_INPUT` for a URL that names no kind of store there is; else the errors of that store. */
export const openStorage = async (url: string, host: Host): Promise<Storage> => {
  const [, name = "", rest = ""] = pattern.exec(url) ?? [];
  const scheme = schemes[name.toLowerCase()];
  if (scheme === undefined) throw refused(url, `is of no kind that is known; there is ${forms}`);
  if (rest === "" && scheme.form !== "memory:") throw refused(url, `needs a path: ${scheme.form}`);
  return scheme.open(rest, host);
};
