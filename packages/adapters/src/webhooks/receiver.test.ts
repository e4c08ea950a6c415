import { type Ledger, LedgerError, openLedger } from "@tallystick/core";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { seededHost } from "../host/node-host.ts";
import { memoryStore } from "../memory/memory-store.ts";
import { createWebhookReceiver, type WebhookReceiverOptions } from "./receiver.ts";
import { signWebhook } from "./sign.ts";

const secret = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
const now = Date.UTC(2026, 2, 2, 9, 15);
const timestamp = now / 1000;

let ledger: Ledger;
let counter = 0;

beforeEach(async () => {
  counter = 0;
  ledger = openLedger({ store: memoryStore({ host: seededHost({ now }) }) });
  await ledger.createCustomer({
    id: "bcus_thandi",
    externalReference: "C-1",
    balance: 30_000,
    currency: "ZAR",
  });
  await ledger.createAccount({
    id: "bacc_water",
    externalReference: "A-1",
    customer: "bcus_thandi",
    balance: 20_000,
    currency: "ZAR",
  });
  await ledger.createBill({
    id: "bill_march",
    externalReference: "B-1",
    customer: "bcus_thandi",
    currency: "ZAR",
    amountDue: 10_000,
  });
});

const receiverWith = (options: Partial<WebhookReceiverOptions> = {}) =>
  createWebhookReceiver({ ledger, secret, ...options } as WebhookReceiverOptions);

const payment = (change: object = {}) => ({
  id: "ob_moment",
  amount: 12_550,
  currency: "ZAR",
  payment_id: "pay_1",
  customer_id: "bcus_thandi",
  ...change,
});
const eventOf = (data: object, type = "obligation.amount_applied") =>
  JSON.stringify({ id: "evt_1", type, data });

/** A signed delivery, of a new message each time unless it is named. */
const signed = (body: string | Uint8Array, { id = `msg_${++counter}`, at = timestamp } = {}) => ({
  headers: { ...signWebhook({ secret, id, timestamp: at, body }) },
  body,
});
const post = (delivery: ReturnType<typeof signed>) =>
  new Request("https://merchant.example/webhooks", {
    method: "POST",
    headers: delivery.headers,
    body: delivery.body,
  });
const owed = async () => {
  const { balances } = await ledger.balanceOf({ customer: "bcus_thandi" });
  return balances[0]?.balance;
};
const zero = {
  deliveries: 0,
  applied: 0,
  duplicates: 0,
  rejected: 0,
  suspended: 0,
  ignored: 0,
  flagged: 0,
};

