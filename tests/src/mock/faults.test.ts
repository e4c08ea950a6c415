/** Requests and webhooks that go wrong on purpose. */
import { connect } from "node:net";
import { memoryStore } from "@tallystick/adapters/memory";
import { createWebhookReceiver } from "@tallystick/adapters/webhooks";
import { openLedger } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { secret, startHooked } from "./inbox.ts";
import { type Client, noon, problemFields, startMock, startWithObjects } from "./support.ts";

const noonSeconds = Date.parse(noon) / 1000;
const enter = async (client: Client, fault: object): Promise<void> => {
  const { status, text } = await client.post("/_mock/faults", fault);
  expect(status, text).toBe(201);
};
const customer = { external_reference: "CUST-2" };

describe("the list of faults", () => {
  it("tells what will go wrong yet, and can be emptied", async () => {
    const client = startMock();
    const on = { method: "POST", path: "/billing/customers" };
    const { status, body } = await client.post("/_mock/faults", {
      on,
      effect: { status: 503 },
      times: 2,
    });
    expect(status).toBe(201);
    expect(body).toEqual({ id: "fault_1", on, effect: { status: 503 }, times: 2, fired: 0 });
    await client.post("/billing/customers", customer);
    expect((await client.get("/_mock/faults")).body.data).toEqual([{ ...body, fired: 1 }]);
    expect((await client.get("/_mock/faults", { key: "sk_test_other" })).body.data).toEqual([]);
    expect((await client.send("DELETE", "/_mock/faults")).status).toBe(204);
    expect((await client.get("/_mock/faults")).body.data).toEqual([]);
    expect((await client.post("/billing/customers", customer)).status).toBe(201);
  });

  it.each([
    [{}, ["effect", "on"]],
    [{ on: {}, effect: "drop" }, ["effect"]],
    [{ on: {}, effect: { delay_ms: 60_001 } }, ["effect"]],
    [{ on: {}, effect: { status: 200 } }, ["effect.status"]],
    [{ on: "webhook", effect: { status: 503 } }, ["effect"]],
    [{ on: "webhook", effect: "drop_before" }, ["effect"]],
    [{ on: { path: "billing" }, effect: "drop_before" }, ["on.path"]],
    [{ on: {}, effect: "drop_before", times: 0, probability: 2 }, ["probability", "times"]],
    [{ on: {}, effect: "drop_before", sometimes: true }, ["sometimes"]],
  ])("refuses %j", async (body, fields) => {
    const answered = await startMock().post("/_mock/faults", body);
    expect(problemFields(answered, 400, "invalid_request")).toEqual(fields);
  });
});

describe("a fault of requests", () => {
  it("answers with a problem of its status, and nothing is done or stored, the key included", async () => {
    const client = startMock();
    await enter(client, { on: {}, effect: { status: 503 } });
    const asked = { idempotencyKey: "key-once" };
    const refused = await client.post("/billing/customers", customer, asked);
    problemFields(refused, 503, "service_unavailable");
    expect(refused.headers.get("retry-after")).toBe("1");
    const { status, headers } = await client.post("/billing/customers", customer, asked);
    expect(status).toBe(201);
    expect(headers.get("idempotent-replayed")).toBeNull();
    await enter(client, { on: {}, effect: { status: 418 } });
    problemFields(await client.get("/billing/customers/CUST-2"), 418, "invalid_request");
  });

  it("fits a method and an exact path; without a path, billing and paying", async () => {
    const client = await startWithObjects();
    await enter(client, { on: { method: "PATCH" }, effect: { status: 500 } });
    expect((await client.get("/billing/customers/CUST-1")).status).toBe(200);
    expect((await client.get("/_mock/settings")).status).toBe(200);
    const patched = await client.patch("/_mock/settings", { strict: false });
    expect(patched.status).toBe(200);
    problemFields(await client.patch("/billing/customers/CUST-1", {}), 500, "internal_error");
    await enter(client, { on: {}, effect: { status: 500 } });
    const paid = await client.post("/_mock/payments", { bill: "BILL-1", amount: 100 });
    problemFields(paid, 500, "internal_error");
    await enter(client, { on: { path: "/_mock/settings" }, effect: { status: 500 } });
    expect((await client.get("/_mock/clock")).status).toBe(200);
    problemFields(await client.get("/_mock/settings"), 500, "internal_error");
  });

  it("drops the connection before anything is done", async () => {
    const client = startMock();
    await enter(client, { on: {}, effect: "drop_before" });
    await expect(client.post("/billing/customers", customer)).rejects.toThrow(TypeError);
    problemFields(await client.get("/billing/customers/CUST-2"), 404, "not_found");
  });

  it("drops the connection after the work is done and its reply stored", async () => {
    const client = startMock();
    await enter(client, { on: {}, effect: "commit_then_drop" });
    const asked = { idempotencyKey: "key-once" };
    await expect(client.post("/billing/customers", customer, asked)).rejects.toThrow(TypeError);
    const again = await client.post("/billing/customers", customer, asked);
    expect(again.status).toBe(201);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
  });

  it("answers later, in real time, with the clock standing still", async () => {
    const client = startMock();
    await enter(client, { on: {}, effect: { delay_ms: 5 } });
    expect((await client.post("/billing/customers", customer)).status).toBe(201);
  });

  it("takes effect so many times, one fault after the other", async () => {
    const client = startMock();
    await enter(client, { on: {}, effect: { status: 500 }, times: 2 });
    await enter(client, { on: {}, effect: { status: 502 } });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1)
      statuses.push((await client.get("/billing/customers/CUST-2")).status);
    expect(statuses).toEqual([500, 500, 502, 404]);
  });

  it("takes effect with its probability, and again alike with the same seed", async () => {
    const play = async (seed: number): Promise<readonly number[]> => {
      const client = startMock();
      const fault = { on: {}, effect: { status: 500 }, times: 1000, probability: 0.5, seed };
      await enter(client, fault);
      const statuses: number[] = [];
      for (let count = 0; count < 60; count += 1)
        statuses.push((await client.get("/billing/customers/CUST-2")).status);
      return statuses;
    };
    const first = await play(7);
    expect(await play(7)).toEqual(first);
    expect(await play(8)).not.toEqual(first);
    expect(new Set(first)).toEqual(new Set([500, 404]));
  });

  it("cuts the socket: the caller sees no byte of an answer", async () => {
    const client = startMock({ port: 0 });
    const { url } = await client.server.listen();
    for (const effect of ["drop_before", "commit_then_drop"]) {
      await enter(client, { on: {}, effect });
      const received = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(new URL(url).port), "127.0.0.1");
        let text = "";
        socket.on("data", (bytes) => {
          text += bytes.toString();
        });
        socket.on("error", reject).on("close", () => resolve(text));
        const head = [
          "GET /billing/customers/C HTTP/1.1",
          "Host: mock",
          "Authorization: Bearer sk_test_9rZk3Lm0",
        ];
        socket.write(`${head.join("\r\n")}\r\n\r\n`);
      });
      expect(received).toBe("");
    }
    const key = { authorization: "Bearer sk_test_9rZk3Lm0" };
    await enter(client, { on: {}, effect: "drop_before" });
    await expect(fetch(`${url}/billing/customers/C`, { headers: key })).rejects.toThrow(TypeError);
    expect((await fetch(`${url}/billing/customers/C`, { headers: key })).status).toBe(404);
  });
});

