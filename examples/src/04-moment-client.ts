/** A backend that raises a bill at Moment and keeps it in its own ledger. No network: see `api`. */
import { memoryStore } from "@tallystick/adapters/memory";
import { isLedgerError, openLedger } from "@tallystick/core";

const secretKey = "sk_test_9rZk3Lm0";
const ledger = openLedger({ store: memoryStore() });

/** Stands in for Moment: its first answer to a key gets lost, its second is the stored one. */
const stored = new Map<string, string>();
const api = async (request: Request): Promise<Response> => {
  const { pathname } = new URL(request.url);
  const owner = { customer_id: "bcus_JTeKdNnFRIBXuDL7DxtpY", account_id: "bacc_pfJBd0Kh8oOOL8dK" };
  const customer = { id: owner.customer_id, external_reference: "CUST-51908" };
  const account = {
    id: owner.account_id,
    external_reference: "ACC-7781",
    customer_id: customer.id,
  };
  if (pathname === "/billing/customers/CUST-51908") return Response.json(customer);
  if (pathname === "/billing/accounts/ACC-7781") return Response.json(account);
  if (pathname !== "/billing/bills") {
    const detail = `Nothing answers to ${pathname}.`;
    return Response.json({ status: 404, code: "not_found", detail }, { status: 404 });
  }
  const key = request.headers.get("idempotency-key") ?? "";
  const reply = stored.get(key);
  const replayed = { "idempotent-replayed": "true" };
  if (reply !== undefined) return new Response(reply, { status: 201, headers: replayed });
  const asked = (await request.json()) as { readonly amount_due: number };
  const amounts = { amount_paid: 0, amount_remaining: asked.amount_due };
  const bill = { ...asked, ...owner, account: undefined, ...amounts };
  stored.set(key, JSON.stringify({ id: "bill_J2isAjIhKtJ0RlgLKOmxg", status: "unpaid", ...bill }));
  throw new TypeError("the connection broke after the bill was made");
};

// #region make
import { createMomentClient, isMomentApiError } from "@tallystick/adapters/moment";

const moment = createMomentClient({ secretKey, fetch: api });
// #endregion

// #region owners
await ledger.mirror(await moment.customers.retrieve("CUST-51908"));
await ledger.mirror(await moment.accounts.retrieve("ACC-7781"));
// #endregion

// #region raise
const { entity: bill, replayed } = await moment.bills.create(
  { externalReference: "BILL-0317", account: "ACC-7781", currency: "ZAR", amountDue: 37650 },
  { idempotencyKey: "raise-BILL-0317" },
);
await ledger.mirror(bill);
console.log(`${bill.id} is ${bill.status}${replayed ? ", made by an earlier try" : ""}`);
// #endregion

// #region errors
/** Voids a bill, and says what there is to do. */
const voidBill = async (reference: string): Promise<string> => {
  try {
    const { entity } = await moment.bills.void(reference, { idempotencyKey: `void-${reference}` });
    return entity.status;
  } catch (error) {
    if (isMomentApiError(error, "MOMENT_NOT_FOUND")) return "there is no such bill";
    if (isMomentApiError(error)) {
      const { status, problem, idempotencyKey } = error.detail;
      console.error(status, problem?.title, idempotencyKey);
    }
    if (isLedgerError(error) && error.retry === "with-key") return "ask again with the same key";
    throw error;
  }
};
// #endregion

console.log(await voidBill("BILL-9999"));
const { balances } = await ledger.balanceOf({ bill: "BILL-0317" });
console.log(`the ledger says ${balances[0]?.balance}`);
