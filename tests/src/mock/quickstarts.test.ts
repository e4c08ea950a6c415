/**
 * The steps of Moment's quickstarts and reference samples, in the order in which a reader takes them:
 * over HTTP, each tour under a key of its own, with the ids that its own first steps answered. Once as
 * the reference wants it, with an `Idempotency-Key`, and once as the quickstarts print it, without.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { memoryStore } from "@tallystick/adapters/memory";
import { createWebhookReceiver } from "@tallystick/adapters/webhooks";
import { openLedger } from "@tallystick/core";
import { createMockServer } from "@tallystick/mock-server";
import { describe, expect, it, onTestFinished } from "vitest";
import { secret } from "./inbox.ts";

type Known = Readonly<Record<string, string>>;

interface Step {
  readonly method: "GET" | "POST";
  /** `{customer}` and `{account}` stand for the ids that earlier steps answered. */
  readonly path: string;
  readonly body?: object;
  readonly status: 200 | 201;
  /** The least that the answer holds. */
  readonly answers: object;
  /** Under what name the answer's id is known from here on. */
  readonly names?: string;
}

interface Tour {
  readonly title: string;
  readonly key: string;
  readonly steps: readonly Step[];
  /** The payment behind it, and whom the webhook names. */
  readonly pays?: { readonly target: "customer" | "account"; readonly amount: number };
}

const person = { name: "Lerato Dlamini", email: "lerato@example.org" };
const owes = { currency: "ZAR", balance: 2_000 };

const tours: readonly Tour[] = [
  {
    title: "a balance of the customer's own",
    key: "sk_test_tour_customer",
    pays: { target: "customer", amount: 2_000 },
    steps: [
      {
        method: "POST",
        path: "/billing/customers",
        body: { external_reference: "QUICK1", ...person, ...owes },
        status: 201,
        answers: { external_reference: "QUICK1", ...person, ...owes },
        names: "customer",
      },
    ],
  },
  {
    title: "a balance for each account",
    key: "sk_test_tour_account",
    pays: { target: "account", amount: 2_000 },
    steps: [
      {
        method: "POST",
        path: "/billing/customers",
        body: { external_reference: "QUICK1", ...person },
        status: 201,
        answers: { external_reference: "QUICK1", ...person },
        names: "customer",
      },
      {
        method: "POST",
        path: "/billing/accounts",
        body: { customer: "{customer}", external_reference: "QUICK2", name: "Fibre line", ...owes },
        status: 201,
        answers: { customer_id: "{customer}", name: "Fibre line", ...owes },
        names: "account",
      },
    ],
  },
  {
    title: "the customer and its account in one request",
    key: "sk_test_tour_together",
    pays: { target: "account", amount: 500 },
    steps: [
      {
        method: "POST",
        path: "/billing/accounts",
        body: {
          customer: { external_reference: "QUICK1", ...person },
          external_reference: "QUICK2",
          ...owes,
        },
        status: 201,
        answers: { external_reference: "QUICK2", ...owes },
        names: "account",
      },
    ],
  },
  {
    title: "the samples of the reference: the least that each endpoint takes",
    key: "sk_test_tour_reference",
    steps: [
      {
        method: "POST",
        path: "/billing/customers",
        body: { external_reference: "QUICK1" },
        status: 201,
        answers: { external_reference: "QUICK1" },
        names: "customer",
      },
      {
        method: "POST",
        path: "/billing/accounts",
        body: { customer: "{customer}", external_reference: "QUICK2" },
        status: 201,
        answers: { customer_id: "{customer}", external_reference: "QUICK2" },
        names: "account",
      },
      {
        method: "GET",
        path: "/billing/accounts/{account}",
        status: 200,
        answers: { id: "{account}", customer_id: "{customer}" },
      },
      {
        method: "GET",
        path: "/billing/accounts/QUICK2",
        status: 200,
        answers: { id: "{account}", customer_id: "{customer}" },
      },
    ],
  },
];

const filled = <Value>(value: Value, known: Known): Value =>
  JSON.parse(
    JSON.stringify(value).replaceAll(/\{(customer|account)\}/g, (_, name) => known[name] ?? ""),
  );

/** A merchant's endpoint on the loopback, and the first delivery that reaches it. */
const openEndpoint = async () => {
  const { promise, resolve } = Promise.withResolvers<Request>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      response.writeHead(200).end();
      const headers = new Headers(request.headers as Record<string, string>);
      resolve(new Request("http://shop.test/", { method: "POST", headers, body }));
    });
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  return { url: `http://127.0.0.1:${port}/hooks`, delivered: promise };
};

describe.each([
  ["with a key for each write", "required"],
  ["as they are printed, without one", "optional"],
] as const)("the quickstarts, %s", (_title, idempotencyKey) => {
  it.each(tours)("$title", async ({ key, steps, pays }) => {
    const endpoint = await openEndpoint();
    const server = createMockServer({
      port: 0,
      idempotencyKey,
      webhookUrl: [endpoint.url],
      webhookSecret: secret,
    });
    onTestFinished(() => server.close());
    const { url } = await server.listen();
    const send = async (method: string, path: string, body?: object, write?: string) => {
      const headers = new Headers({ authorization: `Bearer ${key}` });
      if (body !== undefined) headers.set("content-type", "application/json");
      if (write !== undefined && idempotencyKey === "required")
        headers.set("idempotency-key", write);
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(url + path, { method, headers, ...init });
      return { status: answer.status, body: (await answer.json()) as Known };
    };

    const known: Record<string, string> = {};
    for (const [at, { method, path, body, status, answers, names }] of steps.entries()) {
      const write = method === "POST" ? `step-${at}` : undefined;
      const sent = body && filled(body, known);
      const answered = await send(method, filled(path, known), sent, write);
      expect(answered).toMatchObject({ status, body: filled(answers, known) });
      if (names !== undefined) known[names] = answered.body["id"] ?? "";
    }

    if (pays === undefined) return;
    const { target, amount } = pays;
    const id = known[target] ?? "";
    await send("POST", "/_mock/payments", { [target]: id, amount });
    const delivery = await endpoint.delivered;
    const event = await delivery.clone().json();
    expect(event).toMatchObject({
      id: expect.stringMatching(/^evt_/),
      type: "obligation.amount_applied",
      data: {
        id: expect.stringMatching(/^ob_/),
        amount,
        currency: "ZAR",
        payment_id: expect.stringMatching(/^pay_/),
        [`${target}_id`]: id,
      },
    });
    const left = await send("GET", `/billing/${target}s/${id}`);
    expect(left.body["balance"]).toBe(2_000 - amount);
    // What arrived is signed: a receiver takes it in, and keeps it until it meets its object.
    const ledger = openLedger({ store: memoryStore() });
    const receive = createWebhookReceiver({ ledger, secret });
    expect((await receive(delivery)).status).toBe(200);
  });
});

describe("a quickstart's literal call, where keys are required", () => {
  it("is refused with the way to let it pass", async () => {
    const server = createMockServer();
    onTestFinished(() => server.close());
    const answer = await server.fetch(
      new Request("http://mock.test/billing/customers", {
        method: "POST",
        headers: {
          authorization: "Bearer sk_test_YOUR_SECRET_KEY",
          "content-type": "application/json",
        },
        body: JSON.stringify({ external_reference: "QUICK1" }),
      }),
    );
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as Known)["detail"]).toContain("--idempotency-key optional");
  });
});
