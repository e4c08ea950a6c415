/** The mock as a process that is killed in the midst of its work: what was answered stays answered. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { nodeFlags, program, root } from "../cli/support.ts";
import { mayKill, startPostgres } from "../postgres/server.ts";
import { newPlace, schemes } from "./places.ts";

const start = async (store: string): Promise<{ url: string; child: ChildProcess }> => {
  const argv = ["mock", "--port", "0", "--store", store, "--clock", "2026-03-01T00:00:00Z"];
  const child = spawn(process.execPath, [...nodeFlags, join(root, program), ...argv], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const [line] = await once(child.stdout as NonNullable<typeof child.stdout>, "data");
  return { child, url: String(line).trim() };
};

const stop = async (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, "exit");
  child.kill(signal);
  const [code] = await ended;
  return code as number | null;
};

interface Told {
  readonly status: number;
  readonly text: string;
  readonly replayed: boolean;
}

/** Undefined where the server was gone before it had answered. */
const ask = async (url: string, path: string, key?: string, body?: object) => {
  try {
    const response = await fetch(url + path, {
      method: key === undefined ? "GET" : "POST",
      headers: {
        authorization: "Bearer sk_test_a",
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
      ...(body === undefined ? {} : { body: new Blob([JSON.stringify(body)]) }),
    });
    const replayed = response.headers.get("idempotent-replayed") === "true";
    return { status: response.status, text: await response.text(), replayed } satisfies Told;
  } catch {
    return undefined;
  }
};

describe.each(schemes)("a mock over %s: that is killed", (scheme) => {
  it("has every payment that it answered once, and answers each retry as before", async () => {
    const store = await newPlace(scheme);
    const first = await start(store);
    const customer = { external_reference: "C", currency: "ZAR", balance: 900_000 };
    expect((await ask(first.url, "/billing/customers", "customer", customer))?.status).toBe(201);

    const payments = Array.from({ length: 60 }, (_, index) => `pay-${index}`);
    const pay = (url: string, key: string) =>
      ask(url, "/_mock/payments", key, { customer: "C", amount: 100 });
    let answered = 0;
    const before = await Promise.all(
      payments.map(async (key) => {
        const told = await pay(first.url, key);
        answered += 1;
        if (answered === 20) first.child.kill("SIGKILL");
        return told;
      }),
    );
    await stop(first.child, "SIGKILL");
    expect(before.filter((told) => told !== undefined).length).toBeGreaterThan(0);

    const second = await start(store);
    for (const [index, key] of payments.entries()) {
      const told = before[index];
      const again = await pay(second.url, key);
      expect(again?.status).toBe(201);
      if (told !== undefined) expect(again).toEqual({ ...told, replayed: true });
    }
    const found = await ask(second.url, "/billing/customers/C");
    expect(JSON.parse(found?.text ?? "{}").balance).toBe(900_000 - 60 * 100);
    expect(await stop(second.child, "SIGTERM")).toBe(0);
  });

  it("has settings, clock, generation, a deleted key and a fork as they were, and no half of a restore", async () => {
    const store = await newPlace(scheme);
    const first = await start(store);
    const customer = (reference: string) => ({
      external_reference: reference,
      currency: "ZAR",
      balance: 900_000,
    });
    const call = async (url: string, method: string, path: string, body?: unknown, key = "a") => {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer sk_test_${key}` },
        ...(body === undefined
          ? {}
          : { body: typeof body === "string" ? body : new Blob([JSON.stringify(body)]) }),
      });
      return { status: response.status, text: await response.text() };
    };
    await ask(first.url, "/billing/customers", "before", customer("BEFORE"));
    await call(first.url, "POST", "/_mock/reset");
    await ask(first.url, "/billing/customers", "after", customer("AFTER"));
    await ask(first.url, "/_mock/payments", "paid", { customer: "AFTER", amount: 200 });
    await call(first.url, "PATCH", "/_mock/settings", { currencies: ["ZAR", "JPY"] });
    await call(first.url, "POST", "/_mock/clock/advance", { seconds: 60 });
    await call(first.url, "POST", "/_mock/fork", { to: "sk_test_b" });
    await call(first.url, "DELETE", "/_mock/key");
    const { text: snapshot } = await call(first.url, "GET", "/_mock/snapshot");
    const looked = async (url: string) =>
      Promise.all(
        ["events", "payments", "customers", "settings", "clock"].flatMap((path) =>
          ["a", "b"].map(async (key) => call(url, "GET", `/_mock/${path}`, undefined, key)),
        ),
      );
    const before = await looked(first.url);

    // Half of a snapshot has been sent when the process dies.
    let begun: (() => void) | undefined;
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const half = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode(snapshot.slice(0, snapshot.length / 2)));
        begun?.();
        return new Promise(() => undefined);
      },
    });
    const restoring = fetch(`${first.url}/_mock/snapshot`, {
      method: "PUT",
      headers: { authorization: "Bearer sk_test_c" },
      body: half,
      duplex: "half",
    }).catch(() => "gone");
    await isBegun;
    await call(first.url, "GET", "/_mock/clock", undefined, "c");
    await stop(first.child, "SIGKILL");
    expect(await restoring).toBe("gone");

    const second = await start(store);
    expect(await looked(second.url)).toEqual(before);
    expect((await call(second.url, "GET", "/billing/customers/AFTER")).status).toBe(403);
    expect((await call(second.url, "GET", "/_mock/events", undefined, "c")).text).toBe(
      '{"data":[]}',
    );
    expect((await call(second.url, "PUT", "/_mock/snapshot", snapshot, "c")).status).toBe(200);
    expect((await call(second.url, "GET", "/billing/customers/AFTER", undefined, "c")).status).toBe(
      200,
    );
    expect(await stop(second.child, "SIGTERM")).toBe(0);
  });
});

describe.runIf(mayKill)("a mock whose PostgreSQL is killed", () => {
  it("says so, goes on when it is back, and has every payment that it answered once", async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const { url, child } = await start(await server.database());
    const customer = { external_reference: "C", currency: "ZAR", balance: 900_000 };
    await ask(url, "/billing/customers", "customer", customer);
    const lanes = Array.from({ length: 8 }, (_, lane) => lane);
    const keysOf = (lane: number): string[] =>
      Array.from({ length: 10 }, (_, index) => `pay-${lane}-${index}`);
    const pay = (key: string) => ask(url, "/_mock/payments", key, { customer: "C", amount: 100 });
    const before = new Map<string, string>();
    const failed = await Promise.all(
      lanes.map(async (lane) => {
        for (const key of keysOf(lane)) {
          const told = await pay(key);
          if (told?.status !== 201) return told?.status;
          before.set(key, told.text);
          if (before.size === 30) await server.kill();
        }
        return undefined;
      }),
    );
    expect(failed.every((status) => status !== undefined && status >= 500)).toBe(true);
    await server.restart();
    for (const key of lanes.flatMap(keysOf)) {
      let again = await pay(key);
      // Each connection from before has to be found dead once.
      for (let attempt = 1; again?.status !== 201 && attempt <= 20; attempt += 1)
        again = await pay(key);
      expect(again?.status).toBe(201);
      if (before.has(key)) expect(again?.text).toBe(before.get(key));
    }
    const found = await ask(url, "/billing/customers/C");
    expect(JSON.parse(found?.text ?? "{}").balance).toBe(900_000 - 80 * 100);
    expect(await stop(child, "SIGTERM")).toBe(0);
  });
});
