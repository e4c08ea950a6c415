/** `verify`, `export`, `import`: a book that is whole, copied, damaged, torn. */
import { appendFile, copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  account,
  answer,
  bill,
  customer,
  errorOf,
  jsonLines,
  linesOf,
  mirrored,
  newStore,
  tallystick,
  temporaryFolder,
} from "./support.ts";

const someObjects = [
  ...Array.from({ length: 20 }, (_, at) =>
    customer({ id: `bcus_${at}`, external_reference: `C-${at}` }),
  ),
  customer(),
  account(),
  bill(),
];

/** The position of the first event of each commit in a book's file. */
const positions = async (path: string): Promise<number[]> =>
  (await linesOf(path)).slice(1).map((line) => JSON.parse(line).commit.firstPosition);

const damaged = async (damage: (bytes: Buffer) => Buffer) => {
  const place = await mirrored(someObjects);
  await writeFile(place.path, damage(await readFile(place.path)));
  return place;
};

/** Where the line of a commit begins; the header is line 0. */
const lineStart = (bytes: Buffer, line: number): number => {
  let at = 0;
  for (let seen = 0; seen < line; seen += 1) at = bytes.indexOf(0x0a, at) + 1;
  return at;
};

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

describe("verify", () => {
  it("says how much holds, and where the book ends", async () => {
    const { store } = await mirrored(someObjects);
    const verified = await answer(["verify", "--store", store]);
    expect(verified).toEqual({
      book: "default",
      ok: true,
      events: expect.any(Number),
      commits: someObjects.length,
      head: { position: verified.events, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect((await tallystick(["verify", "--store", store])).stdout).toContain(
      `ok default: ${verified.events} events`,
    );
  });

  it.for([1, 2, 12, 23])(
    "finds a flipped byte in commit %i and names the first position that cannot be trusted",
    async (commit) => {
      for (const into of [3, 90, 400]) {
        const { store, path } = await mirrored(someObjects);
        const position = (await positions(path))[commit - 1];
        const bytes = await readFile(path);
        await writeFile(path, flipped(bytes, lineStart(bytes, commit) + into));
        const found = await answer(["verify", "--store", store], 1);
        expect(found).toMatchObject({
          ok: false,
          broken_at: position,
          events: (position ?? 0) - 1,
          commits: commit - 1,
        });
        expect(found.problem).toEqual(expect.any(String));
      }
    },
  );

  it("finds damage in the very first line, which is no more than a label where the book's name stands", async () => {
    const changed = (from: string, to: string) =>
      damaged((bytes) => Buffer.from(bytes.toString().replace(from, to)));
    for (const [from, to] of [
      ["{", "["],
      ['"tallystick"', '"tallystock"'],
      ['"version":1', '"version":0'],
      ['"chainId":"', '"chainId":"0'],
      ["}\n", "}"],
    ] as const) {
      const { store } = await changed(from, to);
      const found = await answer(["verify", "--store", store], 1);
      expect(found).toMatchObject({ ok: false, events: 0, commits: 0, broken_at: 1 });
    }
    const { store } = await changed('"book":"default"', '"book":"defiant"');
    expect(await answer(["verify", "--store", store])).toMatchObject({ ok: true, book: "defiant" });
  });

  it("finds that the book hangs on another chain than its first line says", async () => {
    const { store } = await damaged((bytes) => {
      const at = bytes.indexOf('"chainId":"') + '"chainId":"'.length;
      bytes[at] = bytes[at] === 0x30 ? 0x31 : 0x30;
      return bytes;
    });
    expect(await answer(["verify", "--store", store], 1)).toMatchObject({
      ok: false,
      commits: 0,
      broken_at: 1,
    });
  });

  it("finds a line that was deleted, doubled or moved", async () => {
    const rewritten = (change: (lines: string[]) => string[]) =>
      damaged((bytes) =>
        Buffer.from(
          change(bytes.toString().trimEnd().split("\n"))
            .map((line) => `${line}\n`)
            .join(""),
        ),
      );
    const places = [
      await rewritten((lines) => lines.toSpliced(5, 1)),
      await rewritten((lines) => lines.toSpliced(5, 0, lines[5] ?? "")),
      await rewritten((lines) => [
        ...lines.slice(0, 5),
        lines[6] ?? "",
        lines[5] ?? "",
        ...lines.slice(7),
      ]),
    ];
    for (const { store } of places)
      expect(await answer(["verify", "--store", store], 1)).toMatchObject({
        ok: false,
        commits: expect.any(Number),
        broken_at: expect.any(Number),
      });
  });

  it("finds the damaged book among several and says that the others hold", async () => {
    const folder = await temporaryFolder();
    const store = `file:${folder}`;
    for (const book of ["good", "bad"])
      await answer(["mirror", await jsonLines(someObjects), "--book", book, "--store", store]);
    const path = join(folder, "bad.jsonl");
    const bytes = await readFile(path);
    await writeFile(path, flipped(bytes, lineStart(bytes, 3) + 100));
    expect(await answer(["verify", "--store", store], 1)).toMatchObject({
      ok: false,
      books: [
        { book: "bad", ok: false, commits: 2 },
        { book: "good", ok: true },
      ],
    });
    await writeFile(path, "{\n");
    expect(await answer(["verify", "--store", store], 1)).toMatchObject({
      ok: false,
      books: [
        { book: "bad", ok: false, broken_at: 1 },
        { book: "good", ok: true },
      ],
    });
  });

  it("says that a tail is torn, which is no damage, and the next writer that it was dropped", async () => {
    const { store, path } = await mirrored(someObjects);
    const whole = await answer(["verify", "--store", store]);
    const last = (await linesOf(path)).at(-1) ?? "";
    await appendFile(path, last.slice(0, 100));
    expect(await answer(["verify", "--store", store])).toEqual({ ...whole, torn_bytes: 100 });
    expect((await tallystick(["verify", "--store", store])).stdout).toContain(
      "100 bytes behind the last commit",
    );
    const file = await jsonLines([customer({ id: "bcus_late", external_reference: "LATE" })]);
    const ran = await tallystick(["mirror", file, "--store", store]);
    expect(ran).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("100 bytes behind commit 23 were dropped"),
    });
    expect(await answer(["verify", "--store", store])).toMatchObject({ ok: true, commits: 24 });
  });

  it("is what finds damage: a command that meets it reads nothing out of it", async () => {
    const { store } = await damaged((bytes) => flipped(bytes, lineStart(bytes, 5) + 200));
    const ran = await tallystick(["balances", "--store", store, "--json"]);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(errorOf(ran)).toMatchObject({
      code: "BOOK_CORRUPT",
      detail: { position: expect.any(Number) },
    });
  });
});

describe("verify --head", () => {
  it("says that the book goes on from the head that was noted", async () => {
    const { store } = await mirrored(someObjects);
    const { head, commits } = await answer(["verify", "--store", store]);
    const noted = ["verify", "--head", head.hash, "--store", store];
    const place = { hash: head.hash, position: head.position, commit: commits };
    expect(await answer(noted)).toMatchObject({ ok: true, noted_head: place });
    await answer(["mirror", await jsonLines([customer({ balance: 1 })]), "--store", store]);
    const later = await answer(noted);
    expect(later).toMatchObject({ ok: true, commits: commits + 1, noted_head: place });
    expect(later.head.hash).not.toBe(head.hash);
    const told = await tallystick(noted);
    expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining(`commit ${commits}`) });
  });

  it("finds by the noted head that whole commits were cut off the end, or that it is another book", async () => {
    const { store, path } = await mirrored(someObjects);
    const { head, commits } = await answer(["verify", "--store", store]);
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, lineStart(bytes, commits)));
    const cut = { events: expect.any(Number), commits: commits - 1 };
    expect(await answer(["verify", "--store", store])).toMatchObject({ ok: true, ...cut });
    const other = await mirrored([customer()]);
    for (const [place, more] of [
      [store, cut],
      [other.store, { commits: 1 }],
    ] as const) {
      const noted = ["verify", "--head", head.hash.toUpperCase(), "--store", place];
      const found = await answer(noted, 1);
      expect(found).toMatchObject({
        ok: false,
        ...more,
        problem: expect.stringContaining(head.hash),
        noted_head: { hash: head.hash },
      });
      expect(found).not.toHaveProperty("broken_at");
      const told = await tallystick(noted);
      expect(told).toMatchObject({
        code: 1,
        stdout: expect.stringContaining("not what was noted"),
      });
    }
  });

  it("names the damage first, and wants one hash for one book", async () => {
    const { store: broken } = await damaged((bytes) => flipped(bytes, lineStart(bytes, 5) + 200));
    const hash = "0".repeat(64);
    const found = await answer(["verify", "--head", hash, "--store", broken], 1);
    expect(found).toMatchObject({ ok: false, broken_at: expect.any(Number) });
    const store = `file:${await temporaryFolder()}`;
    for (const book of ["a", "b"])
      await answer(["mirror", await jsonLines(someObjects), "--book", book, "--store", store]);
    for (const noted of [hash, "7d9e"]) {
      const ran = await tallystick(["verify", "--head", noted, "--store", store, "--json"]);
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(errorOf(ran)).toMatchObject({ code: "USAGE" });
    }
  });
});

