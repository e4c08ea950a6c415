import { readFile, writeFile } from "node:fs/promises";
import { type LedgerError, type Verification, verifyCommits } from "@tallystick/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { all, book } from "../contract/fixture.ts";
import { nodeHost } from "../host/node-host.ts";
import { fileStore, readBookFile } from "./file-store.ts";
import { writtenBook } from "./temporary-folder.ts";

const verify = async (path: string): Promise<Verification> => {
  const { chainId, commits } = await readBookFile(path);
  return verifyCommits(nodeHost.sha256, chainId, commits);
};

/** How a change of the file shows itself; undefined if nothing and nobody notices. */
const noticed = async (path: string): Promise<string | undefined> => {
  try {
    const store = await fileStore(path, { readOnly: true, book });
    await store.close();
    const { ok, problem } = await verify(path);
    return ok ? undefined : problem;
  } catch (error) {
    return (error as LedgerError).code;
  }
};

describe("a damaged book", () => {
  it("is found, whichever byte is changed to whatever", async () => {
    const { path } = await writtenBook(4);
    const whole = await readFile(path);
    const property = fc.asyncProperty(
      fc.nat(whole.length - 2),
      fc.integer({ min: 1, max: 255 }),
      async (at, difference) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ difference;
        await writeFile(path, bytes);
        expect(await noticed(path)).toBeDefined();
      },
    );
    await fc.assert(property, { seed: 7, numRuns: 400 });
  });

  it("loses no commit when its very last newline is changed", async () => {
    const { path } = await writtenBook(2);
    const whole = await readFile(path);
    for (const byte of [0x00, 0x20, 0x0b, 0x7d, 0xff]) {
      const bytes = Buffer.from(whole);
      bytes[bytes.length - 1] = byte;
      await writeFile(path, bytes);
      const { ok, commits } = await verify(path);
      expect(ok ? commits : "found").toBe(byte === 0 ? 3 : "found");
    }
  });

  it("is found when a whole line is missing, doubled or in another place", async () => {
    const { path } = await writtenBook(3);
    const [header = "", ...lines] = (await readFile(path, "utf8")).trimEnd().split("\n");
    const [one = "", two = "", three = "", four = ""] = lines;
    for (const [changed, commits] of [
      [[two, three, four], 0],
      [[one, three, four], 1],
      [[one, two, two, three, four], 2],
      [[one, three, two, four], 1],
      [[one, two, "", three, four], 2],
    ] as const) {
      await writeFile(path, `${[header, ...changed].join("\n")}\n`);
      expect(await verify(path)).toMatchObject({ ok: false, commits });
      const store = await fileStore(path);
      await expect(store.head(book)).rejects.toMatchObject({ code: "BOOK_CORRUPT" });
      await store.close();
    }
  });

  it("is found when a commit of another book stands in the place of its own", async () => {
    const { path } = await writtenBook(2);
    const { path: stranger } = await writtenBook(1, "stranger");
    const lines = (await readFile(path, "utf8")).split("\n");
    lines[2] = (await readFile(stranger, "utf8")).split("\n")[2] ?? "";
    await writeFile(path, lines.join("\n"));
    const store = await fileStore(path);
    await expect(store.head(book)).rejects.toMatchObject({
      code: "BOOK_CORRUPT",
      detail: { path, line: 3, commit: 2, position: 3 },
    });
    expect(await verify(path)).toMatchObject({ ok: false, commits: 1 });
    await store.close();
  });

  it("is found when a commit was changed and its checksum made to fit", async () => {
    const { path } = await writtenBook(2);
    const { frameOf } = await import("./frame.ts");
    const lines = (await readFile(path, "utf8")).split("\n");
    const changed = (lines[2] ?? "")
      .replace(/^.*?"commit":/, "")
      .slice(0, -1)
      .replace('"amount":1,', '"amount":9,');
    lines[2] = frameOf(changed).toString("utf8").trimEnd();
    await writeFile(path, lines.join("\n"));
    expect(await verify(path)).toMatchObject({ ok: false, commits: 1, brokenAt: 3 });
  });

  it("says path, line, byte and the first position that cannot be trusted", async () => {
    const { path } = await writtenBook(3);
    const text = await readFile(path, "utf8");
    const lines = text.split("\n");
    await writeFile(path, text.replace('"amount":1,', '"amount":2,'));
    const byteOffset = Buffer.byteLength(`${lines[0]}\n${lines[1]}\n`);
    const store = await fileStore(path);
    const error = await store.head(book).catch((reason: LedgerError) => reason);
    expect(error).toMatchObject({
      code: "BOOK_CORRUPT",
      detail: { path, line: 3, byteOffset, commit: 2, position: 3 },
    });
    expect((error as LedgerError).message).toContain(`${path}, line 3, byte ${byteOffset}: `);
    await store.close();
  });

  it("gives the commits before the damage, by the store and by the file alone", async () => {
    const { path } = await writtenBook(5);
    const text = await readFile(path, "utf8");
    const lines = text.split("\n");
    lines[4] = (lines[4] ?? "").replace('"crc32":"', '"crc32":"0');
    await writeFile(path, lines.join("\n"));
    const store = await fileStore(path);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const batch of store.readCommits(book))
        seen.push(...batch.map(({ number }) => number));
    })();
    await expect(reading).rejects.toMatchObject({ code: "BOOK_CORRUPT" });
    expect(seen).toEqual([1, 2, 3]);
    expect(await verify(path)).toMatchObject({ ok: false, commits: 3, brokenAt: 5 });
    await store.close();
  });

  it("says so when a tool has converted its line ends", async () => {
    const { path } = await writtenBook(1);
    const text = await readFile(path, "utf8");
    const [header = "", ...rest] = text.split("\n");
    await writeFile(path, `${header}\n${rest.join("\r\n")}`);
    expect((await verify(path)).problem).toContain("line ends");
  });

  it("of a later format is not read as one of this", async () => {
    const { path } = await writtenBook(1);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('"version":1', '"version":2'));
    for (const readOnly of [true, false])
      await expect(fileStore(path, { readOnly })).rejects.toMatchObject({
        code: "UNKNOWN_SCHEMA_VERSION",
        detail: { path, version: 2, supported: 1 },
      });
  });

  it("is readable where it is whole, when nothing else is wrong with it", async () => {
    const { path } = await writtenBook(1);
    const { commits, chainId, book: label } = await readBookFile(path);
    expect(label).toBe(book);
    expect(chainId).toMatch(/^[0-9a-f]{32}$/);
    expect(await all(commits)).toEqual(await all(commits));
    expect(await verify(path)).toMatchObject({ ok: true, commits: 2, events: 3 });
  });
});
