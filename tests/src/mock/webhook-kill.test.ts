/** A mock that is killed in the midst of delivering: what was acknowledged arrives all the same. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { nodeFlags, program, root } from "../cli/support.ts";
import { secret } from "./inbox.ts";
import { newPlace, schemes } from "./places.ts";

/** A place on loopback where webhooks arrive; every second one is refused while `fails`. */
const openHarbour = async () => {
  const harbour = { url: "", arrived: [] as string[], fails: true };
  const server = createServer((request, response) => {
    harbour.arrived.push(String(request.headers["webhook-id"]));
    request.resume();
    response.statusCode = harbour.fails && harbour.arrived.length % 2 === 0 ? 500 : 200;
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  harbour.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return harbour;
};

const start = async (
  store: string,
  webhookUrl: string,
): Promise<{ url: string; child: ChildProcess }> => {
  const options = ["--port", "0", "--store", store, "--clock", "2026-03-01T00:00:00Z"];
  const argv = ["mock", ...options, "--webhook-url", webhookUrl, "--webhook-secret", secret];
  const child = spawn(process.execPath, [...nodeFlags, join(root, program), ...argv], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const [line] = await once(child.stdout as NonNullable<typeof child.stdout>, "data");
  return { child, url: String(line).trim() };
};

/** Undefined where the server was gone before it had answered. */
// biome-ignore lint/suspicious/noExplicitAny: an answer is looked into member by member
const ask = async (url: string, path: string, body?: object): Promise<any> => {
  try {
    const response = await fetch(url + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: "Bearer sk_test_a", "idempotency-key": `key-${path.length}` },
      ...(body === undefined ? {} : { body: new Blob([JSON.stringify(body)]) }),
    });
    return await response.json();
  } catch {
    return undefined;
  }
};

describe.each(schemes)("a mock over %s: that is killed while it delivers", (scheme) => {
  it("delivers each acknowledged payment's event at least once, and none that is not in its book", async () => {
    const store = await newPlace(scheme);
    const harbour = await openHarbour();
    const first = await start(store, harbour.url);
    const customer = { external_reference: "C", currency: "ZAR", balance: 900_000 };
    expect(await ask(first.url, "/billing/customers", customer)).toHaveProperty("id");

    const acknowledged: string[] = [];
    const pay = async (index: number): Promise<void> => {
      const paid = await fetch(`${first.url}/_mock/payments`, {
        method: "POST",
        headers: { authorization: "Bearer sk_test_a", "idempotency-key": `pay-${index}` },
        body: new Blob([JSON.stringify({ customer: "C", amount: 100 })]),
      })
        .then((response) => response.json() as Promise<{ event: { id: string } }>)
        .catch(() => undefined);
      if (paid === undefined) return;
      acknowledged.push(paid.event.id);
      if (acknowledged.length === 25) first.child.kill("SIGKILL");
    };
    const died = once(first.child, "exit");
    await Promise.all(Array.from({ length: 60 }, (_, index) => pay(index)));
    first.child.kill("SIGKILL");
    await died;
    expect(acknowledged.length).toBeGreaterThanOrEqual(25);

    harbour.fails = false;
    const second = await start(store, harbour.url);
    await ask(second.url, "/_mock/clock/advance", { seconds: 60 });
    expect(acknowledged.filter((id) => !harbour.arrived.includes(id))).toEqual([]);
    const { data } = await ask(second.url, "/_mock/events?limit=500");
    const recorded = new Set(data.map(({ id }: { id: string }) => id));
    expect(harbour.arrived.filter((id) => !recorded.has(id))).toEqual([]);
    const deliveries = await ask(second.url, "/_mock/deliveries?limit=500");
    const settled = deliveries.data.filter(({ status }: { status: string }) => status !== "failed");
    expect(settled.map(({ status }: { status: string }) => status)).not.toContain("pending");
    const ended = once(second.child, "exit");
    second.child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });
});
