import { readdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { draftsFor } from "../contract/drafts.ts";
import { all, appendAll, book, chargedHistory, first } from "../contract/fixture.ts";
import { seededHost } from "../host/seeded-host.ts";
import { memoryStore } from "../memory/memory-store.ts";
import { sqliteStore } from "../sqlite/sqlite-store.ts";
import { exportBook, fileStore, readBookFile } from "./file-store.ts";
import { type Files, nodeFiles } from "./files.ts";
import { openFileStore } from "./open-file-store.ts";
import { temporaryPath, writtenBook } from "./temporary-folder.ts";

describe("opening a book's file", () => {
  it("leaves a readable file: a header, and a line a commit", async () => {
    const { path } = await writtenBook(1);
    const [header, ...lines] = (await readFile(path, "utf8")).trimEnd().split("\n");
    expect(header).toMatch(
      /^\{"tallystick":"book","version":1,"book":"default","chainId":"[0-9a-f]{32}"\}$/,
    );
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const { length, crc32, commit } = JSON.parse(line);
      expect(length).toBe(Buffer.byteLength(JSON.stringify(commit)));
      expect(crc32).toMatch(/^[0-9a-f]{8}$/);
    }
  });

  it("gives the commits after any number, also before anything else was read", async () => {
    const { path } = await writtenBook(4);
    for (const afterCommit of [0, 1, 2, 3, 4, 5, 9]) {
      const store = await fileStore(path);
      const numbers = (await all(store.readCommits(book, { afterCommit }))).map(
        ({ number }) => number,
      );
      expect(numbers).toEqual([1, 2, 3, 4, 5].slice(afterCommit));
      await store.close();
    }
  });

  it("takes the label that the file has", async () => {
    const { path } = await writtenBook(1);
    const store = await fileStore(path);
    expect(await store.listBooks()).toEqual([book]);
    await store.close();
  });

  it("refuses another name than the label, and says both", async () => {
    const { path, next } = await writtenBook(1);
    const mismatch = {
      code: "BOOK_MISMATCH",
      detail: { path, label: book, book: "other" },
      message: `${path} holds the book default, not other`,
    };
    await expect(fileStore(path, { book: "other" })).rejects.toMatchObject(mismatch);
    const store = await fileStore(path);
    await expect(store.append("other", next)).rejects.toMatchObject(mismatch);
    await expect(store.head("other")).rejects.toMatchObject(mismatch);
    await expect(all(store.readBook("other"))).rejects.toMatchObject(mismatch);
    await expect(all(store.readCommits("other"))).rejects.toMatchObject(mismatch);
    await store.append(book, next);
    await store.close();
  });

  it("begins a book under the name that was given when opening, and no other", async () => {
    const path = await temporaryPath("book.jsonl");
    const host = seededHost();
    const drafts = draftsFor(host);
    const store = await fileStore(path, { host, book: "mine" });
    const draft = drafts.of(drafts.created("a"));
    await expect(store.append("yours", draft)).rejects.toMatchObject({ code: "BOOK_MISMATCH" });
    await store.append("mine", draft);
    expect(await store.listBooks()).toEqual(["mine"]);
    await store.close();
  });

  it("lets one of two names win that would begin one file at the same time", async () => {
    const path = await temporaryPath("book.jsonl");
    const host = seededHost();
    const drafts = draftsFor(host);
    const store = await fileStore(path, { host });
    const results = await Promise.allSettled(
      ["one", "two"].map((name) => store.append(name, drafts.of(drafts.created("a")))),
    );
    expect(results).toMatchObject([
      { status: "fulfilled" },
      { status: "rejected", reason: { code: "BOOK_MISMATCH" } },
    ]);
    await store.close();
    const again = await fileStore(path);
    expect(await again.listBooks()).toEqual(["one"]);
    expect(await again.head("one")).toMatchObject({ commit: 1 });
    await again.close();
  });

  it("holds the file that stands there once it has the lock, whatever stood there before", async () => {
    const { path } = await writtenBook(1);
    const { path: replacement, next } = await writtenBook(4);
    let openings = 0;
    const files: Files = async (name, opening) => {
      const file = await nodeFiles(name, opening);
      openings += 1;
      // An export replaces the file between its first opening and the lock.
      if (openings === 1) await rename(replacement, path);
      return file;
    };
    const store = await openFileStore(path, {}, files);
    expect((await store.append(book, next)).number).toBe(6);
    await store.close();
    const again = await fileStore(path, { readOnly: true });
    expect((await again.head(book))?.commit).toBe(6);
    await again.close();
  });

  it("says what is in the way of writing", async () => {
    const { path } = await writtenBook(0);
    const folder = dirname(path);
    for (const [place, systemCode] of [
      [join(folder, "missing", "book.jsonl"), "ENOENT"],
      [join(path, "book.jsonl"), "ENOTDIR"],
      [join(folder, "missing", "books/"), "ENOENT"],
      [`${path}/`, "ENOTDIR"],
      [join(folder, `${"x".repeat(300)}.jsonl`), "ENAMETOOLONG"],
    ] as const)
      await expect(fileStore(place)).rejects.toMatchObject({
        code: "STORE_UNWRITABLE",
        detail: { path: place, systemCode },
        message: expect.stringContaining(place),
      });
    expect(await readdir(folder)).toEqual([basename(path), `${basename(path)}.lock`]);
  });

  it.each([5, "", "a\0b", undefined])("refuses %j, which is no path", async (path) => {
    const store = memoryStore();
    await appendAll(store, chargedHistory(draftsFor(seededHost()), 1));
    const fault = {
      code: "INVALID_INPUT",
      message: expect.stringContaining("path must be a path"),
      detail: { faults: [{ field: "path" }] },
    };
    for (const opening of [
      () => fileStore(path as never),
      () => readBookFile(path as never),
      () => exportBook(store, book, path as never),
      () => sqliteStore(path as never),
    ])
      await expect(opening()).rejects.toMatchObject(fault);
  });

  it("says that a place is read-only (/proc stands in for one)", async () => {
    for (const place of ["/proc/tallystick.jsonl", "/proc/tallystick/"])
      await expect(fileStore(place)).rejects.toMatchObject({ code: "STORE_UNWRITABLE" });
  });
});

