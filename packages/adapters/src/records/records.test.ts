/** One contract for every place that records are kept in, and what is special to each. */
import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isLedgerError } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { temporaryPath } from "../file/temporary-folder.ts";
import { sqliteStore } from "../sqlite/sqlite-store.ts";
import { fileRecords, memoryRecords, type Records, sqliteRecords } from "./index.ts";

interface Place {
  readonly open: () => Promise<Records>;
}

const put = (collection: string, key: string, value: string | number) =>
  ({ kind: "put", collection, key, value }) as const;

const places: Readonly<Record<string, () => Promise<Place>>> = {
  memory: async () => {
    const records = memoryRecords();
    return { open: async () => records };
  },
  file: async () => {
    const path = await temporaryPath(".");
    return { open: async () => fileRecords(path) };
  },
  sqlite: async () => {
    const path = await temporaryPath("books.db");
    return { open: () => sqliteRecords(path) };
  },
};

describe.each(Object.entries(places))("records in %s", (_name, begin) => {
  it("give back what was put, and nothing for what was not", async () => {
    const records = await (await begin()).open();
    const value = { text: "é", list: [1, null, true], ["__proto__"]: "own" };
    await records.write("ann", [{ kind: "put", collection: "notes", key: "one", value }]);
    expect(await records.get("ann", "notes", "one")).toEqual(value);
    expect(await records.get("ann", "notes", "two")).toBeUndefined();
    expect(await records.get("ann", "other", "one")).toBeUndefined();
    expect(await records.get("bob", "notes", "one")).toBeUndefined();
    await records.close();
  });

  it("apply the changes of one write in order, and replace, delete and clear", async () => {
    const records = await (await begin()).open();
    await records.write("ann", [put("a", "1", 1), put("a", "2", 2), put("b", "1", 3)]);
    await records.write("ann", [
      put("a", "1", 4),
      { kind: "delete", collection: "a", key: "2" },
      { kind: "clear", collection: "b" },
      put("b", "9", 5),
    ]);
    expect(await records.page("ann", "a", { limit: 9 })).toEqual([{ key: "1", value: 4 }]);
    expect(await records.page("ann", "b", { limit: 9 })).toEqual([{ key: "9", value: 5 }]);
    await records.close();
  });

  it("come by page in the order of their keys, behind a key and by prefix", async () => {
    const records = await (await begin()).open();
    for (const key of ["b/2", "a/1", "b/1", "c", "B", "b/10"])
      await records.write("ann", [put("a", key, key)]);
    const keys = async (range: Parameters<Records["page"]>[2]) =>
      (await records.page("ann", "a", range)).map(({ key }) => key);
    expect(await keys({ limit: 9 })).toEqual(["B", "a/1", "b/1", "b/10", "b/2", "c"]);
    expect(await keys({ limit: 2 })).toEqual(["B", "a/1"]);
    expect(await keys({ limit: 2, after: "a/1" })).toEqual(["b/1", "b/10"]);
    expect(await keys({ limit: 9, prefix: "b/" })).toEqual(["b/1", "b/10", "b/2"]);
    expect(await keys({ limit: 9, prefix: "b/", after: "b/1" })).toEqual(["b/10", "b/2"]);
    expect(await keys({ limit: 9, after: "c" })).toEqual([]);
    await records.close();
  });

  it("stay in order while the first ones go and others come, as a queue does", async () => {
    const records = await (await begin()).open();
    const expected = new Set<string>();
    for (let count = 0; count < 60; count += 1) {
      const key = String((count * 37) % 101).padStart(3, "0");
      expected.add(key);
      await records.write("ann", [put("a", key, count)]);
      const held = [...expected].sort();
      const page = await records.page("ann", "a", { limit: 99 });
      expect(page.map((record) => record.key)).toEqual(held);
      const [first] = held;
      if (count % 3 !== 0 || first === undefined) continue;
      expected.delete(first);
      await records.write("ann", [
        { kind: "delete", collection: "a", key: first },
        { kind: "delete", collection: "a", key: "nobody" },
      ]);
    }
    await records.close();
  });

  it("name their owners, and keep what is released", async () => {
    const records = await (await begin()).open();
    expect(await records.owners()).toEqual([]);
    await records.write("bob", [put("a", "1", 1)]);
    await records.write("ann", [put("a", "1", 2)]);
    await records.write("eve", [put("a", "1", 2), { kind: "clear", collection: "a" }]);
    await records.release("ann");
    expect(await records.owners()).toEqual(["ann", "bob"]);
    expect(await records.get("ann", "a", "1")).toBe(2);
    await records.close();
  });

  it("take many writes at once", async () => {
    const records = await (await begin()).open();
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    await Promise.all(numbers.map((n) => records.write("ann", [put("a", `k${n}`, n)])));
    expect(await records.page("ann", "a", { limit: 99 })).toHaveLength(50);
    await records.close();
  });

  it("refuse names that would not sort alike everywhere, and everything once closed", async () => {
    const records = await (await begin()).open();
    for (const key of ["", "é", "a b", "a\0"])
      await expect(records.get("ann", "a", key)).rejects.toSatisfy((error) =>
        isLedgerError(error, "INVALID_INPUT"),
      );
    await expect(records.write("../x", [put("a", "1", 1)])).rejects.toSatisfy((error) =>
      isLedgerError(error, "INVALID_INPUT"),
    );
    await records.close();
    await records.close();
    for (const answer of [
      async () => records.get("ann", "a", "1"),
      async () => records.write("ann", [put("a", "1", 1)]),
      async () => records.owners(),
    ])
      await expect(answer()).rejects.toSatisfy((error) => isLedgerError(error, "STORE_CLOSED"));
  });
});

