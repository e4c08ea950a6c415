/**
 * What networks, servers and other transactions do to a command: nothing that was acknowledged is
 * lost, nothing is applied twice, and the error says whether the command may simply be repeated.
 */
import { type PostgresStore, postgresStore } from "@tallystick/adapters/postgres";
import { isLedgerError, type Ledger, type LedgerError, openLedger } from "@tallystick/core";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { seededRandom } from "../cli/random.ts";
import { book, connected, created, first, openFresh } from "./fixture.ts";
import { startProxy, type TcpProxy } from "./proxy.ts";
import { atOnce, type LocalServer, mayKill, startPostgres } from "./server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startPostgres(["deadlock_timeout=50ms"]);
  if (!mayKill) process.stderr.write("\nSKIPPED: a server named by POSTGRES_URL is not killed\n\n");
});
afterAll(() => server.stop());

const customer = "bcus_000000000000000000001";

interface Setting {
  readonly url: string;
  readonly proxy: TcpProxy;
  /** Through the proxy. */
  readonly store: PostgresStore;
  readonly ledger: Ledger;
  /** Without it. */
  readonly direct: PostgresStore;
}

const setUp = async (): Promise<Setting> => {
  const url = await server.database();
  const { store: direct } = await openFresh(url);
  const proxy = await startProxy(server.port);
  onTestFinished(() => proxy.close());
  const store = await postgresStore(proxy.through(url));
  onTestFinished(() => store.close());
  const ledger = openLedger({ store });
  await ledger.createCustomer({
    id: customer,
    externalReference: "C-1",
    currency: "ZAR",
    balance: 1_000_000,
  });
  return { url, proxy, store, ledger, direct };
};

const charge = (ledger: Ledger, key: string) =>
  ledger.charge({ customer, amount: 1 }, { idempotencyKey: key });

const owed = async (store: PostgresStore): Promise<number | undefined> => {
  const [balance] = (await openLedger({ store }).balanceOf({ customer })).balances;
  return balance?.balance;
};

const failureOf = async (command: Promise<unknown>): Promise<LedgerError> => {
  const error = await command.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isLedgerError(error)) throw new Error(`a LedgerError was expected, not ${String(error)}`);
  return error;
};

