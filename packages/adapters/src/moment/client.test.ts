import { inspect } from "node:util";
import { openLedger } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { seededHost } from "../host/node-host.ts";
import { memoryStore } from "../memory/memory-store.ts";
import { createMomentClient } from "./client.ts";
import { isMomentApiError, type MomentApiError } from "./moment-api-error.ts";
import {
  accountBody,
  answer,
  billBody,
  customerBody,
  problem,
  rejectionOf,
  replay,
  type Step,
  scripted,
  secretKey,
  silence,
} from "./testing/scripted.ts";
import { webHost } from "./web-host.ts";

const bill = {
  externalReference: "BILL-0317",
  currency: "ZAR",
  amountDue: 37650,
  account: "ACC-1",
};
const readBill = {
  object: "bill",
  id: billBody.id,
  externalReference: "BILL-0317",
  customerId: customerBody.id,
  accountId: accountBody.id,
  status: "unpaid",
  currency: "ZAR",
  amountDue: 37650,
  amountPaid: 12550,
  amountRemaining: 25100,
  billDate: "2026-03-01",
  dueDate: "2026-03-25",
  paymentRules: {
    minAmount: 1000,
    maxAmount: 37650,
    underpaymentAllowed: true,
    overpaymentAllowed: false,
  },
  metadata: { period_of: "2026-03" },
};
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("the ten endpoints", () => {
  it("send what spec 3 says, and answer objects in the ledger's words", async () => {
    const [customer, account, billed] = [customerBody, accountBody, billBody];
    const { client, sent } = scripted([
      answer(201, customer),
      answer(200, customer),
      answer(200, customer),
      answer(201, account),
      answer(200, account),
      answer(200, account),
      answer(201, billed),
      answer(200, billed),
      answer(200, billed),
      answer(200, { ...billed, status: "voided" }),
    ]);
    await client.customers.create({ externalReference: "CUST-40217" });
    await client.customers.retrieve("CUST-40217");
    await client.customers.update("CUST-40217", { balance: -61200 });
    await client.accounts.create({ externalReference: "ACC-7781", customer: "CUST-40217" });
    await client.accounts.retrieve(account.id);
    await client.accounts.update(account.id, { name: "Fibre" });
    await client.bills.create(bill);
    expect(await client.bills.retrieve("BILL-0317")).toEqual(readBill);
    await client.bills.update("BILL-0317", { amountPaid: 12550, metadata: { tellerAt: "9" } });
    expect((await client.bills.void("BILL-0317")).entity).toEqual({
      ...readBill,
      status: "voided",
    });
    expect(sent.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      'POST https://api.momentpay.net/billing/customers {"external_reference":"CUST-40217"}',
      "GET https://api.momentpay.net/billing/customers/CUST-40217 ",
      'PATCH https://api.momentpay.net/billing/customers/CUST-40217 {"balance":-61200}',
      'POST https://api.momentpay.net/billing/accounts {"external_reference":"ACC-7781","customer":"CUST-40217"}',
      `GET https://api.momentpay.net/billing/accounts/${account.id} `,
      `PATCH https://api.momentpay.net/billing/accounts/${account.id} {"name":"Fibre"}`,
      'POST https://api.momentpay.net/billing/bills {"external_reference":"BILL-0317","currency":"ZAR","amount_due":37650,"account":"ACC-1"}',
      "GET https://api.momentpay.net/billing/bills/BILL-0317 ",
      'PATCH https://api.momentpay.net/billing/bills/BILL-0317 {"amount_paid":12550,"metadata":{"tellerAt":"9"}}',
      "POST https://api.momentpay.net/billing/bills/BILL-0317/void ",
    ]);
    for (const { method, headers, body } of sent) {
      expect(headers.get("authorization")).toBe(`Bearer ${secretKey}`);
      expect(headers.get("content-type")).toBe(body === "" ? null : "application/json");
      if (method === "POST") expect(headers.get("idempotency-key")).toMatch(uuid);
      else expect(headers.has("idempotency-key")).toBe(false);
    }
    expect(new Set(sent.map(({ headers }) => headers.get("idempotency-key"))).size).toBe(5);
  });

  it("bring objects along, with metadata as the merchant spells it", async () => {
    const { client, sent } = scripted([answer(201, billBody)]);
    const customer = { externalReference: "CUST-1", metadata: JSON.parse('{"__proto__":"x"}') };
    await client.bills.create({ ...bill, account: { externalReference: "ACC-1", customer } });
    expect(JSON.parse(sent[0]?.body ?? "").account).toEqual({
      external_reference: "ACC-1",
      customer: { external_reference: "CUST-1", metadata: JSON.parse('{"__proto__":"x"}') },
    });
  });

  it("say whether the answer is a replay, and which key was sent", async () => {
    const { client } = scripted([answer(201, billBody), answer(201, billBody, replay)]);
    const options = { idempotencyKey: "raise-0317" };
    expect(await client.bills.create(bill, options)).toEqual({
      entity: readBill,
      replayed: false,
      idempotencyKey: "raise-0317",
    });
    expect((await client.bills.create(bill, options)).replayed).toBe(true);
  });

  it("answer what a ledger can mirror as it is", async () => {
    const { client } = scripted([
      answer(200, customerBody),
      answer(200, accountBody),
      answer(200, billBody),
    ]);
    const ledger = openLedger({ store: memoryStore({ host: seededHost() }) });
    await ledger.mirror(await client.customers.retrieve(customerBody.id));
    await ledger.mirror(await client.accounts.retrieve(accountBody.id));
    const { entity } = await ledger.mirror(await client.bills.retrieve(billBody.id));
    expect(entity).toMatchObject({ id: billBody.id, balance: 25100 });
  });
});

