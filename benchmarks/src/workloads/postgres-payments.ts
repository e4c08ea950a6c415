/**
 * P3, P4: payments with keys in PostgreSQL, durable before they are acknowledged, against the bare
 * driver: one row a command, a group in one statement with one JSON parameter. `url` names a
 * database that may be filled.
 */
import { migrate, postgresStore } from "@tallystick/adapters/postgres";
import pg from "pg";
import { eventJson } from "../bare.ts";
import { customers, pay, withCustomers } from "../books.ts";
import { type Benchmark, type Contender, timed } from "../measure.ts";
import { writing } from "../writers.ts";

interface Shape {
  readonly goal: string;
  readonly workload: string;
  readonly writers: number;
  /** Customers that the payments go to in turn. */
  readonly streams: number;
}

export const postgresShapes: readonly Shape[] = [
  {
    goal: "P3",
    workload: "W2 in PostgreSQL: 64 writers, 10,000 customers",
    writers: 64,
    streams: customers,
  },
  {
    goal: "P4",
    workload: "W4 in PostgreSQL: 32 writers, one customer",
    writers: 32,
    streams: 1,
  },
];

const schema = "tallystick_benchmark";

const withClient = async <Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> => {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    return await work(client);
  } finally {
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await client.end();
  }
};

const paying = (url: string, { writers, streams }: Shape, count: number): Contender => ({
  name: "applyPayment with a key on PostgreSQL",
  pass: () =>
    withClient(url, async () => {
      await migrate(url, { schema });
      const store = await postgresStore(url, { schema });
      const ledger = await withCustomers(store, streams);
      const pass = await writing(writers, count, (command) => pay(ledger, command % streams));
      await store.close();
      return pass;
    }),
});

const bareRows = (url: string, { writers }: Shape, count: number): Contender => ({
  name: `bare driver, one row a command, groups of ${writers}`,
  pass: () =>
    withClient(url, async (client) => {
      await client.query(`CREATE SCHEMA ${schema}`);
      await client.query(`CREATE TABLE ${schema}.events (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text, event json)`);
      return timed(count, async () => {
        for (let from = 0; from < count; from += writers) {
          const rows = Array.from({ length: Math.min(writers, count - from) }, (_, index) => ({
            s: `customer/bcus_${(from + index) % customers}`,
            e: JSON.parse(eventJson(from + index)) as unknown,
          }));
          await client.query({
            name: "bare",
            text: `INSERT INTO ${schema}.events (stream, event)
              SELECT s, e FROM json_to_recordset($1::json) AS x(s text, e json)`,
            values: [JSON.stringify(rows)],
          });
        }
      });
    }),
});

/** `count` payments a pass. */
export const writingToPostgres = (url: string, shape: Shape, count: number): Benchmark => ({
  goal: shape.goal,
  workload: shape.workload,
  subject: paying(url, shape, count),
  baselines: [bareRows(url, shape, count)],
});
