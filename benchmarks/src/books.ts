/** Books to measure on: customers who owe so much that no payment settles them. */
import { nodeHost } from "@tallystick/adapters/host";
import { type Ledger, openLedger, type Store } from "@tallystick/core";
import { writing } from "./writers.ts";

export const customers = 10_000;
const owed = 900_000_000_000;

export const customerId = (index: number): string => `bcus_${String(index).padStart(21, "0")}`;

/** A ledger over a store with `count` customers in it. */
export const withCustomers = async (store: Store, count: number): Promise<Ledger> => {
  const ledger = openLedger({ store });
  await writing(256, count, (index) =>
    ledger.createCustomer({
      id: customerId(index),
      externalReference: `CUST-${index}`,
      balance: owed,
      currency: "ZAR",
    }),
  );
  return ledger;
};

let keys = 0;
/** A payment that nobody asked for before, under a key of its own. */
export const pay = (ledger: Ledger, index: number): Promise<unknown> => {
  keys += 1;
  return ledger.applyPayment(
    { customer: customerId(index), paymentId: `pay_${nodeHost.now()}${keys}`, amount: 100 },
    { idempotencyKey: `key-${nodeHost.now()}-${keys}` },
  );
};
