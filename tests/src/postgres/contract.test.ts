/** The contract of every store, on a real server. */
import { storeContract } from "@tallystick/adapters/contract";
import {
  migrate,
  type PostgresStore,
  partitionsSql,
  postgresStore,
} from "@tallystick/adapters/postgres";
import type { Host, Store } from "@tallystick/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { atOnce, type LocalServer, startPostgres } from "./server.ts";

let server: LocalServer;
let url: string;
let schemas = 0;
const places = new WeakMap<Store, string>();

const openIn = async (schema: string, host: Host): Promise<PostgresStore> => {
  const store = await postgresStore(url, { host, schema });
  places.set(store, schema);
  return store;
};
const again = (store: Store, host: Host): Promise<PostgresStore> =>
  openIn(places.get(store) ?? "", host);

beforeAll(async () => {
  // Every test makes its tables anew; here nobody pulls the plug.
  server = await startPostgres(["fsync=off"]);
  url = await server.database();
});
afterAll(() => server.stop());

describe.each([
  ["whole tables", undefined],
  ["partitioned tables", 3],
])("a store in PostgreSQL, in %s", (_name, partitions) => {
  storeContract({
    open: async (host) => {
      schemas += 1;
      // A name that only quotes can carry.
      const schema = `Books "${schemas}" of $us`;
      await migrate(url, { schema });
      if (partitions !== undefined) await atOnce(url, partitionsSql({ schema, partitions }));
      return openIn(schema, host);
    },
    reopen: again,
    another: again,
  });
});

describe("a store in PostgreSQL", () => {
  it("is durable and shared", async () => {
    await migrate(url);
    const store = await postgresStore(url);
    expect(store.capabilities).toEqual({ durable: true, shared: true });
    await store.close();
  });
});
