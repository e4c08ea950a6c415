/** Several processes on one book: the same payment from all of them, and commits of a thousand events. */
import { memoryStore } from "@tallystick/adapters/memory";
import { postgresStore } from "@tallystick/adapters/postgres";
import { openLedger } from "@tallystick/core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { book, created, everything, first, openFresh } from "./fixture.ts";
import { type LocalServer, startPostgres } from "./server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startPostgres(["fsync=off"]);
});
afterAll(() => server.stop());

describe("several processes on one book", () => {
  it("record the same payment once, whichever hears of it first; with another amount it lies in suspense", async () => {
    const url = await server.database();
    const { store } = await openFresh(url);
    const stores = [store, await postgresStore(url), await postgresStore(url)];
    onTestFinished(async () => {
      await Promise.all(stores.slice(1).map((each) => each.close()));
    });
    const ledgers = stores.map((each) => openLedger({ store: each }));
    const customers = Array.from({ length: 5 }, (_, n) => `bcus_${n}`);
    for (const id of customers)
      await ledgers[0]?.createCustomer({
        id,
        externalReference: `C-${id}`,
        currency: "ZAR",
        balance: 100_000,
      });
    const payments = Array.from({ length: 60 }, (_, n) => `pay_${n}`);
    const told = await Promise.all(
      payments.flatMap((paymentId, n) =>
        ledgers.map((ledger) =>
          ledger.recordPayment({
            customer: customers[n % customers.length] ?? "",
            paymentId,
            amount: 100 + n,
            currency: "ZAR",
          }),
        ),
      ),
    );
    expect(told.filter(({ events }) => events.length > 0)).toHaveLength(payments.length);
    const paid = payments.reduce((sum, _, n) => sum + 100 + n, 0);
    const { data } = await openLedger({ store }).listCustomers();
    expect(data.reduce((sum, { balance = 0 }) => sum + balance, 0)).toBe(500_000 - paid);
    await expect(
      ledgers[1]?.recordPayment({
        customer: customers[0] ?? "",
        paymentId: "pay_0",
        amount: 1,
        currency: "ZAR",
      }),
    ).resolves.toMatchObject({ payment: { status: "suspended", reason: "payment_conflict" } });
    expect(await openLedger({ store }).verify()).toMatchObject({ ok: true });
  });

  it("write commits of a thousand events between small ones, which are read, listed and copied whole", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url);
    const other = await postgresStore(url);
    onTestFinished(() => other.close());
    const large = (name: string) =>
      drafts.of(Array.from({ length: 500 }, (_, n) => drafts.created(`${name}x${n}`)).flat());
    const following = first(44, other.subscribe(book));
    await Promise.all([
      ...["a", "b"].map((name) => store.append(book, large(name))),
      ...["c", "d"].map((name) => other.append(book, large(name))),
      ...Array.from({ length: 40 }, (_, n) =>
        (n % 2 === 0 ? store : other).append(book, created(drafts, `n${n}`)),
      ),
    ]);
    const commits = await following;
    expect(commits.map(({ events }) => events.length).sort((one, two) => two - one)).toEqual([
      ...Array.from({ length: 4 }, () => 1000),
      ...Array.from({ length: 40 }, () => 2),
    ]);
    const ledger = openLedger({ store });
    const { head } = await ledger.verify();
    expect(head).toMatchObject({ position: 4080 });
    expect((await store.query(book, { kind: "customer", limit: 3000 })).documents).toHaveLength(
      2040,
    );
    const copy = memoryStore({ host: store.host });
    onTestFinished(() => copy.close());
    const chainId = (await store.head(book))?.chainId ?? "";
    await copy.importCommits(book, chainId, store.readCommits(book));
    expect((await copy.head(book))?.hash).toBe(head?.hash);
    expect(await everything(copy.readBook(book))).toHaveLength(4080);
    // One that comes again is refused as a whole.
    await expect(store.append(book, large("a"))).rejects.toMatchObject({ retry: "safe" });
    expect(await store.head(book)).toMatchObject({ position: 4080 });
  });
});
