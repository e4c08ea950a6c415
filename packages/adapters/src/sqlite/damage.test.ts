import { copyFile, mkdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type LedgerError, type Verification, verifyCommits } from "@tallystick/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { draftsFor } from "../contract/drafts.ts";
import { all, appendAll, book, chargedHistory } from "../contract/fixture.ts";
import { temporaryPath } from "../file/temporary-folder.ts";
import { loadSqlite } from "../host/load-sqlite.ts";
import { nodeHost } from "../host/node-host.ts";
import { seededHost } from "../host/seeded-host.ts";
import { type SqliteStore, sqliteStore } from "./sqlite-store.ts";

// Loaded as the stores load it: without the warning.
const { DatabaseSync: Database } = loadSqlite();

const opened = async (path: string): Promise<SqliteStore> => {
  const store = await sqliteStore(path);
  onTestFinished(() => store.close());
  return store;
};

const written = async (charges: number): Promise<string> => {
  const path = await temporaryPath("books.db");
  const host = seededHost();
  const store = await sqliteStore(path, { host });
  const history = chargedHistory(draftsFor(host), charges);
  await Promise.all(history.map((draft) => store.append(book, draft)));
  await store.close();
  return path;
};

const verify = async (store: SqliteStore): Promise<Verification> =>
  verifyCommits(nodeHost.sha256, (await store.chainId(book)) ?? "", store.readCommits(book));

