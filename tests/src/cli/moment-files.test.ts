/** The two files that Moment sends, written from a ledger: names, layout, columns, sums (spec 7.2 to 7.4). */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { answer, customer, mirrored, root, spark, tallystick, temporaryFolder } from "./support.ts";

const common = [
  "Transaction Type",
  "Transaction Timestamp",
  "Moment Transaction ID",
  "Merchant Reference ID",
  "Payment Method",
  "Tender Type",
  "Customer Reference",
];
const march = ["--from", "2026-03-01", "--to", "2026-03-31"];

/** A payment of 2 March, one in dollars of 20 March that waits in suspense, and a refund of 1 April. */
const paidStore = async (): Promise<string> => {
  const { store } = await mirrored([customer({ payment_rules: undefined })]);
  const pay = (id: string, amount: string, currency: string, day: string) =>
    answer(
      `payment record ${id} --to CUST-A --amount ${amount} --currency ${currency} --effective ${day}T09:00:00Z --store ${store}`.split(
        " ",
      ),
    );
  await pay("pay_1", "4000", "ZAR", "2026-03-02");
  await pay("pay_2", "1500", "USD", "2026-03-20");
  await answer(
    "payment reverse pay_1 --amount 500 --reason refund --store".split(" ").concat(store),
  );
  return store;
};

const printed = async (store: string, kind: string, days: readonly string[] = march) => {
  const argv = ["moment-report", kind, ...days, "--merchant", "brightspark", "--store", store];
  const { code, stdout, stderr } = await tallystick(argv);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const lines = stdout.split("\r\n").slice(0, -1);
  const at = lines.findIndex((line) => line.startsWith("Transaction Type"));
  const titles = (lines[at] ?? "").split(",");
  const rows = lines
    .slice(at + 1)
    .map((line) => new Map(line.split(",").map((cell, index) => [titles[index] ?? "", cell])));
  return { block: lines.slice(0, at), titles, rows };
};

const written = async (store: string, kind: string, days: readonly string[]): Promise<string[]> => {
  const out = await temporaryFolder();
  const argv = ["moment-report", kind, ...days, "--merchant", "brightspark", "--out", out];
  expect((await tallystick([...argv, "--store", store])).code).toBe(0);
  return readdir(out);
};

describe("the reconciliation file", () => {
  it("is named by its days and an identifier that is the same each time (REP-01)", async () => {
    const store = await paidStore();
    const [name = "", ...others] = await written(store, "recon", march);
    expect(others).toEqual([]);
    expect(name).toMatch(
      /^20260401_Moment_Recon_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}_20260331\.csv$/,
    );
    expect(await written(store, "recon", march)).toEqual([name]);
  });

  it("begins with its title, version, merchant and days, one a line, and an empty line (REP-02)", async () => {
    const { block } = await printed(await paidStore(), "recon");
    expect(block).toEqual([
      "Report Title,Moment Merchant Reconciliation Report",
      "Version,1.0",
      "Merchant,brightspark",
      "From,2026-03-01",
      "To,2026-03-31",
      "",
    ]);
  });

  it.for([
    ["a".repeat(38), 0],
    ["a".repeat(39), 2],
    ["Bright Spark (Pty) Ltd.", 0],
    ["Bright\nSpark", 2],
    ["é", 2],
  ] as const)(
    "takes a merchant of 38 printable characters at most: %j (REP-02)",
    async ([merchant, code]) => {
      const { store } = await mirrored([customer()]);
      const argv = ["moment-report", "recon", ...march, "--merchant", merchant, "--store", store];
      expect((await tallystick(argv)).code).toBe(code);
    },
  );
});

describe("both files", () => {
  it.for(["recon", "settlement"])(
    "have the seven documented columns first: %s (REP-03)",
    async (kind) => {
      const { titles } = await printed(await paidStore(), kind);
      expect(titles.slice(0, 7)).toEqual(common);
    },
  );

  it.for(["recon", "settlement"])("tell payments from refunds: %s (REP-04)", async (kind) => {
    const days = ["--from", "2026-03-01", "--to", "2026-04-30"];
    const { rows } = await printed(await paidStore(), kind, days);
    expect(
      rows.map((row) =>
        ["Transaction Type", "Moment Transaction ID", "Presentment Amount"].map((title) =>
          row.get(title),
        ),
      ),
    ).toEqual([
      ["Payment", "pay_1", "40.00"],
      ["Payment", "pay_2", "15.00"],
      ["Refund", "pay_1", "5.00"],
    ]);
  });

  it("are dated a day after the last one, and the settlement file two (REP-08)", async () => {
    const store = await paidStore();
    const dated = async (kind: string, from: string, to: string): Promise<string | undefined> =>
      (await written(store, kind, ["--from", from, "--to", to]))[0]?.slice(0, 8);
    expect(await dated("recon", "2026-03-01", "2026-03-31")).toBe("20260401");
    expect(await dated("settlement", "2026-03-01", "2026-03-31")).toBe("20260402");
    expect(await dated("recon", "2026-02-28", "2026-02-28")).toBe("20260301");
    expect(await dated("settlement", "2025-12-01", "2026-12-31")).toBe("20270102");
  });

  it("have columns of ours behind the documented ones, and the manual says which (REP-10)", async () => {
    const store = await paidStore();
    const recon = (await printed(store, "recon")).titles;
    expect(recon.slice(7)).toEqual(["Presentment Currency", "Presentment Amount"]);
    const settlement = (await printed(store, "settlement")).titles;
    expect(settlement.slice(9)).toEqual([
      "Presentment Amount",
      "Settlement Currency",
      "Settlement Amount",
      "Fee Amount",
      "Settlement Reference",
      "Settlement Date",
    ]);
    const manual = await readFile(join(root, "packages/cli/src/commands/moment-report.md"), "utf8");
    const rowOf = (title: string) =>
      manual.split("\n").find((line) => line.includes(`\`${title}\``));
    for (const title of new Set([...recon.slice(7), ...settlement.slice(9)]))
      expect(rowOf(title), title).toMatch(/\bours\b/);
    for (const title of [...common, "Country"]) expect(rowOf(title), title).not.toMatch(/\bours\b/);
  });
});

