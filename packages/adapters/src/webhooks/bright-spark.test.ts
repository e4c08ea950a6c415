/** One merchant's month (examples/bright-spark), received in every order in which it could arrive. */
import { readFileSync } from "node:fs";
import { type Ledger, type MirrorInput, openLedger, toCamelCase } from "@tallystick/core";
import { expect, it } from "vitest";
import { seededHost } from "../host/node-host.ts";
import { memoryStore } from "../memory/memory-store.ts";
import { createWebhookReceiver, type WebhookReceiver } from "./receiver.ts";

interface Line {
  readonly received_at: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
interface Expected {
  readonly webhook_secret: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly balances: Readonly<Record<string, object>>;
  readonly suspense: readonly { readonly payment_id: string; readonly reason: string }[];
}

const folder = new URL("../../../../examples/bright-spark/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const lines = <Item>(name: string): Item[] =>
  read(name)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Item);

const expected = JSON.parse(read("expected.json")) as Expected;
const deliveries = lines<Line>("webhooks.jsonl");
const objects = lines<{ readonly object: "customer" | "account" | "bill" }>("api-objects.jsonl");
const owners = ["customer", "account", "bill"];
const mirrorOrder = objects.toSorted((a, b) => owners.indexOf(a.object) - owners.indexOf(b.object));

const { counts } = expected;
const figures = {
  deliveries: counts["deliveries"],
  applied: counts["applied"],
  duplicates: counts["duplicates"],
  rejected: counts["rejected"],
  suspended: counts["suspense"],
  ignored: 0,
  flagged: counts["flagged"],
};

const open = (): { ledger: Ledger; receiver: WebhookReceiver } => {
  const host = seededHost({ now: Date.UTC(2026, 3, 1) });
  const ledger = openLedger({ store: memoryStore({ host }) });
  return { ledger, receiver: createWebhookReceiver({ ledger, secret: expected.webhook_secret }) };
};

const mirrorAll = async (ledger: Ledger): Promise<void> => {
  for (const object of mirrorOrder)
    await ledger.mirror(toCamelCase(object) as MirrorInput, {
      effectiveAt: "2026-03-01T00:00:00Z",
    });
};

const deliverAll = async (receiver: WebhookReceiver, month: readonly Line[]): Promise<void> => {
  for (const { received_at: receivedAt, headers, body } of month)
    await receiver.receive({ headers, body, receivedAt });
};

/** The balances in the words of expected.json. */
const balancesOf = async (ledger: Ledger): Promise<Record<string, object>> => {
  const all: [string, object][] = [];
  for (const list of [ledger.listCustomers, ledger.listAccounts]) {
    for (let after: string | undefined, more = true; more; ) {
      const { data, next } = await list({ limit: 500, ...(after === undefined ? {} : { after }) });
      for (const { id, balance } of data) if (balance !== undefined) all.push([id, { balance }]);
      [after, more] = [next, next !== undefined];
    }
  }
  for (let after: string | undefined, more = true; more; ) {
    const { data, next } = await ledger.listBills({
      limit: 500,
      ...(after === undefined ? {} : { after }),
    });
    for (const { id, amountPaid, amountRemaining, status } of data)
      all.push([id, { amount_paid: amountPaid, amount_remaining: amountRemaining, status }]);
    [after, more] = [next, next !== undefined];
  }
  return Object.fromEntries(all);
};

const suspenseOf = async (ledger: Ledger): Promise<object[]> => {
  const { data } = await ledger.listSuspense({ limit: 500 });
  return data
    .map(({ paymentId, amount, currency, reason }) => ({
      payment_id: paymentId,
      amount,
      currency,
      reason,
    }))
    .sort((a, b) => (a.payment_id < b.payment_id ? -1 : 1));
};

const expectTheMonth = async (ledger: Ledger): Promise<void> => {
  expect(await balancesOf(ledger)).toEqual(expected.balances);
  const suspense = expected.suspense.toSorted((a, b) => (a.payment_id < b.payment_id ? -1 : 1));
  expect(await suspenseOf(ledger)).toEqual(suspense);
};

/** The same month in another order: sorted by the hash of a seed and the place. */
const shuffled = (seed: number): readonly Line[] => {
  const { sha256 } = seededHost();
  return deliveries
    .map((line, place) => ({ line, key: sha256(`${seed}/${place}`) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ line }) => line);
};

it("gives the figures of expected.json in the order of arrival", async () => {
  const { ledger, receiver } = open();
  await mirrorAll(ledger);
  await deliverAll(receiver, deliveries);
  expect(receiver.counts).toEqual(figures);
  await expectTheMonth(ledger);
});

it.each([1, 2, 3])("gives them in shuffled order %i, save for what was flagged", async (seed) => {
  const { ledger, receiver } = open();
  await mirrorAll(ledger);
  await deliverAll(receiver, shuffled(seed));
  const { flagged: _, ...rest } = figures;
  expect(receiver.counts).toMatchObject(rest);
  await expectTheMonth(ledger);
});

it("gives them when the whole month arrives at once", async () => {
  const { ledger, receiver } = open();
  await mirrorAll(ledger);
  await Promise.all(
    deliveries.map(({ received_at: receivedAt, headers, body }) =>
      receiver.receive({ headers, body, receivedAt }),
    ),
  );
  const { flagged: _, ...rest } = figures;
  expect(receiver.counts).toMatchObject(rest);
  await expectTheMonth(ledger);
});

it("changes nothing when it is delivered a second time", async () => {
  const { ledger, receiver } = open();
  await mirrorAll(ledger);
  await deliverAll(receiver, deliveries);
  const before = await ledger.head();
  await deliverAll(receiver, shuffled(4));
  expect(await ledger.head()).toEqual(before);
  const { deliveries: all, rejected } = receiver.counts;
  expect([all, rejected]).toEqual([2 * deliveries.length, 2 * (counts["rejected"] ?? 0)]);
  expect(receiver.counts).toMatchObject({ applied: figures.applied, suspended: figures.suspended });
});

it("comes to the same when every webhook arrives before the objects are mirrored", async () => {
  const { ledger, receiver } = open();
  await deliverAll(receiver, deliveries);
  expect(receiver.counts).toMatchObject({ suspended: counts["payments"], applied: 0 });
  await mirrorAll(ledger);
  await expectTheMonth(ledger);
});

it("comes to the same when the objects are mirrored in the middle of it", async () => {
  const { ledger, receiver } = open();
  await deliverAll(receiver, deliveries.slice(0, 700));
  await mirrorAll(ledger);
  await deliverAll(receiver, deliveries.slice(700));
  await expectTheMonth(ledger);
});

it("is told over HTTP with one 401 for each forgery and 200 for everything else", async () => {
  const { ledger } = open();
  await mirrorAll(ledger);
  let arrival = 0;
  const receiver = createWebhookReceiver({
    ledger,
    secret: expected.webhook_secret,
    now: () => arrival,
  });
  const statuses = new Map<number, number>();
  for (const { received_at, headers, body } of deliveries) {
    arrival = Date.parse(received_at);
    const request = new Request("https://brightspark.example/", { method: "POST", headers, body });
    const { status } = await receiver(request);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  expect([...statuses].sort(([a], [b]) => a - b)).toEqual([
    [200, deliveries.length - (counts["rejected"] ?? 0)],
    [401, counts["rejected"]],
  ]);
  expect(receiver.counts).toEqual(figures);
});
