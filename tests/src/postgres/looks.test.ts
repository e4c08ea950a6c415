/** A feed ends where its stream ended when it was asked for, however long the question is under way. */
import { setImmediate } from "node:timers/promises";
import { customerStream, draftsFor } from "@tallystick/adapters/contract";
import { seededHost } from "@tallystick/adapters/host";
import { migrate, postgresStore } from "@tallystick/adapters/postgres";
import pg from "pg";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { book, everything } from "./fixture.ts";
import { type LocalServer, startPostgres } from "./server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startPostgres(["fsync=off"]);
});
afterAll(() => server.stop());

it("shows nothing of what was handed in later, while it is held up behind an earlier look", async () => {
  const url = await server.database();
  await migrate(url);
  const pool = new pg.Pool({ connectionString: url });
  onTestFinished(() => pool.end());
  /** Questions about a stream wait here for their sign to set out. */
  const signs = new Map<string, () => void>();
  pool.on("connect", (client) => {
    const query = client.query.bind(client) as (asked: unknown) => Promise<unknown>;
    const held = async (asked: { readonly values?: readonly unknown[] }): Promise<unknown> => {
      const [, stream] = asked.values ?? [];
      if (stream === customerStream("a") || stream === customerStream("b"))
        await new Promise<void>((go) => signs.set(stream, go));
      return query(asked);
    };
    Object.assign(client, { query: held });
  });
  const host = seededHost();
  const store = await postgresStore(pool, { host });
  onTestFinished(() => store.close());
  const drafts = draftsFor(host);
  const asked = async (stream: string): Promise<void> => {
    while (!signs.has(stream)) await setImmediate();
  };

  const first = everything(store.readStream(book, customerStream("a")));
  await asked(customerStream("a"));
  const written = [store.append(book, drafts.of(drafts.created("a")))];
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
  const second = everything(store.readStream(book, customerStream("b")));
  await asked(customerStream("b"));
  written.push(store.append(book, drafts.of(drafts.created("b"))));
  signs.get(customerStream("a"))?.();
  expect(await first).toEqual([]);
  await written[0];
  signs.get(customerStream("b"))?.();
  expect(await second).toEqual([]);
  expect((await Promise.all(written)).map(({ number }) => number)).toEqual([1, 2]);
});