describe("what is no store of ours", () => {
  it("a folder, a missing folder: said with what to do", async () => {
    const path = await temporaryPath("books.db");
    await mkdir(path);
    await expect(sqliteStore(path)).rejects.toMatchObject({
      code: "STORE_UNWRITABLE",
      message: expect.stringContaining("name a file in it"),
    });
    await expect(sqliteStore(join(path, "no/such/books.db"))).rejects.toMatchObject({
      code: "STORE_UNWRITABLE",
      message: expect.stringContaining("folder exists"),
    });
  });

  it("nothing, for those who only read", async () => {
    const path = await temporaryPath("books.db");
    await expect(sqliteStore(path, { readOnly: true })).rejects.toMatchObject({
      code: "BOOK_NOT_FOUND",
      detail: { path },
    });
    await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("a file that is no database is left as it is", async () => {
    const path = await temporaryPath("notes.txt");
    const text = "milk, bread, ".repeat(400);
    await writeFile(path, text);
    for (const readOnly of [true, false])
      await expect(sqliteStore(path, { readOnly })).rejects.toMatchObject({
        code: "BOOK_CORRUPT",
        message: expect.stringContaining("no SQLite database"),
      });
    expect(await readFile(path, "utf8")).toBe(text);
  });

  it("a database of another program is left as it is", async () => {
    const path = await temporaryPath("other.db");
    const database = new Database(path);
    database.exec("CREATE TABLE recipes (name TEXT)");
    database.close();
    const before = await readFile(path);
    await expect(sqliteStore(path)).rejects.toMatchObject({
      code: "BOOK_MISMATCH",
      message: expect.stringContaining("another program"),
    });
    expect(await readFile(path)).toEqual(before);
  });

  it("a file of a later version asks for an update", async () => {
    const path = await written(1);
    const database = new Database(path);
    database.exec("PRAGMA user_version = 7");
    database.close();
    await expect(sqliteStore(path)).rejects.toMatchObject({
      code: "UNKNOWN_SCHEMA_VERSION",
      detail: { path, version: 7, supported: 1 },
      message: expect.stringContaining("update"),
    });
  });
});

describe("a store that is only read", () => {
  it("answers everything and refuses to write", async () => {
    const path = await written(3);
    const store = await sqliteStore(path, { readOnly: true });
    onTestFinished(() => store.close());
    expect(await store.head(book)).toMatchObject({ commit: 4 });
    expect(await verify(store)).toMatchObject({ ok: true });
    const drafts = draftsFor(nodeHost);
    await expect(store.append(book, drafts.of(drafts.created("b")))).rejects.toMatchObject({
      code: "STORE_UNWRITABLE",
      message: expect.stringContaining("readOnly"),
    });
    expect(await store.head(book)).toMatchObject({ commit: 4 });
  });
});

/** Where the texts of a file's pages say something. */
const placesOf = (bytes: Buffer, text: string): number[] => {
  const places: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) places.push(at);
  return places;
};

describe("a damaged file", () => {
  it("is found by its hashes whichever column was changed, and gives what stands before", async () => {
    for (const [table, change] of [
      ["events", "currency = 'KES'"],
      ["events", "effect = effect + 1"],
      ["events", "balance_after = balance_after - 1"],
      ["events", "stream = 'customer/bcus_b'"],
      ["events", "effective_at = effective_at - 1"],
      ["events", "flags = flags + 1"],
      ["events", "flags = flags + 1, effective_at = effective_at - 1"],
      ["events", "id = 'evt_other'"],
      ["events", 'data = \'{"reason":"none"}\''],
      ["events", "actor = 'somebody'"],
      ["commits", "recorded_at = recorded_at + 1"],
      ["commits", "hash = zeroblob(32)"],
      ["commits", "body_hash = zeroblob(32)"],
      [
        "commits",
        "outcome_key = 'key', outcome_salt_hash = zeroblob(32), outcome_fields = '', outcome_fingerprints = x''",
      ],
    ] as const) {
      const path = await written(10);
      const database = new Database(path);
      database.exec(`DROP TRIGGER ${table}_are_not_updated`);
      const key = table === "events" ? "position = 7" : "number = 6";
      database.exec(`UPDATE ${table} SET ${change} WHERE ${key}`);
      database.close();
      const found = await verify(await opened(path));
      expect(found, change).toMatchObject({ ok: false, commits: 5, brokenAt: 7 });
    }
  });

  it("is a typed error where a page is unreadable; the store closes itself and says why", async () => {
    const path = await written(400);
    const bytes = await readFile(path);
    const [place = 0] = placesOf(bytes, "obligation.amount_charged").slice(200);
    const page = Math.floor(place / 4096) * 4096;
    bytes.fill(0xff, page, page + 64);
    await writeFile(path, bytes);
    const store = await opened(path);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const commits of store.readCommits(book))
        seen.push(...commits.map(({ number }) => number));
    })();
    const error = await reading.catch((reason: LedgerError) => reason);
    expect(error).toMatchObject({ code: "BOOK_CORRUPT", retry: "no", detail: { path } });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual(seen.map((_, index) => index + 1));
    await expect(store.head(book)).rejects.toMatchObject({
      code: "STORE_CLOSED",
      message: expect.stringContaining("damaged"),
    });
  });

  it("is found when events or commits are gone", async () => {
    for (const sql of [
      "DROP TRIGGER events_are_not_deleted; DELETE FROM events WHERE position = 7",
      "DROP TRIGGER commits_are_not_deleted; DELETE FROM commits WHERE number = 6",
    ]) {
      const path = await written(10);
      const database = new Database(path);
      database.exec(sql);
      database.close();
      const store = await opened(path);
      expect(await verify(store)).toMatchObject({ ok: false, commits: 5, brokenAt: 7 });
    }
  });

  it("is found when it was cut short", async () => {
    const path = await written(400);
    const { size } = await stat(path);
    await truncate(path, Math.floor(size / 8192) * 4096);
    const asked = (async () => {
      const store = await opened(path);
      return verify(store);
    })();
    const came = await asked.catch(({ code }: LedgerError) => ({ ok: false, code }));
    expect(came.ok).toBe(false);
  });

  it("whose log was cut short holds a prefix of whole commits, and goes on", async () => {
    const path = await temporaryPath("books.db");
    const host = seededHost();
    const store = await sqliteStore(path, { host });
    await appendAll(store, chargedHistory(draftsFor(host), 30));
    const whole = await store.head(book);
    const copy = join(dirname(path), "copy.db");
    const { size } = await stat(`${path}-wal`);
    for (const bytes of [size, size - 1, Math.floor(size / 2), 40, 0]) {
      await copyFile(path, copy);
      await copyFile(`${path}-wal`, `${copy}-wal`);
      await truncate(`${copy}-wal`, bytes);
      const cut = await sqliteStore(copy);
      const head = await cut.head(book);
      expect(head?.commit ?? 0).toBeLessThanOrEqual(31);
      if (bytes === size) expect(head).toEqual(whole);
      if (head !== undefined) expect(await verify(cut)).toMatchObject({ ok: true });
      const drafts = draftsFor(nodeHost);
      await cut.append(book, drafts.of(drafts.created("next")));
      expect(await all(cut.readBook(book))).not.toHaveLength(0);
      await cut.close();
    }
    await store.close();
  });
});
