/** Records beside the books of a schema: the contract, and what several processes see of each other. */
import { recordsContract } from "@tallystick/adapters/contract";
import {
  migrate,
  openOrMake,
  type PostgresStore,
  postgresStore,
  rolesSql,
} from "@tallystick/adapters/postgres";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { newRole } from "./fixture.ts";
import { atOnce, type LocalServer, startPostgres } from "./server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startPostgres(["fsync=off"]);
});
afterAll(() => server.stop());

const opened = async (url: string): Promise<PostgresStore> => {
  const store = await openOrMake(url);
  onTestFinished(() => store.close());
  return store;
};

const put = (key: string, value: string) =>
  ({ kind: "put", collection: "notes", key, value }) as const;

describe("records in PostgreSQL", () => {
  recordsContract(async () => (await opened(await server.database())).records());

  it("are seen by another process, and there when they are opened again", async () => {
    const url = await server.database();
    const [one, two] = [await opened(url), await opened(url)];
    await one.records().write("ann", [put("a", "\u0000 é \ud800"), put("b", "two")]);
    await two.records().write("ann", [{ kind: "delete", collection: "notes", key: "b" }]);
    await one.close();
    const again = (await opened(url)).records();
    expect(await again.page("ann", "notes", { limit: 9 })).toEqual([
      { key: "a", value: "\u0000 é \ud800" },
    ]);
  });

  it("are written whole or not at all by processes that want the same ones at once", async () => {
    const url = await server.database();
    const stores = await Promise.all([1, 2, 3].map(() => opened(url)));
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    await Promise.all(
      stores.flatMap((store, index) => {
        const records = store.records();
        // Each in another order, so that they meet.
        const mine = index % 2 === 0 ? keys : keys.toReversed();
        return [1, 2, 3, 4].map((round) =>
          records.write(
            "ann",
            mine.map((key) => put(key, `${index}.${round}`)),
          ),
        );
      }),
    );
    const page = await stores[0]?.records().page("ann", "notes", { limit: 99 });
    expect(page).toHaveLength(20);
    expect(new Set(page?.map(({ value }) => value)).size).toBe(1);
  });

  it("are a writer's to change and nothing to a reader", async () => {
    const url = await server.database();
    await migrate(url);
    const role = await newRole(url);
    await atOnce(url, rolesSql({ writer: role.name }));
    const writer = await postgresStore(role.url);
    await writer.records().write("ann", [put("a", "one")]);
    expect(await writer.records().get("ann", "notes", "a")).toBe("one");
    await writer.close();
    await atOnce(url, `DROP OWNED BY "${role.name}"; ${rolesSql({ reader: role.name })}`);
    const reader = await postgresStore(role.url);
    onTestFinished(() => reader.close());
    await expect(reader.records().get("ann", "notes", "a")).rejects.toMatchObject({
      code: "STORE_UNWRITABLE",
    });
  });
});

describe("a hold", () => {
  it("is one store's until that store is closed, for each purpose and schema", async () => {
    const url = await server.database();
    const [one, two, elsewhere] = [
      await opened(url),
      await opened(url),
      await opened(`${url}?schema=other`),
    ];
    await one.hold("mock server");
    await expect(two.hold("mock server")).rejects.toMatchObject({
      code: "STORE_LOCKED",
      message: expect.stringContaining("another mock server"),
    });
    await two.hold("night run");
    await elsewhere.hold("mock server");
    await one.close();
    await two.hold("mock server");
  });
});
