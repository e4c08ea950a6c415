/** Customers, accounts and bills as they come into being. */
import { describe, expect, it } from "vitest";
import {
  aBill,
  came,
  ofAccount,
  ofBill,
  opened,
  policy,
  rules,
  rulesSet,
} from "../testing/given.ts";
import { createAccount, createBill, createCustomer } from "./creation.ts";
import type { Metadata } from "./fields.ts";

const named = { externalReference: "CUST-1", obligationId: "ob_c", awaited: { reference: 0 } };
const created = { type: "customer.created", data: { customerId: "bcus_c", ...named } };
const metadataOf = (count: number): Metadata =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, "v"]));
const noRules = { ...policy, paymentRules: { customer: null, account: null, bill: null } };

describe("creating a customer", () => {
  it("needs no more than a reference (CUS-02, CUS-07)", () => {
    expect(came(createCustomer({ id: "bcus_c", ...named }, policy))).toEqual([created]);
  });

  it("keeps what is personal apart from what happened", () => {
    const personal = {
      name: "Lerato",
      email: "l@example.org",
      phone: "+27825550142",
      metadata: { region: "gauteng" },
    };
    expect(came(createCustomer({ id: "bcus_c", ...named, ...personal }, policy))).toEqual([
      { ...created, personal },
    ]);
  });

  it("leaves out metadata that is empty (D-22)", () => {
    expect(came(createCustomer({ id: "bcus_c", ...named, metadata: {} }, policy))).toEqual([
      created,
    ]);
  });

  it("opens a balance with the merchant's default rules (CUS-06, CUS-08, D-26)", () => {
    expect(
      came(createCustomer({ id: "bcus_c", ...named, balance: 48_350, currency: "ZAR" }, policy)),
    ).toEqual([
      { type: "customer.created", data: { customerId: "bcus_c", ...named, currency: "ZAR" } },
      opened(48_350),
      rulesSet(rules({ minAmount: 101 })),
    ]);
  });

  it("opens a balance of 0, and one below", () => {
    for (const balance of [0, -500])
      expect(
        came(createCustomer({ id: "bcus_c", ...named, balance, currency: "ZAR" }, policy)),
      ).toContainEqual(opened(balance));
  });

  it("keeps a currency that comes without a balance, and tracks nothing", () => {
    expect(came(createCustomer({ id: "bcus_c", ...named, currency: "ZAR" }, policy))).toEqual([
      { type: "customer.created", data: { customerId: "bcus_c", ...named, currency: "ZAR" } },
    ]);
  });

  it("adds no rules where the merchant has no defaults", () => {
    const events = came(
      createCustomer({ id: "bcus_c", ...named, balance: 1, currency: "ZAR" }, noRules),
    );
    expect(events).toHaveLength(2);
  });

  it("takes over the rules of a mirrored object, tracked or not, and none where it has none", () => {
    const mirrored = { currency: "ZAR" };
    const paymentRules = rules({ minAmount: 7 });
    const creation = { id: "bcus_c", ...named, mirrored };
    expect(came(createCustomer({ ...creation, paymentRules }, policy))).toContainEqual(
      rulesSet(paymentRules),
    );
    expect(
      came(createCustomer({ ...creation, paymentRules, balance: 1, currency: "ZAR" }, policy)),
    ).toContainEqual(rulesSet(paymentRules));
    expect(
      came(
        createCustomer({ ...creation, paymentRules: null, balance: 1, currency: "ZAR" }, policy),
      ),
    ).toHaveLength(2);
    expect(came(createCustomer({ ...creation, paymentRules: null }, policy))).toHaveLength(1);
  });

  it("dates the opening as asked", () => {
    const effectiveAt = "2026-01-01T00:00:00.000Z";
    const events = came(
      createCustomer({ id: "bcus_c", ...named, balance: 1, currency: "ZAR", effectiveAt }, policy),
    );
    expect(events).toMatchObject([
      { effectiveAt },
      { effectiveAt },
      { type: "obligation.payment_rules_set" },
    ]);
  });

  it("refuses metadata beyond the limits, and says all that is wrong (META-02, META-03, META-04)", () => {
    const withMetadata = (metadata: Metadata) =>
      came(createCustomer({ id: "bcus_c", ...named, metadata }, policy));
    expect(withMetadata(metadataOf(10))).toHaveLength(1);
    const tooLong = (what: string, length: number, most: number) =>
      `has a ${what} of ${length} characters; at most ${most} are allowed`;
    const tooMany = { field: "metadata", message: "would have 11 keys; at most 10 are allowed" };
    expect(withMetadata(metadataOf(11))).toEqual({ refused: "METADATA_LIMIT", faults: [tooMany] });
    const key = "k".repeat(41);
    expect(withMetadata({ ["k".repeat(40)]: "v".repeat(500) })).toHaveLength(1);
    expect(withMetadata({ [key]: "v" })).toEqual({
      refused: "METADATA_LIMIT",
      faults: [{ field: `metadata.${key}`, message: tooLong("key", 41, 40) }],
    });
    expect(withMetadata({ k: "v".repeat(501) })).toEqual({
      refused: "METADATA_LIMIT",
      faults: [{ field: "metadata.k", message: tooLong("value", 501, 500) }],
    });
    expect(withMetadata({ ...metadataOf(10), [key]: "v".repeat(501) })).toEqual({
      refused: "METADATA_LIMIT",
      faults: [
        tooMany,
        { field: `metadata.${key}`, message: tooLong("key", 41, 40) },
        { field: `metadata.${key}`, message: tooLong("value", 501, 500) },
      ],
    });
  });

  it("counts the characters of metadata, not code units", () => {
    const metadata = { ["😀".repeat(40)]: "😀".repeat(500) };
    expect(came(createCustomer({ id: "bcus_c", ...named, metadata }, policy))).toHaveLength(1);
  });

  it("goes by the merchant's own limits (META-05)", () => {
    const wide = { ...policy, metadataLimits: { keys: 20, keyLength: 50, valueLength: 500 } };
    const metadata = { ...metadataOf(19), ["k".repeat(50)]: "v" };
    expect(came(createCustomer({ id: "bcus_c", ...named, metadata }, wide))).toHaveLength(1);
  });

  it("takes a mirrored object's metadata as it is", () => {
    const creation = {
      id: "bcus_c",
      ...named,
      metadata: metadataOf(30),
      mirrored: {},
      paymentRules: null,
    };
    expect(came(createCustomer(creation, policy))).toHaveLength(1);
  });
});