describe("answers", () => {
  it("may have members that nobody knows, and null for what is absent (D-22)", async () => {
    const body = {
      ...billBody,
      account_id: null,
      metadata: null,
      created_at: "2026-03-01T00:00:00Z",
      payment_rules: { ...billBody.payment_rules, tip_allowed: true },
    };
    const { accountId: _, metadata: __, ...expected } = readBill;
    const { client } = scripted([answer(200, body)]);
    expect(await client.bills.retrieve("BILL-0317")).toEqual(expected);
  });

  it.each([
    ["no JSON", "<html>welcome</html>", "must be a JSON object"],
    ["nothing", "", "must be a JSON object"],
    ["a list", [billBody], "must be a JSON object"],
    ["a bill without an amount", { ...billBody, amount_due: undefined }, "amountDue is required"],
    ["a fraction", { ...billBody, amount_paid: 0.5 }, "amountPaid must be a whole number"],
    ["an amount as text", { ...billBody, amount_due: "37650" }, "amountDue must be a whole"],
    ["an unknown status", { ...billBody, status: "lost" }, "status must be unpaid, paid or voided"],
    ["another object", customerBody, "id must be an id such as bill_1a2B"],
  ])("that are %s are an error and not undefined", async (_, body, message) => {
    const { client, sent } = scripted([answer(200, body)]);
    const error = await rejectionOf(client.bills.retrieve("BILL-0317"));
    expect(error).toMatchObject({
      code: "MOMENT_ANSWER_UNREADABLE",
      message: expect.stringContaining(message),
      detail: { status: 200, faults: expect.any(Array) },
    });
    expect(sent).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])("that redirect (%i) are not followed", async (status) => {
    const { client, sent } = scripted([
      answer(status, "", { location: "https://elsewhere.example" }),
    ]);
    const error = await rejectionOf(client.bills.create(bill));
    expect(error).toMatchObject({ code: "MOMENT_ANSWER_UNREADABLE", detail: { status } });
    expect(sent.map(({ redirect }) => redirect)).toEqual(["manual"]);
  });
});

describe("an answer of a browser that hides where it leads", () => {
  it("is a redirect, and not followed", async () => {
    const hidden = () => Object.defineProperty(new Response(), "type", { value: "opaqueredirect" });
    const { client } = scripted([hidden]);
    expect(await rejectionOf(client.bills.retrieve("BILL-1"))).toMatchObject({
      code: "MOMENT_ANSWER_UNREADABLE",
      message: expect.stringContaining("redirect"),
    });
  });
});

