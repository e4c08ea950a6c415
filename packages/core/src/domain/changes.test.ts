/** What may change in customers, accounts and bills, and what may not. */
import { describe, expect, it } from "vitest";
import {
  aBill,
  aCustomer,
  anAccount,
  billPaid,
  billVoided,
  customerAfter,
  given,
  ofAccount,
  ofBill,
  ofCustomer,
  opened,
  policy,
  rules,
  rulesSet,
} from "../testing/given.ts";
import {
  mirroredUpdate,
  setBalance,
  setPaymentRules,
  updateBalanceHolder,
  updateBill,
  voidBill,
  voidedEvent,
} from "./changes.ts";
import type { Metadata } from "./fields.ts";
import type { PlannedEvent } from "./planned.ts";
import type { AccountState, BillState, CustomerState } from "./state.ts";

const metadataOf = (count: number): Metadata =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, "v"]));

describe("updating a customer or an account", () => {
  const update =
    (changes: Parameters<typeof updateBalanceHolder>[1], effectiveAt?: string) =>
    (entity: CustomerState | AccountState) =>
      updateBalanceHolder(entity, changes, policy, effectiveAt);
  const known = aCustomer(
    {},
    { name: "Lerato", email: "l@example.org", phone: "+271", metadata: { a: "1", b: "2" } },
  );
  const updated = (personal: object, data: object = {}) => ({
    type: "customer.updated",
    data: { customerId: "bcus_c", ...data },
    personal,
  });

  it("records what differs, and only that (CUS-10, CUS-11)", () => {
    const when = given(known).when;
    expect(when(update({ name: "Lerato", email: "new@example.org", phone: "+272" }))).toEqual([
      updated({ email: "new@example.org", phone: "+272" }),
    ]);
  });

  it("records nothing where nothing differs (D-43)", () => {
    const when = given(known, opened(100)).when;
    expect(when(update({}))).toEqual([]);
    expect(
      when(update({ name: "Lerato", metadata: { b: "2" }, balance: 100, currency: "ZAR" })),
    ).toEqual([]);
  });

  it("merges metadata: the event holds what is new or other (META-06)", () => {
    expect(given(known).when(update({ metadata: { a: "1", b: "3", c: "4" } }))).toEqual([
      updated({ metadata: { b: "3", c: "4" } }),
    ]);
    expect(given(aCustomer()).when(update({ metadata: { a: "1" } }))).toEqual([
      updated({ metadata: { a: "1" } }),
    ]);
  });

  it("tells a metadata key from a member that every object has", () => {
    expect(
      given(known).when(update({ metadata: { constructor: "x" } as unknown as Metadata })),
    ).toEqual([updated({ metadata: { constructor: "x" } })]);
  });

  it("judges the limits on the merged metadata (META-07)", () => {
    const full = aCustomer({}, { metadata: metadataOf(10) });
    expect(given(full).when(update({ metadata: { k3: "w" } }))).toHaveLength(1);
    expect(given(full).when(update({ metadata: { another: "w" } }))).toMatchObject({
      refused: "METADATA_LIMIT",
      faults: [{ field: "metadata", message: "would have 11 keys; at most 10 are allowed" }],
    });
  });

  it("takes a currency where there is none, and changes none without a balance (D-15)", () => {
    expect(given(aCustomer()).when(update({ currency: "ZAR" }))).toEqual([
      { type: "customer.updated", data: { customerId: "bcus_c", currency: "ZAR" } },
    ]);
    expect(given(aCustomer({ currency: "ZAR" })).when(update({ currency: "ZAR" }))).toEqual([]);
    expect(given(aCustomer({ currency: "ZAR" })).when(update({ currency: "USD" }))).toEqual({
      refused: "CURRENCY_MISMATCH",
      id: "bcus_c",
      currency: "USD",
      expected: "ZAR",
    });
  });

  it("sets details and balance in one step", () => {
    expect(given(known, opened(100)).when(update({ name: "L.", balance: 61_200 }))).toMatchObject([
      { type: "customer.updated", personal: { name: "L." } },
      {
        type: "obligation.balance_asserted",
        data: { amount: 61_200, previousBalance: 100, effect: 61_100 },
      },
    ]);
  });

  it("refuses details and balance together where the balance cannot be set", () => {
    expect(given(aCustomer()).when(update({ name: "L.", balance: 1 }))).toMatchObject({
      refused: "CURRENCY_REQUIRED",
    });
  });

  it("dates a first balance only", () => {
    const effectiveAt = "2026-01-01T00:00:00.000Z";
    expect(
      given(aCustomer()).when(update({ balance: 1, currency: "ZAR" }, effectiveAt)),
    ).toMatchObject([{ type: "obligation.opened", effectiveAt }, {}]);
    expect(given(aCustomer()).when(update({ name: "L." }, effectiveAt))).toMatchObject({
      refused: "INVALID_INPUT",
      faults: [{ field: "effectiveAt" }],
    });
  });

  it("knows an account by its own event", () => {
    expect(given<AccountState>(anAccount()).when(update({ name: "Fibre" }))).toEqual([
      { type: "account.updated", data: { accountId: "bacc_a" }, personal: { name: "Fibre" } },
    ]);
  });
});