describe("a payment", () => {
  it("is applied, and acknowledged with 200", async () => {
    const receiver = receiverWith();
    const response = await receiver(post(signed(eventOf(payment()))));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ outcome: "applied" });
    expect(await owed()).toBe(17_450);
    expect(receiver.counts).toEqual({ ...zero, deliveries: 1, applied: 1 });
  });

  it("is applied to the account or the bill that it names, and to nothing else", async () => {
    const receiver = receiverWith();
    const none = { customer_id: undefined };
    const body = (change: object) => eventOf(payment({ ...none, ...change }));
    await receiver.receive(signed(body({ account_id: "bacc_water", amount: 20_000 })));
    await receiver.receive(signed(body({ bill_id: "bill_march", amount: 10_000 })));
    expect(await ledger.retrieveAccount("bacc_water")).toMatchObject({ balance: 0 });
    expect(await ledger.retrieveBill("bill_march")).toMatchObject({ status: "paid" });
    expect(await owed()).toBe(30_000);
  });

  it("keeps what Moment said of it", async () => {
    const metadata = { utm_source: "sms", attempts: 2, empty: "" };
    const delivery = signed(eventOf(payment({ metadata })), { id: "msg_kept" });
    const received = await receiverWith().receive(delivery);
    expect(received).toMatchObject({
      outcome: "applied",
      status: 200,
      webhookId: "msg_kept",
      flagged: false,
      payment: { id: "pay_1", amount: 12_550, currency: "ZAR", effect: -12_550 },
      metadataDropped: ["metadata.empty"],
    });
    const events = await Array.fromAsync(ledger.history({ customer: "bcus_thandi" }));
    expect(events.at(-1)).toMatchObject({
      data: { paymentId: "pay_1", sourceEventId: "evt_1", sourceObligationId: "ob_moment" },
      personal: { metadata: { utm_source: "sms", attempts: "2" } },
      causationId: "msg_kept",
      correlationId: "evt_1",
    });
  });

  it("takes effect when Moment applied it, not when it is signed or arrives", async () => {
    const receiver = receiverWith();
    const updated = { updated_at: "2026-02-27T08:00:00Z" };
    await receiver.receive(signed(eventOf(payment(updated)), { at: timestamp + 60 }));
    await receiver.receive(
      signed(eventOf(payment({ payment_id: "pay_2" })), { at: timestamp + 60 }),
    );
    const events = await Array.fromAsync(ledger.history({ customer: "bcus_thandi" }));
    expect(events.slice(-2).map(({ effectiveAt }) => effectiveAt)).toEqual([
      "2026-02-27T08:00:00.000Z",
      "2026-03-02T09:16:00.000Z",
    ]);
  });

  it("that breaks a rule is applied all the same, flagged, and told of", async () => {
    const onViolation = vi.fn();
    const receiver = receiverWith({ onViolation });
    await ledger.setPaymentRules({
      customer: "bcus_thandi",
      paymentRules: {
        minAmount: 1,
        maxAmount: 50_000,
        underpaymentAllowed: true,
        overpaymentAllowed: false,
      },
    });
    const received = await receiver.receive(signed(eventOf(payment({ amount: 30_001 }))));
    expect(received).toMatchObject({
      outcome: "applied",
      flagged: true,
      payment: { violations: ["overpayment"] },
    });
    expect(await owed()).toBe(-1);
    expect(onViolation).toHaveBeenCalledOnce();
    expect(onViolation.mock.calls[0]?.[0]).toMatchObject({
      webhookId: "msg_1",
      event: { eventId: "evt_1" },
      payment: { violations: ["overpayment"] },
    });
    expect(receiver.counts).toMatchObject({ applied: 1, flagged: 1 });
  });
});

describe("the same payment again", () => {
  it("has no effect, in the same message or another, and tells no hook", async () => {
    const [onViolation, onSuspended] = [vi.fn(), vi.fn()];
    const receiver = receiverWith({ onViolation, onSuspended });
    const delivery = signed(eventOf(payment({ amount: 99_999 })));
    await receiver.receive(delivery);
    const before = await ledger.head();
    for (const again of [
      delivery,
      signed(delivery.body),
      signed(delivery.body, { at: timestamp + 9 }),
    ])
      expect(await receiver.receive(again)).toMatchObject({
        outcome: "duplicate",
        status: 200,
        flagged: false,
        payment: { status: "applied" },
      });
    expect(await ledger.head()).toEqual(before);
    expect(onViolation).toHaveBeenCalledTimes(1);
    expect(receiver.counts).toEqual({
      ...zero,
      deliveries: 4,
      applied: 1,
      duplicates: 3,
      flagged: 1,
    });
  });

  it("has one effect when a hundred messages of it arrive at once", async () => {
    const receiver = receiverWith();
    const requests = Array.from({ length: 100 }, (_, index) =>
      post(signed(eventOf(payment()), { at: timestamp - 50 + index })),
    );
    const responses = await Promise.all(requests.map((request) => receiver(request)));
    expect(responses.map(({ status }) => status)).toEqual(requests.map(() => 200));
    expect(await owed()).toBe(17_450);
    expect(receiver.counts).toEqual({ ...zero, deliveries: 100, applied: 1, duplicates: 99 });
  });

  it("with another amount goes to suspense as a conflict, and is a duplicate from then on", async () => {
    const receiver = receiverWith();
    await receiver.receive(signed(eventOf(payment())));
    const other = eventOf(payment({ amount: 1 }));
    expect(await receiver.receive(signed(other))).toMatchObject({
      outcome: "suspended",
      status: 200,
      reason: "payment_conflict",
    });
    expect(await receiver.receive(signed(other))).toMatchObject({ outcome: "duplicate" });
    expect(await owed()).toBe(17_450);
  });

  it("on another obligation is another application", async () => {
    const receiver = receiverWith();
    await receiver.receive(signed(eventOf(payment())));
    const onBill = payment({ customer_id: undefined, bill_id: "bill_march" });
    expect(await receiver.receive(signed(eventOf(onBill)))).toMatchObject({ outcome: "applied" });
  });
});

