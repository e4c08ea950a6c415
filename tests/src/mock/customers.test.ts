/** E1 to E3 by HTTP. */
import { describe, expect, it } from "vitest";
import { idPattern, problemFields, startMock } from "./support.ts";

const whole = {
  external_reference: "CUST-40217",
  name: "Lerato Dlamini",
  email: "lerato.dlamini@example.org",
  phone: "+27825550142",
  currency: "ZAR",
  balance: 48_350,
  metadata: { region: "gauteng" },
};

describe("creating a customer", () => {
  it("answers 201 with the customer, its rules and nothing that was not given (CUS-01, CUS-08)", async () => {
    const { status, body } = await startMock().post("/billing/customers", whole);
    expect(status).toBe(201);
    expect(body).toEqual({
      ...whole,
      id: expect.stringMatching(idPattern.customer),
      payment_rules: {
        min_amount: 100,
        max_amount: 1_000_000,
        underpayment_allowed: true,
        overpayment_allowed: false,
      },
    });
  });

  it("needs a reference and nothing else, and leaves out what has no value (CUS-02, CUS-07, CUS-14)", async () => {
    const { body } = await startMock().post("/billing/customers", { external_reference: "C-1" });
    expect(body).toEqual({
      id: expect.stringMatching(idPattern.customer),
      external_reference: "C-1",
    });
  });

  it("tells every fault at once (ERR-13, CUS-03 to CUS-05)", async () => {
    const answered = await startMock().post("/billing/customers", {
      external_reference: "bcus_mine",
      name: "n".repeat(256),
      email: "nobody",
      phone: "0825550142",
      currency: "EUR",
      balance: 1.5,
      metadata: { region: 5 },
    });
    expect(problemFields(answered, 400, "invalid_request", "/billing/customers")).toEqual([
      "balance",
      "currency",
      "email",
      "external_reference",
      "metadata.region",
      "name",
      "phone",
    ]);
  });

  it("refuses null for what may be left out (D-22)", async () => {
    const answered = await startMock().post("/billing/customers", {
      external_reference: "C-1",
      name: null,
    });
    expect(problemFields(answered, 400, "invalid_request")).toEqual(["name"]);
  });

  it("asks for a currency beside a balance (MON-09)", async () => {
    const answered = await startMock().post("/billing/customers", {
      external_reference: "C-1",
      balance: 5,
    });
    expect(problemFields(answered, 400, "invalid_request")).toEqual(["currency"]);
  });

  it("refuses a reference that is taken with 409 (ID-07)", async () => {
    const client = startMock();
    await client.post("/billing/customers", { external_reference: "C-1" });
    const again = await client.post("/billing/customers", { external_reference: "C-1" });
    problemFields(again, 409, "conflict", "/billing/customers");
  });

  it("takes no more metadata than is settled (META-02 to META-04)", async () => {
    const client = startMock();
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, "v"]));
    for (const metadata of [many, { ["k".repeat(41)]: "v" }, { k: "v".repeat(501) }]) {
      const answered = await client.post("/billing/customers", {
        external_reference: "C-1",
        metadata,
      });
      expect(problemFields(answered, 400, "invalid_request")).toHaveLength(1);
    }
  });

  it("keeps metadata keys that JavaScript would swallow (META-08)", async () => {
    const client = startMock();
    const raw =
      '{"external_reference":"C-1","metadata":{"__proto__":"a","constructor":"b","toString":"c"}}';
    const created = await client.post("/billing/customers", undefined, { raw });
    expect(created.status).toBe(201);
    const { text } = await client.get("/billing/customers/C-1");
    expect(Object.entries(JSON.parse(text).metadata)).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
      ["toString", "c"],
    ]);
  });

  it("passes unknown members over, and refuses them where the server is strict (D-42)", async () => {
    const body = { external_reference: "C-1", payment_rules: {}, nickname: null };
    expect((await startMock().post("/billing/customers", body)).status).toBe(201);
    const answered = await startMock({ strict: true }).post("/billing/customers", body);
    expect(problemFields(answered, 400, "invalid_request")).toEqual(["nickname", "payment_rules"]);
  });
});

describe("retrieving a customer", () => {
  it("finds it by id and by reference (CUS-09, ID-11, ID-12)", async () => {
    const client = startMock();
    const { body } = await client.post("/billing/customers", whole);
    for (const name of [body.id, "CUST-40217"]) {
      const found = await client.get(`/billing/customers/${name}`);
      expect(found.status).toBe(200);
      expect(found.body).toEqual(body);
    }
  });

  it("answers 404 for one that nobody made (ERR-07)", async () => {
    const answered = await startMock().get("/billing/customers/CUST-9");
    problemFields(answered, 404, "not_found", "/billing/customers/CUST-9");
  });
});

describe("updating a customer", () => {
  it("changes what is sent, merges metadata and gives the whole record (CUS-10 to CUS-13, META-06)", async () => {
    const client = startMock();
    const { body } = await client.post("/billing/customers", whole);
    const updated = await client.patch("/billing/customers/CUST-40217", {
      balance: -200,
      email: "l@example.org",
      metadata: { tier: "gold" },
      external_reference: "OTHER",
    });
    expect(updated.status).toBe(200);
    expect(updated.body).toEqual({
      ...body,
      balance: -200,
      email: "l@example.org",
      metadata: { region: "gauteng", tier: "gold" },
    });
  });

  it("changes nothing where nothing is sent (CUS-15, D-43)", async () => {
    const client = startMock();
    const { body } = await client.post("/billing/customers", whole);
    const updated = await client.patch("/billing/customers/CUST-40217", {});
    expect([updated.status, updated.body]).toEqual([200, body]);
  });

  it("asks for the first currency, and refuses another one without a balance (D-15, MON-10, MON-11)", async () => {
    const client = startMock();
    await client.post("/billing/customers", { external_reference: "C-1" });
    const first = await client.patch("/billing/customers/C-1", { balance: 5 });
    expect(problemFields(first, 400, "invalid_request")).toEqual(["currency"]);
    await client.patch("/billing/customers/C-1", { balance: 5, currency: "ZAR" });
    expect((await client.patch("/billing/customers/C-1", { balance: 6 })).body.balance).toBe(6);
    problemFields(
      await client.patch("/billing/customers/C-1", { currency: "USD" }),
      422,
      "unprocessable",
    );
    const changed = await client.patch("/billing/customers/C-1", { currency: "USD", balance: 7 });
    expect(changed.body).toMatchObject({ currency: "USD", balance: 7 });
  });

  it("judges the limits of metadata on the merged result (META-07)", async () => {
    const client = startMock();
    const keys = (from: number, to: number) =>
      Object.fromEntries(Array.from({ length: to - from }, (_, n) => [`k${from + n}`, "v"]));
    await client.post("/billing/customers", { external_reference: "C-1", metadata: keys(0, 6) });
    const answered = await client.patch("/billing/customers/C-1", { metadata: keys(6, 12) });
    expect(problemFields(answered, 400, "invalid_request")).toEqual(["metadata"]);
  });
});
