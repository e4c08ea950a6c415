/** The port: Node's HTTP server in front of `fetch`, and what it says to who speaks no HTTP, or too slowly. */
import { createServer, type IncomingMessage, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { ConnectionCut } from "./http/cut.ts";
import { Problem, problemOf } from "./http/problem.ts";

export interface Served {
  readonly address: AddressInfo;
  /** Accepts nothing more; resolves when every answer is out, or was cut off for taking too long. */
  readonly stop: () => Promise<void>;
}

/** How long senders may take and how many there may be; in milliseconds. */
export interface Limits {
  /** For the headers of a request, or for beginning one on a new connection. */
  readonly headersMs: number;
  /** For a whole request: a large snapshot is read as fast as it is restored. */
  readonly requestMs: number;
  /** How often the two above are looked at. */
  readonly checkMs: number;
  /** For what is in flight once nothing more is accepted; then it is cut off. */
  readonly stopMs: number;
  /** Connections at once; further ones are closed at once. */
  readonly connections: number;
}

const usualLimits: Limits = {
  headersMs: 15_000,
  requestMs: 300_000,
  checkMs: 5_000,
  stopMs: 10_000,
  connections: 4_096,
};

/** What Node's parser met, as the problem that it is. */
const problemOfParser = (error: NodeJS.ErrnoException): Problem => {
  if (error.code === "HPE_HEADER_OVERFLOW")
    return new Problem("headers_too_large", "address and headers have more than 16 KiB");
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT")
    return new Problem("request_timeout", "the request did not come in time");
  return new Problem("invalid_request", "this is no request of HTTP/1.1");
};

/** The last words on a connection that cannot go on. */
const refuse = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const problem = problemOfParser(error);
  const body = JSON.stringify(problem.document("/"));
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      "Connection: close",
      "Content-Type: application/problem+json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n"),
  );
};

/** A request that is HTTP and has no address that could be asked for, or a failure of the server's own. */
const answerFailure = (error: unknown): Response => {
  const problem =
    error instanceof Error && error.name === "RequestError"
      ? new Problem("invalid_request", "the address or the host of the request makes no URL")
      : problemOf(error);
  return Response.json(problem.document("/"), {
    status: problem.status,
    headers: { "content-type": "application/problem+json" },
  });
};

type Fetch = (request: Request, env?: object) => Promise<Response>;

/** How much more of a body that is too large is let pass, in bytes, and after which silence it is over, in milliseconds. */
const [passingMax, silenceMs] = [64 * 1024 * 1024, 250];

/**
 * Lets what a sender has still to say pass unread. Most listen only when they are done, and a connection that is
 * closed on them before takes the answer with it. Who goes on for too long, or
 * says nothing, is not waited for.
 */
const letPass = (incoming: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    let bytes = 0;
    const timer = setTimeout(resolve, silenceMs);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    if (incoming.complete || incoming.destroyed) end();
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      timer.refresh();
      if (bytes > passingMax) end();
      // Whoever has begun to read it may have stopped it since.
      else incoming.resume();
    });
    incoming.once("end", end).once("close", end);
    incoming.resume();
  });

/** Destroys the socket where the connection is to be cut. */
const cutting =
  (fetch: Fetch): Fetch =>
  async (request, env) => {
    try {
      const response = await fetch(request, env);
      if (response.status === 413) await letPass((env as HttpBindings).incoming);
      return response;
    } catch (error) {
      if (!(error instanceof ConnectionCut)) throw error;
      (env as HttpBindings).incoming.socket.destroy();
      return RESPONSE_ALREADY_SENT;
    }
  };

/** Listens, or rejects with what is in the way, such as a port that is taken. */
export const serveHttp = (
  fetch: Fetch,
  { port, host }: { readonly port: number; readonly host: string },
  limits: Limits = usualLimits,
): Promise<Served> => {
  const listener = getRequestListener(cutting(fetch), {
    overrideGlobalObjects: false,
    errorHandler: answerFailure,
  });
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    // Whatever goes wrong is answered by the listener itself.
    (incoming, outgoing) => void listener(incoming, outgoing),
  );
  server.maxConnections = limits.connections;
  server.on("clientError", refuse);
  // What a client expects beyond 100-continue is passed over, not answered by Node without a document.
  server.on("checkExpectation", (incoming, outgoing) => void listener(incoming, outgoing));
  let isStopping = false;
  // A browser keeps its connections and asks again over them: without this a stop would wait for ever.
  server.prependListener("request", (_request, response) => {
    if (isStopping) response.setHeader("connection", "close");
    response.once("close", () => {
      if (isStopping) setImmediate(() => server.closeIdleConnections());
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      resolve({
        address: server.address() as AddressInfo,
        stop: () =>
          new Promise((stopped) => {
            isStopping = true;
            // Who neither sends on nor reads what it asked for would be waited for without end.
            const patience = setTimeout(() => server.closeAllConnections(), limits.stopMs);
            server.close(() => {
              clearTimeout(patience);
              stopped();
            });
            server.closeIdleConnections();
          }),
      });
    });
  });
};
