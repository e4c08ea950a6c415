/** Tables in parts: what was there before stays, and each part refuses what its table refuses. */
import { partitionsSql, postgresStore, rolesSql } from "@tallystick/adapters/postgres";
import { openLedger } from "@tallystick/core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { tallystick } from "../cli/support.ts";
import { book, connected, created, everything, newRole, openFresh } from "./fixture.ts";
import { atOnce, type LocalServer, startPostgres } from "./server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startPostgres(["fsync=off"]);
});
afterAll(() => server.stop());

/** What hangs on the large tables, whatever they are: keys, indexes, triggers, rights. */
const anatomy = `
  SELECT 'index' AS kind, c.relname AS of, replace(pg_get_indexdef(x.indexrelid), ' ONLY ', ' ') AS is
    FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid WHERE c.relnamespace = 'tallystick'::regnamespace
  UNION ALL SELECT 'key', conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'tallystick'::regnamespace AND contype = 'p'
  UNION ALL SELECT 'trigger', tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger
  UNION ALL SELECT 'right', relname, relacl::text FROM pg_class WHERE relnamespace = 'tallystick'::regnamespace
  UNION ALL SELECT 'column', attrelid::regclass::text, concat_ws(' ', attnum, attname, atttypid::regtype, attcollation, attnotnull)
    FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
    WHERE c.relnamespace = 'tallystick'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0`;

describe("partitioned tables", () => {
  it("have what the whole ones had: columns, keys, indexes, triggers, rights", async () => {
    const url = await server.database();
    await openFresh(url);
    const role = await newRole(url);
    await atOnce(url, rolesSql({ writer: role.name }));
    const sorted = async (): Promise<string[]> =>
      (await atOnce(url, `SELECT * FROM (${anatomy}) a WHERE of !~ '_p[0-9]+(_|$)'`))
        .map((row) => JSON.stringify(row))
        .sort();
    const before = await sorted();
    await atOnce(url, partitionsSql({ partitions: 3 }));
    expect(await sorted()).toEqual(before);
    const store = await postgresStore(role.url);
    onTestFinished(() => store.close());
    expect(await openLedger({ store }).createCustomer({ externalReference: "C-1" })).toBeDefined();
  });

  it("hold the books that were there, each in one part, while the store stays open", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url);
    const books = Array.from({ length: 12 }, (_, index) => `book-${index}`);
    for (const name of books)
      await openLedger({ store, book: name }).createCustomer({ externalReference: "C-1" });
    const heads = await Promise.all(books.map((name) => store.head(name)));
    await atOnce(url, partitionsSql({ partitions: 4 }));
    expect(await Promise.all(books.map((name) => store.head(name)))).toEqual(heads);
    const parts = await atOnce(url, "SELECT DISTINCT tableoid FROM tallystick.events");
    expect(parts.length).toBeGreaterThan(1);
    for (const name of books) {
      const ledger = openLedger({ store, book: name });
      await ledger.createCustomer({ externalReference: "C-2" });
      expect((await ledger.listCustomers()).data).toHaveLength(2);
      expect(await ledger.verify()).toMatchObject({ ok: true, commits: 2 });
    }
    await store.append(book, created(drafts, "a"));
    expect(await everything(store.readCommits(book))).toHaveLength(1);
  });

  it("refuse changes by the name of a part too", async () => {
    const url = await server.database();
    const { store, drafts } = await openFresh(url);
    await atOnce(url, partitionsSql({ partitions: 2 }));
    await store.append(book, created(drafts, "a"));
    const client = await connected(url);
    for (const part of ["events", "events_p0", "events_p1"])
      for (const statement of [`DELETE FROM tallystick.${part}`, `TRUNCATE tallystick.${part}`])
        await expect(client.query(statement), statement).rejects.toMatchObject({ code: "23000" });
    for (const part of ["commits_p0", "commits_p1", "claims_p0", "claims_p1"])
      for (const statement of [
        `UPDATE tallystick.${part} SET book = book`,
        `DELETE FROM tallystick.${part}`,
        `TRUNCATE tallystick.${part}`,
      ])
        await expect(client.query(statement), statement).rejects.toMatchObject({ code: "23000" });
    await expect(client.query("UPDATE tallystick.events SET amount = 1")).rejects.toMatchObject({
      code: "23000",
    });
    expect(await openLedger({ store, book }).verify()).toMatchObject({ ok: true, commits: 1 });
  });

  it("are made once", async () => {
    const url = await server.database();
    await openFresh(url);
    await atOnce(url, partitionsSql({ partitions: 2 }));
    await expect(atOnce(url, partitionsSql({ partitions: 2 }))).rejects.toThrow(
      "is partitioned already",
    );
    for (const partitions of [1, 2.5, 1025])
      expect(() => partitionsSql({ partitions })).toThrow("from 2 to 1024");
  });

  it("come from SQL that the command line prints", async () => {
    const url = await server.database();
    const schema = `it's "mine"`;
    const { drafts, host } = await openFresh(url);
    const { stdout } = await tallystick(["migrate", "--partitions", "2", "--schema", schema]);
    expect(stdout).toBe(partitionsSql({ schema, partitions: 2 }));
    await tallystick(["migrate", "--schema", schema, "--store", url]);
    await atOnce(url, stdout);
    const store = await postgresStore(url, { schema, host });
    onTestFinished(() => store.close());
    expect(await store.append(book, created(drafts, "a"))).toMatchObject({ number: 1 });
  });
});
