/**
 * `pnpm benchmark`: what each goal of the performance table comes to on this machine. One line of JSON
 * for each workload and baseline; with `--table`, a table for people.
 */
import { type LocalServer, startPostgres } from "@tallystick/tests/postgres";
import { Command } from "commander";
import { type Benchmark, type Line, measure } from "./measure.ts";
import { lineTable } from "./table.ts";
import { besidePeers } from "./workloads/beside-peers.ts";
import { deciding } from "./workloads/deciding.ts";
import { loadingStreams } from "./workloads/loading-streams.ts";
import { postgresShapes, writingToPostgres } from "./workloads/postgres-payments.ts";
import { readingBooks } from "./workloads/reading-books.ts";
import { ageing, reconciling } from "./workloads/reporting-at-size.ts";
import { holdingCustomers, servingRequests, startingMock } from "./workloads/serving-requests.ts";
import { shapes, writingPayments } from "./workloads/writing-payments.ts";

interface Options {
  readonly quick?: true;
  readonly table?: true;
  readonly only?: string;
}

const program = new Command("benchmark")
  .description("Measures every goal of docs/performance.md, subject and baseline in turns.")
  .option("--quick", "a few seconds for each goal instead of minutes")
  .option("--only <goals>", "of these goals only, such as P1,P2, or peers")
  .option("--table", "a table for people at the end")
  .parse();
const { quick, only, table } = program.opts<Options>();
const goals = only?.split(",");
const rounds = quick === true ? 3 : 5;
const full = (count: number): number => (quick === true ? Math.ceil(count / 20) : count);

let server: Promise<LocalServer> | undefined;
/** A database of PostgreSQL of its own: on the server that `POSTGRES_URL` names, or on one that is started for it. */
const database = async (): Promise<string> => {
  server ??= startPostgres(["shared_buffers=128MB"]);
  return (await server).database();
};

const suites: readonly (readonly [goals: readonly string[], () => Promise<Benchmark[]>])[] = [
  ...shapes.map(
    (shape) =>
      [
        [shape.goal],
        async () => [writingPayments(shape, full(shape.writers === 1 ? 4000 : 40_000))],
      ] as const,
  ),
  ...postgresShapes.map(
    (shape) =>
      [
        [shape.goal],
        async () => [writingToPostgres(await database(), shape, full(40_000))],
      ] as const,
  ),
  [["P6", "P10"], () => readingBooks(full(1_000_000))],
  [["P7"], async () => deciding(full(2_000_000))],
  [["P8"], () => loadingStreams(full(400))],
  [["P9"], () => (quick === true ? servingRequests(8000, 1000) : servingRequests(40_000, 10_000))],
  [["P9"], async () => [startingMock, holdingCustomers(full(100_000))]],
  [["P11"], async () => [await reconciling(full(1_000_000))]],
  [["P11"], async () => [await ageing(full(1_000_000))]],
  [
    ["peers"],
    async () =>
      besidePeers(
        await database(),
        quick === true
          ? { commands: 1000, loads: 5, limitMs: 1000 }
          : { commands: 20_000, loads: 50, limitMs: 2000 },
      ),
  ],
];

const lines: Line[] = [];
for (const [named, suite] of suites) {
  if (goals !== undefined && !named.some((goal) => goals.includes(goal))) continue;
  for (const benchmark of await suite())
    for (const line of await measure(benchmark, rounds)) {
      lines.push(line);
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
}
if (table === true) process.stdout.write(lineTable(lines));
await (await server)?.stop();
