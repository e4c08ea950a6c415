import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { draftsFor } from "../contract/drafts.ts";
import { book } from "../contract/fixture.ts";
import { seededHost } from "../host/seeded-host.ts";
import { bookOfFileName, fileNameOf } from "./file-name.ts";
import { fileStore } from "./file-store.ts";
import { temporaryPath, writtenBook } from "./temporary-folder.ts";

describe("a folder of books", () => {
  it("is created where there is none, with a file a book", async () => {
    const path = await temporaryPath("books/");
    const host = seededHost();
    const drafts = draftsFor(host);
    const store = await fileStore(path, { host });
    for (const name of ["shop", "Shop", "Köln"])
      await store.append(name, drafts.of(drafts.created("a")));
    await store.close();
    const files = (await readdir(path)).filter((name) => name.endsWith(".jsonl"));
    expect(files.sort()).toEqual(["%53hop.jsonl", "%4b%c3%b6ln.jsonl", "shop.jsonl"].sort());
    const again = await fileStore(path.slice(0, -1), { readOnly: true });
    expect(await again.listBooks()).toEqual(["Köln", "Shop", "shop"]);
    await again.close();
  });

  it("refuses a file whose label is another book's", async () => {
    const { path } = await writtenBook(1);
    const folder = await temporaryPath("books");
    await mkdir(folder);
    await writeFile(join(folder, "copy.jsonl"), await readFile(path));
    const store = await fileStore(folder);
    await expect(store.head("copy")).rejects.toMatchObject({ code: "BOOK_MISMATCH" });
    await store.close();
  });

  it("lists a damaged book, passes over a stranger's file, and leaves out what never began", async () => {
    const { path } = await writtenBook(1);
    const folder = await temporaryPath("books");
    await mkdir(folder);
    await writeFile(join(folder, "default.jsonl"), (await readFile(path)).fill(0x78, 200, 260));
    await writeFile(join(folder, "damaged.jsonl"), "junk\n");
    await writeFile(join(folder, "empty.jsonl"), "");
    await writeFile(join(folder, "README.md"), "ours");
    for (const readOnly of [true, false]) {
      const store = await fileStore(folder, { readOnly });
      expect(await store.listBooks()).toEqual(["damaged", book]);
      await expect(store.head("damaged")).rejects.toMatchObject({ code: "BOOK_CORRUPT" });
      expect(await store.head("empty")).toBeUndefined();
      await store.close();
    }
  });

  it("takes no name for the whole of it", async () => {
    const path = await temporaryPath("books/");
    await expect(fileStore(path, { book })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("names each file for one book, in a way that every file system keeps", () => {
    for (const name of ["a", "A", "con", "CON", "../x", "a/b", "é", "%41", "", "🧾", ".", "a.b"]) {
      const fileName = fileNameOf(name);
      expect(bookOfFileName(fileName)).toBe(name);
      expect(fileName).toMatch(/^[a-z0-9_%-]*\.jsonl$/);
    }
    for (const stranger of ["A.jsonl", "%zz.jsonl", "%61.jsonl", "a.json", "é.jsonl"])
      expect(bookOfFileName(stranger)).toBeUndefined();
  });
});
