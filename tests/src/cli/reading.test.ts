/** `balances`, `history`, `suspense` and `suspense match`: their shapes, and what they refuse. */
import { describe, expect, it } from "vitest";
import { sent } from "./sent.ts";
import { account, answer, bill, customer, errorOf, mirrored, tallystick } from "./support.ts";

const paid = async (store: string, ...payments: readonly object[]) => {
  const { secret, file } = await sent(payments);
  return answer(["receive", file, "--secret", secret, "--store", store]);
};
const payment = (more: object = {}): object => ({
  payment_id: "pay_a",
  amount: 6_000,
  currency: "ZAR",
  bill_id: "bill_a",
  ...more,
});

describe("balances", () => {
  it("gives a row for each obligation that is tracked, and sums that add up", async () => {
    const { store } = await mirrored([
      customer(),
      account(),
      bill(),
      bill({ id: "bill_v", external_reference: "V", status: "voided" }),
    ]);
    await paid(store, payment());
    expect(await answer(["balances", "--store", store])).toEqual({
      data: [
        {
          id: "bcus_a",
          kind: "customer_balance",
          external_reference: "CUST-A",
          customer_id: "bcus_a",
          currency: "ZAR",
          balance: 10_000,
        },
        {
          id: "bill_a",
          kind: "bill",
          external_reference: "BILL-A",
          customer_id: "bcus_a",
          account_id: "bacc_a",
          currency: "ZAR",
          balance: -1_000,
          amount_due: 5_000,
          amount_paid: 6_000,
          amount_remaining: 0,
          status: "paid",
        },
        expect.objectContaining({
          id: "bill_v",
          balance: 0,
          status: "voided",
          amount_remaining: 5_000,
        }),
      ],
      totals: [{ currency: "ZAR", owed: 10_000, credit: 1_000, net: 9_000 }],
      customers: [
        {
          id: "bcus_a",
          external_reference: "CUST-A",
          currency: "ZAR",
          owed: 10_000,
          credit: 1_000,
          net: 9_000,
        },
      ],
      accounts: [
        {
          id: "bacc_a",
          external_reference: "ACC-A",
          currency: "ZAR",
          owed: 0,
          credit: 1_000,
          net: -1_000,
        },
      ],
    });
  });

  it("prints major units, by the exponent of each currency, and calls credit credit", async () => {
    const { store } = await mirrored([
      customer({ balance: -12_345 }),
      account({ currency: "JPY", balance: 500 }),
      bill({ currency: "BHD", amount_due: 1_005, amount_remaining: 1_005 }),
    ]);
    const { code, stdout } = await tallystick(["balances", "--store", store]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^CUST-A +customer +ZAR +123\.45 +credit$/m);
    expect(stdout).toMatch(/^ACC-A +account +CUST-A +JPY +500 +owed$/m);
    expect(stdout).toMatch(/^BILL-A +bill +CUST-A +unpaid +BHD +1\.005 +owed$/m);
  });

  it("says so where nothing is owed", async () => {
    const { store } = await mirrored([
      account(),
      { object: "customer", id: "bcus_a", external_reference: "A" },
    ]);
    expect(await answer(["balances", "--store", store])).toEqual({
      data: [],
      totals: [],
      customers: [],
      accounts: [],
    });
    expect((await tallystick(["balances", "--store", store])).stdout).toContain("Nothing is owed");
  });

  it("gives sums beyond 2^53 as digits", async () => {
    const most = Array.from({ length: 10 }, (_, at) =>
      customer({ id: `bcus_${at}`, external_reference: `C-${at}`, balance: 10 ** 15 }),
    );
    const { store } = await mirrored(most);
    const { totals } = await answer(["balances", "--store", store]);
    expect(totals).toEqual([
      { currency: "ZAR", owed: "10000000000000000", credit: 0, net: "10000000000000000" },
    ]);
  });
});