describe("a connection", () => {
  it("that cannot be had: nothing was written, and the same command may come again", async () => {
    const { proxy, ledger, direct } = await setUp();
    await proxy.close();
    // A connection from before may have to be found dead first.
    await failureOf(charge(ledger, "one"));
    const failure = await failureOf(charge(ledger, "one"));
    expect(failure).toMatchObject({ code: "STORE_UNAVAILABLE", retry: "safe" });
    expect(await owed(direct)).toBe(1_000_000);
  });

  it("that is cut in the middle of a command: its fate is uncertain, and its key settles it", async () => {
    const { proxy, store, ledger, direct } = await setUp();
    proxy.cut();
    // Enough to say hello, too little for the command.
    proxy.cutAfter(() => 1500);
    const failure = await failureOf(
      store.append(book, {
        ...(await manyEvents(store)),
      }),
    );
    expect(failure).toMatchObject({ code: "COMMIT_UNCERTAIN", retry: "with-key" });
    proxy.cutAfter(undefined);
    expect(await owed(direct)).toBe(1_000_000);
    expect((await charge(ledger, "one")).replayed).toBe(false);
    expect(await owed(direct)).toBe(1_000_001);
  });

  it("that is cut between the commit and its answer: repeated with its key, it has one effect", async () => {
    const { proxy, ledger, direct } = await setUp();
    const position = (await direct.head(book))?.position ?? 0;
    const written = first(1, direct.subscribe(book, { afterPosition: position }));
    await charge(ledger, "zero");
    expect(await written).toHaveLength(1);
    const again = first(1, direct.subscribe(book, { afterPosition: position + 1 }));
    proxy.withhold();
    const charging = failureOf(charge(ledger, "one"));
    expect(await again).toHaveLength(1);
    proxy.cut();
    expect(await charging).toMatchObject({ code: "COMMIT_UNCERTAIN", retry: "with-key" });
    expect((await charge(ledger, "one")).replayed).toBe(true);
    expect(await owed(direct)).toBe(1_000_002);
  });

  it("that breaks while a group is being sent: its fate is uncertain, and it is not sent again", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url);
    const pool = new pg.Pool({ connectionString: url });
    let sent: number | undefined;
    const query = async (): Promise<never> => {
      sent = (sent ?? 0) + 1;
      throw Object.assign(new Error("write EPIPE"), { code: "EPIPE", syscall: "write" });
    };
    const breaking = await postgresStore({
      connect: async () => {
        const client = await pool.connect();
        return sent === undefined ? client : Object.assign(client, { query });
      },
    });
    onTestFinished(async () => {
      await breaking.close();
      await pool.end();
    });
    sent = 0;
    const group = ["a", "b"].map((name) => breaking.append(book, created(drafts, name)));
    for (const failure of await Promise.all(group.map(failureOf)))
      expect(failure).toMatchObject({ code: "COMMIT_UNCERTAIN", retry: "with-key" });
    expect({ sent, connections: pool.totalCount }).toEqual({ sent: 1, connections: 0 });
    expect(await store.head(book)).toBeUndefined();
  });

  it("that is cut again and again: every command takes effect once", async () => {
    const { proxy, store, ledger, direct } = await setUp();
    const seeded = seededRandom(20_260_301);
    proxy.cut();
    proxy.cutAfter(() => Math.floor(500 + seeded.next() * 40_000));
    const count = 120;
    const codes: Record<string, number> = {};
    const insist = async (key: string): Promise<void> => {
      for (let attempt = 1; attempt <= 200; attempt += 1)
        try {
          await charge(ledger, key);
          return;
        } catch (error) {
          const { code, retry } = error as LedgerError;
          codes[code] = (codes[code] ?? 0) + 1;
          expect(["safe", "with-key"]).toContain(retry);
        }
      throw new Error(`${key} never got through`);
    };
    await Promise.all(Array.from({ length: count }, (_, index) => insist(`key-${index}`)));
    proxy.cutAfter(undefined);
    expect(codes["COMMIT_UNCERTAIN"]).toBeGreaterThan(3);
    expect(await owed(direct)).toBe(1_000_000 + count);
    expect(await openLedger({ store: direct }).verify()).toMatchObject({
      ok: true,
      commits: 1 + count,
    });
    await store.close();
  });

  it("that is cut while somebody reads: the reader is told, and may begin again", async () => {
    const { proxy, store } = await setUp();
    const feed = store.subscribe(book)[Symbol.asyncIterator]();
    await feed.next();
    const waiting = failureOf(Promise.resolve(feed.next()));
    await proxy.close();
    expect(await waiting).toMatchObject({ code: "STORE_UNAVAILABLE", retry: "safe" });
  });
});

/** A draft that is longer than what a proxy lets through. */
const manyEvents = async (store: PostgresStore) => {
  const { draftsFor } = await import("@tallystick/adapters/contract");
  const drafts = draftsFor(store.host);
  return drafts.of(Array.from({ length: 50 }, (_, index) => drafts.created(`n${index}`)).flat());
};

describe.skipIf(!mayKill)("a server", () => {
  it("that is killed: what it had acknowledged is there when it comes back", async () => {
    const url = await server.database();
    const { store } = await openFresh(url);
    const ledger = openLedger({ store });
    await ledger.createCustomer({
      id: customer,
      externalReference: "C-1",
      currency: "ZAR",
      balance: 0,
    });
    const acknowledged = new Set<string>();
    const failed: LedgerError[] = [];
    const charging = Array.from({ length: 40 }, async (_, writer) => {
      for (let n = 0; n < 5; n += 1) {
        const key = `${writer}/${n}`;
        try {
          await charge(ledger, key);
          acknowledged.add(key);
        } catch (error) {
          failed.push(error as LedgerError);
          return;
        }
        if (acknowledged.size === 100) await server.kill();
      }
    });
    await Promise.all(charging);
    expect(failed.length).toBeGreaterThan(0);
    for (const { code, retry } of failed)
      expect(`${code} ${retry}`).toMatch(/^(STORE_UNAVAILABLE safe|COMMIT_UNCERTAIN with-key)$/);
    await server.restart();

    const known = await Promise.all([...acknowledged].map((key) => charge(ledger, key)));
    expect(known.every(({ replayed }) => replayed)).toBe(true);
    const all = Array.from({ length: 200 }, (_, index) => `${Math.floor(index / 5)}/${index % 5}`);
    await Promise.all(all.map((key) => charge(ledger, key)));
    expect(await owed(store)).toBe(200);
    expect(await ledger.verify()).toMatchObject({ ok: true, commits: 201 });
  });
});

