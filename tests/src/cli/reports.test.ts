/** The reports through the command line: every form, every store, the past, files, and what is asked wrongly. */
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileStore } from "@tallystick/adapters/file";
import { seededHost } from "@tallystick/adapters/host";
import { openLedger } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import {
  account,
  answer,
  bill,
  customer,
  jsonLines,
  mirrored,
  newStore,
  spark,
  tallystick,
} from "./support.ts";

const commands: readonly (readonly string[])[] = [
  ["balances"],
  ["statement", "--customer", "CUST-A"],
  ["ageing", "--effective", "2026-04-30"],
  ["trial-balance"],
  ["journal"],
  ["explain", "BILL-A"],
  ["history", "BILL-A"],
  ["suspense"],
];
const forms = ["text", "json", "csv", "html"] as const;

/** Money for somebody who is nowhere. */
const stray = { customer: "CUST-NOWHERE", paymentId: "pay_stray", amount: 700, currency: "ZAR" };

const book = [
  customer(),
  account({ currency: "KWD", balance: -1500 }),
  bill({ due_date: "2026-03-25", bill_date: "2026-03-01" }),
  bill({ id: "bill_b", external_reference: "BILL-B", account_id: undefined, currency: "JPY" }),
];

const told = async (argv: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await tallystick(argv);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
};

describe.for(commands)("%j", (command) => {
  it.for(forms)("is the same to the byte in every store and run, as %s", async (form) => {
    const { store, path, folder } = await mirrored(book);
    const sqlite = `sqlite:${join(folder, "books.db")}`;
    await answer(["import", path, "--store", sqlite]);
    const argv = [...command, "--format", form];
    const text = await told([...argv, "--store", store]);
    expect(text).not.toBe("");
    expect(await told([...argv, "--store", sqlite])).toBe(text);
    const out = join(folder, "report");
    expect(await told([...argv, "--out", out, "--store", store])).toBe("");
    expect(await readFile(out, "utf8")).toBe(text);
    // A terminal has colours; a file that is written from there has none.
    const terminal = { env: { FORCE_COLOR: "1" } };
    await tallystick([...argv, "--out", out, "--overwrite", "--store", store], terminal);
    expect(await readFile(out, "utf8")).toBe(text);
  });

  it.for(forms)("as of a time that has passed is what it was then, as %s", async (form) => {
    const { store } = await mirrored(book);
    const argv = [...command, "--format", form, "--store", store];
    const before = await told([...argv, "--as-of", "9999"]);
    const { events } = await answer(["verify", "--store", store]);
    const more = await jsonLines([customer({ balance: 7 }), bill({ status: "voided" })]);
    await tallystick(["mirror", more, "--store", store]);
    expect(await told([...argv, "--as-of", String(events)])).toBe(before);
  });

  it("of a book without money is told, and no error", async () => {
    const untracked = customer({ balance: undefined, currency: undefined });
    const { store } = await mirrored([untracked, bill({ account_id: undefined })]);
    for (const form of forms)
      await told([...command, "--as-of", "1", "--format", form, "--store", store]);
  });
});

describe("suspense as of a time that has passed", () => {
  it("holds what lay there then, with the same sums", async () => {
    const { store, path } = await mirrored([customer()]);
    const opened = await fileStore(path);
    const ledger = openLedger({ store: opened });
    await ledger.recordPayment(stray, { effectiveAt: "2026-03-02T00:00:00Z" });
    const then = String((await ledger.head())?.position);
    await ledger.matchSuspense({ customer: "CUST-A", paymentId: "pay_stray" });
    const position = (await ledger.head())?.position ?? 0;
    await opened.close();
    const lying = (...argv: string[]) => answer(["suspense", ...argv, "--store", store]);
    expect(await lying()).toMatchObject({ data: [], totals: [] });
    expect(await lying("--as-of", String(position))).toMatchObject({ data: [] });
    expect(await lying("--as-of", then)).toMatchObject({
      data: [
        {
          payment_id: "pay_stray",
          amount: 700,
          currency: "ZAR",
          reason: "unknown_target",
          effective_at: "2026-03-02T00:00:00.000Z",
        },
      ],
      totals: [{ reason: "unknown_target", count: 1, amount: 700 }],
    });
    expect(await lying("--as-of", then, "--effective", "2026-03-01")).toMatchObject({ data: [] });
  });
});

