/**
 * What keeps a program from its books, each with a code, whether waiting may help, and what to do.
 * Never with a password.
 */
import { createServer } from "node:net";
import { migrate, type PostgresStore, postgresStore } from "@tallystick/adapters/postgres";
import { type ErrorCode, openLedger } from "@tallystick/core";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { book, connected, created, openFresh } from "./fixture.ts";
import { atOnce, freePort, type LocalServer, mayKill, startPostgres } from "./server.ts";

const failureOf = async (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );

const refused = async (
  attempt: Promise<unknown>,
  {
    code,
    retry,
    says,
  }: { readonly code: ErrorCode; readonly retry: string; readonly says: string },
): Promise<void> => {
  const error = await failureOf(attempt);
  expect(error).toMatchObject({ code, retry, message: expect.stringContaining(says) });
  expect(JSON.stringify([error, String(error)])).not.toContain("sesame");
};

// A server that POSTGRES_URL names lets in whom it wants.
describe.runIf(mayKill)("a server", () => {
  let server: LocalServer;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres(["fsync=off", "password_encryption=scram-sha-256"], {
      "pg_hba.conf": Buffer.from(
        "host all keyholder all scram-sha-256\nhost all outcast all reject\nhost all all all trust\n",
      ),
    });
    url = await server.database();
    await migrate(url);
    await atOnce(
      url,
      "CREATE ROLE keyholder LOGIN PASSWORD 'open'; CREATE ROLE outcast LOGIN; CREATE ROLE stranger LOGIN",
    );
  });
  afterAll(() => server.stop());

  const by = (user: string, password = ""): string => {
    const own = new URL(url);
    own.username = user;
    own.password = password;
    return own.href;
  };

  it.each<readonly [string, () => string, ErrorCode, string]>([
    [
      "without TLS, where it is asked for",
      () => `${url}?sslmode=no-verify`,
      "STORE_UNREADABLE",
      "no TLS",
    ],
    [
      "that has another password",
      () => by("keyholder", "sesame"),
      "STORE_UNREADABLE",
      "check user, password",
    ],
    [
      "that wants a password, and there is none",
      () => by("keyholder"),
      "STORE_UNREADABLE",
      "asks for a password",
    ],
    ["that turns the user away", () => by("outcast"), "STORE_UNREADABLE", "pg_hba.conf"],
    ["that does not know the user", () => by("nobody"), "STORE_UNREADABLE", "check user, password"],
    ["without the database", () => `${url}_lost`, "STORE_UNREADABLE", "no such database"],
    [
      "on which the user has no rights",
      () => by("stranger"),
      "STORE_UNWRITABLE",
      "migrate --roles",
    ],
    [
      "that is not PostgreSQL's port",
      () => "mysql://me:sesame@127.0.0.1/books",
      "INVALID_INPUT",
      "postgres://",
    ],
  ])("%s: says so, and that waiting does not help", async (_name, place, code, says) => {
    await refused(postgresStore(place()), { code, retry: "no", says });
    await refused(migrate(place(), { schema: "another" }), {
      code,
      retry: "no",
      says: code === "STORE_UNWRITABLE" ? "lacks a right" : says,
    });
  });

  it("that lets the user in with the right password opens the store", async () => {
    await atOnce(url, "GRANT USAGE ON SCHEMA tallystick TO keyholder");
    await atOnce(url, "GRANT SELECT ON ALL TABLES IN SCHEMA tallystick TO keyholder");
    const store = await postgresStore(by("keyholder", "open"));
    expect(await store.listBooks()).toEqual([]);
    await store.close();
  });

  it("without a connection to spare: it may be repeated, and is done when there is one", async () => {
    const own = await server.database();
    await openFresh(own);
    const theirs = new URL(own);
    theirs.username = "stranger";
    await atOnce(
      own,
      "GRANT USAGE ON SCHEMA tallystick TO stranger; GRANT SELECT ON ALL TABLES IN SCHEMA tallystick TO stranger; ALTER ROLE stranger CONNECTION LIMIT 1",
    );
    const last = await connected(theirs.href);
    await refused(postgresStore(theirs.href), {
      code: "STORE_UNAVAILABLE",
      retry: "safe",
      says: "max_connections",
    });
    await last.end();
    const opened = async (): Promise<PostgresStore> => {
      // A connection that was ended counts until the server has noticed.
      for (let attempt = 1; ; attempt += 1)
        try {
          return await postgresStore(theirs.href);
        } catch (error) {
          if (attempt === 500) throw error;
        }
    };
    await (await opened()).close();
  });

  it("that takes no writes: reads are answered, writes say so, and the connection is given up", async () => {
    const own = await server.database();
    const { store: primary, drafts } = await openFresh(own);
    await primary.append(book, created(drafts, "a"));
    const name = new URL(own).pathname.slice(1);
    await atOnce(own, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const store = await postgresStore(own);
    onTestFinished(() => store.close());
    expect(await openLedger({ store }).verify()).toMatchObject({ ok: true, commits: 1 });
    const standby = { code: "STORE_UNWRITABLE", retry: "no", says: "Name the primary" } as const;
    await refused(store.append(book, created(drafts, "b")), standby);
    await refused(store.query(book, { kind: "customer", limit: 1 }), standby);
    await refused(migrate(own, { schema: "another" }), standby);
    // As after a failover: a new connection finds a primary, one from before would not.
    await atOnce(url, `ALTER DATABASE ${name} RESET ALL`);
    await failureOf(store.append(book, created(drafts, "b")));
    await store.append(book, created(drafts, "c"));
    expect((await store.query(book, { kind: "customer", limit: 1 })).documents).toHaveLength(1);
  });

  it("with tables of an earlier version, or of none, asks for migrate", async () => {
    const own = await server.database();
    await refused(postgresStore(own), {
      code: "BOOK_NOT_FOUND",
      retry: "no",
      says: "run migrate",
    });
    await migrate(own);
    await atOnce(own, "DELETE FROM tallystick.migrations WHERE version > 1");
    await refused(postgresStore(own), {
      code: "STORE_UNWRITABLE",
      retry: "no",
      says: "have version 1, not 3; run migrate",
    });
  });
});

