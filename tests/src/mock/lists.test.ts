/** Lists of the control API, over every kind of store. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../cli/support.ts";
import { type Client, problemFields, startMock, startWithObjects } from "./support.ts";

const stores: readonly (readonly [string, () => Promise<string>])[] = [
  ["memory", async () => "memory:"],
  ["a folder", async () => `file:${join(await temporaryFolder(), "books")}`],
  ["an SQLite file", async () => `sqlite:${join(await temporaryFolder(), "books.db")}`],
];

const references = (body: { readonly data: readonly { external_reference: string }[] }): string[] =>
  body.data.map(({ external_reference }) => external_reference);

/** Everything of a list, asked for in pages. */
const inPages = async (client: Client, path: string, limit: number): Promise<unknown[]> => {
  const found: unknown[] = [];
  let after: string | undefined;
  do {
    const cursor: string = after === undefined ? "" : `&after=${after}`;
    const { body } = await client.get(`${path}?limit=${limit}${cursor}`);
    expect(body.data.length).toBeLessThanOrEqual(limit);
    found.push(...body.data);
    after = body.next;
  } while (after !== undefined);
  return found;
};

describe.each(stores)("lists over %s", (_name, place) => {
  it("give what there is, oldest first, in pages and by filter", async () => {
    const client = await startWithObjects({ store: await place() });
    for (const [reference, balance] of [
      ["CUST-2", -40],
      ["CUST-3", 0],
    ] as const)
      await client.post("/billing/customers", {
        external_reference: reference,
        currency: "ZAR",
        balance,
      });
    const bill = { customer: "CUST-2", currency: "ZAR", amount_due: 200 };
    for (const reference of ["BILL-2", "BILL-3"])
      await client.post("/billing/bills", { ...bill, external_reference: reference });
    await client.post("/billing/bills/BILL-3/void");

    const all = await client.get("/_mock/customers");
    expect(references(all.body)).toEqual(["CUST-1", "CUST-2", "CUST-3"]);
    expect(all.body).not.toHaveProperty("next");
    expect(await inPages(client, "/_mock/customers", 1)).toEqual(all.body.data);
    const listed = async (path: string): Promise<string[]> =>
      references((await client.get(`/_mock/${path}`)).body);
    expect(await listed("customers?owing=true")).toEqual(["CUST-1"]);
    expect(await listed("customers?credit=true")).toEqual(["CUST-2"]);
    expect(await listed("accounts?customer=CUST-1")).toEqual(["ACC-1"]);
    expect(await listed("accounts?customer=CUST-2")).toEqual([]);
    expect(await listed("bills?status=voided")).toEqual(["BILL-3"]);
    expect(await listed("bills?customer=CUST-2&owing=true")).toEqual(["BILL-2"]);
    const { body: single } = await client.get("/billing/bills/BILL-2");
    const { body: bills } = await client.get("/_mock/bills?customer=CUST-2&status=unpaid");
    expect(bills.data).toEqual([{ ...single, obligation_id: expect.stringMatching(/^ob_/) }]);
  });

  it("give payments with where they went and what was taken back", async () => {
    const client = await startWithObjects({ store: await place() });
    const pay = (body: object) => client.post("/_mock/payments", body);
    await pay({ bill: "BILL-1", amount: 700, payment_id: "pay_two" });
    await pay({ account: "ACC-1", amount: 120, payment_id: "pay_two" });
    await pay({ customer: "CUST-1", amount: 150, payment_id: "pay_one" });
    const { body: first } = await client.get("/_mock/payments");
    expect(first.data).toMatchObject([
      {
        id: "pay_two",
        amount: 820,
        currency: "ZAR",
        status: "succeeded",
        obligations: [
          { kind: "bill", amount: 700, amount_reversed: 0, bill_id: expect.any(String) },
          { kind: "account_balance", amount: 120, account_id: expect.any(String) },
        ],
      },
      { id: "pay_one", amount: 150, obligations: [{ kind: "customer_balance", amount: 150 }] },
    ]);
    await client.post("/_mock/payments/pay_one/reverse", { amount: 50 });
    const partly = await client.get("/_mock/payments?status=succeeded");
    expect(partly.body.data[1].obligations[0].amount_reversed).toBe(50);
    await client.post("/_mock/payments/pay_one/reverse", {});
    const ids = async (query: string): Promise<string[]> =>
      (await client.get(`/_mock/payments?${query}`)).body.data.map(({ id }: { id: string }) => id);
    expect(await ids("status=reversed")).toEqual(["pay_one"]);
    expect(await ids("status=succeeded")).toEqual(["pay_two"]);
    expect(await ids("customer=CUST-1&status=succeeded")).toEqual(["pay_two"]);
    expect(await inPages(client, "/_mock/payments", 1)).toHaveLength(2);

    await client.post("/_mock/reset");
    expect((await client.get("/_mock/payments")).body).toEqual({ data: [] });
    await client.post("/billing/customers", {
      external_reference: "CUST-9",
      currency: "ZAR",
      balance: 500,
    });
    await pay({ customer: "CUST-9", amount: 200, payment_id: "pay_new" });
    expect(await ids("status=succeeded")).toEqual(["pay_new"]);
  });
});

describe("a list", () => {
  it("refuses a filter that it does not have, and bounds that make no sense", async () => {
    const client = startMock();
    const faults = async (path: string): Promise<string[]> =>
      problemFields(await client.get(path), 400, "invalid_request");
    for (const limit of ["0", "501", "-1", "1.5", "many", ""])
      expect(await faults(`/_mock/bills?limit=${limit}`)).toEqual(["limit"]);
    expect(await faults("/_mock/bills?owing=yes")).toEqual(["owing"]);
    expect(await faults("/_mock/bills?status=open")).toEqual(["status"]);
    expect(await faults("/_mock/customers?colour=red")).toEqual(["colour"]);
    expect(await faults("/_mock/customers?after=nonsense")).toEqual(["after"]);
    expect(await faults("/_mock/payments?after=nonsense")).toEqual(["after"]);
    problemFields(await client.get("/_mock/bills?customer=NOBODY"), 404, "not_found");
  });
});

describe("payment rules", () => {
  it("are set by kind and reference, hold from then on, and null makes it not payable (RUL-10)", async () => {
    const client = await startWithObjects();
    const rules = {
      min_amount: 10,
      max_amount: 1000,
      underpayment_allowed: true,
      overpayment_allowed: false,
    };
    const set = (path: string, body: unknown) =>
      client.send("PUT", `/_mock/payment_rules/${path}`, body);
    const { body } = await set("accounts/ACC-1", rules);
    expect(body).toMatchObject({ external_reference: "ACC-1", payment_rules: rules });
    expect((await client.get("/billing/accounts/ACC-1")).body).toEqual(body);
    expect((await client.post("/_mock/payments", { account: "ACC-1", amount: 10 })).status).toBe(
      201,
    );
    expect((await set("customers/CUST-1", null)).body).not.toHaveProperty("payment_rules");
    problemFields(
      await client.post("/_mock/payments", { customer: "CUST-1", amount: 200 }),
      422,
      "unprocessable",
    );
    const { min_amount: _, ...lacking } = rules;
    for (const [sent, fields] of [
      [lacking, ["min_amount"]],
      [{ ...rules, min_amount: 2000 }, ["min_amount"]],
      [{ ...rules, maximum: 1 }, ["maximum"]],
      [5, [""]],
    ] as const)
      expect(problemFields(await set("bills/BILL-1", sent), 400, "invalid_request")).toEqual(
        fields,
      );
    problemFields(await set("bills/NONE", rules), 404, "not_found");
  });
});
