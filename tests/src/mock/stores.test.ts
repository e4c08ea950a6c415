/** The mock over every kind of store: what a restart and a crash leave. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore } from "@tallystick/adapters/file";
import { seededHost } from "@tallystick/adapters/host";
import { openOrMake } from "@tallystick/adapters/postgres";
import { fileRecords, type Records, sqliteRecords } from "@tallystick/adapters/records";
import { sqliteStore } from "@tallystick/adapters/sqlite";
import type { Store } from "@tallystick/core";
import { createMockServer } from "@tallystick/mock-server";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type LocalServer, startPostgres } from "../postgres/server.ts";
import { type Client, clientOf, noon, problemFields } from "./support.ts";

interface Place {
  readonly url: string;
  readonly openStore: () => Promise<Store>;
  readonly openRecords: () => Promise<Records>;
}

let postgres: LocalServer;
beforeAll(async () => {
  postgres = await startPostgres(["fsync=off"]);
});
afterAll(() => postgres.stop());

const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "tallystick-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const places: readonly (readonly [string, () => Promise<Place>])[] = [
  [
    "a folder",
    async () => {
      const folder = join(await temporaryFolder(), "books");
      return {
        url: `file:${folder}`,
        openStore: () => fileStore(`${folder}/`),
        openRecords: async () => fileRecords(folder),
      };
    },
  ],
  [
    "an SQLite file",
    async () => {
      const path = join(await temporaryFolder(), "books.db");
      return {
        url: `sqlite:${path}`,
        openStore: () => sqliteStore(path),
        openRecords: () => sqliteRecords(path),
      };
    },
  ],
  [
    "a schema in PostgreSQL",
    async () => {
      const url = `${await postgres.database()}?schema=mock`;
      return {
        url,
        openStore: () => openOrMake(url),
        openRecords: async () => {
          const store = await openOrMake(url);
          onTestFinished(() => store.close());
          return store.records();
        },
      };
    },
  ],
];

/** A server on a place; the next one has to wait for this one's end. */
const open = (place: Place, seed: string): Client =>
  clientOf(createMockServer({ machine: seededHost({ seed }), clock: noon, store: place.url }));

const setUp = async (client: Client): Promise<void> => {
  await client.post("/billing/customers", {
    external_reference: "C-1",
    currency: "ZAR",
    balance: 50_000,
  });
};

/** As if the process had died after the ledger's commits, and before their replies were stored. */
const loseReplies = async (place: Place): Promise<void> => {
  const records = await place.openRecords();
  for (const owner of await records.owners())
    await records.write(owner, [{ kind: "clear", collection: "replies" }]);
  await records.close();
};

const eventCount = async (place: Place): Promise<number> => {
  const store = await place.openStore();
  let count = 0;
  for (const book of await store.listBooks()) count += (await store.head(book))?.position ?? 0;
  await store.close();
  return count;
};

