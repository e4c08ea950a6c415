/** One contract for every place that records are kept in, and what is special to each. */
import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isLedgerError } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { recordsContract } from "../contract/records-cases.ts";
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
  recordsContract(async () => (await begin()).open());
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
