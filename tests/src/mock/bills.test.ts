/** E7 to E10 by HTTP. */
import { describe, expect, it } from "vitest";
import { idPattern, problemFields, startMock, startWithObjects } from "./support.ts";

describe("creating a bill", () => {
  it("answers 201 with an unpaid bill of today (BIL-01, BIL-04, BIL-09, BIL-10, RUL-12)", async () => {
    const client = startMock();
    const { body: customer } = await client.post("/billing/customers", {
      external_reference: "C-1",
    });
    const { status, body } = await client.post("/billing/bills", {
      customer: "C-1",
      external_reference: "B-1",
      currency: "ZAR",
      amount_due: 37_650,
      due_date: "2026-02-25",
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(idPattern.bill),
      external_reference: "B-1",
      customer_id: customer.id,
      status: "unpaid",
      currency: "ZAR",
      amount_due: 37_650,
      amount_paid: 0,
      amount_remaining: 37_650,
      bill_date: "2026-03-01",
      due_date: "2026-02-25",
      payment_rules: {
        min_amount: 100,
        max_amount: 37_650,
        underpayment_allowed: true,
        overpayment_allowed: false,
      },
    });
  });

  it("brings account and customer along, nested or side by side (BIL-03, BIL-05, BIL-06)", async () => {
    const client = startMock();
    const nested = await client.post("/billing/bills", {
      account: { external_reference: "A-1", customer: { external_reference: "C-1" } },
      external_reference: "B-1",
      currency: "ZAR",
      amount_due: 5,
    });
    expect(nested.status).toBe(201);
    const beside = await client.post("/billing/bills", {
      account: { external_reference: "A-2" },
      customer: "C-1",
      external_reference: "B-2",
      currency: "USD",
      amount_due: 5,
    });
    expect(beside.body.customer_id).toBe(nested.body.customer_id);
    expect(beside.body.account_id).toMatch(idPattern.account);
  });

  it("wants one owner, said once (BIL-08, D-24)", async () => {
    const client = await startWithObjects();
    const bill = { external_reference: "B-1", currency: "ZAR", amount_due: 5 };
    const faultsOf = async (owners: object) =>
      problemFields(
        await client.post("/billing/bills", { ...bill, ...owners }),
        400,
        "invalid_request",
      );
    const account = { external_reference: "A-9" };
    expect(await faultsOf({})).toEqual(["customer"]);
    expect(await faultsOf({ account })).toEqual(["account.customer"]);
    expect(await faultsOf({ account: { ...account, customer: "C" }, customer: "C" })).toEqual([
      "customer",
    ]);
    await client.post("/billing/customers", { external_reference: "CUST-2" });
    const mismatch = { ...bill, account: "ACC-1", customer: "CUST-2" };
    problemFields(await client.post("/billing/bills", mismatch), 422, "unprocessable");
  });

  it("refuses amounts, dates and references out of bounds (MON-05, BIL-11, ID-09, ID-10)", async () => {
    const client = await startWithObjects();
    const bill = { customer: "CUST-1", external_reference: "B-1", currency: "ZAR", amount_due: 5 };
    for (const [change, field] of [
      [{ amount_due: 0 }, "amount_due"],
      [{ amount_due: 100_000_000 }, "amount_due"],
      [{ amount_due: "5" }, "amount_due"],
      [{ bill_date: "2026-02-30" }, "bill_date"],
      [{ external_reference: "bill_1" }, "external_reference"],
      [{ external_reference: "bcus_1" }, "external_reference"],
      [{ currency: undefined }, "currency"],
    ] as const) {
      const answered = await client.post("/billing/bills", { ...bill, ...change });
      expect(problemFields(answered, 400, "invalid_request")).toEqual([field]);
    }
  });
});

describe("updating a bill", () => {
  it("sets what was paid in all, up and down (BIL-14 to BIL-18)", async () => {
    const client = await startWithObjects();
    const part = await client.patch("/billing/bills/BILL-1", {
      currency: "ZAR",
      amount_paid: 12_550,
      amount_due: 1,
      metadata: { teller: "branch-9" },
    });
    expect(part.body).toMatchObject({
      status: "unpaid",
      amount_due: 37_650,
      amount_paid: 12_550,
      amount_remaining: 25_100,
      metadata: { teller: "branch-9" },
    });
    const full = await client.patch("/billing/bills/BILL-1", { amount_paid: 37_650 });
    expect(full.body).toMatchObject({ status: "paid", amount_remaining: 0 });
    const down = await client.patch("/billing/bills/BILL-1", { amount_paid: 0 });
    expect(down.body).toMatchObject({ status: "unpaid", amount_remaining: 37_650 });
  });

  it("refuses more than is due, and another currency, with 422 (BIL-19, MON-11)", async () => {
    const client = await startWithObjects();
    for (const body of [{ amount_paid: 37_651 }, { currency: "USD" }])
      problemFields(await client.patch("/billing/bills/BILL-1", body), 422, "unprocessable");
    const negative = await client.patch("/billing/bills/BILL-1", { amount_paid: -1 });
    expect(problemFields(negative, 400, "invalid_request")).toEqual(["amount_paid"]);
  });
});

describe("voiding a bill", () => {
  it("keeps its amounts, by reference and without a body (BIL-21 to BIL-24, BIL-28)", async () => {
    const client = await startWithObjects();
    await client.patch("/billing/bills/BILL-1", { amount_paid: 150 });
    const { status, body } = await client.post("/billing/bills/BILL-1/void");
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "voided", amount_paid: 150, amount_remaining: 37_500 });
  });

  it("is for good: no update, no second void, no payment (BIL-25 to BIL-28)", async () => {
    const client = await startWithObjects();
    await client.post("/billing/bills/BILL-1/void");
    for (const answered of [
      await client.patch("/billing/bills/BILL-1", { amount_paid: 5 }),
      await client.post("/billing/bills/BILL-1/void"),
      await client.post("/_mock/payments", { bill: "BILL-1", amount: 37_650 }),
    ])
      problemFields(answered, 409, "conflict");
  });

  it("refuses a paid bill with 409 (BIL-28)", async () => {
    const client = await startWithObjects();
    await client.patch("/billing/bills/BILL-1", { amount_paid: 37_650 });
    problemFields(await client.post("/billing/bills/BILL-1/void"), 409, "conflict");
  });

  it("does not look at a body, whatever it is (D-25)", async () => {
    const client = await startWithObjects();
    const answered = await client.post("/billing/bills/BILL-1/void", undefined, {
      raw: "<not json>",
      headers: { "content-type": "text/plain" },
    });
    expect(answered.status).toBe(200);
  });
});
