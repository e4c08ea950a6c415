import { describe, expect, it } from "vitest";
import { amountMax } from "../money/minor-units.ts";
import {
  aBill,
  aCustomer,
  anAccount,
  customerAfter,
  given,
  ofAccount,
  ofCustomer,
  opened,
} from "../testing/given.ts";
import { assertBalance, charge, credit, outOfRange } from "./balance.ts";
import type { AccountState, BillState, CustomerState } from "./state.ts";

describe("charging", () => {
  it("raises what is owed", () => {
    expect(
      given<CustomerState>(aCustomer(), opened(500)).when((customer) =>
        charge(customer, { amount: 20, reason: "interest" }),
      ),
    ).toEqual([
      {
        type: "obligation.amount_charged",
        data: { ...ofCustomer, amount: 20, effect: 20, balanceAfter: 520, reason: "interest" },
      },
    ]);
  });

  it("may name the currency, the date, and no reason", () => {
    const effectiveAt = "2026-02-01T00:00:00.000Z";
    expect(
      given<AccountState>(anAccount(), opened(-5, ofAccount)).when((account) =>
        charge(account, { amount: 5, currency: "ZAR", effectiveAt }),
      ),
    ).toEqual([
      {
        type: "obligation.amount_charged",
        data: { ...ofAccount, amount: 5, effect: 5, balanceAfter: 0 },
        effectiveAt,
      },
    ]);
  });
});

describe("crediting", () => {
  it("lowers what is owed, with the reason, below zero too", () => {
    expect(
      given<CustomerState>(aCustomer(), opened(500)).when((customer) =>
        credit(customer, { amount: 620, reason: "goodwill" }),
      ),
    ).toEqual([
      {
        type: "obligation.amount_credited",
        data: { ...ofCustomer, amount: 620, effect: -620, balanceAfter: -120, reason: "goodwill" },
      },
    ]);
  });
});

describe("charging and crediting", () => {
  const adjustments = [
    ["charge", charge],
    [
      "credit",
      (entity: CustomerState, adjustment: Parameters<typeof charge>[1]) =>
        credit(entity, { ...adjustment, reason: "x" }),
    ],
  ] as const;

  it.each(adjustments)("%s refuses a bill: what it asks for never changes", (_, adjust) => {
    expect(
      given<BillState>(...aBill()).when((bill) => adjust(bill as never, { amount: 1 })),
    ).toEqual({ refused: "NOT_ADJUSTABLE", id: "bill_b" });
  });

  it.each(adjustments)("%s refuses where no balance is tracked", (_, adjust) => {
    for (const customer of [aCustomer(), aCustomer({ currency: "ZAR" })])
      expect(
        given<CustomerState>(customer).when((entity) => adjust(entity, { amount: 1 })),
      ).toEqual({ refused: "BALANCE_NOT_TRACKED", id: "bcus_c" });
  });

  it.each(adjustments)("%s refuses another currency", (_, adjust) => {
    expect(
      given<CustomerState>(aCustomer(), opened(1)).when((entity) =>
        adjust(entity, { amount: 1, currency: "USD" }),
      ),
    ).toEqual({
      refused: "CURRENCY_MISMATCH",
      id: "bcus_c",
      currency: "USD",
      expected: "ZAR",
    });
  });

  it("reach the bound and refuse to pass it, on either side", () => {
    const up = (amount: number) =>
      given<CustomerState>(aCustomer(), opened(amountMax - 1)).when((entity) =>
        charge(entity, { amount }),
      );
    expect(up(1)).toMatchObject([{ data: { balanceAfter: amountMax } }]);
    expect(up(2)).toEqual({
      refused: "AMOUNT_OUT_OF_RANGE",
      id: "bcus_c",
      balance: amountMax + 1,
      balanceMax: amountMax,
    });
    const down = (amount: number) =>
      given<CustomerState>(aCustomer(), opened(1 - amountMax)).when((entity) =>
        credit(entity, { amount, reason: "x" }),
      );
    expect(down(1)).toMatchObject([{ data: { balanceAfter: -amountMax } }]);
    expect(down(2)).toMatchObject({ refused: "AMOUNT_OUT_OF_RANGE", balance: -amountMax - 1 });
  });
});

describe("asserting a balance", () => {
  it("spans the whole range in one step", () => {
    expect(
      assertBalance(customerAfter(aCustomer(), opened(-amountMax)), amountMax, "ZAR"),
    ).toMatchObject([
      { data: { previousBalance: -amountMax, effect: 2 * amountMax, balanceAfter: amountMax } },
    ]);
  });

  it("is possible at the bound, and not beyond", () => {
    const customer = customerAfter(aCustomer());
    expect(outOfRange(customer, -amountMax)).toBeUndefined();
    expect(outOfRange(customer, amountMax + 1)).toMatchObject({
      refusal: { code: "AMOUNT_OUT_OF_RANGE" },
    });
  });
});
