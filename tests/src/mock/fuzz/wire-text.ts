/** Requests as bytes on a connection: what no client library would let through. */
import { once } from "node:events";
import { connect } from "node:net";
import fc from "fast-check";
import { testKey } from "../support.ts";

/** A part of a request, and what may stand in its place. */
interface Parts {
  readonly line: string;
  readonly headers: readonly string[];
  readonly body: string;
}

const plain: Parts = {
  line: "POST /billing/customers HTTP/1.1",
  headers: [
    "Host: mock",
    `Authorization: Bearer ${testKey}`,
    "Content-Type: application/json",
    "Idempotency-Key: raw-1",
  ],
  body: '{"external_reference":"RAW-1"}',
};

const lines = [
  plain.line,
  "GET /billing/bills/BILL-1 HTTP/1.1",
  "GET /_mock/events?limit=1 HTTP/1.0",
  "get /_mock/clock HTTP/1.1",
  "GET  /_mock/clock HTTP/1.1",
  "GET /_mock/clock",
  "GET http://mock/_mock/clock HTTP/1.1",
  "GET //_mock/clock HTTP/1.1",
  "GET /billing/../_mock/clock HTTP/1.1",
  "GET /billing/bills/%c0%af HTTP/1.1",
  "GET /billing/bills/NONE HTTP/1.1",
  "GET /nowhere HTTP/1.1",
  "GET /billing/bills/\u00e9\u0000 HTTP/1.1",
  "GET /billing/bills/a b HTTP/1.1",
  "GET * HTTP/1.1",
  "CONNECT mock:80 HTTP/1.1",
  "TRACE /billing/bills/BILL-1 HTTP/1.1",
  "PRI * HTTP/2.0",
  "POST /billing/customers HTTP/9.9",
  `GET /${"a".repeat(20_000)} HTTP/1.1`,
  "PATCH /pay/ob_x/payments HTTP/1.1",
  "\u0016\u0003\u0001\u0002\u0000\u0001",
  "",
];

const oddHeaders = [
  "Authorization: Bearer sk_test_other",
  "Content-Type: text/plain",
  "Idempotency-Key: raw-2",
  "Content-Length: 3",
  "Content-Length: 30",
  "Content-Length: 500",
  "Content-Length: -1",
  "Content-Length: 1e1",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: gzip, chunked",
  "Expect: 100-continue",
  "Expect: something",
  "Upgrade: websocket",
  "Host: other",
  "Host:",
  "Bad Header: x",
  ": x",
  "Folded: a\r\n b",
  "Nul: a\u0000b",
  `Large: ${"x".repeat(20_000)}`,
  "Connection: upgrade",
  "If-None-Match: *",
];

const bodies = [
  plain.body,
  "",
  '{"external_ref',
  "3\r\n{}x\r\n0\r\n\r\n",
  "zz\r\n",
  "\u0000\u00ff",
];

/** The request as it should be. */
export const plainText = `${[plain.line, ...plain.headers, `Content-Length: ${plain.body.length}`, "Connection: close"].join("\r\n")}\r\n\r\n${plain.body}`;

/** The text of a request, most of it as it should be. The connection is said to end with it. */
export const wireTexts: fc.Arbitrary<string> = fc
  .record({
    line: fc.oneof({ weight: 2, arbitrary: fc.constant(plain.line) }, fc.constantFrom(...lines)),
    without: fc.nat({ max: 12 }),
    odd: fc.array(fc.constantFrom(...oddHeaders), { maxLength: 2 }),
    body: fc.oneof({ weight: 2, arbitrary: fc.constant(plain.body) }, fc.constantFrom(...bodies)),
    hasLength: fc.boolean(),
    end: fc.constantFrom("\r\n", "\n", ""),
    cutAt: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, fc.nat({ max: 300 })),
  })
  .map(({ line, without, odd, body, hasLength, end, cutAt }) => {
    const headers = plain.headers.filter((_, index) => index !== without);
    const length = hasLength ? [`Content-Length: ${Buffer.byteLength(body, "latin1")}`] : [];
    const text = `${[line, ...headers, ...odd, ...length, "Connection: close"].join("\r\n")}\r\n${end}${body}`;
    return cutAt === null ? text : text.slice(0, cutAt);
  });

/** Sends a text, says that nothing follows, and gives all that comes until the server closes. */
export const exchange = async (port: number, text: string): Promise<string> => {
  const socket = connect(port, "127.0.0.1");
  let answered = "";
  socket.setEncoding("utf8");
  socket.on("data", (part: string) => {
    answered += part;
  });
  // The server may close while there is more to send.
  socket.on("error", () => undefined);
  socket.end(text, "latin1");
  await once(socket, "close");
  return answered;
};
