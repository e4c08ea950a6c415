/** The event feed and the journal of the control API. */
import { describe, expect, it, onTestFinished } from "vitest";
import { type Client, problemFields, startMock, startWithObjects, testKey } from "./support.ts";

interface Reader {
  /** The next message; comments are passed over. */
  next(): Promise<{ readonly id: number; readonly event: { readonly type: string } } | undefined>;
  cancel(): Promise<void>;
}

/** Reads a stream of events as a browser does. */
const readerOf = (body: ReadableStream<Uint8Array>): Reader => {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async next() {
      for (;;) {
        const end = text.indexOf("\n\n");
        if (end >= 0) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const [, id, data] = /^id: (\d+)\ndata: (.*)$/.exec(block) ?? [];
          if (data !== undefined) return { id: Number(id), event: JSON.parse(data) };
          continue;
        }
        const { done, value } = await reader.read();
        if (done) return undefined;
        text += value;
      }
    },
    cancel: () => reader.cancel(),
  };
};

const follow = async (
  client: Client,
  headers: Readonly<Record<string, string>> = {},
  fetching: (request: Request) => Promise<Response> = (request) => client.server.fetch(request),
  origin = "http://mock.test",
): Promise<Reader> => {
  const response = await fetching(
    new Request(`${origin}/_mock/events/stream`, {
      headers: { authorization: `Bearer ${testKey}`, ...headers },
    }),
  );
  if (!response.ok) throw new Error(await response.text());
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  if (response.body === null) throw new Error("the stream has no body");
  const reader = readerOf(response.body);
  onTestFinished(() => reader.cancel().catch(() => undefined));
  return reader;
};

const pay = (client: Client, amount: number) =>
  client.post("/_mock/payments", { customer: "CUST-1", amount });

describe("the event feed", () => {
  it("gives whole events in the order of their positions, in pages", async () => {
    const client = await startWithObjects();
    const { body } = await client.get("/_mock/events");
    const positions = body.data.map(({ position }: { position: number }) => position);
    expect(positions).toEqual(positions.map((_: number, index: number) => index + 1));
    expect(body.data[0]).toMatchObject({
      type: "customer.created",
      schema_version: 1,
      stream_id: expect.stringMatching(/^customer\/bcus_/),
      revision: 1,
      recorded_at: "2026-03-01T00:00:00.000Z",
      data: { external_reference: "CUST-1" },
    });
    const paged = [];
    let after: string | undefined = "0";
    while (after !== undefined) {
      const page: { data: unknown[]; next?: string } = (
        await client.get(`/_mock/events?limit=2&after=${after}`)
      ).body;
      paged.push(...page.data);
      after = page.next;
    }
    expect(paged).toEqual(body.data);
    expect((await client.get("/_mock/events?after=999")).body).toEqual({ data: [] });
    for (const wrong of ["after=-1", "after=x", "limit=0"])
      problemFields(await client.get(`/_mock/events?${wrong}`), 400, "invalid_request");
  });

  it("keeps metadata as it was given, whatever its keys", async () => {
    const client = startMock();
    const metadata = '{"__proto__":"b","constructor":"a","innerKey":"c"}';
    await client.send("POST", "/billing/customers", undefined, {
      idempotencyKey: "odd",
      raw: `{"external_reference":"C","metadata":${metadata}}`,
    });
    expect((await client.get("/_mock/events")).text).toContain(`"metadata":${metadata}`);
  });

  it("is live, and goes on behind Last-Event-ID", async () => {
    const client = await startWithObjects();
    const { length } = (await client.get("/_mock/events")).body.data;
    const stream = await follow(client, { "last-event-id": String(length - 1) });
    expect((await stream.next())?.id).toBe(length);
    const coming = stream.next();
    await pay(client, 120);
    expect(await coming).toMatchObject({
      id: length + 1,
      event: { type: "obligation.amount_applied", position: length + 1, data: { amount: 120 } },
    });
    const fromBeginning = await follow(client);
    for (let id = 1; id <= length + 1; id += 1) expect((await fromBeginning.next())?.id).toBe(id);
    const wrong = await client.get("/_mock/events/stream", {
      headers: { "last-event-id": "evt_1" },
    });
    expect(problemFields(wrong, 400, "invalid_request")).toEqual(["Last-Event-ID"]);
  });

  it("waits for the first event of a book that has not begun, and ends at a reset", async () => {
    const client = startMock();
    const stream = await follow(client);
    const coming = stream.next();
    await client.post("/billing/customers", { external_reference: "C" });
    expect(await coming).toMatchObject({ id: 1, event: { type: "customer.created" } });
    await client.post("/_mock/reset");
    expect(await stream.next()).toBeUndefined();
    // A position of the book that is no more: all of the new one is sent.
    const again = await follow(client, { "last-event-id": "1" });
    const first = again.next();
    await client.post("/billing/customers", { external_reference: "D" });
    expect((await first)?.id).toBe(1);
  });

  it("comes over a socket, and ends with the server", async () => {
    const client = await startWithObjects({ port: 0 });
    const listening = await client.server.listen();
    const { url } = listening;
    const stream = await follow(client, {}, (request) => fetch(request), url);
    expect((await stream.next())?.id).toBe(1);
    const idle = await follow(client, { "last-event-id": "9" }, (request) => fetch(request), url);
    const waiting = idle.next();
    await listening.close();
    expect(await waiting).toBeUndefined();
  });

  it("asks a slow reader for nothing, and gives every event once it reads on", async () => {
    const client = await startWithObjects();
    const { length } = (await client.get("/_mock/events")).body.data;
    const stream = await follow(client, { "last-event-id": String(length) });
    for (let count = 0; count < 50; count += 1) await pay(client, 100 + count);
    // 500 were owed: what goes beyond is refused.
    const written = (await client.get("/_mock/events?limit=500")).body.data.length;
    for (let id = length + 1; id <= written; id += 1) expect((await stream.next())?.id).toBe(id);
  });

  it("answers HEAD without beginning a stream", async () => {
    const client = await startWithObjects();
    const { status, text } = await client.send("HEAD", "/_mock/events/stream");
    expect([status, text]).toEqual([200, ""]);
  });
});

