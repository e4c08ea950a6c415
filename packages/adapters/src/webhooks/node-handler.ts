/**
 * The receiver behind `node:http` or Express.
 *
 * Plain `node:http` needs nothing. With Express, mount it where no body parser has run, or give the
 * route `express.raw({ type: () => true })`. A JSON parser in front of it makes the bytes that were
 * signed unobtainable, unless it keeps them: `express.json({ verify: (req, _res, raw) => { req.rawBody
 * = raw } })`. Where they are gone, the answer is 500 with `raw_body_unavailable`, and `onError`
 * hears of it; it is never taken for a forged signature.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { failingBody, type RawBody, rawOf, webhookRequest } from "./bridge.ts";
import { RawBodyUnavailable } from "./raw-body.ts";
import type { WebhookReceiver } from "./receiver.ts";

export type NodeWebhookHandler = (
  request: IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown },
  response: ServerResponse,
) => Promise<void>;

const advice =
  "mount it before any body parser, or use express.raw({ type: () => true }) on its route";

/**
 * The stream of a request. Node's own conversion destroys the socket when reading stops early, and
 * the sender of too large a body would never hear why; here the rest is let through unread.
 */
const streamOf = (request: IncomingMessage): ReadableStream<Uint8Array> => {
  let open = true;
  return new ReadableStream({
    start: (controller) => {
      const settle = (how: () => void): void => {
        if (open) how();
        open = false;
      };
      const hungUp = (): void => settle(() => controller.error(new Error("the sender hung up")));
      // A request without a body may be over already, and then has nothing more to say.
      if (request.readableEnded) settle(() => controller.close());
      else if (request.destroyed) hungUp();
      request.on("data", (chunk: Uint8Array) => {
        if (open) controller.enqueue(chunk);
      });
      request.on("end", () => settle(() => controller.close()));
      request.on("error", (error) => settle(() => controller.error(error)));
      request.on("close", hungUp);
    },
    cancel: () => {
      open = false;
    },
  });
};

const bodyOf = (request: Parameters<NodeWebhookHandler>[0]): RawBody => {
  const raw = rawOf(request.rawBody) ?? rawOf(request.body);
  if (raw !== undefined) return raw;
  // Express leaves `{}` behind where its parser did not run: what counts is whether the stream was read.
  return request.readableDidRead ? failingBody(new RawBodyUnavailable(advice)) : streamOf(request);
};

/** A request listener for `node:http`, and a handler for Express. Which path it serves is up to the router. */
export const nodeWebhookHandler =
  (receiver: WebhookReceiver): NodeWebhookHandler =>
  async (request, response) => {
    const { method = "GET", headers } = request;
    const answer = await receiver(webhookRequest(method, headers, () => bodyOf(request)));
    const text = await answer.text();
    if (response.headersSent || response.destroyed) return;
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(text);
  };
