/** Where a store lies: paths that mean something else to SQLite, and files that go away beneath it. */
import { readdir, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { draftsFor } from "../contract/drafts.ts";
import { book } from "../contract/fixture.ts";
import { temporaryPath } from "../file/temporary-folder.ts";
import { loadSqlite } from "../host/load-sqlite.ts";
import { nodeHost } from "../host/node-host.ts";
import { applicationId } from "./schema.ts";
import { type SqliteStore, type SqliteStoreOptions, sqliteStore } from "./sqlite-store.ts";

// Loaded as the stores load it: without the warning.
const { DatabaseSync: Database } = loadSqlite();

const drafts = draftsFor(nodeHost);

const opened = async (path: string, options: SqliteStoreOptions = {}): Promise<SqliteStore> => {
  const store = await sqliteStore(path, options);
  onTestFinished(() => store.close());
  return store;
};

const append = (store: SqliteStore, name: string) =>
  store.append(book, drafts.of(drafts.created(name)));

describe("the path of a store", () => {
  it("names a file, whatever characters are in it; a backup goes to one just so", async () => {
    const folder = dirname(await temporaryPath("books.db"));
    for (const name of [
      "two words.db",
      "größe.db",
      "a?mode=memory",
      "a#b",
      "100%20.db",
      "'a;.db",
    ]) {
      const path = join(folder, name);
      const store = await opened(path);
      await append(store, "a");
      await store.backup(`${path}.copy`);
      await store.close();
      expect(await readdir(folder)).toEqual(expect.arrayContaining([name, `${name}.copy`]));
      for (const one of [path, `${path}.copy`])
        expect(await (await opened(one, { readOnly: true })).head(book)).toMatchObject({
          commit: 1,
        });
    }
  });

  it("is never a URI, and keeps its meaning when the process goes elsewhere", async () => {
    const folder = dirname(await temporaryPath("books.db"));
    const before = process.cwd();
    onTestFinished(() => process.chdir(before));
    process.chdir(folder);
    const store = await opened("file:books.db?mode=memory");
    await append(store, "a");
    process.chdir(before);
    await store.backup(join(folder, "copy.db"));
    expect(await (await opened(join(folder, "copy.db"))).head(book)).toMatchObject({ commit: 1 });
    expect(await readdir(folder)).toContain("file:books.db?mode=memory");
  });

  it("is refused where SQLite would keep the books in memory only", async () => {
    await expect(sqliteStore(":memory:")).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining("memoryStore"),
    });
  });

  it("may be a link to a file that is there or comes into being", async () => {
    const path = await temporaryPath("books.db");
    const link = join(dirname(path), "link.db");
    await symlink(basename(path), link);
    await append(await opened(link), "a");
    expect(await (await opened(path)).head(book)).toMatchObject({ commit: 1 });
  });
});

describe("a file that goes away beneath an open store", () => {
  for (const [happens, go] of [
    ["moved", (path: string) => rename(path, `${path}.moved`)],
    ["deleted", (path: string) => rm(path)],
    [
      "replaced",
      async (path: string) => {
        const other = await sqliteStore(`${path}.other`);
        await append(other, "other");
        await other.close();
        await rename(`${path}.other`, path);
      },
    ],
  ] as const)
    it(`is noticed before anything is acknowledged when it was ${happens}`, async () => {
      const path = await temporaryPath("books.db");
      const store = await opened(path);
      await append(store, "a");
      await go(path);
      await expect(append(store, "b")).rejects.toMatchObject({
        code: "STORE_IO",
        detail: { path },
        message: expect.stringContaining("moved, deleted or replaced"),
      });
      await expect(store.head(book)).rejects.toMatchObject({ code: "STORE_CLOSED" });
    });

  it("is not copied, nor is what stands in its place", async () => {
    const path = await temporaryPath("books.db");
    const store = await opened(path);
    await append(store, "a");
    await rename(path, `${path}.moved`);
    await expect(store.backup(`${path}.copy`)).rejects.toMatchObject({
      code: "STORE_IO",
      message: expect.stringContaining("moved, deleted or replaced"),
    });
    expect(await readdir(dirname(path))).not.toContain(`${basename(path)}.copy`);
  });
});

describe("a file that another program holds for itself alone", () => {
  it("is waited for when it is opened, then refused with STORE_LOCKED", async () => {
    const other = new Database(await temporaryPath("held.db"));
    other.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; CREATE TABLE t (a)");
    onTestFinished(() => other.close());
    const held = String(other.location());
    for (const readOnly of [true, false])
      await expect(sqliteStore(held, { readOnly, lockTimeoutMs: 30 })).rejects.toMatchObject({
        code: "STORE_LOCKED",
        detail: { path: held, waitedMs: 30 },
      });
  });
});

describe("a database that says it is ours and is not", () => {
  it("without the tables is damaged, with a version alone another program's", async () => {
    for (const [pragmas, code] of [
      [`PRAGMA application_id = ${applicationId}; PRAGMA user_version = 1`, "BOOK_CORRUPT"],
      [`PRAGMA application_id = ${applicationId}; PRAGMA user_version = -3`, "BOOK_CORRUPT"],
      ["PRAGMA user_version = 1", "BOOK_MISMATCH"],
    ] as const) {
      const path = await temporaryPath("books.db");
      const database = new Database(path);
      database.exec(pragmas);
      database.close();
      const asked = async (): Promise<unknown> => (await opened(path)).head(book);
      await expect(asked(), pragmas).rejects.toMatchObject({ code });
    }
  });

  it("with a row of another program where the next one belongs stays as it is", async () => {
    const path = await temporaryPath("books.db");
    const store = await opened(path);
    await append(store, "a");
    const database = new Database(path);
    database.exec(
      "INSERT INTO commits (place, first_position, event_count, recorded_at, body_hash, hash) VALUES (68719476738, 3, 0, 0, x'', x'')",
    );
    database.close();
    await expect(append(store, "b")).rejects.toMatchObject({ code: "BOOK_CORRUPT" });
  });
});
