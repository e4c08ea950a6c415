import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { verifyCommits } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { all, book } from "../contract/fixture.ts";
import { fileStore, type Recovery } from "./file-store.ts";
import { temporaryPath, writtenBook } from "./temporary-folder.ts";

/** Where the last line begins, and how long the file is. */
const lastLine = (bytes: Buffer): { begin: number; end: number } => ({
  begin: bytes.lastIndexOf("\n", bytes.length - 2) + 1,
  end: bytes.length,
});

describe("what a crash leaves at the end of a book's file", () => {
  it("is dropped and reported, at whichever byte the last line was cut, and the book goes on", async () => {
    const { path } = await writtenBook(2);
    const whole = await readFile(path);
    const { begin, end } = lastLine(whole);
    for (let cut = begin; cut < end; cut += 1) {
      await writeFile(path, whole.subarray(0, cut));
      const reports: Recovery[] = [];
      const store = await fileStore(path, { onRecovery: (report) => reports.push(report) });
      // Without its newline the line is still whole.
      const kept = cut === end - 1 ? 3 : 2;
      expect((await store.head(book))?.commit).toBe(kept);
      const dropped = cut - begin;
      const expected =
        kept === 3 || dropped === 0 ? [] : [{ path, bytes: dropped, afterCommit: 2 }];
      expect(reports).toEqual(expected);
      expect(store.recovery).toEqual(expected[0]);
      await store.close();
      expect(await readFile(path)).toEqual(kept === 3 ? whole : whole.subarray(0, begin));
    }
  });

  it("does not keep a later append from being whole", async () => {
    const { path, next } = await writtenBook(2);
    const whole = await readFile(path);
    await truncate(path, whole.length - 40);
    const first = await fileStore(path);
    const conflict = first.append(book, next);
    await expect(conflict).rejects.toMatchObject({ code: "REVISION_CONFLICT" });
    await first.close();

    await writeFile(path, whole.subarray(0, -1));
    const second = await fileStore(path);
    expect((await second.append(book, next)).number).toBe(4);
    const chainId = (await second.head(book))?.chainId ?? "";
    const verified = await verifyCommits(second.host.sha256, chainId, second.readCommits(book));
    expect(verified).toMatchObject({ ok: true, commits: 4 });
    await second.close();
  });

  it("may be blocks that were never written, alone or behind a part of a line", async () => {
    const { path } = await writtenBook(2);
    const whole = await readFile(path);
    const { begin } = lastLine(whole);
    const nul = Buffer.alloc(5000);
    for (const [tail, commits] of [
      [Buffer.concat([whole.subarray(begin), nul]), 3],
      [Buffer.concat([whole.subarray(begin, -1), nul]), 3],
      [Buffer.concat([whole.subarray(begin, begin + 70), nul]), 2],
      [Buffer.concat([nul, whole.subarray(begin + 70, -1)]), 2],
      [nul, 2],
    ] as const) {
      await writeFile(path, Buffer.concat([whole.subarray(0, begin), tail]));
      const reader = await fileStore(path, { readOnly: true });
      expect((await reader.head(book))?.commit).toBe(commits);
      await reader.close();
      const store = await fileStore(path);
      expect((await store.head(book))?.commit).toBe(commits);
      await store.close();
      expect((await readFile(path)).includes(0)).toBe(false);
    }
  });

  it("is left alone by whoever only reads", async () => {
    const { path } = await writtenBook(2);
    const whole = await readFile(path);
    const torn = whole.subarray(0, -20);
    await writeFile(path, torn);
    const store = await fileStore(path, { readOnly: true });
    expect(await all(store.readCommits(book))).toHaveLength(2);
    await store.close();
    expect(await readFile(path)).toEqual(torn);
    expect(store.recovery).toBeUndefined();
  });

  it("is the whole file if its first line was cut: the book never began", async () => {
    const { path } = await writtenBook(0);
    const whole = await readFile(path);
    const header = whole.indexOf("\n");
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.alloc(100),
      ...Array.from({ length: header }, (_, index) => whole.subarray(0, index + 1)),
    ]) {
      await writeFile(path, bytes);
      const store = await fileStore(path);
      expect(await store.head(book)).toBeUndefined();
      expect(await store.listBooks()).toEqual([]);
      await store.close();
    }
  });

  it("is nothing if only the header was written: the book keeps its label", async () => {
    const { path, next } = await writtenBook(0);
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, whole.indexOf("\n") + 1));
    const store = await fileStore(path);
    expect(await store.head(book)).toBeUndefined();
    await expect(store.append("other", next)).rejects.toMatchObject({ code: "BOOK_MISMATCH" });
    const begin = { ...next, events: [] };
    expect((await store.append(book, begin)).number).toBe(1);
    await store.close();
    expect((await readFile(path, "utf8")).split("\n")).toHaveLength(3);
  });
});

describe("what no crash leaves at the end of a book's file", () => {
  it("is damage, is not dropped, and nothing is appended behind it", async () => {
    const { path, next } = await writtenBook(1);
    const whole = await readFile(path);
    for (const tail of [
      "hello",
      " ",
      '{"length":5 }',
      '{"length":0,"crc32":"',
      whole.toString("utf8", whole.indexOf("\n") + 1, whole.length - 1).replaceAll("\n", " "),
    ]) {
      await writeFile(path, whole);
      await appendFile(path, tail);
      const before = await readFile(path);
      const store = await fileStore(path);
      await expect(store.append(book, next)).rejects.toMatchObject({
        code: "BOOK_CORRUPT",
        detail: { path, line: 4, byteOffset: whole.length, commit: 3, position: 4 },
      });
      await store.close();
      expect(await readFile(path)).toEqual(before);
    }
  });

  it("leaves a torn tail untouched behind a damaged line, so that nothing is lost to whoever looks", async () => {
    const { path } = await writtenBook(2);
    const text = await readFile(path, "utf8");
    const damaged = text.slice(0, -30).replace(/"amount":1,/, '"amount":7,');
    await writeFile(path, damaged);
    const store = await fileStore(path);
    await expect(store.head(book)).rejects.toMatchObject({ code: "BOOK_CORRUPT" });
    await store.close();
    expect(await readFile(path, "utf8")).toBe(damaged);
  });

  it("does not make a stranger's file a book", async () => {
    const path = await temporaryPath("notes.txt");
    for (const text of ["dear diary", "{", '{"a":1}', "\u0000\u0001\u0002", "x".repeat(100_000)]) {
      await writeFile(path, text);
      const opening = fileStore(path);
      if (text === "{") await (await opening).close();
      else
        await expect(opening).rejects.toMatchObject({
          code: "BOOK_CORRUPT",
          message: expect.stringContaining("not a Tallystick book"),
        });
      expect(await readFile(path, "utf8")).toBe(text);
    }
  });
});
