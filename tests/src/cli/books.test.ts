/** Stores and books: which are meant, which there are, and what a command line gets wrong. */
import { access, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileStore } from "@tallystick/adapters/file";
import { describe, expect, it } from "vitest";
import {
  answer,
  customer,
  errorOf,
  fileOf,
  jsonLines,
  mirrored,
  newStore,
  tallystick,
  temporaryFolder,
} from "./support.ts";

const reading = [
  ["balances"],
  ["suspense"],
  ["history", "CUST-A"],
  ["match", "list"],
  ["verify"],
] as const;

const failing = async (argv: readonly string[]) => {
  const ran = await tallystick([...argv, "--json"]);
  expect(ran).toMatchObject({ code: 2, stdout: "" });
  return errorOf(ran);
};

describe("a store", () => {
  it.for([
    ...reading,
    ["export", "--out", "never.jsonl"],
    ["suspense", "match", "pay_a", "--to", "x"],
    ["suspense", "undo", "pay_a", "--reason", "x"],
    ["match", "list"],
    ["match", "undo", `row_${"0".repeat(32)}`, "--reason", "x"],
  ])("that is not there is neither read nor created by %j", async (argv) => {
    const { store, folder } = await newStore();
    expect(await failing([...argv, "--store", store])).toMatchObject({ code: "BOOK_NOT_FOUND" });
    expect(await readdir(folder)).toEqual([]);
  });

  it.for(reading)(
    "is only read by %j: nothing is locked, and nothing appears beside it",
    async (argv) => {
      const { store, path, folder } = await mirrored([customer()]);
      const before = await readdir(folder);
      const writer = await fileStore(path);
      expect((await tallystick([...argv, "--store", store])).code).toBe(0);
      await writer.close();
      expect(await readdir(folder)).toEqual(before);
    },
  );

  it("is written by one at a time", async () => {
    const { store, path } = await mirrored([customer()]);
    const writer = await fileStore(path);
    const file = await jsonLines([customer()]);
    expect(await failing(["mirror", file, "--store", store])).toMatchObject({
      code: "STORE_LOCKED",
    });
    await writer.close();
  });

  it("is named in full, by a scheme that there is", async () => {
    expect(await failing(["balances"])).toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("--store file:book.jsonl"),
    });
    expect(await failing(["balances", "--store", "book.jsonl"])).toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("file:book.jsonl"),
    });
    expect(await failing(["balances", "--store", "file:"])).toMatchObject({ code: "USAGE" });
    for (const store of ["mysql://localhost/book", "http://example.org/"])
      expect(await failing(["balances", "--store", store])).toMatchObject({
        code: "USAGE",
        message: expect.stringContaining("there is file:PATH, sqlite:PATH"),
        detail: { known: ["file", "sqlite", "postgres", "postgresql"] },
      });
  });

  it("is found through a link, by a URL, and by a path with spaces", async () => {
    const { store, path, folder } = await mirrored([customer()]);
    const link = join(folder, "a link to it");
    await symlink(path, link);
    const verified = await answer(["verify", "--store", store]);
    expect(await answer(["verify", "--store", `file:${link}`])).toEqual(verified);
    expect(await answer(["verify", "--store", `file://${path}`])).toEqual(verified);
    expect(await answer(["verify", "--store", `FILE:${path}`])).toEqual(verified);
  });

  it("whose folder is missing is refused with the reason", async () => {
    const file = await jsonLines([customer()]);
    const store = `file:${join(await temporaryFolder(), "no", "book.jsonl")}`;
    expect(await failing(["mirror", file, "--store", store])).toMatchObject({
      code: "STORE_UNWRITABLE",
      message: expect.stringContaining("its folder does not exist"),
    });
  });

  it.for([
    ["an empty file", "", 0],
    ["a file of bad lines", "{\n[]\n", 1],
  ] as const)("into which only %s was mirrored holds no book yet", async ([, input, code]) => {
    const { store, path } = await newStore();
    await answer(["mirror", await fileOf(input), "--store", store], code);
    for (const argv of [...reading, ["export", "--out", "never.jsonl"]])
      expect(await failing([...argv, "--store", store])).toMatchObject({
        code: "BOOK_NOT_FOUND",
        message: "the store holds no book yet",
      });
    const copy = await newStore();
    expect(await failing(["import", path, "--store", copy.store])).toMatchObject({
      code: "BOOK_NOT_FOUND",
    });
    await answer(["mirror", await jsonLines([customer()]), "--store", store]);
    expect(await answer(["verify", "--store", store])).toMatchObject({ ok: true, commits: 1 });
  });

  it("that is no book is left as it is", async () => {
    const path = join(await temporaryFolder(), "letter.txt");
    await writeFile(path, "Dear customer,\n");
    const file = await jsonLines([customer()]);
    for (const argv of [["mirror", file], ["balances"]])
      expect(await failing([...argv, "--store", `file:${path}`])).toMatchObject({
        code: "BOOK_CORRUPT",
      });
  });
});

