/** What is not as it should be is told as a problem document, and nothing is written. */
import { seededHost } from "@tallystick/adapters/host";
import { describe, expect, it } from "vitest";
import { problemFields, startMock, startWithObjects } from "./support.ts";

describe("a path or a method that is not documented", () => {
  it("is 404, or 405 with what is allowed (ERR-15, D-12)", async () => {
    const client = startMock();
    for (const path of ["/billing", "/billing/", "/billing/customers/", "/billing/obligations/x"])
      problemFields(await client.get(path), 404, "not_found", path);
    for (const [method, path, allow] of [
      ["GET", "/billing/customers", "POST"],
      ["DELETE", "/billing/customers/C-1", "GET, HEAD, PATCH"],
      ["PUT", "/billing/bills/B-1", "GET, HEAD, PATCH"],
      ["GET", "/billing/bills/B-1/void", "POST"],
      ["OPTIONS", "/billing/bills", "POST"],
    ] as const) {
      const answered = await client.send(method, path);
      problemFields(answered, 405, "method_not_allowed", path);
      expect(answered.headers.get("allow")).toBe(allow);
    }
  });

  it("is a problem document without a key where none is needed", async () => {
    problemFields(await startMock().get("/nowhere", { key: null }), 404, "not_found", "/nowhere");
  });

  it("is everything under /_mock where there is no control API", async () => {
    const client = startMock({ control: false });
    problemFields(await client.get("/_mock/clock"), 404, "not_found");
    problemFields(await client.get("/_mock/clock", { key: null }), 404, "not_found");
  });
});

describe("a body that cannot be read", () => {
  const deep = `{"external_reference":"C-1","x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  const cases: readonly (readonly [string, string | Uint8Array, number])[] = [
    ["no JSON (ERR-14)", "{", 400],
    ["nothing", "", 400],
    ["blanks", "  \n", 400],
    ["a list", "[]", 400],
    ["a text", '"C-1"', 400],
    ["null", "null", 400],
    ["deep nesting", deep, 400],
    ["no UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400],
    ["half of a surrogate pair", '{"external_reference":"C-1","name":"\\ud83d"}', 400],
    ["NUL", '{"external_reference":"C-1","name":"a\\u0000b"}', 400],
    [
      "a number beyond all bounds",
      '{"external_reference":"C-1","currency":"ZAR","balance":1e999}',
      400,
    ],
    ["more than 1 MiB", `{"external_reference":"C-1","x":"${"x".repeat(1_048_576)}"}`, 413],
  ];

  it.each(cases)("is refused whole: %s", async (_what, raw, status) => {
    const client = startMock();
    const answered = await client.post("/billing/customers", undefined, { raw });
    problemFields(answered, status, status === 413 ? "payload_too_large" : "invalid_request");
    problemFields(await client.get("/billing/customers/C-1"), 404, "not_found");
  });

  it("is refused when it comes in pieces that never end", async () => {
    const piece = new Uint8Array(64 * 1024).fill(0x20);
    let sent = 0;
    const raw = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        controller.enqueue(piece);
      },
    });
    const answered = await startMock().post("/billing/customers", undefined, { raw });
    problemFields(answered, 413, "payload_too_large");
    expect(sent).toBeLessThan(30);
  });

  it("is 415 unless it is JSON, and is read as JSON without a Content-Type (D-09)", async () => {
    const client = startMock();
    const raw = '{"external_reference":"C-1"}';
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"]) {
      const headers = { "content-type": type };
      const answered = await client.post("/billing/customers", undefined, { raw, headers });
      problemFields(answered, 415, "unsupported_media_type");
    }
    const headers = { "content-type": "Application/JSON; charset=utf-8" };
    const answered = await client.post("/billing/customers", undefined, { raw, headers });
    expect(answered.status).toBe(201);
    const bytes = new TextEncoder().encode('{"external_reference":"C-2"}');
    const untyped = await client.server.fetch(
      new Request("http://mock.test/billing/customers", {
        method: "POST",
        body: bytes,
        headers: { authorization: "Bearer sk_test_a", "idempotency-key": "k" },
      }),
    );
    expect(untyped.status).toBe(201);
  });
});

describe("a name in a path", () => {
  it("that is none is a 4xx problem", async () => {
    const client = await startWithObjects();
    for (const name of [
      "%00",
      "%ff",
      "a%2Fb",
      "a%20b",
      "__proto__",
      "constructor",
      "x".repeat(300),
    ]) {
      const answered = await client.get(`/billing/customers/${name}`);
      expect([400, 404]).toContain(answered.status);
      expect(answered.body.status).toBe(answered.status);
    }
  });
});

describe("a failure of the server's own", () => {
  it("is a problem document that tells nothing of the inside (ERR-11)", async () => {
    const host = seededHost();
    let broken = false;
    const told: string[] = [];
    const client = startMock({
      onLog: (line) => told.push(line),
      machine: {
        ...host,
        randomBytes: (count) => {
          if (broken) throw new Error("entropy of /dev/secret is gone");
          return host.randomBytes(count);
        },
      },
    });
    await client.get("/_mock/clock");
    broken = true;
    // Randomness is drawn ahead: sooner or later it is needed again.
    const answers = [];
    for (let index = 0; index < 40; index += 1)
      answers.push(await client.post("/billing/customers", { external_reference: `C-${index}` }));
    const failed = answers.find(({ status }) => status !== 201);
    if (failed === undefined) throw new Error("randomness was never needed");
    problemFields(failed, 500, "internal_error", "/billing/customers");
    expect(failed.text).not.toContain("secret");
    expect(told.join("\n")).toContain("entropy of /dev/secret is gone");
  });
});

describe("a rate limit", () => {
  it("is off unless it is set, and then counts /billing by the merchant's clock (ERR-10, D-20)", async () => {
    const client = await startWithObjects();
    await client.patch("/_mock/settings", { rate_limit: { requests: 2, seconds: 10 } });
    const ask = () => client.get("/billing/customers/CUST-1");
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const third = await ask();
    problemFields(third, 429, "rate_limited");
    expect(third.headers.get("retry-after")).toBe("10");
    await client.post("/_mock/clock/advance", { seconds: 10 });
    expect((await ask()).status).toBe(200);
  });
});