describe("the settlement file", () => {
  it("is named by its days, the merchant and an identifier (REP-05)", async () => {
    expect(await written(await paidStore(), "settlement", march)).toEqual([
      expect.stringMatching(/^20260402_Moment_brightspark_Settlement_[0-9a-f-]{36}_20260331\.csv$/),
    ]);
  });

  it.for(["a/b", "..\\b"])(
    "is not written outside of its folder by a merchant's name: %s",
    async (merchant) => {
      const [store, out] = [await paidStore(), await temporaryFolder()];
      const argv = ["moment-report", "settlement", ...march, "--merchant", merchant, "--out", out];
      const { code, stderr } = await tallystick([...argv, "--store", store]);
      expect(code).toBe(2);
      expect(stderr).toContain("cannot stand in the name of a file");
      expect(await readdir(out)).toEqual([]);
    },
  );

  it("says the country and the currency that was collected (REP-06)", async () => {
    const { titles, rows } = await printed(await paidStore(), "settlement");
    expect(titles.slice(7, 9)).toEqual(["Country", "Presentment Currency"]);
    expect(rows.map((row) => [row.get("Country"), row.get("Presentment Currency")])).toEqual([
      ["ZA", "ZAR"],
      ["", "USD"],
    ]);
  });

  it("is not made where nothing was settled (REP-07)", async () => {
    const store = await paidStore();
    const february = ["--from", "2026-02-01", "--to", "2026-02-28"];
    expect(await written(store, "settlement", february)).toEqual([]);
    expect(await written(store, "recon", february)).toHaveLength(1);
  });
});

describe("the month of Bright Spark", () => {
  const amounts = (rows: readonly ReadonlyMap<string, string>[], currency: string): number =>
    rows
      .filter((row) => row.get("Presentment Currency") === currency)
      .reduce((sum, row) => {
        const minor = Number(row.get("Presentment Amount")?.replace(".", ""));
        return sum + (row.get("Transaction Type") === "Refund" ? -minor : minor);
      }, 0);

  const month = async (): Promise<string> => {
    const { webhook_secret: secret } = JSON.parse(await readFile(spark("expected.json"), "utf8"));
    const { store } = await mirrored([]);
    const opening = ["--effective", "2026-03-01T00:00:00Z", "--store", store];
    await answer(["mirror", spark("api-objects.jsonl"), ...opening]);
    await answer(["receive", spark("webhooks.jsonl"), "--secret", secret, "--store", store], 1);
    return store;
  };

  it("is made of its days, without a gap and nothing twice (REP-09)", async () => {
    const store = await month();
    const { rows } = await printed(store, "recon");
    const days: ReadonlyMap<string, string>[] = [];
    for (let day = 1; day <= 31; day += 1) {
      const date = `2026-03-${String(day).padStart(2, "0")}`;
      days.push(...(await printed(store, "recon", ["--from", date, "--to", date])).rows);
    }
    expect(days).toEqual(rows);
    expect(rows.length).toBeGreaterThan(1000);
  });

  it("comes to the cash that the ledger collected in it (REP-11)", async () => {
    const store = await month();
    const cash = async (on: string, currency: string): Promise<number> => {
      const { data } = await answer(["trial-balance", "--effective", on, "--store", store]);
      const row = data.find(
        (each: { account: string; currency: string }) =>
          each.account === "cash" && each.currency === currency,
      );
      return (row?.debit ?? 0) - (row?.credit ?? 0);
    };
    for (const [from, before, to] of [
      ["2026-03-01", "2026-02-28", "2026-03-31"],
      ["2026-03-10", "2026-03-09", "2026-03-16"],
    ] as const)
      for (const kind of ["recon", "settlement"])
        for (const currency of ["ZAR", "USD"]) {
          const { rows } = await printed(store, kind, ["--from", from, "--to", to]);
          const collected = (await cash(to, currency)) - (await cash(before, currency));
          expect(amounts(rows, currency)).toBe(collected);
          expect(collected).toBeGreaterThan(0);
        }
  });
});