describe("a folder of books", () => {
  const folderOfTwo = async (): Promise<string> => {
    const folder = join(await temporaryFolder(), "books");
    await mkdir(folder);
    const store = `file:${folder}`;
    await answer(["mirror", await jsonLines([customer()]), "--book", "alpha", "--store", store]);
    await answer([
      "mirror",
      await jsonLines([customer({ balance: 1 })]),
      "--book",
      "Beta/2",
      "--store",
      store,
    ]);
    return store;
  };

  it("keeps books apart, each by its name", async () => {
    const store = await folderOfTwo();
    const owed = async (book: string) =>
      (await answer(["balances", "--book", book, "--store", store])).totals[0].owed;
    expect([await owed("alpha"), await owed("Beta/2")]).toEqual([10_000, 1]);
  });

  it.for([
    ["balances"],
    ["suspense"],
    ["history", "CUST-A"],
    ["export", "--out", "x.jsonl"],
    ["mirror"],
    ["suspense", "match", "pay_a", "--to", "CUST-A"],
  ])("asks which one is meant: %j", async (argv) => {
    const store = await folderOfTwo();
    const file = argv[0] === "mirror" ? [await jsonLines([customer()])] : [];
    expect(await failing([...argv, ...file, "--store", store])).toMatchObject({
      code: "USAGE",
      message: expect.stringContaining('"Beta/2", "alpha"'),
      detail: { books: ["Beta/2", "alpha"] },
    });
  });

  it("is verified whole, or one book of it", async () => {
    const store = await folderOfTwo();
    const all = await answer(["verify", "--store", store]);
    expect(all).toMatchObject({
      ok: true,
      books: [
        { book: "Beta/2", ok: true },
        { book: "alpha", ok: true },
      ],
    });
    expect(await answer(["verify", "--book", "alpha", "--store", store])).toEqual(all.books[1]);
  });

  it("says which books there are where one is not", async () => {
    const store = await folderOfTwo();
    expect(await failing(["verify", "--book", "gamma", "--store", store])).toMatchObject({
      code: "BOOK_NOT_FOUND",
      detail: { books: ["Beta/2", "alpha"] },
    });
  });

  it("begins the book `default` while it is empty, and holds nothing before", async () => {
    const folder = await temporaryFolder();
    const store = `file:${folder}/`;
    expect(await failing(["verify", "--store", store])).toMatchObject({ code: "BOOK_NOT_FOUND" });
    expect(await answer(["mirror", await jsonLines([customer()]), "--store", store])).toMatchObject(
      { book: "default" },
    );
    expect(await answer(["verify", "--store", store])).toMatchObject({ book: "default", ok: true });
  });

  it("does not take dead letters for a book", async () => {
    const folder = await temporaryFolder();
    const store = `file:${folder}`;
    await answer(["mirror", await jsonLines([customer()]), "--store", store]);
    await writeFile(join(folder, "default.jsonl.dead-letters.jsonl"), "{}\n");
    expect(await answer(["verify", "--store", store])).toMatchObject({ book: "default", ok: true });
  });
});

describe("a single file", () => {
  it("goes by the name that it was begun with", async () => {
    const { store } = await newStore();
    const file = await jsonLines([customer()]);
    expect(await answer(["mirror", file, "--book", "acme", "--store", store])).toMatchObject({
      book: "acme",
    });
    expect(await answer(["mirror", file, "--store", store])).toMatchObject({
      book: "acme",
      unchanged: 1,
    });
    expect(await failing(["mirror", file, "--book", "other", "--store", store])).toMatchObject({
      code: "BOOK_MISMATCH",
    });
    expect(await failing(["balances", "--book", "other", "--store", store])).toMatchObject({
      code: "BOOK_NOT_FOUND",
    });
  });
});

