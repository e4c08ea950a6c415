/** A ledger in PostgreSQL, alone and within a transaction of the application. Argument: the database's URL. */
const url = process.argv[2] ?? "postgres://localhost/billing";

// #region open
import { migrate, postgresStore } from "@tallystick/adapters/postgres";
import { openLedger } from "@tallystick/core";

await migrate(url);
const store = await postgresStore(url);
const ledger = openLedger({ store });
// #endregion

const customer = await ledger.createCustomer({
  externalReference: "CUST-1",
  balance: 100,
  currency: "ZAR",
});

// #region within
import pg from "pg";

const pool = new pg.Pool({ connectionString: url });
const client = await pool.connect();
try {
  await client.query("BEGIN");
  await client.query("CREATE TABLE IF NOT EXISTS orders (id text, total integer)");
  await client.query("INSERT INTO orders VALUES ('order-1', 2500)");
  const joined = openLedger({ store: store.within(client) });
  await joined.charge({ customer: "CUST-1", amount: 2500 }, { idempotencyKey: "order-1" });
  await client.query("COMMIT");
} catch (error) {
  await client.query("ROLLBACK");
  throw error;
} finally {
  client.release();
}
// #endregion

const [balance] = (await ledger.balanceOf({ customer: customer.entity.id })).balances;
console.log(`${balance?.balance} ${balance?.currency}`);
await pool.end();
await store.close();
