/** A later version comes while programs of the one before write: they go on, and nobody waits for it. */
import {
  migrate,
  type PostgresPool,
  type PostgresStore,
  postgresStore,
} from "@tallystick/adapters/postgres";
import { openLedger } from "@tallystick/core";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { connected, created, openFresh } from "./fixture.ts";
import { atOnce, type LocalServer, mayKill, startPostgres } from "./server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startPostgres(["fsync=off"]);
});
afterAll(() => server.stop());

/**
 * What writes, once more under names of its own, as a version before might have called it; then the first
 * version, without what came later.
 */
const firstVersion = `
  DO $$
  DECLARE
    v_name text;
    v_definition text := pg_get_functiondef('tallystick.append_group'::regproc);
  BEGIN
    FOREACH v_name IN ARRAY ARRAY['stream_expected', 'claim_draft', 'commit_draft', 'event_draft'] LOOP
      EXECUTE format('CREATE TYPE tallystick.before_%s AS (%s)', v_name, (
        SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = format('tallystick.%I', v_name)::regclass));
      v_definition := replace(v_definition, v_name, 'before_' || v_name);
    END LOOP;
    EXECUTE replace(v_definition, 'append_group', 'append_before');
  END $$;
  DROP FUNCTION tallystick.append_group;
  DROP TYPE tallystick.stream_expected, tallystick.claim_draft, tallystick.commit_draft,
    tallystick.event_draft;
  DROP FUNCTION tallystick.save_records;
  DROP TABLE tallystick.records;
  DELETE FROM tallystick.migrations WHERE version > 1`;

/** A connection whose statements call what writes by its name of before. */
const asBefore = <Client extends pg.ClientBase>(client: Client): Client =>
  new Proxy(client, {
    get: (target, name) => {
      if (name === "query")
        return (statement: string | pg.QueryConfig) =>
          target.query(
            typeof statement === "string"
              ? statement
              : { ...statement, text: statement.text.replace("append_group", "append_before") },
          );
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });

const poolOfBefore = (url: string): PostgresPool => {
  const pool = new pg.Pool({ connectionString: url, max: 3 });
  onTestFinished(() => pool.end());
  return { connect: async () => asBefore(await pool.connect()) };
};

/** One for each writer. */
const customers = ["bcus_1", "bcus_2", "bcus_3"];

interface Writers {
  /** Resolves once each of them has been answered again. */
  goOn(): Promise<void>;
  /** How many commands were answered. */
  end(): Promise<number>;
}

/** Charges of one each, from several stores at once, until somebody ends them. */
const writing = (stores: readonly PostgresStore[]): Writers => {
  const answered = stores.map(() => 0);
  let ended = false;
  const all = Promise.all(
    stores.map(async (store, writer) => {
      const ledger = openLedger({ store });
      const customer = customers[writer] ?? "";
      while (!ended) {
        await ledger.charge({ customer, amount: 1 });
        answered[writer] = (answered[writer] ?? 0) + 1;
      }
    }),
  );
  const meanwhile = async (): Promise<void> => {
    await Promise.race([all, new Promise<void>((resolve) => setImmediate(resolve))]);
  };
  return {
    goOn: async () => {
      const before = [...answered];
      while (answered.some((count, writer) => count <= (before[writer] ?? 0))) await meanwhile();
    },
    end: async () => {
      ended = true;
      await all;
      return answered.reduce((sum, count) => sum + count, 0);
    },
  };
};

const setUp = async (
  open: (url: string) => string | PostgresPool = (url) => url,
): Promise<{ url: string; stores: PostgresStore[] }> => {
  const url = await server.database();
  const { store } = await openFresh(url);
  for (const id of customers)
    await openLedger({ store }).createCustomer({
      id,
      externalReference: `C-${id}`,
      currency: "ZAR",
      balance: 0,
    });
  const stores = await Promise.all([1, 2, 3].map(() => postgresStore(open(url))));
  onTestFinished(async () => {
    await Promise.all(stores.map((each) => each.close()));
  });
  return { url, stores };
};

const requireAll = async (store: PostgresStore | undefined, answered: number): Promise<void> => {
  if (store === undefined) throw new Error("no store");
  const ledger = openLedger({ store });
  const commits = answered + customers.length;
  expect(await ledger.verify()).toMatchObject({ ok: true, commits });
  const { data } = await ledger.listCustomers();
  expect(data.reduce((sum, { balance = 0 }) => sum + balance, 0)).toBe(answered);
};

describe("migrate, while others write", () => {
  // An event trigger takes a superuser.
  it.skipIf(!mayKill)(
    "needs no lock that they or a long report hold, and runs out of no time",
    async () => {
      const { url, stores } = await setUp(poolOfBefore);
      await atOnce(url, firstVersion);
      await atOnce(
        url,
        `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET statement_timeout = '7s';
      ALTER DATABASE ${new URL(url).pathname.slice(1)} SET lock_timeout = '3s';
      CREATE TABLE noted (statement_timeout text, lock_timeout text);
      CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO public.noted
          VALUES (current_setting('statement_timeout'), current_setting('lock_timeout'));
      END $$;
      CREATE EVENT TRIGGER note ON ddl_command_end EXECUTE FUNCTION note()`,
      );
      // A report that has read every table, and a transaction that has written, stay open all the time.
      const report = await connected(url);
      await report.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
      for (const table of ["books", "commits", "events", "claims", "documents"])
        await report.query(`SELECT count(*) FROM tallystick.${table}`);
      const { drafts } = await openFresh(await server.database());
      const [first, ...rest] = stores;
      const writer = await connected(url);
      await writer.query("BEGIN");
      await first?.within(asBefore(writer)).append("another", created(drafts, "a"));

      const writers = writing(rest);
      await writers.goOn();
      expect(await Promise.all([migrate(url), migrate(url)])).toContainEqual({ from: 1, to: 3 });
      await writers.goOn();
      expect(await atOnce(url, "SELECT DISTINCT * FROM noted")).toEqual([
        { statement_timeout: "0", lock_timeout: "5s" },
      ]);
      await writer.query("COMMIT");
      await report.query("COMMIT");
      await requireAll(first, await writers.end());
      expect(await first?.head("another")).toMatchObject({ commit: 1 });
    },
  );

  it("that replaces the function they append by is not noticed by them", async () => {
    const { url, stores } = await setUp();
    const [{ definition } = { definition: "" }] = (await atOnce(
      url,
      "SELECT pg_get_functiondef('tallystick.append_group'::regproc) AS definition",
    )) as { definition: string }[];
    expect(definition).toMatch(/^CREATE OR REPLACE FUNCTION/);
    const writers = writing(stores);
    for (let version = 1; version <= 20; version += 1) {
      await writers.goOn();
      await atOnce(url, definition.replace("BEGIN\n", `BEGIN -- ${version}\n`));
    }
    await writers.goOn();
    await requireAll(stores[0], await writers.end());
  });

  it("of a later version leaves open stores at work, and keeps others of this version from opening", async () => {
    const { url, stores } = await setUp();
    const writers = writing(stores);
    await writers.goOn();
    await atOnce(url, "INSERT INTO tallystick.migrations VALUES (99, 'from the future')");
    await writers.goOn();
    await expect(postgresStore(url)).rejects.toMatchObject({ code: "UNKNOWN_SCHEMA_VERSION" });
    await requireAll(stores[0], await writers.end());
  });
});
