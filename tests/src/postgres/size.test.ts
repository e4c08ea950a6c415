/**
 * A book with a hundred thousand entities: what a question reads depends on its answer and not on the
 * size of the book. Counted by the server, in rows and index entries; no time is measured.
 */
import { migrate, type PostgresStore, partitionsSql } from "@tallystick/adapters/postgres";
import type { CommitDraft, DocumentQuery, Store } from "@tallystick/core";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { a, book, connected, created, everything, first, openFresh } from "./fixture.ts";
import { atOnce, type LocalServer, startPostgres } from "./server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startPostgres(["fsync=off"]);
});
afterAll(() => server.stop());

const size = 100_000;

/** As many entities, payments and commits beside the one that is really there; their texts mean nothing. */
const crowd = `
INSERT INTO tallystick.documents
  SELECT 1, n + 100, (ARRAY['customer', 'account', 'bill', 'suspense'])[n % 4 + 1], 'crowd/' || n, 'R-' || n,
    'bcus_' || n % 50000, CASE WHEN n % 4 IN (1, 2) THEN 'bacc_' || n % 50000 END,
    CASE n % 4 WHEN 2 THEN (ARRAY['unpaid', 'paid', 'voided'])[n % 3 + 1] WHEN 3 THEN 'suspended' END,
    '["ZAR"]', (n % 2)::smallint, (n % 97 = 0)::int::smallint, 1, 2, 1, '{}'
  FROM generate_series(1, ${size}) n;
INSERT INTO tallystick.document_currencies
  SELECT 1, kind, CASE WHEN created_position % 1000 = 0 THEN 'KES' ELSE 'ZAR' END, created_position
  FROM tallystick.documents WHERE created_position > 100;
INSERT INTO tallystick.events (book, position, type, stream, revision, effective_at, recorded_at,
    commit_number, flags, id, schema_version)
  SELECT 1, n + 100, 'x', 'crowd/' || n % 20000, n / 20000 + 1, 0, 0, n + 100, 0, 'evt_' || n, 1
  FROM generate_series(1, ${size}) n;
INSERT INTO tallystick.claims
  SELECT 1, 'payment/pay_' || n % 50000 || '/crowd/' || n, n + 100 FROM generate_series(1, ${size}) n;
INSERT INTO tallystick.commits (book, number, first_position, event_count, recorded_at, body_hash, hash,
    outcome_key)
  SELECT 1, n + 100, n + 100, 1, 0, '', '', 'crowd ' || n FROM generate_series(1, ${size}) n;
`;

/** What one question has cost so far in its transaction. */
const read = async (client: pg.Client): Promise<{ scans: number; rows: number }> => {
  const { rows } = await client.query(`
    SELECT
      sum(pg_stat_get_xact_numscans(oid)) FILTER (WHERE relkind = 'r' AND relname NOT IN ('books', 'document_marks')) AS scans,
      sum(pg_stat_get_xact_tuples_returned(oid)) AS rows
    FROM pg_class WHERE relnamespace = 'tallystick'::regnamespace`);
  return { scans: Number(rows[0]?.scans), rows: Number(rows[0]?.rows) };
};

const queries: readonly Omit<DocumentQuery, "limit">[] = [
  { kind: "customer" },
  { kind: "customer", afterCreatedPosition: 90_000 },
  { kind: "customer", streamId: a },
  { kind: "customer", externalReference: "R-4000" },
  { kind: "customer", externalReference: "nobody" },
  { kind: "bill", customerId: "bcus_4002" },
  { kind: "bill", accountId: "bacc_4002" },
  { kind: "bill", status: "unpaid" },
  { kind: "bill", status: "unpaid", customerId: "bcus_4002" },
  { kind: "bill", status: "lost" },
  { kind: "customer", owing: true },
  { kind: "customer", credit: true },
  { kind: "bill", tracked: false },
  { kind: "bill", currency: "ZAR" },
  { kind: "bill", currency: "KES" },
  { kind: "suspense", status: "suspended" },
];

type Question = readonly [
  name: string,
  ask: (store: Store, draft: CommitDraft) => Promise<unknown>,
];
const questions: readonly Question[] = [
  ...queries.map(
    (query): Question => [
      `a list of ${JSON.stringify(query)}`,
      (store) => store.query(book, { ...query, limit: 20 }),
    ],
  ),
  ["an append", (store, draft) => store.append(book, draft)],
  ["revisions", (store) => store.revisions(book, [a, "customer/nobody"])],
  ["a stream", (store) => everything(store.readStream(book, a))],
  ["claims", (store) => store.resolveClaims(book, ["payment/pay_7/crowd/7", "x"])],
  ["the claims of a payment", (store) => store.paymentClaims(book, "pay_7")],
  ["an outcome", (store) => store.findOutcome(book, "key")],
  ["commits", (store) => everything(store.readCommits(book))],
  ["a subscription", (store) => first(1, store.subscribe(book))],
  ["the head", (store) => store.head(book)],
  ["the books", (store) => store.listBooks()],
];

const ask = async (url: string, store: PostgresStore, draft: CommitDraft): Promise<void> => {
  const client = await connected(url);
  for (const [name, question] of questions) {
    await client.query("BEGIN");
    await question(store.within(client), draft);
    const cost = await read(client);
    await client.query("ROLLBACK");
    expect(cost.scans, `${name} reads a whole table`).toBe(0);
    expect(cost.rows, `${name} reads many rows`).toBeLessThan(400);
  }
};

describe("a book with a hundred thousand entities", () => {
  it.each([
    ["whole", ""],
    ["partitioned", partitionsSql({ partitions: 4 })],
  ])(
    "answers every question by an index, in tables that are %s, before the server has counted its rows and after",
    async (_name, tables) => {
      const url = await server.database();
      await migrate(url);
      await atOnce(url, tables);
      const { store, drafts } = await openFresh(url);
      await store.append(book, drafts.of(drafts.created("a"), drafts.outcome("key")));
      await store.query(book, { kind: "customer", limit: 1 });
      const draft = created(drafts, "b");
      // The plans of a connection are made while the tables are small, and kept.
      await ask(url, store, draft);
      await atOnce(url, crowd);
      await ask(url, store, draft);
      await atOnce(url, "ANALYZE");
      await ask(url, store, draft);
      expect(await store.append(book, draft)).toMatchObject({ number: 2 });
    },
  );
});
