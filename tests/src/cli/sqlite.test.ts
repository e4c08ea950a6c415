/** Books in an SQLite file through the command line, and their way into files and back. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sqliteStore } from "@tallystick/adapters/sqlite";
import { describe, expect, it } from "vitest";
import { answer, errorOf, spark, tallystick, temporaryFolder } from "./support.ts";

const secret = JSON.parse(await readFile(spark("expected.json"), "utf8")).webhook_secret;

/** The month of Bright Spark in a new SQLite file. */
const month = async (): Promise<{ readonly folder: string; readonly store: string }> => {
  const folder = await temporaryFolder();
  const store = `sqlite:${join(folder, "books.db")}`;
  const objects = ["mirror", spark("api-objects.jsonl"), "--effective", "2026-03-01T00:00:00Z"];
  await answer([...objects, "--store", store]);
  await answer(["receive", spark("webhooks.jsonl"), "--secret", secret, "--store", store], 1);
  return { folder, store };
};

describe("a store in an SQLite file", () => {
  it("takes a month, answers from it, and gives the same chain to a file and takes it back", async () => {
    const { folder, store } = await month();
    const copy = join(folder, "copy.jsonl");
    const { head } = await answer(["export", "--out", copy, "--store", store]);
    const again = `sqlite:${join(folder, "again.db")}`;
    expect((await answer(["import", copy, "--store", again])).head).toEqual(head);
    for (const url of [store, `file:${copy}`, again])
      expect(await answer(["verify", "--store", url])).toMatchObject({ ok: true, head });
    const second = join(folder, "second.jsonl");
    await answer(["export", "--out", second, "--store", again]);
    expect(await readFile(second, "utf8")).toBe(await readFile(copy, "utf8"));
    const balances = await answer(["balances", "--store", store]);
    expect(await answer(["balances", "--store", again])).toEqual(balances);
    expect(await answer(["balances", "--store", `file:${copy}`])).toEqual(balances);
    const suspense = await answer(["suspense", "--store", store]);
    expect(await answer(["suspense", "--store", `file:${copy}`])).toEqual(suspense);
  });

  it("is backed up whole while it is open, and never over another file unasked", async () => {
    const { folder, store } = await month();
    const out = join(folder, "backup.db");
    const opened = await sqliteStore(join(folder, "books.db"));
    try {
      const { store: copy } = await answer(["backup", "--out", out, "--store", store]);
      expect(copy).toBe(`sqlite:${out}`);
      expect(await answer(["verify", "--store", copy])).toEqual(
        await answer(["verify", "--store", store]),
      );
    } finally {
      await opened.close();
    }
    const again = ["backup", "--out", out, "--store", store];
    expect((await tallystick(again)).code).toBe(2);
    await answer([...again, "--overwrite"]);
    const book = join(folder, "book.jsonl");
    await answer(["export", "--out", book, "--store", store]);
    const second = join(folder, "second.jsonl");
    await answer(["backup", "--out", second, "--store", `file:${book}`]);
    expect(await readFile(second, "utf8")).toBe(await readFile(book, "utf8"));
  });

  it("that is not there is an error for those who read, and is made by those who write", async () => {
    const store = `sqlite:${join(await temporaryFolder(), "books.db")}`;
    const { code, stderr } = await tallystick(["balances", "--store", store, "--json"]);
    expect(code).toBe(2);
    expect(errorOf({ stderr })).toMatchObject({ code: "BOOK_NOT_FOUND" });
  });
});
