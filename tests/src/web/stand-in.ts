/**
 * As much of the mock server as its pages ask for, over a real ledger in memory: what the pages show
 * is what the ledger recorded. Webhook attempts, requests and faults are only listed, never acted on.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { memoryStore } from "@tallystick/adapters/memory";
import { isLedgerError, type Ledger, openLedger, toSnakeCase } from "@tallystick/core";
import { webFiles } from "../../../packages/mock-server/src/web/web-files.ts";
import { webResponse } from "../../../packages/mock-server/src/web/web-response.ts";

const key = "sk_test_web";
const statuses: Record<string, number> = { NOT_FOUND: 404, BILL_VOIDED: 409, PAYMENT_CONFLICT: 409 };

interface Call {
  readonly method: string;
  readonly url: URL;
  readonly body: any;
  readonly lastEventId: number;
}

export interface StandIn {
  readonly url: string;
  readonly key: string;
  readonly ledger: () => Ledger;
  /** While true, the line is cut after a payment of the pay page was done and before it is answered. */
  cutPayments(cut: boolean): void;
  /** Ends every event stream, as a lost connection would. */
  cutStreams(): void;
  /** How often a payment was asked for on the pay page. */
  payments(): number;
  close(): Promise<void>;
}

export const startStandIn = async (): Promise<StandIn> => {
  const store = memoryStore();
  let generation = 1;
  const open = (): Ledger => openLedger({ store, book: `web-${generation}` });
  let ledger = open();
  let clock: any = { now: "2026-03-02T09:15:00.000Z", frozen: true };
  let deliveries: any[] = [];
  let faults: any[] = [];
  let requests: any[] = [];
  let cut = false;
  let asked = 0;
  const streams = new Set<ServerResponse>();
  const files = webFiles({ demoKey: key });

  const eventsAfter = async (after: number): Promise<any[]> => {
    const events = [];
    for await (const batch of store.readBook(ledger.book, { afterPosition: after })) events.push(...batch);
    return events.map(toSnakeCase);
  };
  const attempt = (eventId: string): void => {
    const before = deliveries.filter((delivery) => delivery.event_id === eventId).length;
    deliveries.push({
      id: `dlv_${deliveries.length + 1}`,
      event_id: eventId,
      endpoint_id: "we_1",
      attempt: before + 1,
      status: "succeeded",
      response_status: 200,
      at: clock.now,
    });
  };
  const wire = (entity: any): any => {
    const { object: _, ...rest } = toSnakeCase(entity) as any;
    return rest;
  };
  const pay = async (target: object, { payment_id, amount, currency, metadata }: any): Promise<any> => {
    const written = await ledger.applyPayment({ ...target, paymentId: payment_id, amount, currency, metadata } as any);
    const entity: any = written.entity;
    attempt(written.payment.eventId);
    for (const stream of streams) await send(stream);
    return {
      payment: { id: written.payment.id, amount, currency, status: "succeeded", paid_at: clock.now },
      obligation: {
        id: entity.obligationId,
        kind: entity.object === "bill" ? "bill" : `${entity.object}_balance`,
        currency,
        balance: entity.balance,
      },
    };
  };

  const owner = async (obligationId: string): Promise<any> => {
    for (const list of [ledger.listBills, ledger.listCustomers, ledger.listAccounts]) {
      const { data } = await list({ limit: 500 });
      const found = (data as readonly any[]).find((entity) => entity.obligationId === obligationId);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const details = (entity: any, payer: string | undefined): any => ({
    merchant: { name: "Bright Spark Electrical" },
    obligation: {
      id: entity.obligationId,
      kind: entity.object === "bill" ? "bill" : `${entity.object}_balance`,
      currency: entity.currency,
      balance: entity.balance,
    },
    reference: entity.externalReference,
    payer,
    bill: entity.object === "bill" ? wire(entity) : undefined,
    payment_rules: toSnakeCase(entity.paymentRules),
    currencies: ["ZAR", "USD"],
  });

  const list = async (kind: string, query: URLSearchParams): Promise<any> => {
    const flag = (name: string): boolean | undefined => (query.get(name) === "true" ? true : undefined);
    const given: any = {
      limit: Number(query.get("limit") ?? 50),
      after: query.get("after") ?? undefined,
      owing: flag("owing"),
      credit: flag("credit"),
    };
    if (kind === "bills" && query.has("status")) given.status = query.get("status");
    const verbs: any = { customers: ledger.listCustomers, accounts: ledger.listAccounts, bills: ledger.listBills };
    const page = await verbs[kind](given);
    return { data: page.data.map(wire), next: page.next };
  };

  const positions = new WeakMap<ServerResponse, number>();
  const send = async (stream: ServerResponse): Promise<void> => {
    for (const event of await eventsAfter(positions.get(stream) ?? 0)) {
      positions.set(stream, event.position);
      stream.write(`id: ${event.position}\ndata: ${JSON.stringify(event)}\n\n`);
    }
  };

  const answer = async ({ method, url, body }: Call): Promise<[number, any]> => {
    const path = url.pathname;
    const route = `${method} ${path}`;
    const payPath = /^\/pay\/([^/]+)\/(details|payments)$/.exec(path);
    if (payPath !== null) {
      const entity = await owner(payPath[1] ?? "");
      if (entity === undefined) return [404, { title: "Not found", detail: "No such link" }];
      const customer = await ledger.retrieveCustomer(entity.customerId ?? entity.id).catch(() => undefined);
      if (payPath[2] === "details") return [200, details(entity, customer?.name)];
      asked += 1;
      return [201, await pay({ [entity.object]: entity.id }, body)];
    }
    const listed = /^GET \/_mock\/(customers|accounts|bills)$/.exec(route);
    if (listed !== null) return [200, await list(listed[1] ?? "", url.searchParams)];
    const voided = /^POST \/billing\/bills\/([^/]+)\/void$/.exec(route);
    if (voided !== null) return [200, wire((await ledger.voidBill(voided[1] ?? "")).entity)];
    const again = /^POST \/_mock\/events\/([^/]+)\/redeliver$/.exec(route);
    if (again !== null) return attempt(again[1] ?? ""), [202, undefined];
    switch (route) {
      case "GET /_mock/events": {
        const limit = Number(url.searchParams.get("limit") ?? 50);
        const events = await eventsAfter(Number(url.searchParams.get("after") ?? 0));
        return [200, { data: events.slice(0, limit), next: events.length > limit ? events[limit - 1].position : undefined }];
      }
      case "POST /_mock/payments": {
        const { customer, account, bill, ...payment } = body;
        return [201, await pay(Object.fromEntries(Object.entries({ customer, account, bill }).filter(([, name]) => name)), payment)];
      }
      case "GET /_mock/deliveries":
        return [200, { data: deliveries }];
      case "GET /_mock/webhook_endpoints":
        return [200, { data: [{ id: "we_1", url: "http://127.0.0.1:9/hook" }] }];
      case "GET /_mock/requests":
        return [200, { data: requests }];
      case "DELETE /_mock/requests":
        requests = [];
        return [204, undefined];
      case "GET /_mock/faults":
        return [200, { data: faults }];
      case "POST /_mock/faults":
        faults.push({ id: `flt_${faults.length + 1}`, times: 1, ...body });
        return [201, faults.at(-1)];
      case "DELETE /_mock/faults":
        faults = [];
        return [204, undefined];
      case "GET /_mock/clock":
        return [200, clock];
      case "PUT /_mock/clock":
        clock = body.real ? { ...clock, frozen: false } : { now: body.now, frozen: true };
        return [200, clock];
      case "POST /_mock/clock/advance":
        clock = { ...clock, now: new Date(Date.parse(clock.now) + body.seconds * 1000).toISOString() };
        return [200, clock];
      case "POST /_mock/reset":
        generation += 1;
        ledger = open();
        [deliveries, faults, requests] = [[], [], []];
        return [204, undefined];
      default:
        return [404, { title: "Not found", detail: `${route} is not here` }];
    }
  };

  const bodyOf = async (request: IncomingMessage): Promise<any> => {
    let text = "";
    for await (const chunk of request) text += chunk;
    return text === "" ? undefined : JSON.parse(text);
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const init = { method: request.method ?? "GET", headers: request.headers as Record<string, string> };
    const file = /\/(details|payments)$/.test(url.pathname)
      ? undefined
      : webResponse(new Request(url, init), files);
    if (file !== undefined) {
      response.writeHead(file.status, Object.fromEntries(file.headers));
      response.end(Buffer.from(await file.arrayBuffer()));
      return;
    }
    const open = url.pathname.startsWith("/pay/");
    if (!open && request.headers.authorization !== `Bearer ${key}`) {
      response.writeHead(401).end(JSON.stringify({ title: "Unauthorized" }));
      return;
    }
    if (url.pathname === "/_mock/events/stream") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(": open\n\n");
      positions.set(response, Number(request.headers["last-event-id"] ?? 0));
      streams.add(response);
      response.on("close", () => streams.delete(response));
      await send(response);
      return;
    }
    const body = await bodyOf(request);
    let status: number;
    let content: any;
    try {
      [status, content] = await answer({ method: init.method, url, body, lastEventId: 0 });
    } catch (problem) {
      if (!isLedgerError(problem)) throw problem;
      [status, content] = [statuses[problem.code] ?? 422, { title: problem.code, detail: problem.message, code: problem.code }];
    }
    if (init.method !== "GET" && !open)
      requests.push({
        id: `req_${requests.length + 1}`,
        method: init.method,
        path: url.pathname,
        at: clock.now,
        status,
        request_body: body === undefined ? undefined : JSON.stringify(body),
        response_body: content === undefined ? undefined : JSON.stringify(content),
        events: deliveries.slice(-1).map((delivery) => delivery.event_id),
      });
    if (cut && url.pathname.endsWith("/payments")) {
      request.socket.destroy();
      return;
    }
    response.writeHead(status, { "content-type": "application/json" });
    response.end(content === undefined ? undefined : JSON.stringify(content));
    for (const stream of streams) await send(stream);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    key,
    ledger: () => ledger,
    cutPayments: (now) => {
      cut = now;
    },
    cutStreams: () => {
      for (const stream of streams) stream.destroy();
    },
    payments: () => asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.close();
    },
  };
};
