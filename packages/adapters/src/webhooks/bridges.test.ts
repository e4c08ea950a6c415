/**
 * The bridges, each behind what it is for: a real `node:http` server on the loopback, and stand-ins
 * that do to a request what Express, Fastify and Hono do.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { openLedger } from "@tallystick/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { seededHost } from "../host/node-host.ts";
import { memoryStore } from "../memory/memory-store.ts";
import { type FastifyLike, fastifyWebhooks } from "./fastify-plugin.ts";
import { honoWebhookHandler } from "./hono-handler.ts";
import { type NodeWebhookHandler, nodeWebhookHandler } from "./node-handler.ts";
import { createWebhookReceiver, type WebhookReceiver } from "./receiver.ts";
import { signWebhook } from "./sign.ts";

const now = Date.UTC(2026, 2, 2, 9, 15);
const secret = "any text";
// The spaces and the escape are gone once a parser has been over it; the letters need UTF-8.
const body = `{ "id": "evt_1", "type": "obligation.amount_applied", "data": { "id": "ob_1", "amount": 100,
  "currency": "ZAR", "payment_id": "pay_1", "customer_id": "bcus_1", "metadata": { "town": "eThekwini \\u2013 žluť" } } }`;
const headers = { ...signWebhook({ secret, id: "msg_1", timestamp: now / 1000, body }) };
const json = { ...headers, "content-type": "application/json" };

let receiver: WebhookReceiver;
let errors: unknown[];
beforeEach(() => {
  errors = [];
  receiver = createWebhookReceiver({
    ledger: openLedger({ store: memoryStore({ host: seededHost({ now }) }) }),
    secret,
    onError: (error) => void errors.push(error),
  });
});

describe("node:http", () => {
  let server: Server;
  let before: ((message: IncomingMessage) => Promise<void>) | undefined;
  let url: string;
  let handled: Promise<void>;

  beforeEach(async () => {
    before = undefined;
    const handler: NodeWebhookHandler = nodeWebhookHandler(receiver);
    server = createServer((message, response) => {
      handled = (async () => {
        await before?.(message);
        await handler(message, response);
      })();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const deliver = (init: RequestInit = {}) =>
    fetch(url, { method: "POST", headers: json, body, ...init });

  it("hands over the raw body, and the answer back", async () => {
    const response = await deliver();
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({ outcome: "suspended", reason: "unknown_target" });
    expect((await deliver()).status).toBe(200);
    expect(receiver.counts).toMatchObject({ suspended: 1, duplicates: 1 });
  });

  it("refuses a forgery, another method, and too large a body", async () => {
    expect((await deliver({ body: body.replace("100", "999") })).status).toBe(401);
    const options = await deliver({ method: "OPTIONS", body: null });
    expect([options.status, options.headers.get("allow")]).toEqual([405, "POST"]);
    const large = await deliver({ body: "x".repeat(3_000_000) });
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ reason: "body_too_large" });
    // The server is none the worse for it.
    expect((await deliver()).status).toBe(200);
    expect(errors).toEqual([]);
  });

  it("answers 405 to methods that no Request may have", async () => {
    const asked = request(url, { method: "TRACE" }).end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(405);
    response.resume();
  });

  it("refuses a signature header that came twice", async () => {
    const asked = request(url, {
      method: "POST",
      headers: {
        ...json,
        "webhook-signature": [headers["webhook-signature"], headers["webhook-signature"]],
      },
    });
    asked.end(body);
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(401);
    response.resume();
  });

  it("takes the bytes of express.raw(), the text of express.text(), or a kept rawBody", async () => {
    const kept = [
      (bytes: Buffer) => ({ body: bytes }),
      (bytes: Buffer) => ({ body: bytes.toString() }),
      (bytes: Buffer) => ({ body: JSON.parse(bytes.toString()), rawBody: bytes }),
    ];
    for (const keep of kept) {
      before = async (message) => {
        const chunks = (await Array.fromAsync(message)) as Buffer[];
        Object.assign(message, keep(Buffer.concat(chunks)));
      };
      expect((await deliver()).status).toBe(200);
    }
    expect(receiver.counts).toMatchObject({ deliveries: 3, rejected: 0 });
  });

  it("reads the stream where a parser has left {} and not read it", async () => {
    before = async (message) => void Object.assign(message, { body: {} });
    expect((await deliver()).status).toBe(200);
  });

  it("verifies a request without a body, though a parser has been there before", async () => {
    // Express waits for the end of a body that has none, without reading it.
    before = async (message) => void (await once(message.resume(), "end"));
    const response = await deliver({ body: "" });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ reason: "bad_signature" });
  });

  it("fails loudly where a JSON parser has consumed the body, and calls it no forgery", async () => {
    before = async (message) => {
      const chunks = (await Array.fromAsync(message)) as Buffer[];
      Object.assign(message, { body: JSON.parse(Buffer.concat(chunks).toString()) });
    };
    const response = await deliver();
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      reason: "raw_body_unavailable",
      detail: expect.stringContaining("express.raw"),
    });
    expect(errors).toMatchObject([{ code: "RAW_BODY_UNAVAILABLE" }]);
    expect(receiver.counts.deliveries).toBe(0);
  });

  it("survives a sender who hangs up in the middle", async () => {
    const asked = request(url, { method: "POST", headers: { ...json, "content-length": 1000 } });
    asked.on("error", () => undefined);
    const arrived = once(server, "request");
    asked.write(body.slice(0, 50));
    await arrived;
    asked.destroy();
    await handled;
    expect(errors).toHaveLength(1);
    expect((await deliver()).status).toBe(200);
  });
});

describe("Fastify", () => {
  interface Route {
    readonly path: string;
    readonly parsers: string[];
    readonly deliver: (
      body: unknown,
    ) => Promise<{ status: number; type: string | undefined; payload: unknown }>;
  }

  /** Registers the plugin with an app that parses like Fastify: into whatever the parser hands on. */
  const register = async (parse: boolean): Promise<Route> => {
    const parsers = ["application/json"];
    let parser: Parameters<FastifyLike["addContentTypeParser"]>[2] | undefined;
    let route: Parameters<FastifyLike["post"]> | undefined;
    await fastifyWebhooks(receiver, { path: "/webhooks" })({
      removeAllContentTypeParsers: () => parsers.splice(0),
      addContentTypeParser: (contentType, _options, added) => {
        parsers.push(contentType);
        parser = added;
      },
      post: (...added) => {
        route = added;
      },
    });
    return {
      path: route?.[0] ?? "",
      parsers,
      deliver: async (raw) => {
        let parsed = raw;
        if (parse && raw instanceof Buffer)
          parser?.({}, raw, (_error, handedOn) => {
            parsed = handedOn;
          });
        const reply = { status: 0, type: undefined as string | undefined, payload: "" };
        await route?.[1](
          { headers: json, body: parsed },
          {
            code: (status) => Object.assign(reply, { status }),
            header: (name, value) =>
              name === "content-type" ? Object.assign(reply, { type: value }) : reply,
            send: (payload) => Object.assign(reply, { payload }),
          },
        );
        return { ...reply, payload: JSON.parse(reply.payload) };
      },
    };
  };

  it("gets one route whose scope hands over bytes, of any content type", async () => {
    const { path, parsers, deliver } = await register(true);
    expect([path, parsers]).toEqual(["/webhooks", ["*"]]);
    expect(await deliver(Buffer.from(body))).toEqual({
      status: 200,
      type: "application/json",
      payload: { outcome: "suspended", reason: "unknown_target" },
    });
  });

  it("is told when something else has parsed the body, and when there is none", async () => {
    const { deliver } = await register(false);
    expect(await deliver(JSON.parse(body))).toMatchObject({
      status: 500,
      payload: { reason: "raw_body_unavailable" },
    });
    expect(await deliver(undefined)).toMatchObject({
      status: 401,
      payload: { reason: "bad_signature" },
    });
  });
});

describe("Hono", () => {
  const raw = () =>
    new Request("http://merchant.example/", { method: "POST", headers: json, body });

  it("gets a handler over its raw request", async () => {
    const response = await honoWebhookHandler(receiver)({ req: { raw: raw() } });
    expect(response.status).toBe(200);
  });

  it("is told when a middleware has read the body", async () => {
    const req = { raw: raw() };
    await req.raw.text();
    expect((await honoWebhookHandler(receiver)({ req })).status).toBe(500);
    expect(errors).toMatchObject([{ code: "RAW_BODY_UNAVAILABLE" }]);
  });
});

it("bridges hand on what the receiver answers, whatever it is", async () => {
  const answer = vi.fn(async () => new Response("teapot", { status: 418 }));
  const response = await honoWebhookHandler(answer as unknown as WebhookReceiver)({
    req: { raw: new Request("http://merchant.example/") },
  });
  expect([response.status, await response.text()]).toEqual([418, "teapot"]);
});
