/** A small merchant to be asked odd things, and what has to be true of every answer. */
import { expect } from "vitest";
import type { Judge } from "../contract.ts";
import { type Client, clientOf, judgeOf, openMock, testKey } from "../support.ts";
import { type Draw, plainRequests } from "./plain.ts";
import type { Sent } from "./sent.ts";

export interface World {
  readonly client: Client;
  /** The book of another merchant with as much in it. */
  readonly snapshot: string;
  readonly endpointId: string;
  /** Of a payment. */
  readonly eventId: string;
  /** Of a customer's balance. */
  readonly obligationId: string;
  readonly judge: Judge;
  close(): Promise<void>;
}

const fill = async (client: Client): Promise<void> => {
  const owner = { currency: "ZAR", balance: 100_000 };
  await client.post("/billing/customers", { external_reference: "CUST-1", ...owner });
  await client.post("/billing/accounts", {
    customer: "CUST-1",
    external_reference: "ACC-1",
    ...owner,
  });
  await client.post("/billing/bills", {
    customer: "CUST-1",
    external_reference: "BILL-1",
    currency: "ZAR",
    amount_due: 37_650,
  });
};

export const openWorld = async (): Promise<World> => {
  const server = openMock({ deliver: async () => new Response(null, { status: 200 }) });
  const client = clientOf(server);
  const other = clientOf(server, "sk_test_another");
  await fill(client);
  await fill(other);
  const { body: endpoint } = await client.post("/_mock/webhook_endpoints", {
    url: "https://billing.example.org/hooks",
  });
  const { body: paid } = await client.post("/_mock/payments", {
    customer: "CUST-1",
    amount: 500,
    payment_id: "pay_known",
  });
  return {
    client,
    snapshot: (await other.get("/_mock/snapshot")).text,
    endpointId: endpoint.id,
    eventId: paid.event.id,
    obligationId: paid.obligation.id,
    judge: await judgeOf(server),
    close: () => server.close(),
  };
};

/** The request of an operation as it is taken. */
export const plainOf = (id: string, draw: Draw, world: World, idempotencyKey: string): Sent => {
  const plain = plainRequests[id]?.(draw, world);
  if (plain === undefined) throw new Error(`no request of ${id} is known`);
  const { method, path, body, raw, key = testKey } = plain;
  const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const isKeyed = !path.startsWith("/pay/");
  return {
    method,
    path,
    headers: [
      ...(isKeyed ? ([["authorization", `Bearer ${key}`]] as const) : []),
      ...(isKeyed && method === "POST" ? ([["idempotency-key", idempotencyKey]] as const) : []),
      ...(text === undefined ? [] : ([["content-type", "application/json"]] as const)),
    ],
    ...(text === undefined ? {} : { body: text }),
  };
};

const requestOf = ({ method, path, headers, body }: Sent): Request | undefined => {
  const isBodiless = method === "GET" || method === "HEAD";
  try {
    return new Request(`http://mock.test${path}`, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      ...(body === undefined || isBodiless ? {} : { body: body as string }),
    });
  } catch {
    // What no client can put into a request.
    return undefined;
  }
};

/** The whole text; of a stream without an end, what comes first. */
const textOf = async (response: Response): Promise<string> => {
  if (!response.headers.get("content-type")?.startsWith("text/event-stream"))
    return response.text();
  const reader = response.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(first?.value);
};

/** Which events there are, in the book of each merchant that is asked. */
const eventsOf = async ({ client }: World): Promise<string> => {
  const ids: string[] = [];
  for (const key of [testKey, "sk_test_another", "sk_test_empty", "sk_test_other"]) {
    const { body } = await client.get("/_mock/events?limit=500", { key });
    ids.push(...(body.data as { id: string }[]).map(({ id }) => id), "");
  }
  return ids.join();
};

/**
 * Sends a request and checks its answer: as the document says, no failure of the server's own, and
 * nothing written where it is a refusal. Resolves with the status; undefined where no such request exists.
 */
export const ask = async (world: World, sent: Sent): Promise<number | undefined> => {
  const request = requestOf(sent);
  if (request === undefined) return undefined;
  const before = await eventsOf(world);
  const url = new URL(request.url);
  const response = await world.client.server.fetch(request);
  const text = await textOf(response);
  const { status, headers } = response;
  const told = `${sent.method} ${sent.path} answered ${status} ${text.slice(0, 300)}`;
  const isEntered = text.includes("a fault was entered at /_mock/faults");
  expect(status < 500 || isEntered, told).toBe(true);
  const faults = world.judge({ method: request.method, url, status, headers, text });
  expect(faults, `${faults.join("; ")}: ${told}`).toEqual([]);
  if (status >= 400) expect(await eventsOf(world), told).toBe(before);
  return status;
};
