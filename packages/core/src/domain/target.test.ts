import { describe, expect, it } from "vitest";
import { InvariantViolation } from "../kernel/invariant.ts";
import { obligationKindOf, parseStreamId, streamIdOf } from "./target.ts";

describe("streams", () => {
  it.each([
    ["customer", "bcus_1", "customer/bcus_1"],
    ["account", "bacc_1", "account/bacc_1"],
    ["bill", "bill_1", "bill/bill_1"],
    ["suspense", "pay_1", "suspense/pay_1"],
  ] as const)("of kind %s are named by kind and id, and read back", (kind, id, streamId) => {
    expect(streamIdOf(kind, id)).toBe(streamId);
    expect(parseStreamId(streamId)).toEqual({ kind, id });
  });

  it.each(["", "customer", "order/1", "constructor/x", "/x"])("are not named %j", (streamId) => {
    expect(() => parseStreamId(streamId)).toThrow(InvariantViolation);
  });

  it("hold obligations: two kinds of balance, and bills", () => {
    expect(["customer", "account", "bill"].map((kind) => obligationKindOf(kind as "bill"))).toEqual(
      ["customer_balance", "account_balance", "bill"],
    );
  });
});
