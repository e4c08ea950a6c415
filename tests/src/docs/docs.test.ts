/** Docs that run: every block of code in a page stands in an example, and every example runs. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const folder = mkdtempSync(join(tmpdir(), "tallystick-docs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = async (example: string, ...args: string[]): Promise<string> => {
  const flags = ["--disable-warning=ExperimentalWarning", "--conditions=tallystick-source"];
  const file = join(root, "examples/src", example);
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, file, ...args], {
    cwd: folder,
  });
  return stdout;
};

const blocks = (page: string): string[] =>
  [...read(page).matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code.trim());

describe("the README", () => {
  it("shows the first example, line by line", () => {
    expect(blocks("README.md")).toEqual([read("examples/src/01-first-bill.ts").trim()]);
  });

  it("shows about thirty lines", () => {
    const lines = blocks("README.md")[0]
      ?.split("\n")
      .filter((line) => line.trim() !== "");
    expect(lines?.length).toBeLessThanOrEqual(31);
  });

  it("runs: one payment from two deliveries, a refusal, a balance, a whole chain", async () => {
    const output = await run("01-first-bill.ts");
    expect(output.match(/^200 /gm)).toHaveLength(2);
    expect(output).toContain("99900 is more than the 37650");
    expect(output).toContain("251.00 ZAR");
    expect(output).toContain("ok: true");
  });

  it("names every package there is", () => {
    for (const name of ["core", "adapters", "reports", "mock-server", "cli"])
      expect(read("README.md")).toContain(`@tallystick/${name}`);
  });
});

describe.each([
  ["docs/embedding.md", "examples/src/02-backend.ts"],
  ["docs/running-on-sqlite.md", "examples/src/03-sqlite.ts"],
  ["docs/moment-client.md", "examples/src/04-moment-client.ts"],
  ["docs/mock-server.md", "examples/src/05-mock-server.test.ts"],
  ["docs/running-on-postgres.md", "examples/src/06-postgres.ts"],
  ["docs/operating-postgres.md", "examples/src/07-workers.ts"],
])("%s", (page, file) => {
  it("shows the regions of its example, letter by letter", () => {
    const example = read(file);
    const regions = new Map(
      [...example.matchAll(/\/\/ #region (\w+)\n([\s\S]*?)\/\/ #endregion/g)].map(
        ([, name = "", code = ""]) => [name, code.trim()],
      ),
    );
    const named = [...read(page).matchAll(/<!-- region: (\w+) -->\n```ts\n([\s\S]*?)```/g)];
    expect(new Set(named.map(([, name]) => name))).toEqual(new Set(regions.keys()));
    for (const [, name = "", code = ""] of named) expect(code.trim(), name).toBe(regions.get(name));
    expect(blocks(page)).toHaveLength(named.length);
  });
});

describe("the page about SQLite", () => {
  it("runs: a book, a backup that verifies", async () => {
    const output = await run("03-sqlite.ts", folder);
    expect(output).toMatch(/the copy is whole, up to [0-9a-f]{64}/);
    expect(output).toContain("the heads agree");
  });
});

describe("the page about the client", () => {
  it("runs: a bill made once although its answer was lost, a refusal, a ledger that agrees", async () => {
    const output = await run("04-moment-client.ts");
    expect(output).toMatch(/bill_\w{21} is unpaid, made by an earlier try/);
    expect(output).toContain("there is no such bill");
    expect(output).toContain("the ledger says 37650");
  });
});

describe("the embedding guide", () => {
  it("runs: a cycle begun once, a payment received once, a feed that misses nothing", async () => {
    const output = await run("02-backend.ts", join(folder, "backend.jsonl"));
    expect(output).toContain("CUST-1 owes 48350 (done before)");
    expect(output).toContain("100 is less than the 500");
    expect(output).toContain("delivery 2: 200");
    expect(output).toContain("balance 40000");
    expect(output).toContain("BILL-1 owes 12000");
    expect(output).toMatch(/followed up to (\d+) of \1/);
  });
});

describe("the generated pages", () => {
  it("are as the code writes them", async () => {
    const flags = ["--disable-warning=ExperimentalWarning", "--conditions=tallystick-source"];
    const writer = join(root, "tools/write-docs.ts");
    await promisify(execFile)(process.execPath, [...flags, writer, "--check"], { cwd: root });
  });
});

describe("the guarantees", () => {
  const page = read("docs/guarantees.md");
  const rows = [...page.matchAll(/^\| (.+?) \| `(.+?)` \| (.+?) \|$/gm)];

  it("tell every line of the README in detail", () => {
    const readme = read("README.md");
    const [, lines = ""] = /## What you may rely on\n([\s\S]*?)\n## /.exec(readme) ?? [];
    const promises = [
      "What was acknowledged survives",
      "A payment has one effect",
      "Webhooks and objects may come in any order",
      "A payment that happened is recorded",
      "Σ `effect` of an obligation's events is its balance",
      "Any changed byte of a commit is found",
      "Every fault of an input is reported at once",
      "Thousands of commands on one customer",
      "Personal data can be erased",
    ];
    expect(lines.match(/^- /gm)).toHaveLength(promises.length);
    for (const promise of promises)
      expect(
        rows.some(([, named = ""]) => named.startsWith(promise)),
        promise,
      ).toBe(true);
  });

  it("each name a test that exists", () => {
    expect(rows.length).toBeGreaterThan(15);
    for (const [, promise = "", file = "", title = ""] of rows) {
      expect(read(file), promise).toContain(title.replaceAll("\\|", "|"));
    }
  });
});
