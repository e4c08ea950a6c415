/** What `sslmode` says is done: a connection that is encrypted, to the server that was meant, or none. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { draftsFor } from "@tallystick/adapters/contract";
import { seededHost } from "@tallystick/adapters/host";
import { migrate, openOrMake, postgresStore } from "@tallystick/adapters/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { book, created } from "./fixture.ts";
import { atOnce, type LocalServer, mayKill, startPostgres } from "./server.ts";

const path = (name: string): string =>
  fileURLToPath(new URL(`certificates/${name}`, import.meta.url));
const authority = encodeURIComponent(path("ca.pem"));
const another = encodeURIComponent(path("other-ca.pem"));

// A server that POSTGRES_URL names has certificates of its own.
describe.runIf(mayKill)("a connection by TLS", () => {
  let server: LocalServer;
  beforeAll(async () => {
    server = await startPostgres(["ssl=on", "fsync=off"], {
      "server.crt": await readFile(path("localhost.pem")),
      "server.key": await readFile(path("localhost.key")),
    });
  });
  afterAll(() => server.stop());

  /** The database by the name that its certificate has, or by one that it has not. */
  const database = async (host: "localhost" | "127.0.0.1"): Promise<string> =>
    (await server.database()).replace("127.0.0.1", host);

  /** How many connections to a database are encrypted, and how many are not; this one aside. */
  const encrypted = async (url: string): Promise<unknown> => {
    const [counts] = await atOnce(
      url.replace(/\?.*/, ""),
      `SELECT count(*) FILTER (WHERE s.ssl)::integer AS yes, count(*) FILTER (WHERE NOT s.ssl)::integer AS no
        FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
        WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()`,
    );
    return counts;
  };

  it.each([
    ["verify-full, the right authority and the right name", `verify-full&sslrootcert=${authority}`],
    ["no-verify, whatever the certificate", "no-verify"],
    ["verify-ca as libpq has it", `verify-ca&uselibpqcompat=true&sslrootcert=${authority}`],
  ])("is made with %s", async (_name, mode) => {
    const url = `${await database("localhost")}?sslmode=${mode}`;
    const store = await openOrMake(`${url}&schema=books`);
    onTestFinished(() => store.close());
    expect(await store.listBooks()).toEqual([]);
    expect(await encrypted(url)).toEqual({ yes: 1, no: 0 });
  });

  it.each([
    ["an authority that nobody here knows", "localhost", "verify-full"],
    ["another authority", "localhost", `verify-full&sslrootcert=${another}`],
    ["another name", "127.0.0.1", `verify-full&sslrootcert=${authority}`],
  ] as const)("is refused where the certificate is of %s", async (_name, host, mode) => {
    const url = new URL(`${await database(host)}?sslmode=${mode}`);
    url.password = "sesame";
    await expect(openOrMake(url.href)).rejects.toMatchObject({
      code: "STORE_UNREADABLE",
      retry: "no",
      message: expect.not.stringContaining("sesame"),
    });
    expect(await encrypted(url.href)).toEqual({ yes: 0, no: 0 });
  });

  it("is what a pool of the application says, for every statement and for news", async () => {
    const url = await database("localhost");
    const pool = new pg.Pool({
      connectionString: url,
      ssl: { ca: await readFile(path("ca.pem"), "utf8") },
    });
    onTestFinished(() => pool.end());
    await migrate(pool);
    const host = seededHost();
    const store = await postgresStore(pool, { host });
    onTestFinished(() => store.close());
    const news = store.subscribe(book)[Symbol.asyncIterator]();
    const first = news.next();
    await store.append(book, created(draftsFor(host), "a"));
    expect((await first).value).toMatchObject({ number: 1 });
    expect(await encrypted(url)).toMatchObject({ no: 0 });
    await news.return?.();
  });
});
