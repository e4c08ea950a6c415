/** The example of several workers: which one takes a request, and whether it dies meanwhile, makes no difference. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { postgresStore } from "@tallystick/adapters/postgres";
import { openLedger } from "@tallystick/core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { root } from "../cli/support.ts";
import { atOnce, type LocalServer, startPostgres } from "./server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startPostgres(["fsync=off"]);
});
afterAll(() => server.stop());

const started = async (url: string): Promise<{ backend: ChildProcess; address: string }> => {
  const backend = spawn(
    process.execPath,
    ["--conditions=tallystick-source", join(root, "examples/src/07-workers.ts"), url, "3"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  onTestFinished(() => {
    backend.kill("SIGKILL");
  });
  const [line] = await once(backend.stdout as NonNullable<typeof backend.stdout>, "data");
  return { backend, address: String(line).trim() };
};

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly worker: string;
}

const ask = async (
  address: string,
  [method, path]: readonly [method: string, path: string],
  body: unknown,
  { key, signal }: { readonly key?: string; readonly signal?: AbortSignal } = {},
): Promise<Answer> => {
  const response = await fetch(`${address}${path}`, {
    method,
    ...(signal === undefined ? {} : { signal }),
    // A connection each, so that the workers take turns.
    headers: { connection: "close", ...(key === undefined ? {} : { "idempotency-key": key }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const worker = response.headers.get("x-worker") ?? "";
  return { status: response.status, body: await response.json(), worker };
};

describe("a backend of several workers", () => {
  it("pays once under one key, writes orders with their charges, and survives a worker", async () => {
    const url = await server.database();
    const { backend, address } = await started(url);
    const customer = { externalReference: "C-1", currency: "ZAR", balance: 100_000 };
    const first = await ask(address, ["POST", "/customers"], customer, { key: "C-1" });
    expect(first).toMatchObject({ status: 201, body: { balance: 100_000 } });

    const numbers = Array.from({ length: 60 }, (_, index) => index);
    const paid = await Promise.all(
      numbers.map((n) =>
        ask(
          address,
          ["POST", "/customers/C-1/payments"],
          { amount: 100 },
          { key: `pay-${n % 20}` },
        ),
      ),
    );
    expect(paid.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(paid.filter(({ status }) => status === 200)).toHaveLength(40);
    expect(new Set(paid.map(({ worker }) => worker)).size).toBeGreaterThan(1);

    // What a dying worker leaves unanswered is asked again, under its key.
    process.kill(Number(first.worker), "SIGKILL");
    const order = async (n: number): Promise<Answer> => {
      const target = ["PUT", `/customers/C-1/orders/o-${n}`] as const;
      for (let attempt = 1; ; attempt += 1)
        try {
          // A connection that was dealt to the dying worker is answered by nobody.
          return await ask(address, target, { total: 1000 }, { signal: AbortSignal.timeout(5000) });
        } catch (error) {
          if (attempt === 10) throw error;
        }
    };
    const orders = await Promise.all(numbers.slice(0, 30).map((n) => order(n % 10)));
    expect(orders.map(({ status }) => status)).toEqual(orders.map(() => 200));
    const refused = await ask(address, ["PUT", "/customers/nobody/orders/o-99"], { total: 1 });
    expect(refused).toMatchObject({ status: 422, body: { code: "NOT_FOUND" } });

    const { body } = await ask(address, ["GET", "/customers/C-1"], undefined);
    expect(body).toMatchObject({ balance: 100_000 - 20 * 100 + 10 * 1000 });
    expect(await atOnce(url, "SELECT sum(total)::integer AS total FROM orders")).toEqual([
      { total: 10_000 },
    ]);
    const ended = once(backend, "exit");
    backend.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);

    const store = await postgresStore(url);
    onTestFinished(() => store.close());
    expect(await openLedger({ store }).verify()).toMatchObject({ ok: true, commits: 31 });
  });
});
