/** What the dashboard and the pay page ask of the server, by HTTP and without a browser. */
import { createMockServer } from "@tallystick/mock-server";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Client, clientOf } from "./support.ts";

const clock = "2026-03-01T00:00:00.000Z";

const begin = (options: Parameters<typeof createMockServer>[0] = {}): Client => {
  const server = createMockServer({ clock, ...options });
  onTestFinished(() => server.close());
  return clientOf(server);
};

const billed = async (client: Client): Promise<string> => {
  const owner = { customer: { external_reference: "CUST-1", name: "Lerato Dlamini" } };
  const bill = { ...owner, external_reference: "BILL-1", currency: "ZAR", amount_due: 37_650 };
  expect((await client.post("/billing/bills", bill)).status).toBe(201);
  const { body } = await client.get("/_mock/events?limit=500");
  return body.data.find((event: { type: string }) => event.type === "bill.created").data
    .obligation_id;
};

const open = { key: null, idempotencyKey: null };
const payment = (amount: number, currency = "ZAR"): object => ({
  payment_id: "pay_One",
  amount,
  currency,
});

describe("the pay page's own calls", () => {
  it("tell without a key who is billed, what is owed and what may be paid", async () => {
    const client = begin();
    const obligation = await billed(client);
    const { status, body, headers } = await client.get(`/pay/${obligation}/details`, open);
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toMatchObject({
      reference: "BILL-1",
      payer: "Lerato Dlamini",
      obligation: { id: obligation, kind: "bill", currency: "ZAR", balance: 37_650 },
      bill: { status: "unpaid", amount_due: 37_650, amount_paid: 0 },
      payment_rules: { max_amount: 37_650 },
    });
  });

  it("pay once, however often the same payment is sent, with the link's parameters as metadata", async () => {
    const client = begin();
    const obligation = await billed(client);
    const target = `/pay/${obligation}/payments?utm_source=sms&empty=&__proto__=kept`;
    const first = await client.post(target, payment(12_550), open);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      payment: { id: "pay_One", amount: 12_550, status: "succeeded", paid_at: clock },
      obligation: { balance: 25_100 },
    });
    const again = await client.post(target, payment(12_550), open);
    expect([again.status, again.body]).toEqual([200, first.body]);
    const { body } = await client.get("/_mock/events?limit=500");
    const applied = body.data.filter(
      (event: { type: string }) => event.type === "obligation.amount_applied",
    );
    expect(applied).toHaveLength(1);
    expect(new Map(Object.entries(applied[0].personal.metadata))).toEqual(
      new Map([
        ["utm_source", "sms"],
        ["__proto__", "kept"],
      ]),
    );
    const journal = (await client.get("/_mock/requests?method=POST")).body.data;
    expect(journal.at(-2)).toMatchObject({ path: target, status: 201, events: [applied[0].id] });
    expect(journal.at(-1)).toMatchObject({ path: target, status: 200, events: [] });
  });

  it.each([
    ["too much", payment(40_000), 422],
    ["too little", payment(99), 422],
    ["another currency", payment(100, "USD"), 422],
    ["nothing", payment(0), 400],
    ["no payment id", { amount: 100, currency: "ZAR" }, 400],
  ])("refuse %s, without effect", async (_, body, status) => {
    const client = begin();
    const obligation = await billed(client);
    const refused = await client.post(`/pay/${obligation}/payments`, body, open);
    expect(refused.status).toBe(status);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect((await client.get("/billing/bills/BILL-1")).body.amount_paid).toBe(0);
  });

  it("know no other links, no other merchant's, none from before a reset, none without control", async () => {
    const client = begin();
    const obligation = await billed(client);
    const details = (query: string) => client.get(`/pay/${obligation}/details${query}`, open);
    expect((await client.get("/pay/ob_Nothing/details", open)).status).toBe(404);
    expect((await details("?merchant=test-other")).status).toBe(404);
    expect((await details("")).status).toBe(200);
    await client.post("/_mock/reset", {});
    expect((await details("")).status).toBe(404);
    const closed = begin({ control: false });
    for (const path of ["/", "/_web/style.css", `/pay/${obligation}`, `/pay/${obligation}/details`])
      expect((await closed.get(path, open)).status, path).toBe(404);
  });

  it("take JSON only, which no form on another site can send", async () => {
    const client = begin();
    const obligation = await billed(client);
    const headers = { "content-type": "text/plain" };
    const raw = JSON.stringify(payment(100));
    const sent = await client.post(`/pay/${obligation}/payments`, undefined, {
      ...open,
      headers,
      raw,
    });
    expect(sent.status).toBe(415);
  });
});