describe.each([
  ["a file", places["file"]],
  ["SQLite", places["sqlite"]],
])("records in %s", (_name, begin) => {
  it("are there when they are opened again", async () => {
    const place = await begin?.();
    const records = await place?.open();
    await records?.write("ann", [put("a", "1", "one")]);
    await records?.close();
    const again = await place?.open();
    expect(await again?.get("ann", "a", "1")).toBe("one");
    await again?.close();
  });
});

describe("records in a file", () => {
  it("drop what a crash has left of the last line, and go on behind it", async () => {
    const folder = await temporaryPath(".");
    const path = join(folder, "ann.records.jsonl");
    const records = fileRecords(folder);
    await records.write("ann", [put("a", "1", 1)]);
    await records.close();
    await appendFile(path, '[{"kind":"put","coll');
    const again = fileRecords(folder);
    expect(await again.get("ann", "a", "1")).toBe(1);
    await again.write("ann", [put("a", "2", 2)]);
    await again.close();
    expect((await readFile(path, "utf8")).trim().split("\n")).toHaveLength(2);
  });

  it("refuse damage before the end", async () => {
    const folder = await temporaryPath(".");
    await writeFile(join(folder, "ann.records.jsonl"), "nonsense\n[]\n");
    const records = fileRecords(folder);
    await expect(records.get("ann", "a", "1")).rejects.toSatisfy((error) =>
      isLedgerError(error, "BOOK_CORRUPT"),
    );
    await records.close();
  });

  it("are written anew when most of the file is outdated", async () => {
    const folder = await temporaryPath(".");
    const records = fileRecords(folder);
    for (let round = 0; round < 3; round += 1)
      await records.write(
        "ann",
        Array.from({ length: 600 }, (_, n) => put("a", "1", n)),
      );
    await records.close();
    const path = join(folder, "ann.records.jsonl");
    const { size } = await stat(path);
    const again = fileRecords(folder);
    expect(await again.get("ann", "a", "1")).toBe(599);
    expect((await stat(path)).size).toBeLessThan(size / 100);
    await again.close();
  });
});

describe("records in an SQLite file", () => {
  it("leave the store beside them whole, and go along into a backup", async () => {
    const folder = await temporaryPath(".");
    const path = join(folder, "books.db");
    const store = await sqliteStore(path);
    const records = await sqliteRecords(path);
    await records.write("ann", [put("a", "1", 1)]);
    await store.backup(join(folder, "copy.db"));
    await records.close();
    await store.close();
    const again = await sqliteStore(path);
    expect(await again.listBooks()).toEqual([]);
    await again.close();
    const copy = await sqliteRecords(join(folder, "copy.db"));
    expect(await copy.get("ann", "a", "1")).toBe(1);
    await copy.close();
  });
});
