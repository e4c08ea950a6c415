import type { DatabaseSync } from "node:sqlite";
import { type DocumentQuery, documentsVersion, openLedger } from "@tallystick/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { draftsFor } from "../contract/drafts.ts";
import { appendAll, book, chargedHistory } from "../contract/fixture.ts";
import { temporaryPath } from "../file/temporary-folder.ts";
import { loadSqlite } from "../host/load-sqlite.ts";
import { seededHost } from "../host/seeded-host.ts";
import { indexStatements } from "./book-index.ts";
import { boundStatement, documentStatements, queryStatement } from "./documents.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { pageStatements } from "./pages.ts";
import { applicationId } from "./schema.ts";
import { type SqliteStore, sqliteStore } from "./sqlite-store.ts";

// Loaded as the stores load it: without the warning.
const { DatabaseSync: Database } = loadSqlite();

/** The file as any SQL tool meets it. */
const tool = (path: string): DatabaseSync => {
  const database = new Database(path);
  onTestFinished(() => database.close());
  return database;
};

const filled = async (): Promise<{ path: string; store: SqliteStore; database: DatabaseSync }> => {
  const path = await temporaryPath("books.db");
  const host = seededHost();
  const store = await sqliteStore(path, { host });
  onTestFinished(() => store.close());
  await appendAll(store, chargedHistory(draftsFor(host), 3));
  return { path, store, database: tool(path) };
};

const rows = (database: DatabaseSync, sql: string, ...cells: (string | number)[]): unknown[] =>
  database
    .prepare(sql)
    .all(...cells)
    .map((row) => ({ ...row }));

describe("a file of books, to any SQL tool", () => {
  it("says what it is, and which migrations made it", async () => {
    const { database } = await filled();
    expect(rows(database, "PRAGMA application_id")).toEqual([{ application_id: applicationId }]);
    expect(rows(database, "PRAGMA user_version")).toEqual([{ user_version: 1 }]);
    expect(rows(database, "SELECT version, applied_at FROM migrations")).toEqual([
      { version: 1, applied_at: Date.UTC(2026, 2, 1) },
    ]);
    expect(rows(database, "PRAGMA journal_mode")).toEqual([{ journal_mode: "wal" }]);
  });

  it("shows each fact of an event in a column", async () => {
    const { database } = await filled();
    const charged = "SELECT * FROM events WHERE type = 'obligation.amount_charged'";
    expect(rows(database, `${charged} ORDER BY position LIMIT 1`)).toMatchObject([
      {
        type: "obligation.amount_charged",
        stream: "customer/bcus_a",
        revision: 3,
        obligation: "ob_a",
        currency: "ZAR",
        amount: 1,
        effect: 1,
        balance_after: 1001,
        effective_at: Date.UTC(2026, 2, 1),
        recorded_at: Date.UTC(2026, 2, 1),
        commit_number: 2,
        position: 3,
        book: 1,
      },
    ]);
  });

  it("sums effects to the balances that the ledger gives", async () => {
    const path = await temporaryPath("books.db");
    const store = await sqliteStore(path);
    onTestFinished(() => store.close());
    const ledger = openLedger({ store, book });
    for (const name of ["A", "B", "C"]) {
      await ledger.createCustomer({ externalReference: name, currency: "ZAR" });
      await ledger.setBalance({ customer: name, balance: 5000, currency: "ZAR" });
      await ledger.charge({ customer: name, amount: 700, currency: "ZAR" });
      await ledger.recordPayment({ customer: name, amount: 900, currency: "ZAR" });
    }
    await ledger.setBalance({ customer: "B", balance: 31, currency: "KES" });
    const sums = rows(
      tool(path),
      `SELECT stream, currency, sum(effect) AS balance FROM events
        WHERE effect IS NOT NULL AND currency IS NOT NULL GROUP BY stream, currency`,
    ) as { stream: string; currency: string; balance: number }[];
    expect(sums).toHaveLength(4);
    for (const { stream, currency, balance } of sums) {
      const { balances } = await ledger.balanceOf({ customer: stream.replace("customer/", "") });
      const given = balances.find((one) => one.currency === currency)?.balance ?? 0;
      expect({ stream, currency, balance }).toEqual({ stream, currency, balance: given });
    }
  });

  it("refuses to change or delete an event or a commit", async () => {
    const { database } = await filled();
    for (const sql of [
      "UPDATE events SET effect = 5",
      "UPDATE events SET data = NULL, type = 'x' WHERE place = 0 OR revision = 1",
      "DELETE FROM events",
      "UPDATE commits SET hash = x'00'",
      "DELETE FROM commits WHERE event_count > 0",
    ])
      expect(() => database.exec(sql), sql).toThrow(/a correction is one more event/);
  });

  it("refuses to put another row in the place of one, which no trigger on deletion would see", async () => {
    const { database, store } = await filled();
    for (const [table, what] of [
      ["events", "an event"],
      ["commits", "a commit"],
    ] as const) {
      const columns = rows(database, `SELECT name FROM pragma_table_info('${table}')`)
        .map((row) => (row as { name: string }).name)
        .join(", ");
      const same = `INTO ${table} (${columns}) SELECT ${columns} FROM ${table}`;
      for (const sql of [
        `INSERT OR REPLACE ${same}`,
        `REPLACE ${same}`,
        `INSERT OR IGNORE ${same}`,
      ])
        expect(() => database.exec(sql), sql).toThrow(`${what} is never replaced`);
    }
    expect(await openLedger({ store, book }).verify()).toMatchObject({ ok: true, events: 5 });
  });

  it("lets personal data be erased, and nothing be put in their place", async () => {
    const { database, store } = await filled();
    expect(() => database.exec("UPDATE events SET personal = '{}'")).toThrow(/erased or left/);
    database.exec("UPDATE events SET personal = NULL");
    expect(await openLedger({ store, book }).verify()).toMatchObject({ ok: true, events: 5 });
  });
});