describe.skipIf(!mayKill)("a schema that one process holds", () => {
  it("is held again by it when the server comes back", async () => {
    const url = await server.database();
    const { store } = await openFresh(url);
    await store.hold("mock server");
    await server.kill();
    await server.restart();
    // Each look is a round trip, in which the lock comes nearer.
    const asking = await connected(url);
    const held = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted";
    for (let looks = 1; (await asking.query(held)).rowCount !== 1; looks += 1)
      if (looks === 100_000) throw new Error("the lock was never taken again");
    const other = await postgresStore(url);
    onTestFinished(() => other.close());
    await expect(other.hold("mock server")).rejects.toMatchObject({ code: "STORE_LOCKED" });
    await store.close();
    await other.hold("mock server");
  });
});

describe("a trigger of somebody's own", () => {
  it("fails the one command that it does not like, and not its neighbours", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url);
    await atOnce(
      url,
      `CREATE FUNCTION dislike() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
      CREATE TRIGGER dislike BEFORE INSERT ON tallystick.events FOR EACH ROW
        WHEN (NEW.stream = 'customer/bcus_b') EXECUTE FUNCTION dislike()`,
    );
    const results = await Promise.allSettled(
      ["a", "b", "c"].map((name) => store.append(book, created(drafts, name))),
    );
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(results[1]).toMatchObject({ reason: { message: "not this one" } });
    expect(await store.head(book)).toMatchObject({ commit: 2, position: 4 });
    expect(await openLedger({ store }).verify()).toMatchObject({ ok: true });
  });
});

describe("another transaction", () => {
  it("that outlasts the server's statement time-out: nothing was written", async () => {
    const url = await server.database();
    await atOnce(
      url,
      `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET statement_timeout = 200`,
    );
    const { store, drafts } = await openFresh(url);
    const holder = await connected(url);
    await holder.query("BEGIN");
    await store.within(holder).append(book, created(drafts, "a"));
    const failure = await failureOf(store.append(book, created(drafts, "b")));
    expect(failure).toMatchObject({ code: "STORE_UNAVAILABLE", retry: "safe" });
    await holder.query("ROLLBACK");
    expect((await store.append(book, created(drafts, "b"))).number).toBe(1);
  });

  it("that waits for us while we wait for it: one of both is taken back and says so", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url);
    const [one, two] = [await connected(url), await connected(url)];
    for (const client of [one, two]) await client.query("BEGIN");
    await store.within(one).append("one", created(drafts, "a"));
    await store.within(two).append("two", created(drafts, "a"));
    const crossing = async (client: pg.Client, other: string): Promise<void> => {
      try {
        await store.within(client).append(other, created(drafts, "b"));
      } finally {
        await client.query("COMMIT");
      }
    };
    const crossed = await Promise.allSettled([crossing(one, "two"), crossing(two, "one")]);
    expect(crossed.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const lost = crossed.find((result) => result.status === "rejected");
    expect(lost?.reason).toMatchObject({ code: "CONTENTION", retry: "safe" });
    for (const name of ["one", "two"])
      expect(await openLedger({ store, book: name }).verify()).toMatchObject({
        ok: true,
        commits: 1,
      });
  });

  it("gets in the way of a serializable one: it is repeated, and every command is written once", async () => {
    const url = await server.database();
    const name = new URL(url).pathname.slice(1);
    await atOnce(url, `ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'`);
    const { store, drafts } = await openFresh(url);
    const other = await postgresStore(url);
    onTestFinished(() => other.close());
    const count = 40;
    for (let n = 0; n < count; n += 1)
      await Promise.all([
        store.append(book, created(drafts, `a${n}`)),
        other.append(book, created(drafts, `b${n}`)),
      ]);
    expect(await openLedger({ store }).verify()).toMatchObject({ ok: true, commits: 2 * count });
  });
});
