import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { draftsFor } from "../contract/drafts.ts";
import { all, appendAll, book, chargedHistory } from "../contract/fixture.ts";
import { seededHost } from "../host/seeded-host.ts";
import { exportThrough } from "./export-book.ts";
import { fileStore } from "./file-store.ts";
import { type Files, nodeFiles, type OpenFile } from "./files.ts";
import { openFileStore } from "./open-file-store.ts";
import { temporaryPath } from "./temporary-folder.ts";

type Step = "write" | "datasync" | "sync" | "truncate";

/** A disk on which the next steps of some kinds fail. */
class FailingDisk {
  readonly #failures = new Map<Step, string>();
  /** How many bytes a failing write still takes. */
  partly = 0;
  readonly done: Step[] = [];
  /** Called once, before the next step. */
  before: (() => void) | undefined;

  fail(step: Step, code: string): void {
    this.#failures.set(step, code);
  }

  mend(): void {
    this.#failures.clear();
    this.partly = 0;
  }

  readonly files: Files = async (path, opening) => {
    const file = await nodeFiles(path, opening);
    const attempt = async <Result>(step: Step, work: () => Promise<Result>): Promise<Result> => {
      this.done.push(step);
      const { before } = this;
      this.before = undefined;
      before?.();
      const code = this.#failures.get(step);
      if (code !== undefined) throw Object.assign(new Error(`${code}: ${step}`), { code });
      return work();
    };
    const failing: OpenFile = {
      read: (...range) => file.read(...range),
      write: async (buffer, offset, length, position) => {
        if (this.#failures.has("write") && this.partly > 0)
          await file.write(buffer, offset, Math.min(length, this.partly), position);
        return attempt("write", () => file.write(buffer, offset, length, position));
      },
      truncate: (length) => attempt("truncate", () => file.truncate(length)),
      datasync: () => attempt("datasync", () => file.datasync()),
      sync: () => attempt("sync", () => file.sync()),
      stat: () => file.stat(),
      close: () => file.close(),
    };
    return failing;
  };
}

const setUp = async () => {
  const path = await temporaryPath("book.jsonl");
  const host = seededHost();
  const drafts = draftsFor(host);
  const disk = new FailingDisk();
  const store = await openFileStore(path, { host }, disk.files);
  const [begin, second, third] = chargedHistory(drafts, 2);
  if (begin === undefined || second === undefined || third === undefined) throw new Error();
  return { path, host, drafts, disk, store, begin, second, third };
};

describe("a full disk", () => {
  it.each(["ENOSPC", "EDQUOT"])(
    "takes back what was written in part and goes on (%s)",
    async (code) => {
      const { path, disk, store, begin, second, third } = await setUp();
      await store.append(book, begin);
      const before = await readFile(path);
      disk.fail("write", code);
      disk.partly = 100;
      const group = await Promise.allSettled([
        store.append(book, second),
        store.append(book, third),
      ]);
      for (const result of group)
        expect(result).toMatchObject({ reason: { code: "STORE_FULL", retry: "safe" } });
      expect(await readFile(path)).toEqual(before);
      expect((await store.head(book))?.commit).toBe(1);
      expect(await all(store.readBook(book))).toHaveLength(2);
      disk.mend();
      expect((await store.append(book, second)).number).toBe(2);
      expect((await store.append(book, third)).number).toBe(3);
      await store.close();
      const again = await fileStore(path);
      expect((await again.head(book))?.commit).toBe(3);
      expect(again.recovery).toBeUndefined();
      await again.close();
    },
  );

  it("lets a book begin later, under another name too", async () => {
    const { path, disk, store, begin, second } = await setUp();
    disk.fail("write", "ENOSPC");
    disk.partly = 20;
    await expect(store.append("first", begin)).rejects.toMatchObject({ code: "STORE_FULL" });
    expect(await readFile(path)).toHaveLength(0);
    expect(await store.listBooks()).toEqual([]);
    disk.mend();
    await appendAll(store, [begin, second]);
    expect(await store.listBooks()).toEqual([book]);
    await store.close();
  });

  it("says of a draft that was stale in any case that it is stale", async () => {
    const { disk, store, begin, second, third } = await setUp();
    await appendAll(store, [begin, second]);
    disk.fail("write", "ENOSPC");
    const results = await Promise.allSettled([
      store.append(book, third),
      store.append(book, second),
    ]);
    expect(results).toMatchObject([
      { reason: { code: "STORE_FULL" } },
      { reason: { code: "REVISION_CONFLICT", detail: { actualRevision: 3 } } },
    ]);
    await store.close();
  });
});

describe("a failing disk", () => {
  it.each([
    ["write", "EIO"],
    ["datasync", "EIO"],
    ["datasync", "ENOSPC"],
  ] as const)(
    "closes the store when a %s fails with %s, and says how to go on",
    async (step, code) => {
      const { path, host, disk, store, begin, second } = await setUp();
      await store.append(book, begin);
      const feed = store.subscribe(book, { afterPosition: 2 })[Symbol.asyncIterator]();
      const waiting = feed.next();
      disk.fail(step, code);
      await expect(store.append(book, second)).rejects.toMatchObject({
        code: "STORE_IO",
        retry: "with-key",
        detail: { path, systemCode: code },
      });
      for (const call of [store.append(book, second), store.head(book), all(store.readBook(book))])
        await expect(call).rejects.toMatchObject({
          code: "STORE_CLOSED",
          message: expect.stringMatching(
            new RegExp(`${code}.*repeat the command with its idempotency key`),
          ),
        });
      expect(await waiting).toEqual({ done: true, value: undefined });
      await store.close();
      // The lock is free again, and nothing that was acknowledged is gone.
      const again = await fileStore(path, { host });
      expect((await again.head(book))?.commit).toBeGreaterThanOrEqual(1);
      await again.close();
    },
  );

  it("closes the store when what was written in part cannot be taken back", async () => {
    for (const step of ["truncate", "datasync"] as const) {
      const { disk, store, begin, second } = await setUp();
      await store.append(book, begin);
      disk.fail("write", "ENOSPC");
      disk.fail(step, "EIO");
      disk.partly = 10;
      await expect(store.append(book, second)).rejects.toMatchObject({ code: "STORE_IO" });
      await expect(store.head(book)).rejects.toMatchObject({ code: "STORE_CLOSED" });
      await store.close();
    }
  });

  it("closes the store when the sync of its first commit fails", async () => {
    const { disk, store, begin } = await setUp();
    disk.fail("sync", "EIO");
    await expect(store.append(book, begin)).rejects.toMatchObject({ code: "STORE_IO" });
    await expect(store.append(book, begin)).rejects.toMatchObject({ code: "STORE_CLOSED" });
    await store.close();
  });

  it("refuses those who were waiting behind the failed group, and says why", async () => {
    const { disk, drafts, store, begin, second } = await setUp();
    await store.append(book, begin);
    disk.fail("datasync", "EIO");
    let behind: Promise<unknown> = Promise.resolve();
    disk.before = () => {
      behind = store.append(book, drafts.of(drafts.created("b")));
    };
    await expect(store.append(book, second)).rejects.toMatchObject({ code: "STORE_IO" });
    await expect(behind).rejects.toMatchObject({
      code: "STORE_CLOSED",
      message: expect.stringContaining("EIO"),
    });
    await store.close();
  });
});

describe("a healthy disk", () => {
  it("is synced before an append is answered, and once a group", async () => {
    const { disk, store, begin, second, third } = await setUp();
    await store.append(book, begin);
    expect(disk.done).toEqual(["truncate", "write", "sync"]);
    disk.done.length = 0;
    await Promise.all([store.append(book, second), store.append(book, third)]);
    expect(disk.done).toEqual(["write", "datasync"]);
    await store.close();
  });
});

describe("a tail that is put in order", () => {
  it.each([
    ["a commit that lacks its newline", -1, ["truncate", "write", "datasync"]],
    ["a torn commit", -5, ["truncate", "datasync"]],
  ] as const)("is durable before anybody reads behind it (%s)", async (_, end, steps) => {
    const { path, host, store, begin, second } = await setUp();
    await appendAll(store, [begin, second]);
    await store.close();
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, end));
    const disk = new FailingDisk();
    const again = await openFileStore(path, { host }, disk.files);
    await again.head(book);
    expect(disk.done).toEqual(steps);
    await again.close();
    await writeFile(path, whole.subarray(0, end));
    disk.fail("datasync", "EIO");
    await expect(openFileStore(path, { host }, disk.files)).rejects.toMatchObject({
      code: "STORE_UNWRITABLE",
    });
  });
});

describe("an export to a failing disk", () => {
  it.each([
    ["write", "ENOSPC", "STORE_FULL"],
    ["sync", "EIO", "STORE_IO"],
  ] as const)("leaves nothing behind (%s, %s)", async (step, code, expected) => {
    const { host, store, begin } = await setUp();
    await store.append(book, begin);
    const target = await temporaryPath("copy.jsonl");
    const failing = new FailingDisk();
    failing.fail(step, code);
    const exporting = exportThrough(failing.files, store, book, target, {});
    await expect(exporting).rejects.toMatchObject({ code: expected, detail: { path: target } });
    await expect(fileStore(target, { host, readOnly: true })).rejects.toMatchObject({
      code: "BOOK_NOT_FOUND",
    });
    await store.close();
  });
});
