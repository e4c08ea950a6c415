/** A backend that raises a bill at Moment and keeps it in its own ledger. Moment is the mock, in this process. */
import { memoryStore } from "@tallystick/adapters/memory";
import { isLedgerError, openLedger } from "@tallystick/core";
import { createMockServer } from "@tallystick/mock-server";

const secretKey = "sk_test_9rZk3Lm0";
const ledger = openLedger({ store: memoryStore() });
const mock = createMockServer();
const api = mock.fetch;

// #region make
import { createMomentClient, isMomentApiError } from "@tallystick/adapters/moment";

const moment = createMomentClient({ secretKey, fetch: api });
// #endregion

await moment.accounts.create({
  externalReference: "ACC-7781",
  customer: { externalReference: "CUST-51908" },
});

// #region owners
await ledger.mirror(await moment.customers.retrieve("CUST-51908"));
await ledger.mirror(await moment.accounts.retrieve("ACC-7781"));
// #endregion

// The next reply gets lost: the bill is made, and the connection is cut.
await api(
  new Request("http://mock/_mock/faults", {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}`, "content-type": "application/json" },
    body: JSON.stringify({ on: { path: "/billing/bills" }, effect: "commit_then_drop" }),
  }),
);

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
await mock.close();
