/** Subscriptions while transactions begin, wait and end in every order: nothing is ever skipped. */
import { postgresStore } from "@tallystick/adapters/postgres";
import { openLedger, type RecordedCommit } from "@tallystick/core";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { seededRandom } from "../cli/random.ts";
import { book, connected, created, first, openFresh } from "./fixture.ts";
import { startProxy } from "./proxy.ts";
import { type LocalServer, startPostgres } from "./server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const numbers = (commits: readonly RecordedCommit[]): number[] =>
  commits.map(({ number }) => number);

describe.each([{ listen: true }, { listen: false }])(
  "a subscription with listen: $listen",
  ({ listen }) => {
    it("skips nothing while one writer's transaction stays open and others commit", async () => {
      const url = await server.database();
      const { store, drafts } = await openFresh(url, { listen });
      const reader = await postgresStore(url, { listen });
      onTestFinished(() => reader.close());
      const pool = new pg.Pool({ connectionString: url, max: 4 });
      onTestFinished(() => pool.end());
      await pool.query("CREATE TABLE orders (id text PRIMARY KEY)");
      const seeded = seededRandom(listen ? 1 : 2);
      const draw = (): number => seeded.next();
      let commits = 0;
      let names = 0;
      const name = (): string => {
        names += 1;
        return `n${names}`;
      };

      const slow = async (): Promise<void> => {
        const client = await pool.connect();
        await client.query("BEGIN");
        // From here on this transaction is older than those that begin later and commit first.
        await client.query("INSERT INTO orders VALUES ($1)", [name()]);
        for (let waits = Math.floor(draw() * 4); waits > 0; waits -= 1)
          await client.query("SELECT 1");
        await store.within(client).append(book, created(drafts, name()));
        for (let waits = Math.floor(draw() * 6); waits > 0; waits -= 1)
          await client.query("SELECT 1");
        const commit = draw() < 0.7;
        await client.query(commit ? "COMMIT" : "ROLLBACK");
        if (commit) commits += 1;
        client.release();
      };
      const quick = async (): Promise<void> => {
        await store.append(book, created(drafts, name()));
        commits += 1;
      };

      const end = new AbortController();
      const seen: number[][] = [[], []];
      const following = [store, reader].map(async (each, index) => {
        for await (const { number } of each.subscribe(book, { signal: end.signal }))
          seen[index]?.push(number);
      });
      for (let round = 0; round < 40; round += 1)
        await Promise.all(
          Array.from({ length: 1 + Math.floor(draw() * 5) }, () =>
            draw() < 0.5 ? slow() : quick(),
          ),
        );
      const all = Array.from({ length: commits }, (_, index) => index + 1);
      // A late one sees the same; by then the early ones have to be as far.
      expect(numbers(await first(commits, reader.subscribe(book)))).toEqual(all);
      const last = store.append(book, created(drafts, name()));
      const late = first(1, reader.subscribe(book, { afterPosition: 2 * commits }));
      expect(await last).toMatchObject({ number: commits + 1 });
      expect(numbers(await late)).toEqual([commits + 1]);
      while (seen.some((each) => each.length <= commits))
        await first(1, reader.subscribe(book, { afterPosition: 2 * commits }));
      end.abort();
      await Promise.all(following);
      for (const each of seen) expect(each).toEqual([...all, commits + 1]);
      expect(await openLedger({ store }).verify()).toMatchObject({ ok: true });
      expect(commits).toBeGreaterThan(50);
    });

    it("waits without asking again and again", async () => {
      const url = await server.database();
      const { store, drafts } = await openFresh(url, { listen });
      const client = await connected(url);
      const seen = first(1, store.subscribe(book));
      const asked = async (): Promise<number> => {
        const { rows } = await client.query(
          "SELECT sum(idx_scan + seq_scan)::int AS n FROM pg_stat_user_tables WHERE schemaname = 'tallystick'",
        );
        return Number(rows[0]?.n);
      };
      const before = await asked();
      await store.append("another", created(drafts, "a"));
      await store.append(book, created(drafts, "a"));
      expect(numbers(await seen)).toEqual([1]);
      expect((await asked()) - before).toBeLessThan(100);
    });
  },
);

describe("a subscription whose LISTEN is never answered", () => {
  it("looks for itself, skips nothing, and holds up nobody who closes", async () => {
    const url = await server.database();
    const { store: writer, drafts } = await openFresh(url);
    const proxy = await startProxy(server.port);
    onTestFinished(() => proxy.close());
    proxy.swallow("LISTEN");
    const store = await postgresStore(proxy.through(url));
    const seen = first(3, store.subscribe(book));
    for (const name of ["a", "b", "c"]) await writer.append(book, created(drafts, name));
    expect(numbers(await seen)).toEqual([1, 2, 3]);
    await store.close();
  });
});