describe("creating an account", () => {
  const account = {
    id: "bacc_a",
    customerId: "bcus_c",
    externalReference: "ACC-1",
    obligationId: "ob_a",
    awaited: { reference: 0 },
  };

  it("says whose it is (ACC-10), with a balance and the account's own default rules", () => {
    const { id: accountId, ...data } = account;
    expect(
      came(
        createAccount(
          { ...account, name: "Fibre line", balance: 129_900, currency: "ZAR" },
          policy,
        ),
      ),
    ).toEqual([
      {
        type: "account.created",
        data: { accountId, ...data, currency: "ZAR" },
        personal: { name: "Fibre line" },
      },
      opened(129_900, ofAccount),
      rulesSet(rules({ minAmount: 102 }), ofAccount),
    ]);
  });

  it("works without a balance (ACC-09)", () => {
    expect(came(createAccount(account, policy))).toHaveLength(1);
  });

  it("refuses metadata beyond the limits", () => {
    expect(came(createAccount({ ...account, metadata: metadataOf(11) }, policy))).toMatchObject({
      refused: "METADATA_LIMIT",
    });
  });
});

describe("creating a bill", () => {
  const bill = {
    id: "bill_b",
    customerId: "bcus_c",
    externalReference: "BILL-1",
    obligationId: "ob_b",
    awaited: { reference: 0 },
    currency: "ZAR",
    amountDue: 37_650,
  };

  it("owes what it asks for at once, and can be paid up to that (BIL-09, RUL-12)", () => {
    expect(came(createBill(bill, policy))).toEqual([
      ...aBill(),
      rulesSet(rules({ minAmount: 103, maxAmount: 37_650 }), ofBill),
    ]);
  });

  it("carries its account and its dates where it has them", () => {
    const more = { accountId: "bacc_a", billDate: "2026-03-01", dueDate: "2026-03-25" };
    expect(
      came(createBill({ ...bill, ...more, metadata: { period: "2026-03" } }, policy)),
    ).toMatchObject([{ data: more, personal: { metadata: { period: "2026-03" } } }, {}, {}]);
  });

  it("keeps the merchant's maximum where overpayment is allowed", () => {
    const paymentRules = { ...policy.paymentRules, bill: rules({ overpaymentAllowed: true }) };
    expect(came(createBill(bill, { ...policy, paymentRules }))).toContainEqual(
      rulesSet(rules({ overpaymentAllowed: true }), ofBill),
    );
  });

  it("cannot be paid where the merchant has no defaults for bills", () => {
    expect(came(createBill(bill, noRules))).toEqual(aBill());
  });

  it("takes over the rules of a mirrored bill as they are", () => {
    const mirrored = { status: "unpaid" } as const;
    expect(came(createBill({ ...bill, mirrored, paymentRules: rules() }, policy))).toContainEqual(
      rulesSet(rules(), ofBill),
    );
    expect(came(createBill({ ...bill, mirrored, paymentRules: null }, policy))).toHaveLength(2);
  });

  it("refuses metadata beyond the limits, a mirrored one's aside", () => {
    const metadata = metadataOf(11);
    expect(came(createBill({ ...bill, metadata }, policy))).toMatchObject({
      refused: "METADATA_LIMIT",
    });
    expect(came(createBill({ ...bill, metadata, mirrored: {} }, policy))).toHaveLength(3);
  });
});