describe.each(places)("a mock over %s", (_name, begin) => {
  it("remembers objects, clock, settings, replies and a deleted key over a restart", async () => {
    const place = await begin();
    const before = open(place, "before");
    await setUp(before);
    await before.patch("/_mock/settings", { currencies: ["ZAR", "EUR"] });
    await before.post("/_mock/clock/advance", { seconds: 60 });
    const payment = { customer: "C-1", amount: 700 };
    const asked = { idempotencyKey: "pay-once" };
    const first = await before.post("/_mock/payments", payment, asked);
    await before.send("DELETE", "/_mock/key");
    await before.server.close();

    const after = open(place, "after");
    const again = await after.post("/_mock/payments", payment, asked);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect((await after.get("/_mock/clock")).body.now).toBe("2026-03-01T00:01:00.000Z");
    expect((await after.get("/_mock/settings")).body.currencies).toEqual(["ZAR", "EUR"]);
    problemFields(await after.get("/billing/customers/C-1"), 403, "forbidden");
    await after.server.close();
  });

  it("is one server's at a time", async () => {
    const place = await begin();
    const first = open(place, "first");
    await setUp(first);
    const second = createMockServer({ store: place.url });
    onTestFinished(() => second.close().catch(() => undefined));
    await expect(second.listen()).rejects.toMatchObject({ code: "STORE_LOCKED" });
    expect((await first.get("/billing/customers/C-1")).status).toBe(200);
    await first.server.close();
    const third = open(place, "third");
    expect((await third.get("/billing/customers/C-1")).status).toBe(200);
    await third.server.close();
  });

  it("gives the same answer without a second event where the reply was lost (IDEM-09)", async () => {
    const place = await begin();
    const before = open(place, "before");
    await setUp(before);
    const requests = [
      ["/_mock/payments", { customer: "C-1", amount: 700 }],
      ["/_mock/payments", { customer: "C-1", amount: 99 }],
      [
        "/billing/bills",
        { customer: "C-1", external_reference: "B", currency: "ZAR", amount_due: 5 },
      ],
      ["/billing/accounts", { customer: { external_reference: "C-2" }, external_reference: "A" }],
      ["/billing/accounts", { customer: "C-9", external_reference: "A-2" }],
      ["/billing/bills/B/void", undefined],
    ] as const;
    const send = async (client: Client) => {
      const answers: (readonly [number, string])[] = [];
      for (const [index, [path, body]] of requests.entries()) {
        const { status, text } = await client.post(path, body, { idempotencyKey: `r-${index}` });
        answers.push([status, text]);
      }
      return answers;
    };
    const first = await send(before);
    expect(first.map(([status]) => status)).toEqual([201, 422, 201, 201, 404, 200]);
    await before.server.close();
    const written = await eventCount(place);
    await loseReplies(place);

    const after = open(place, "after");
    // Another day, other numbers: the answers are those of then.
    await after.post("/_mock/clock/advance", { seconds: 3600 });
    expect(await send(after)).toEqual(first);
    const other = { customer: "C-1", amount: 701 };
    await after.server.close();
    await loseReplies(place);
    const third = open(place, "third");
    const reused = await third.post("/_mock/payments", other, { idempotencyKey: "r-0" });
    problemFields(reused, 422, "unprocessable");
    await third.server.close();
    expect(await eventCount(place)).toBe(written);
  });

  it("leaves nothing behind for who only reads", async () => {
    const place = await begin();
    const client = open(place, "reader");
    await client.get("/billing/customers/C-1");
    await client.get("/_mock/clock");
    await client.server.close();
    const records = await place.openRecords();
    expect(await records.owners()).toEqual([]);
    await records.close();
    const store = await place.openStore();
    expect(await store.listBooks()).toEqual([]);
    await store.close();
  });

  it("names books by a hash and a generation, and never by a key", async () => {
    const place = await begin();
    const client = open(place, "named");
    await setUp(client);
    await client.post("/_mock/reset");
    await setUp(client);
    await client.server.close();
    const store = await place.openStore();
    const [first = "", second = ""] = await store.listBooks();
    expect(first).toMatch(/^test-[0-9a-f]{40}-1$/);
    expect(second).toBe(first.replace(/1$/, "2"));
    await store.close();
  });
});

describe("a store URL", () => {
  it("is not repeated with its password", async () => {
    for (const store of ["postgress://me:sesame@host/books", "postgres:me:sesame@host"])
      await expect(createMockServer({ store }).listen()).rejects.toMatchObject({
        code: "INVALID_INPUT",
        message: expect.not.stringContaining("sesame"),
      });
  });

  it("that names no kind of store is refused with those that there are", async () => {
    for (const store of ["books.db", "redis://x", "file:", "C:\\books"]) {
      const server = createMockServer({ store });
      const request = new Request("http://mock.test/_mock/clock", {
        headers: { authorization: "Bearer sk_test_a" },
      });
      await expect(server.fetch(request)).rejects.toThrow(/^store .* (is of no kind|needs a path)/);
    }
  });
});

describe("many merchants", () => {
  it("keep their objects although few are at hand at a time", async () => {
    const server = createMockServer({ machine: seededHost() });
    onTestFinished(() => server.close());
    const clients = Array.from({ length: 1100 }, (_, n) => clientOf(server, `sk_test_${n}`));
    await Promise.all(
      clients.map((client) => client.post("/billing/customers", { external_reference: "C" })),
    );
    await clients[0]?.patch("/billing/customers/C", { name: "First" });
    for (const client of clients.slice(1, 1100))
      expect((await client.get("/billing/customers/C")).body.name).toBeUndefined();
    expect((await clients[0]?.get("/billing/customers/C"))?.body.name).toBe("First");
  });
});
