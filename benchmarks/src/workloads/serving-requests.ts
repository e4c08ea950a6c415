/**
 * P9: the mock server on SQLite against a bare server of the same framework, each in a process of its
 * own, under load from a third one; what it takes to start, and what it holds of many customers.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inNewFolder, newFolder } from "../folders.ts";
import type { Benchmark, Contender, Pass } from "../measure.ts";
import { type Child, startChild } from "../serving/children.ts";
import { connections, type Order, type Usage } from "../serving/orders.ts";

let orders = 0;

/** One load on one server, with what the server used for it. */
const loaded = async (
  load: Child,
  server: Child,
  order: Pick<Order, "what" | "count" | "customers">,
): Promise<Pass> => {
  orders += 1;
  const before = (await server.ask({})) as Usage;
  const pass = (await load.ask({
    ...order,
    url: String(server.greeting),
    name: `order-${orders}`,
  })) as Pass;
  const after = (await server.ask({})) as Usage;
  return { ...pass, cpuSeconds: (after.cpuUs - before.cpuUs) / 1e6, rss: after.rss };
};

const startMock = (folder: string): Promise<Child> =>
  startChild("serve-mock", { argv: [join(folder, "mock.db")], greets: true });

/** `count` requests a pass, over `customers`; the book grows from pass to pass. */
export const servingRequests = async (count: number, customers: number): Promise<Benchmark[]> => {
  const folder = await newFolder();
  const [mock, bare, load] = await Promise.all([
    startMock(folder),
    startChild("serve-bare", { greets: true }),
    startChild("send-load", {}),
  ]);
  await loaded(load, mock, { what: "customers", count: customers, customers });
  for (const what of ["payments", "reads"] as const)
    for (const server of [mock, bare]) await loaded(load, server, { what, count, customers });

  const contender = (name: string, server: Child, what: Order["what"]): Contender => ({
    name,
    pass: () => loaded(load, server, { what, count, customers }),
  });
  const bareName = "bare server of the same framework";
  const workload = `${connections} connections, ${customers.toLocaleString("en")} customers`;
  return [
    {
      goal: "P9",
      workload,
      subject: contender("POST /_mock/payments on SQLite", mock, "payments"),
      baselines: [contender(bareName, bare, "payments")],
    },
    {
      goal: "P9",
      workload,
      subject: contender("GET of a customer on SQLite", mock, "reads"),
      baselines: [contender(bareName, bare, "reads")],
      dispose: async () => {
        await Promise.all([mock.end(), bare.end(), load.end()]);
        await rm(folder, { recursive: true, force: true });
      },
    },
  ];
};

/** How long a program takes until it says something, or until it ends; in seconds. */
const secondsOf = async (argv: readonly string[], until: "said" | "ended"): Promise<number> => {
  const start = performance.now();
  const program = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(program, "exit");
  await (until === "said" ? once(program.stdout, "data") : ended);
  const seconds = (performance.now() - start) / 1000;
  program.kill();
  await ended;
  return seconds;
};

const built = fileURLToPath(import.meta.resolve("../../../packages/cli/dist/main.js"));
const mockCommand = ["--disable-warning=ExperimentalWarning", built, "mock", "--port", "0"];

/** `tallystick mock`, as it is built, until it accepts connections; less what Node takes for nothing. */
export const startingMock: Benchmark = {
  goal: "P9",
  workload: "tallystick mock, over node -e 0",
  subject: {
    name: "cold start",
    pass: async () => {
      const nothing = await secondsOf(["-e", "0"], "ended");
      const seconds = (await secondsOf(mockCommand, "said")) - nothing;
      return { count: 1, seconds, latencies: [seconds * 1e6] };
    },
  },
  baselines: [],
};

/** `count` customers created through HTTP, and each read once. */
export const holdingCustomers = (count: number): Benchmark => ({
  goal: "P9",
  workload: `${count.toLocaleString("en")} customers created, then read`,
  rounds: 1,
  subject: {
    name: "memory",
    pass: () =>
      inNewFolder(async (folder) => {
        const [mock, load] = await Promise.all([startMock(folder), startChild("send-load", {})]);
        const created = await loaded(load, mock, { what: "customers", count, customers: count });
        const read = await loaded(load, mock, { what: "reads", count, customers: count });
        await Promise.all([mock.end(), load.end()]);
        return {
          ...read,
          count: 2 * count,
          seconds: created.seconds + read.seconds,
          latencies: [],
        };
      }),
  },
  baselines: [],
});