describe("a fault of webhooks", () => {
  it("drops: nothing is sent, and the attempt has failed", async () => {
    const { client, inbox, pay, advance, deliveries } = await startHooked();
    await enter(client, { on: "webhook", effect: "drop" });
    await pay();
    await client.server.settled();
    expect(inbox.arrived).toEqual([]);
    await advance(5);
    expect(inbox.arrived).toHaveLength(1);
    expect(await deliveries()).toMatchObject([{ status: "failed" }, { status: "succeeded" }]);
  });

  it("duplicates: the same message twice", async () => {
    const { client, inbox, pay, deliveries } = await startHooked();
    await enter(client, { on: "webhook", effect: "duplicate" });
    await pay();
    await client.server.settled();
    expect(inbox.arrived).toHaveLength(2);
    expect(inbox.arrived[0]).toEqual(inbox.arrived[1]);
    expect(await deliveries()).toHaveLength(1);
  });

  it("delays by the merchant's clock", async () => {
    const { client, inbox, pay, advance } = await startHooked();
    await enter(client, { on: "webhook", effect: { delay_ms: 2500 }, times: 5 });
    await pay();
    await client.server.settled();
    await advance(2);
    expect(inbox.arrived).toEqual([]);
    await advance(1);
    expect(inbox.arrived.map(({ timestamp }) => timestamp - noonSeconds)).toEqual([2]);
  });

  it("reorders: one is held back until the next has gone", async () => {
    const { client, inbox, pay, advance, deliveries } = await startHooked();
    await enter(client, { on: "webhook", effect: "reorder" });
    const first = await pay();
    await client.server.settled();
    await advance(100);
    expect(inbox.arrived).toEqual([]);
    expect(await deliveries()).toMatchObject([{ attempt: 1, status: "pending" }]);
    const second = await pay();
    await client.server.settled();
    expect(inbox.arrived.map(({ id }) => id)).toEqual([second.id, first.id]);
  });

  it("holds nothing back for ever: without its faults what is held goes", async () => {
    const { client, inbox, pay } = await startHooked();
    await enter(client, { on: "webhook", effect: "reorder" });
    const event = await pay();
    await client.server.settled();
    await client.send("DELETE", "/_mock/faults");
    await client.server.settled();
    expect(inbox.arrived.map(({ id }) => id)).toEqual([event.id]);
  });

  it("signs wrongly, or as of an hour ago", async () => {
    const { client, inbox, pay, advance, deliveries } = await startHooked();
    const ledger = openLedger({ store: memoryStore(), book: "merchant" });
    const nowMs = Date.parse(noon);
    const receiver = createWebhookReceiver({ ledger, secret, now: () => nowMs });
    inbox.answer = ({ url, headers, body }) =>
      receiver(new Request(url, { method: "POST", headers, body }));
    await enter(client, { on: "webhook", effect: "bad_signature" });
    await enter(client, { on: "webhook", effect: "stale_timestamp" });
    await pay();
    await client.server.settled();
    await advance(5);
    expect(inbox.arrived.map(({ timestamp }) => timestamp - noonSeconds)).toEqual([0, -3595]);
    expect(await deliveries()).toMatchObject([
      { status: "failed", response_status: 401 },
      { status: "failed", response_status: 401 },
      { status: "pending" },
    ]);
    expect(receiver.counts).toMatchObject({ rejected: 2, applied: 0 });
  });
});