describe("a payment that fits nothing", () => {
  it.each([
    ["unknown_target", { customer_id: "bcus_nobody" }],
    ["currency_mismatch", { currency: "USD" }],
    ["bill_voided", { customer_id: undefined, bill_id: "bill_march" }],
  ])("lies in suspense as %s, is acknowledged, and told of once", async (reason, change) => {
    await ledger.voidBill("bill_march");
    const onSuspended = vi.fn();
    const receiver = receiverWith({ onSuspended });
    const body = eventOf(payment(change));
    const response = await receiver(post(signed(body)));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ outcome: "suspended", reason });
    expect(await receiver.receive(signed(body))).toMatchObject({ outcome: "duplicate", reason });
    const { data } = await ledger.listSuspense();
    expect(data).toMatchObject([{ paymentId: "pay_1", amount: 12_550, reason }]);
    expect(onSuspended).toHaveBeenCalledOnce();
    expect(onSuspended.mock.calls[0]?.[0]).toMatchObject({ payment: { reason } });
    expect(receiver.counts).toEqual({ ...zero, deliveries: 2, suspended: 1, duplicates: 1 });
  });

  it("is told of only once it can be found in the ledger", async () => {
    const found: unknown[] = [];
    const receiver = receiverWith({
      onSuspended: async () => void found.push(...(await ledger.listSuspense()).data),
    });
    await receiver.receive(signed(eventOf(payment({ customer_id: "bcus_nobody" }))));
    expect(found).toHaveLength(1);
  });

  it("keeps its duplicate after it has found its place", async () => {
    const receiver = receiverWith();
    const body = eventOf(payment({ customer_id: "bcus_later" }));
    await receiver.receive(signed(body));
    await ledger.createCustomer({
      id: "bcus_later",
      externalReference: "C-2",
      balance: 12_550,
      currency: "ZAR",
    });
    expect(await receiver.receive(signed(body))).toMatchObject({
      outcome: "duplicate",
      payment: { status: "applied" },
    });
    expect(await ledger.retrieveCustomer("bcus_later")).toMatchObject({ balance: 0 });
  });
});

describe("another event type", () => {
  it("is acknowledged and ignored", async () => {
    const receiver = receiverWith();
    const received = await receiver.receive(signed(eventOf({ id: "pay_1" }, "payment.succeeded")));
    expect(received).toMatchObject({ outcome: "ignored", status: 200, reason: "other_event_type" });
    expect(received.detail).toContain("payment.succeeded");
    expect(receiver.counts).toEqual({ ...zero, deliveries: 1, ignored: 1 });
  });
});

