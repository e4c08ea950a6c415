/** Every report as HTML, in a real browser: light and dark, on a phone, on paper, of books of all kinds. */
import { mkdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { customer, spark, tallystick } from "../cli/support.ts";
import { accessibilityFaults, chromium, launch, sticksOut } from "./browser.ts";

const pictures = fileURLToPath(new URL("../../../coverage/reports/", import.meta.url));

/** What the longest reference may be that an object can have. */
const longest = "X".repeat(64);

const books: Readonly<Record<string, readonly object[]>> = {
  empty: [{ object: "customer", id: "bcus_a", external_reference: "CUST-A" }],
  one: [customer()],
  odd: [
    customer({ external_reference: longest, balance: 900_000_000_000_000 }),
    customer({ id: "bcus_b", external_reference: "CUST-B", balance: -125_000 }),
    customer({ id: "bcus_c", external_reference: "CUST-C", currency: "JPY", balance: -5 }),
  ],
};

const reports: readonly (readonly string[])[] = [
  ["balances"],
  ["ageing", "--effective", "2026-04-01"],
  ["trial-balance"],
  ["journal"],
  ["suspense"],
  ["statement", "--customer", "bcus_a"],
  ["explain", "bcus_a"],
  ["history", "bcus_a"],
];

const views = [
  { name: "light", scheme: "light", media: "screen", width: 1280 },
  { name: "dark", scheme: "dark", media: "screen", width: 1280 },
  { name: "phone", scheme: "light", media: "screen", width: 390 },
  { name: "paper", scheme: "dark", media: "print", width: 1032 },
] as const;

describe.skipIf(chromium === undefined)("a report in a browser", () => {
  let browser: Browser;
  let folder: string;

  const told = async (name: string, argv: readonly string[], store: string): Promise<string> => {
    const path = join(folder, `${name}.html`);
    const { stdout, stderr } = await tallystick([...argv, "--format", "html", "--store", store]);
    expect(stderr).toBe("");
    await writeFile(path, stdout);
    return path;
  };

  const storeOf = async (name: string, objects: string): Promise<string> => {
    const store = `file:${join(folder, `${name}.jsonl`)}`;
    const mirror = ["mirror", objects, "--effective", "2026-03-01T00:00:00Z"];
    const { code } = await tallystick([...mirror, "--store", store]);
    expect(code).toBe(0);
    return store;
  };

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), "tallystick-reports-"));
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  /** Looks at a page in every view; gives what is wrong with it. */
  const faultsOf = async (name: string, path: string): Promise<string[]> => {
    const faults: string[] = [];
    for (const { name: view, scheme, media, width } of views) {
      const page = await browser.newPage({
        viewport: { width, height: 900 },
        colorScheme: scheme,
      });
      page.on("request", (request) => {
        if (!request.url().startsWith("file:")) faults.push(`${name} fetches ${request.url()}`);
      });
      await page.emulateMedia({ media });
      await page.goto(pathToFileURL(path).href);
      await page.screenshot({ path: join(pictures, `${name}-${view}.png`) });
      if (await sticksOut(page)) faults.push(`${name} sticks out: ${view}`);
      if (view === "light" || view === "dark")
        faults.push(
          ...(await accessibilityFaults(page)).map((fault) => `${name} ${view}: ${fault}`),
        );
      await page.close();
    }
    return faults;
  };

  it.for(Object.keys(books))(
    "of a book that is %s has nothing that an audit finds",
    async (kind) => {
      const objects = join(folder, `${kind}-objects.jsonl`);
      await writeFile(objects, (books[kind] ?? []).map((each) => JSON.stringify(each)).join("\n"));
      const store = await storeOf(kind, objects);
      for (const argv of reports) {
        const name = `${kind}-${argv[0]}`;
        expect(await faultsOf(name, await told(name, argv, store))).toEqual([]);
      }
    },
  );

  it("of a month has nothing that an audit finds, and draws what people look for", async () => {
    const store = await storeOf("month", spark("api-objects.jsonl"));
    const { webhook_secret: secret } = JSON.parse(readFileSync(spark("expected.json"), "utf8"));
    await tallystick(["receive", spark("webhooks.jsonl"), "--secret", secret, "--store", store]);
    const theirs = (await readdir(spark("."))).find((file) => file.includes("_Recon_")) ?? "";
    const month: readonly (readonly [argv: readonly string[], drawn: string])[] = [
      [["ageing", "--effective", "2026-03-31"], "figure rect"],
      [["balances"], "figure rect"],
      [["trial-balance"], "figure path"],
      [["reconcile", "--external", spark(theirs)], "figure .s1"],
      [["statement", "--customer", "CUST-100000"], "table"],
    ];
    for (const [argv, drawn] of month) {
      const name = `month-${argv[0]}`;
      const path = await told(name, argv, store);
      expect(await faultsOf(name, path)).toEqual([]);
      const page = await browser.newPage();
      await page.goto(pathToFileURL(path).href);
      const drawings = await page.locator(drawn).all();
      const boxes = await Promise.all(drawings.map((drawing) => drawing.boundingBox()));
      expect(Math.max(...boxes.map((box) => box?.width ?? 0))).toBeGreaterThan(5);
      await page.close();
    }
  });
});
