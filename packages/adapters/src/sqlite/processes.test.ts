import { setTimeout } from "node:timers/promises";
import { openLedger, type RecordedCommit, verifyCommits } from "@tallystick/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { draftsFor } from "../contract/drafts.ts";
import { book, first } from "../contract/fixture.ts";
import { temporaryPath } from "../file/temporary-folder.ts";
import { nodeHost } from "../host/node-host.ts";
import { outputOf, startChild } from "./child-process.ts";
import { type SqliteStore, type SqliteStoreOptions, sqliteStore } from "./sqlite-store.ts";

const opened = async (path: string, options: SqliteStoreOptions = {}): Promise<SqliteStore> => {
  const store = await sqliteStore(path, options);
  onTestFinished(() => store.close());
  return store;
};

/** Takes payments for one customer, eight at a time, and says what came of each. */
const payer = `
const [path, name, prefix, count] = args;
const store = await sqliteStore(path);
const ledger = openLedger({ store, book: "default" });
let next = 0;
const work = async () => {
  while (next < Number(count)) {
    const n = (next += 1);
    const payment = { customer: "CUST-1", paymentId: "pay_" + prefix + n, amount: 1, currency: "ZAR" };
    try {
      const { replayed } = await ledger.recordPayment(payment, { idempotencyKey: prefix + n });
      say(replayed ? "replayed" : "written");
    } catch (error) {
      say(error.code ?? String(error));
    }
  }
};
await Promise.all(Array.from({ length: 8 }, work));
await store.close();
`;

const withCustomer = async (): Promise<{ path: string; store: SqliteStore }> => {
  const path = await temporaryPath("books.db");
  const store = await opened(path);
  const ledger = openLedger({ store, book });
  await ledger.createCustomer({ externalReference: "CUST-1", currency: "ZAR" });
  await ledger.setBalance({ customer: "CUST-1", balance: 10_000, currency: "ZAR" });
  return { path, store };
};

describe("several processes on one file", () => {
  it("lose no update of a hot customer, refuse nothing stale, and never meet a busy file", async () => {
    const { path, store } = await withCustomer();
    const each = 60;
    const children = ["a", "b"].map((prefix) =>
      startChild(payer, [path, prefix, prefix, String(each)]),
    );
    const here = openLedger({ store, book });
    const own = Promise.all(
      Array.from({ length: each }, (_, n) =>
        here.recordPayment({
          customer: "CUST-1",
          paymentId: `pay_c${n}`,
          amount: 1,
          currency: "ZAR",
        }),
      ),
    );
    const printed = (await Promise.all(children.map(outputOf))).flat();
    await own;
    expect(printed).toEqual(Array.from({ length: 2 * each }, () => "written"));
    const { balances } = await here.balanceOf({ customer: "CUST-1" });
    expect(balances).toMatchObject([{ currency: "ZAR", balance: 10_000 - 3 * each }]);
    const head = await store.head(book);
    const verified = verifyCommits(nodeHost.sha256, head?.chainId ?? "", store.readCommits(book));
    expect(await verified).toMatchObject({ ok: true, commits: 2 + 3 * each });
  });

  it("apply a command once that both were given under one key", async () => {
    const { path, store } = await withCustomer();
    const each = 40;
    const children = ["one", "two"].map(() => startChild(payer, [path, "x", "same", String(each)]));
    const printed = (await Promise.all(children.map(outputOf))).flat();
    expect(printed.filter((came) => came === "written")).toHaveLength(each);
    expect(printed.filter((came) => came === "replayed")).toHaveLength(each);
    const { balances } = await openLedger({ store, book }).balanceOf({ customer: "CUST-1" });
    expect(balances).toMatchObject([{ balance: 10_000 - each }]);
  });

  it("wake the subscriptions of each other, which skip nothing", async () => {
    const { path, store } = await withCustomer();
    const count = 40;
    const seen = first(count + 2, store.subscribe(book));
    await outputOf(startChild(payer, [path, "a", "a", String(count)]));
    const numbers = (await seen).map(({ number }: RecordedCommit) => number);
    expect(numbers).toEqual(Array.from({ length: count + 2 }, (_, n) => n + 1));
  });
});

/** Holds the write lock until something arrives on its standard input. */
const holder = `
const database = new DatabaseSync(args[0]);
database.exec("BEGIN IMMEDIATE");
say("holds");
process.stdin.once("data", () => {
  database.exec("ROLLBACK");
  database.close();
  process.exit(0);
});
`;

describe("while another program holds the write lock", () => {
  it("the event loop turns and reads are answered; the append is written when it lets go", async () => {
    const { path, store } = await withCustomer();
    const { child, lines } = startChild(holder, [path]);
    expect((await lines.next()).value).toBe("holds");
    let settled = false;
    const drafts = draftsFor(nodeHost);
    const appending = store.append(book, drafts.of(drafts.created("late"))).finally(() => {
      settled = true;
    });
    for (let turn = 0; turn < 30; turn += 1) {
      await setTimeout(1);
      expect(await store.head(book)).toMatchObject({ commit: 2 });
    }
    expect(settled).toBe(false);
    child.stdin?.write("let go\n");
    expect(await appending).toMatchObject({ number: 3 });
  });

  it("a store closes all the same, and the next one to open has what it wrote", async () => {
    const { path } = await withCustomer();
    const store = await opened(path);
    const drafts = draftsFor(nodeHost);
    await store.append(book, drafts.of(drafts.created("late")));
    const { child, lines } = startChild(holder, [path]);
    await lines.next();
    await store.close();
    const next = await opened(path);
    expect(await next.head(book)).toMatchObject({ commit: 3 });
    child.stdin?.write("let go\n");
    expect(await next.append(book, drafts.of(drafts.created("later")))).toMatchObject({
      number: 4,
    });
  });

  it("an append is refused in the end, with nothing written and the handle as good as before", async () => {
    const { path } = await withCustomer();
    const store = await opened(path, { lockTimeoutMs: 50 });
    const { child, lines } = startChild(holder, [path]);
    await lines.next();
    const drafts = draftsFor(nodeHost);
    const draft = drafts.of(drafts.created("late"));
    await expect(store.append(book, draft)).rejects.toMatchObject({
      code: "STORE_LOCKED",
      retry: "safe",
      detail: { path, waitedMs: 50 },
    });
    child.stdin?.write("let go\n");
    const patient = await opened(path);
    await patient.append(book, drafts.of(drafts.created("other")));
    expect(await store.append(book, draft)).toMatchObject({ number: 4 });
  });
});