/** How SQLite means to answer a statement. */
const planIn =
  (database: DatabaseSync) =>
  (text: string): string =>
    rows(database, `EXPLAIN QUERY PLAN ${text}`)
      .map((row) => (row as { detail: string }).detail)
      .join("; ");

describe("a file that a later version takes over while it is open", () => {
  it("is written and answered from no more", async () => {
    const { store, database } = await filled();
    database.exec("PRAGMA user_version = 2");
    const drafts = draftsFor(seededHost({ seed: 2 }));
    const refused = { code: "UNKNOWN_SCHEMA_VERSION", detail: { version: 2, supported: 1 } };
    await expect(store.append(book, drafts.of(drafts.created("b")))).rejects.toMatchObject(refused);
    await expect(store.head(book)).rejects.toMatchObject(refused);
    expect(rows(database, "SELECT count(*) AS n FROM commits")).toEqual([{ n: 4 }]);
  });
});

describe("the hot paths of a file of books", () => {
  it("search an index each, and scan nothing", async () => {
    const { database } = await filled();
    const planOf = planIn(database);
    const plans = Object.entries({ ...indexStatements, ...pageStatements, ...documentStatements })
      .filter(([, text]) => !text.startsWith("INSERT"))
      .map(([name, text]) => [name, planOf(text)] as const);
    expect(plans.length).toBeGreaterThan(8);
    for (const [name, plan] of plans) {
      expect(plan, name).toMatch(/SEARCH/);
      expect(plan, name).not.toMatch(/SCAN|TEMP B-TREE/);
    }
  });

  it("answer every filter of a list from an index, in order, and scan nothing", async () => {
    const { database } = await filled();
    const planOf = planIn(database);
    const lists: [string, Partial<DocumentQuery>][] = [
      ["documents_by_kind", {}],
      ["documents_by_stream", { streamId: "customer/bcus_a" }],
      ["documents_by_reference", { externalReference: "ref-a" }],
      ["documents_by_customer", { customerId: "bcus_a" }],
      ["documents_by_account", { accountId: "bacc_a", status: "paid" }],
      ["documents_by_status", { status: "paid" }],
      ["documents_by_owing", { owing: true, currency: "ZAR" }],
      ["documents_by_owing", { owing: false }],
      ["documents_by_credit", { credit: true }],
      ["documents_by_tracked", { tracked: false }],
      ["document_currencies", { currency: "ZAR" }],
      ["documents_by_status", { status: "unpaid", afterCreatedPosition: 7 }],
    ];
    for (const [index, query] of lists) {
      const { text } = queryStatement(1, { kind: "bill", limit: 10, ...query });
      const plan = planOf(text);
      const table = index === "document_currencies" ? /SEARCH c USING PRIMARY KEY/ : index;
      expect(plan, JSON.stringify(query)).toMatch(table);
      expect(plan, JSON.stringify(query)).not.toMatch(/SCAN|TEMP B-TREE/);
      const bound = boundStatement("main", 1, { kind: "bill", limit: 10, ...query });
      if (bound !== undefined)
        expect(planOf(bound.text), JSON.stringify(query)).toMatch(
          `SEARCH d USING COVERING INDEX ${index}`,
        );
    }
  });
});

