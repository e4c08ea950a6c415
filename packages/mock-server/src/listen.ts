/** The port: Node's HTTP server in front of `fetch`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { ConnectionCut } from "./http/cut.ts";

export interface Served {
  readonly address: AddressInfo;
  /** Accepts nothing more; resolves when every answer is out. */
  readonly stop: () => Promise<void>;
}

/** Slow senders are cut off, in milliseconds. */
const headersTimeoutMs = 15_000;
const requestTimeoutMs = 60_000;

type Fetch = (request: Request, env?: object) => Promise<Response>;

/** Destroys the socket where the connection is to be cut. */
const cutting =
  (fetch: Fetch): Fetch =>
  async (request, env) => {
    try {
      return await fetch(request, env);
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
): Promise<Served> => {
  const listener = getRequestListener(cutting(fetch), { overrideGlobalObjects: false });
  const server = createServer(
    { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs },
    // Whatever goes wrong is answered by the listener itself.
    (incoming, outgoing) => void listener(incoming, outgoing),
  );
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      resolve({
        address: server.address() as AddressInfo,
        stop: () =>
          new Promise((stopped) => {
            server.close(() => stopped());
            server.closeIdleConnections();
          }),
      });
    });
  });
};
