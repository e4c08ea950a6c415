/** What a client can do with a connection: odd headers, addresses and bodies, over a socket. */
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { problemFields, startMock, startWithObjects, testKey } from "./support.ts";

const key = `Authorization: Bearer ${testKey}`;

/** The port of a server that is closed when the test has ended. */
const listen = async (): Promise<number> => {
  const client = await startWithObjects({ port: 0 });
  const { url } = await client.server.listen();
  return Number(new URL(url).port);
};

interface Exchange {
  readonly statuses: readonly number[];
  readonly text: string;
}

/** Sends bytes over a connection of its own, and gives all that comes back until the server closes it. */
const exchange = async (port: number, ...sent: readonly string[]): Promise<Exchange> => {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.on("data", (bytes) => {
    text += String(bytes);
  });
  // The server may close while there is more to send.
  socket.on("error", () => undefined);
  for (const part of sent) socket.write(part, "latin1");
  await once(socket, "close");
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
  return { statuses, text };
};

const lines = (...given: readonly string[]): string => `${given.join("\r\n")}\r\n\r\n`;
/** After which the server closes the connection. */
const last = "Connection: close";

const requestTo = (path: string, method = "GET", ...headers: readonly string[]): string =>
  lines(`${method} ${path} HTTP/1.1`, "Host: mock", key, last, ...headers);

describe("a connection", () => {
  it("carries many requests, also when they come before the first is answered, in their order", async () => {
    const port = await listen();
    const ask = (path: string, ...more: readonly string[]) =>
      lines(`GET ${path} HTTP/1.1`, "Host: mock", key, ...more);
    const { statuses, text } = await exchange(
      port,
      ask("/billing/bills/BILL-1") + ask("/billing/bills/NONE") + ask("/_mock/clock", last),
    );
    expect(statuses).toEqual([200, 404, 200]);
    expect(text.indexOf("BILL-1")).toBeLessThan(text.indexOf("no bill answers to NONE"));
  });

  it("may idle by the hundred without holding up anybody", async () => {
    const port = await listen();
    const idle = Array.from({ length: 200 }, () => connect(port, "127.0.0.1"));
    onTestFinished(() => {
      for (const socket of idle) socket.destroy();
    });
    await Promise.all(idle.map((socket) => once(socket, "connect")));
    for (const socket of idle) socket.write("GET /billing/bills/BILL-1 HTTP/1.1\r\nX-Half: ");
    expect((await exchange(port, requestTo("/billing/bills/BILL-1"))).statuses).toEqual([200]);
  });

  it("refuses headers that come twice and may not", async () => {
    const port = await listen();
    const twice = async (
      header: string,
      ...sent: readonly string[]
    ): Promise<number | undefined> => {
      const [status] = (await exchange(port, requestTo("/billing/bills", "POST", header, ...sent)))
        .statuses;
      return status;
    };
    expect(await twice("Authorization: Bearer sk_test_second")).toBe(401);
    expect(await twice("Idempotency-Key: one", "Idempotency-Key: two")).toBe(400);
    const types = ["Content-Type: text/plain", "Content-Type: application/json"];
    expect(await twice("Idempotency-Key: one", ...types, "Content-Length: 0")).toBe(415);
    expect(await twice("Content-Length: 2", "Content-Length: 3")).toBe(400);
    expect(await twice("Content-Length: 2", "Transfer-Encoding: chunked")).toBe(400);
  });

  it("is closed behind a body that is too large, which is not read on", async () => {
    const port = await listen();
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    const begin = (...headers: readonly string[]) =>
      lines(
        "POST /billing/customers HTTP/1.1",
        "Host: mock",
        key,
        "Idempotency-Key: k",
        ...headers,
      );
    // Neither body ever ends: an answer comes only from who stops reading.
    for (const sent of [
      [begin("Transfer-Encoding: chunked"), ...Array.from({ length: 24 }, () => chunk)],
      [begin("Content-Length: 900000000"), "x"],
      [begin("Content-Length: 900000000", "Expect: 100-continue")],
    ]) {
      const { text, statuses } = await exchange(port, ...sent);
      expect(statuses.at(-1)).toBe(413);
      expect(text).toContain('"code":"payload_too_large"');
    }
    expect(
      (await exchange(port, requestTo("/_mock/requests?path=/billing/customers"))).statuses,
    ).toEqual([200]);
  });
});

describe("a port", () => {
  it("is one however often the server is told to listen, and is closed with it", async () => {
    const client = await startWithObjects({ port: 0 });
    const { url } = await client.server.listen();
    expect((await client.server.listen()).url).toBe(url);
    await client.server.close();
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });
});