describe("a delivery that is not verified", () => {
  it.each([
    ["missing_header", { "webhook-signature": undefined }],
    ["malformed_header", { "webhook-timestamp": "soon" }],
    ["stale_timestamp", { "webhook-timestamp": String(timestamp - 181) }],
    ["future_timestamp", { "webhook-timestamp": String(timestamp + 181) }],
    ["bad_signature", { "webhook-id": "msg_other" }],
  ])("is answered 401 with %s, and leaves nothing behind", async (reason, change) => {
    const onDeadLetter = vi.fn();
    const receiver = receiverWith({ onDeadLetter });
    const { body, headers } = signed(eventOf(payment()));
    const given = Object.entries({ ...headers, ...change }).filter(
      ([, value]) => value !== undefined,
    );
    const before = await ledger.head();
    const response = await receiver(
      post({ body, headers: Object.fromEntries(given) as typeof headers }),
    );
    expect(response.status).toBe(401);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const problem = await response.text();
    expect(JSON.parse(problem)).toMatchObject({ status: 401, reason });
    expect(problem).not.toContain("AQIDBAUGBwgJCgs");
    expect(await ledger.head()).toEqual(before);
    expect(onDeadLetter).not.toHaveBeenCalled();
    expect(receiver.counts).toEqual({ ...zero, deliveries: 1, rejected: 1 });
  });

  it("is judged by the clock given, and a recorded one by when it arrived", async () => {
    const late = receiverWith({ now: () => now + 3_600_000 });
    const delivery = signed(eventOf(payment()));
    expect(await late.receive(delivery)).toMatchObject({ status: 401, reason: "stale_timestamp" });
    for (const receivedAt of [now, "2026-03-02T11:15:00+02:00"])
      expect(await late.receive({ ...delivery, receivedAt })).toMatchObject({ status: 200 });
    await expect(late.receive({ ...delivery, receivedAt: "noon" })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });

  it("has a window that can be set", async () => {
    const receiver = receiverWith({ toleranceMs: 1000 });
    const body = eventOf(payment());
    expect(await receiver.receive(signed(body, { at: timestamp - 2 }))).toMatchObject({
      status: 401,
    });
    expect(await receiver.receive(signed(body, { at: timestamp - 1 }))).toMatchObject({
      status: 200,
    });
  });
});

describe("a dead letter", () => {
  it("is what is signed and unreadable: kept to the byte, answered 422", async () => {
    const receiver = receiverWith();
    const delivery = signed(eventOf(payment({ bill_id: "bill_march" })));
    const response = await receiver(post(delivery));
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ reason: "unreadable" });
    expect(receiver.deadLetters).toMatchObject([
      {
        receivedAt: "2026-03-02T09:15:00.000Z",
        headers: delivery.headers,
        body: delivery.body,
        reason: "unreadable",
        faults: [{ field: "data", message: expect.stringContaining("exactly one") }],
      },
    ]);
    expect(receiver.counts).toEqual({ ...zero, deliveries: 1, rejected: 1 });
  });

  it("is a sum that no balance can hold, and nothing of it is written", async () => {
    const receiver = receiverWith();
    await ledger.setBalance({ customer: "bcus_thandi", balance: -1e15, currency: "ZAR" });
    const before = await ledger.head();
    const received = await receiver.receive(signed(eventOf(payment({ amount: 1 }))));
    expect(received).toMatchObject({
      outcome: "rejected",
      status: 422,
      reason: "amount_out_of_range",
    });
    expect(receiver.deadLetters).toMatchObject([{ reason: "amount_out_of_range" }]);
    expect(await ledger.head()).toEqual(before);
  });

  it("is received again from what was kept, once the reason is gone", async () => {
    const receiver = receiverWith();
    await ledger.setBalance({ customer: "bcus_thandi", balance: -1e15, currency: "ZAR" });
    await receiver.receive(signed(eventOf(payment({ amount: 1 }))));
    await ledger.setBalance({ customer: "bcus_thandi", balance: 0, currency: "ZAR" });
    const [letter] = receiver.deadLetters;
    expect(await receiver.receive(letter as never)).toMatchObject({ outcome: "applied" });
    expect(await owed()).toBe(-1);
  });

  it("that is not UTF-8 is kept in base64, with the same bytes in it", async () => {
    const receiver = receiverWith();
    const bytes = Uint8Array.of(0x7b, 0xff, 0x7d);
    await receiver.receive(signed(bytes));
    const [letter] = receiver.deadLetters;
    expect(letter).toMatchObject({ bodyEncoding: "base64" });
    expect([...Buffer.from(letter?.body ?? "", "base64")]).toEqual([...bytes]);
  });

  it("goes to the keeper before the answer, and the sender tries again if that fails", async () => {
    const onError = vi.fn();
    const kept: string[] = [];
    const onDeadLetter = vi.fn(async ({ body }: { body: string }) => {
      if (onDeadLetter.mock.calls.length === 1) throw new Error("disk full");
      kept.push(body);
    });
    const receiver = receiverWith({ onDeadLetter, onError });
    const first = await receiver(post(signed("nonsense")));
    expect(first.status).toBe(500);
    expect(onError.mock.calls).toEqual([[new Error("disk full")]]);
    expect(receiver.counts).toEqual(zero);
    expect((await receiver(post(signed("nonsense")))).status).toBe(422);
    expect(kept).toEqual(["nonsense"]);
    expect(receiver.deadLetters).toEqual([]);
  });

  it("tried again is kept once, and the list keeps the last hundred messages", async () => {
    const receiver = receiverWith();
    for (let index = 0; index < 105; index += 1)
      await receiver.receive(signed("?", { id: `msg_${index}` }));
    await receiver.receive(signed("?", { id: "msg_50", at: timestamp + 5 }));
    const ids = receiver.deadLetters.map(({ headers }) => headers["webhook-id"]);
    expect(ids).toHaveLength(100);
    expect(ids[0]).toBe("msg_5");
    expect(ids.at(-1)).toBe("msg_50");
  });
});

