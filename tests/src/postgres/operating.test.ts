/** Every query of the operating guide, on a merchant's month; a restored copy, whole and spoilt. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { postgresStore, rolesSql } from "@tallystick/adapters/postgres";
import { openLedger } from "@tallystick/core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { answer, root, spark, tallystick } from "../cli/support.ts";
import { connected, newRole } from "./fixture.ts";
import { atOnce, type LocalServer, startPostgres } from "./server.ts";

const page = readFileSync(join(root, "docs/operating-postgres.md"), "utf8");
/** By the heading that they stand under. */
const queries = new Map(
  [...page.matchAll(/^#{2,3} (.+)\n(?:(?!^#)[\s\S])*?```sql\n([\s\S]*?)```/gm)].map(
    ([, title = "", sql = ""]) => [title, sql],
  ),
);
const queryOf = (title: string): string => {
  const sql = queries.get(title);
  if (sql === undefined) throw new Error(`the guide has no query under ${title}`);
  return sql;
};

let server: LocalServer;
let store: string;
beforeAll(async () => {
  server = await startPostgres(["fsync=off"]);
  store = await server.database();
  const openings = ["--effective", "2026-03-01T00:00:00Z"];
  await answer(["mirror", spark("api-objects.jsonl"), ...openings, "--store", store]);
  const { webhook_secret: secret } = JSON.parse(readFileSync(spark("expected.json"), "utf8"));
  await answer(["receive", spark("webhooks.jsonl"), "--secret", secret, "--store", store], 1);
});
afterAll(() => server.stop());

const ask = (title: string): Promise<unknown[]> => atOnce(store, queryOf(title));

/** As a template is copied: files as they stand. */
const copied = async (): Promise<string> => {
  const copy = new URL(store);
  copy.pathname += `_copy_${copies}`;
  copies += 1;
  const maintenance = store.replace(/[^/]+$/, "postgres");
  const [name, from] = [copy.pathname.slice(1), new URL(store).pathname.slice(1)];
  await atOnce(maintenance, `CREATE DATABASE ${name} TEMPLATE ${from} STRATEGY file_copy`);
  onTestFinished(async () => {
    await atOnce(maintenance, `DROP DATABASE ${name} WITH (FORCE)`);
  });
  return copy.href;
};
let copies = 0;

describe("the queries of the operating guide", () => {
  it("are eleven, and each runs", async () => {
    expect([...page.matchAll(/```sql/g)]).toHaveLength(queries.size);
    expect(queries.size).toBe(11);
    for (const sql of queries.values()) await atOnce(store, `BEGIN; ${sql}; ROLLBACK`);
  });

  it("say how far each book is, as its head does", async () => {
    const { head } = await answer(["verify", "--store", store]);
    const [noted] = await ask("Backup and restore, with proof");
    expect(noted).toMatchObject({ name: "default", head: head.hash });
    const [book] = await ask("How far each book is, and when it was written to last");
    expect(book).toMatchObject({
      name: "default",
      commits: (noted as { commit: unknown }).commit,
      "last written": expect.any(Date),
    });
  });

  it("say how far lists are behind, and that they catch up", async () => {
    const title = "How far lists are behind";
    const copy = await copied();
    await atOnce(copy, "DELETE FROM tallystick.document_marks");
    const [{ position } = { position: 0 }] = (await atOnce(
      copy,
      "SELECT position FROM tallystick.books",
    )) as { position: unknown }[];
    expect(await atOnce(copy, queryOf(title))).toEqual([
      { name: "default", "events behind": position },
    ]);
    await atOnce(
      copy,
      "DELETE FROM tallystick.documents; DELETE FROM tallystick.document_currencies",
    );
    await answer(["statement", "--customer", "CUST-100234", "--store", copy]);
    expect(await atOnce(copy, queryOf(title))).toMatchObject([{ "events behind": "0" }]);
  });

  it("name who waits for a book and who holds it", async () => {
    const copy = await copied();
    const holder = await connected(copy);
    await holder.query("BEGIN");
    await holder.query("SELECT 1 FROM tallystick.books FOR UPDATE");
    const opened = await postgresStore(copy);
    onTestFinished(() => opened.close());
    const charged = openLedger({ store: opened }).createCustomer({ externalReference: "late" });
    const asking = await connected(copy);
    let found: unknown[] = [];
    // Each look is a round trip, in which the one that waits comes nearer.
    for (let look = 1; found.length === 0 && look <= 2000; look += 1)
      found = (await asking.query(queryOf("Who waits for a book, and for whom"))).rows;
    expect(found).toMatchObject([{ "holder doing": "idle in transaction" }]);
    await holder.query("COMMIT");
    expect(await charged).toBeDefined();
  });

  it("find nothing wrong in a month, and say which sum and which row was spoilt", async () => {
    const sums = "Whether the sums agree";
    const gaps = "Whether anything is missing";
    expect(await ask(sums)).toEqual([]);
    expect(await ask(gaps)).toEqual([]);
    const copy = await copied();
    await atOnce(
      copy,
      `ALTER TABLE tallystick.events DISABLE TRIGGER ALL;
      UPDATE tallystick.events SET effect = effect - 1 WHERE type = 'obligation.amount_applied'
        AND position = (SELECT max(position) FROM tallystick.events WHERE type = 'obligation.amount_applied' AND effect < 0)`,
    );
    expect(await atOnce(copy, queryOf(sums))).toHaveLength(1);
    await atOnce(copy, "DELETE FROM tallystick.events WHERE position = 7");
    expect(await atOnce(copy, queryOf(gaps))).toHaveLength(1);
  });

  it("say what each role may do", async () => {
    const [writer, reader] = [await newRole(store), await newRole(await server.database())];
    await atOnce(store, rolesSql({ writer: writer.name, reader: reader.name }));
    onTestFinished(async () => {
      await atOnce(store, `DROP OWNED BY "${reader.name}"`);
    });
    const rights = { reads: true, "writes by itself": false };
    expect(await ask("Roles")).toEqual(
      expect.arrayContaining([
        { role: writer.name, appends: true, ...rights },
        { role: reader.name, appends: false, ...rights },
      ]),
    );
  });

  it("erase what is personal and leave the chain whole", async () => {
    const copy = await copied();
    const opened = await postgresStore(copy);
    onTestFinished(() => opened.close());
    const ledger = openLedger({ store: opened });
    await ledger.createCustomer({ id: "bcus_example", externalReference: "E-1", name: "Ann" });
    expect((await ledger.retrieveCustomer("E-1")).name).toBe("Ann");
    await atOnce(copy, queryOf("Erasing personal data"));
    const afterwards = openLedger({ store: opened });
    expect((await afterwards.retrieveCustomer("E-1")).name).toBeUndefined();
    expect(JSON.stringify(await afterwards.listCustomers({ limit: 100 }))).not.toContain("Ann");
    expect(await afterwards.verify()).toMatchObject({ ok: true });
  });
});

describe("a restored copy", () => {
  it("verifies against the head that was noted, and fails where anything was changed or cut off", async () => {
    const { head } = await answer(["verify", "--store", store]);
    const whole = await copied();
    const verify = (url: string) =>
      tallystick(["verify", "--store", url, "--book", "default", "--head", head.hash, "--json"]);
    expect((await verify(whole)).code).toBe(0);
    const disable = ["events", "commits"].map(
      (table) => `ALTER TABLE tallystick.${table} DISABLE TRIGGER ALL`,
    );
    const spoilings = [
      `UPDATE tallystick.events SET amount = amount + 1
        WHERE position = (SELECT max(position) FROM tallystick.events WHERE amount IS NOT NULL)`,
      "DELETE FROM tallystick.events WHERE position = 9",
      `DELETE FROM tallystick.events WHERE commit_number = (SELECT commit_number FROM tallystick.books);
        DELETE FROM tallystick.commits WHERE number = (SELECT commit_number FROM tallystick.books);
        UPDATE tallystick.books b SET commit_number = c.number, position = c.first_position + c.event_count - 1, hash = c.hash
          FROM (SELECT * FROM tallystick.commits ORDER BY number DESC LIMIT 1) c`,
    ];
    for (const spoiling of spoilings) {
      const copy = await copied();
      await atOnce(copy, `${disable.join("; ")}; ${spoiling}`);
      expect((await verify(copy)).code, spoiling).toBe(1);
    }
  });
});
