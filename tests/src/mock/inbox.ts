/** A place where webhooks arrive in tests: answers as it is told, and keeps what came. */
import type { MockServerOptions } from "@tallystick/mock-server";
import { type Client, startMock } from "./support.ts";

export const secret = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

export interface Arrived {
  readonly url: string;
  /** `webhook-id`. */
  readonly id: string;
  /** `webhook-timestamp`, in seconds since 1970. */
  readonly timestamp: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Answer = number | Response | Promise<Response> | Error;

export interface Inbox {
  readonly arrived: readonly Arrived[];
  readonly deliver: (request: Request) => Promise<Response>;
  /** How the next ones are answered: by URL. Default 200. */
  answer: (arrived: Arrived) => Answer;
}

export const openInbox = (): Inbox => {
  const arrived: Arrived[] = [];
  const inbox: Inbox = {
    arrived,
    answer: () => 200,
    async deliver(request) {
      const came: Arrived = {
        url: request.url,
        id: request.headers.get("webhook-id") ?? "",
        timestamp: Number(request.headers.get("webhook-timestamp")),
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      };
      arrived.push(came);
      const answer = await inbox.answer(came);
      if (answer instanceof Error) throw answer;
      return answer instanceof Response ? answer : new Response(null, { status: answer });
    },
  };
  return inbox;
};

export interface Hooked {
  readonly client: Client;
  readonly inbox: Inbox;
  /** Pays a bill of 37650 ZAR in part; resolves with the event. */
  readonly pay: (amount?: number) => Promise<{ id: string }>;
  readonly advance: (seconds: number) => Promise<void>;
  readonly deliveries: (eventId?: string) => Promise<readonly Record<string, unknown>[]>;
}

export const hooked = (client: Client, inbox: Inbox): Hooked => ({
  client,
  inbox,
  async pay(amount = 100) {
    const unkeyed = { idempotencyKey: null };
    const { body } = await client.post("/_mock/payments", { bill: "BILL-1", amount }, unkeyed);
    return body.event;
  },
  async advance(seconds) {
    await client.post("/_mock/clock/advance", { seconds }, { idempotencyKey: null });
  },
  async deliveries(eventId) {
    const filter = eventId === undefined ? "" : `&event_id=${eventId}`;
    const { body } = await client.get(`/_mock/deliveries?limit=500${filter}`);
    return body.data;
  },
});

export const createBill = (client: Client): Promise<unknown> =>
  client.post("/billing/bills", {
    customer: { external_reference: "CUST-1" },
    external_reference: "BILL-1",
    currency: "ZAR",
    amount_due: 10_000_000,
  });

/** A mock with a bill, whose webhooks go to the inbox at the URLs. */
export const startHooked = async (
  options: MockServerOptions = {},
  urls: readonly string[] = ["https://shop.test/hooks"],
): Promise<Hooked> => {
  const inbox = openInbox();
  const client = startMock({ deliver: inbox.deliver, ...options });
  await createBill(client);
  for (const url of urls) await client.post("/_mock/webhook_endpoints", { url, secret });
  return hooked(client, inbox);
};
