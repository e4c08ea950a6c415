/**
 * A real PgBouncer before a server, if the machine has one: `PGBOUNCER_BIN`, or what the distribution
 * installs. Where there is none, `pgbouncer` is undefined and the reason has been printed.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountWithoutRights, freePort } from "./server.ts";

const places = [process.env["PGBOUNCER_BIN"], "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"];

export const pgbouncer = places.find(
  (path): path is string => path !== undefined && existsSync(path),
);
if (pgbouncer === undefined)
  process.stderr.write(
    "\nSKIPPED: nothing was tried behind a pooler, no PgBouncer here (apt-get install pgbouncer, or set PGBOUNCER_BIN)\n\n",
  );

export interface Pooler {
  /** The same database through the pooler. */
  through(url: string): string;
  stop(): Promise<void>;
}

/** In transaction mode, with so few connections to the server that those of its clients have to share them. */
export const startPgbouncer = async (
  server: string,
  serverConnections: number,
): Promise<Pooler> => {
  const account = await accountWithoutRights();
  const folder = await mkdtemp(join(tmpdir(), "tallystick-pgbouncer-"));
  const { hostname, port, username, password } = new URL(server);
  const own = await freePort();
  const configuration = join(folder, "pgbouncer.ini");
  const quoted = (text: string): string => `'${decodeURIComponent(text).replaceAll("'", "''")}'`;
  const secret = password === "" ? "" : `password=${quoted(password)}`;
  await writeFile(
    configuration,
    `[databases]
* = host=${hostname} port=${port || 5432} user=${quoted(username)} ${secret}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${serverConnections}
max_client_conn = 500
`,
  );
  if (account.uid !== undefined && account.gid !== undefined)
    for (const path of [folder, configuration]) await chown(path, account.uid, account.gid);
  const running = spawn(pgbouncer ?? "", [configuration], {
    ...account,
    stdio: ["ignore", "ignore", "pipe"],
  });
  await new Promise<void>((resolve, reject) => {
    let log = "";
    running.once("exit", () => reject(new Error(`PgBouncer ended early: ${log}`)));
    running.stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes("process up")) resolve();
    });
  });
  const abandon = (): void => {
    running.kill("SIGKILL");
  };
  process.once("exit", abandon);
  return {
    through: (url) => {
      const pooled = new URL(url);
      pooled.hostname = "127.0.0.1";
      pooled.port = String(own);
      return pooled.href;
    },
    stop: async () => {
      process.off("exit", abandon);
      const ended = once(running, "exit");
      running.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
};
