/** A request of each operation that the server takes, so far as what was done before allows it. */
import fc from "fast-check";
import type { World } from "./world.ts";

interface Plain {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Sent as it is, in place of a body. */
  readonly raw?: string;
  /** Undefined: that of the world. */
  readonly key?: string;
}

/** What the generator drew for a request. */
export interface Draw {
  /** Makes references that nobody has taken, most of the time. */
  readonly number: number;
  readonly amount: number;
  readonly owner: "CUST-1" | "ACC-1" | "BILL-1";
  readonly text: string;
  readonly limit: number;
}

export const draws: fc.Arbitrary<Draw> = fc.record({
  number: fc.nat({ max: 1_000_000 }),
  amount: fc.integer({ min: 100, max: 300 }),
  owner: fc.constantFrom("CUST-1", "ACC-1", "BILL-1"),
  text: fc.string({
    minLength: 1,
    maxLength: 20,
    unit: fc.constantFrom("a", "B", "é", "'", '"', "\\", "<", "&", "💶"),
  }),
  limit: fc.integer({ min: 1, max: 500 }),
});

const kindOf = { "CUST-1": "customer", "ACC-1": "account", "BILL-1": "bill" } as const;

const newCustomer = ({ number, amount, text }: Draw): object => ({
  external_reference: `C-${number}`,
  name: text,
  email: "lerato@example.org",
  phone: "+27825550142",
  currency: "ZAR",
  balance: amount - 200,
  metadata: { region: text },
});

const newAccount = ({ number, amount, text }: Draw): object => ({
  external_reference: `A-${number}`,
  name: text,
  currency: "USD",
  balance: -amount,
});

const list =
  (path: string) =>
  ({ limit, owner }: Draw): Plain => ({
    method: "GET",
    path: `${path}?limit=${limit}${owner === "CUST-1" ? "&owing=true" : ""}`,
  });

const rules = ({ amount }: Draw): object => ({
  min_amount: 1,
  max_amount: amount * 1000,
  underpayment_allowed: true,
  overpayment_allowed: true,
});

