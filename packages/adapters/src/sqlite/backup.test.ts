import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openLedger } from "@tallystick/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { draftsFor } from "../contract/drafts.ts";
import { all, book, chargedHistory } from "../contract/fixture.ts";
import { temporaryPath } from "../file/temporary-folder.ts";
import { seededHost } from "../host/seeded-host.ts";
import { sqliteStore } from "./sqlite-store.ts";

const setUp = async () => {
  const path = await temporaryPath("books.db");
  const host = seededHost();
  const store = await sqliteStore(path, { host });
  onTestFinished(() => store.close());
  return { path, host, store, drafts: draftsFor(host) };
};

const appendsMax = 20_000;

describe("a backup", () => {
  it("made while others write is one moment of the book, and verifies", async () => {
    const { path, store, drafts } = await setUp();
    await Promise.all(chargedHistory(drafts, 600).map((draft) => store.append(book, draft)));
    const target = join(dirname(path), "backup.db");
    let finished = false;
    const backingUp = store.backup(target).finally(() => {
      finished = true;
    });
    let written = 0;
    // Bounded: a backup that never came to its turn would let the file grow for ever.
    while ((!finished || written < 5) && written < appendsMax) {
      written += 1;
      await store.append(book, drafts.of(drafts.created(`n${written}`)));
    }
    expect(written).toBeLessThan(appendsMax);
    await backingUp;
    const copy = await sqliteStore(target);
    onTestFinished(() => copy.close());
    const verified = await openLedger({ store: copy, book }).verify();
    expect(verified.ok).toBe(true);
    expect(verified.commits).toBeGreaterThanOrEqual(601);
    const commits = await all(copy.readCommits(book));
    expect(commits).toEqual((await all(store.readCommits(book))).slice(0, commits.length));
    expect(await copy.chainId(book)).toBe(await store.chainId(book));
    await copy.append(book, drafts.of(drafts.created("onlyhere")));
    expect((await copy.query(book, { kind: "customer", limit: 1 })).documents).toHaveLength(1);
  });

  it("never replaces what stands there unless told to, and leaves nothing half done", async () => {
    const { path, store, drafts } = await setUp();
    await store.append(book, drafts.of(drafts.created("a")));
    const target = join(dirname(path), "backup.db");
    await store.backup(target);
    await store.append(book, drafts.of(drafts.created("b")));
    await expect(store.backup(target)).rejects.toMatchObject({
      code: "STORE_UNWRITABLE",
      message: expect.stringContaining("exists already"),
    });
    await store.backup(target, { overwrite: true });
    const copy = await sqliteStore(target, { readOnly: true });
    expect(await copy.head(book)).toEqual(await store.head(book));
    await copy.close();
    const taken = join(dirname(path), "folder");
    await mkdir(taken);
    await expect(store.backup(join(taken, "none/there.db"))).rejects.toMatchObject({
      code: "STORE_UNWRITABLE",
    });
    const left = await readdir(dirname(path));
    expect(left.filter((name) => name.includes(".tmp"))).toEqual([]);
  });
});
