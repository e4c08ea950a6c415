/** Snapshots, restores and forks, over every kind of store. */
import { join } from "node:path";
import { seededHost } from "@tallystick/adapters/host";
import { createMockServer } from "@tallystick/mock-server";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../cli/support.ts";
import { type Client, clientOf, noon, problemFields, startWithObjects } from "./support.ts";

const stores: readonly (readonly [string, () => Promise<string>])[] = [
  ["memory", async () => "memory:"],
  ["a folder", async () => `file:${join(await temporaryFolder(), "books")}`],
  ["an SQLite file", async () => `sqlite:${join(await temporaryFolder(), "books.db")}`],
];

const other = "sk_test_other";

/** The objects of `startWithObjects`, two payments and a refusal that was answered under a key. */
const startWithPayments = async (store: string): Promise<Client> => {
  const client = await startWithObjects({ store });
  await client.post("/_mock/payments", { bill: "BILL-1", amount: 700, payment_id: "pay_one" });
  await client.post("/_mock/payments", { customer: "CUST-1", amount: 120, payment_id: "pay_two" });
  await client.post("/billing/bills/NONE/void");
  return client;
};

const snapshotOf = async (client: Client): Promise<string> => {
  const { status, text, headers } = await client.get("/_mock/snapshot");
  expect([status, headers.get("content-type")]).toEqual([
    200,
    "application/x-ndjson; charset=utf-8",
  ]);
  return text;
};

const restore = (client: Client, raw: string | Uint8Array, key: string = other) =>
  client.send("PUT", "/_mock/snapshot", undefined, {
    key,
    raw,
    headers: { "content-type": "application/x-ndjson" },
  });

const isEmpty = async (client: Client, key: string): Promise<void> => {
  expect((await client.get("/_mock/events", { key })).body).toEqual({ data: [] });
};

/** What works in a merchant's book as in any: payments, lists, keys, its own clock. */
const works = async (client: Client, key: string): Promise<void> => {
  const asked = { key, idempotencyKey: "after-that" };
  const payment = { bill: "BILL-1", amount: 300, payment_id: "pay_later" };
  const first = await client.post("/_mock/payments", payment, asked);
  expect(first.status).toBe(201);
  const again = await client.post("/_mock/payments", payment, asked);
  expect([again.status, again.text]).toEqual([201, first.text]);
  const { body } = await client.get("/_mock/payments", { key });
  expect(body.data.map(({ id }: { id: string }) => id)).toEqual([
    "pay_one",
    "pay_two",
    "pay_later",
  ]);
  const bill = await client.get("/_mock/bills?owing=true", { key });
  expect(bill.body.data).toMatchObject([{ amount_paid: 1000 }]);
  const taken = { external_reference: "CUST-1" };
  problemFields(await client.post("/billing/customers", taken, { key }), 409, "conflict");
};