/** By operation id, as in the document. */
export const plainRequests: Readonly<Record<string, (draw: Draw, world: World) => Plain>> = {
  createCustomer: (draw) => ({
    method: "POST",
    path: "/billing/customers",
    body: newCustomer(draw),
  }),
  retrieveCustomer: () => ({ method: "GET", path: "/billing/customers/CUST-1" }),
  updateCustomer: ({ amount, text }) => ({
    method: "PATCH",
    path: "/billing/customers/CUST-1",
    body: { balance: amount, name: text, metadata: { seen: text } },
  }),
  createAccount: (draw) => ({
    method: "POST",
    path: "/billing/accounts",
    body: { customer: draw.amount < 200 ? "CUST-1" : newCustomer(draw), ...newAccount(draw) },
  }),
  retrieveAccount: () => ({ method: "GET", path: "/billing/accounts/ACC-1" }),
  updateAccount: ({ amount, text }) => ({
    method: "PATCH",
    path: "/billing/accounts/ACC-1",
    body: { balance: amount, name: text },
  }),
  createBill: (draw) => ({
    method: "POST",
    path: "/billing/bills",
    body: {
      external_reference: `B-${draw.number}`,
      currency: "ZAR",
      amount_due: draw.amount,
      due_date: "2026-03-25",
      ...(draw.amount < 160
        ? { customer: "CUST-1" }
        : draw.amount < 220
          ? { account: "ACC-1" }
          : { account: { customer: newCustomer(draw), ...newAccount(draw) } }),
    },
  }),
  retrieveBill: () => ({ method: "GET", path: "/billing/bills/BILL-1" }),
  updateBill: ({ amount }) => ({
    method: "PATCH",
    path: "/billing/bills/BILL-1",
    body: { amount_paid: amount, currency: "ZAR" },
  }),
  voidBill: () => ({ method: "POST", path: "/billing/bills/BILL-1/void" }),
  createPayment: ({ owner, amount, number, text }) => ({
    method: "POST",
    path: "/_mock/payments",
    body: { [kindOf[owner]]: owner, amount, payment_id: `pay_${number}`, metadata: { note: text } },
  }),
  reversePayment: ({ text }) => ({
    method: "POST",
    path: "/_mock/payments/pay_known/reverse",
    body: { amount: 1, reason: text },
  }),
  setPaymentRules: (draw) => ({
    method: "PUT",
    path: `/_mock/payment_rules/${kindOf[draw.owner]}s/${draw.owner}`,
    body: draw.amount < 120 ? null : rules(draw),
  }),
  listCustomers: list("/_mock/customers"),
  listAccounts: list("/_mock/accounts"),
  listBills: list("/_mock/bills"),
  listPayments: ({ limit }) => ({ method: "GET", path: `/_mock/payments?limit=${limit}` }),
  listEvents: ({ limit }) => ({ method: "GET", path: `/_mock/events?limit=${limit}&after=1` }),
  streamEvents: () => ({ method: "GET", path: "/_mock/events/stream?after=2" }),
  listRequests: ({ limit }) => ({
    method: "GET",
    path: `/_mock/requests?limit=${limit}&status=201&method=post`,
  }),
  clearRequests: () => ({ method: "DELETE", path: "/_mock/requests" }),
  retrieveSettings: () => ({ method: "GET", path: "/_mock/settings" }),
  updateSettings: ({ amount }) => ({
    method: "PATCH",
    path: "/_mock/settings",
    body: { strict: amount < 200, metadata_limits: { keys: 12 }, currencies: ["ZAR", "USD"] },
  }),
  retrieveClock: () => ({ method: "GET", path: "/_mock/clock" }),
  setClock: ({ number }) => ({
    method: "PUT",
    path: "/_mock/clock",
    body: { now: `2027-01-01T${String(number % 24).padStart(2, "0")}:00:00+02:00` },
  }),
  advanceClock: ({ amount }) => ({
    method: "POST",
    path: "/_mock/clock/advance",
    body: { seconds: amount },
  }),
  reset: () => ({ method: "POST", path: "/_mock/reset" }),
  deleteKey: () => ({ method: "DELETE", path: "/_mock/key" }),
  retrieveSnapshot: () => ({ method: "GET", path: "/_mock/snapshot" }),
  restoreSnapshot: (_draw, { snapshot }) => ({
    method: "PUT",
    path: "/_mock/snapshot",
    raw: snapshot,
    key: "sk_test_empty",
  }),
  fork: ({ number }) => ({
    method: "POST",
    path: "/_mock/fork",
    body: { to: `sk_test_fork${number}` },
  }),
  listWebhookEndpoints: () => ({ method: "GET", path: "/_mock/webhook_endpoints" }),
  createWebhookEndpoint: ({ number }) => ({
    method: "POST",
    path: "/_mock/webhook_endpoints",
    body: { url: `https://billing.example.org/${number}` },
  }),
  deleteWebhookEndpoint: (_draw, { endpointId }) => ({
    method: "DELETE",
    path: `/_mock/webhook_endpoints/${endpointId}`,
  }),
  rotateWebhookSecret: (_draw, { endpointId }) => ({
    method: "POST",
    path: `/_mock/webhook_endpoints/${endpointId}/rotate`,
  }),
  listDeliveries: ({ limit }, { eventId }) => ({
    method: "GET",
    path: `/_mock/deliveries?limit=${limit}&event_id=${eventId}`,
  }),
  redeliverEvent: (_draw, { eventId }) => ({
    method: "POST",
    path: `/_mock/events/${eventId}/redeliver`,
  }),
  createFault: ({ number }) => ({
    method: "POST",
    path: "/_mock/faults",
    body: { on: { method: "GET", path: `/billing/bills/F-${number}` }, effect: { status: 503 } },
  }),
  listFaults: () => ({ method: "GET", path: "/_mock/faults" }),
  deleteFaults: () => ({ method: "DELETE", path: "/_mock/faults" }),
  retrievePayDetails: (_draw, { obligationId }) => ({
    method: "GET",
    path: `/pay/${obligationId}/details`,
  }),
  payUnderLink: ({ amount, number }, { obligationId }) => ({
    method: "POST",
    path: `/pay/${obligationId}/payments?utm_source=sms`,
    body: { payment_id: `pay_${number}`, amount, currency: "ZAR" },
  }),
};