describe("history", () => {
  it("tells everything in order, by id and by reference", async () => {
    const { store } = await mirrored([customer(), account(), bill()]);
    await paid(store, payment());
    const { data, ...head } = await answer(["history", "BILL-A", "--store", store]);
    expect(head).toEqual({ id: "bill_a", kind: "bill", external_reference: "BILL-A" });
    expect(data.map(({ type }: { type: string }) => type)).toEqual([
      "bill.created",
      "obligation.opened",
      "obligation.amount_applied",
    ]);
    expect(data[2]).toMatchObject({
      revision: 3,
      stream_id: "bill/bill_a",
      data: {
        payment_id: "pay_a",
        amount: 6_000,
        effect: -6_000,
        balance_after: -1_000,
        violations: ["not_payable"],
      },
    });
    expect((await answer(["history", "bill_a", "--store", store])).data).toEqual(data);
    const { stdout } = await tallystick(["history", "bill_a", "--store", store]);
    expect(stdout).toMatch(/obligation\.amount_applied +ZAR +60\.00 +10\.00 +credit +pay_a/);
  });

  it("names the ids where a reference is shared by several kinds", async () => {
    const { store } = await mirrored([
      customer({ external_reference: "R" }),
      account({ external_reference: "R" }),
    ]);
    const ran = await tallystick(["history", "R", "--store", store, "--json"]);
    expect(ran.code).toBe(2);
    expect(errorOf(ran)).toMatchObject({
      code: "USAGE",
      message:
        "R is the reference of the customer bcus_a and of the account bacc_a; say which one by its id",
      detail: {
        candidates: [
          { kind: "customer", id: "bcus_a" },
          { kind: "account", id: "bacc_a" },
        ],
      },
    });
    expect((await answer(["history", "bacc_a", "--store", store])).kind).toBe("account");
  });

  it("refuses what nothing answers to, and what is no name at all", async () => {
    const { store } = await mirrored([customer()]);
    for (const [name, code] of [
      ["nobody", "NOT_FOUND"],
      ["bill_x", "NOT_FOUND"],
      ["a b", "INVALID_INPUT"],
    ] as const) {
      const ran = await tallystick(["history", name, "--store", store, "--json"]);
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(errorOf(ran)).toMatchObject({ code });
    }
  });
});

