/**
 * What the fixtures of the storage format are written from: commands by theme, as data. Together the
 * books hold every event type and every optional field, present and absent. To add to the fixtures,
 * add a theme or a call here and write a new file with `pnpm run stored`; a file that is there stays.
 */
import type { Ledger } from "@tallystick/core";

type Verb = Exclude<
  {
    [Name in keyof Ledger]: Ledger[Name] extends (
      ...args: never[]
    ) => Promise<{ readonly replayed: boolean }>
      ? Name
      : never;
  }[keyof Ledger],
  never
>;

/** A verb and what it is handed. */
export type Call = { [Name in Verb]: readonly [Name, ...Parameters<Ledger[Name]>] }[Verb];

const rules = {
  minAmount: 100,
  maxAmount: 500_000,
  underpaymentAllowed: true,
  overpaymentAllowed: false,
};

const customers: readonly Call[] = [
  [
    "createCustomer",
    {
      id: "bcus_full",
      externalReference: "CUST-FULL",
      name: "Zoë Nkosi \u{1f9fe}",
      email: "zoe@example.com",
      phone: "+27825550142",
      currency: "ZAR",
      balance: 125_000,
      metadata: {
        region: "Gauteng",
        ["__proto__"]: "a key like any other",
        "line\u2028end": '\t"\\',
      },
    },
    {
      idempotencyKey: "create full",
      effectiveAt: "2026-02-01T00:00:00+02:00",
      actor: "import",
      correlationId: "batch-1",
      causationId: "row-1",
    },
  ],
  ["createCustomer", { externalReference: "CUST-BARE" }],
  ["createCustomer", { externalReference: "CUST-CREDIT", currency: "JPY", balance: -1 }],
  ["updateCustomer", "bcus_full", { name: "Zoë Dlamini", metadata: { region: "Limpopo" } }],
  ["updateCustomer", "CUST-BARE", { currency: "USD" }],
  ["updateCustomer", "CUST-CREDIT", { currency: "EUR", balance: 0 }, { actor: "clerk" }],
  ["setBalance", { customer: "CUST-BARE", balance: 1_000_000_000_000_000 }],
  ["setBalance", { customer: "bcus_full", balance: 90_000, trueAt: "2026-02-28T12:00:00Z" }],
  ["charge", { customer: "bcus_full", amount: 500, reason: "late fee" }],
  ["charge", { customer: "bcus_full", amount: 1 }, { effectiveAt: "2026-02-15T08:30:00.125Z" }],
  ["credit", { customer: "bcus_full", amount: 2_000, reason: "goodwill" }],
  ["setPaymentRules", { customer: "bcus_full", paymentRules: rules }],
  ["setPaymentRules", { customer: "CUST-CREDIT", paymentRules: null }],
];

const accounts: readonly Call[] = [
  ["createCustomer", { id: "bcus_a", externalReference: "CUST-A" }],
  [
    "createAccount",
    {
      id: "bacc_water",
      externalReference: "ACC-WATER",
      customer: "CUST-A",
      name: "Water",
      currency: "ZAR",
      balance: 45_000,
      metadata: { meter: "7781" },
    },
  ],
  [
    "createAccount",
    {
      externalReference: "ACC-GROUP",
      customer: { externalReference: "CUST-B", name: "Born with an account" },
    },
  ],
  ["updateAccount", "ACC-GROUP", { currency: "ZAR" }],
  ["updateAccount", "ACC-WATER", { name: "Water and sewage" }],
  ["charge", { account: "bacc_water", amount: 7_550, reason: "usage in February" }],
  ["credit", { account: "bacc_water", amount: 50, reason: "rounding" }],
  ["setBalance", { account: "ACC-WATER", balance: 300, currency: "USD" }],
];

