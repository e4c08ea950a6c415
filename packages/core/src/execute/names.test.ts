import { describe, expect, it } from "vitest";
import type { ClaimHolder, Store } from "../store/store.ts";
import { Names } from "./names.ts";

/** A store that knows claims by a function, and counts how often it is asked. */
const storeOf = (holder: (key: string) => ClaimHolder | undefined) => {
  const asked: string[] = [];
  const store: Pick<Store, "resolveClaims"> = {
    resolveClaims: (_, keys) => {
      asked.push(...keys);
      return Promise.resolve(keys.map(holder));
    },
  };
  return { store: store as Store, asked };
};
const known = (key: string): ClaimHolder => ({
  streamId: `customer/bcus_${key.length}`,
  revision: 1,
});

describe("names", () => {
  it("are asked for once, since a reference never changes hands", async () => {
    const { store, asked } = storeOf(known);
    const names = new Names(store, "default");
    for (let time = 0; time < 3; time += 1) await names.laneOf("customer", "CUST-1");
    expect(asked).toEqual(["reference/customer/CUST-1"]);
  });

  it("are asked for again as long as nobody answers to them", async () => {
    let holder: ClaimHolder | undefined;
    const { store, asked } = storeOf(() => holder);
    const names = new Names(store, "default");
    expect(await names.laneOf("bill", "BILL-1")).toBe("bill/BILL-1");
    holder = { streamId: "bill/bill_b", revision: 1 };
    expect(await names.laneOf("bill", "BILL-1")).toBe("bill/bill_b");
    expect(asked).toHaveLength(2);
  });

  it("that are ids need no asking", async () => {
    const { store, asked } = storeOf(known);
    expect(await new Names(store, "default").laneOf("customer", "bcus_c")).toBe("customer/bcus_c");
    expect(asked).toEqual([]);
  });

  it("are forgotten rather than kept without bound", async () => {
    const { store, asked } = storeOf(known);
    const names = new Names(store, "default");
    for (let each = 0; each <= 50_000; each += 1)
      await names.streamOf(`reference/customer/${each}`);
    asked.length = 0;
    await names.streamOf("reference/customer/50000");
    await names.streamOf("reference/customer/0");
    expect(asked).toEqual(["reference/customer/0"]);
  });
});
