/**
 * A backend of several processes on one book in PostgreSQL: any of them takes any request, and one that
 * dies is replaced. Arguments: the database's URL, and how many workers there are.
 */
import cluster from "node:cluster";
import { once } from "node:events";
import { serve } from "@hono/node-server";
import { migrate, postgresStore } from "@tallystick/adapters/postgres";
import { createWebhookReceiver, honoWebhookHandler } from "@tallystick/adapters/webhooks";
import { isLedgerError, openLedger } from "@tallystick/core";
import { type Context, Hono } from "hono";
import pg from "pg";

const url = process.argv[2] ?? "postgres://localhost/billing";
const workers = Number(process.argv[3] ?? 3);
const secret =
  process.env["WEBHOOK_SECRET"] ?? "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

// #region primary
const oversee = async (): Promise<void> => {
  await migrate(url);
  const client = new pg.Client(url);
  await client.connect();
  await client.query("CREATE TABLE IF NOT EXISTS orders (id text PRIMARY KEY, total bigint)");
  await client.end();
  let ending = false;
  const start = (): void => {
    cluster.fork().once("exit", () => {
      if (!ending) start();
    });
  };
  for (let count = 0; count < workers; count += 1) start();
  let listening = 0;
  cluster.on("listening", (_worker, { port }) => {
    listening += 1;
    if (listening === workers) console.log(`http://127.0.0.1:${port}`);
  });
  process.once("SIGTERM", () => {
    ending = true;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGTERM");
  });
};
// #endregion

// #region worker
const work = async (): Promise<void> => {
  const pool = new pg.Pool({ connectionString: url, max: 8 });
  pool.on("error", (error) => console.error(error.message));
  const store = await postgresStore(pool);
  const ledger = openLedger({ store });
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.header("x-worker", String(process.pid));
  });

  /** A retry with the same key has the same answer, whichever worker it comes to. */
  const keyOf = (context: Context): { readonly idempotencyKey?: string } => {
    const idempotencyKey = context.req.header("idempotency-key");
    return idempotencyKey === undefined ? {} : { idempotencyKey };
  };

  app.post("/customers", async (context) => {
    const { entity, replayed } = await ledger.createCustomer(
      await context.req.json(),
      keyOf(context),
    );
    return context.json(entity, replayed ? 200 : 201);
  });
  app.get("/customers/:reference", async (context) =>
    context.json(await ledger.retrieveCustomer(context.req.param("reference"))),
  );
  app.post("/customers/:reference/payments", async (context) => {
    const { amount } = await context.req.json();
    const customer = context.req.param("reference");
    const { payment, replayed } = await ledger.applyPayment({ customer, amount }, keyOf(context));
    return context.json(payment, replayed ? 200 : 201);
  });

  /** The order and its charge: both or neither. The id of the order is the key of the charge. */
  app.put("/customers/:reference/orders/:order", async (context) => {
    const { total } = await context.req.json();
    const { reference, order } = context.req.param();
    const client = await pool.connect();
    try {
      await client.query("BEGIN");
      await client.query("INSERT INTO orders VALUES ($1, $2) ON CONFLICT DO NOTHING", [
        order,
        total,
      ]);
      const { entity } = await openLedger({ store: store.within(client) }).charge(
        { customer: reference, amount: total },
        { idempotencyKey: `order-${order}` },
      );
      await client.query("COMMIT");
      return context.json(entity);
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    } finally {
      client.release();
    }
  });

  app.post("/webhooks/moment", honoWebhookHandler(createWebhookReceiver({ ledger, secret })));
  app.onError((error, context) => {
    if (!isLedgerError(error)) return context.json({ code: "INTERNAL" }, 500);
    const { code, message, retry } = error;
    return context.json({ code, message }, retry === "no" ? 422 : 503);
  });

  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  // Takes no more requests, answers those that it has, and lets go of the database.
  const end = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    if ("closeIdleConnections" in server) server.closeIdleConnections();
    await closed;
    await store.close();
    await pool.end();
    process.disconnect();
  };
  process.once("SIGTERM", () => void end());
};
// #endregion

await (cluster.isPrimary ? oversee() : work());
