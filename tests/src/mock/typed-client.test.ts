/** A client whose types were generated from the OpenAPI document, and nothing else, drives the server. */
import createClient from "openapi-fetch";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import { describe, expect, it } from "vitest";
import type { paths } from "./generated/api.d.ts";
import { judgeOf, startMock, testKey } from "./support.ts";

const typedClient = () => {
  const { server } = startMock();
  const judging = judgeOf(server);
  return createClient<paths>({
    baseUrl: "http://mock.test",
    headers: { authorization: `Bearer ${testKey}` },
    fetch: async (request) => {
      const { method, url } = request;
      const response = await server.fetch(request);
      const { status, headers } = response;
      const text = await response.clone().text();
      const judge = await judging;
      expect(judge({ method, url: new URL(url), status, headers, text })).toEqual([]);
      return response;
    },
  });
};

const keyed = (key: string) => ({ header: { "Idempotency-Key": key } });
const named = (bill: string) => ({ path: { bill } });

describe("the generated types", () => {
  it("are those of the document; vitest -u writes them anew", async () => {
    const { text } = await startMock().get("/openapi.json", { key: null });
    const types = astToString(await openapiTS(JSON.parse(text) as OpenAPI3));
    const header =
      "// Written by typed-client.test.ts from the OpenAPI document of the mock server.\n";
    await expect(header + types).toMatchFileSnapshot("./generated/api.d.ts");
  });
});

describe("a typed client", () => {
  it("takes a bill through its life: raised, paid in part, corrected, paid, taken back, voided", async () => {
    const client = typedClient();
    const { data: bill } = await client.POST("/billing/bills", {
      params: keyed("bill-1"),
      body: {
        external_reference: "BILL-2026-0317",
        currency: "ZAR",
        amount_due: 37_650,
        due_date: "2026-03-25",
        account: {
          external_reference: "ACC-7781",
          customer: { external_reference: "CUST-40217", name: "Lerato Dlamini" },
        },
      },
    });
    expect(bill).toMatchObject({ status: "unpaid", amount_remaining: 37_650 });
    const id = bill?.id ?? "";

    const { data: paid } = await client.POST("/_mock/payments", {
      params: keyed("pay-1"),
      body: { bill: id, amount: 12_550, payment_id: "pay_1" },
    });
    expect(paid?.obligation.balance).toBe(25_100);
    expect(paid?.event.data.bill_id).toBe(id);

    const { data: corrected } = await client.PATCH("/billing/bills/{bill}", {
      params: named(id),
      body: { amount_paid: 12_000, metadata: { teller: "branch-9" } },
    });
    expect(corrected).toMatchObject({ amount_paid: 12_000, metadata: { teller: "branch-9" } });

    const rest = await client.POST("/_mock/payments", {
      body: { bill: "BILL-2026-0317", amount: 25_650, payment_id: "pay_2" },
    });
    expect(rest.response.status).toBe(201);
    const settled = await client.GET("/billing/bills/{bill}", { params: named("BILL-2026-0317") });
    expect(settled.data?.status).toBe("paid");

    const refused = await client.POST("/billing/bills/{bill}/void", {
      params: { ...named(id), ...keyed("void-1") },
    });
    expect(refused.error).toMatchObject({ status: 409, code: "conflict" });
    const { data: reversed } = await client.POST("/_mock/payments/{payment_id}/reverse", {
      params: { path: { payment_id: "pay_2" } },
      body: { reason: "charged back" },
    });
    expect(reversed?.reversal.amount).toBe(25_650);

    const { data: voided } = await client.POST("/billing/bills/{bill}/void", {
      params: { ...named(id), ...keyed("void-2") },
    });
    expect(voided).toMatchObject({
      status: "voided",
      amount_paid: 12_000,
      amount_remaining: 25_650,
    });

    const listed = await client.GET("/_mock/bills", {
      params: { query: { status: "voided", customer: "CUST-40217", owing: false, limit: 5 } },
    });
    expect(listed.data?.data.map((each) => each.id)).toEqual([id]);
    const events = await client.GET("/_mock/events", { params: { query: { limit: 500 } } });
    expect(events.data?.data.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["bill.created", "obligation.amount_applied", "bill.voided"]),
    );
  });

  it("does not compile with a body that the server would refuse", async () => {
    const client = typedClient();
    const { error } = await client.POST("/billing/bills", {
      params: keyed("bill-1"),
      // @ts-expect-error An amount is no text, and a bill has a currency.
      body: { external_reference: "B-1", amount_due: "37650", customer: "CUST-1" },
    });
    expect(error?.errors?.map(({ field }) => field)).toEqual(["currency", "amount_due"]);
  });

  it("pays under a link without a key, and reads problems as the document has them", async () => {
    const client = typedClient();
    await client.POST("/billing/customers", {
      params: keyed("customer-1"),
      body: { external_reference: "CUST-1", currency: "ZAR", balance: 500 },
    });
    const { data: customers } = await client.GET("/_mock/customers");
    const path = { obligation: customers?.data[0]?.obligation_id ?? "" };
    const { data: details } = await client.GET("/pay/{obligation}/details", { params: { path } });
    expect(details?.obligation.balance).toBe(500);
    const receipt = await client.POST("/pay/{obligation}/payments", {
      params: { path },
      body: { payment_id: "pay_link", amount: 200, currency: "ZAR" },
    });
    expect(receipt.data?.obligation.balance).toBe(300);
    const missing = await client.GET("/billing/customers/{customer}", {
      params: { path: { customer: "CUST-9" } },
    });
    expect(missing.error?.code).toBe("not_found");
  });
});
