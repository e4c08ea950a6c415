/** Reconciliation through the command line: the month of Bright Spark, Moment's own files, other CSV. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileStore } from "@tallystick/adapters/file";
import { openLedger } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import {
  answer,
  bill,
  customer,
  errorOf,
  fileOf,
  mirrored,
  newStore,
  spark,
  tallystick,
  temporaryFolder,
} from "./support.ts";

const expected = JSON.parse(await readFile(spark("expected.json"), "utf8"));
const { webhook_secret: secret, reconciliation } = expected;
const march = ["--from", "2026-03-01", "--to", "2026-03-31"];

const ids = (items: readonly { payment_id: string }[]): string[] =>
  items.map(({ payment_id }) => payment_id).sort();

const settled = (report: Record<string, object[]>): number =>
  ["matched_with_difference", "only_external", "only_ledger", "duplicate"].reduce(
    (sum, outcome) => sum + (report[outcome]?.length ?? 0),
    0,
  );

const sparkStore = async (): Promise<{ readonly store: string; readonly folder: string }> => {
  const place = await newStore();
  const openings = ["--effective", "2026-03-01T00:00:00Z"];
  await answer(["mirror", spark("api-objects.jsonl"), ...openings, "--store", place.store]);
  await answer(["receive", spark("webhooks.jsonl"), "--secret", secret, "--store", place.store], 1);
  return place;
};

describe("the month of Bright Spark", () => {
  const external = spark(reconciliation.file);

  it("comes to exactly the outcomes that are expected, and the control equations hold", async () => {
    const { store } = await sparkStore();
    const report = await answer(["reconcile", "--external", external, "--store", store], 1);
    expect(report.matched).toBe(reconciliation.matched);
    for (const outcome of [
      "only_ledger",
      "only_external",
      "matched_with_difference",
      "duplicate",
    ] as const)
      expect(ids(report[outcome])).toEqual(reconciliation[outcome].toSorted());
    expect(report.control).toMatchObject(
      reconciliation.control.map((each: object) => ({ ...each, holds: true })),
    );
    const missing = report.only_ledger.filter(
      ({ ledger }: { ledger: { suspense?: string } }) => ledger.suspense !== undefined,
    );
    expect(ids([...report.suspense, ...missing])).toEqual(ids(expected.suspense).sort());
    for (const { ledger, candidates } of report.only_ledger)
      expect(candidates).toHaveLength(ledger.currency === "ZAR" ? 3 : 0);
  });

  it("reads back what moment-report wrote without a break, in both forms", async () => {
    const { store, folder } = await sparkStore();
    for (const kind of ["recon", "settlement"]) {
      const { out } = await answer([
        "moment-report",
        kind,
        ...march,
        "--merchant",
        "brightspark",
        "--out",
        folder,
        "--store",
        store,
      ]);
      const report = await answer(["reconcile", "--external", out, "--store", store]);
      expect(report).toMatchObject({ matched: expected.counts.payments, holds: true });
      expect(settled(report)).toBe(0);
    }
    const names = (await readdir(folder)).filter((name) => name.endsWith(".csv")).sort();
    expect(names).toEqual([
      expect.stringMatching(/^20260401_Moment_Recon_[0-9a-f-]{36}_20260331\.csv$/),
      expect.stringMatching(/^20260402_Moment_brightspark_Settlement_[0-9a-f-]{36}_20260331\.csv$/),
    ]);
  });

  it("counts once what two overlapping files hold", async () => {
    const { store, folder } = await sparkStore();
    const written = async (from: string, to: string): Promise<string> => {
      const out = join(folder, `${from}.csv`);
      const days = ["--from", from, "--to", to];
      await answer(["moment-report", "recon", ...days, "--out", out, "--store", store]);
      return out;
    };
    const first = await written("2026-03-01", "2026-03-20");
    const second = await written("2026-03-11", "2026-03-31");
    const files = ["--external", first, "--external", second];
    const report = await answer(["reconcile", ...files, "--store", store]);
    expect(report).toMatchObject({ matched: expected.counts.payments, holds: true });
    expect(report.repeated).toBeGreaterThan(100);
    expect(settled(report)).toBe(0);
  });

  it("knows of the webhooks every payment that was accepted, and of the forged ones none", async () => {
    const { store } = await sparkStore();
    const webhooks = spark("webhooks.jsonl");
    const report = await answer(["reconcile", "--external", webhooks, "--store", store], 1);
    expect(report).toMatchObject({
      matched: expected.counts.payments,
      matched_with_difference: [],
      only_ledger: [],
      duplicate: [],
      holds: true,
    });
    expect(report.only_external).toHaveLength(expected.counts.rejected);
  });

  it("says which day a payment stands on that the file lists in another time", async () => {
    const { store } = await sparkStore();
    const file = join(await temporaryFolder(), "late.csv");
    const text = await readFile(external, "utf8");
    await writeFile(file, text.replace("From,2026-03-01", "From,2026-03-02"));
    const report = await answer(["reconcile", "--external", file, "--store", store], 1);
    const late = report.only_external.filter(({ reason }: { reason: string }) =>
      reason.includes("outside of what the file covers"),
    );
    expect(late.length).toBeGreaterThan(10);
    expect(report.holds).toBe(true);
  });
});

describe("a CSV of another kind", () => {
  const payments = [
    ["pay_1", 1000, "2026-03-02", "CUST-A"],
    ["pay_2", 1000, "2026-03-02", "CUST-B"],
    ["pay_3", 500, "2026-03-03", "CUST-A"],
    ["pay_4", 500, "2026-03-03", "CUST-A"],
    ["pay_5", 700, "2026-03-10", "CUST-B"],
    ["pay_6", 123, "2026-03-12", "CUST-B"],
    ["pay_7", 456, "2026-03-12", "CUST-B"],
    ["pay_8", 900, "2026-03-20", "CUST-A"],
  ] as const;

  const paidStore = async (): Promise<string> => {
    const { store, path } = await newStore();
    const opened = await fileStore(path);
    const ledger = openLedger({ store: opened });
    for (const externalReference of ["CUST-A", "CUST-B"])
      await ledger.createCustomer({ externalReference, currency: "ZAR", balance: 0 });
    for (const [paymentId, amount, day, reference] of payments)
      await ledger.recordPayment(
        { customer: reference, paymentId, amount, currency: "ZAR" },
        { effectiveAt: `${day}T10:00:00Z` },
      );
    await opened.close();
    return store;
  };

  const map = ["--map", "date=Date,amount=Amount,reference=Ref", "--currency", "ZAR"];
  const reconciled = async (lines: readonly string[], more: readonly string[] = []) => {
    const store = await paidStore();
    const file = await fileOf(["Date,Amount,Ref", ...lines]);
    const ran = await tallystick([
      "reconcile",
      "--external",
      file,
      ...map,
      ...march,
      "--json",
      "--store",
      store,
      ...more,
    ]);
    expect(ran.stderr).toBe("");
    return JSON.parse(ran.stdout);
  };

  it("is matched by day, by reference and as a sum, each told with its rule", async () => {
    const report = await reconciled([
      "2026-03-02,10.00,CUST-B",
      "2026-03-02,10.00,from the bank",
      "2026-03-03,5.00,CUST-A",
      "2026-03-03,5.00,CUST-A",
      "2026-03-12,7.00,CUST-B",
      "2026-03-13,5.79,CUST-B",
      "2026-03-19,4.00,CUST-A",
      "2026-03-21,5.00,CUST-A",
    ]);
    expect(report.matched_by).toEqual({
      amount_date_reference: 3,
      amount_date: 1,
      reference: 1,
      sum: 2,
    });
    expect(report).toMatchObject({ matched: 7, holds: true });
    expect(report.below_exact).toHaveLength(7);
    expect(settled(report)).toBe(0);
  });

  it("tells payments from refunds of the same id, in its reasons and to people", async () => {
    const store = await paidStore();
    const back = ["--amount", "100", "--reason", "sent back", "--store", store];
    await answer(["payment", "reverse", "pay_8", ...back]);
    const path = await fileOf([
      "Date,Amount,Ref",
      "2026-03-20,-9.00,pay_8",
      "2026-03-20,-10.00,pay_1",
      "2026-03-20,-1.00,pay_x",
    ]);
    const argv = ["reconcile", "--external", path, ...map, "--store", store, ...march];
    const report = await answer(argv, 1);
    expect(report.only_external.map(({ reason }: { reason: string }) => reason)).toEqual([
      expect.stringMatching(/^the ledger has this refund on .+, outside of what the file covers$/),
      "the ledger has this payment as a payment, not as a refund",
      "the ledger knows no payment of this id",
    ]);
    expect(report.only_ledger.at(-1)).toMatchObject({
      payment_id: "pay_8",
      reason: "no payment row of this id, and none without an id that fits",
    });
    const { stdout } = await tallystick(argv);
    expect(stdout).toMatch(/^OUTCOME +PAYMENT +KIND +THEIR DAY/m);
    expect(stdout).toMatch(/^only external +pay_8 +refund +2026-03-20/m);
  });

  it("is matched within tolerances only if they are asked for, and keeps the difference", async () => {
    const lines = ["2026-03-21,9.01,CUST-A"];
    const strict = await reconciled(lines);
    expect(strict).toMatchObject({
      matched: 0,
      only_external: [{ candidates: [{ amount_apart: -1 }, {}, {}] }],
    });
    const loose = await reconciled(lines, ["--tolerance-amount", "1", "--tolerance-days", "1"]);
    expect(loose).toMatchObject({
      matched: 0,
      matched_with_difference: [{ payment_id: "pay_8", rule: "tolerance", difference: 1 }],
      only_external: [],
      holds: true,
    });
  });

  it("is not guessed at where a row could be either of two", async () => {
    const report = await reconciled(["2026-03-02,10.00,"]);
    expect(report).toMatchObject({ matched: 0, only_external: [{ candidates: [{}, {}, {}] }] });
  });

  it("matches nothing weaker than its payment id, where it has one", async () => {
    const report = await reconciled(["2026-03-20,9.00,pay_unknown"]);
    expect(report).toMatchObject({
      matched: 0,
      only_external: [
        {
          payment_id: "pay_unknown",
          reason: "the ledger knows no payment of this id",
          candidates: [{ payment_id: "pay_8", amount_apart: 0, days_apart: 0 }, {}, {}],
        },
      ],
    });
  });
});

describe("a file that cannot be read", () => {
  it.for([
    ["an amount", "2026-03-02,ten", /line 3: Amount must be an amount/],
    ["a date", "02/03/2026,1.00", /line 3: Date must be a date/],
    ["a row of another width", "2026-03-02", /line 3: Date ends a row of 1 values/],
    ["a broken quote", '"2026-03-02,1.00', /line 3, column 1: a quote is opened/],
  ] as const)("is refused for %s, with line, column and reason", async ([, line, reason]) => {
    const { store } = await mirrored([customer(), bill({ account_id: undefined })]);
    const file = await fileOf(["Date,Amount", "2026-03-01,1.00", line]);
    const mapped = ["--map", "date=Date,amount=Amount", "--currency", "ZAR"];
    const ran = await tallystick([
      "reconcile",
      "--external",
      file,
      ...mapped,
      "--json",
      "--store",
      store,
    ]);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(errorOf(ran)).toMatchObject({
      code: "UNREADABLE_INPUT",
      message: expect.stringMatching(reason),
    });
  });

  it.for([
    [
      "Date;Amount\n2026-03-01;1,00\n",
      "has columns separated by semicolons; save the file with commas",
    ],
    [
      "Date\tAmount\n2026-03-01\t1.00\n",
      "has columns separated by tabs; save the file with commas",
    ],
    ["Date,Amount\r2026-03-01,1.00\r", "ends in CR alone; save the file with LF or CR LF"],
  ] as const)("is refused for its shape, and says how to save it: %j", async ([text, reason]) => {
    const { store } = await mirrored([customer()]);
    const mapped = ["--map", "date=Date,amount=Amount", "--currency", "ZAR", "--store", store];
    const ran = await tallystick(["reconcile", "--external", await fileOf(text), ...mapped]);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain(`line 1: the header ${reason}`);
  });

  it("needs a mapping where it is none of Moment's, of columns that it has", async () => {
    const { store } = await mirrored([customer()]);
    const file = await fileOf(["Date,Amount", "2026-03-01,1.00"]);
    const run = (...more: string[]) =>
      tallystick(["reconcile", "--external", file, "--store", store, ...more]);
    expect((await run()).stderr).toContain("name its columns with --map");
    expect((await run("--map", "date=Date,amount=Sum", "--currency", "ZAR")).stderr).toContain(
      "Sum is no column of this file",
    );
    expect((await run("--map", "amount=Amount")).stderr).toContain("--map");
  });
});

describe("what a reconciliation leaves open", () => {
  const theirs = ["Day,Sum,Pay", "2026-03-02,10.00,pay_theirs", "2026-03-02,5.00,pay_both"];
  const both = ["payment", "record", "pay_both", "--amount", "500"];
  const of = ["--to", "CUST-A", "--currency", "ZAR", "--effective", "2026-03-02T09:00:00Z"];

  it("is settled by events on the ledger, and reconciles then", async () => {
    const { store } = await mirrored([customer()]);
    const file = await fileOf(theirs);
    const reconciled = (code: number) =>
      answer(
        [
          "reconcile",
          "--external",
          file,
          "--currency",
          "ZAR",
          "--map",
          "date=Day,amount=Sum,payment_id=Pay",
          "--store",
          store,
        ],
        code,
      );
    const paying = (argv: readonly string[]) => answer([...argv, ...of, "--store", store]);
    expect(await paying(both)).toMatchObject({ recorded: true, status: "applied", balance: 9500 });
    expect(await reconciled(1)).toMatchObject({
      matched: 1,
      only_external: [{ payment_id: "pay_theirs" }],
    });
    const missing = ["payment", "record", "pay_theirs", "--amount", "1000"];
    expect(await paying([...missing, "--dry-run"])).toMatchObject({ recorded: false });
    expect(await reconciled(1)).toMatchObject({ matched: 1 });
    expect(await paying(missing)).toMatchObject({ recorded: true, balance: 8500 });
    expect(await paying(missing)).toMatchObject({ recorded: false, balance: 8500 });
    expect(await reconciled(0)).toMatchObject({ matched: 2, holds: true });
  });

  it("can be undone, in part or whole, and never more than there was", async () => {
    const { store } = await mirrored([customer()]);
    await answer([...both, ...of, "--store", store]);
    const undo = (...more: string[]) =>
      tallystick([
        "payment",
        "reverse",
        "pay_both",
        "--reason",
        "never arrived",
        "--json",
        ...more,
        "--store",
        store,
      ]);
    const cent = ["--amount", "1", "--of", "CUST-A", "--key", "cent"];
    for (const reversed of [true, false])
      expect(JSON.parse((await undo(...cent)).stdout)).toMatchObject({
        amount: 1,
        reversed,
        balance: 9501,
        target: { external_reference: "CUST-A" },
      });
    expect(JSON.parse((await undo()).stdout)).toMatchObject({ amount: 499, balance: 10_000 });
    expect((await undo()).code).toBe(2);
  });

  it.for([
    ["--amount", "12.50"],
    ["--effective", "2099-01-01T00:00:00Z"],
    ["--effective", "2026-03-01"],
    ["--currency", "rand"],
    ["--to", "nobody"],
  ] as const)("is refused with %s %s", async ([flag, value]) => {
    const { store } = await mirrored([customer()]);
    const ran = await tallystick([...both, ...of, flag, value, "--store", store]);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
  });
});