const bills: readonly Call[] = [
  ["createCustomer", { id: "bcus_b", externalReference: "CUST-B", currency: "ZAR" }],
  [
    "createBill",
    {
      id: "bill_full",
      externalReference: "BILL-FULL",
      currency: "ZAR",
      amountDue: 37_650,
      account: { externalReference: "ACC-B", customer: "CUST-B" },
      billDate: "2026-02-01",
      dueDate: "2026-02-28",
      metadata: { invoice: "2026/02" },
    },
    { idempotencyKey: "bill full" },
  ],
  [
    "createBill",
    { externalReference: "BILL-BARE", customer: "bcus_b", currency: "USD", amountDue: 99_999_999 },
  ],
  [
    "createBill",
    {
      externalReference: "BILL-WHOLE",
      currency: "KWD",
      amountDue: 1_000,
      account: {
        externalReference: "ACC-WHOLE",
        customer: { externalReference: "CUST-WHOLE", name: "All three at once" },
      },
    },
  ],
  ["updateBill", "BILL-FULL", { metadata: { invoice: "2026/02b" } }],
  ["updateBill", "BILL-FULL", { amountPaid: 7_650 }],
  ["setPaymentRules", { bill: "BILL-FULL", paymentRules: { ...rules, overpaymentAllowed: true } }],
  ["recordPayment", { bill: "BILL-FULL", amount: 30_000, currency: "ZAR", paymentId: "pay_rest" }],
  ["recordPayment", { bill: "BILL-BARE", amount: 5_000, currency: "USD", paymentId: "pay_part" }],
  ["voidBill", "BILL-BARE"],
  ["reversePayment", { paymentId: "pay_part", reason: "refunded after the void" }],
];

const payments: readonly Call[] = [
  [
    "createCustomer",
    { id: "bcus_p", externalReference: "CUST-P", currency: "ZAR", balance: 60_000 },
  ],
  ["createCustomer", { externalReference: "CUST-UNTRACKED" }],
  [
    "createBill",
    { externalReference: "BILL-P", customer: "CUST-P", currency: "ZAR", amountDue: 900 },
  ],
  ["setPaymentRules", { customer: "bcus_p", paymentRules: rules }],
  [
    "recordPayment",
    {
      customer: "CUST-P",
      amount: 20_000,
      currency: "ZAR",
      paymentId: "pay_told",
      sourceEventId: "evt_at_moment",
      sourceObligationId: "ob_at_moment",
      metadata: { channel: "eft" },
    },
    { idempotencyKey: "told", effectiveAt: "2026-02-20T10:00:00Z", actor: "webhook" },
  ],
  // It breaks two rules, and is recorded all the same.
  ["recordPayment", { customer: "CUST-P", amount: 600_000, currency: "ZAR", paymentId: "pay_big" }],
  ["recordPayment", { customer: "CUST-P", amount: 1, currency: "ZAR" }],
  [
    "recordPayment",
    { customer: "CUST-UNTRACKED", amount: 700, currency: "GBP", paymentId: "pay_absorbed" },
  ],
  ["reversePayment", { paymentId: "pay_absorbed" }],
  ["applyPayment", { bill: "BILL-P", amount: 900, paymentId: "pay_asked" }],
  ["recordPayment", { bill: "BILL-P", amount: 900, currency: "ZAR", paymentId: "pay_told" }],
  [
    "setPaymentRules",
    { customer: "CUST-UNTRACKED", paymentRules: { ...rules, underpaymentAllowed: false } },
  ],
  ["setBalance", { customer: "CUST-UNTRACKED", balance: 5_000, currency: "GBP" }],
  ["recordPayment", { customer: "CUST-UNTRACKED", amount: 4_000, currency: "GBP" }],
  ["reversePayment", { paymentId: "pay_told", customer: "CUST-P", amount: 5_000 }],
  [
    "reversePayment",
    { paymentId: "pay_told", customer: "CUST-P", reason: "chargeback" },
    { correlationId: "case-77", causationId: "evt_dispute" },
  ],
  ["reversePayment", { paymentId: "pay_asked", amount: 400 }],
];

