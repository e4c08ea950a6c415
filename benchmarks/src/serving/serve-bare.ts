/** The same framework alone: parses the same requests, and answers the same bodies from memory. */
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { usageNow } from "./orders.ts";

const customer = {
  id: "bcus_000000000000000000000",
  external_reference: "CUST-0",
  currency: "ZAR",
  balance: 899_999_999_900,
  payment_rules: {
    min_amount: 1,
    underpayment_allowed: true,
    overpayment_allowed: true,
  },
};
const payment = {
  payment: {
    id: "pay_000000000000000000000",
    amount: 100,
    currency: "ZAR",
    status: "succeeded",
  },
  obligation: {
    id: "ob_000000000000000000000",
    kind: "customer_balance",
    currency: "ZAR",
    balance: 899_999_999_900,
  },
  event: {
    id: "evt_000000000000000000000",
    type: "obligation.amount_applied",
    data: {
      id: "ob_000000000000000000000",
      amount: 100,
      currency: "ZAR",
      payment_id: "pay_000000000000000000000",
      customer_id: "bcus_000000000000000000000",
      created_at: "2026-03-01T00:00:00.000Z",
      updated_at: "2026-03-01T00:00:00.000Z",
    },
  },
};

const app = new Hono();
app.get("/billing/customers/:customer", (c) =>
  c.json({ ...customer, external_reference: c.req.param("customer") }),
);
app.post("/_mock/payments", async (c) => {
  const { amount } = await c.req.json<{ amount: number }>();
  return c.json({ ...payment, payment: { ...payment.payment, amount } }, 201);
});
const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
  process.on("message", () => process.send?.(usageNow()));
  process.once("disconnect", () => server.close());
  process.send?.(`http://127.0.0.1:${port}`);
});
