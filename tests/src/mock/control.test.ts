/** Clock, settings and reset. */
import { createMockServer } from "@tallystick/mock-server";
import { describe, expect, it } from "vitest";
import { noon, problemFields, startMock, startWithObjects } from "./support.ts";

describe("the clock", () => {
  it("stands where the server was told, and moves forward only", async () => {
    const client = startMock();
    expect((await client.get("/_mock/clock")).body).toEqual({ now: noon, frozen: true });
    const moved = await client.post("/_mock/clock/advance", { seconds: 90 });
    expect(moved.body).toEqual({ now: "2026-03-01T00:01:30.000Z", frozen: true });
    const put = await client.send("PUT", "/_mock/clock", { now: "2026-03-05T12:00:00+02:00" });
    expect(put.body).toEqual({ now: "2026-03-05T10:00:00.000Z", frozen: true });
    problemFields(await client.send("PUT", "/_mock/clock", { now: noon }), 409, "conflict");
    for (const seconds of [0, -5, 1.5, "5"])
      problemFields(await client.post("/_mock/clock/advance", { seconds }), 400, "invalid_request");
    problemFields(await client.send("PUT", "/_mock/clock", {}), 400, "invalid_request");
  });

  it("is never put where no instant can be written, and goes on after it was asked to", async () => {
    const client = startMock();
    const put = (now: string) => client.send("PUT", "/_mock/clock", { now });
    expect(problemFields(await put("9999-12-31T23:59:59Z"), 400, "invalid_request")).toEqual([
      "now",
    ]);
    expect((await put("9999-01-01T00:00:00Z")).status).toBe(200);
    const further = await client.post("/_mock/clock/advance", { seconds: 10 });
    expect(problemFields(further, 400, "invalid_request")).toEqual(["seconds"]);
    expect((await client.post("/billing/customers", { external_reference: "C-1" })).status).toBe(
      201,
    );
    expect(() => createMockServer({ clock: "9999-12-31T23:59:59Z" })).toThrow("beyond");
  });

  it("runs on from where it stood, where the machine's is behind", async () => {
    const client = startMock();
    await client.post("/_mock/clock/advance", { seconds: 90 });
    const run = await client.send("PUT", "/_mock/clock", { real: true });
    expect(run.body).toEqual({ now: "2026-03-01T00:01:30.000Z", frozen: false });
    problemFields(await client.post("/_mock/clock/advance", { seconds: 1 }), 409, "conflict");
  });

  it("is the book's: today's date, and when things happened (BIL-10, D-44)", async () => {
    const client = await startWithObjects();
    await client.post("/_mock/clock/advance", { seconds: 36 * 60 * 60 });
    const bill = {
      customer: "CUST-1",
      external_reference: "B-2",
      currency: "ZAR",
      amount_due: 150,
    };
    expect((await client.post("/billing/bills", bill)).body.bill_date).toBe("2026-03-02");
    await client.post("/_mock/clock/advance", { seconds: 1 });
    const { body } = await client.post("/_mock/payments", { bill: "B-2", amount: 150 });
    expect(body.event.data).toMatchObject({
      created_at: "2026-03-02T12:00:00.000Z",
      updated_at: "2026-03-02T12:00:01.000Z",
    });
    const other = await client.get("/_mock/clock", { key: "sk_test_other" });
    expect(other.body.now).toBe(noon);
  });
});

describe("settings", () => {
  it("are merged one level deep, and hold for what comes after (RUL-11, MON-04, META-05)", async () => {
    const client = await startWithObjects();
    const { body: before } = await client.get("/_mock/settings");
    expect(before.payment_rules.account.max_amount).toBe(500_000);
    const rules = { ...before.payment_rules.customer, overpayment_allowed: true };
    const { status, body } = await client.patch("/_mock/settings", {
      payment_rules: { customer: rules },
      metadata_limits: { keys: 20 },
      currencies: ["ZAR", "JPY"],
      idempotency_key: "optional",
      strict: true,
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...before,
      payment_rules: { ...before.payment_rules, customer: rules },
      metadata_limits: { keys: 20, key_length: 40, value_length: 500 },
      currencies: ["ZAR", "JPY"],
      idempotency_key: "optional",
      strict: true,
    });
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`k${n}`, "v"]));
    const created = await client.post(
      "/billing/customers",
      { external_reference: "CUST-2", currency: "JPY", balance: 5, metadata: many },
      { idempotencyKey: null },
    );
    expect(created.body.payment_rules).toEqual(rules);
    // Rules were taken down with the first balance, and stay as they were (D-26).
    const { body: old } = await client.get("/billing/customers/CUST-1");
    expect(old.payment_rules.overpayment_allowed).toBe(false);
  });

  it("merge into a rate limit that there is, and ask for all of one that there is not", async () => {
    const client = startMock();
    const half = await client.patch("/_mock/settings", { rate_limit: { requests: 5 } });
    expect(problemFields(half, 400, "invalid_request")).toEqual(["rate_limit.seconds"]);
    await client.patch("/_mock/settings", { rate_limit: { requests: 5, seconds: 10 } });
    const merged = await client.patch("/_mock/settings", { rate_limit: { requests: 7 } });
    expect(merged.body.rate_limit).toEqual({ requests: 7, seconds: 10 });
    const other = await client.patch("/_mock/settings", { strict: true });
    expect(other.body.rate_limit).toEqual({ requests: 7, seconds: 10 });
    const none = await client.patch("/_mock/settings", { rate_limit: null });
    expect(none.body.rate_limit).toBeNull();
  });

  it("are refused where they make no sense", async () => {
    const client = startMock();
    const refused = await client.patch("/_mock/settings", {
      currencies: ["XXY"],
      idempotency_key: "never",
      colour: "red",
    });
    expect(problemFields(refused, 400, "invalid_request")).toEqual([
      "colour",
      "currencies.0",
      "idempotency_key",
    ]);
  });
});

describe("a reset", () => {
  it("empties the book and forgets stored replies; settings and clock stay", async () => {
    const client = await startWithObjects();
    await client.patch("/_mock/settings", { strict: true });
    await client.post("/_mock/clock/advance", { seconds: 60 });
    const asked = { idempotencyKey: "again" };
    const first = await client.post("/billing/customers", { external_reference: "C-1" }, asked);
    expect((await client.post("/_mock/reset")).status).toBe(204);
    problemFields(await client.get("/billing/customers/CUST-1"), 404, "not_found");
    const again = await client.post("/billing/customers", { external_reference: "C-1" }, asked);
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(first.body.id);
    expect((await client.get("/_mock/settings")).body.strict).toBe(true);
    expect((await client.get("/_mock/clock")).body.now).toBe("2026-03-01T00:01:00.000Z");
  });
});

describe("the OpenAPI document", () => {
  it("is there without a key, and names every route (D-12)", async () => {
    const { status, body } = await startMock().get("/openapi.json", { key: null });
    expect(status).toBe(200);
    expect(body.openapi).toBe("3.1.0");
    expect(Object.keys(body.paths)).toContain("/billing/bills/{bill}/void");
    expect(body.paths["/billing/customers"].post.responses["201"]).toBeDefined();
    const { properties, required } =
      body.paths["/billing/customers"].post.requestBody.content["application/json"].schema;
    expect(required).toEqual(["external_reference"]);
    expect(properties.external_reference).toMatchObject({
      type: "string",
      maxLength: 255,
      pattern: "^(?!bcus_)[a-zA-Z0-9_-]+$",
    });
    expect(properties.metadata).toMatchObject({ type: "object" });
  });
});
