/** `tallystick mock`: starting, serving, ending. */
import { run } from "@tallystick/cli";
import { describe, expect, it } from "vitest";
import { errorOf, tallystick } from "./support.ts";

/** Runs the mock until `work` with its URL is done. */
const whileServing = async (
  argv: readonly string[],
  work: (url: string) => Promise<void>,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> => {
  const controller = new AbortController();
  let [stdout, stderr] = ["", ""];
  let printed = (_url: string): void => undefined;
  const url = new Promise<string>((resolve) => {
    printed = resolve;
  });
  const running = run(["mock", "--port", "0", ...argv], {
    signal: controller.signal,
    stdout: {
      write: (text) => {
        stdout += text;
        printed(text.trim());
      },
    },
    stderr: { write: (text) => (stderr += text) },
  });
  try {
    await work(await url);
  } finally {
    controller.abort();
  }
  return { code: await running, stdout, stderr };
};

const headers = { authorization: "Bearer sk_test_YOUR_SECRET_KEY" };

describe("tallystick mock", () => {
  it("prints its URL alone on a line, serves, and ends with 0 when it is told to", async () => {
    const { code, stdout, stderr } = await whileServing(
      ["--clock", "2026-03-01T00:00:00Z", "--idempotency-key", "optional", "--log", "json"],
      async (url) => {
        const created = await fetch(`${url}/billing/customers`, {
          method: "POST",
          headers,
          body: new Blob(['{"external_reference":"CUST-1"}']),
        });
        expect(created.status).toBe(201);
        const clock = await fetch(`${url}/_mock/clock`, { headers });
        expect(await clock.json()).toEqual({ now: "2026-03-01T00:00:00.000Z", frozen: true });
      },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
    const lines = stderr.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { method: "POST", path: "/billing/customers", status: 201 },
      { method: "GET", path: "/_mock/clock", status: 200 },
    ]);
    expect(stderr).not.toContain("YOUR_SECRET_KEY");
  });

  it("prints the secret of its webhooks where it had to make one", async () => {
    const { stderr } = await whileServing(
      ["--webhook-url", "http://127.0.0.1:9/hook"],
      async () => undefined,
    );
    expect(stderr).toMatch(/signed with whsec_[A-Za-z0-9+/]{43}=\n$/);
  });

  it("pins keys, takes other currencies, and leaves the control API out", async () => {
    await whileServing(
      ["--secret-key", "sk_a", "--secret-key", "sk_b", "--no-control", "--currencies", "JPY,EUR"],
      async (url) => {
        const ask = async (path: string, key: string) =>
          (await fetch(url + path, { headers: { authorization: `Bearer ${key}` } })).status;
        expect(await ask("/billing/customers/C", "sk_b")).toBe(404);
        expect(await ask("/billing/customers/C", "sk_c")).toBe(401);
        expect(await ask("/_mock/clock", "sk_a")).toBe(404);
      },
    );
  });

  it("says what is wrong with its options, and which port is taken", async () => {
    for (const argv of [
      ["--port", "99999"],
      ["--clock", "yesterday"],
      ["--currencies", "ABC"],
      ["--secret-key", "pk_test_a"],
      ["--store", "redis://x"],
    ]) {
      const ran = await tallystick(["mock", ...argv, "--json"]);
      expect([ran.code, ran.stdout]).toEqual([2, ""]);
      expect(["USAGE", "INVALID_INPUT"]).toContain(errorOf(ran).code);
    }
    await whileServing([], async (url) => {
      const ran = await tallystick(["mock", "--port", new URL(url).port, "--json"]);
      expect(ran.code).toBe(2);
      expect(errorOf(ran).message).toMatch(/^port \d+ is taken/);
    });
  });
});
