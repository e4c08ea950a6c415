import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Limits, serveHttp } from "./listen.ts";

const limits: Limits = { headersMs: 60, requestMs: 120, checkMs: 20, stopMs: 50, connections: 4 };

/** Answers every request with the length of its body. */
const listen = async (given: Partial<Limits> = {}): Promise<number> => {
  const { address, stop } = await serveHttp(
    async (request) => new Response(String((await request.text()).length)),
    { port: 0, host: "127.0.0.1" },
    { ...limits, ...given },
  );
  onTestFinished(stop);
  return address.port;
};

/** A connection, and all that comes over it until it is closed. */
const dial = async (port: number): Promise<{ socket: Socket; answer: Promise<string> }> => {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.on("data", (bytes) => {
    text += String(bytes);
  });
  // A write that crosses the end of the connection is no matter here.
  socket.on("error", () => undefined);
  const answer = once(socket, "close").then(() => text);
  await once(socket, "connect");
  return { socket, answer };
};

const statusOf = (answer: string): string => answer.slice(0, answer.indexOf("\r\n"));

describe("the port", () => {
  it("cuts off who is too slow with the headers, and says so", async () => {
    const { socket, answer } = await dial(await listen());
    socket.write("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    const told = await answer;
    expect(statusOf(told)).toBe("HTTP/1.1 408 Request Timeout");
    expect(told).toContain('"code":"request_timeout"');
  });

  it("cuts off who is too slow with the body", async () => {
    const { socket, answer } = await dial(await listen());
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345");
    expect(statusOf(await answer)).toBe("HTTP/1.1 408 Request Timeout");
  });

  it("cuts off who says nothing at all", async () => {
    const { answer } = await dial(await listen());
    await answer;
  });

  it("takes no more connections than it has room for, and goes on with those", async () => {
    const port = await listen({ headersMs: 30_000, requestMs: 30_000, connections: 2 });
    const [first] = [await dial(port), await dial(port)];
    expect(await (await dial(port)).answer).toBe("");
    first.socket.write(
      "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab",
    );
    expect(statusOf(await first.answer)).toBe("HTTP/1.1 200 OK");
  });

  it("answers what is no request with a problem", async () => {
    const port = await listen();
    for (const [sent, status] of [
      ["\u0016\u0003Host\r\n\r\n", "400 Bad Request"],
      ["GET / HTTP/1.1\r\n\r\n", "400 Bad Request"],
      ["GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n", "400 Bad Request"],
      [
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
        "400 Bad Request",
      ],
      [
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
        "400 Bad Request",
      ],
      [
        `GET /${"a".repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
        "431 Request Header Fields Too Large",
      ],
    ] as const) {
      const { socket, answer } = await dial(port);
      socket.write(sent, "latin1");
      const told = await answer;
      expect(statusOf(told), sent.slice(0, 60)).toBe(`HTTP/1.1 ${status}`);
      // Node itself answers where the host is missing.
      if (sent.includes("Host")) expect(told).toContain("application/problem+json");
    }
  });

  it("stops although somebody neither reads on nor hangs up", async () => {
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(0x10000)),
    });
    const { address, stop } = await serveHttp(
      async () => new Response(endless),
      { port: 0, host: "127.0.0.1" },
      limits,
    );
    const { socket, answer } = await dial(address.port);
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(socket, "data");
    socket.pause();
    await stop();
    socket.resume();
    await answer;
  });
});