const suspense: readonly Call[] = [
  ["createCustomer", { id: "bcus_s", externalReference: "CUST-S", currency: "ZAR", balance: 800 }],
  [
    "createBill",
    { externalReference: "BILL-S", customer: "CUST-S", currency: "ZAR", amountDue: 500 },
  ],
  [
    "recordPayment",
    {
      bill: "BILL-LATER",
      amount: 300,
      currency: "ZAR",
      paymentId: "pay_early",
      sourceEventId: "evt_early",
      sourceObligationId: "ob_early",
      metadata: { channel: "cash" },
    },
    { effectiveAt: "2026-02-10T00:00:00Z" },
  ],
  ["recordPayment", { bill: "bill_later", amount: 200, currency: "ZAR", paymentId: "pay_both" }],
  ["recordPayment", { bill: "BILL-LATER", amount: 10, currency: "USD", paymentId: "pay_dollars" }],
  // The same payment by id and by reference: once the bill is there, one of the two is a conflict.
  ["recordPayment", { bill: "BILL-LATER", amount: 200, currency: "ZAR", paymentId: "pay_both" }],
  [
    "createBill",
    {
      id: "bill_later",
      externalReference: "BILL-LATER",
      customer: "CUST-S",
      currency: "ZAR",
      amountDue: 1_000,
    },
  ],
  ["recordPayment", { customer: "CUST-S", amount: 5, currency: "EUR", paymentId: "pay_euros" }],
  ["recordPayment", { customer: "CUST-S", amount: 800, currency: "ZAR", paymentId: "pay_twice" }],
  ["recordPayment", { customer: "CUST-S", amount: 801, currency: "ZAR", paymentId: "pay_twice" }],
  ["voidBill", "BILL-S", { actor: "clerk" }],
  ["recordPayment", { bill: "BILL-S", amount: 500, currency: "ZAR", paymentId: "pay_voided" }],
  ["recordPayment", { account: "ACC-NOWHERE", amount: 60, currency: "ZAR", paymentId: "pay_lost" }],
  [
    "matchSuspense",
    { paymentId: "pay_voided", bill: "BILL-LATER" },
    { idempotencyKey: "match voided" },
  ],
];

const mirror: readonly Call[] = [
  ["mirror", { object: "customer", id: "bcus_m", externalReference: "CUST-M" }],
  [
    "mirror",
    {
      object: "customer",
      id: "bcus_n",
      externalReference: "CUST-N",
      name: "Mirrored",
      email: "not checked as strictly",
      phone: "082 555 0142",
      currency: "ZAR",
      balance: 64_250,
      paymentRules: rules,
      metadata: { tier: "gold" },
    },
    { effectiveAt: "2026-02-01T00:00:00Z", idempotencyKey: "mirror n" },
  ],
  ["mirror", { object: "customer", id: "bcus_m", externalReference: "CUST-M", currency: "ZAR" }],
  [
    "mirror",
    {
      object: "customer",
      id: "bcus_n",
      externalReference: "CUST-N",
      name: "Mirrored again",
      currency: "USD",
      balance: 3_000,
    },
  ],
  [
    "mirror",
    {
      object: "account",
      id: "bacc_m",
      customerId: "bcus_m",
      externalReference: "ACC-M",
      currency: "ZAR",
      balance: 100,
      paymentRules: rules,
    },
  ],
  ["mirror", { object: "account", id: "bacc_n", customerId: "bcus_n", externalReference: "ACC-N" }],
  [
    "mirror",
    {
      object: "account",
      id: "bacc_n",
      customerId: "bcus_n",
      externalReference: "ACC-N",
      name: "Grouping",
      currency: "ZAR",
    },
  ],
  [
    "mirror",
    {
      object: "account",
      id: "bacc_m",
      customerId: "bcus_m",
      externalReference: "ACC-M",
      currency: "ZAR",
      balance: 250,
      paymentRules: rules,
    },
  ],
  [
    "mirror",
    {
      object: "bill",
      id: "bill_m",
      customerId: "bcus_m",
      accountId: "bacc_m",
      externalReference: "BILL-M",
      status: "unpaid",
      currency: "ZAR",
      amountDue: 5_000,
      amountPaid: 0,
      amountRemaining: 5_000,
      billDate: "2026-02-01",
      dueDate: "2026-03-07",
      paymentRules: rules,
      metadata: { invoice: "M-1" },
    },
  ],
  [
    "mirror",
    {
      object: "bill",
      id: "bill_m",
      customerId: "bcus_m",
      accountId: "bacc_m",
      externalReference: "BILL-M",
      status: "paid",
      currency: "ZAR",
      amountDue: 5_000,
      amountPaid: 5_000,
      amountRemaining: 0,
      paymentRules: rules,
    },
  ],
  [
    "mirror",
    {
      object: "bill",
      id: "bill_n",
      customerId: "bcus_n",
      externalReference: "BILL-N",
      status: "voided",
      currency: "ZAR",
      amountDue: 5_000,
      amountPaid: 1_000,
      amountRemaining: 4_000,
    },
  ],
];

