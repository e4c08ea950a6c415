/** A merchant's integration tests against the mock, in one process: no port, no waiting, no shared state. */

// #region start
import { createMockServer } from "@tallystick/mock-server";
import { afterAll, expect, it } from "vitest";

/** Who takes webhooks in, by URL: nobody opens a port. */
const endpoints = new Map<string, (request: Request) => Promise<Response>>();
const mock = createMockServer({
  clock: "2026-03-01T08:00:00Z",
  deliver: async (request) =>
    (await endpoints.get(request.url)?.(request)) ?? new Response(null, { status: 404 }),
});
afterAll(() => mock.close());

// #endregion

// #region shop
import { memoryStore } from "@tallystick/adapters/memory";
import { createMomentClient } from "@tallystick/adapters/moment";
import { createWebhookReceiver } from "@tallystick/adapters/webhooks";
import { openLedger } from "@tallystick/core";

/** What is tested: raises bills at Moment, keeps them in a ledger of its own, takes webhooks in. */
const createShop = (secretKey: string, webhookSecret: string, now: () => number) => {
  const ledger = openLedger({ store: memoryStore() });
  const moment = createMomentClient({ secretKey, fetch: mock.fetch, retry: { baseMs: 1 } });
  const receiver = createWebhookReceiver({ ledger, secret: webhookSecret, now });
  return {
    ledger,
    receiver,
    /** Raises a bill once, however often the job runs. */
    async raise(reference: string, amountDue: number) {
      const bill = { externalReference: reference, currency: "ZAR", amountDue };
      const { entity, replayed } = await moment.bills.create(
        { ...bill, customer: { externalReference: `OF-${reference}` }, dueDate: "2026-03-25" },
        { idempotencyKey: `raise-${reference}` },
      );
      await ledger.mirror(await moment.customers.retrieve(entity.customerId));
      await ledger.mirror(entity);
      return { bill: entity, replayed };
    },
    /** References of the bills that a reminder is due for. */
    async overdue(today: string) {
      const { data } = await ledger.listBills({ owing: true });
      return data
        .filter(({ dueDate = today }) => dueDate < today)
        .map(({ externalReference }) => externalReference);
    },
  };
};
// #endregion

// #region merchant
type Clock = { readonly now: string };
let opened = 0;

/** A merchant of a test's own: a key that nobody else has, an endpoint, and a shop on the mock's clock. */
const openMerchant = async () => {
  opened += 1;
  const secretKey = `sk_test_shop${opened}`;
  const tell = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await mock.fetch(
      new Request(`http://mock${path}`, {
        method,
        headers: { authorization: `Bearer ${secretKey}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as Answer;
  };
  let { now } = await tell<Clock>("GET", "/_mock/clock");
  const url = `https://shop.test/${secretKey}`;
  const { secret } = await tell<{ secret: string }>("POST", "/_mock/webhook_endpoints", { url });
  const shop = createShop(secretKey, secret, () => Date.parse(now));
  endpoints.set(url, shop.receiver);
  /** Pays as a payer would, and resolves when every webhook that is due has been answered. */
  const pay = async (bill: string, amount: number) => {
    await tell("POST", "/_mock/payments", { bill, amount });
    await mock.settled();
  };
  /** Moves the mock's clock and the shop's: what becomes due on the way happens before it resolves. */
  const travelTo = async (instant: string) => {
    ({ now } = await tell<Clock>("PUT", "/_mock/clock", { now: instant }));
    await mock.settled();
  };
  return { shop, tell, pay, travelTo };
};
// #endregion

// #region paid
it("a payment reaches the shop's own ledger", async () => {
  const { shop, pay } = await openMerchant();
  await shop.raise("BILL-1", 37_650);
  await pay("BILL-1", 12_550);
  expect(await shop.ledger.retrieveBill("BILL-1")).toMatchObject({
    amountPaid: 12_550,
    amountRemaining: 25_100,
  });
});
// #endregion

// #region duplicate
it("a webhook that arrives twice pays once", async () => {
  const { shop, tell, pay } = await openMerchant();
  await shop.raise("BILL-1", 37_650);
  await tell("POST", "/_mock/faults", { on: "webhook", effect: "duplicate" });
  await pay("BILL-1", 12_550);
  expect(shop.receiver.counts).toMatchObject({ deliveries: 2, applied: 1, duplicates: 1 });
  expect((await shop.ledger.retrieveBill("BILL-1")).amountPaid).toBe(12_550);
});
// #endregion

// #region lost
it("a reply that gets lost makes no second bill", async () => {
  const { shop, tell } = await openMerchant();
  const on = { method: "POST", path: "/billing/bills" };
  await tell("POST", "/_mock/faults", { on, effect: "commit_then_drop" });
  const { bill, replayed } = await shop.raise("BILL-1", 37_650);
  expect(replayed).toBe(true);
  const { data } = await tell<{ data: { id: string }[] }>("GET", "/_mock/bills");
  expect(data.map(({ id }) => id)).toEqual([bill.id]);
});
// #endregion

// #region overdue
it("a reminder is due for what is unpaid a month later, and for nothing else", async () => {
  const { shop, pay, travelTo } = await openMerchant();
  await shop.raise("BILL-1", 37_650);
  await shop.raise("BILL-2", 5_000);
  expect(await shop.overdue("2026-03-01")).toEqual([]);
  await travelTo("2026-04-01T08:00:00Z");
  await pay("BILL-2", 5_000);
  expect(await shop.overdue("2026-04-01")).toEqual(["BILL-1"]);
});
// #endregion

// #region retried
it("a webhook that the shop could not take in comes again", async () => {
  const { shop, tell, pay, travelTo } = await openMerchant();
  await shop.raise("BILL-1", 37_650);
  await tell("POST", "/_mock/faults", { on: "webhook", effect: "drop" });
  await pay("BILL-1", 12_550);
  expect(shop.receiver.counts.deliveries).toBe(0);
  await travelTo("2026-03-01T08:10:00Z");
  expect((await shop.ledger.retrieveBill("BILL-1")).amountPaid).toBe(12_550);
});
// #endregion

// #region parallel
it("tests that run at once, on one server, with the same references, never meet", async () => {
  const amounts = [10_000, 20_000, 30_000];
  const paid = await Promise.all(
    amounts.map(async (amount) => {
      const { shop, pay } = await openMerchant();
      await shop.raise("BILL-1", 37_650);
      await pay("BILL-1", amount);
      return (await shop.ledger.retrieveBill("BILL-1")).amountPaid;
    }),
  );
  expect(paid).toEqual(amounts);
});
// #endregion
