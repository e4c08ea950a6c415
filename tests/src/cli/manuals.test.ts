/** The manual pages say what the commands print: every member of `--json`, every column of CSV. */
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root, spark, tallystick } from "./support.ts";

/** What stands in the tables of a page: names of a row, and what it says of them. */
interface Row {
  readonly names: readonly string[];
  readonly meaning: string;
}

const page = (command: string): string =>
  readFileSync(join(root, `packages/cli/src/commands/${command.split(" ")[0]}.md`), "utf8");

/** The rows of a section of a command's page. */
const rowsOf = (command: string, section: string): readonly Row[] => {
  const own = page(command)
    .split(/^#+ tallystick /m)
    .find((each) => each.startsWith(`${command}\n`));
  const [, part = ""] = (own ?? "").split(new RegExp(`^#+ ${section}$`, "m"));
  const [table = ""] = part.split(/^#/m);
  return [...table.matchAll(/^\| (`.*?`) \| (.*) \|$/gm)].map(([, names = "", meaning = ""]) => ({
    names: names.split(", ").map((name) => name.replaceAll("`", "")),
    meaning,
  }));
};

/** Members that are named by data, or told elsewhere. */
const open = /^(?:rejections|suspensions|data\[\]\.(?:data|personal))\./;

/** `a[].b` for every member of a value, however deep. */
const pathsIn = (value: unknown, path = ""): string[] => {
  if (Array.isArray(value)) return value.flatMap((each) => pathsIn(each, `${path}[]`));
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([name, member]) =>
    pathsIn(member, path === "" ? name : `${path}.${name}`),
  );
};

/** Whether a page says something of a member: by its path, or by name where it tells of what it is in. */
const isTold = (rows: readonly Row[], path: string): boolean => {
  const name = path.replace(/\[\]$/, "");
  const last = name.split(".").at(-1) ?? "";
  return rows.some(({ names, meaning }) =>
    names.some((told) => {
      if (told === path || told === name) return true;
      const inside = told.startsWith("…")
        ? new RegExp(`\\b${told.slice(1).replace("[]", "")}(?:\\[\\])?\\.[^.]+$`).test(name)
        : name.startsWith(`${told}.`);
      return inside && new RegExp(`\\b${last}\\b`).test(meaning);
    }),
  );
};

const { webhook_secret: secret } = JSON.parse(readFileSync(spark("expected.json"), "utf8"));
const recon = "20260401_Moment_Recon_0d1f6e0a-7f5c-4a53-9d0e-2a7c1f1b9e55_20260331.csv";

/** In this order: what they print depends on what came before. */
const commands: readonly (readonly [command: string, argv: readonly string[], code?: 1])[] = [
  ["mirror", [spark("api-objects.jsonl"), "--effective", "2026-03-01T00:00:00Z"]],
  ["receive", [spark("webhooks.jsonl"), "--secret", secret], 1],
  ["import-bills", [spark("za_brightspark_dailyfile_2026-03-04.csv")], 1],
  ["balances", []],
  ["statement", ["--customer", "CUST-100234", "--from", "2026-03-01", "--to", "2026-03-31"]],
  ["ageing", []],
  ["trial-balance", []],
  ["journal", []],
  ["reconcile", ["--external", spark(recon)], 1],
  ["explain", ["BILL-100002-0-0"]],
  ["history", ["BILL-100002-0-0"]],
  ["suspense", []],
  ["suspense match", ["pay_Micb4tvD0EEJXjw4klNgy", "--to", "CUST-100000"]],
  [
    "payment record",
    "pay_new --to CUST-100000 --amount 4 --currency ZAR --effective 2026-03-01T02:00:39Z".split(
      " ",
    ),
  ],
  ["payment reverse", ["pay_new", "--reason", "never arrived"]],
  ["verify", []],
];
const reports = commands.filter(([command]) => rowsOf(command, "Columns of CSV").length > 0);

describe("the manual page", () => {
  let [folder, store] = ["", ""];
  const printed = new Map<string, { readonly code: number; readonly json: unknown }>();
  const csv = new Map<string, string>();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tallystick-manuals-"));
    store = `file:${join(folder, "book.jsonl")}`;
    for (const [command, argv] of commands) {
      const line = [...command.split(" "), ...argv, "--store", store];
      const { code, stdout } = await tallystick([...line, "--json"]);
      printed.set(command, { code, json: JSON.parse(stdout) });
      if (reports.some(([name]) => name === command))
        csv.set(command, (await tallystick([...line, "--format", "csv"])).stdout);
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.for(commands)("of %s tells every member of --json", ([command, , expected = 0]) => {
    const { code, json } = printed.get(command) ?? {};
    expect(code).toBe(expected);
    const rows = rowsOf(command, "Members of --json");
    const untold = [...new Set(pathsIn(json))].filter(
      (path) => !open.test(path) && !isTold(rows, path),
    );
    expect(untold).toEqual([]);
  });

  it.for(reports)("of %s tells every column of CSV, from left to right", ([command]) => {
    const [header = ""] = (csv.get(command) ?? "").split("\r\n");
    const told = rowsOf(command, "Columns of CSV").flatMap(({ names }) => names);
    expect(told).toEqual(header.split(","));
  });

  it.for(["recon", "settlement"])("of moment-report tells every column of %s", async (kind) => {
    const days = ["--from", "2026-03-01", "--to", "2026-03-31"];
    const { stdout } = await tallystick(["moment-report", kind, ...days, "--store", store]);
    const header = stdout.split("\r\n").find((line) => line.startsWith("Transaction Type")) ?? "";
    const told = rowsOf("moment-report", "Columns of CSV").flatMap(({ names }) => names);
    const own = told.filter((column) => header.split(",").includes(column));
    expect(header.split(",")).toEqual(own);
  });

  it("is what --help says", async () => {
    for (const command of new Set(commands.map(([name]) => name))) {
      const { stdout } = await tallystick([...command.split(" "), "--help"]);
      const help = stdout.replaceAll(/\s+/g, " ");
      for (const section of ["Members of --json", "Columns of CSV", "Exit codes", "Errors"])
        for (const { names, meaning } of rowsOf(command, section))
          expect(help).toContain(`${names.join(", ")} ${meaning}`);
    }
  });

  it("has a place among the commands, and a help that fits a terminal", async () => {
    const list = await readFile(join(root, "docs/commands.md"), "utf8");
    const listed = [...list.matchAll(/\/([\w-]+)\.md\)/g)].map(([, name = ""]) => name);
    for (const [command] of commands) expect(listed).toContain(command.split(" ")[0]);
    const titles = (name: string) => [...page(name).matchAll(/^#+ tallystick (.+)$/gm)];
    for (const [, command = ""] of listed.flatMap(titles)) {
      const { code, stdout } = await tallystick([...command.split(" "), "--help"]);
      expect(code, command).toBe(0);
      for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });
});