const keyed = (idempotencyKey: string) => ({ idempotencyKey });

/** Every call carries a key, so all of it can be sent again to whatever version reads the book. */
const idempotency: readonly Call[] = [
  [
    "createCustomer",
    { id: "bcus_i", externalReference: "CUST-I", currency: "ZAR", balance: 1_000, name: "I" },
    { ...keyed("1 create"), actor: "not part of the request" },
  ],
  ["createCustomer", { externalReference: "CUST-I" }, keyed("2 taken")],
  ["charge", { customer: "CUST-I", amount: 250 }, keyed("3 charge")],
  ["charge", { customer: "CUST-NONE", amount: 250 }, keyed("4 not found")],
  [
    "credit",
    { customer: "CUST-I", amount: 1_000, reason: "é \u{1f9fe}" },
    keyed("5 credit \u{1f9fe}"),
  ],
  [
    "createBill",
    { externalReference: "BILL-I", customer: "CUST-I", currency: "ZAR", amountDue: 400 },
    keyed("6 bill"),
  ],
  ["charge", { bill: "BILL-I", amount: 1 }, keyed("7 not adjustable")],
  ["applyPayment", { bill: "BILL-I", amount: 401 }, keyed("8 too much")],
  ["recordPayment", { bill: "BILL-I", amount: 400, currency: "ZAR" }, keyed("9 no id given")],
  ["voidBill", "BILL-I", keyed("10 paid")],
  ["setBalance", { customer: "CUST-I", balance: 250 }, keyed("11 changes nothing")],
  [
    "recordPayment",
    { account: "ACC-NONE", amount: 7, currency: "ZAR", paymentId: "pay_i", metadata: { a: "b" } },
    { ...keyed("12 suspended"), effectiveAt: "2026-02-28T23:59:59.999Z" },
  ],
  ["reversePayment", { paymentId: "pay_none" }, keyed("13 unknown payment")],
];

const row = (digit: string, amount: number, occurrence = "") => ({
  rowId: `row_${digit.repeat(32)}${occurrence}`,
  amount,
});