describe.each(stores)("a book over %s", (_name, place) => {
  it("goes out as JSON Lines, and into an empty merchant as it was", async () => {
    const client = await startWithPayments(await place());
    const text = await snapshotOf(client);
    const lines = text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ tallystick: "snapshot", commits: lines.length - 1 });
    const restored = await restore(client, text);
    expect(restored.body).toEqual({ position: lines[0].position, commits: lines[0].commits });
    expect((await client.get("/_mock/events", { key: other })).body).toEqual(
      (await client.get("/_mock/events")).body,
    );
    expect((await client.get("/_mock/snapshot", { key: other })).text).toBe(text);
    await works(client, other);
    expect(await snapshotOf(client)).toBe(text);
    problemFields(await restore(client, text), 409, "conflict");
  });

  it("begins another merchant's book, whole or up to a position", async () => {
    const client = await startWithPayments(await place());
    const { data } = (await client.get("/_mock/events")).body;
    const fork = (to: string, at_position?: number) =>
      client.post("/_mock/fork", { to, ...(at_position === undefined ? {} : { at_position }) });
    const forked = await fork(other);
    expect([forked.status, forked.body.position]).toEqual([201, data.length]);
    await works(client, other);
    expect((await client.get("/_mock/events")).body.data).toEqual(data);
    problemFields(await fork(other), 409, "conflict");

    // Before the first payment lies the commit of the bill: what it is, and then what it asks for.
    const paidAt = data.find(({ type }: { type: string }) =>
      type.endsWith("amount_applied"),
    ).position;
    const end = paidAt - 1;
    problemFields(await fork("sk_test_inside", end - 1), 422, "unprocessable");
    problemFields(await fork("sk_test_beyond", data.length + 1), 422, "unprocessable");
    for (const position of [0, -1, 1.5])
      problemFields(await fork("sk_test_none", position), 400, "invalid_request");
    for (const key of ["sk_test_inside", "sk_test_beyond", "sk_test_none"])
      await isEmpty(client, key);
    const at = await fork("sk_test_then", end);
    expect(at.body.position).toBe(end);
    expect((await client.get("/_mock/events", { key: "sk_test_then" })).body.data).toEqual(
      data.slice(0, end),
    );
    const paid = await client.post(
      "/_mock/payments",
      { bill: "BILL-1", amount: 100, payment_id: "pay_one" },
      { key: "sk_test_then" },
    );
    expect(paid.status).toBe(201);
  });

  it("leaves a merchant empty where the snapshot was damaged, and takes a whole one afterwards", async () => {
    const client = await startWithPayments(await place());
    const text = await snapshotOf(client);
    const lines = text.split("\n").slice(0, -1);
    problemFields(
      await restore(client, `${lines.slice(0, -1).join("\n")}\n`),
      422,
      "unprocessable",
    );
    await isEmpty(client, other);
    await client.post("/_mock/reset", undefined, { key: other });
    await isEmpty(client, other);
    expect((await restore(client, text)).status).toBe(200);
    await works(client, other);
  });

  it("keeps what was taken over through a restart, with a clock that is not before it", async () => {
    const store = await place();
    if (store === "memory:") return;
    const open = (seed: string): Client =>
      clientOf(createMockServer({ machine: seededHost({ seed }), clock: noon, store }));
    const before = open("before");
    onTestFinished(() => before.server.close());
    await before.post("/_mock/clock/advance", { seconds: 3600 });
    await before.post("/billing/customers", {
      external_reference: "C",
      currency: "ZAR",
      balance: 500,
    });
    await before.post("/_mock/fork", { to: other });
    const later = "2026-03-01T01:00:00.000Z";
    expect((await before.get("/_mock/clock", { key: other })).body).toEqual({
      now: later,
      frozen: true,
    });
    await before.server.close();
    const after = open("after");
    onTestFinished(() => after.server.close());
    expect((await after.get("/_mock/clock", { key: other })).body.now).toBe(later);
    expect((await after.get("/billing/customers/C", { key: other })).body.balance).toBe(500);
  });
});

describe("a snapshot", () => {
  it("of nothing is restored as nothing", async () => {
    const client = await startWithPayments("memory:");
    const { text } = await client.get("/_mock/snapshot", { key: other });
    expect((await restore(client, text)).body).toEqual({ position: 0, commits: 0 });
    await isEmpty(client, other);
  });

  it("is refused with the line that was changed, deleted, added, moved or cut, and nothing is restored", async () => {
    const client = await startWithPayments("memory:");
    const text = await snapshotOf(client);
    const lines = text.split("\n").slice(0, -1);
    const whole = (changed: readonly string[]): string => `${changed.join("\n")}\n`;
    const refused = async (changed: string, line: number): Promise<void> => {
      const answered = await restore(client, changed);
      expect(problemFields(answered, 422, "unprocessable"), changed).toEqual([`line ${line}`]);
      expect(answered.body.detail).toContain(`line ${line} `);
      await isEmpty(client, other);
    };
    for (const [index, line] of lines.entries()) {
      const at = index + 1;
      const swapped = [...lines];
      swapped.splice(index, 2, lines[index + 1] ?? "", line);
      await refused(
        whole(
          lines.with(
            index,
            line.replace(/\d(?=\D*$)/, (digit) => `${9 - Number(digit)}`),
          ),
        ),
        at,
      );
      await refused(whole(lines.with(index, ` ${line}`)), at);
      await refused(whole(lines.toSpliced(index, 1)), at);
      await refused(whole(lines.toSpliced(index, 0, line)), index === 0 ? 2 : at + 1);
      await refused(whole(lines.toSpliced(index, 0, "")), at);
      if (index < lines.length - 1) await refused(whole(swapped), at);
      await refused(lines.slice(0, at).join("\n").slice(0, -5), at);
    }
    await refused("", 1);
    await refused(text.slice(0, -1), lines.length);
    await refused(text.replaceAll("\n", "\r\n"), 1);
    await refused(`\ufeff${text}`, 1);
  });

  it("is refused whatever byte of it was changed", async () => {
    const client = await startWithPayments("memory:");
    const bytes = new TextEncoder().encode(await snapshotOf(client));
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(change, async ([at, bits]) => {
        const changed = bytes.with(at, (bytes[at] ?? 0) ^ bits);
        expect((await restore(client, changed)).status).toBe(422);
      }),
      { numRuns: 150, seed: 20_260_301 },
    );
    await isEmpty(client, other);
  });

  it("may be larger than any other body, and comes in pieces", async () => {
    const client = await startWithPayments("memory:");
    const metadata = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`k${index}`, "v".repeat(50_000 / 100)]),
    );
    for (let count = 0; count < 250; count += 1)
      await client.post("/billing/customers", { external_reference: `LONG-${count}`, metadata });
    const text = await snapshotOf(client);
    expect(text.length).toBeGreaterThan(1024 * 1024);
    const bytes = new TextEncoder().encode(text);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 1000) }, (_, index) =>
      bytes.subarray(index * 1000, (index + 1) * 1000),
    );
    const restored = await client.send("PUT", "/_mock/snapshot", undefined, {
      key: other,
      raw: ReadableStream.from(pieces),
    });
    expect(restored.status).toBe(200);
    expect((await client.get("/_mock/snapshot", { key: other })).text).toBe(text);
  });
});