describe("refusals", () => {
  const refused = async (step: () => Response) =>
    (await rejectionOf(scripted([step]).client.bills.create(bill))) as MomentApiError;

  it("carry what Moment said, and what was asked", async () => {
    const said = {
      type: "https://api.momentco.io/docs/errors#invalid-request",
      title: "Invalid request",
      detail: "One field is not as it should be.",
      instance: "/billing/bills",
      code: "invalid_request",
      errors: [{ field: "amount_due", message: "is too large" }],
    };
    const error = await refused(problem(400, said));
    expect(error).toMatchObject({
      code: "MOMENT_INVALID_REQUEST",
      retry: "no",
      message: "POST /billing/bills was answered 400; One field is not as it should be",
      detail: {
        method: "POST",
        path: "/billing/bills",
        status: 400,
        problem: { ...said, status: 400 },
        idempotencyKey: expect.stringMatching(uuid),
        replayed: false,
        attempts: 1,
      },
    });
    expect(isMomentApiError(error, "MOMENT_INVALID_REQUEST")).toBe(true);
    expect(isMomentApiError(error, "MOMENT_CONFLICT")).toBe(false);
    expect(isMomentApiError(new Error("other"))).toBe(false);
  });

  it.each([
    [401, "MOMENT_UNAUTHORIZED"],
    [402, "MOMENT_UNPROCESSABLE"],
    [403, "MOMENT_FORBIDDEN"],
    [404, "MOMENT_NOT_FOUND"],
    [405, "MOMENT_INVALID_REQUEST"],
    [409, "MOMENT_CONFLICT"],
    [413, "MOMENT_INVALID_REQUEST"],
    [422, "MOMENT_UNPROCESSABLE"],
  ])("of status %i are %s, whatever the body is", async (status, code) => {
    for (const body of ["", "<h1>no</h1>", "[]", "null", { code: 7, errors: "none", title: {} }]) {
      const error = await refused(answer(status, body));
      expect(error).toMatchObject({ code, retry: "no", detail: { status, attempts: 1 } });
    }
  });

  it("that are not JSON keep how the body begins", async () => {
    const { detail } = await refused(answer(400, `<h1>proxy</h1>${"x".repeat(999)}`));
    expect(detail.body).toMatch(/^<h1>proxy<\/h1>x+$/);
    expect(detail.body).toHaveLength(200);
  });
});

describe("calls in doubt", () => {
  const reset = new TypeError("fetch failed", { cause: new Error("read ECONNRESET") });

  it("of a create are repeated with its key and end as the first would have", async () => {
    const { client, sent, pauses } = scripted([
      reset,
      silence,
      problem(409, { code: "conflict" }),
      answer(201, billBody, replay),
    ]);
    const written = await client.bills.create(bill);
    expect(written).toMatchObject({ entity: readBill, replayed: true });
    expect(new Set(sent.map(({ headers }) => headers.get("idempotency-key")))).toEqual(
      new Set([written.idempotencyKey]),
    );
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
    expect(pauses).toHaveLength(3);
  });

  it("of a create that stay in doubt say so, with the key to repeat them", async () => {
    const { client } = scripted([silence, reset, reset, reset], { timeoutMs: 250 });
    expect(await rejectionOf(client.bills.void("BILL-0317"))).toMatchObject({
      code: "MOMENT_OUTCOME_UNKNOWN",
      retry: "with-key",
      message:
        "POST /billing/bills/BILL-0317/void got no answer: fetch failed: read ECONNRESET; sent 4 times; it may have been done: repeat it with the same idempotency key",
      detail: { attempts: 4, idempotencyKey: expect.stringMatching(uuid) },
    });
  });

  it.each([401, 403, 409, 429])(
    "are not ended by a %i that did not look at the key",
    async (status) => {
      const { client } = scripted([reset, ...Array.from({ length: 3 }, () => problem(status))]);
      expect(await rejectionOf(client.bills.create(bill))).toMatchObject({
        code: "MOMENT_OUTCOME_UNKNOWN",
        detail: { status },
      });
    },
  );

  it.each([
    [400, "MOMENT_INVALID_REQUEST", {}],
    [404, "MOMENT_NOT_FOUND", {}],
    [409, "MOMENT_CONFLICT", replay],
    [422, "MOMENT_UNPROCESSABLE", {}],
  ])("are ended by a %i, for which the key was looked up", async (status, code, headers) => {
    const { client } = scripted([reset, problem(status, {}, headers)]);
    expect(await rejectionOf(client.bills.create(bill))).toMatchObject({ code });
  });

  it("of an update are not repeated: a payment may have come in between", async () => {
    const late = problem(503, {}, { "retry-after": "1" });
    const steps: readonly Step[] = [reset, silence, problem(500), late];
    for (const step of steps) {
      const { client, sent } = scripted([step]);
      const error = await rejectionOf(client.customers.update("CUST-1", { balance: 61200 }));
      expect(error).toMatchObject({ code: "MOMENT_STATE_UNKNOWN", retry: "read-first" });
      expect(sent).toHaveLength(1);
    }
  });

  it("are none after 429: nothing was begun, so an update is repeated too", async () => {
    const { client, pauses } = scripted([
      problem(429, {}, { "retry-after": "3" }),
      answer(200, customerBody),
    ]);
    await client.customers.update("CUST-1", { balance: 48350 });
    expect(pauses[0]).toBeGreaterThanOrEqual(3000);
  });

  it("are none for a read, which fails as unavailable", async () => {
    const { client, sent } = scripted([reset, problem(500), problem(502), problem(504)]);
    expect(await rejectionOf(client.bills.retrieve("BILL-1"))).toMatchObject({
      code: "MOMENT_UNAVAILABLE",
      retry: "safe",
    });
    expect(sent).toHaveLength(4);
  });

  it("end where the stored answer of the key is a failure (spec 2.3)", async () => {
    const { client, sent } = scripted([problem(500), problem(500, {}, replay)]);
    expect(await rejectionOf(client.bills.create(bill))).toMatchObject({
      code: "MOMENT_STATE_UNKNOWN",
      detail: { replayed: true, attempts: 2 },
    });
    expect(sent).toHaveLength(2);
  });

  it("of a key that the caller chose are asked once more after 409, and end with the stored one", async () => {
    const { client, sent } = scripted([problem(409), problem(409, {}, replay)]);
    const call = client.bills.void("BILL-1", { idempotencyKey: "void-1" });
    expect(await rejectionOf(call)).toMatchObject({ code: "MOMENT_CONFLICT" });
    expect(sent).toHaveLength(2);
  });

  it("wait no longer than a minute for anybody", async () => {
    const { client, sent } = scripted([problem(429, {}, { "retry-after": "61" })]);
    expect(await rejectionOf(client.bills.create(bill))).toMatchObject({
      code: "MOMENT_UNAVAILABLE",
      detail: { retryAfterMs: 61_000 },
    });
    expect(sent).toHaveLength(1);
  });
});

