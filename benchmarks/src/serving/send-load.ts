/** The load, in a process of its own: 64 connections, each of which sends when it was answered. */
import { Pool } from "undici";
import type { Pass } from "../measure.ts";
import { writing } from "../writers.ts";
import { connections, type Order, secretKey } from "./orders.ts";

const owed = 900_000_000_000;

const reads = (index: number) =>
  ({ method: "GET", path: `/billing/customers/CUST-${index}`, status: 200 }) as const;
const writes = (path: string, body: object) =>
  ({ method: "POST", path, body: JSON.stringify(body), status: 201 }) as const;

const requestOf = ({ what, customers }: Order, index: number) => {
  if (what === "reads") return reads(index % customers);
  if (what === "payments")
    return writes("/_mock/payments", { customer: `CUST-${index % customers}`, amount: 100 });
  return writes("/billing/customers", {
    external_reference: `CUST-${index}`,
    currency: "ZAR",
    balance: owed,
  });
};

const load = async (order: Order): Promise<Pass> => {
  const pool = new Pool(order.url, { connections });
  const authorization = `Bearer ${secretKey}`;
  const pass = await writing(connections, order.count, async (index) => {
    const { status, ...request } = requestOf(order, index);
    const { statusCode, body } = await pool.request({
      ...request,
      headers:
        request.method === "GET"
          ? { authorization }
          : {
              authorization,
              "content-type": "application/json",
              "idempotency-key": `${order.name}-${index}`,
            },
    });
    const text = await body.text();
    if (statusCode !== status) throw new Error(`${statusCode} to ${request.path}: ${text}`);
  });
  await pool.close();
  return pass;
};

process.on("message", (order: Order) => void load(order).then((pass) => process.send?.(pass)));
