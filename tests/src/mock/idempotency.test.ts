/** The Idempotency-Key header (spec 2.3). */
import { describe, expect, it } from "vitest";
import { problemFields, startMock, startWithObjects } from "./support.ts";

const customer = { external_reference: "C-1" };
const idempotencyKey = "5d0b9a52-3f0e-4f0c-9c53-0d5b1c6c7a11";

describe("a request without a key", () => {
  it("is refused where one is required, and nothing comes of it (IDEM-01, IDEM-05)", async () => {
    const client = await startWithObjects();
    for (const [path, body] of [
      ["/billing/customers", customer],
      ["/billing/accounts", { customer: "CUST-1", external_reference: "A-9" }],
      ["/billing/bills/BILL-1/void", undefined],
    ] as const) {
      const answered = await client.post(path, body, { idempotencyKey: null });
      expect(problemFields(answered, 400, "invalid_request")).toEqual(["Idempotency-Key"]);
    }
    expect((await client.get("/billing/bills/BILL-1")).body.status).toBe("unpaid");
    expect((await client.patch("/billing/customers/CUST-1", {})).status).toBe(200);
  });

  it("passes where the server does not ask for one (IDEM-02)", async () => {
    const client = startMock({ idempotencyKey: "optional" });
    const answered = await client.post("/billing/customers", customer, { idempotencyKey: null });
    expect(answered.status).toBe(201);
  });
});

describe("a key", () => {
  it("has 1 to 255 letters, digits and hyphens (IDEM-03, IDEM-04, D-05)", async () => {
    const client = startMock();
    for (const bad of ["", "a_b", "a b", "a".repeat(256), "é"]) {
      const asked = { idempotencyKey: encodeURI(bad) };
      const answered = await client.post("/billing/customers", customer, asked);
      expect(problemFields(answered, 400, "invalid_request")).toEqual(["Idempotency-Key"]);
    }
    const asked = { idempotencyKey: "a".repeat(255) };
    expect((await client.post("/billing/customers", customer, asked)).status).toBe(201);
  });
});

describe("a repeat", () => {
  it("gets the first answer unchanged, and says so (IDEM-06, IDEM-07, IDEM-09)", async () => {
    const client = startMock();
    const first = await client.post("/billing/customers", customer, { idempotencyKey });
    expect(first.headers.has("idempotent-replayed")).toBe(false);
    await client.patch("/billing/customers/C-1", { name: "Changed since" });
    const raw = '{ "external_reference" :\n"C-1" }';
    const again = await client.post("/billing/customers", undefined, { idempotencyKey, raw });
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.headers.get("content-type")).toBe(first.headers.get("content-type"));
  });

  it("gets a first failure again, too (IDEM-08)", async () => {
    const client = startMock();
    const ask = () =>
      client.post(
        "/billing/accounts",
        { customer: "C-1", external_reference: "A" },
        { idempotencyKey },
      );
    const first = await ask();
    problemFields(first, 404, "not_found");
    await client.post("/billing/customers", customer);
    const again = await ask();
    expect([again.status, again.text]).toEqual([404, first.text]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.headers.get("content-type")).toBe("application/problem+json");
  });

  it("with another body, path or method is 422, and the first answer stays (IDEM-11, D-06)", async () => {
    const client = await startWithObjects();
    const first = await client.post("/billing/customers", customer, { idempotencyKey });
    for (const [path, body] of [
      ["/billing/customers", { external_reference: "C-2" }],
      ["/billing/accounts", customer],
      ["/billing/bills/BILL-1/void", undefined],
    ] as const)
      problemFields(await client.post(path, body, { idempotencyKey }), 422, "unprocessable", path);
    const again = await client.post("/billing/customers", customer, { idempotencyKey });
    expect(again.text).toBe(first.text);
  });

  it("counts as new after 24 hours (IDEM-10)", async () => {
    const client = await startWithObjects();
    const ask = () =>
      client.post("/_mock/payments", { bill: "BILL-1", amount: 150 }, { idempotencyKey });
    const first = await ask();
    await client.post("/_mock/clock/advance", { seconds: 24 * 60 * 60 - 1 });
    expect((await ask()).text).toBe(first.text);
    await client.post("/_mock/clock/advance", { seconds: 1 });
    const second = await ask();
    expect(second.status).toBe(201);
    expect(second.body.payment.id).not.toBe(first.body.payment.id);
    expect(second.body.obligation.balance).toBe(37_350);
    expect((await ask()).text).toBe(second.text);
  });

  it("is not known where the first one got no further than its key or its limits (IDEM-13)", async () => {
    const client = startMock();
    const refused = await client.post("/billing/customers", customer, {
      idempotencyKey,
      key: "pk_test_a",
    });
    expect(refused.status).toBe(403);
    await client.patch("/_mock/settings", { rate_limit: { requests: 1, seconds: 1 } });
    await client.get("/billing/customers/C-1");
    expect((await client.post("/billing/customers", customer, { idempotencyKey })).status).toBe(
      429,
    );
    await client.patch("/_mock/settings", { rate_limit: null });
    expect((await client.post("/billing/customers", customer, { idempotencyKey })).status).toBe(
      201,
    );
  });
});

describe("fifty identical requests at once", () => {
  it("have one effect; the others are told to wait or get the first answer (IDEM-12)", async () => {
    const client = await startWithObjects();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        client.post("/_mock/payments", { bill: "BILL-1", amount: 150 }, { idempotencyKey }),
      ),
    );
    const created = answers.filter(({ status }) => status === 201);
    expect(created.length).toBeGreaterThan(0);
    expect(new Set(created.map(({ text }) => text)).size).toBe(1);
    for (const answered of answers.filter(({ status }) => status !== 201))
      problemFields(answered, 409, "conflict");
    expect((await client.get("/billing/bills/BILL-1")).body.amount_paid).toBe(150);
  });
});

describe("a control request", () => {
  it("may carry a key, and is then answered once (D-08)", async () => {
    const client = startMock();
    const advance = (key: string | null) =>
      client.post("/_mock/clock/advance", { seconds: 60 }, { idempotencyKey: key });
    const first = await advance("k");
    const again = await advance("k");
    expect(again.text).toBe(first.text);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect((await advance(null)).body.now).toBe("2026-03-01T00:02:00.000Z");
  });
});