describe("export and import", () => {
  it("carry a book over with its chain: the same head, verified at both ends", async () => {
    const { store, folder } = await mirrored(someObjects);
    const out = join(folder, "export.jsonl");
    const { head, events, commits } = await answer(["verify", "--store", store]);
    expect(await answer(["export", "--out", out, "--store", store])).toEqual({
      book: "default",
      out,
      events,
      commits,
      head,
    });
    expect(await answer(["verify", "--store", `file:${out}`])).toMatchObject({
      ok: true,
      events,
      commits,
      head,
    });
    const copy = await newStore();
    const imported = { ok: true, book: "default", events, commits, head };
    expect(await answer(["import", out, "--store", copy.store])).toEqual(imported);
    expect(await answer(["import", out, "--store", copy.store])).toEqual(imported);
    expect(await answer(["verify", "--store", copy.store])).toMatchObject({
      ok: true,
      events,
      commits,
      head,
    });
    expect(await answer(["balances", "--store", copy.store])).toEqual(
      await answer(["balances", "--store", store]),
    );
  });

  it("go on where the copy ends", async () => {
    const { store, path } = await mirrored(someObjects);
    const copy = await newStore();
    await copyFile(path, copy.path);
    await answer(["mirror", await jsonLines([customer({ balance: 1 })]), "--store", store]);
    const { head } = await answer(["verify", "--store", store]);
    expect(await answer(["import", path, "--store", copy.store])).toMatchObject({ head });
  });

  it("begin a book under the name asked for", async () => {
    const { path } = await mirrored(someObjects);
    const copy = await newStore();
    expect(await answer(["import", path, "--book", "march", "--store", copy.store])).toMatchObject({
      book: "march",
    });
    expect(await answer(["verify", "--store", copy.store])).toMatchObject({ book: "march" });
  });

  it("overwrite nothing unless they are told to", async () => {
    const { store, folder } = await mirrored(someObjects);
    const out = join(folder, "out.jsonl");
    await writeFile(out, "mine\n");
    const ran = await tallystick(["export", "--out", out, "--store", store, "--json"]);
    expect(ran.code).toBe(2);
    expect(errorOf(ran)).toMatchObject({ code: "STORE_UNWRITABLE" });
    expect(await readFile(out, "utf8")).toBe("mine\n");
    await answer(["export", "--out", out, "--overwrite", "--store", store]);
    expect(await answer(["verify", "--store", `file:${out}`])).toMatchObject({ ok: true });
  });

  it("never take the place of an SQLite store, which may hold other books", async () => {
    const { store, folder } = await mirrored(someObjects);
    const database = join(folder, "books.db");
    await answer(["copy", "--to", `sqlite:${database}`, "--store", store]);
    const over = ["export", "--out", database, "--overwrite", "--store"];
    for (const from of [store, `sqlite:${database}`]) {
      const ran = await tallystick([...over, from, "--json"]);
      expect(ran.code).toBe(2);
      expect(errorOf(ran)).toMatchObject({ code: "USAGE", detail: { out: database } });
    }
    expect(await answer(["verify", "--store", `sqlite:${database}`])).toMatchObject({ ok: true });
  });

  it("take what stands before damage, and say where it begins", async () => {
    const { path } = await mirrored(someObjects);
    const [, , , position] = await positions(path);
    const bytes = await readFile(path);
    await writeFile(path, flipped(bytes, lineStart(bytes, 4) + 200));
    const copy = await newStore();
    const report = await answer(["import", path, "--store", copy.store], 1);
    expect(report).toMatchObject({ ok: false, commits: 3, broken_at: position });
    expect(await answer(["verify", "--store", copy.store])).toMatchObject({ ok: true, commits: 3 });
  });

  it("take what is whole of a file that was cut off, say so, and complete it with the whole file", async () => {
    const { store, path, folder } = await mirrored(someObjects);
    const bytes = await readFile(path);
    const part = join(folder, "part.jsonl");
    await writeFile(part, bytes.subarray(0, lineStart(bytes, 5) + 100));
    const copy = await newStore();
    const report = await answer(["import", part, "--store", copy.store], 1);
    expect(report).toMatchObject({
      ok: false,
      commits: 4,
      torn_bytes: 100,
      broken_at: report.events + 1,
      problem: expect.stringContaining("100 bytes behind commit 4 are not whole"),
    });
    const told = await tallystick(["import", part, "--store", copy.store]);
    expect(told).toMatchObject({ code: 1, stdout: expect.stringContaining("behind commit 4") });
    expect(await answer(["verify", "--store", copy.store])).toMatchObject({ ok: true, commits: 4 });
    const { head } = await answer(["verify", "--store", store]);
    expect(await answer(["import", path, "--store", copy.store])).toMatchObject({ ok: true, head });
  });

  it("refuse the book of another chain, a file that is none, and one that is not there", async () => {
    const { store } = await mirrored(someObjects);
    const other = await mirrored([customer()]);
    const letter = join(other.folder, "letter.txt");
    await writeFile(letter, "Dear customer,\n");
    for (const [file, code] of [
      [other.path, "BOOK_MISMATCH"],
      [letter, "BOOK_CORRUPT"],
      ["missing.jsonl", "BOOK_NOT_FOUND"],
    ] as const) {
      const ran = await tallystick(["import", file, "--store", store, "--json"]);
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(errorOf(ran)).toMatchObject({ code });
    }
    expect(await answer(["verify", "--store", store])).toMatchObject({
      ok: true,
      commits: someObjects.length,
    });
  });
});