describe("documents", () => {
  it("that few of many answer to are found in many short turns, and no page misses or repeats one", async () => {
    const path = await temporaryPath("books.db");
    const host = seededHost();
    const store = await sqliteStore(path, { host });
    onTestFinished(() => store.close());
    const drafts = draftsFor(host);
    const count = 2200;
    await Promise.all(
      Array.from({ length: count }, (_, n) =>
        store.append(book, drafts.of(drafts.created(`n${n}`, { owed: n % 700 === 0 ? -5 : 5 }))),
      ),
    );
    const reader = await sqliteStore(path, { readOnly: true });
    onTestFinished(() => reader.close());
    for (const asked of [reader, store]) {
      let [turns, counting] = [0, true];
      const turn = (): void => {
        turns += 1;
        if (counting) setImmediate(turn);
      };
      const none = { kind: "customer", owing: true, currency: "KES", limit: 9 } as const;
      await asked.query(book, { ...none, limit: 1 });
      setImmediate(turn);
      expect((await asked.query(book, none)).documents).toEqual([]);
      counting = false;
      expect(turns).toBeGreaterThanOrEqual(2);
      const streams: string[] = [];
      const rare = { kind: "customer", credit: true, currency: "ZAR", owing: false } as const;
      for (let after: number | undefined = 0; after !== undefined; ) {
        const page = await asked.query(book, { ...rare, limit: 3, afterCreatedPosition: after });
        streams.push(...page.documents.map(({ streamId }) => streamId));
        after = page.next;
      }
      expect(streams).toEqual([0, 700, 1400, 2100].map((n) => `customer/bcus_n${n}`));
    }
  });

  it("are made again when their definition has another version", async () => {
    const { store, database } = await filled();
    const query: DocumentQuery = { kind: "customer", limit: 9 };
    const before = await store.query(book, query);
    database.exec("UPDATE books SET documents_version = 'older'");
    database.exec("UPDATE documents SET state = '{}', owing = 0, revision = 1");
    expect(await store.query(book, query)).toEqual(before);
    expect(rows(database, "SELECT documents_version AS version FROM books")).toEqual([
      { version: documentsVersion },
    ]);
  });

  it("of a file that can only be read are folded beside it, over what is stored and from nothing", async () => {
    const { path, store } = await filled();
    const query: DocumentQuery = { kind: "customer", limit: 9 };
    const ask = async (): Promise<unknown> => {
      const reader = await sqliteStore(path, { readOnly: true });
      const page = await reader.query(book, query);
      await reader.close();
      return page;
    };
    const fromNothing = await ask();
    expect(fromNothing).toEqual(await store.query(book, query));
    expect(await ask()).toEqual(fromNothing);
    const drafts = draftsFor(seededHost({ seed: 2 }));
    await store.append(book, drafts.of([drafts.charged({ name: "a", at: 5, owed: 1003 }, 7)]));
    await store.append(book, drafts.of(drafts.created("b")));
    const overStored = await ask();
    expect(overStored).toEqual(await store.query(book, query));
    expect(overStored).toMatchObject({ position: 8, documents: [{ revision: 6 }, {}] });
  });
});

describe("the index tables", () => {
  it("hold everything once a store has closed, so that the next one reads nothing to open", async () => {
    const path = await temporaryPath("books.db");
    const host = seededHost();
    const store = await openSqliteStore(path, { host }, 1000);
    const drafts = draftsFor(host);
    await appendAll(store, chargedHistory(drafts, 3));
    await store.append(book, drafts.of([], drafts.outcome("key")));
    await store.close();
    const database = tool(path);
    expect(rows(database, "SELECT indexed_commit FROM books")).toEqual([{ indexed_commit: 5 }]);
    expect(rows(database, "SELECT count(*) AS n FROM stream_places")).toEqual([{ n: 5 }]);
    expect(rows(database, "SELECT count(*) AS n FROM claim_places")).toEqual([{ n: 2 }]);
    expect(rows(database, "SELECT count(*) AS n FROM outcome_places")).toEqual([{ n: 1 }]);
  });
});
