/**
 * Answers to what the pages ask of webhooks and faults, scripted in the browser: one endpoint that
 * takes everything, and a list of faults that never strike.
 */
import type { BrowserContext, Route } from "playwright-core";
import type { Shop } from "./shop.ts";

const at = "2026-03-02T09:15:00.000Z";

export const scriptWebhooksAndFaults = async (
  context: BrowserContext,
  shop: Shop,
): Promise<void> => {
  const again: string[] = [];
  let faults: unknown[] = [];
  const answer = (route: Route, status: number, body?: unknown): Promise<void> =>
    route.fulfill({ status, ...(body === undefined ? {} : { json: body }) });

  await context.route("**/_mock/webhook_endpoints", (route) =>
    answer(route, 200, { data: [{ id: "we_1", url: "http://127.0.0.1:9/hook" }] }),
  );
  await context.route("**/_mock/deliveries*", async (route) => {
    const { data } = await shop.get("/_mock/events?limit=500");
    const told = data.filter((event) => event["type"] === "obligation.amount_applied");
    const events = [...told.map((event) => String(event["id"])), ...again];
    const attempts = events.map((event_id, index) => ({
      id: `dlv_${index + 1}`,
      event_id,
      endpoint_id: "we_1",
      attempt: events.slice(0, index + 1).filter((id) => id === event_id).length,
      status: "succeeded",
      response_status: 200,
      at,
    }));
    await answer(route, 200, { data: attempts });
  });
  await context.route("**/_mock/events/*/redeliver", async (route) => {
    again.push(new URL(route.request().url()).pathname.split("/")[3] ?? "");
    await answer(route, 202);
  });
  await context.route("**/_mock/faults", async (route) => {
    const method = route.request().method();
    if (method === "DELETE") faults = [];
    if (method === "POST")
      faults.push({ id: `flt_${faults.length + 1}`, times: 1, ...route.request().postDataJSON() });
    await answer(route, 200, method === "GET" ? { data: faults } : {});
  });
};