/** A body whose next piece is given by hand. */
const byHand = (): {
  body: ReadableStream<Uint8Array>;
  controller: () => ReadableStreamDefaultController<Uint8Array>;
} => {
  let held: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      held = controller;
    },
  });
  return { body, controller: () => held as ReadableStreamDefaultController<Uint8Array> };
};

describe("a restore that takes long", () => {
  const begin = async () => {
    const client = await startWithPayments("memory:");
    const bytes = new TextEncoder().encode(await snapshotOf(client));
    const { body, controller } = byHand();
    const restoring = client.send("PUT", "/_mock/snapshot", undefined, { key: other, raw: body });
    controller().enqueue(bytes.subarray(0, bytes.length / 2));
    return { client, bytes, restoring, controller: controller() };
  };

  it("holds up nobody, and one that comes later may be first", async () => {
    const { client, bytes, restoring, controller } = await begin();
    await isEmpty(client, other);
    expect((await client.get("/_mock/snapshot", { key: other })).status).toBe(200);
    expect((await restore(client, bytes)).status).toBe(200);
    controller.enqueue(bytes.subarray(bytes.length / 2));
    controller.close();
    problemFields(await restoring, 409, "conflict");
    await works(client, other);
  });

  it("comes to nothing where the merchant has begun a book meanwhile", async () => {
    const { client, bytes, restoring, controller } = await begin();
    await client.post("/billing/customers", { external_reference: "OWN" }, { key: other });
    controller.enqueue(bytes.subarray(bytes.length / 2));
    controller.close();
    problemFields(await restoring, 409, "conflict");
    const { body } = await client.get("/_mock/customers", { key: other });
    expect(body.data).toMatchObject([{ external_reference: "OWN" }]);
  });

  it("comes to nothing where its sender goes away, also for what is sent afterwards", async () => {
    const { client, bytes, restoring, controller } = await begin();
    controller.error(new Error("gone"));
    problemFields(await restoring, 400, "invalid_request");
    await isEmpty(client, other);
    await client.post("/_mock/reset", undefined, { key: other });
    await isEmpty(client, other);
    expect((await restore(client, bytes)).status).toBe(200);
    await works(client, other);
  });
});

describe("a fork", () => {
  it("asks for a key that exists, and for something to begin with", async () => {
    const client = await startWithObjects();
    const fork = (to: unknown, key?: string) =>
      client.post("/_mock/fork", { to }, key === undefined ? {} : { key });
    for (const to of ["pk_test_1", "sk_test_", "nonsense", 5, undefined])
      expect(problemFields(await fork(to), 400, "invalid_request")).toEqual(["to"]);
    problemFields(await fork("sk_test_b", "sk_test_a"), 422, "unprocessable");
    const pinned = await startWithObjects({ secretKey: ["sk_test_9rZk3Lm0"] });
    const unknown = await pinned.post("/_mock/fork", { to: other });
    expect(problemFields(unknown, 422, "unprocessable")).toEqual(["to"]);
  });

  it("answers a key that was used in its book as it was answered there, and nothing twice", async () => {
    const client = await startWithObjects();
    const payment = { bill: "BILL-1", amount: 700 };
    const first = await client.post("/_mock/payments", payment, { idempotencyKey: "used" });
    await client.post("/_mock/fork", { to: other });
    const asked = { key: other, idempotencyKey: "used" };
    const again = await client.post("/_mock/payments", payment, asked);
    expect([again.status, again.text]).toEqual([201, first.text]);
    const bill = await client.get("/billing/bills/BILL-1", { key: other });
    expect(bill.body.amount_paid).toBe(700);
  });

  it("runs on its own clock", async () => {
    const client = await startWithObjects();
    await client.post("/_mock/fork", { to: other });
    await client.post("/_mock/clock/advance", { seconds: 60 }, { key: other });
    expect((await client.get("/_mock/clock")).body.now).toBe(noon);
  });
});
