/** A TCP proxy on loopback that does what networks do: it cuts, and it withholds. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface TcpProxy {
  /** The same database through the proxy. */
  through(url: string): string;
  /** Connections that are open are cut, both ways, at once. */
  cut(): void;
  /** Answers of the server are withheld from now on; what clients send goes through. */
  withhold(): void;
  /** What clients send is dropped where it contains this text; nothing answers it. */
  swallow(text: string): void;
  /** Of each connection from now on, so many bytes to the server go through, then it is cut. */
  cutAfter(bytes: (() => number) | undefined): void;
  /** Connections are refused. */
  close(): Promise<void>;
}

export const startProxy = async (serverPort: number): Promise<TcpProxy> => {
  const sockets = new Set<Socket>();
  let withholding = false;
  let swallowed: string | undefined;
  let allowance: (() => number) | undefined;
  const server = createServer((client) => {
    const upstream = connect(serverPort, "127.0.0.1");
    const both = [client, upstream];
    const end = (): void => {
      for (const socket of both) {
        socket.destroy();
        sockets.delete(socket);
      }
    };
    for (const socket of both) {
      sockets.add(socket);
      socket.on("error", end);
      socket.on("close", end);
    }
    let left = allowance?.() ?? Number.POSITIVE_INFINITY;
    client.on("data", (chunk: Buffer) => {
      if (swallowed !== undefined && chunk.includes(swallowed)) return;
      upstream.write(chunk.subarray(0, Math.min(left, chunk.length)));
      left -= chunk.length;
      // The server gets what was sent before the end of the connection.
      if (left < 0) upstream.end(() => client.destroy());
    });
    upstream.on("data", (chunk: Buffer) => {
      if (!withholding) client.write(chunk);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    withholding = false;
  };
  return {
    through: (url) => {
      const own = new URL(url);
      own.port = String(address.port);
      return own.href;
    },
    cut,
    withhold: () => {
      withholding = true;
    },
    swallow: (text) => {
      swallowed = text;
    },
    cutAfter: (bytes) => {
      allowance = bytes;
    },
    close: async () => {
      cut();
      if (!server.listening) return;
      server.close();
      await once(server, "close");
    },
  };
};