describe("setting a balance", () => {
  const set =
    (setting: Parameters<typeof setBalance>[1]) => (entity: CustomerState | AccountState) =>
      setBalance(entity, setting, policy);
  const asserted = (data: object) => ({
    type: "obligation.balance_asserted",
    data: { ...ofCustomer, ...data },
  });

  it("begins to track with the default rules", () => {
    expect(given(aCustomer()).when(set({ balance: 500, currency: "ZAR" }))).toEqual([
      opened(500),
      rulesSet(rules({ minAmount: 101 })),
    ]);
    expect(given<AccountState>(anAccount()).when(set({ balance: 500, currency: "ZAR" }))).toEqual([
      opened(500, ofAccount),
      rulesSet(rules({ minAmount: 102 }), ofAccount),
    ]);
  });

  it("begins in the entity's currency where none is named", () => {
    expect(given(aCustomer({ currency: "ZAR" })).when(set({ balance: 500 }))).toContainEqual(
      opened(500),
    );
  });

  it("begins in another currency than was noted without a balance", () => {
    expect(
      given(aCustomer({ currency: "ZAR" })).when(set({ balance: 500, currency: "USD" })),
    ).toContainEqual(opened(500, ofCustomer, "USD"));
  });

  it("leaves rules alone that were set or taken away before", () => {
    expect(
      given(aCustomer(), rulesSet(rules({ minAmount: 1 }))).when(
        set({ balance: 1, currency: "ZAR" }),
      ),
    ).toEqual([opened(1)]);
    expect(given(aCustomer(), rulesSet(null)).when(set({ balance: 1, currency: "ZAR" }))).toEqual([
      opened(1),
    ]);
  });

  it("replaces the balance, and says what it was (CUS-12)", () => {
    expect(given(aCustomer(), opened(500)).when(set({ balance: -20 }))).toEqual([
      asserted({ amount: -20, previousBalance: 500, effect: -520, balanceAfter: -20 }),
    ]);
  });

  it("says nothing where that is the balance already, unless it is said when it was true", () => {
    expect(given(aCustomer(), opened(500)).when(set({ balance: 500 }))).toEqual([]);
    const trueAt = "2026-02-28T21:59:59.999Z";
    expect(given(aCustomer(), opened(500)).when(set({ balance: 500, trueAt }))).toEqual([
      asserted({ amount: 500, previousBalance: 500, effect: 0, balanceAfter: 500, trueAt }),
    ]);
  });

  it("takes the old currency to 0 in the same step when it changes (D-15)", () => {
    expect(given(aCustomer(), opened(500)).when(set({ balance: 70, currency: "USD" }))).toEqual([
      asserted({ amount: 0, previousBalance: 500, effect: -500, balanceAfter: 0 }),
      asserted({ currency: "USD", amount: 70, previousBalance: 0, effect: 70, balanceAfter: 70 }),
    ]);
  });

  it("says of both currencies when it was true", () => {
    const trueAt = "2026-01-31T23:59:59.999Z";
    expect(
      given(aCustomer(), opened(500)).when(set({ balance: 70, currency: "USD", trueAt })),
    ).toMatchObject([
      { data: { currency: "ZAR", balanceAfter: 0, trueAt } },
      { data: { currency: "USD", balanceAfter: 70, trueAt } },
    ]);
  });

  it("comes back to a currency that was left, and takes over what stands there", () => {
    const history = [
      aCustomer(),
      opened(500),
      asserted({ amount: 0, previousBalance: 500, effect: -500, balanceAfter: 0 }),
      asserted({ currency: "USD", amount: 70, previousBalance: 0, effect: 70, balanceAfter: 70 }),
    ] as PlannedEvent[];
    expect(
      given(...history).when((customer) =>
        set({ balance: 1, currency: "ZAR" })(customer as CustomerState),
      ),
    ).toEqual([
      asserted({ currency: "USD", amount: 0, previousBalance: 70, effect: -70, balanceAfter: 0 }),
      asserted({ amount: 1, previousBalance: 0, effect: 1, balanceAfter: 1 }),
    ]);
  });

  it("needs a currency where none is known (MON-09)", () => {
    expect(given(aCustomer()).when(set({ balance: 500 }))).toEqual({
      refused: "CURRENCY_REQUIRED",
      id: "bcus_c",
      field: "currency",
    });
  });

  it("takes effect when it is recorded, a first balance aside", () => {
    const effectiveAt = "2026-01-01T00:00:00.000Z";
    expect(given(aCustomer(), opened(500)).when(set({ balance: 1, effectiveAt }))).toMatchObject({
      refused: "INVALID_INPUT",
      faults: [{ field: "effectiveAt", message: "is for a first balance only; use trueAt" }],
    });
  });
});