describe("a body that is too large", () => {
  it("is answered also to who listens only once all of it is sent", async () => {
    const port = await listen();
    const length = 4 * 1024 * 1024;
    const head = lines(
      "POST /billing/customers HTTP/1.1",
      "Host: mock",
      key,
      "Idempotency-Key: k",
      `Content-Length: ${length}`,
    );
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
    socket.pause();
    await new Promise<void>((sent, failed) => {
      socket.once("error", failed);
      socket.write(head);
      socket.write("x".repeat(length), () => sent());
    });
    const [answer] = await once(socket.resume(), "data");
    expect(String(answer)).toContain("HTTP/1.1 413 ");
  });
});

describe("an address", () => {
  it("is looked up as it is meant, and never a file or a failure", async () => {
    const port = await listen();
    for (const [path, status] of [
      ["/billing/bills/BILL-1?x=%zz", 200],
      ["/billing/bills/%42ILL-1", 200],
      ["/billing/../billing/bills/BILL-1", 200],
      ["http://elsewhere/billing/bills/BILL-1", 200],
      ["/billing/bills/%zz", 400],
      ["/billing/bills/%ff%fe", 400],
      ["/billing/bills/%00", 400],
      ["/billing/bills/BILL%2F1", 400],
      ["/billing/bills/..%2f..%2f_mock%2fclock", 400],
      [`/billing/bills/${"a".repeat(8000)}`, 400],
      [`/billing/bills/${"a".repeat(20_000)}`, 431],
      ["/billing/bills/\\x", 400],
      ["*", 400],
      ["/billing//bills/BILL-1", 404],
      ["//billing/bills/BILL-1", 404],
      ["/billing/bills/BILL-1/", 404],
      ["/billing/bills/../../../../etc/passwd", 404],
      ["/_web/..%2f..%2fpackage.json", 404],
      ["/_web/../package.json", 404],
      ["/BILLING/bills/BILL-1", 404],
    ] as const) {
      const { statuses } = await exchange(port, requestTo(path));
      expect(statuses, path.slice(0, 60)).toEqual([status]);
    }
  });
});

describe("a method", () => {
  it("that is not for the address is refused with those that are, once the key is known", async () => {
    const client = await startWithObjects();
    for (const method of ["OPTIONS", "DELETE", "PUT", "PROPFIND"]) {
      const answered = await client.send(method, "/billing/bills/BILL-1");
      problemFields(answered, 405, "method_not_allowed");
      expect(answered.headers.get("allow")).toBe("GET, HEAD, PATCH");
      const unknown = await client.send(method, "/billing/bills/BILL-1", undefined, { key: null });
      problemFields(unknown, 401, "unauthorized");
    }
    const port = await listen();
    const trace = await exchange(port, requestTo("/billing/bills/BILL-1", "TRACE"));
    expect(trace.statuses).toEqual([405]);
    expect((await exchange(port, requestTo("/billing/bills/BILL-1", "CONNECT"))).statuses).toEqual(
      [],
    );
  });

  it("HEAD answers as GET does, without the body", async () => {
    const port = await listen();
    for (const path of ["/billing/bills/BILL-1", "/billing/bills/NONE", "/_mock/snapshot", "/"]) {
      const [get, head] = [
        await exchange(port, requestTo(path)),
        await exchange(port, requestTo(path, "HEAD")),
      ];
      expect(head.statuses, path).toEqual(get.statuses);
      expect(head.text.slice(head.text.indexOf("\r\n\r\n")), path).toBe("\r\n\r\n");
    }
  });
});

describe("a server without control", () => {
  it("knows no control API, no dashboard and no pay page, whoever asks", async () => {
    const client = startMock({ control: false });
    await client.post("/billing/customers", { external_reference: "C" });
    for (const path of [
      "/",
      "/_web/style.css",
      "/_web/welcome.json",
      "/pay/ob_1",
      "/pay/ob_1/details",
      "/_mock",
      "/_mock/clock",
      "/_mock/events/stream",
      "/_mock/nothing",
    ]) {
      problemFields(await client.get(path), 404, "not_found");
      problemFields(await client.get(path, { key: null }), 404, "not_found");
    }
    problemFields(await client.post("/pay/ob_1/payments", {}), 404, "not_found");
    problemFields(await client.post("/_mock/reset"), 404, "not_found");
    expect((await client.get("/billing/customers/C")).status).toBe(200);
  });
});