describe("a command line", () => {
  it.for([
    [],
    ["nonsense"],
    ["balances", "--nonsense"],
    ["mirror"],
    ["history"],
    ["receive", "a", "b"],
    ["export"],
    ["suspense", "nonsense"],
  ])("that makes no sense ends with 2 and leads to the help: %j", async (argv) => {
    const { code, stdout, stderr } = await tallystick(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/--help/);
  });

  it.each([
    ["nonsense", "unknown command 'nonsense'; see tallystick --help"],
    ["balance", "unknown command 'balance' (Did you mean balances?); see tallystick --help"],
    ["match nonsense", "unknown command 'nonsense'; see tallystick match --help"],
    ["match list --nonsense", "unknown option '--nonsense'; see tallystick match list --help"],
    [
      "--store file:x suspense undo pay_1",
      "required option '--reason <text>' not specified; see tallystick suspense undo --help",
    ],
    [
      "balances now",
      "too many arguments for 'balances'. Expected 0 arguments but got 1; see tallystick balances --help",
    ],
  ])("leads to the help of what was meant: %s", async (line, said) => {
    expect(await tallystick(line.split(" "))).toEqual({
      code: 2,
      stdout: "",
      stderr: `tallystick: ${said} (USAGE)\n`,
    });
  });

  it("takes --json, --store and --book anywhere", async () => {
    const { store } = await mirrored([customer()]);
    const first = await tallystick(["--json", "--store", store, "--book", "default", "balances"]);
    const last = await tallystick(["balances", "--book", "default", "--store", store, "--json"]);
    expect(first.code).toBe(0);
    expect(first).toEqual(last);
  });

  it("says what went wrong in one sentence with its code, and as JSON to machines", async () => {
    const argv = ["balances", "--store", "file:/nowhere/book.jsonl"];
    const told = await tallystick(argv);
    expect(told.stderr).toBe(
      "tallystick: there is no book at /nowhere/book.jsonl (BOOK_NOT_FOUND)\n",
    );
    const { stderr } = await tallystick([...argv, "--json"]);
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: "BOOK_NOT_FOUND",
        message: "there is no book at /nowhere/book.jsonl",
        detail: { path: "/nowhere/book.jsonl" },
      },
    });
    expect((await tallystick(argv, { env: { DEBUG: "1" } })).stderr).toMatch(/\n {4}at /);
  });

  it.for(
    "mirror receive import-bills balances statement ageing trial-balance journal reconcile moment-report explain history suspense match payment verify export import copy".split(
      " ",
    ),
  )(
    "is taught by the help of %s: what it does, an example, the options that stand anywhere",
    async (command) => {
      const { code, stdout, stderr } = await tallystick([command, "--help"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain(`$ tallystick ${command}`);
      expect(stdout).toContain("--store <url>");
      for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    },
  );

  it("has a help of its own, with the exit codes, and a version", async () => {
    const { code, stdout } = await tallystick(["--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Exit codes:");
    expect(stdout).toContain("file:PATH");
    expect(await tallystick(["--version"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it("colours what a terminal shows, and nothing where NO_COLOR is set", async () => {
    const { store } = await mirrored([customer()]);
    const shown = async (env: Record<string, string>): Promise<string> => {
      let text = "";
      const stdout = { isTTY: true, write: (piece: string) => (text += piece) };
      await tallystick(["balances", "--store", store], { stdout, env });
      return text;
    };
    const escapeCharacter = String.fromCharCode(27);
    expect(await shown({ TERM: "xterm" })).toContain(escapeCharacter);
    expect(await shown({ TERM: "xterm", NO_COLOR: "1" })).not.toContain(escapeCharacter);
    expect(await shown({ TERM: "xterm", NO_COLOR: "" })).toContain(escapeCharacter);
    expect((await tallystick(["balances", "--store", store])).stdout).not.toContain(
      escapeCharacter,
    );
  });

  it("obeys nothing that stands in a merchant's data", async () => {
    const { store } = await mirrored([customer({ name: "\u001b[2J" })]);
    const { stdout } = await tallystick(["history", "bcus_a\u001b[2J", "--store", store]);
    const ran = await tallystick(["history", "\u001b[2Jx", "--store", store]);
    for (const text of [stdout, ran.stderr]) expect(text).not.toContain("\u001b");
  });

  it("leaves nothing behind where an export goes nowhere", async () => {
    await expect(access("x.jsonl")).rejects.toThrow();
    await expect(access("never.jsonl")).rejects.toThrow();
  });
});
