/** E4 to E6 by HTTP. */
import { describe, expect, it } from "vitest";
import { idPattern, problemFields, startMock, startWithObjects } from "./support.ts";

describe("creating an account", () => {
  it("brings a new customer along, and gives both ids (ACC-01, ACC-05)", async () => {
    const client = startMock();
    const { status, body } = await client.post("/billing/accounts", {
      customer: { external_reference: "CUST-51908", name: "Bright Spark Electrical" },
      external_reference: "ACC-7781",
      name: "Fibre line, Rivonia",
      currency: "ZAR",
      balance: 129_900,
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(idPattern.account),
      external_reference: "ACC-7781",
      customer_id: expect.stringMatching(idPattern.customer),
      name: "Fibre line, Rivonia",
      currency: "ZAR",
      balance: 129_900,
      payment_rules: {
        min_amount: 100,
        max_amount: 500_000,
        underpayment_allowed: true,
        overpayment_allowed: false,
      },
    });
    const customer = await client.get(`/billing/customers/${body.customer_id}`);
    expect(customer.body.name).toBe("Bright Spark Electrical");
  });

  it("takes its customer by id or by reference, without a balance, too (ACC-03, ACC-04, ACC-09)", async () => {
    const client = startMock();
    const { body: customer } = await client.post("/billing/customers", {
      external_reference: "C-1",
    });
    for (const [index, name] of [customer.id, "C-1"].entries()) {
      const { body } = await client.post("/billing/accounts", {
        customer: name,
        external_reference: `A-${index}`,
      });
      expect(body).toEqual({
        id: expect.stringMatching(idPattern.account),
        external_reference: `A-${index}`,
        customer_id: customer.id,
      });
    }
  });

  it("answers 404 for a customer that nobody made (ACC-07)", async () => {
    const answered = await startMock().post("/billing/accounts", {
      customer: "C-9",
      external_reference: "A-1",
    });
    problemFields(answered, 404, "not_found");
  });

  it("makes everything or nothing (ACC-06, D-23)", async () => {
    const client = await startWithObjects();
    const taken = await client.post("/billing/accounts", {
      customer: { external_reference: "CUST-2" },
      external_reference: "ACC-1",
    });
    problemFields(taken, 409, "conflict");
    problemFields(await client.get("/billing/customers/CUST-2"), 404, "not_found");
    const nested = await client.post("/billing/accounts", {
      customer: { external_reference: "CUST-1" },
      external_reference: "ACC-2",
    });
    problemFields(nested, 409, "conflict");
    problemFields(await client.get("/billing/accounts/ACC-2"), 404, "not_found");
  });

  it("tells the faults of the customer that is brought along by their paths (ACC-02, ERR-13)", async () => {
    const answered = await startMock().post("/billing/accounts", {
      customer: { external_reference: "bcus_x", currency: "EUR", balance: "5" },
      external_reference: "bacc_x",
    });
    expect(problemFields(answered, 400, "invalid_request")).toEqual([
      "customer.balance",
      "customer.currency",
      "customer.external_reference",
      "external_reference",
    ]);
    const empty = await startMock().post("/billing/accounts", {});
    expect(problemFields(empty, 400, "invalid_request")).toEqual([
      "customer",
      "external_reference",
    ]);
  });
});

describe("updating an account", () => {
  it("leaves its siblings and its customer alone (ACC-12 to ACC-15)", async () => {
    const client = await startWithObjects();
    await client.post("/billing/accounts", {
      customer: "CUST-1",
      external_reference: "ACC-2",
      currency: "USD",
      balance: 7,
    });
    const { body } = await client.patch("/billing/accounts/ACC-1", { balance: -50, name: "Two" });
    expect(body).toMatchObject({ external_reference: "ACC-1", balance: -50, name: "Two" });
    expect((await client.get("/billing/accounts/ACC-2")).body.balance).toBe(7);
    expect((await client.get("/billing/customers/CUST-1")).body.balance).toBe(500);
  });

  it("does not know e-mail and phone: they are passed over (ACC-13, D-42)", async () => {
    const client = await startWithObjects();
    const { body } = await client.patch("/billing/accounts/ACC-1", { email: 5, phone: "x" });
    expect(body.email).toBeUndefined();
  });
});