describe("no server", () => {
  it("at that address: it may be repeated", async () => {
    const nowhere = `postgres://me:sesame@127.0.0.1:${await freePort()}/books`;
    const away = { code: "STORE_UNAVAILABLE", retry: "safe", says: "cannot be reached" } as const;
    await refused(postgresStore(nowhere), away);
    await refused(migrate(nowhere), away);
  });

  it("but something else, where TLS is asked for: waiting does not help", async () => {
    const other = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    });
    const port = await freePort();
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    await refused(postgresStore(`postgres://127.0.0.1:${port}/books?sslmode=no-verify`), {
      code: "STORE_UNREADABLE",
      retry: "no",
      says: "check host and port",
    });
  });
});

describe("a pool", () => {
  let server: LocalServer;
  beforeAll(async () => {
    server = await startPostgres(["fsync=off"]);
  });
  afterAll(() => server.stop());

  it("that was ended says so, for whatever is asked, and closing goes well", async () => {
    const pool = new pg.Pool({ connectionString: await server.database() });
    await migrate(pool);
    const store = await postgresStore(pool);
    const ledger = openLedger({ store });
    await pool.end();
    const ended = { code: "STORE_CLOSED", retry: "no", says: "the pool was ended" } as const;
    await refused(ledger.createCustomer({ externalReference: "C-1" }), ended);
    await refused(ledger.listCustomers(), ended);
    await refused(postgresStore(pool), ended);
    await store.close();
  });

  it("of a store that is closed while somebody reads: the reader hears that it is closed", async () => {
    const url = await server.database();
    const { store: writer, drafts } = await openFresh(url);
    await writer.append(book, created(drafts, "a"));
    const store = await postgresStore(url);
    const reading = store.readBook(book)[Symbol.asyncIterator]().next();
    const heard = failureOf(Promise.resolve(reading));
    await store.close();
    expect(await heard).toMatchObject({ code: "STORE_CLOSED" });
  });

  it("that has no connection free says so, and has one later", async () => {
    const pool = new pg.Pool({
      connectionString: await server.database(),
      max: 1,
      connectionTimeoutMillis: 50,
    });
    onTestFinished(() => pool.end());
    await migrate(pool);
    const store = await postgresStore(pool);
    const kept = await pool.connect();
    await refused(store.listBooks(), {
      code: "STORE_UNAVAILABLE",
      retry: "safe",
      says: "see that each is released",
    });
    kept.release();
    expect(await store.listBooks()).toEqual([]);
    await store.close();
  });
});