/** Matches that people made: undone, made again, accepted with what a file of theirs says. */
const matches: readonly Call[] = [
  ["createCustomer", { externalReference: "CUST-X", currency: "ZAR", balance: 50_000 }],
  ["createCustomer", { externalReference: "CUST-Y" }],
  [
    "createBill",
    { externalReference: "BILL-X", customer: "CUST-X", currency: "ZAR", amountDue: 4_000 },
  ],
  [
    "recordPayment",
    { bill: "NONE-1", amount: 30_000, currency: "ZAR", paymentId: "pay_x1" },
    { effectiveAt: "2026-02-27T23:59:59.999Z" },
  ],
  ["matchSuspense", { customer: "CUST-Y", paymentId: "pay_x1" }, keyed("1 match")],
  [
    "undoMatch",
    { paymentId: "pay_x1", reason: "another Nkosi \u{1f9fe}" },
    { ...keyed("2 undo"), actor: "clerk" },
  ],
  ["undoMatch", { paymentId: "pay_x1", customer: "CUST-Y", reason: "again" }, keyed("3 undone")],
  ["matchSuspense", { customer: "CUST-Y", paymentId: "pay_x1" }, keyed("4 restore")],
  ["undoMatch", { paymentId: "pay_x1", reason: "not theirs after all" }],
  ["matchSuspense", { customer: "CUST-X", paymentId: "pay_x1" }, keyed("5 match elsewhere")],
  ["undoMatch", { paymentId: "pay_x1", reason: "a slip" }],
  ["matchSuspense", { customer: "CUST-X", paymentId: "pay_x1" }],
  ["matchSuspense", { customer: "CUST-X", paymentId: "pay_x1" }, keyed("6 matched before")],
  ["recordPayment", { bill: "NONE-2", amount: 9_000, currency: "ZAR", paymentId: "pay_x2" }],
  ["matchSuspense", { bill: "BILL-X", paymentId: "pay_x2" }],
  ["undoMatch", { paymentId: "pay_x2", bill: "BILL-X", reason: "too much for it" }],
  ["matchSuspense", { bill: "BILL-X", paymentId: "pay_x2" }, keyed("7 restore on a bill")],
  ["reversePayment", { paymentId: "pay_x2", amount: 500 }],
  ["undoMatch", { paymentId: "pay_x2", reason: "too late" }, keyed("8 partly reversed")],
  ["undoMatch", { paymentId: "pay_none", reason: "no" }, keyed("9 no match")],
  [
    "recordPayment",
    { customer: "CUST-X", amount: 700, currency: "ZAR", paymentId: "pay_x3" },
    { effectiveAt: "2026-02-28T12:00:00Z" },
  ],
  [
    "recordPayment",
    { account: "NONE-3", amount: 100, currency: "ZAR", paymentId: "pay_x4" },
    { effectiveAt: "2026-02-28T13:00:00Z" },
  ],
  [
    "acceptMatch",
    {
      kind: "payment",
      currency: "ZAR",
      rows: [row("b", 300, "_2"), row("a", 500)],
      payments: [{ paymentId: "pay_x4" }, { paymentId: "pay_x3" }],
      reason: "paid in two parts",
    },
    { ...keyed("10 accept"), actor: "clerk" },
  ],
  [
    "acceptMatch",
    {
      kind: "refund",
      currency: "ZAR",
      rows: [row("c", 499)],
      payments: [{ paymentId: "pay_x2" }],
      difference: "rounding",
      reason: "a cent",
    },
    keyed("11 accept a refund"),
  ],
  [
    "acceptMatch",
    {
      kind: "payment",
      currency: "ZAR",
      rows: [row("d", 29_700)],
      payments: [{ paymentId: "pay_x1" }],
      difference: "fee",
      reason: "1 %",
    },
  ],
  ["undoAcceptance", { rowId: row("b", 0, "_2").rowId, reason: "not these" }, keyed("12 undo")],
  ["undoAcceptance", { rowId: row("a", 0).rowId, reason: "again" }, keyed("13 undone")],
  ["undoAcceptance", { rowId: row("d", 0).rowId, reason: "it was no fee" }],
  [
    "acceptMatch",
    {
      kind: "payment",
      currency: "ZAR",
      rows: [row("d", 29_700)],
      payments: [{ paymentId: "pay_x1" }],
      difference: "write_off",
      reason: "let it go",
    },
  ],
  [
    "acceptMatch",
    {
      kind: "payment",
      currency: "ZAR",
      rows: [row("e", 30_000)],
      payments: [{ paymentId: "pay_x1" }],
      reason: "it stands elsewhere",
    },
    keyed("14 stands"),
  ],
  [
    "acceptMatch",
    {
      kind: "payment",
      currency: "ZAR",
      rows: [row("e", 1)],
      payments: [{ paymentId: "pay_x3" }],
      reason: "nobody says what it is",
    },
    keyed("15 unexplained"),
  ],
  ["undoAcceptance", { rowId: row("f", 0).rowId, reason: "never was" }, keyed("16 never")],
];

export const scenarios: Readonly<Record<string, readonly Call[]>> = {
  customers,
  accounts,
  bills,
  payments,
  suspense,
  mirror,
  idempotency,
  matches,
};
