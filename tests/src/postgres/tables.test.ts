/** The tables: made once, kept from change, open to roles without rights. */
import {
  type LentClient,
  migrate,
  type PostgresPool,
  postgresStore,
  rolesSql,
} from "@tallystick/adapters/postgres";
import { isLedgerError, openLedger } from "@tallystick/core";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { a, book, connected, created, everything, first, newRole, openFresh } from "./fixture.ts";
import { atOnce, type LocalServer, startPostgres } from "./server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

describe("migrate", () => {
  it("makes the tables, says so, and does nothing when it is called again", async () => {
    const url = await server.database();
    expect(await migrate(url)).toEqual({ from: 0, to: 3 });
    expect(await migrate(url)).toEqual({ from: 3, to: 3 });
    expect(await atOnce(url, "SELECT version FROM tallystick.migrations")).toEqual([
      { version: 1 },
      { version: 2 },
      { version: 3 },
    ]);
  });

  it("may be called by several processes at once", async () => {
    const url = await server.database();
    const results = await Promise.all(Array.from({ length: 6 }, () => migrate(url)));
    expect(results.every(({ to }) => to === 3)).toBe(true);
    expect(await atOnce(url, "SELECT version FROM tallystick.migrations")).toHaveLength(3);
  });

  it("lets those who could append to older tables append to the newer ones", async () => {
    const url = await server.database();
    const schema = `it's "old"`;
    await migrate(url, { schema });
    const role = await newRole(url);
    const s = '"it\'s ""old"""';
    // Version 2 as it was for a writer, but for what its function did.
    await atOnce(
      url,
      `${rolesSql({ schema, writer: role.name })}
      DROP FUNCTION ${s}.append_group;
      DROP TYPE ${s}.stream_expected, ${s}.claim_draft, ${s}.commit_draft, ${s}.event_draft;
      DELETE FROM ${s}.migrations WHERE version = 3;
      CREATE FUNCTION ${s}.append_commits() RETURNS void LANGUAGE sql AS '';
      REVOKE ALL ON FUNCTION ${s}.append_commits FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION ${s}.append_commits TO "${role.name}"`,
    );
    expect(await migrate(url, { schema })).toEqual({ from: 2, to: 3 });
    const store = await postgresStore(role.url, { schema });
    onTestFinished(() => store.close());
    await openLedger({ store }).createCustomer({ externalReference: "C-1" });
    const { rows } = await (await connected(url)).query(
      `SELECT count(*)::integer AS public FROM pg_proc p CROSS JOIN aclexplode(p.proacl) g
      WHERE p.pronamespace = to_regnamespace($1) AND g.grantee = 0`,
      [s],
    );
    expect(rows).toEqual([{ public: 0 }]);
  });

  it("keeps the tables of several schemas apart, whatever they are called", async () => {
    const url = await server.database();
    for (const schema of ['it"s; DROP SCHEMA x', "Ünïcode", "a$$b $b1$", "one"]) {
      await migrate(url, { schema });
      const { store, drafts } = await openFresh(url, { schema });
      await store.append(book, created(drafts, "a"));
      expect(await store.head(book)).toMatchObject({ commit: 1 });
    }
    await expect(migrate(url, { schema: "x".repeat(64) })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });

  it("refuses a database that cannot keep every character", async () => {
    const url = new URL(await server.database());
    const name = `${url.pathname.slice(1)}_latin`;
    await atOnce(
      url.href,
      `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`,
    );
    onTestFinished(async () => {
      await atOnce(url.href, `DROP DATABASE ${name} WITH (FORCE)`);
    });
    const latin = new URL(url);
    latin.pathname = `/${name}`;
    await expect(migrate(latin.href)).rejects.toMatchObject({
      code: "STORE_UNSUPPORTED",
      message: expect.stringContaining("LATIN1"),
    });
  });

  it("leaves nothing half made when it may not", async () => {
    const url = await server.database();
    const role = await newRole(url);
    await expect(migrate(role.url)).rejects.toMatchObject({ code: "STORE_UNWRITABLE" });
    const schemas = "SELECT nspname FROM pg_namespace WHERE nspname = 'tallystick'";
    expect(await atOnce(url, schemas)).toEqual([]);
  });

  it("refuses the tables of a later version, as opening them does", async () => {
    const url = await server.database();
    await migrate(url);
    await atOnce(url, "INSERT INTO tallystick.migrations VALUES (99, 'from the future')");
    const later = { code: "UNKNOWN_SCHEMA_VERSION", detail: { version: 99, supported: 3 } };
    await expect(migrate(url)).rejects.toMatchObject(later);
    await expect(postgresStore(url)).rejects.toMatchObject(later);
  });

  it("is asked for by a store that finds no tables", async () => {
    const url = await server.database();
    await expect(postgresStore(url)).rejects.toMatchObject({
      code: "BOOK_NOT_FOUND",
      message: expect.stringContaining("run migrate"),
    });
  });
});

describe("what was recorded", () => {
  it("is not changed, deleted or truncated, not even by the owner; personal data alone is erased", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url);
    await store.append(book, { ...created(drafts, "a") });
    for (const statement of [
      "UPDATE tallystick.events SET amount = 1",
      "UPDATE tallystick.events SET personal = '{}'",
      "UPDATE tallystick.events SET personal = NULL, amount = 1 WHERE position = 2",
      "DELETE FROM tallystick.events",
      "TRUNCATE tallystick.events",
      "UPDATE tallystick.commits SET event_count = 1",
      "DELETE FROM tallystick.commits",
      "TRUNCATE tallystick.commits",
      "UPDATE tallystick.claims SET position = 1",
      "DELETE FROM tallystick.claims",
      "TRUNCATE tallystick.claims",
    ])
      await expect(atOnce(url, statement), statement).rejects.toMatchObject({ code: "23000" });
    await atOnce(url, "UPDATE tallystick.events SET personal = NULL WHERE position = 1");
    const [erased] = await everything(store.readStream(book, a));
    expect(erased).not.toHaveProperty("personal");
    expect(await everything(store.readCommits(book))).toHaveLength(1);
  });

  it("is unique for other programs too: revisions, claims and keys are constraints", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url);
    await store.append(book, drafts.of(drafts.created("a"), drafts.outcome("key")));
    const columns = `book, type, stream, revision, effective_at, recorded_at, commit_number, flags,
      id, schema_version`;
    for (const statement of [
      `INSERT INTO tallystick.events (position, ${columns}) SELECT 3, ${columns} FROM tallystick.events`,
      "INSERT INTO tallystick.claims SELECT book, key, 9 FROM tallystick.claims",
      `INSERT INTO tallystick.commits (book, number, first_position, event_count, recorded_at, body_hash,
        hash, outcome_key) SELECT book, 2, 3, 0, recorded_at, body_hash, hash, outcome_key
        FROM tallystick.commits`,
    ])
      await expect(atOnce(url, statement), statement).rejects.toMatchObject({ code: "23505" });
  });
});

