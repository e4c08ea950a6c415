/**
 * The mock of the Billing API with a month in it: what `pnpm start` runs. The book of the demo key lies
 * in an SQLite file and stays; a key without a book gets the month of Bright Spark, all of it or nothing.
 */
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { memoryStore } from "@tallystick/adapters/memory";
import {
  colorsFor,
  exitCodes,
  type Io,
  isProgram,
  processIo,
  reportError,
  unlistenable,
  usage,
} from "@tallystick/cli";
import { instantOfMs, openLedger } from "@tallystick/core";
import { createMockServer, type MockServer } from "@tallystick/mock-server";
import { snapshotOf } from "@tallystick/mock-server/snapshot";
import { takeObjects, takeWebhooks } from "./bright-spark-month.ts";
import { startText } from "./start-text.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const defaultPath = join(root, ".tallystick", "mock.db");
const usualPort = 4010;
const host = "127.0.0.1";
/** Offered by the dashboard. Any other key is a merchant of its own, with nothing in it. */
export const demoKey = "sk_test_bright_spark";

export interface StartOptions {
  /** As of `tallystick mock`: `sqlite:PATH`, `file:DIR` or `memory:`. */
  readonly store: string;
  /** Undefined: 4010, or any other where that one is taken. */
  readonly port?: number | undefined;
}

const ask = (server: MockServer, path: string, init: RequestInit = {}): Promise<Response> =>
  server.fetch(
    new Request(`http://${host}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${demoKey}` },
    }),
  );

const listed = async <Row>(server: MockServer, path: string): Promise<readonly Row[]> => {
  const answer = await ask(server, path);
  const { data } = (await answer.json()) as { readonly data: readonly Row[] };
  return data;
};

const hasBook = async (server: MockServer): Promise<boolean> =>
  (await listed(server, "/_mock/events?limit=1")).length > 0;

/** The reference of a customer that owes something, if there is one left. */
const someDebtor = async (server: MockServer): Promise<string> => {
  const path = "/_mock/customers?owing=true&limit=1";
  const [first] = await listed<{ readonly external_reference: string }>(server, path);
  return first?.external_reference ?? "CUST-1";
};

/** Gives the demo key its month unless it has a book, which stays as it is. False: interrupted, and nothing was kept. */
const giveMonth = async (server: MockServer, io: Io): Promise<boolean> => {
  if (await hasBook(server)) return true;
  const store = memoryStore({ host: io.host });
  const ledger = openLedger({ store });
  await takeObjects(ledger, io);
  await takeWebhooks(ledger, io);
  if (io.signal.aborted) return false;
  const body = ReadableStream.from(snapshotOf(store, "default"));
  const answer = await ask(server, "/_mock/snapshot", { method: "PUT", body, duplex: "half" });
  if (!answer.ok) throw new Error(`the month was not taken: ${await answer.text()}`);
  await store.close();
  return true;
};

const isTaken = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "EADDRINUSE";

/** Whether what listens on the usual port is a demo like this one. */
const runsAlready = async (): Promise<boolean> => {
  try {
    const answer = await fetch(`http://${host}:${usualPort}/_web/welcome.json`, {
      signal: AbortSignal.timeout(1000),
    });
    const welcome = (await answer.json()) as { readonly demo_key?: unknown };
    return welcome.demo_key === demoKey;
  } catch {
    return false;
  }
};

const serverOn = (port: number, store: string, io: Io): MockServer =>
  createMockServer({
    port,
    host,
    store,
    demoKey,
    log: io.stderr.isTTY === true ? "pretty" : "none",
    onLog: (line) => io.stderr.write(`${line}\n`),
    machine: io.host,
  });

const serve = async (io: Io, store: string, port: number): Promise<number> => {
  const server = serverOn(port, store, io);
  try {
    if (!(await giveMonth(server, io))) return exitCodes.interrupted;
    const { url } = await server.listen();
    const customer = await someDebtor(server);
    const now = instantOfMs(io.host.now());
    io.stdout.write(
      startText({ url, key: demoKey, store, customer, now, colors: colorsFor(io.stdout, io.env) }),
    );
    if (!io.signal.aborted) await once(io.signal, "abort");
    return exitCodes.fine;
  } finally {
    await server.close();
  }
};

/** Serves until the signal of `io` aborts. Resolves with the exit code. */
export const start = async (io: Io, { store, port }: StartOptions): Promise<number> => {
  try {
    return await serve(io, store, port ?? usualPort);
  } catch (error) {
    if (port !== undefined || !isTaken(error))
      throw unlistenable(error, { port: port ?? usualPort, host });
  }
  if (await runsAlready()) {
    io.stdout.write(`It runs already: http://${host}:${usualPort}/ with the key ${demoKey}\n`);
    return exitCodes.fine;
  }
  io.stderr.write(`note: port ${usualPort} is taken by another program, so it is another one.\n`);
  return serve(io, store, 0);
};

const help = `The Billing API as a mock, with a merchant's month in it.

  npx -y pnpm@12 start                        keeps its books in .tallystick/mock.db
  npx -y pnpm@12 start --port 5000            listens there; default 4010
  npx -y pnpm@12 start --store memory:        keeps them until it ends
  npx -y pnpm@12 start --store sqlite:my.db   keeps them elsewhere

The mock without the month, with all of its options:
  npx -y pnpm@12 tallystick mock --help
`;

const portOf = (text: string): number => {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw usage(`--port ${text} is no port; it is a number from 0 to 65535`);
};

const main = async (io: Io): Promise<number> => {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string" },
        store: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help === true) {
      io.stdout.write(help);
      return exitCodes.fine;
    }
    const port = values.port === undefined ? undefined : portOf(values.port);
    if (values.store === undefined) await mkdir(dirname(defaultPath), { recursive: true });
    return await start(io, { store: values.store ?? `sqlite:${defaultPath}`, port });
  } catch (error) {
    reportError(io, readable(error), false);
    return exitCodes.failed;
  }
};

/** A misspelt option, and a folder that nobody may write into, as what they are. */
const readable = (error: unknown): unknown => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (error instanceof Error && code.startsWith("ERR_PARSE_ARGS")) return usage(error.message);
  if (/^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST)$/.test(code))
    return usage(`${defaultPath} cannot be written; choose another place with --store sqlite:PATH`);
  return error;
};

if (isProgram(import.meta.url)) process.exitCode = await main(processIo());