describe("the journal", () => {
  it("holds each request with its answer and the events that it caused, and is filtered", async () => {
    const client = await startWithObjects();
    const paid = await pay(client, 120);
    await pay(client, 9_999_999);
    await client.get("/billing/bills/NONE");
    const { body } = await client.get("/_mock/requests");
    expect(body.data).toHaveLength(6);
    expect(body.data[3]).toMatchObject({
      method: "POST",
      path: "/_mock/payments",
      status: 201,
      request_body: '{"customer":"CUST-1","amount":120}',
      response_body: paid.text,
      events: [paid.body.event.id],
    });
    const matching = async (query: string): Promise<unknown[]> =>
      (await client.get(`/_mock/requests?${query}`)).body.data;
    expect(await matching("path=/_mock/payments&status=422")).toMatchObject([{ events: [] }]);
    expect(await matching("method=get")).toMatchObject([{ status: 404 }]);
    expect(await matching("path=/billing/bills/NONE&method=POST")).toEqual([]);
    const page = (await client.get("/_mock/requests?limit=4")).body;
    expect((await client.get(`/_mock/requests?limit=4&after=${page.next}`)).body).toEqual({
      data: body.data.slice(4),
    });
    problemFields(await client.get("/_mock/requests?status=20"), 400, "invalid_request");
    expect((await client.send("DELETE", "/_mock/requests")).status).toBe(204);
    expect((await client.get("/_mock/requests")).body).toEqual({ data: [] });
  });

  it("shows no key and no secret", async () => {
    const client = await startWithObjects();
    await client.post("/_mock/fork", { to: "sk_test_veryPrivate" });
    await client.get("/billing/customers/CUST-1?key=sk_hidden");
    const { text } = await client.get("/_mock/requests");
    expect(text).toContain("sk_test_…");
    for (const secret of ["veryPrivate", "hidden", testKey]) expect(text).not.toContain(secret);
  });
});
