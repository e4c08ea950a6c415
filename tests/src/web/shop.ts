/** A mock server on a port, with a small merchant: two currencies, credit, bills in each state, a name that tries to be markup. */
import { createMockServer } from "@tallystick/mock-server";

const key = "sk_test_web";

export interface Shop {
  readonly url: string;
  readonly key: string;
  /** Obligation ids, by the reference of their owner. */
  readonly obligations: ReadonlyMap<string, string>;
  post(path: string, body: unknown): Promise<unknown>;
  get(path: string): Promise<{ readonly data: readonly Record<string, unknown>[] }>;
  /** Stops the server and starts it again, over the same store and at the same address. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** `store` is given where the shop is to be restarted. */
export const openShop = async (store = "memory:"): Promise<Shop> => {
  const listen = (port: number) =>
    createMockServer({
      store,
      port,
      clock: "2026-03-02T09:15:00.000Z",
      currencies: ["ZAR", "USD", "JPY"],
      demoKey: key,
      webhookUrl: ["http://127.0.0.1:9/hook"],
      deliver: async () => new Response(null, { status: 200 }),
    }).listen();
  let server = await listen(0);
  const { url } = server;
  let count = 0;
  const ask = async (method: string, path: string, body?: unknown): Promise<never> => {
    count += 1;
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "idempotency-key": `shop-${method}-${count}`,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as never;
  };
  const post = (path: string, body: unknown): Promise<never> => ask("POST", path, body);

  const customer = (external_reference: string, more: object = {}): Promise<never> =>
    post("/billing/customers", { external_reference, ...more });
  await customer("CUST-40217", { name: "Lerato Dlamini", currency: "ZAR", balance: 48_350 });
  await customer("CUST-40218", {
    name: "<script>alert(1)</script>",
    currency: "ZAR",
    balance: -12_500,
  });
  await customer("CUST-51908", { name: "Sakura Trading", currency: "JPY", balance: 1_250_000 });
  await customer("CUST-60001");
  await post("/billing/accounts", {
    customer: "CUST-40217",
    external_reference: "ACC-7781",
    name: "Fibre line, Rivonia",
    currency: "ZAR",
    balance: 129_900,
  });
  const bill = (external_reference: string, amount_due: number): Promise<never> =>
    post("/billing/bills", {
      account: "ACC-7781",
      external_reference,
      currency: "ZAR",
      amount_due,
      due_date: "2026-03-25",
    });
  await bill("BILL-2026-0317", 37_650);
  await bill("BILL-2026-0216", 34_000);
  await bill("BILL-2026-0115", 34_000);
  await post("/_mock/payments", { bill: "BILL-2026-0216", amount: 34_000 });
  await post("/_mock/payments", { bill: "BILL-2026-0317", amount: 12_550 });
  await post("/billing/bills/BILL-2026-0115/void", {});
  await ask("PATCH", "/_mock/settings", { payment_rules: { bill: null } });
  await bill("BILL-2026-0418", 80_000);

  const { data } = await ask("GET", "/_mock/events?limit=500");
  const created = (data as { data: Record<string, string> }[]).map((event) => event.data);
  return {
    url,
    key,
    obligations: new Map(
      created
        .filter((made) => made["external_reference"] !== undefined)
        .map((made) => [made["external_reference"] ?? "", made["obligation_id"] ?? ""]),
    ),
    post,
    get: (path) => ask("GET", path),
    restart: async () => {
      await server.close();
      server = await listen(Number(new URL(url).port));
    },
    close: () => server.close(),
  };
};