describe("documents", () => {
  it("of another version are dropped and made again, by whoever asks first", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url);
    for (const name of ["a", "b", "c"]) await store.append(book, created(drafts, name));
    const query = { kind: "customer", currency: "ZAR", limit: 9 } as const;
    const before = await store.query(book, query);
    await atOnce(
      url,
      `UPDATE tallystick.document_marks SET version = 'old';
      UPDATE tallystick.documents SET state = '{}', status = 'old', stream = stream || 'x';
      UPDATE tallystick.document_currencies SET currency = 'KES'`,
    );
    const pages = await Promise.all([1, 2, 3].map(() => store.query(book, query)));
    expect(pages).toEqual([before, before, before]);
  });

  it("are folded once, however many ask for them at the same time in however many processes", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url);
    const others = await Promise.all([1, 2, 3].map(() => postgresStore(url)));
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
    for (const [index, name] of names.entries()) {
      await store.append(book, created(drafts, name));
      const pages = await Promise.all(
        others.map((other) => other.query(book, { kind: "customer", limit: 99 })),
      );
      for (const { documents } of pages) expect(documents).toHaveLength(index + 1);
    }
    for (const other of others) await other.close();
  });
});

describe("a role", () => {
  it("that writes may append and read, and change nothing", async () => {
    const url = await server.database();
    const { store: owner, drafts } = await openFresh(url);
    await owner.append(book, created(drafts, "a"));
    const role = await newRole(url);
    await atOnce(url, rolesSql({ writer: role.name }));
    const store = await postgresStore(role.url);
    onTestFinished(() => store.close());
    await store.append(book, created(drafts, "b"));
    expect(await everything(store.readBook(book))).toHaveLength(4);
    const page = await store.query(book, { kind: "customer", limit: 9 });
    expect(page.documents).toHaveLength(2);
    const client = await connected(role.url);
    for (const statement of [
      "INSERT INTO tallystick.books (name, chain_id) VALUES ('x', 'x')",
      "UPDATE tallystick.books SET position = 0",
      "DELETE FROM tallystick.books",
      "INSERT INTO tallystick.events SELECT * FROM tallystick.events",
      "UPDATE tallystick.events SET personal = NULL",
      "DELETE FROM tallystick.events",
      "TRUNCATE tallystick.events",
      "INSERT INTO tallystick.claims VALUES (1, 'x', 1)",
      "DELETE FROM tallystick.claims",
      "INSERT INTO tallystick.commits SELECT * FROM tallystick.commits",
      "DELETE FROM tallystick.commits",
      "UPDATE tallystick.documents SET state = ''",
      "INSERT INTO tallystick.migrations VALUES (9, '')",
      "DROP TABLE tallystick.events",
    ])
      await expect(client.query(statement), statement).rejects.toMatchObject({ code: "42501" });
  });

  it("that reads is refused when it appends", async () => {
    const url = await server.database();
    const { store: owner, drafts } = await openFresh(url);
    await owner.append(book, created(drafts, "a"));
    const role = await newRole(url);
    await atOnce(url, rolesSql({ reader: role.name }));
    const store = await postgresStore(role.url);
    onTestFinished(() => store.close());
    expect(await everything(store.readCommits(book))).toHaveLength(1);
    expect((await store.query(book, { kind: "customer", limit: 9 })).documents).toHaveLength(1);
    await expect(store.append(book, created(drafts, "b"))).rejects.toMatchObject({
      code: "STORE_UNWRITABLE",
      retry: "no",
    });
    expect(await owner.head(book)).toMatchObject({ commit: 1 });
  });

  it("without any right is told which it lacks", async () => {
    const url = await server.database();
    await openFresh(url);
    const role = await newRole(url);
    const opening = postgresStore(role.url);
    await expect(opening).rejects.toSatisfy((error) => isLedgerError(error, "STORE_UNWRITABLE"));
  });
});

