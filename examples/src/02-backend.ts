/** A merchant's backend in one process: an endpoint for webhooks, commands with keys, a feed of what happened. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileStore } from "@tallystick/adapters/file";
import {
  createWebhookReceiver,
  fileDeadLetters,
  nodeWebhookHandler,
  signWebhook,
} from "@tallystick/adapters/webhooks";
import { isLedgerError, type Ledger, openLedger } from "@tallystick/core";

const path = process.argv[2] ?? "backend.jsonl";
const secret =
  process.env["WEBHOOK_SECRET"] ?? "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

// #region open
const store = await fileStore(path, {
  onRecovery: ({ bytes, afterCommit }) =>
    console.warn(`a crash left ${bytes} bytes behind commit ${afterCommit}; they are dropped`),
});
const ledger = openLedger({
  store,
  timeZone: "Africa/Johannesburg",
  paymentRules: {
    customer: {
      minAmount: 500,
      maxAmount: 2_500_000,
      underpaymentAllowed: true,
      overpaymentAllowed: true,
    },
  },
});
// #endregion

// #region webhooks
const receiver = createWebhookReceiver({
  ledger,
  secret,
  onSuspended: ({ payment }) => console.log(`${payment.id} waits in suspense: ${payment.reason}`),
  onViolation: ({ payment }) => console.log(`${payment.id} broke ${payment.violations.join(", ")}`),
  onDeadLetter: fileDeadLetters(`${path}.dead-letters.jsonl`),
});
const server = createServer((request, response) => {
  if (request.url === "/webhooks/moment") void nodeWebhookHandler(receiver)(request, response);
  else response.writeHead(404).end();
});
// #endregion

// #region cycle
/** Starts a customer's billing cycle. The key names the work, so a job that is run twice does it once. */
const beginCycle = async (month: string, customer: string, owed: number): Promise<number> => {
  const { entity, replayed } = await ledger.setBalance(
    { customer, currency: "ZAR", balance: owed },
    { idempotencyKey: `cycle-${month}-${customer}`, actor: "billing-job" },
  );
  console.log(`${customer} owes ${entity.balance}${replayed ? " (done before)" : ""}`);
  return entity.balance ?? 0;
};
// #endregion

// #region refusal
/** Takes a payment at the counter, or says why not. */
const payAtCounter = async (customer: string, amount: number): Promise<string> => {
  try {
    const { payment } = await ledger.applyPayment({ customer, amount });
    return `received ${payment.amount}, ${payment.id}`;
  } catch (error) {
    if (isLedgerError(error, "AMOUNT_BELOW_MINIMUM")) return error.message;
    if (isLedgerError(error) && error.retry === "safe") return "please try again";
    throw error;
  }
};
// #endregion

// #region feed
/** Follows the book from a checkpoint: at least once, in order, never skipping, until it has seen enough. */
const follow = async (from: number, until: number): Promise<number> => {
  let checkpoint = from;
  for await (const commit of store.subscribe("default", { afterPosition: from })) {
    for (const event of commit.events) console.log(`${event.type} on ${event.streamId}`);
    checkpoint = commit.firstPosition + commit.events.length - 1;
    if (checkpoint >= until) break;
  }
  return checkpoint;
};
// #endregion

// #region lists
/** Every bill of a customer that still owes something, page by page. */
async function* openBills(book: Pick<Ledger, "listBills">, customer: string) {
  let after: string | undefined;
  do {
    const page = await book.listBills({ customer, owing: true, limit: 100, after });
    yield* page.data;
    after = page.next;
  } while (after !== undefined);
}
// #endregion

await ledger.createCustomer(
  { externalReference: "CUST-1", name: "Lerato Dlamini" },
  { idempotencyKey: "cust-1" },
);
await beginCycle("2026-03", "CUST-1", 48_350);
await beginCycle("2026-03", "CUST-1", 48_350);
await ledger.createBill(
  { externalReference: "BILL-1", customer: "CUST-1", currency: "ZAR", amountDue: 12_000 },
  { idempotencyKey: "bill-1" },
);
console.log(await payAtCounter("CUST-1", 100));

server.listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const { port } = server.address() as AddressInfo;
const { id } = await ledger.retrieveCustomer("CUST-1");
const body = JSON.stringify({
  id: "evt_1",
  type: "obligation.amount_applied",
  data: { id: "ob_1", amount: 8_350, currency: "ZAR", payment_id: "pay_counter1", customer_id: id },
});
const headers = {
  ...signWebhook({ id: "msg_1", timestamp: Math.floor(Date.now() / 1000), body, secret }),
};
for (const attempt of [1, 2]) {
  const answer = await fetch(`http://127.0.0.1:${port}/webhooks/moment`, {
    method: "POST",
    headers,
    body,
  });
  console.log(`delivery ${attempt}: ${answer.status}`);
}
console.log(`balance ${(await ledger.retrieveCustomer("CUST-1")).balance}`);
for await (const bill of openBills(ledger, "CUST-1"))
  console.log(`${bill.externalReference} owes ${bill.amountRemaining}`);

server.close();
const head = await ledger.head();
console.log(`followed up to ${await follow(0, head?.position ?? 0)} of ${head?.position}`);
await store.close();