describe("an answer that breaks off", () => {
  it("is no answer", async () => {
    const broken = () =>
      new Response(new ReadableStream({ start: (stream) => stream.error(new Error("cut off")) }));
    const { client, sent } = scripted([broken, answer(200, billBody)]);
    expect(await client.bills.retrieve("BILL-1")).toEqual(readBill);
    expect(sent).toHaveLength(2);
  });
});

describe("the caller's own signal", () => {
  const reason = new Error("the user left");

  it("stops a call before anything is sent", async () => {
    const { client, sent } = scripted([]);
    const signal = AbortSignal.abort(reason);
    expect(await rejectionOf(client.bills.create(bill, { signal }))).toBe(reason);
    expect(sent).toHaveLength(0);
  });

  it("stops an attempt, even of a fetch that does not listen", async () => {
    const controller = new AbortController();
    const { client } = scripted([], {
      fetch: () => {
        controller.abort(reason);
        return new Promise<Response>(() => {});
      },
    });
    const call = client.bills.retrieve("BILL-1", { signal: controller.signal });
    expect(await rejectionOf(call)).toBe(reason);
  });

  it("stops a pause", async () => {
    const controller = new AbortController();
    const host = {
      ...webHost,
      pause: () => {
        controller.abort(reason);
        return new Promise<void>(() => {});
      },
    };
    const { client, sent } = scripted([problem(503)], { host });
    const call = client.bills.retrieve("BILL-1", { signal: controller.signal });
    expect(await rejectionOf(call)).toBe(reason);
    expect(sent).toHaveLength(1);
  });
});

