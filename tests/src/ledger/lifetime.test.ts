/** A ledger lives as long as its store: closed, it answers nothing, not even from what it remembers. */
import { expect, it } from "vitest";
import { open, refused } from "./open.ts";

it("refuses reads and writes once the store is closed, whatever was read before", async () => {
  const { ledger, store } = open();
  await ledger.createCustomer({ externalReference: "C", balance: 1, currency: "ZAR" });
  expect((await ledger.retrieveCustomer("C")).balance).toBe(1);
  await store.close();
  for (const late of [
    ledger.retrieveCustomer("C"),
    ledger.balanceOf({ customer: "C" }),
    ledger.listCustomers(),
    ledger.charge({ customer: "C", amount: 1 }),
    ledger.charge({ customer: "C", amount: 1 }, { dryRun: true }),
    ledger.verify(),
  ])
    expect(await refused(late)).toMatchObject({ code: "STORE_CLOSED" });
});