describe("the files of the pages", () => {
  it("come under a policy without inline script, are sent once, and are no way to other files", async () => {
    const client = begin({ demoKey: "sk_test_demo" });
    for (const path of ["/", "/pay/ob_Any", "/_web/dashboard/main.js", "/_web/vendor/preact.js"]) {
      const { status, headers, text } = await client.get(path, open);
      expect(status, path).toBe(200);
      expect(headers.get("content-security-policy")).toMatch(/^default-src 'self';/);
      expect(headers.get("content-security-policy")).not.toContain("unsafe");
      expect(text).not.toMatch(/from\s*["'](preact|htm)/);
      const known = { ...open, headers: { "if-none-match": headers.get("etag") ?? "" } };
      expect((await client.get(path, known)).status, path).toBe(304);
    }
    for (const path of [
      "/_web/../package.json",
      "/_web/%2e%2e/package.json",
      "/_web/tsconfig.json",
      "/_web/",
    ])
      expect((await client.get(path, open)).status, path).toBe(404);
    expect((await client.get("/_web/welcome.json", open)).body).toEqual({
      demo_key: "sk_test_demo",
    });
  });
});

describe("the feed of events", () => {
  it("comes page by page, without gaps", async () => {
    const client = begin();
    await billed(client);
    const first = (await client.get("/_mock/events?limit=2")).body;
    expect(first.data.map((event: { position: number }) => event.position)).toEqual([1, 2]);
    expect(first.next).toBe("2");
    const rest = (await client.get("/_mock/events?after=2&limit=500")).body;
    expect(rest.data[0].position).toBe(3);
    expect(rest.next).toBeUndefined();
    expect((await client.get("/_mock/events?limit=501")).status).toBe(400);
    expect(
      (await client.get("/_mock/events/stream", { headers: { "last-event-id": "x" } })).status,
    ).toBe(400);
  });

  it("goes on behind Last-Event-ID, live, and ends with a reset", async () => {
    const client = begin();
    await billed(client);
    const { data } = (await client.get("/_mock/events?limit=500")).body;
    const headers = {
      authorization: "Bearer sk_test_9rZk3Lm0",
      "last-event-id": String(data.length - 1),
    };
    const stream = await client.server.fetch(
      new Request("http://mock.test/_mock/events/stream", { headers }),
    );
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    await client.post("/_mock/payments", { bill: "BILL-1", amount: 100 });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let seen = "";
    while (!seen.includes("obligation.amount_applied")) seen += (await reader?.read())?.value ?? "";
    expect([...seen.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))).toEqual([
      data.length,
      data.length + 1,
    ]);
    await client.post("/_mock/reset", {});
    expect((await reader?.read())?.done).toBe(true);
  });
});

describe("the lists", () => {
  it("page by their own cursor and filter by what is owed", async () => {
    const client = begin();
    for (const balance of [500, 0, -500])
      await client.post("/billing/customers", {
        external_reference: `CUST${balance}`,
        currency: "ZAR",
        balance,
      });
    const first = (await client.get("/_mock/customers?limit=2")).body;
    const second = (await client.get(`/_mock/customers?limit=2&after=${first.next}`)).body;
    expect([...first.data, ...second.data].map(({ balance }) => balance)).toEqual([500, 0, -500]);
    expect(second.next).toBeUndefined();
    const only = async (query: string): Promise<number[]> =>
      (await client.get(`/_mock/customers?${query}`)).body.data.map(
        ({ balance }: { balance: number }) => balance,
      );
    expect(await only("owing=true")).toEqual([500]);
    expect(await only("credit=true")).toEqual([-500]);
    await billed(client);
    expect((await client.get("/_mock/bills?status=unpaid")).body.data).toHaveLength(1);
    expect((await client.get("/_mock/bills?status=paid")).body.data).toHaveLength(0);
    expect((await client.get("/_mock/accounts")).body).toEqual({ data: [] });
  });
});

describe("the journal", () => {
  it("holds what was asked, not who looked at it, and can be emptied", async () => {
    const client = begin();
    await client.get("/billing/customers/CUST-0");
    await client.get("/_mock/clock");
    const { data } = (await client.get("/_mock/requests")).body;
    expect(
      data.map(({ method, path, status }: Record<string, unknown>) => [method, path, status]),
    ).toEqual([["GET", "/billing/customers/CUST-0", 404]]);
    expect((await client.send("DELETE", "/_mock/requests")).status).toBe(204);
    expect((await client.get("/_mock/requests?path=/billing/customers/CUST-0")).body.data).toEqual(
      [],
    );
  });
});