describe("a report", () => {
  it.for([
    ["balances", "--as-of", "yesterday"],
    ["balances", "--effective", "2026-02-30"],
    ["balances", "--format", "pdf"],
    ["ageing", "--buckets", "60,30"],
    ["ageing", "--buckets", "0"],
    ["statement"],
    ["statement", "--customer", "CUST-A", "--from", "2026-03-31", "--to", "2026-03-01"],
    ["statement", "--customer", "nobody"],
    ["statement", "--customer", "CUST-A", "--from", "2026-02-30"],
    ["ageing", "--effective", "2026-02-30"],
    ["ageing", "--as-of", "2026-13-01"],
    ["explain", "nobody"],
    ["history", "nobody"],
    ["suspense", "match", "pay_1", "--to", "nobody"],
    ["reconcile", "--external", "x.csv", "--from", "2026-03-31", "--to", "2026-03-01"],
    ["reconcile", "--external", "x.csv", "--to", "2026-02-30"],
    ["moment-report", "recon", "--from", "2026-03-31", "--to", "2026-03-01"],
    ["moment-report", "recon", "--from", "2026-02-28", "--to", "2026-02-30"],
    ["journal", "--as-of", "99999999999999999999"],
    ["moment-report", "payout", "--from", "2026-03-01", "--to", "2026-03-31"],
    ["moment-report", "recon", "--from", "2026-03-01", "--to", "2026-03-31", "--merchant", "é"],
  ])("that makes no sense is refused: %j", async (argv) => {
    const { store } = await mirrored([customer()]);
    const { code, stdout, stderr } = await tallystick([...argv, "--store", store]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^tallystick: .+\((?:USAGE|NOT_FOUND)\)\n$/);
  });

  it("replaces no file unless it is told to, and leaves none behind where it cannot write", async () => {
    const { store, folder } = await mirrored([customer()]);
    const out = join(folder, "report.csv");
    await writeFile(out, "precious");
    const argv = ["balances", "--format", "csv", "--out", out, "--store", store];
    expect(await tallystick(argv)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("exists already; --overwrite replaces it"),
    });
    expect(await readFile(out, "utf8")).toBe("precious");
    await told([...argv, "--overwrite"]);
    expect(await readFile(out, "utf8")).toContain("CUST-A");
    const nowhere = join(folder, "no", "report.csv");
    expect(await tallystick(["balances", "--out", nowhere, "--store", store])).toMatchObject({
      code: 2,
      stderr: `tallystick: ${nowhere} cannot be written: there is no such folder (UNWRITABLE_OUTPUT)\n`,
    });
  });

  it("never replaces a store, its own or another one's, whatever it is told", async () => {
    const { store, path, folder } = await mirrored([customer()]);
    const database = join(folder, "books.db");
    await told(["copy", "--to", `sqlite:${database}`, "--store", store]);
    const days = ["--from", "2026-03-01", "--to", "2026-03-31"];
    for (const out of [path, database])
      for (const argv of [["balances"], ["moment-report", "recon", ...days]]) {
        const held = await readFile(out);
        const ran = await tallystick([...argv, "--out", out, "--overwrite", "--store", store]);
        expect(ran).toEqual({
          code: 2,
          stdout: "",
          stderr: `tallystick: ${out} is a store of books, which nothing may replace; name another file (USAGE)\n`,
        });
        expect(await readFile(out)).toEqual(held);
      }
  });

  it("gives a spreadsheet nothing to run and a browser nothing to obey", async () => {
    const { store, path } = await newStore();
    await writeFile(`${path}.csv`, "");
    const rows = [
      customer({ external_reference: "-2-3", name: "=cmd" }),
      bill({ account_id: undefined, external_reference: "-BILL" }),
    ];
    await answer(["mirror", await jsonLines(rows), "--store", store]);
    const csv = await told(["balances", "--format", "csv", "--store", store]);
    expect(csv).toContain(",'-2-3,");
    expect(csv.split("\r\n").every((line) => !/(?:^|,)[=+@-](?!\d)/.test(line))).toBe(true);
    const html = await told(["balances", "--format", "html", "--store", store]);
    expect(html).not.toMatch(/<script|src=|href=|url\(|@import/);
    expect(html).toContain('<meta charset="utf-8">');
  });

  it("counts ages on the day that is asked for, or today", async () => {
    const { store } = await mirrored(book);
    const on = async (...argv: string[]) =>
      (await answer(["ageing", ...argv, "--store", store])).on;
    expect(await on()).toBe("2026-04-01");
    expect(await on("--effective", "2026-03-31")).toBe("2026-03-31");
    expect(await on("--as-of", "2026-06-30")).toBe("2026-06-30");
    const { stdout } = await tallystick(["ageing", "--json", "--store", store], {
      host: seededHost({ seed: "later", now: Date.UTC(2027, 0, 2) }),
    });
    expect(JSON.parse(stdout).on).toBe("2027-01-02");
  });

  it.for([
    ["2026-03-24", "not_due"],
    ["2026-03-25", "not_due"],
    ["2026-03-26", "1-30"],
    ["2026-04-24", "1-30"],
    ["2026-04-25", "31-60"],
    ["2026-12-31", "over 90"],
  ] as const)("ages a bill by the day after its due date: on %s it is %s", async ([on, where]) => {
    const { store } = await mirrored([
      customer({ balance: undefined, currency: undefined, payment_rules: undefined }),
      bill({ account_id: undefined, bill_date: "2026-03-01", due_date: "2026-03-25" }),
    ]);
    const { data, buckets } = await answer(["ageing", "--effective", on, "--store", store]);
    const at = buckets.findIndex(({ label }: { label: string }) => label === where);
    const [row] = data;
    expect(at < 0 ? row.not_due : row.overdue[at]).toBe(5000);
  });
});

