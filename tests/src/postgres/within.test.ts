/** A ledger inside the caller's own transaction: both or neither. */
import { openLedger } from "@tallystick/core";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { book, connected, created, first, openFresh } from "./fixture.ts";
import { type LocalServer, startPostgres } from "./server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const withOrders = async (url: string): Promise<pg.Client> => {
  const client = await connected(url);
  await client.query("CREATE TABLE orders (id text PRIMARY KEY)");
  return client;
};
const customer = { id: "bcus_000000000000000000001", externalReference: "C-1" };

describe("a ledger within the caller's transaction", () => {
  it("is committed with the caller's rows, and seen by nobody before", async () => {
    const url = await server.database();
    const { store } = await openFresh(url);
    const client = await withOrders(url);
    await client.query("BEGIN");
    await client.query("INSERT INTO orders VALUES ('one')");
    const ledger = openLedger({ store: store.within(client) });
    await ledger.createCustomer({ ...customer, currency: "ZAR", balance: 500 });
    await ledger.charge({ customer: customer.id, amount: 5 }, { idempotencyKey: "charge" });
    expect((await ledger.balanceOf({ customer: customer.id })).balances).toEqual([
      { currency: "ZAR", balance: 505 },
    ]);
    expect((await ledger.listCustomers()).data).toHaveLength(1);
    expect(await store.head(book)).toBeUndefined();
    expect(await store.listBooks()).toEqual([]);
    await client.query("COMMIT");

    const outside = openLedger({ store });
    expect((await outside.balanceOf({ customer: customer.id })).balances).toEqual([
      { currency: "ZAR", balance: 505 },
    ]);
    const again = await outside.charge(
      { customer: customer.id, amount: 5 },
      { idempotencyKey: "charge" },
    );
    expect(again.replayed).toBe(true);
    expect(await outside.verify()).toMatchObject({ ok: true, commits: 2 });
  });

  it("is rolled back with the caller's rows, and leaves the book as it was", async () => {
    const url = await server.database();
    const { store } = await openFresh(url);
    const client = await withOrders(url);
    const outside = openLedger({ store });
    await outside.createCustomer({ ...customer, currency: "ZAR", balance: 500 });
    const before = await store.head(book);
    await client.query("BEGIN");
    await client.query("INSERT INTO orders VALUES ('one')");
    const ledger = openLedger({ store: store.within(client) });
    await ledger.charge({ customer: customer.id, amount: 5 }, { idempotencyKey: "charge" });
    expect((await ledger.listCustomers()).data).toMatchObject([{ balance: 505 }]);
    await client.query("ROLLBACK");

    expect(await store.head(book)).toEqual(before);
    expect((await outside.balanceOf({ customer: customer.id })).balances).toEqual([
      { currency: "ZAR", balance: 500 },
    ]);
    expect((await outside.listCustomers()).data).toMatchObject([{ balance: 500 }]);
    expect((await client.query("SELECT FROM orders")).rowCount).toBe(0);
    const charged = await outside.charge(
      { customer: customer.id, amount: 5 },
      { idempotencyKey: "charge" },
    );
    expect(charged.replayed).toBe(false);
    expect(await outside.verify()).toMatchObject({ ok: true, commits: 2 });
  });

  it("goes back to a savepoint, from where another ledger goes on", async () => {
    const url = await server.database();
    const { store } = await openFresh(url);
    const client = await connected(url);
    const customer = { customer: "bcus_1", amount: 5 };
    await client.query("BEGIN");
    const ledger = openLedger({ store: store.within(client) });
    await ledger.createCustomer({
      id: "bcus_1",
      externalReference: "C-1",
      currency: "ZAR",
      balance: 0,
    });
    await client.query("SAVEPOINT before");
    await ledger.charge(customer, { idempotencyKey: "charge" });
    await client.query("ROLLBACK TO before");
    const another = openLedger({ store: store.within(client) });
    const charged = await another.charge(customer, { idempotencyKey: "charge" });
    expect(charged).toMatchObject({ replayed: false, entity: { balance: 5 } });
    await client.query("COMMIT");
    expect(await openLedger({ store }).verify()).toMatchObject({ ok: true, commits: 2 });
  });

  it("refuses a command and lets the transaction go on", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url);
    const client = await withOrders(url);
    await store.append(book, created(drafts, "a"));
    await client.query("BEGIN");
    const within = store.within(client);
    await expect(within.append(book, created(drafts, "a"))).rejects.toMatchObject({
      code: "REVISION_CONFLICT",
    });
    await within.append(book, created(drafts, "b"));
    await client.query("COMMIT");
    expect(await store.head(book)).toMatchObject({ commit: 2 });
  });

  it("holds up the others of its book until it ends, for no longer than they wish, and nobody else", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url, { lockTimeoutMs: 100 });
    const client = await connected(url);
    await client.query("BEGIN");
    await store.within(client).append(book, created(drafts, "a"));
    await expect(store.append(book, created(drafts, "b"))).rejects.toMatchObject({
      code: "STORE_LOCKED",
      retry: "safe",
    });
    expect(await store.append("another", created(drafts, "b"))).toMatchObject({ number: 1 });
    await client.query("COMMIT");
    expect(await store.append(book, created(drafts, "b"))).toMatchObject({ number: 2 });
  });

  it("waits for the book no longer than it may, and leaves the caller's own time-out alone", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url, { lockTimeoutMs: 100 });
    const [holder, client] = [await connected(url), await connected(url)];
    await holder.query("BEGIN");
    await store.within(holder).append(book, created(drafts, "a"));
    await client.query("BEGIN");
    await client.query("SET LOCAL lock_timeout = '7s'");
    await store.within(client).append("another", created(drafts, "a"));
    expect((await client.query("SHOW lock_timeout")).rows).toEqual([{ lock_timeout: "7s" }]);
    const late = store.within(client).append(book, created(drafts, "b"));
    await expect(late).rejects.toMatchObject({ code: "STORE_LOCKED", retry: "safe" });
    const failed = store.within(client).head(book);
    await expect(failed).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: expect.stringContaining("roll it back"),
    });
    await client.query("ROLLBACK");
    await holder.query("ROLLBACK");
    expect(await store.listBooks()).toEqual([]);
  });

  it("says that a stricter transaction was overtaken, and may be repeated", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url);
    await store.append(book, created(drafts, "a"));
    const client = await connected(url);
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await client.query("SELECT 1 FROM pg_class LIMIT 1");
    await store.append(book, created(drafts, "b"));
    await expect(store.within(client).append(book, created(drafts, "c"))).rejects.toMatchObject({
      code: "CONTENTION",
      retry: "safe",
    });
    await client.query("ROLLBACK");
  });

  it("wakes subscriptions when it is committed", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url);
    const client = await connected(url);
    const seen = first(1, store.subscribe(book));
    await client.query("BEGIN");
    await store.within(client).append(book, created(drafts, "a"));
    await client.query("COMMIT");
    expect(await seen).toMatchObject([{ number: 1 }]);
  });

  it("says that what it acknowledges is not durable yet, and leaves the client open when it closes", async () => {
    const url = await server.database();
    const { store } = await openFresh(url);
    const client = await connected(url);
    await client.query("BEGIN");
    const within = store.within(client);
    expect(within.capabilities).toEqual({ durable: false, shared: true });
    await within.close();
    await expect(within.head(book)).rejects.toMatchObject({ code: "STORE_CLOSED" });
    expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await client.query("COMMIT");
    await store.close();
    expect(() => store.within(client)).toThrow(expect.objectContaining({ code: "STORE_CLOSED" }));
  });

  it("takes no pool, and nothing before the transaction begins or after it has ended", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url);
    const refusal = { code: "INVALID_INPUT" };
    const pool = new pg.Pool({ connectionString: url });
    expect(() => store.within(pool)).toThrow(expect.objectContaining(refusal));
    const client = await connected(url);
    const within = store.within(client);
    await expect(within.append(book, created(drafts, "a"))).rejects.toMatchObject(refusal);
    await client.query("BEGIN");
    await within.append(book, created(drafts, "a"));
    await client.query("ROLLBACK");
    await expect(within.append(book, created(drafts, "a"))).rejects.toMatchObject(refusal);
    expect(await store.head(book)).toBeUndefined();
  });
});