describe("a pooler in transaction mode", () => {
  it("may give each statement another session, with nothing left of the one before", async () => {
    const url = await server.database();
    await migrate(url);
    const sessions = await Promise.all([connected(url), connected(url), connected(url)]);
    let turn = 0;
    const free = [...sessions];
    const waiting: ((client: pg.Client) => void)[] = [];
    const pool: PostgresPool = {
      connect: async () => {
        const client: pg.Client =
          free.shift() ?? (await new Promise((resolve) => waiting.push(resolve)));
        await client.query("DISCARD ALL");
        turn += 1;
        return {
          query: client.query.bind(client),
          on: client.on.bind(client),
          removeListener: client.removeListener.bind(client),
          release: () => {
            const next = waiting.shift();
            if (next === undefined) free.push(client);
            else next(client);
          },
        } as LentClient;
      },
    };
    const store = await postgresStore(pool, { listen: false });
    const ledger = openLedger({ store });
    const seen = first(12, store.subscribe(book));
    const customer = { externalReference: "C-1", currency: "ZAR", balance: 1000 };
    const { entity } = await ledger.createCustomer(customer);
    await Promise.all(
      Array.from({ length: 11 }, (_, index) =>
        ledger.charge({ customer: entity.id, amount: 1 }, { idempotencyKey: `key ${index % 11}` }),
      ),
    );
    expect(await seen).toHaveLength(12);
    expect((await ledger.listCustomers()).data).toMatchObject([{ balance: 1011 }]);
    expect(await ledger.verify()).toMatchObject({ ok: true, commits: 12 });
    expect(turn).toBeGreaterThan(10);
    await store.close();
  });
});
