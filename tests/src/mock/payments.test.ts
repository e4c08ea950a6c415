/** Paying and taking back through the control API, by the rules of section 4 of the spec. */
import { describe, expect, it } from "vitest";
import { idPattern, noon, problemFields, startMock, startWithObjects } from "./support.ts";

describe("a payment", () => {
  it("lowers what is owed, and gives the event as the webhook has it (PAY-01, PAY-06, PAY-07)", async () => {
    const client = await startWithObjects();
    const { body: bill } = await client.get("/billing/bills/BILL-1");
    const { status, body } = await client.post("/_mock/payments", {
      bill: "BILL-1",
      amount: 12_550,
      payment_id: "pay_1",
      metadata: { utm_source: "sms" },
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      payment: { id: "pay_1", amount: 12_550, currency: "ZAR", status: "succeeded" },
      obligation: {
        id: expect.stringMatching(/^ob_/),
        kind: "bill",
        currency: "ZAR",
        balance: 25_100,
      },
      event: {
        id: expect.stringMatching(idPattern.event),
        type: "obligation.amount_applied",
        data: {
          id: body.obligation.id,
          amount: 12_550,
          currency: "ZAR",
          payment_id: "pay_1",
          bill_id: bill.id,
          metadata: { utm_source: "sms" },
          created_at: noon,
          updated_at: noon,
        },
      },
    });
    expect((await client.get("/billing/bills/BILL-1")).body).toMatchObject({
      amount_paid: 12_550,
      amount_remaining: 25_100,
      status: "unpaid",
    });
  });

  it("pays balances of customers and of accounts, each its own (PAY-02, PAY-03, BIL-29)", async () => {
    const client = await startWithObjects();
    const bill = await client.post("/_mock/payments", { bill: "BILL-1", amount: 37_650 });
    expect(bill.body.obligation.balance).toBe(0);
    expect((await client.get("/billing/bills/BILL-1")).body.status).toBe("paid");
    const account = await client.post("/_mock/payments", { account: "ACC-1", amount: 100 });
    expect(account.body.obligation).toMatchObject({ kind: "account_balance", balance: 200 });
    expect(account.body.event.data.account_id).toMatch(idPattern.account);
    const customer = await client.post("/_mock/payments", { customer: "CUST-1", amount: 100 });
    expect(customer.body.obligation).toMatchObject({ kind: "customer_balance", balance: 400 });
  });

  it("is refused whole by the first rule that it breaks (RUL-02 to RUL-04, RUL-06, RUL-10)", async () => {
    const client = await startWithObjects();
    await client.post("/billing/customers", { external_reference: "CUST-2" });
    for (const [body, status, code] of [
      [{ customer: "CUST-9", amount: 5 }, 404, "not_found"],
      [{ customer: "CUST-2", amount: 5 }, 422, "unprocessable"],
      [{ customer: "CUST-1", amount: 500, currency: "USD" }, 422, "unprocessable"],
      [{ customer: "CUST-1", amount: 1_000_001 }, 422, "unprocessable"],
      [{ customer: "CUST-1", amount: 99 }, 422, "unprocessable"],
      [{ customer: "CUST-1", amount: 501 }, 422, "unprocessable"],
    ] as const)
      problemFields(await client.post("/_mock/payments", body), status, code);
    expect((await client.get("/billing/customers/CUST-1")).body.balance).toBe(500);
  });

  it("that was here before has no second effect, and another one of its id is refused (D-51)", async () => {
    const client = await startWithObjects();
    const payment = { customer: "CUST-1", amount: 200, payment_id: "pay_1" };
    const first = await client.post("/_mock/payments", payment);
    await client.patch("/billing/customers/CUST-1", { name: "N" });
    const again = await client.post("/_mock/payments", payment);
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    const other = await client.post("/_mock/payments", { ...payment, amount: 300 });
    problemFields(other, 409, "conflict");
  });

  it("names one target, and an amount above 0 (D-21)", async () => {
    const client = startMock();
    for (const [body, fields] of [
      [{ amount: 5 }, [""]],
      [{ customer: "C", bill: "B", amount: 5 }, [""]],
      [{ customer: "C" }, ["amount"]],
      [
        { customer: "C", amount: 0, currency: "EUR", payment_id: "x" },
        ["amount", "currency", "payment_id"],
      ],
    ] as const)
      expect(
        problemFields(await client.post("/_mock/payments", body), 400, "invalid_request"),
      ).toEqual(fields);
  });
});

describe("taking a payment back", () => {
  it("raises what is owed by all that is left, or by a part (D-47)", async () => {
    const client = await startWithObjects();
    await client.post("/_mock/payments", { customer: "CUST-1", amount: 300, payment_id: "pay_1" });
    const part = await client.post("/_mock/payments/pay_1/reverse", {
      amount: 120,
      reason: "goodwill",
    });
    expect(part.status).toBe(201);
    expect(part.body).toMatchObject({
      payment: { id: "pay_1", amount: 300, currency: "ZAR" },
      obligation: { kind: "customer_balance", balance: 320 },
      reversal: { amount: 120, currency: "ZAR", reason: "goodwill", reversed_total: 120 },
    });
    problemFields(
      await client.post("/_mock/payments/pay_1/reverse", { amount: 181 }),
      422,
      "unprocessable",
    );
    const rest = await client.post("/_mock/payments/pay_1/reverse", {});
    expect(rest.body).toMatchObject({ obligation: { balance: 500 }, reversal: { amount: 180 } });
    problemFields(await client.post("/_mock/payments/pay_1/reverse", {}), 409, "conflict");
  });

  it("knows its payment, and asks which target where there are several", async () => {
    const client = await startWithObjects();
    problemFields(await client.post("/_mock/payments/pay_9/reverse", {}), 404, "payment_not_found");
    for (const target of [{ customer: "CUST-1" }, { account: "ACC-1" }])
      await client.post("/_mock/payments", { ...target, amount: 100, payment_id: "pay_2" });
    problemFields(await client.post("/_mock/payments/pay_2/reverse", {}), 400, "invalid_request");
    const named = await client.post("/_mock/payments/pay_2/reverse", { account: "ACC-1" });
    expect(named.body.obligation.balance).toBe(300);
    const malformed = await client.post("/_mock/payments/pay_2/reverse", { amount: "5" });
    expect(problemFields(malformed, 400, "invalid_request")).toEqual(["amount"]);
    for (const id of ["pay_no-such", "zzz", "%00"])
      problemFields(
        await client.post(`/_mock/payments/${id}/reverse`, {}),
        404,
        "payment_not_found",
      );
  });

  it("takes all that is left back where nothing is sent", async () => {
    const client = await startWithObjects();
    await client.post("/_mock/payments", { customer: "CUST-1", amount: 200, payment_id: "pay_1" });
    const { status, body } = await client.post("/_mock/payments/pay_1/reverse");
    expect([status, body.reversal?.amount]).toEqual([201, 200]);
    const notJson = await client.post("/_mock/payments/pay_1/reverse", undefined, { raw: "{" });
    problemFields(notJson, 400, "invalid_request");
  });
});