describe("opening to read only", () => {
  it("refuses what is not there, or is no book", async () => {
    const path = await temporaryPath("book.jsonl");
    const readOnly = { readOnly: true };
    const missing = { code: "BOOK_NOT_FOUND", message: expect.stringContaining(path) };
    await expect(fileStore(path, readOnly)).rejects.toMatchObject(missing);
    await expect(fileStore(`${path}/`, readOnly)).rejects.toMatchObject(missing);
    for (const text of ["junk\n", "\u0001\u0002\n"]) {
      await writeFile(path, text);
      await expect(fileStore(path, readOnly)).rejects.toMatchObject({
        code: "BOOK_CORRUPT",
        message: expect.stringContaining("not a Tallystick book"),
      });
    }
    expect(await readdir(dirname(path))).toEqual([basename(path)]);
  });

  it.each(["", '{"tallystick":"bo'])(
    "holds nothing where the file never began (%j), and sees the book once it does",
    async (text) => {
      const path = await temporaryPath("book.jsonl");
      await writeFile(path, text);
      const [reader, strict] = await Promise.all([
        fileStore(path, { readOnly: true }),
        fileStore(path, { readOnly: true, book: "another" }),
      ]);
      expect(await reader.listBooks()).toEqual([]);
      expect(await reader.head(book)).toBeUndefined();
      const [begin, next] = chargedHistory(draftsFor(seededHost()), 2);
      await expect(reader.append(book, begin as never)).rejects.toMatchObject({
        code: "STORE_UNWRITABLE",
      });
      expect(await readFile(path, "utf8")).toBe(text);
      const coming = first(1, reader.subscribe(book));

      const writer = await fileStore(path);
      await appendAll(writer, [begin as never, next as never]);
      await writer.close();
      const heads = await Promise.all([1, 2, 3].map(() => reader.head(book)));
      expect(heads.map((head) => head?.commit)).toEqual([2, 2, 2]);
      expect(await reader.listBooks()).toEqual([book]);
      expect((await coming).map(({ number }) => number)).toEqual([1]);
      await expect(strict.listBooks()).rejects.toMatchObject({ code: "BOOK_MISMATCH" });
      await reader.close();
      await strict.close();
      await expect(reader.head(book)).rejects.toMatchObject({ code: "STORE_CLOSED" });
    },
  );

  it("writes nothing and refuses to", async () => {
    const { path, next } = await writtenBook(1);
    const before = await readFile(path);
    const store = await fileStore(path, { readOnly: true });
    expect(store.capabilities).toEqual({ durable: true, shared: true });
    await expect(store.append(book, next)).rejects.toMatchObject({ code: "STORE_UNWRITABLE" });
    expect((await store.head(book))?.commit).toBe(2);
    await store.close();
    expect(await readFile(path)).toEqual(before);
  });

  it("sees whole commits, in order, while somebody writes", async () => {
    const { path } = await writtenBook(0);
    const host = seededHost({ seed: "writer" });
    const drafts = draftsFor(host);
    const writer = await fileStore(path, { host });
    const reader = await fileStore(path, { readOnly: true });
    const history = chargedHistory(drafts, 300).slice(1);
    const subscribed = first(history.length + 1, reader.subscribe(book));
    let writing = true;
    const reading = (async () => {
      let last = 0;
      while (writing) {
        const commits = await all(reader.readCommits(book));
        expect(commits.map(({ number }) => number)).toEqual(commits.map((_, index) => index + 1));
        expect(commits.length).toBeGreaterThanOrEqual(last);
        last = commits.length;
        expect((await reader.head(book))?.commit).toBeGreaterThanOrEqual(last);
      }
    })();
    for (let at = 0; at < history.length; at += 7)
      await Promise.all(history.slice(at, at + 7).map((draft) => writer.append(book, draft)));
    writing = false;
    await reading;
    expect(await reader.head(book)).toEqual(await writer.head(book));
    expect((await subscribed).map(({ number }) => number)).toEqual(
      Array.from({ length: history.length + 1 }, (_, index) => index + 1),
    );
    await Promise.all([reader.close(), writer.close()]);
  });
});

describe("two names of one file", () => {
  it("conflict", async () => {
    const { path } = await writtenBook(1);
    const other = join(dirname(path), "other.jsonl");
    await symlink(path, other);
    const store = await fileStore(path);
    await expect(fileStore(other)).rejects.toMatchObject({ code: "STORE_LOCKED" });
    await store.close();
    await (await fileStore(other)).close();
  });
});

describe("a very long line", () => {
  it("is read in time that grows with its length", async () => {
    const path = await temporaryPath("book.jsonl");
    const host = seededHost();
    const drafts = draftsFor(host);
    const refusal = { code: "X", message: "x".repeat(30_000_000), detail: {} };
    const store = await fileStore(path, { host });
    await appendAll(store, [
      drafts.of([], { ...drafts.outcome("long"), refusal }),
      drafts.of(drafts.created("a")),
    ]);
    await store.close();
    const again = await fileStore(path, { host });
    expect((await again.findOutcome(book, "long"))?.outcome.refusal?.message).toHaveLength(
      30_000_000,
    );
    expect((await again.head(book))?.commit).toBe(2);
    await again.close();
  });
});
