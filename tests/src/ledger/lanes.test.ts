/** Commands for one object take effect in the order in which they were handed in. */
import { setImmediate } from "node:timers/promises";
import { openLedger, type Written } from "@tallystick/core";
import { expect, it } from "vitest";
import { all, changed, sharedStore } from "./open.ts";

it("calls for one customer keep their order, also when another process was first", async () => {
  const shared = sharedStore();
  const right = openLedger({ store: shared });
  let late: Promise<Written<unknown>> | undefined;
  let handIn: (() => Promise<Written<unknown>>) | undefined;
  const store = changed(shared, {
    append: async (book, draft) => {
      // Handed in while those before it are being written, and before they hear that they lost.
      late ??= handIn?.();
      for (let turn = 0; turn < 5; turn += 1) await setImmediate();
      return shared.append(book, draft);
    },
  });
  const left = openLedger({ store });
  await left.createCustomer({ id: "bcus_c", externalReference: "C", currency: "ZAR", balance: 0 });
  const charge = (amount: number) => left.charge({ customer: "bcus_c", amount });
  handIn = () => charge(5);
  await right.charge({ customer: "bcus_c", amount: 100 });
  await Promise.all([1, 2, 3, 4].map(charge));
  await late;
  const events = await all(right.history({ customer: "bcus_c" }));
  expect(events.slice(3).map(({ data }) => "amount" in data && data.amount)).toEqual([
    100, 1, 2, 3, 4, 5,
  ]);
});