describe("a book that holds refusals only", () => {
  const asked = [...commands, ["verify"]].filter(
    ([command]) => command !== "statement" && command !== "explain" && command !== "history",
  );

  /** One commit without an event: the outcome of a bill for nobody. */
  const refused = async (): Promise<string> => {
    const { store, path } = await newStore();
    const opened = await fileStore(path);
    const bill = { externalReference: "B", currency: "ZAR", amountDue: 1, customer: "nobody" };
    await expect(
      openLedger({ store: opened }).createBill(bill, { idempotencyKey: "once" }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
    await opened.close();
    return store;
  };

  it.for(asked)("is told of by %j, in a sentence and to machines", async (argv) => {
    const store = await refused();
    const text = await told([...argv, "--store", store]);
    expect(text).toMatch(/Nothing is owed|No money has moved|Nothing lies in suspense|0 events/);
    expect(text).not.toMatch(/undefined|NaN/);
    for (const list of Object.values(JSON.parse(await told([...argv, "--json", "--store", store]))))
      if (Array.isArray(list)) expect(list.filter((each) => !("label" in each))).toEqual([]);
  });

  it("has no customer, and nothing that was settled", async () => {
    const store = await refused();
    for (const argv of [
      ["statement", "--customer", "X"],
      ["explain", "X"],
      ["history", "X"],
    ]) {
      const { code, stderr } = await tallystick([...argv, "--store", store]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^tallystick: no customer.* answers to X \(NOT_FOUND\)\n$/);
    }
    const days = ["--from", "2026-03-01", "--to", "2026-03-31", "--store", store];
    expect(await tallystick(["moment-report", "settlement", ...days])).toEqual({
      code: 0,
      stdout: "",
      stderr: "note: nothing was settled in this time, so there is no file\n",
    });
  });
});

describe("the journal of Bright Spark's month", () => {
  it.for([
    ["hledger", ["hledger", "check", "--strict", "-f"]],
    ["beancount", ["bean-check"]],
  ] as const)("is accepted by %s without a word", async ([format, [program, ...args]]) => {
    if (spawnSync(program, ["--version"]).status !== 0) {
      process.stderr.write(`${program} is not installed: apt-get install ${format}\n`);
      return;
    }
    const { store, folder } = await newStore();
    const { webhook_secret: secret } = JSON.parse(await readFile(spark("expected.json"), "utf8"));
    await answer(["mirror", spark("api-objects.jsonl"), "--store", store]);
    await answer(["receive", spark("webhooks.jsonl"), "--secret", secret, "--store", store], 1);
    const out = join(folder, "march");
    await told(["journal", "--format", format, "--out", out, "--store", store]);
    const judged = spawnSync(program, [...args, out], { encoding: "utf8" });
    expect(judged).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });
});

describe("a copy", () => {
  it("has the same chain in every kind of store, and catches up where it is repeated", async () => {
    const { store, folder, path } = await mirrored(book);
    const sqlite = `sqlite:${join(folder, "copy.db")}`;
    const back = `file:${join(folder, "back.jsonl")}`;
    const first = await answer(["copy", "--to", sqlite, "--store", store]);
    expect(first.ok).toBe(true);
    await answer([
      "mirror",
      await jsonLines([customer({ id: "bcus_z", external_reference: "Z" })]),
      "--store",
      store,
    ]);
    const { head } = await answer(["copy", "--to", sqlite, "--store", store]);
    expect(head.position).toBeGreaterThan(first.head.position);
    await answer(["copy", "--to", back, "--store", sqlite]);
    for (const each of [store, sqlite, back])
      expect(await answer(["verify", "--store", each])).toMatchObject({ ok: true, head });
    expect((await readFile(join(folder, "back.jsonl"))).equals(await readFile(path))).toBe(true);
  });

  it("of a book that was tampered with stops at the first broken position", async () => {
    const { store, folder, path } = await mirrored(book);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace("BILL-B", "BILL-C"));
    const target = `sqlite:${join(folder, "copy.db")}`;
    const { code, stdout } = await tallystick(["copy", "--to", target, "--json", "--store", store]);
    expect(code).not.toBe(0);
    if (code === 1)
      expect(JSON.parse(stdout)).toMatchObject({ ok: false, broken_at: expect.any(Number) });
    expect((await tallystick(["balances", "--store", target])).stdout).not.toContain("BILL-C");
  });

  it("is refused where another book stands", async () => {
    const { store } = await mirrored(book);
    const other = await mirrored([customer()]);
    const ran = await tallystick(["copy", "--to", other.store, "--store", store]);
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining("BOOK_MISMATCH") });
  });
});
