/** Files that come from elsewhere, and text in them that means harm: encodings, endless lines, formulas. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { csvRows, openInput } from "@tallystick/cli";
import { describe, expect, it } from "vitest";
import {
  account,
  answer,
  bill,
  customer,
  errorOf,
  mirrored,
  newStore,
  program,
  root,
  spawned,
  tallystick,
  temporaryFolder,
} from "./support.ts";

const golden = (path: string): string => join(root, "tests/golden", path);
const secret = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

/** Every command that reads a file of somebody else's, with a file that it takes. */
const reading = [
  [["mirror"], golden("one-customer/objects.jsonl")],
  [["receive", "--secret", secret], golden("suspense-and-match/webhooks.jsonl")],
  [
    ["import-bills", "--currency", "ZAR"],
    golden("billing-file/za_brightspark_dailyfile_2026-03-05.csv"),
  ],
  [["reconcile", "--external"], golden("reconciliation-file/recon.csv")],
] as const;

/** Its command line, with the file behind the flags. */
const lineOf = ([argv]: (typeof reading)[number], path: string, store: string): string[] =>
  argv[0] === "reconcile"
    ? [...argv, path, "--store", store]
    : [argv[0], path, ...argv.slice(1), "--store", store];

/** A store for it: a reconciliation needs a book, and the others begin one. */
const storeFor = async ([[command]]: (typeof reading)[number]) =>
  command === "reconcile" ? mirrored([customer()]) : newStore();

const fileWith = async (bytes: string | Uint8Array): Promise<string> => {
  const path = join(await temporaryFolder(), "input");
  await writeFile(path, bytes);
  return path;
};

describe("a file in another encoding", () => {
  const text = "Date,Amount\n2026-03-01,1.00\n";
  it.for([
    ["UTF-16 with its mark", Buffer.from(`\ufeff${text}`, "utf16le"), /is UTF-16 text/],
    [
      "UTF-16 the other way round",
      Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
      /is UTF-16 text/,
    ],
    ["UTF-16 without a mark", Buffer.from(text, "utf16le"), /UTF-16 without its mark: line 1/],
    ["Latin-1", Buffer.from(`${text}caf\u00e9`, "latin1"), /not UTF-8 text: line 3 .* Latin-1/],
    ["a spreadsheet", Buffer.from(`PK\u0003\u0004${text}`), /is a spreadsheet/],
    ["gzip", gzipSync(text), /is compressed with gzip/],
    ["NUL bytes", Buffer.from(`${text}\0`), /line 3 has a NUL byte/],
    ["half a character", Buffer.from([0x61, 0xc3]), /not UTF-8 text: line 1/],
  ] as const)("is named and refused, and nothing is begun: %s", async ([, bytes, reason]) => {
    const path = await fileWith(bytes);
    for (const command of reading) {
      const { store, folder } = await storeFor(command);
      const before = await readdir(folder);
      const ran = await tallystick([...lineOf(command, path, store), "--json"]);
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(errorOf(ran)).toMatchObject({
        code: "UNREADABLE_INPUT",
        message: expect.stringMatching(reason),
      });
      expect(errorOf(ran).message).toContain("save it as UTF-8; nothing of it was taken");
      expect(await readdir(folder)).toEqual(before);
    }
  });

  it.for(reading)("is taken with a mark and CR LF as without: %j", async (command) => {
    const plain = await readFile(command[1], "utf8");
    const told = async (bytes: string): Promise<object> => {
      const { store } = await storeFor(command);
      const path = await fileWith(bytes);
      const { stdout } = await tallystick([...lineOf(command, path, store), "--json"]);
      expect(stdout).not.toBe("");
      return JSON.parse(stdout.replaceAll(path, "input"));
    };
    expect(await told(`\ufeff${plain.replaceAll("\n", "\r\n")}`)).toEqual(await told(plain));
  });
});