describe("a failure", () => {
  it.each([
    [503, new LedgerError("STORE_FULL", "no space")],
    [500, new TypeError("a bug")],
  ])(
    "is answered %i, reported, not counted, and the next try succeeds with one effect",
    async (status, error) => {
      const onError = vi.fn();
      const receiver = receiverWith({ onError });
      const append = vi.spyOn(ledger.store, "append").mockRejectedValueOnce(error);
      const delivery = signed(eventOf(payment()));
      const failed = await receiver(post(delivery));
      expect(failed.status).toBe(status);
      expect(await failed.text()).not.toContain(error.message);
      expect(onError).toHaveBeenCalledOnce();
      expect(receiver.counts).toEqual(zero);
      expect(await owed()).toBe(30_000);

      expect((await receiver(post(delivery))).status).toBe(200);
      expect((await receiver(post(delivery))).status).toBe(200);
      expect(await owed()).toBe(17_450);
      expect(receiver.counts).toEqual({ ...zero, deliveries: 2, applied: 1, duplicates: 1 });
      append.mockRestore();
    },
  );

  it("after the write, where nobody can tell, is repaired by the next try", async () => {
    const receiver = receiverWith({ onError: () => undefined });
    const append = ledger.store.append.bind(ledger.store);
    const spy = vi.spyOn(ledger.store, "append").mockImplementationOnce(async (...commit) => {
      await append(...commit);
      throw new LedgerError("STORE_IO", "the answer was lost");
    });
    const delivery = signed(eventOf(payment()));
    expect((await receiver(post(delivery))).status).toBe(503);
    expect(await receiver.receive(delivery)).toMatchObject({ outcome: "duplicate" });
    expect(await owed()).toBe(17_450);
    spy.mockRestore();
  });

  it("is thrown by receive, for a caller who is no sender", async () => {
    await ledger.store.close();
    await expect(receiverWith().receive(signed(eventOf(payment())))).rejects.toMatchObject({
      code: "STORE_CLOSED",
    });
  });

  it("of a hook changes no answer, and is reported", async () => {
    const onError = vi.fn();
    const thrown = new Error("the hook is broken");
    const receiver = receiverWith({
      onSuspended: () => {
        throw thrown;
      },
      onViolation: () => Promise.reject(thrown),
      onError,
    });
    const unknown = payment({ customer_id: "bcus_nobody" });
    expect((await receiver(post(signed(eventOf(unknown))))).status).toBe(200);
    expect((await receiver(post(signed(eventOf(payment({ amount: 99_999 })))))).status).toBe(200);
    expect(onError.mock.calls).toEqual([[thrown], [thrown]]);
    expect(receiver.counts).toMatchObject({ suspended: 1, applied: 1, flagged: 1 });
  });

  it("of onError itself changes no answer either, and ends as a warning", async () => {
    const warning = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const broken = new Error("the pager is down");
    const receiver = receiverWith({ onError: () => Promise.reject(broken) });
    await ledger.store.close();
    expect((await receiver(post(signed(eventOf(payment()))))).status).toBe(503);
    expect(warning.mock.calls[0]?.[0]).toBe(broken);
    warning.mockRestore();
  });
});

