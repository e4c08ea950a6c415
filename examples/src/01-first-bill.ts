import { fileStore } from "@tallystick/adapters/file";
import { createWebhookReceiver, signWebhook } from "@tallystick/adapters/webhooks";
import { formatMajor, isLedgerError, openLedger } from "@tallystick/core";

const store = await fileStore("my-book.jsonl");
const ledger = openLedger({ store });

// A customer, an account and a bill in one commit, all or nothing. The key makes it safe to repeat.
const customer = { externalReference: "CUST-51908", name: "Lerato Dlamini" };
const account = { externalReference: "ACC-7781", name: "Fibre line", customer };
const raise = { externalReference: "BILL-0317", currency: "ZAR", amountDue: 37650, account };
const { entity: bill } = await ledger.createBill(raise, { idempotencyKey: "raise-0317" });

// Webhooks in: verified, recorded once however often they arrive, durable before the 200.
const secret = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
const receive = createWebhookReceiver({ ledger, secret });
const data = { id: "ob_x1", amount: 12550, currency: "ZAR", payment_id: "pay_1", bill_id: bill.id };
const body = JSON.stringify({ id: "evt_1", type: "obligation.amount_applied", data });
for (const timestamp of [0, 1].map((late) => Math.floor(Date.now() / 1000) - late)) {
  const headers = { ...signWebhook({ id: "msg_1", timestamp, body, secret }) };
  const answer = await receive(new Request("http://localhost/", { method: "POST", headers, body }));
  console.log(answer.status, await answer.text());
}

// A payment that is asked for is judged by the bill's rules, and refused whole.
await ledger.applyPayment({ bill: "BILL-0317", amount: 99900 }).catch((error: unknown) => {
  if (isLedgerError(error, "AMOUNT_ABOVE_MAXIMUM")) console.log(error.message);
});

// Balances out, with the events that made them; and proof that nobody touched the book.
const { balances, steps } = await ledger.balanceOf({ bill: "BILL-0317" }, { steps: true });
for (const { currency, balance } of balances) console.log(formatMajor(balance, currency), currency);
console.log(steps);
console.log(await ledger.verify());
await store.close();
