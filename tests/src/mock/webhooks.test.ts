/** What a merchant's endpoints are sent, when, and how often. */
import { memoryStore } from "@tallystick/adapters/memory";
import { createWebhookReceiver, verifyWebhook } from "@tallystick/adapters/webhooks";
import { openLedger } from "@tallystick/core";
import { Webhook } from "standardwebhooks";
import { describe, expect, it, vi } from "vitest";
import { type Arrived, createBill, hooked, openInbox, secret, startHooked } from "./inbox.ts";
import { clientOf, noon, problemFields, startMock } from "./support.ts";

const noonMs = Date.parse(noon);
const scheduleSeconds = [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

const verifies = ({ headers, body, timestamp }: Arrived, key: string): boolean =>
  verifyWebhook({ headers, body, now: timestamp * 1000, secret: key }).ok;

describe("a delivery", () => {
  it("is a POST of the event as JSON with its three headers (WH-01, WH-02, WH-04, WH-05)", async () => {
    const { client, inbox } = await startHooked();
    const { body } = await client.post("/_mock/payments", { bill: "BILL-1", amount: 5000 });
    await client.server.settled();
    expect(inbox.arrived).toEqual([
      {
        url: "https://shop.test/hooks",
        id: body.event.id,
        timestamp: noonMs / 1000,
        headers: {
          "content-type": "application/json",
          "webhook-id": body.event.id,
          "webhook-timestamp": String(noonMs / 1000),
          "webhook-signature": expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
        },
        body: JSON.stringify(body.event),
      },
    ]);
  });

  it("is accepted by the npm library standardwebhooks (WH-05, WH-23)", async () => {
    const { client, inbox, pay } = await startHooked();
    await client.patch("/_mock/settings", { webhook_timestamps: "real" });
    vi.useFakeTimers({ toFake: ["Date"], now: noonMs });
    try {
      const event = await pay();
      await client.server.settled();
      const [{ body, headers } = expect.fail("nothing came")] = inbox.arrived;
      expect(new Webhook(secret).verify(body, headers)).toEqual(event);
      const tampered = body.replace('"amount":100', '"amount":1000');
      expect(() => new Webhook(secret).verify(tampered, headers)).toThrow();
    } finally {
      vi.useRealTimers();
    }
  });

  it("tells of each payment once, and of nothing else (PAY-06, WH-22, D-35)", async () => {
    const { client, inbox, pay } = await startHooked();
    const first = await pay();
    const second = await pay(250);
    await client.patch("/billing/bills/BILL-1", { amount_paid: 1000 });
    await client.post("/_mock/payments", { bill: "BILL-1", amount: 1 });
    await client.post("/billing/bills/BILL-1/void");
    await client.server.settled();
    expect(inbox.arrived.map(({ id }) => id)).toEqual([first.id, second.id]);
  });

  it("goes to nobody else's endpoint: not to another merchant's, not to the other mode's (AUTH-08)", async () => {
    const { client, inbox } = await startHooked();
    for (const key of ["sk_test_other", "sk_9rZk3Lm0"]) {
      await client.post(
        "/billing/customers",
        { external_reference: "CUST-1", currency: "ZAR", balance: 500 },
        { key },
      );
      const paid = await client.post(
        "/_mock/payments",
        { customer: "CUST-1", amount: 100 },
        { key },
      );
      expect(paid.status).toBe(201);
      expect((await client.get("/_mock/webhook_endpoints", { key })).body).toEqual({ data: [] });
    }
    await client.server.settled();
    expect(inbox.arrived).toEqual([]);
  });

  it("carries the machine's time where that is settled", async () => {
    const machineMs = Date.UTC(2030, 0, 1);
    const { seededHost } = await import("@tallystick/adapters/host");
    const { client, inbox, pay } = await startHooked({ machine: seededHost({ now: machineMs }) });
    await client.patch("/_mock/settings", { webhook_timestamps: "real" });
    await pay();
    await client.server.settled();
    expect(inbox.arrived.map(({ timestamp }) => timestamp)).toEqual([machineMs / 1000]);
  });

  it("is applied once by the receiver of this project, however often it comes (WH-10)", async () => {
    const ledger = openLedger({ store: memoryStore(), book: "merchant" });
    const receiver = createWebhookReceiver({ ledger, secret, now: () => noonMs });
    const client = startMock({ deliver: receiver });
    await createBill(client);
    const { body: bill } = await client.get("/billing/bills/BILL-1");
    const { customer } = await ledger
      .createCustomer({ externalReference: "CUST-1" })
      .then(({ entity }) => ({ customer: entity.id }));
    await ledger.createBill({
      id: bill.id,
      customer,
      externalReference: "BILL-1",
      currency: "ZAR",
      amountDue: 10_000_000,
    });
    await client.post("/_mock/webhook_endpoints", { url: "https://shop.test/", secret });
    await client.post("/_mock/faults", { on: "webhook", effect: "duplicate" });
    const { body } = await client.post("/_mock/payments", { bill: "BILL-1", amount: 700 });
    await client.server.settled();
    await client.post(`/_mock/events/${body.event.id}/redeliver`);
    await client.server.settled();
    expect(receiver.counts).toMatchObject({ deliveries: 3, applied: 1, duplicates: 2 });
    expect(await ledger.retrieveBill("BILL-1")).toMatchObject({ amountPaid: 700 });
  });
});

describe("trying again", () => {
  it("follows the schedule by the merchant's clock, ten times, then gives up (D-37, WH-11)", async () => {
    const { inbox, client, pay, advance, deliveries } = await startHooked();
    inbox.answer = () => 500;
    const event = await pay();
    await client.server.settled();
    expect(inbox.arrived).toHaveLength(1);
    await advance(4);
    expect(inbox.arrived).toHaveLength(1);
    await advance(30 * 24 * 60 * 60);
    let at = noonMs / 1000;
    const expected = scheduleSeconds.map((seconds) => {
      at += seconds;
      return at;
    });
    expect(inbox.arrived.map(({ timestamp }) => timestamp)).toEqual(expected);
    expect(new Set(inbox.arrived.map(({ id }) => id))).toEqual(new Set([event.id]));
    expect(new Set(inbox.arrived.map(({ body }) => body)).size).toBe(1);
    expect(new Set(inbox.arrived.map(({ headers }) => headers["webhook-signature"])).size).toBe(10);
    const rows = await deliveries(event.id);
    expect(rows.map(({ attempt, status }) => [attempt, status])).toEqual(
      scheduleSeconds.map((_, index) => [index + 1, "failed"]),
    );
    expect(rows.at(-1)).not.toHaveProperty("next_attempt_at");
  });

  it("shows each attempt made and the one that is planned", async () => {
    const { inbox, client, pay, deliveries } = await startHooked();
    inbox.answer = () => 503;
    const event = await pay();
    await client.server.settled();
    const [{ id: endpointId }] = (await client.get("/_mock/webhook_endpoints")).body.data;
    const same = { id: expect.any(String), event_id: event.id, endpoint_id: endpointId };
    const next = "2026-03-01T00:00:05.000Z";
    expect(await deliveries()).toEqual([
      {
        ...same,
        attempt: 1,
        status: "failed",
        response_status: 503,
        at: noon,
        next_attempt_at: next,
      },
      { ...same, attempt: 2, status: "pending", at: next },
    ]);
    inbox.answer = () => 204;
    await client.post("/_mock/clock/advance", { seconds: 60 });
    expect((await deliveries())[1]).toEqual({
      ...same,
      attempt: 2,
      status: "succeeded",
      response_status: 204,
      at: next,
    });
  });

  it.each([
    [
      "a redirect, which is not followed",
      () => new Response(null, { status: 302, headers: { location: "https://elsewhere.test/" } }),
    ],
    ["304", () => 304],
    ["410", () => 410],
    ["a connection that breaks", () => new TypeError("fetch failed")],
  ])("takes no success from %s (D-37)", async (_, answer) => {
    const { inbox, client, pay, deliveries } = await startHooked();
    inbox.answer = answer;
    await pay();
    await client.server.settled();
    expect(inbox.arrived).toHaveLength(1);
    expect(await deliveries()).toMatchObject([{ status: "failed" }, { status: "pending" }]);
  });

  it("waits 15 seconds for an answer (D-37)", async () => {
    const { inbox, client, pay, deliveries } = await startHooked();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const came = Promise.withResolvers<void>();
      inbox.answer = () => {
        came.resolve();
        return new Promise<Response>(() => undefined);
      };
      await pay();
      const settled = client.server.settled();
      await came.promise;
      await vi.advanceTimersByTimeAsync(14_999);
      expect((await deliveries())[0]).toMatchObject({ status: "pending" });
      await vi.advanceTimersByTimeAsync(1);
      await settled;
    } finally {
      vi.useRealTimers();
    }
    expect((await deliveries())[0]).toMatchObject({ status: "failed", at: noon });
  });

  it("goes by timers while the clock runs", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: noonMs });
    try {
      const { nodeHost } = await import("@tallystick/adapters/host");
      const hooks = await startHooked({ clock: "real", machine: nodeHost });
      const { inbox, pay, client } = hooks;
      inbox.answer = () => 500;
      await pay();
      await client.server.settled();
      expect(inbox.arrived).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(4999);
      expect(inbox.arrived).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      await client.server.settled();
      expect(inbox.arrived.map(({ timestamp }) => timestamp)).toEqual([
        noonMs / 1000,
        noonMs / 1000 + 5,
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("does each thing that is due at its own instant, in order, before it answers", async () => {
    const { inbox, client, pay, advance } = await startHooked();
    inbox.answer = ({ timestamp }) => (timestamp < noonMs / 1000 + 300 ? 500 : 200);
    const first = await pay();
    await advance(3);
    const second = await pay();
    await client.server.settled();
    await advance(1000);
    expect(inbox.arrived.map(({ id, timestamp }) => [id, timestamp - noonMs / 1000])).toEqual([
      [first.id, 0],
      [second.id, 3],
      [first.id, 5],
      [second.id, 8],
      [first.id, 305],
      [second.id, 308],
    ]);
  });
});

describe("endpoints", () => {
  it("are made with a secret, or given one, and are listed (D-36)", async () => {
    const client = startMock();
    const given = await client.post("/_mock/webhook_endpoints", { url: "https://a.test/", secret });
    expect(given.status).toBe(201);
    expect(given.body).toEqual({
      id: expect.stringMatching(/^we_/),
      url: "https://a.test/",
      secret,
    });
    const made = await client.post("/_mock/webhook_endpoints", { url: "http://localhost:9/h" });
    expect(made.body.secret).toMatch(/^whsec_/);
    const { body } = await client.get("/_mock/webhook_endpoints");
    expect(body.data).toHaveLength(2);
    expect(body.data).toEqual(expect.arrayContaining([given.body, made.body]));
  });

  it.each([
    [{}, ["url"]],
    [{ url: "shop.test" }, ["url"]],
    [{ url: "ftp://shop.test/" }, ["url"]],
    [{ url: "https://user:word@shop.test/" }, ["url"]],
    [{ url: 5, secret: "whsec_short" }, ["secret", "url"]],
  ])("refuse %j", async (body, fields) => {
    const answered = await startMock().post("/_mock/webhook_endpoints", body);
    expect(problemFields(answered, 400, "invalid_request")).toEqual(fields);
  });

  it("hear of what happens from then on, and of nothing before", async () => {
    const { client, inbox, pay } = await startHooked({}, []);
    await pay();
    await client.post("/_mock/webhook_endpoints", { url: "https://late.test/", secret });
    const event = await pay();
    await client.server.settled();
    expect(inbox.arrived.map(({ id }) => id)).toEqual([event.id]);
  });

  it("that are deleted are sent nothing any more, planned or new", async () => {
    const { client, inbox, pay, advance, deliveries } = await startHooked();
    inbox.answer = () => 500;
    await pay();
    await client.server.settled();
    const [{ id }] = (await client.get("/_mock/webhook_endpoints")).body.data;
    expect((await client.send("DELETE", `/_mock/webhook_endpoints/${id}`)).status).toBe(204);
    await pay();
    await advance(1000);
    expect(inbox.arrived).toHaveLength(1);
    expect(await deliveries()).toMatchObject([{ attempt: 1, status: "failed" }]);
    const again = await client.send("DELETE", `/_mock/webhook_endpoints/${id}`);
    problemFields(again, 404, "not_found");
  });

  it("sign with both secrets for 24 hours after a rotation, the newest first (WH-06, WH-07)", async () => {
    const { client, inbox, pay, advance } = await startHooked();
    const [{ id }] = (await client.get("/_mock/webhook_endpoints")).body.data;
    const { status, body } = await client.post(`/_mock/webhook_endpoints/${id}/rotate`);
    expect(status).toBe(200);
    expect(body.secret).not.toBe(secret);
    await pay();
    await client.server.settled();
    await advance(24 * 60 * 60 - 1);
    await pay();
    await client.server.settled();
    await advance(1);
    await pay();
    await client.server.settled();
    const [first, second, third] = inbox.arrived as [Arrived, Arrived, Arrived];
    for (const arrived of [first, second]) {
      expect(arrived.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
      expect(verifies(arrived, body.secret)).toBe(true);
      expect(verifies(arrived, secret)).toBe(true);
    }
    const [newest = ""] = first.headers["webhook-signature"]?.split(" ") ?? [];
    const onlyNewest = { ...first, headers: { ...first.headers, "webhook-signature": newest } };
    expect(verifies(onlyNewest, body.secret)).toBe(true);
    expect(verifies(third, body.secret)).toBe(true);
    expect(verifies(third, secret)).toBe(false);
  });

  it("of the server's options belong to every merchant (WH-24)", async () => {
    const inbox = openInbox();
    const url = "https://every.test/hooks";
    const client = startMock({ deliver: inbox.deliver, webhookUrl: [url], webhookSecret: secret });
    for (const key of ["sk_test_a", "sk_b"]) {
      await client.post(
        "/billing/customers",
        { external_reference: "CUST-1", currency: "ZAR", balance: 500 },
        { key },
      );
      await client.post("/_mock/payments", { customer: "CUST-1", amount: 100 }, { key });
      const { body } = await client.get("/_mock/webhook_endpoints", { key });
      expect(body.data).toEqual([{ id: expect.any(String), url, secret }]);
      const [{ id }] = body.data;
      const gone = await client.send("DELETE", `/_mock/webhook_endpoints/${id}`, undefined, {
        key,
      });
      problemFields(gone, 409, "conflict");
    }
    await client.server.settled();
    expect(inbox.arrived).toHaveLength(2);
    expect(inbox.arrived.every((arrived) => verifies(arrived, secret))).toBe(true);
  });

  it("that hang hold up neither another endpoint nor the API", async () => {
    const { inbox, pay } = await startHooked({}, ["https://dead.test/", "https://live.test/"]);
    const all = Promise.withResolvers<void>();
    const cameTo = (host: string) => inbox.arrived.filter(({ url }) => url.includes(host));
    inbox.answer = ({ url }) => {
      if (cameTo("live").length === 30) all.resolve();
      return url.includes("dead") ? new Promise(() => undefined) : 200;
    };
    const events: string[] = [];
    for (let count = 0; count < 30; count += 1) events.push((await pay()).id);
    await all.promise;
    expect(cameTo("live").map(({ id }) => id)).toEqual(events);
    // So many at once, however many wait.
    expect(cameTo("dead")).toHaveLength(8);
  });
});

describe("sending again", () => {
  it("is the same event under the same id, newly signed", async () => {
    const { client, inbox, pay, advance, deliveries } = await startHooked();
    const event = await pay();
    await client.server.settled();
    await advance(600);
    const { status } = await client.post(`/_mock/events/${event.id}/redeliver`);
    expect(status).toBe(202);
    await client.server.settled();
    const [first, second] = inbox.arrived as [Arrived, Arrived];
    expect(second).toMatchObject({
      id: first.id,
      body: first.body,
      timestamp: first.timestamp + 600,
    });
    expect(verifies(second, secret)).toBe(true);
    expect(await deliveries(event.id)).toMatchObject([
      { attempt: 1, status: "succeeded" },
      { attempt: 2, status: "succeeded" },
    ]);
  });

  it("brings forward what was planned", async () => {
    const { client, inbox, pay, deliveries } = await startHooked();
    inbox.answer = () => 500;
    const event = await pay();
    await client.server.settled();
    inbox.answer = () => 200;
    await client.post(`/_mock/events/${event.id}/redeliver`);
    await client.server.settled();
    expect(await deliveries(event.id)).toMatchObject([
      { attempt: 1, status: "failed" },
      { attempt: 2, status: "succeeded", at: noon },
    ]);
  });

  it("reaches endpoints that came after the event", async () => {
    const { client, inbox, pay } = await startHooked({}, []);
    const event = await pay();
    await client.post("/_mock/webhook_endpoints", { url: "https://late.test/", secret });
    await client.post(`/_mock/events/${event.id}/redeliver`);
    await client.server.settled();
    expect(inbox.arrived.map(({ id }) => id)).toEqual([event.id]);
  });

  it("answers 404 for an event that is not there", async () => {
    const { client } = await startHooked();
    for (const id of ["evt_nobody", "evt_no-such", "nothing", "%00"])
      problemFields(await client.post(`/_mock/events/${id}/redeliver`), 404, "not_found");
  });
});

describe("the list of deliveries", () => {
  it("comes in pages", async () => {
    const { client, inbox, pay } = await startHooked();
    inbox.answer = () => 500;
    for (let count = 0; count < 5; count += 1) await pay();
    await client.server.settled();
    const ids: string[] = [];
    let after = "";
    for (let pages = 0; pages < 10; pages += 1) {
      const { body } = await client.get(`/_mock/deliveries?limit=3${after}`);
      ids.push(...body.data.map((row: { id: string }) => row.id));
      if (body.next === undefined) break;
      after = `&after=${body.next}`;
    }
    expect(ids).toHaveLength(10);
    expect(new Set(ids).size).toBe(10);
    problemFields(await client.get("/_mock/deliveries?limit=0"), 400, "invalid_request");
    problemFields(await client.get("/_mock/deliveries?after=x"), 400, "invalid_request");
  });
});

describe("a reset", () => {
  it("clears deliveries and what was planned; endpoints stay, and hear of the new book", async () => {
    const { client, inbox, pay, advance, deliveries } = await startHooked();
    inbox.answer = () => 500;
    await pay();
    await client.server.settled();
    await client.post("/_mock/faults", { on: "webhook", effect: "drop" });
    expect((await client.post("/_mock/reset")).status).toBe(204);
    expect(await deliveries()).toEqual([]);
    expect((await client.get("/_mock/faults")).body.data).toEqual([]);
    expect((await client.get("/_mock/webhook_endpoints")).body.data).toHaveLength(1);
    await advance(10_000);
    expect(inbox.arrived).toHaveLength(1);
    inbox.answer = () => 200;
    await createBill(client);
    const event = await hooked(client, inbox).pay();
    await client.server.settled();
    expect(inbox.arrived.slice(1).map(({ id }) => id)).toEqual([event.id]);
  });
});

describe("a fork and a restored snapshot", () => {
  it("send nothing of the past, and all that comes", async () => {
    const { client, inbox, pay } = await startHooked();
    await pay();
    await client.server.settled();
    const target = clientOf(client.server, "sk_test_fork");
    await target.post("/_mock/webhook_endpoints", { url: "https://fork.test/", secret });
    const forked = await client.post("/_mock/fork", { to: "sk_test_fork" });
    expect(forked.status, forked.text).toBe(201);
    const { text } = await client.get("/_mock/snapshot");
    const restoring = clientOf(client.server, "sk_test_restored");
    await restoring.post("/_mock/webhook_endpoints", { url: "https://restored.test/", secret });
    const restored = await restoring.send("PUT", "/_mock/snapshot", undefined, { raw: text });
    expect(restored.status, restored.text).toBe(200);
    await client.server.settled();
    expect(inbox.arrived).toHaveLength(1);
    const events = [await hooked(target, inbox).pay(), await hooked(restoring, inbox).pay()];
    await client.server.settled();
    expect(inbox.arrived.slice(1).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  });
});

describe("a clock that is moved while an endpoint hangs", () => {
  it("holds up neither the rest of the API, nor what runs alone, nor the end of the server", async () => {
    const { client, inbox, pay } = await startHooked();
    const came = Promise.withResolvers<void>();
    inbox.answer = () => {
      came.resolve();
      return new Promise<Response>(() => undefined);
    };
    await pay();
    await came.promise;
    const moving = client.post("/_mock/clock/advance", { seconds: 60 });
    expect((await client.patch("/_mock/settings", { strict: true })).status).toBe(200);
    expect((await client.get("/billing/bills/BILL-1")).status).toBe(200);
    expect((await client.post("/_mock/reset")).status).toBe(204);
    expect((await moving).body).toEqual({ now: "2026-03-01T00:01:00.000Z", frozen: true });
    await createBill(client);
    await pay();
    const last = client.post("/_mock/clock/advance", { seconds: 60 });
    await client.server.close();
    await last;
    expect(inbox.arrived.length).toBeGreaterThan(0);
  });
});
