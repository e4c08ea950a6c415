/** Behind a pooler in transaction mode, each statement may meet another session of the server: no difference. */
import { storeContract } from "@tallystick/adapters/contract";
import { migrate, type PostgresStore, postgresStore } from "@tallystick/adapters/postgres";
import { type Host, type Ledger, openLedger, type Store } from "@tallystick/core";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { book, connected, created, first, openFresh } from "./fixture.ts";
import { type Pooler, pgbouncer, startPgbouncer } from "./pgbouncer.ts";
import { atOnce, type LocalServer, startPostgres } from "./server.ts";

/** Of the server, for as many clients as come. */
const connections = 4;

describe.skipIf(pgbouncer === undefined)("behind PgBouncer in transaction mode", () => {
  let server: LocalServer;
  let pooler: Pooler;
  let shared: string;
  beforeAll(async () => {
    server = await startPostgres(["fsync=off"]);
    const direct = await server.database();
    pooler = await startPgbouncer(direct, connections);
    shared = pooler.through(direct);
  });
  afterAll(async () => {
    await pooler.stop();
    await server.stop();
  });

  let schemas = 0;
  const places = new WeakMap<Store, string>();
  const openIn = async (schema: string, host: Host): Promise<PostgresStore> => {
    const store = await postgresStore(shared, { host, schema, listen: false });
    places.set(store, schema);
    return store;
  };
  const again = (store: Store, host: Host): Promise<PostgresStore> =>
    openIn(places.get(store) ?? "", host);
  storeContract({
    open: async (host) => {
      schemas += 1;
      const schema = `books ${schemas}`;
      await migrate(shared, { schema });
      return openIn(schema, host);
    },
    reopen: again,
    another: again,
  });

  const database = async (): Promise<{ direct: string; pooled: string }> => {
    const direct = await server.database();
    return { direct, pooled: pooler.through(direct) };
  };

  it("a database that there is not is nothing to wait for", async () => {
    await expect(postgresStore(`${shared}_lost`)).rejects.toMatchObject({
      code: "STORE_UNREADABLE",
      retry: "no",
    });
  });

  it("migrations may be made by several at once", async () => {
    const { pooled } = await database();
    const results = await Promise.all(Array.from({ length: 6 }, () => migrate(pooled)));
    expect(results.every(({ to }) => to === results[0]?.to)).toBe(true);
  });

  it("many clients write in groups and repeat their keys, and leave nothing in the sessions that they share", async () => {
    const { direct, pooled } = await database();
    await migrate(pooled);
    const stores = await Promise.all(
      Array.from({ length: 6 }, () => postgresStore(pooled, { listen: false })),
    );
    onTestFinished(async () => {
      await Promise.all(stores.map((store) => store.close()));
    });
    const ledgers = stores.map((store) => openLedger({ store }));
    const ledgerOf = (n: number): Ledger => ledgers[n % ledgers.length] as Ledger;
    const customer = "bcus_000000000000000000001";
    await ledgerOf(0).createCustomer({
      id: customer,
      externalReference: "C-1",
      currency: "ZAR",
      balance: 0,
    });
    // Each key comes from two clients at once.
    const written = await Promise.all(
      Array.from({ length: 240 }, (_, n) =>
        ledgerOf(n).charge({ customer, amount: 1 }, { idempotencyKey: `key-${Math.floor(n / 2)}` }),
      ),
    );
    expect(written.filter(({ replayed }) => !replayed)).toHaveLength(120);
    const [owed] = (await ledgerOf(1).balanceOf({ customer })).balances;
    expect(owed?.balance).toBe(120);
    expect(await ledgerOf(2).verify()).toMatchObject({ ok: true, commits: 121 });

    const sessions = await atOnce(
      direct,
      `SELECT count(*)::integer AS all, count(*) FILTER (WHERE state <> 'idle')::integer AS busy
        FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    expect(sessions).toEqual([{ all: connections, busy: 0 }]);
    expect(await atOnce(direct, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")).toEqual([]);
    // All of the sessions at once, each held by a transaction.
    const held = await Promise.all(
      Array.from({ length: connections }, async () => {
        const client = await connected(pooled);
        await client.query("BEGIN");
        return client;
      }),
    );
    for (const client of held) {
      const { rows } = await client.query(
        `SELECT pg_backend_pid() AS pid, current_setting('lock_timeout') AS lock_timeout,
          current_setting('search_path') AS search_path, current_setting('enable_seqscan') AS enable_seqscan,
          current_setting('synchronous_commit') AS synchronous_commit,
          (SELECT count(*)::integer FROM pg_prepared_statements) AS prepared,
          (SELECT count(*)::integer FROM pg_listening_channels()) AS channels`,
      );
      expect(rows).toMatchObject([
        {
          lock_timeout: "0",
          search_path: '"$user", public',
          enable_seqscan: "on",
          synchronous_commit: "on",
          prepared: 0,
          channels: 0,
        },
      ]);
    }
    for (const client of held) await client.query("ROLLBACK");
  });

  it.each([
    ["that does not listen", false],
    ["that believes it listens", true],
  ])("a subscription %s skips nothing", async (_name, listen) => {
    const { pooled } = await database();
    const { store, drafts } = await openFresh(pooled, { listen });
    const reader = await postgresStore(pooled, { listen });
    onTestFinished(() => reader.close());
    const following = first(60, reader.subscribe(book));
    const writing = async (writer: number): Promise<void> => {
      for (let n = 0; n < 10; n += 1) await store.append(book, created(drafts, `n${writer}x${n}`));
    };
    await Promise.all(Array.from({ length: 6 }, (_, writer) => writing(writer)));
    expect((await following).map(({ number }) => number)).toEqual(
      Array.from({ length: 60 }, (_, index) => index + 1),
    );
  });

  it("a schema is held by one process, and free again when that one is gone", async () => {
    const { pooled } = await database();
    const { store } = await openFresh(pooled, { listen: false });
    const other = await postgresStore(pooled, { listen: false });
    onTestFinished(() => other.close());
    await store.hold("mock server");
    // Whichever sessions these meet, none of them has the lock.
    for (let attempt = 0; attempt < 2 * connections; attempt += 1)
      await expect(other.hold("mock server")).rejects.toMatchObject({ code: "STORE_LOCKED" });
    await store.close();
    await other.hold("mock server");
  });

  it("the caller's transaction is joined", async () => {
    const { pooled } = await database();
    const { store, drafts } = await openFresh(pooled, { listen: false });
    const pool = new pg.Pool({ connectionString: pooled, max: 8 });
    onTestFinished(() => pool.end());
    await pool.query("CREATE TABLE orders (id text PRIMARY KEY)");
    await Promise.all(
      Array.from({ length: 24 }, async (_, n) => {
        const client = await pool.connect();
        await client.query("BEGIN");
        await client.query("INSERT INTO orders VALUES ($1)", [`order-${n}`]);
        await store.within(client).append(book, created(drafts, `n${n}`));
        await client.query(n % 2 === 0 ? "COMMIT" : "ROLLBACK");
        client.release();
      }),
    );
    expect(await store.head(book)).toMatchObject({ commit: 12 });
    expect((await pool.query("SELECT id FROM orders")).rowCount).toBe(12);
    expect(await openLedger({ store }).verify()).toMatchObject({ ok: true });
  });
});