describe("a request", () => {
  it("that is no POST is answered 405 and is no delivery", async () => {
    const receiver = receiverWith();
    for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
      const response = await receiver(new Request("https://merchant.example/", { method }));
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST");
    }
    expect(receiver.counts).toEqual(zero);
  });

  it("of any content type is read: the signature decides", async () => {
    const request = post(signed(eventOf(payment())));
    request.headers.set("content-type", "text/plain; charset=latin1");
    expect((await receiverWith()(request)).status).toBe(200);
  });

  it("is read up to the limit, included, and answered 413 beyond it", async () => {
    const fill = (bytes: number) => {
      const empty = eventOf(payment({ note: "" }));
      return eventOf(payment({ note: "x".repeat(bytes - Buffer.byteLength(empty)) }));
    };
    const receiver = receiverWith({ bodyLimitBytes: 1000 });
    expect((await receiver(post(signed(fill(1000))))).status).toBe(200);
    const large = signed(fill(1001));
    const response = await receiver(post(large));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ reason: "body_too_large" });
    expect(await receiver.receive(large)).toMatchObject({ status: 413, outcome: "rejected" });
    expect(receiver.counts).toEqual({ ...zero, deliveries: 3, applied: 1, rejected: 2 });
  });

  it("without an end is not read to it", async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const request = new Request("https://merchant.example/", {
      method: "POST",
      body: endless,
      duplex: "half",
    });
    expect((await receiverWith()(request)).status).toBe(413);
    expect(pulled).toBeLessThan(32);
  });

  it("whose body was read before is answered 500, never taken for a forgery", async () => {
    const onError = vi.fn();
    const request = post(signed(eventOf(payment())));
    await request.json();
    const response = await receiverWith({ onError })(request);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ reason: "raw_body_unavailable" });
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: "RAW_BODY_UNAVAILABLE" });
  });
});

describe("a receiver", () => {
  it("is not made with secrets, a window or a limit that make no sense", () => {
    for (const options of [
      { secret: "whsec_short" },
      { secret: undefined },
      { secret: undefined, secrets: [] },
      { toleranceMs: -1 },
      { bodyLimitBytes: 0 },
    ])
      expect(() => receiverWith(options as never)).toThrow(
        expect.objectContaining({ code: "INVALID_INPUT" }),
      );
  });

  it("accepts both keys during a rotation", async () => {
    const receiver = receiverWith({ secret: undefined, secrets: ["the new one", secret] } as never);
    expect(await receiver.receive(signed(eventOf(payment())))).toMatchObject({
      outcome: "applied",
    });
  });

  it("answers whatever bytes are signed, and never throws", async () => {
    const receiver = receiverWith({ onError: (error) => Promise.reject(error) });
    const near = fc.record({
      id: fc.constantFrom("ob_1", "", 7),
      amount: fc.oneof(fc.integer(), fc.double(), fc.constant("5")),
      currency: fc.constantFrom("ZAR", "JPY", "zar", null),
      payment_id: fc.constantFrom("pay_1", "p_2", "\u0000"),
      customer_id: fc.constantFrom("bcus_thandi", "bcus_nobody", null, undefined),
      bill_id: fc.constantFrom("bill_march", undefined),
      metadata: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())),
      updated_at: fc.constantFrom("2026-03-02T09:15:00Z", "0001-01-01T00:00:00+14:00", undefined),
    });
    const bodies = fc.oneof(
      near.map((data) => Buffer.from(eventOf(data))),
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const { status } = await receiver(post(signed(body)));
        expect([200, 422]).toContain(status);
      }),
      { numRuns: 300 },
    );
    const { deliveries, applied, duplicates, rejected, suspended, ignored } = receiver.counts;
    expect(applied + duplicates + rejected + suspended + ignored).toBe(deliveries);
  });
});
