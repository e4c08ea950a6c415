/** `pnpm start`: the mock with a month in it, and what it says. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeHost } from "@tallystick/adapters/host";
import { demoKey, type StartOptions, start } from "@tallystick/examples/start";
import { describe, expect, it, onTestFinished } from "vitest";
import { nodeFlags, root, spawned } from "../cli/support.ts";
import { curlsIn, requestOf } from "./curl.ts";

const headers = { authorization: `Bearer ${demoKey}` };

interface Session {
  readonly url: string;
  readonly stdout: string;
  readonly get: (path: string) => Promise<unknown>;
}

/** Starts, works with what is printed, and ends as Ctrl-C does. */
const whileStarted = async (
  options: StartOptions,
  work: (session: Session) => Promise<void>,
): Promise<{ readonly code: number; readonly stdout: string }> => {
  const controller = new AbortController();
  let stdout = "";
  const { promise: said, resolve: saying } = Promise.withResolvers<void>();
  const running = start(
    {
      stdout: {
        write: (text) => {
          stdout += text;
          saying();
        },
      },
      stderr: { write: () => undefined },
      env: {},
      signal: controller.signal,
      host: nodeHost,
    },
    options,
  );
  try {
    await Promise.race([said, running]);
    const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(stdout) ?? [];
    const get = async (path: string): Promise<unknown> =>
      (await fetch(url + path, { headers })).json();
    await work({ url, stdout, get });
  } finally {
    controller.abort();
  }
  return { code: await running, stdout };
};

const newStore = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "tallystick-start-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return `sqlite:${join(folder, "mock.db")}`;
};

describe("pnpm start", () => {
  it("says where it is and with which key, and its commands work when they are pasted", async () => {
    const { code } = await whileStarted({ store: "memory:", port: 0 }, async ({ url, stdout }) => {
      expect(stdout).toContain(`${url}/\n`);
      expect(stdout).toContain(demoKey);
      const commands = curlsIn(stdout);
      expect(commands).toHaveLength(3);
      const [look = "", raise = "", pay = ""] = commands;
      const found = await fetch(requestOf(look));
      expect(found.status).toBe(200);
      const { balance } = (await found.json()) as { readonly balance: number };
      expect(balance).toBeGreaterThan(0);

      const raised = await fetch(requestOf(raise));
      expect(raised.status).toBe(201);
      const again = await fetch(requestOf(raise));
      expect(again.headers.get("idempotent-replayed")).toBe("true");
      expect(await again.text()).toBe(await raised.text());

      const paid = await fetch(requestOf(pay));
      expect(paid.status).toBe(201);
      expect(await paid.json()).toMatchObject({
        obligation: { kind: "bill", balance: 2_550 },
        event: { type: "obligation.amount_applied", data: { amount: 10_000 } },
      });
      expect((await fetch(requestOf(pay))).status).toBe(200);
    });
    expect(code).toBe(0);
  });

  it("offers its key in the dashboard", async () => {
    await whileStarted({ store: "memory:", port: 0 }, async ({ get }) => {
      expect(await get("/_web/welcome.json")).toEqual({ demo_key: demoKey });
    });
  });

  it("gives the month once: what somebody did since is there after the next start", async () => {
    const store = await newStore();
    const customer = "/billing/customers/CUST-100009";
    let before: unknown;
    await whileStarted({ store, port: 0 }, async ({ url, get }) => {
      before = await get("/_mock/events?limit=1&after=1000");
      const body = JSON.stringify({ metadata: { seen: "yes" } });
      await fetch(url + customer, {
        method: "PATCH",
        headers: { ...headers, "content-type": "application/json" },
        body,
      });
    });
    await whileStarted({ store, port: 0 }, async ({ get }) => {
      expect(await get("/_mock/events?limit=1&after=1000")).toEqual(before);
      expect(await get(customer)).toMatchObject({ metadata: { seen: "yes" } });
    });
  });

  it("keeps nothing where it was stopped before the month was whole", async () => {
    const store = await newStore();
    const stopped = AbortSignal.abort();
    const io = { stdout: { write: () => undefined }, stderr: { write: () => undefined }, env: {} };
    expect(await start({ ...io, signal: stopped, host: nodeHost }, { store, port: 0 })).toBe(130);
    await whileStarted({ store, port: 0 }, async ({ get }) => {
      const { data } = (await get("/_mock/bills?limit=500")) as {
        readonly data: readonly object[];
      };
      expect(data.length).toBeGreaterThan(100);
    });
  });

  it("is a process that Ctrl-C ends with 0, and that tells of a misspelt option", async () => {
    const child = spawn(process.execPath, [
      ...nodeFlags,
      join(root, "examples/src/start.ts"),
      "--port=0",
      "--store=memory:",
    ]);
    child.stderr.resume();
    let stdout = "";
    for await (const piece of child.stdout) {
      stdout += String(piece);
      if (stdout.includes("Ctrl-C ends it")) child.kill("SIGINT");
    }
    if (child.exitCode === null) await once(child, "exit");
    expect(child.exitCode).toBe(0);
    const misspelt = await spawned("examples/src/start.ts", ["--prot", "1"]);
    expect(misspelt).toMatchObject({ code: 2, stdout: "" });
    expect(misspelt.stderr).toContain("--prot");
  });

  it("refuses a port that was asked for and is taken, in words", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const { port } = other.address() as { readonly port: number };
    const io = { stdout: { write: () => undefined }, stderr: { write: () => undefined }, env: {} };
    const signal = new AbortController().signal;
    await expect(
      start({ ...io, signal, host: nodeHost }, { store: "memory:", port }),
    ).rejects.toThrow(`port ${port} is taken; name another with --port`);
  });
});