describe("the secret key", () => {
  it("shows in no error, whatever Moment or a fetch says of it, and not in the client", async () => {
    const leak = `the key ${secretKey} is bad`;
    const withHeaders = Object.assign(new Error(leak), { config: { authorization: secretKey } });
    const steps = [
      problem(401, { title: leak, detail: leak, errors: [{ field: secretKey, message: leak }] }),
      answer(400, leak),
      answer(200, leak),
      answer(200, { ...billBody, metadata: { [secretKey]: 7 } }),
      withHeaders,
      new TypeError("fetch failed", { cause: withHeaders }),
    ];
    for (const step of steps) {
      const { client } = scripted([step], { retry: { attempts: 1 } });
      const error = (await rejectionOf(client.bills.create(bill))) as Error;
      const shown = [
        error.message,
        error.stack,
        JSON.stringify(error),
        inspect(error, { depth: 9 }),
      ];
      expect(shown.join("\n")).not.toContain(secretKey);
      expect(`${inspect(client, { depth: 9, showHidden: true })}`).not.toContain(secretKey);
    }
  });

  it.each([
    ["", "must be a text"],
    ["pk_test_1", "is a public key"],
    ["pk_1", "is a public key"],
    ["whsec_1", "must be sk_"],
    ["sk_", "must be sk_"],
    ["sk_test_1\n", "no spaces or line breaks"],
    ["sk_test_ž", "must be sk_"],
  ])("%j is refused where it is configured, and not repeated", (key, message) => {
    expect(() => createMomentClient({ secretKey: key })).toThrow(message);
    if (key.length > 4) expect(() => createMomentClient({ secretKey: key })).not.toThrow(key);
  });
});

describe("the base URL", () => {
  const ofLive = (baseUrl: string) => () => createMomentClient({ secretKey: "sk_1", baseUrl });

  it.each(["https://example.org", "http://localhost:3000", "http://127.0.0.1", "http://[::1]:1"])(
    "may be %s with a live key",
    (baseUrl) => {
      expect(ofLive(baseUrl)).not.toThrow();
    },
  );

  it.each([
    "http://example.org",
    "http://127.evil.example",
    "ftp://example.org",
    "example.org",
    "",
    "https://user:word@example.org",
    "https://example.org/?a=1",
    "https://example.org/#a",
  ])("may not be %j with a live key", (baseUrl) => {
    expect(ofLive(baseUrl)).toThrow(/baseUrl must/);
  });

  it("may be plain http anywhere with a test key, and have a path of its own", async () => {
    const { client, sent } = scripted([answer(200, billBody)], { baseUrl: "http://mock:8080/a/" });
    await client.bills.retrieve("BILL-1");
    expect(sent[0]?.url).toBe("http://mock:8080/a/billing/bills/BILL-1");
  });
});

describe("what cannot be meant", () => {
  const { client, sent } = scripted([]);

  it.each([
    [
      "an amount that JSON would make null",
      () => client.customers.update("C", { balance: Number.NaN }),
    ],
    ["a fraction of a cent", () => client.bills.create({ ...bill, amountDue: 0.5 })],
    ["a misspelt field", () => client.bills.create({ ...bill, amount_due: 1 } as never)],
    [
      "a balance without its currency",
      () => client.customers.create({ externalReference: "C", balance: 1 }),
    ],
    [
      "an id that is Moment's to give",
      () => client.customers.create({ externalReference: "C", id: "bcus_1" } as never),
    ],
    [
      "one deep inside",
      () =>
        client.bills.create({
          ...bill,
          account: {
            externalReference: "A",
            customer: { externalReference: "C", id: "bcus_1" } as never,
          },
        }),
    ],
    ["a path of another kind", () => client.bills.retrieve("../customers/C")],
    ["an empty path", () => client.bills.void("")],
    ["a dot", () => client.accounts.retrieve("..")],
    ["a key with an underscore", () => client.bills.void("B", { idempotencyKey: "a_b" })],
    ["an empty key", () => client.bills.void("B", { idempotencyKey: "" })],
  ])("%s is INVALID_INPUT, and nothing is sent", async (_, call) => {
    expect(await rejectionOf(call())).toMatchObject({
      code: "INVALID_INPUT",
      detail: { faults: [expect.anything()] },
    });
    expect(sent).toHaveLength(0);
  });

  it.each([
    { timeoutMs: 0 },
    { timeoutMs: 1.5 },
    { retry: { attempts: 0 } },
    { retry: { attempts: 11 } },
    { retry: { baseMs: -1 } },
    { retry: { maxMs: Number.POSITIVE_INFINITY } },
  ])("%j is refused", (options) => {
    expect(() => createMomentClient({ secretKey, ...options })).toThrow(/must be a whole number/);
  });
});

describe("the host of the web", () => {
  it("has what the client needs", async () => {
    expect(webHost.randomBytes(16)).toHaveLength(16);
    expect(webHost.now()).toBeGreaterThan(0);
    await webHost.pause(0);
    const controller = new AbortController();
    const pause = webHost.pause(3_600_000, controller.signal);
    controller.abort();
    await pause;
    expect(webHost.timeout(60_000).aborted).toBe(false);
  });
});