describe("setting payment rules", () => {
  it("sets, replaces and takes away", () => {
    const set = (paymentRules: Parameters<typeof setPaymentRules>[1]) => (entity: CustomerState) =>
      setPaymentRules(entity, paymentRules);
    expect(given(aCustomer()).when(set(rules()))).toEqual([rulesSet(rules())]);
    expect(given(aCustomer(), rulesSet(rules())).when(set(null))).toEqual([rulesSet(null)]);
    expect(given(aCustomer()).when(set(null))).toEqual([rulesSet(null)]);
    expect(given(aCustomer(), rulesSet(null)).when(set(null))).toEqual([]);
    expect(given(aCustomer(), rulesSet(rules())).when(set(rules()))).toEqual([]);
    for (const other of [
      { minAmount: 1 },
      { maxAmount: 1 },
      { underpaymentAllowed: false },
      { overpaymentAllowed: true },
    ])
      expect(given(aCustomer(), rulesSet(rules())).when(set(rules(other)))).toEqual([
        rulesSet(rules(other)),
      ]);
  });

  it("is refused on a voided bill", () => {
    expect(
      given<BillState>(...aBill(), billVoided()).when((bill) => setPaymentRules(bill, null)),
    ).toEqual({
      refused: "BILL_VOIDED",
      id: "bill_b",
    });
  });
});

