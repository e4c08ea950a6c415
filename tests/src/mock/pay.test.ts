/** The pay page's own requests: details, paying without a key, and whose obligation is meant. */
import { describe, expect, it } from "vitest";
import { type Client, problemFields, startWithObjects } from "./support.ts";

const other = "sk_test_other";

const obligationOf = async (client: Client, list: string, key?: string): Promise<string> => {
  const { body } = await client.get(`/_mock/${list}`, key === undefined ? {} : { key });
  return body.data[0].obligation_id;
};

const pay = (client: Client, link: string, body: unknown, query = "") =>
  client.post(`/pay/${link}/payments${query}`, body, { key: null, idempotencyKey: null });

const paid = { payment_id: "pay_form", amount: 700, currency: "ZAR" };

const balances = async (client: Client, keys: readonly (string | undefined)[]): Promise<number[]> =>
  Promise.all(
    keys.map(async (key) => {
      const { body } = await client.get("/billing/bills/BILL-1", key === undefined ? {} : { key });
      return body.amount_paid;
    }),
  );

describe("the pay page", () => {
  it("tells without a key what is owed, and nothing under a link that leads nowhere", async () => {
    const client = await startWithObjects();
    const bill = await obligationOf(client, "bills");
    const { body } = await client.get(`/pay/${bill}/details`, { key: null });
    expect(body).toMatchObject({
      reference: "BILL-1",
      obligation: { id: bill, kind: "bill", currency: "ZAR", balance: 37_650 },
      bill: { status: "unpaid", amount_due: 37_650, amount_paid: 0 },
    });
    const account = await obligationOf(client, "accounts");
    const { body: owed } = await client.get(`/pay/${account}/details`, { key: null });
    expect(owed.obligation).toMatchObject({ kind: "account_balance", balance: 300 });
    for (const link of ["ob_none", "ob_", "x", "%00", "..%2f", "a".repeat(2000)])
      problemFields(await client.get(`/pay/${link}/details`, { key: null }), 404, "not_found");
  });

  it("pays once however often the form is sent, and keeps the link's parameters as metadata", async () => {
    const client = await startWithObjects();
    const bill = await obligationOf(client, "bills");
    const query = `?utm_source=sms&product_code=P1&empty=&${"k".repeat(300)}=x&merchant=`;
    const first = await pay(client, bill, paid, query.replace("&merchant=", ""));
    const clicks = await Promise.all([1, 2, 3].map(() => pay(client, bill, paid)));
    expect([first, ...clicks].map(({ status }) => status)).toEqual([201, 200, 200, 200]);
    for (const click of clicks) expect(click.body.payment).toEqual(first.body.payment);
    expect(await balances(client, [undefined])).toEqual([700]);
    const events = (await client.get("/_mock/events?limit=500")).body.data;
    expect(events.at(-1).personal).toEqual({
      metadata: { utm_source: "sms", product_code: "P1" },
    });
    const [noted] = (await client.get(`/_mock/requests?status=201&limit=500`)).body.data.slice(-1);
    expect(noted).toMatchObject({ method: "POST", events: [events.at(-1).id] });
  });

  it("refuses what the rules refuse, without effect", async () => {
    const client = await startWithObjects();
    const bill = await obligationOf(client, "bills");
    problemFields(await pay(client, bill, { ...paid, amount: 99_999 }), 422, "unprocessable");
    problemFields(await pay(client, bill, { ...paid, currency: "USD" }), 422, "unprocessable");
    expect(problemFields(await pay(client, bill, { amount: 1.5 }), 400, "invalid_request")).toEqual(
      ["amount", "currency", "payment_id"],
    );
    const foreign = await client.send("POST", `/pay/${bill}/payments`, undefined, {
      key: null,
      raw: JSON.stringify(paid),
      headers: { "content-type": "text/plain" },
    });
    problemFields(foreign, 415, "unsupported_media_type");
    expect(await balances(client, [undefined])).toEqual([0]);
  });

  it("means the oldest book where a fork made the link ambiguous, unless it says which", async () => {
    const client = await startWithObjects();
    const bill = await obligationOf(client, "bills");
    const forks = ["sk_test_a", "sk_test_b"] as const;
    const names = [];
    for (const to of forks) names.push((await client.post("/_mock/fork", { to })).body.merchant);
    await pay(client, bill, paid);
    expect(await balances(client, [undefined, ...forks])).toEqual([700, 0, 0]);
    await pay(client, bill, paid, `?merchant=${names[1]}`);
    expect(await balances(client, [undefined, ...forks])).toEqual([700, 0, 700]);
    problemFields(await pay(client, bill, paid, "?merchant=nobody"), 404, "not_found");
    // Without the book that all began from, the first that was taken over is the oldest.
    await client.post("/_mock/reset");
    await pay(client, bill, { ...paid, amount: 900 });
    expect(await balances(client, forks)).toEqual([900, 700]);
    await client.post("/_mock/reset", undefined, { key: forks[0] });
    await client.post("/_mock/reset", undefined, { key: forks[1] });
    problemFields(await pay(client, bill, paid), 404, "not_found");
  });
});

describe("the pages", () => {
  it("come with a policy that allows their own files and nothing else, and are not sent twice", async () => {
    const client = await startWithObjects();
    for (const path of ["/", "/pay/ob_any", "/_web/style.css", "/_web/pay/main.js"]) {
      const { status, headers, text } = await client.get(path, { key: null });
      expect(status, path).toBe(200);
      expect(headers.get("content-security-policy")).toMatch(/^default-src 'self';/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      if (path.endsWith("/") || path.startsWith("/pay/"))
        expect(text).not.toMatch(/<script(?![^>]*src=)|style=|\bon\w+=/);
      const etag = headers.get("etag") ?? "";
      const again = await client.get(path, { key: null, headers: { "if-none-match": etag } });
      expect([again.status, again.text]).toEqual([304, ""]);
    }
    problemFields(await client.get("/_web/none.js", { key: null }), 404, "not_found");
    expect(await obligationOf(client, "bills")).not.toBe(await obligationOf(client, "customers"));
    expect((await client.get("/_mock/customers", { key: other })).body).toEqual({ data: [] });
  });
});
