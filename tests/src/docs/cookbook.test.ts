/** Every query of the SQL cookbook, on a merchant's month, against what the ledger itself says. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sqliteStore } from "@tallystick/adapters/sqlite";
import { type Ledger, openLedger } from "@tallystick/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answer, root, spark } from "../cli/support.ts";

type Row = Readonly<Record<string, unknown>>;

const page = readFileSync(join(root, "docs/sql-cookbook.md"), "utf8");
const queries = new Map(
  [...page.matchAll(/^## (.+)\n[\s\S]*?```sql\n([\s\S]*?)```/gm)].map(
    ([, title = "", sql = ""]) => [title, sql],
  ),
);
const expected = JSON.parse(readFileSync(spark("expected.json"), "utf8"));
let database: DatabaseSync;
let ledger: Ledger;
let store: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tallystick-cookbook-"));
  const path = join(folder, "month.db");
  store = `sqlite:${path}`;
  const openings = ["--effective", "2026-03-01T00:00:00Z"];
  await answer(["mirror", spark("api-objects.jsonl"), ...openings, "--store", store]);
  const secret = ["--secret", expected.webhook_secret];
  await answer(["receive", spark("webhooks.jsonl"), ...secret, "--store", store], 1);
  ledger = openLedger({ store: await sqliteStore(path, { readOnly: true }) });
  database = new DatabaseSync(path, { readOnly: true });
});

afterAll(async () => {
  database.close();
  await ledger.store.close();
  await rm(folder, { recursive: true, force: true });
});

const rows = (title: string, asked: DatabaseSync = database): Row[] => {
  const sql = queries.get(title);
  if (sql === undefined) throw new Error(`the cookbook has no query called ${title}`);
  return asked
    .prepare(sql)
    .all()
    .map((row) => ({ ...row }));
};

interface Figure {
  readonly id: string;
  readonly kind: string;
  readonly currency: string;
  readonly balance: number;
}

/** Every balance, as the command line tells it. */
const figures = async (): Promise<Figure[]> => (await answer(["balances", "--store", store])).data;

it("has ten queries", () => {
  expect([...queries.keys()]).toHaveLength(10);
});

it("tells what each obligation owes", async () => {
  const owing = (await figures()).filter(({ balance }) => balance !== 0);
  const found = rows("What each obligation owes");
  const sums = (list: readonly { readonly balance?: unknown }[]) =>
    list.map(({ balance }) => Number(balance)).sort((a, b) => a - b);
  expect(sums(found)).toEqual(sums(owing));
});

it("tells what is owed and held in credit, by currency", async () => {
  const { totals } = await answer(["balances", "--store", store]);
  const byCurrency = totals.map(({ currency, owed, credit }: Row) => ({ currency, owed, credit }));
  expect(rows("What is owed and what is held in credit, by currency")).toEqual(byCurrency);
});

it("tells who owes most", async () => {
  const most = (await figures()).map(({ balance }) => balance).sort((a, b) => b - a);
  const found = rows("The ten who owe most");
  expect(found.map(({ balance }) => balance)).toEqual(most.slice(0, 10));
  for (const { stream, balance } of found) {
    const [kind = "", id = ""] = String(stream).split("/");
    const { balances } = await ledger.balanceOf({ [kind]: id });
    expect(balances.map((each) => each.balance)).toContain(balance);
  }
});

it("tells what was owed on a day", async () => {
  const found = rows("What was owed on a day");
  expect(found.length).toBeGreaterThan(100);
  for (const { stream, currency, balance } of found.slice(0, 60)) {
    const [kind = "", id = ""] = String(stream).split("/");
    const { balances } = await ledger.balanceOf(
      { [kind]: id },
      { effective: "2026-03-15T23:59:59.999Z" },
    );
    expect(balances).toContainEqual({ currency, balance });
  }
});

it("tells one customer's story, line by line", async () => {
  const found = rows("One customer, line by line");
  const customer = "bcus_iSlzEk9KPF9jZ7G3crEzi";
  expect(found.at(-1)?.["balance"]).toBe((await ledger.retrieveCustomer(customer)).balance);
  for (const { position, balance } of found) {
    const { balances } = await ledger.balanceOf({ customer }, { known: Number(position) });
    expect(balances.map((each) => each.balance)).toContain(balance);
  }
});

it("tells payments by day", () => {
  const found = rows("Payments by day");
  const payments = found.reduce((sum, row) => sum + Number(row["payments"]), 0);
  expect(payments).toBe(expected.counts.applied);
  expect(found.length).toBeGreaterThan(20);
});

it("tells which payments broke a rule", () => {
  const found = rows("Payments that broke a rule");
  const broken = found.reduce((sum, row) => sum + Number(row["payments"]), 0);
  // A payment may break several rules.
  expect(broken).toBeGreaterThanOrEqual(expected.counts.flagged);
  expect(found.map(({ violation }) => violation)).toContain("overpayment");
});

it("tells what lies in suspense", () => {
  const found = rows("Money in suspense");
  const sums = new Map<string, { payments: number; amount: number }>();
  for (const { reason, currency, amount } of expected.suspense) {
    const sum = sums.get(`${reason} ${currency}`) ?? { payments: 0, amount: 0 };
    sums.set(`${reason} ${currency}`, {
      payments: sum.payments + 1,
      amount: sum.amount + amount,
    });
  }
  expect(
    new Map(
      found.map(({ reason, currency, payments, amount }) => [
        `${String(reason)} ${String(currency)}`,
        { payments, amount },
      ]),
    ),
  ).toEqual(sums);
});

it("tells what lies in suspense again, and not what has left it for good", async () => {
  const path = join(folder, "matched.db");
  const matched = openLedger({ store: await sqliteStore(path) });
  await matched.createCustomer({ externalReference: "C", currency: "ZAR", balance: 0 });
  for (const [paymentId, amount] of [
    ["pay_1", 5],
    ["pay_2", 7],
    ["pay_3", 11],
  ] as const) {
    await matched.recordPayment({ bill: "nobody", amount, currency: "ZAR", paymentId });
    await matched.matchSuspense({ customer: "C", paymentId });
  }
  for (const paymentId of ["pay_1", "pay_2"])
    await matched.undoMatch({ paymentId, reason: "not C" });
  await matched.matchSuspense({ customer: "C", paymentId: "pay_2" });
  await matched.store.close();
  const found = new DatabaseSync(path, { readOnly: true });
  expect(rows("Money in suspense", found)).toEqual([
    { reason: "unknown_target", currency: "ZAR", payments: 1, amount: 5 },
  ]);
  found.close();
});

it("tells which bills are overdue", async () => {
  const unpaid = new Map<string, number>();
  let after: string | undefined;
  do {
    const page = await ledger.listBills({
      status: "unpaid",
      limit: 500,
      ...(after === undefined ? {} : { after }),
    });
    for (const { id, dueDate, amountRemaining } of page.data)
      if (dueDate !== undefined && dueDate < "2026-03-31")
        unpaid.set(`bill/${id}`, amountRemaining);
    after = page.next;
  } while (after !== undefined);
  const found = rows("Bills that are overdue");
  expect(new Map(found.map(({ bill, remaining }) => [bill, remaining]))).toEqual(unpaid);
});

it("tells how much was written, and up to where", async () => {
  const { events, commits, head } = await answer(["verify", "--store", store]);
  expect(rows("Who wrote how much, and up to where")).toEqual([
    { name: "default", commits, events, head: head.hash ?? head },
  ]);
});