describe("updating a bill", () => {
  const update = (changes: Parameters<typeof updateBill>[1]) => (bill: BillState) =>
    updateBill(bill, changes, policy);
  const assertedPaid = (paid: number, before: number) => ({
    type: "obligation.balance_asserted",
    data: {
      ...ofBill,
      amount: 37_650 - paid,
      previousBalance: 37_650 - before,
      effect: before - paid,
      balanceAfter: 37_650 - paid,
      amountPaidAfter: paid,
    },
  });

  it("takes the new total paid, up (BIL-16) and down (BIL-18)", () => {
    expect(given<BillState>(...aBill()).when(update({ amountPaid: 12_550 }))).toEqual([
      assertedPaid(12_550, 0),
    ]);
    expect(
      given<BillState>(...aBill(), billPaid(37_650, 37_650)).when(update({ amountPaid: 50 })),
    ).toEqual([assertedPaid(50, 37_650)]);
  });

  it("records nothing where that much was paid already", () => {
    expect(given<BillState>(...aBill()).when(update({ amountPaid: 0, currency: "ZAR" }))).toEqual(
      [],
    );
    expect(given<BillState>(...aBill()).when(update({}))).toEqual([]);
  });

  it("merges metadata", () => {
    expect(given<BillState>(...aBill()).when(update({ metadata: { teller: "9" } }))).toEqual([
      { type: "bill.updated", data: { billId: "bill_b" }, personal: { metadata: { teller: "9" } } },
    ]);
    expect(given<BillState>(...aBill()).when(update({ metadata: metadataOf(11) }))).toMatchObject({
      refused: "METADATA_LIMIT",
    });
  });

  it("refuses another currency (MON-11)", () => {
    expect(given<BillState>(...aBill()).when(update({ currency: "USD" }))).toEqual({
      refused: "CURRENCY_MISMATCH",
      id: "bill_b",
      currency: "USD",
      expected: "ZAR",
    });
  });

  it("refuses a total above what is due unless overpayment is allowed (BIL-19, D-31)", () => {
    const above = update({ amountPaid: 37_651 });
    const refused = {
      refused: "AMOUNT_PAID_ABOVE_DUE",
      id: "bill_b",
      amountPaid: 37_651,
      amountDue: 37_650,
    };
    expect(given<BillState>(...aBill()).when(above)).toEqual(refused);
    expect(given<BillState>(...aBill(), rulesSet(rules(), ofBill)).when(above)).toEqual(refused);
    const allowed = rulesSet(
      rules({ overpaymentAllowed: true, minAmount: 1, maxAmount: 2 }),
      ofBill,
    );
    expect(given<BillState>(...aBill(), allowed).when(above)).toEqual([assertedPaid(37_651, 0)]);
  });

  it("refuses everything once the bill is voided, before anything else (BIL-26)", () => {
    expect(given<BillState>(...aBill(), billVoided()).when(update({ currency: "USD" }))).toEqual({
      refused: "BILL_VOIDED",
      id: "bill_b",
    });
    expect(given<BillState>(...aBill(), billVoided()).when(update({}))).toMatchObject({
      refused: "BILL_VOIDED",
    });
  });
});

describe("voiding a bill", () => {
  it("takes what is owed to 0 and leaves what was paid (BIL-24)", () => {
    expect(given<BillState>(...aBill()).when((bill) => voidBill(bill))).toEqual([billVoided()]);
    expect(given<BillState>(...aBill(), billPaid(650, 650)).when((bill) => voidBill(bill))).toEqual(
      [billVoided(650)],
    );
  });

  it("can be dated", () => {
    const effectiveAt = "2026-02-01T00:00:00.000Z";
    expect(given<BillState>(...aBill()).when((bill) => voidBill(bill, effectiveAt))).toEqual([
      { ...billVoided(), effectiveAt },
    ]);
  });

  it("is refused twice (BIL-25), and on a paid bill (BIL-28)", () => {
    expect(given<BillState>(...aBill(), billVoided()).when((bill) => voidBill(bill))).toEqual({
      refused: "BILL_VOIDED",
      id: "bill_b",
    });
    expect(
      given<BillState>(...aBill(), billPaid(37_650, 37_650)).when((bill) => voidBill(bill)),
    ).toEqual({
      refused: "BILL_PAID",
      id: "bill_b",
      amountDue: 37_650,
      amountPaid: 37_650,
    });
  });

  it("has no effect of minus zero where nothing was owed", () => {
    const bill = {
      ...(aBill()[0]?.data as object),
      id: "bill_b",
      balances: { ZAR: 0 },
      amountPaid: 37_650,
    } as unknown as BillState;
    const { data } = voidedEvent(bill) as { data: { effect: number } };
    expect(Object.is(data.effect, 0)).toBe(true);
    expect(voidedEvent({ ...bill, balances: {} })).toMatchObject({ data: { amount: 0 } });
  });
});

describe("the event of a mirrored line", () => {
  it("is written even where it changes no detail, for it is the new last line", () => {
    expect(mirroredUpdate(customerAfter(aCustomer()), {}, { balance: 1, currency: "ZAR" })).toEqual(
      {
        type: "customer.updated",
        data: { customerId: "bcus_c", mirrored: { balance: 1, currency: "ZAR" } },
      },
    );
  });
});
