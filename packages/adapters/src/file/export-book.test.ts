import { readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { verifyCommits } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { draftsFor } from "../contract/drafts.ts";
import { all, appendAll, batchesOf, book, chargedHistory } from "../contract/fixture.ts";
import { seededHost } from "../host/seeded-host.ts";
import { memoryStore } from "../memory/memory-store.ts";
import { exportBook, fileStore, readBookFile } from "./file-store.ts";
import { temporaryPath, writtenBook } from "./temporary-folder.ts";

const filled = async (charges = 3) => {
  const host = seededHost();
  const store = memoryStore({ host });
  const commits = await appendAll(store, chargedHistory(draftsFor(host), charges));
  return { host, store, commits };
};

describe("an exported book", () => {
  it("has the same chain and hashes, and opens as a store", async () => {
    const { host, store, commits } = await filled();
    const path = await temporaryPath("copy.jsonl");
    const head = await store.head(book);
    expect(await exportBook(store, book, path)).toEqual(head);
    const file = await readBookFile(path);
    expect([file.book, file.chainId]).toEqual([book, head?.chainId]);
    expect(await all(file.commits)).toEqual(commits);
    expect(await verifyCommits(host.sha256, file.chainId, file.commits)).toMatchObject({
      ok: true,
    });
    const opened = await fileStore(path);
    expect(await opened.head(book)).toEqual(head);
    await opened.close();
    expect(await readdir(dirname(path))).toEqual([basename(path), `${basename(path)}.lock`]);
  });

  it("goes back into a store under any name", async () => {
    const { store } = await filled();
    const path = await temporaryPath("copy.jsonl");
    const head = await exportBook(store, book, path);
    const { chainId, commits } = await readBookFile(path);
    expect(await memoryStore().importCommits("restored", chainId, commits)).toEqual(head);
  });

  it("is the same file, byte for byte, when a file is exported", async () => {
    const { path } = await writtenBook(4);
    const store = await fileStore(path, { readOnly: true });
    const copy = await temporaryPath("copy.jsonl");
    await exportBook(store, book, copy);
    expect(await readFile(copy)).toEqual(await readFile(path));
    await store.close();
  });

  it("does not replace a file unless told to", async () => {
    const { store } = await filled();
    const path = await temporaryPath("copy.jsonl");
    await writeFile(path, "precious");
    await expect(exportBook(store, book, path)).rejects.toMatchObject({
      code: "STORE_UNWRITABLE",
      message: expect.stringContaining("exists already"),
    });
    expect(await readFile(path, "utf8")).toBe("precious");
    expect(await readdir(dirname(path))).toEqual([basename(path)]);
    await exportBook(store, book, path, { overwrite: true });
    expect((await readBookFile(path)).book).toBe(book);
  });

  it("does not replace a book that is open for writing", async () => {
    const { store } = await filled();
    const { path } = await writtenBook(1);
    const before = await readFile(path);
    const writer = await fileStore(path);
    const exporting = exportBook(store, book, path, { overwrite: true });
    await expect(exporting).rejects.toMatchObject({ code: "STORE_LOCKED" });
    await writer.close();
    expect(await readFile(path)).toEqual(before);
  });

  it("replaces what a symbolic link points to, and not the link", async () => {
    const { store } = await filled();
    const { path } = await writtenBook(1);
    await symlink(path, `${path}.link`);
    const head = await exportBook(store, book, `${path}.link`, { overwrite: true });
    expect((await readBookFile(path)).chainId).toBe(head.chainId);
  });

  it("reports how far it is", async () => {
    const { store } = await filled(700);
    const seen: number[] = [];
    const path = await temporaryPath("copy.jsonl");
    await exportBook(store, book, path, { onProgress: (events) => seen.push(events) });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toBe(702);
  });

  it("is refused for a book that does not exist or does not verify", async () => {
    const { store, commits, host } = await filled();
    const path = await temporaryPath("copy.jsonl");
    await expect(exportBook(store, "other", path)).rejects.toMatchObject({
      code: "BOOK_NOT_FOUND",
    });
    const forged = commits.map((commit) => structuredClone(commit));
    Object.assign(forged[1]?.events[0]?.data ?? {}, { amount: 99 });
    const lying = {
      ...store,
      host,
      head: () => store.head(book),
      readCommits: () => batchesOf(forged),
    };
    await expect(exportBook(lying as typeof store, book, path)).rejects.toMatchObject({
      code: "BOOK_CORRUPT",
      detail: { commit: 2, position: 3 },
    });
    expect(await readdir(dirname(path))).toEqual([]);
  });
});