describe("100 MB in one line", () => {
  const bytes = 100_000_000;
  /** Far less than the line would take as a text, let alone parsed. */
  const env = { NODE_OPTIONS: "--max-old-space-size=96" };

  it.for([
    ["brackets, each within the one before", "["],
    ["a quote that is never closed", '"'],
  ] as const)("is refused without being held: %s", async ([, character]) => {
    const line = Buffer.alloc(bytes, character === '"' ? "x" : character);
    line.write(character);
    const path = await fileWith(line);
    for (const command of reading) {
      const { store } = await storeFor(command);
      const { code, signal, stdout, stderr } = await spawned(
        program,
        lineOf(command, path, store),
        { env },
      );
      const isJson = command[0][0] === "mirror" || command[0][0] === "receive";
      expect({ code, signal }).toEqual({ code: isJson ? 1 : 2, signal: null });
      expect(stdout + stderr).toMatch(/line 1\b.*longer than (?:4 MB|a megabyte)/);
    }
  });
});

describe("a text that begins like a formula", () => {
  const begins = ["=", "+", "-", "@", "\t=", "\r=", " =", "\uff1d", "a;=", "a\t+"];
  const harm = "HYPERLINK(0)";
  /** What a spreadsheet would run: a cell that begins so, whatever separates the cells. */
  const runs = /(?:^|[;\t\r\n])[\s\p{Cf}]*[=+\-@\uff0b\uff0d\uff1d\uff20]/u;
  const number = /^-?\d+(?:\.\d+)?$/;

  it.for(begins)("is run by no CSV that is written: %j", async (begin) => {
    const evil = `${begin}${harm}`;
    // References are letters, digits and hyphens; names and reasons are any text.
    const { store, folder } = await mirrored([
      customer({ external_reference: "-1-2", name: evil }),
      account({ external_reference: "-2", name: evil }),
      bill({ external_reference: "-3", due_date: "2026-03-10", bill_date: "2026-03-01" }),
    ]);
    const record = (id: string, currency: string) =>
      answer(
        `payment record ${id} --to bill_a --amount 700 --currency ${currency} --effective 2026-03-02T09:00:00Z --store ${store}`.split(
          " ",
        ),
      );
    await record("pay_1", "ZAR");
    await record("pay_2", "USD");
    const back = ["payment", "reverse", "pay_1", "--amount", "100", "--reason", evil];
    await answer([...back, "--store", store]);

    const external = join(folder, "=theirs.csv");
    await writeFile(
      external,
      `Date,Amount,Pay\n2026-03-02,9.99,"${evil}"\n2026-03-02,8.88,"x${evil}"\n`,
    );
    const days = ["--from", "2026-03-01", "--to", "2026-04-30"];
    const written: readonly (readonly string[])[] = [
      ["balances"],
      ["ageing"],
      ["statement", "--customer", "bcus_a"],
      ["trial-balance"],
      ["journal"],
      ["explain", "bill_a"],
      ["history", "bill_a"],
      ["history", "bcus_a"],
      ["suspense"],
      [
        "reconcile",
        "--external",
        external,
        "--map",
        "date=Date,amount=Amount,payment_id=Pay",
        "--currency",
        "ZAR",
      ],
    ];
    let seen = 0;
    const check = async (argv: readonly string[]): Promise<void> => {
      const { stdout, stderr } = await tallystick([...argv, "--store", store]);
      expect(stderr).toBe("");
      const input = await openInput(await fileWith(stdout));
      for await (const { cells } of csvRows(input))
        for (const cell of cells) {
          if (cell.includes(harm) || cell === "'-1-2") seen += 1;
          if (!number.test(cell)) expect(cell, argv.join(" ")).not.toMatch(runs);
        }
      await input.close();
    };
    for (const argv of written) await check([...argv, "--format", "csv"]);
    await check(["moment-report", "recon", ...days, "--merchant", "=1+1"]);
    await check(["moment-report", "settlement", ...days]);
    // References in most of these, the reason in two, the rows of theirs.
    expect(seen).toBeGreaterThan(5);
  });
});
