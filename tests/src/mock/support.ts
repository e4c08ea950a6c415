/** A mock server in process, on a clock that stands still at 2026-03-01T00:00:00Z, and how tests talk to it. */
import { seededHost } from "@tallystick/adapters/host";
import { createMockServer, type MockServer, type MockServerOptions } from "@tallystick/mock-server";
import { expect, onTestFinished } from "vitest";
import { type Judge, judgeBy, type OpenApi } from "./contract.ts";

export const testKey = "sk_test_9rZk3Lm0";
export const noon = "2026-03-01T00:00:00.000Z";

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is looked into member by member
  readonly body: any;
  readonly text: string;
}

interface Asked {
  readonly key?: string | null;
  readonly idempotencyKey?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, in place of a body. */
  readonly raw?: string | Uint8Array | ReadableStream<Uint8Array>;
}

export interface Client {
  readonly server: MockServer;
  send(method: string, path: string, body?: unknown, asked?: Asked): Promise<Answered>;
  get(path: string, asked?: Asked): Promise<Answered>;
  /** With a key of its own unless one is given. */
  post(path: string, body?: unknown, asked?: Asked): Promise<Answered>;
  patch(path: string, body: unknown, asked?: Asked): Promise<Answered>;
}

const judges = new Map<string, Judge>();

/** The judge by what a server says of itself. */
export const judgeOf = async (server: MockServer): Promise<Judge> => {
  const response = await server.fetch(new Request("http://mock.test/openapi.json"));
  const text = await response.text();
  const judge = judges.get(text) ?? judgeBy(JSON.parse(text) as OpenApi);
  judges.set(text, judge);
  return judge;
};

/** Talks to a server as the merchant of a key. Every answer has to be as the server's document says. */
export const clientOf = (server: MockServer, key: string = testKey): Client => {
  let count = 0;
  let judging: Promise<Judge> | undefined;
  const judge = async (method: string, path: string, response: Response, text: string) => {
    judging ??= judgeOf(server);
    const url = new URL(`http://mock.test${path}`);
    const { status, headers } = response;
    const faults = (await judging)({ method, url, status, headers, text });
    const told = `${method} ${path} answered ${status} ${text.slice(0, 500)}`;
    expect(faults, `${faults.join("; ")}: ${told}`).toEqual([]);
  };
  const send: Client["send"] = async (method, path, body, asked = {}) => {
    const headers = new Headers(asked.headers);
    const withKey = asked.key === undefined ? key : asked.key;
    if (withKey !== null) headers.set("authorization", `Bearer ${withKey}`);
    if (typeof asked.idempotencyKey === "string")
      headers.set("idempotency-key", asked.idempotencyKey);
    const sent = asked.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    if (sent !== undefined && !headers.has("content-type"))
      headers.set("content-type", "application/json");
    const response = await server.fetch(
      new Request(`http://mock.test${path}`, {
        method,
        headers,
        ...(sent === undefined ? {} : { body: sent, duplex: "half" as const }),
      }),
    );
    const text = await response.text();
    await judge(method, path, response, text);
    const isJson = /^application\/(problem\+)?json\b/.test(
      response.headers.get("content-type") ?? "",
    );
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    };
  };
  return {
    server,
    send,
    get: (path, asked) => send("GET", path, undefined, asked),
    patch: (path, body, asked) => send("PATCH", path, body, asked),
    post: (path, body, asked = {}) => {
      count += 1;
      return send("POST", path, body, {
        ...asked,
        idempotencyKey: asked.idempotencyKey === undefined ? `key-${count}` : asked.idempotencyKey,
      });
    },
  };
};

/** A server that whoever asks for it closes. */
export const openMock = (options: MockServerOptions = {}): MockServer =>
  createMockServer({ machine: seededHost(), clock: noon, ...options });

/** A server that is closed when its test has ended. */
export const startMock = (options: MockServerOptions = {}): Client => {
  const server = openMock(options);
  onTestFinished(() => server.close());
  return clientOf(server);
};

/** The same with a customer that owes 500 ZAR, an account of it that owes 300, and a bill of 37650. */
export const startWithObjects = async (options: MockServerOptions = {}): Promise<Client> => {
  const client = startMock(options);
  await client.post("/billing/customers", {
    external_reference: "CUST-1",
    currency: "ZAR",
    balance: 500,
  });
  await client.post("/billing/accounts", {
    customer: "CUST-1",
    external_reference: "ACC-1",
    currency: "ZAR",
    balance: 300,
  });
  await client.post("/billing/bills", {
    customer: "CUST-1",
    external_reference: "BILL-1",
    currency: "ZAR",
    amount_due: 37_650,
  });
  return client;
};

/** Checks that an answer is a whole problem document, and gives the fields that it complains about. */
export const problemFields = (
  answered: Answered,
  status: number,
  code: string,
  instance?: string,
): string[] => {
  const { body, headers } = answered;
  expect(body, answered.text).toMatchObject({ status, code });
  expect(answered.status).toBe(status);
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(body.type).toBe(`https://api.momentco.io/docs/errors#${code.replaceAll("_", "-")}`);
  expect(typeof body.title).toBe("string");
  expect(typeof body.detail).toBe("string");
  if (instance !== undefined) expect(body.instance).toBe(instance);
  return ((body.errors ?? []) as readonly { field: string }[]).map(({ field }) => field).sort();
};

/** What generated ids look like (D-49). */
export const idPattern = {
  customer: /^bcus_[a-zA-Z0-9]{21}$/,
  account: /^bacc_[a-zA-Z0-9]{21}$/,
  bill: /^bill_[a-zA-Z0-9]{21}$/,
  event: /^evt_[a-zA-Z0-9]{20,}$/,
};
