/**
 * An answer on its way out. Behind a port it is written to Node's response at once: a `Response` that
 * only carries a text there and is taken apart again costs as much as the request itself.
 */
import type { ServerResponse } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";

export interface Outgoing {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for an answer without a body. */
  readonly text: string;
}

/** Node's response of a request that came through a port; undefined for any other. */
const responseOf = (env: unknown): ServerResponse | undefined =>
  (env as Partial<HttpBindings> | undefined)?.outgoing as ServerResponse | undefined;

/** `env` is what the port knows of the connection. */
export const send = (
  { status, headers, text }: Outgoing,
  { method, env }: { readonly method: string; readonly env: unknown },
): Response => {
  const outgoing = responseOf(env);
  // What answers HEAD wraps the response of GET, and the port lets a body that is too large pass first.
  if (outgoing === undefined || method === "HEAD" || status === 413)
    return new Response(text === "" ? null : text, { status, headers });
  outgoing.writeHead(status, text === "" ? headers : withLength(headers, text));
  outgoing.end(text);
  return RESPONSE_ALREADY_SENT;
};

const withLength = (
  headers: Outgoing["headers"],
  text: string,
): Record<string, string | number> => ({
  ...headers,
  "content-length": Buffer.byteLength(text),
});

/** The status that a caller sees, whichever way the answer went. */
export const statusSent = (response: Response, env: unknown): number =>
  response === RESPONSE_ALREADY_SENT
    ? (responseOf(env)?.statusCode ?? response.status)
    : response.status;