describe("suspense", () => {
  const suspended = async () => {
    const place = await mirrored([
      customer(),
      account(),
      bill(),
      bill({ id: "bill_v", external_reference: "V", status: "voided" }),
    ]);
    await paid(
      place.store,
      payment({ bill_id: "bill_x" }),
      payment({ payment_id: "pay_b", currency: "USD" }),
    );
    return place.store;
  };

  it("lists each sum with its reason and its target", async () => {
    const store = await suspended();
    expect(await answer(["suspense", "--store", store])).toEqual({
      data: [
        {
          payment_id: "pay_a",
          amount: 6_000,
          currency: "ZAR",
          reason: "unknown_target",
          target: { kind: "bill", name: "bill_x" },
          effective_at: "2026-03-10T00:00:00.000Z",
        },
        expect.objectContaining({
          payment_id: "pay_b",
          currency: "USD",
          reason: "currency_mismatch",
        }),
      ],
      totals: [
        { reason: "unknown_target", currency: "ZAR", count: 1, amount: 6_000 },
        { reason: "currency_mismatch", currency: "USD", count: 1, amount: 6_000 },
      ],
    });
    expect((await tallystick(["suspense", "--store", store])).stdout).toMatch(
      /pay_a +2026-03-10 +ZAR +60\.00 +unknown_target/,
    );
  });

  it("puts a payment where it belongs, once", async () => {
    const store = await suspended();
    const match = ["suspense", "match", "pay_a", "--to", "CUST-A", "--store", store];
    expect(await answer(match)).toMatchObject({
      payment_id: "pay_a",
      amount: 6_000,
      currency: "ZAR",
      matched: true,
      target: { kind: "customer", id: "bcus_a", external_reference: "CUST-A" },
      balance: 4_000,
    });
    expect(await answer(match)).toMatchObject({ matched: false });
    expect((await answer(["suspense", "--store", store])).data).toHaveLength(1);
    expect((await answer(["balances", "--store", store])).totals).toEqual([
      { currency: "ZAR", owed: 9_000, credit: 0, net: 9_000 },
    ]);
  });

  it.for([
    [["pay_b", "--to", "bill_a"], "CURRENCY_MISMATCH"],
    [["pay_a", "--to", "bill_v"], "BILL_VOIDED"],
    [["pay_x", "--to", "bill_a"], "PAYMENT_NOT_FOUND"],
    [["pay_a", "--to", "nobody"], "NOT_FOUND"],
    [["pay_a", "--to", "bill_a", "--amount", "6001"], "PAYMENT_NOT_FOUND"],
    [["pay_a", "--to", "bill_a", "--amount", "60.00"], "USAGE"],
    [["pay_a"], "USAGE"],
    [["not a payment", "--to", "bill_a"], "INVALID_INPUT"],
  ] as const)("refuses to match %j: %s, and changes nothing", async ([args, code]) => {
    const store = await suspended();
    const before = await answer(["verify", "--store", store]);
    const ran = await tallystick(["suspense", "match", ...args, "--store", store, "--json"]);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(errorOf(ran)).toMatchObject({ code });
    expect(await answer(["verify", "--store", store])).toEqual(before);
  });

  it("takes a match back, once, and lists what was undone with its reason", async () => {
    const store = await suspended();
    const at = ["--store", store];
    await answer(["suspense", "match", "pay_a", "--to", "CUST-A", ...at]);
    const undo = ["suspense", "undo", "pay_a", "--reason", "not hers", "--of", "CUST-A", ...at];
    const target = { kind: "customer", id: "bcus_a", external_reference: "CUST-A" };
    expect(await answer([...undo, "--dry-run"])).toMatchObject({ undone: false, from: target });
    expect(await answer([...undo, "--actor", "clerk"])).toEqual({
      payment_id: "pay_a",
      amount: 6_000,
      currency: "ZAR",
      undone: true,
      from: target,
      balance: 10_000,
      reason: "unknown_target",
      event_id: expect.stringMatching(/^evt_/),
    });
    expect(await answer(undo)).toMatchObject({ undone: false, reason: "unknown_target" });
    const { data } = await answer(["suspense", ...at]);
    expect(data).toMatchObject([
      { payment_id: "pay_a", undone: { kind: "customer", id: "bcus_a", note: "not hers" } },
      { payment_id: "pay_b" },
    ]);
    const past = await answer(["suspense", "--effective", "2026-03-31", ...at]);
    expect(past.data[0].undone).toEqual(data[0].undone);
    const match = ["suspense", "match", "pay_a", "--to", "CUST-A", ...at];
    expect(await answer(match)).toMatchObject({ matched: true, balance: 4_000 });
  });

  it.for([
    [["pay_a"], "USAGE"],
    [["pay_a", "--reason", ""], "INVALID_INPUT"],
    [["pay_a", "--reason", "x"], "PAYMENT_NOT_FOUND"],
    [["pay_a", "--reason", "x", "--of", "nobody"], "NOT_FOUND"],
  ] as const)("refuses to undo %j: %s, and changes nothing", async ([args, code]) => {
    const store = await suspended();
    const before = await answer(["verify", "--store", store]);
    const ran = await tallystick(["suspense", "undo", ...args, "--store", store, "--json"]);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(errorOf(ran)).toMatchObject({ code });
    expect(await answer(["verify", "--store", store])).toEqual(before);
  });

  it("needs to be told which sum is meant where several lie there", async () => {
    const { store } = await mirrored([customer()]);
    await paid(
      store,
      payment({ bill_id: "bill_x" }),
      payment({ bill_id: "bill_y", amount: 7_000 }),
    );
    const match = ["suspense", "match", "pay_a", "--to", "bcus_a", "--store", store];
    const ran = await tallystick([...match, "--json"]);
    expect(ran.code).toBe(2);
    expect(errorOf(ran)).toMatchObject({ code: "TARGET_REQUIRED" });
    expect(await answer([...match, "--amount", "7000"])).toMatchObject({
      amount: 7_000,
      balance: 3_000,
    });
  });

  it("says so where nothing lies there", async () => {
    const { store } = await mirrored([customer()]);
    expect(await answer(["suspense", "--store", store])).toEqual({ data: [], totals: [] });
    expect((await tallystick(["suspense", "--store", store])).stdout).toContain(
      "Nothing lies in suspense",
    );
  });
});
