/**
 * The receiver as a Fastify plugin: `app.register(fastifyWebhooks(receiver, { path: "/webhooks" }))`.
 *
 * Fastify parses JSON before a handler runs. The plugin replaces the parsers, inside its own scope
 * only, by one that hands over the bytes. So it must be registered as it is: wrapped in
 * `fastify-plugin` it would take the parsers from the whole application. Fastify's own `bodyLimit`
 * answers before the receiver's does; both are 1 MiB by default.
 */
import { failingBody, rawOf, webhookRequest } from "./bridge.ts";
import { RawBodyUnavailable } from "./raw-body.ts";
import type { WebhookReceiver } from "./receiver.ts";

interface FastifyRequestLike {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

interface FastifyReplyLike {
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  send(payload: string): unknown;
}

/** The part of a Fastify instance that is used. */
export interface FastifyLike {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    contentType: string,
    options: { parseAs: "buffer" },
    parser: (request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => void,
  ): unknown;
  post(
    path: string,
    handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>,
  ): unknown;
}

export interface FastifyWebhookOptions {
  /** Where deliveries arrive, within the prefix that the plugin is registered under. */
  readonly path: string;
}

const advice = "register the plugin as it is, in a scope whose parsers nothing else replaces";

/** A Fastify plugin with one POST route. */
export const fastifyWebhooks =
  (receiver: WebhookReceiver, { path }: FastifyWebhookOptions) =>
  async (app: FastifyLike): Promise<void> => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) =>
      done(null, body),
    );
    app.post(path, async (request, reply) => {
      // No body at all never reaches a parser.
      const raw = request.body === undefined || request.body === null ? "" : rawOf(request.body);
      const answer = await receiver(
        webhookRequest(
          "POST",
          request.headers,
          () => raw ?? failingBody(new RawBodyUnavailable(advice)),
        ),
      );
      reply.code(answer.status);
      for (const [name, value] of answer.headers) reply.header(name, value);
      return reply.send(await answer.text());
    });
  };
