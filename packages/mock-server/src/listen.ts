/** The port: Node's HTTP server in front of `fetch`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";

export interface Served {
  readonly address: AddressInfo;
  /** Accepts nothing more; resolves when every answer is out. */
  readonly stop: () => Promise<void>;
}

/** Slow senders are cut off, in milliseconds. */
const headersTimeoutMs = 15_000;
const requestTimeoutMs = 60_000;

/** Listens, or rejects with what is in the way, such as a port that is taken. */
export const serveHttp = (
  fetch: (request: Request, env?: object) => Promise<Response>,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Served> => {
  const listener = getRequestListener(fetch, { overrideGlobalObjects: false });
  const server = createServer(
    { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs },
    // Whatever goes wrong is answered by the listener itself.
    (incoming, outgoing) => void listener(incoming, outgoing),
  );
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
            server.close(() => stopped());
            server.closeIdleConnections();
          }),
      });
    });
  });
};
