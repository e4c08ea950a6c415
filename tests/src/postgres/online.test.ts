/** A later version comes while programs of the one before write: they go on, and nobody waits for it. */
import {
  type LentClient,
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

const definitionOf = async (url: string, name: string): Promise<string> => {
  const [{ definition } = { definition: "" }] = (await atOnce(
    url,
    `SELECT pg_get_functiondef('tallystick.${name}'::regproc) AS definition`,
  )) as { definition: string }[];
  return definition;
};

/** Undoes all migrations but the first, whose programs call another function with types of its own. */
const makeFirstVersion = async (url: string): Promise<void> => {
  const types = ["stream_expected", "claim_draft", "commit_draft", "event_draft"];
  for (const type of types)
    await atOnce(url, `ALTER TYPE tallystick.${type} RENAME TO older_${type}`);
  const definition = await definitionOf(url, "append_group");
  await atOnce(
    url,
    `${definition.replace("append_group", "append_commits").replaceAll(".commit_draft", ".older_commit_draft")};
    DROP FUNCTION tallystick.append_group;
    DROP FUNCTION tallystick.save_records;
    DROP TABLE tallystick.records;
    DELETE FROM tallystick.migrations WHERE version > 1`,
  );
};

/** The connections of a program of that version. */
const ofFirstVersion = (pool: pg.Pool): PostgresPool => ({
  connect: async () => {
    const client = await pool.connect();
    return {
      query: (statement: string | { readonly text: string }) =>
        client.query(
          typeof statement === "string"
            ? statement
            : { ...statement, text: statement.text.replace("append_group", "append_commits") },
        ),
      on: client.on.bind(client),
      removeListener: client.removeListener.bind(client),
      release: client.release.bind(client),
    } as unknown as LentClient;
  },
});

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

const setUp = async (): Promise<{ url: string; stores: PostgresStore[] }> => {
  const url = await server.database();
  const { store } = await openFresh(url);
  for (const id of customers)
    await openLedger({ store }).createCustomer({
      id,
      externalReference: `C-${id}`,
      currency: "ZAR",
      balance: 0,
    });
  const others = await Promise.all([postgresStore(url), postgresStore(url)]);
  onTestFinished(async () => {
    await Promise.all(others.map((other) => other.close()));
  });
  return { url, stores: [store, ...others] };
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
    "in an earlier version too, needs no lock that they or a long report hold, and runs out of no time",
    async () => {
      const { url, stores } = await setUp();
      const pool = new pg.Pool({ connectionString: url });
      onTestFinished(() => pool.end());
      const older = await postgresStore(ofFirstVersion(pool));
      onTestFinished(() => older.close());
      await makeFirstVersion(url);
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
      const writer = await ofFirstVersion(pool).connect();
      await writer.query("BEGIN");
      await older.within(writer).append("another", created(drafts, "a"));

      const before = writing([older]);
      await before.goOn();
      expect(await Promise.all([migrate(url), migrate(url)])).toContainEqual({ from: 1, to: 3 });
      await before.goOn();
      const count = await before.end();
      const both = writing([older, ...stores.slice(1)]);
      await both.goOn();
      expect(await atOnce(url, "SELECT DISTINCT * FROM noted")).toEqual([
        { statement_timeout: "0", lock_timeout: "5s" },
      ]);
      await writer.query("COMMIT");
      writer.release();
      await report.query("COMMIT");
      await requireAll(stores[0], count + (await both.end()));
      expect(await older.head("another")).toMatchObject({ commit: 1 });
    },
  );

  it("that replaces the function they append by is not noticed by them", async () => {
    const { url, stores } = await setUp();
    const definition = await definitionOf(url, "append_group");
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
