/**
 * Histories: commands of the façade about a handful of objects and payments, so that they meet,
 * repeat, contradict and outrun each other. They shrink to few commands and print one a line.
 */
import { amountMax, type WriteOptions } from "@tallystick/core";
import fc from "fast-check";
import { type Call, type CallOf, type Command, tellCommand, type Verb } from "./calls.ts";
import { amounts, balances, fewCurrencies, paymentRules } from "./money.ts";
import {
  accountOwner,
  billFacts,
  givenId,
  type Kind,
  Name,
  nameOf,
  type Symbolic,
  slotOf,
  slots,
} from "./names.ts";

/** Where the clock of a generated history begins. */
export const startMs: number = Date.UTC(2026, 2, 1, 9);

/** Times at which money moved: long ago, lately, in other spellings, and (the last) yet to come. */
const times = [
  "2026-01-15T10:00:00.000Z",
  "2026-02-27T23:30:00.000Z",
  "2026-03-01T00:00:00+02:00",
  "2026-03-01T08:59:00Z",
  "2027-01-01T00:00:00.000Z",
] as const;

const sometimes = <Value>(
  arbitrary: fc.Arbitrary<Value>,
  freq = 3,
): fc.Arbitrary<Value | undefined> => fc.option(arbitrary, { nil: undefined, freq });
const seldom = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const options: fc.Arbitrary<WriteOptions> = fc.record({
  idempotencyKey: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom("k-1", "k-2", "k-3") },
    { weight: 3, arbitrary: fc.nat({ max: 999_999 }).map((n) => `key-${n}`) },
  ),
  effectiveAt: seldom(fc.constantFrom(...times)),
  actor: seldom(fc.constantFrom("teller-9", "import")),
  correlationId: seldom(fc.constant("request-77")),
  causationId: seldom(fc.constant("evt_cause")),
  dryRun: fc.oneof(
    { weight: 24, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
});

const metadata = fc.constantFrom<Record<string, string>[]>(
  { region: "gauteng" },
  { region: "limpopo", tier: "2" },
  { constructor: "x" },
  {},
  Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`key-${index}`, "v"])),
);
const texts = fc.constantFrom("Lerato Dlamini", "Bright Spark", "");
const emails = fc.constantFrom("lerato@example.org", "office@example.org");
const phones = fc.constantFrom("+27825550142", "+27825550143");

/** A balance with its currency, a currency alone, or nothing; seldom (a fault) a balance alone. */
const money = fc.oneof(
  { weight: 18, arbitrary: fc.record({ balance: balances, currency: fewCurrencies }) },
  { weight: 8, arbitrary: fc.constant({ balance: undefined, currency: undefined }) },
  { weight: 4, arbitrary: fewCurrencies.map((currency) => ({ balance: undefined, currency })) },
  { weight: 1, arbitrary: balances.map((balance) => ({ balance, currency: undefined })) },
);

/** The given id of the slot, or one that is generated; seldom the id of another slot. */
const newId = (kind: Kind, slot: string): fc.Arbitrary<string | undefined> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(givenId(kind, slot), undefined) },
    { weight: 1, arbitrary: slotOf(kind).map((other) => givenId(kind, other)) },
  );

const newCustomer = (slot: string) =>
  fc
    .record({
      id: newId("customer", slot),
      externalReference: fc.constant(slot),
      name: sometimes(texts),
      email: sometimes(emails),
      phone: seldom(phones),
      metadata: sometimes(metadata),
      money,
    })
    .map(({ money: { balance, currency }, ...rest }) => ({ ...rest, balance, currency }));

const newAccount = (slot: string) =>
  fc
    .record({
      id: newId("account", slot),
      externalReference: fc.constant(slot),
      name: sometimes(texts),
      metadata: seldom(metadata),
      money,
    })
    .map(({ money: { balance, currency }, ...rest }) => ({ ...rest, balance, currency }));

const anyNewCustomer = slotOf("customer").chain(newCustomer);

/** An account with its owner: by nature that of its slot, seldom another or a new one. */
const ownedAccount = (slot: string) =>
  fc
    .tuple(
      newAccount(slot),
      fc.oneof(
        { weight: 8, arbitrary: nameOf("customer", fc.constant(accountOwner[slot] ?? "c-1")) },
        { weight: 1, arbitrary: nameOf("customer") },
        { weight: 1, arbitrary: anyNewCustomer },
      ),
    )
    .map(([account, customer]) => ({ ...account, customer }));

const anyOwnedAccount = slotOf("account").chain(ownedAccount);

/** Whose bill it is, in all the ways in which that may be said, and in two that are faults (D-24). */
const billOwner = (slot: string): fc.Arbitrary<object> => {
  const { account, customer = "c-1" } = billFacts[slot] ?? {};
  const given = new Name("customer", customer, "given");
  return fc.oneof(
    {
      weight: 10,
      arbitrary:
        account === undefined
          ? nameOf("customer", fc.constant(customer)).map((owner) => ({ customer: owner }))
          : nameOf("account", fc.constant(account)).map((owner) => ({ account: owner })),
    },
    { weight: 1, arbitrary: anyNewCustomer.map((owner) => ({ customer: owner })) },
    { weight: 1, arbitrary: anyOwnedAccount.map((owner) => ({ account: owner })) },
    {
      weight: 1,
      arbitrary: fc.record({
        account: slotOf("account").chain(newAccount),
        customer: nameOf("customer"),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ account: nameOf("account"), customer: nameOf("customer") }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        {},
        { customer: given, account: { externalReference: "a-1", customer: given } },
      ),
    },
  );
};

const newBill = (slot: string) => {
  const { currency, amountDue } = billFacts[slot] ?? { currency: "ZAR", amountDue: 100 };
  return fc
    .tuple(
      billOwner(slot),
      fc.oneof(
        { weight: 14, arbitrary: fc.constant({ currency, amountDue }) },
        {
          weight: 1,
          arbitrary: fc.record({
            currency: fewCurrencies,
            amountDue: fc.constantFrom(0, 100, 99_999_999),
          }),
        },
      ),
      fc.record({
        id: newId("bill", slot),
        externalReference: fc.constant(slot),
        billDate: seldom(fc.constantFrom("2026-02-01", "2026-03-05")),
        dueDate: seldom(fc.constantFrom("2026-03-25", "2026-01-01")),
        metadata: seldom(metadata),
      }),
    )
    .map(([owner, due, rest]) => ({ ...owner, ...due, ...rest }));
};

const anyTarget = fc.oneof(
  { weight: 4, arbitrary: nameOf("customer").map((customer) => ({ customer })) },
  { weight: 3, arbitrary: nameOf("account").map((account) => ({ account })) },
  { weight: 5, arbitrary: nameOf("bill").map((bill) => ({ bill })) },
);
const balanceHolder = fc.oneof(
  { weight: 2, arbitrary: nameOf("customer").map((customer) => ({ customer })) },
  { weight: 1, arbitrary: nameOf("account").map((account) => ({ account })) },
);

export const paymentIds = ["pay_1", "pay_2", "pay_3", "p_4"] as const;
const paymentId = fc.constantFrom(...paymentIds);

const payment = fc.record({
  paymentId: fc.oneof(
    { weight: 6, arbitrary: paymentId },
    { weight: 1, arbitrary: fc.constant(undefined) },
  ),
  amount: fc.oneof(
    { weight: 30, arbitrary: amounts },
    { weight: 1, arbitrary: fc.constantFrom(0, amountMax + 1, 1.5) },
  ),
  metadata: seldom(metadata),
});

const rowId = fc.constantFrom(
  `row_${"a".repeat(32)}`,
  `row_${"b".repeat(32)}`,
  `row_${"b".repeat(32)}_2`,
);
const moneyKind = fc.constantFrom("payment", "payment", "refund");

const status = (slot: string, amountPaid: number, voided: boolean) => {
  const { amountDue } = billFacts[slot] ?? { amountDue: 100 };
  const amountRemaining = Math.max(0, amountDue - amountPaid);
  return {
    amountDue,
    amountPaid,
    amountRemaining,
    status: voided
      ? ("voided" as const)
      : amountRemaining === 0
        ? ("paid" as const)
        : ("unpaid" as const),
  };
};

/** A line as the API would answer it; equal lines and small changes come often. */
export const mirrorLines: Readonly<
  Record<Kind, (slot: string) => fc.Arbitrary<Symbolic<CallOf<"mirror">["input"]>>>
> = {
  customer: (slot) =>
    fc
      .record({
        object: fc.constant("customer" as const),
        id: fc.constantFrom(new Name("customer", slot, "id"), new Name("customer", slot, "given")),
        externalReference: fc.constant(slot),
        name: seldom(texts),
        email: seldom(emails),
        metadata: seldom(metadata),
        paymentRules: sometimes(paymentRules, 2),
        money: fc.oneof(
          {
            weight: 3,
            arbitrary: fc.record({
              balance: fc.constantFrom(500, 1000),
              currency: fc.constant("ZAR"),
            }),
          },
          { weight: 1, arbitrary: money },
        ),
      })
      .map(({ money: { balance, currency }, ...rest }) => ({ ...rest, balance, currency })),
  account: (slot) =>
    fc
      .record({
        object: fc.constant("account" as const),
        id: fc.constantFrom(new Name("account", slot, "id"), new Name("account", slot, "given")),
        customerId: fc.constant(new Name("customer", accountOwner[slot] ?? "c-1", "id")),
        externalReference: fc.constant(slot),
        name: seldom(texts),
        metadata: seldom(metadata),
        paymentRules: sometimes(paymentRules, 2),
        money,
      })
      .map(({ money: { balance, currency }, ...rest }) => ({ ...rest, balance, currency })),
  bill: (slot) => {
    const facts = billFacts[slot];
    return fc
      .record({
        id: fc.constantFrom(new Name("bill", slot, "id"), new Name("bill", slot, "given")),
        amountPaid: fc.constantFrom(0, 0, 100, 300, 500, 1000),
        voided: seldom(fc.constant(true)),
        billDate: seldom(fc.constant("2026-02-01")),
        dueDate: seldom(fc.constantFrom("2026-03-25", "2026-04-25")),
        metadata: seldom(metadata),
        paymentRules: sometimes(paymentRules, 2),
      })
      .map(({ amountPaid, voided, ...rest }) => ({
        object: "bill" as const,
        externalReference: slot,
        customerId: new Name("customer", facts?.customer ?? "c-1", "id"),
        accountId:
          facts?.account === undefined ? undefined : new Name("account", facts.account, "id"),
        currency: facts?.currency ?? "ZAR",
        ...status(slot, amountPaid, voided === true),
        ...rest,
      }));
  },
};

const inputs = {
  createCustomer: anyNewCustomer,
  createAccount: anyOwnedAccount,
  createBill: slotOf("bill").chain(newBill),
  setBalance: fc
    .record({
      whose: balanceHolder,
      balance: balances,
      currency: sometimes(fewCurrencies, 2),
      trueAt: seldom(fc.constant("2026-02-20T00:00:00Z")),
    })
    .map(({ whose, ...rest }) => ({ ...whose, ...rest })),
  setPaymentRules: fc
    .record({ whose: anyTarget, paymentRules: fc.option(paymentRules, { freq: 4 }) })
    .map(({ whose, ...rest }) => ({ ...whose, ...rest })),
  charge: fc
    .record({
      whose: fc.oneof({ weight: 5, arbitrary: balanceHolder }, { weight: 1, arbitrary: anyTarget }),
      amount: amounts,
      currency: seldom(fewCurrencies),
      reason: sometimes(fc.constant("usage")),
    })
    .map(({ whose, ...rest }) => ({ ...whose, ...rest })),
  credit: fc
    .record({
      whose: fc.oneof({ weight: 5, arbitrary: balanceHolder }, { weight: 1, arbitrary: anyTarget }),
      amount: amounts,
      currency: seldom(fewCurrencies),
      reason: fc.constant("goodwill"),
    })
    .map(({ whose, ...rest }) => ({ ...whose, ...rest })),
  recordPayment: fc
    .record({
      target: anyTarget,
      payment,
      currency: fewCurrencies,
      sourceEventId: seldom(fc.constant("evt_from_there")),
      sourceObligationId: seldom(fc.constant("ob_there")),
    })
    .map(({ target, payment: paid, ...rest }) => ({ ...target, ...paid, ...rest })),
  applyPayment: fc
    .record({ target: anyTarget, payment, currency: sometimes(fewCurrencies, 2) })
    .map(({ target, payment: paid, ...rest }) => ({ ...target, ...paid, ...rest })),
  reversePayment: fc
    .record({
      paymentId,
      target: seldom(anyTarget),
      amount: sometimes(fc.constantFrom(50, 100, 300, 1000), 2),
      reason: seldom(fc.constant("chargeback")),
    })
    .map(({ target, ...rest }) => ({ ...target, ...rest })),
  matchSuspense: fc
    .record({
      target: anyTarget,
      paymentId,
      amount: seldom(amounts),
      currency: seldom(fewCurrencies),
    })
    .map(({ target, ...rest }) => ({ ...target, ...rest })),
  undoMatch: fc
    .record({ target: seldom(anyTarget), paymentId, reason: fc.constant("not theirs") })
    .map(({ target, ...rest }) => ({ ...target, ...rest })),
  acceptMatch: fc.record({
    kind: moneyKind,
    currency: fewCurrencies,
    rows: fc.uniqueArray(fc.record({ rowId, amount: amounts }), {
      minLength: 1,
      maxLength: 2,
      selector: (row) => row.rowId,
    }),
    payments: fc.array(
      fc.record({ paymentId, position: seldom(fc.nat({ max: 40 }).map((n) => n + 1)) }),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
    difference: sometimes(fc.constantFrom("fee", "rounding", "write_off")),
    reason: fc.constantFrom("they say so", "the bank says so"),
  }),
  undoAcceptance: fc.record({ rowId, reason: fc.constant("they do not") }),
  mirror: fc.oneof(
    { weight: 3, arbitrary: slotOf("customer").chain(mirrorLines.customer) },
    { weight: 2, arbitrary: slotOf("account").chain(mirrorLines.account) },
    { weight: 4, arbitrary: slotOf("bill").chain(mirrorLines.bill) },
  ),
} as const;

const verb = (name: keyof typeof inputs): fc.Arbitrary<Symbolic<Call>> =>
  fc
    .record<object>({ verb: fc.constant(name), input: inputs[name], options })
    .map((call) => call as Symbolic<Call>);

const named = (name: Verb, kind: Kind, input: fc.Arbitrary<object>): fc.Arbitrary<Symbolic<Call>> =>
  fc
    .record<object>({ verb: fc.constant(name), name: nameOf(kind), input, options })
    .map((call) => call as Symbolic<Call>);

const details = {
  name: sometimes(texts, 2),
  metadata: sometimes(metadata, 2),
  currency: seldom(fewCurrencies),
  balance: sometimes(balances, 2),
};

const calls: fc.Arbitrary<Symbolic<Call>> = fc.oneof(
  { weight: 3, arbitrary: verb("createCustomer") },
  { weight: 3, arbitrary: verb("createAccount") },
  { weight: 5, arbitrary: verb("createBill") },
  {
    weight: 4,
    arbitrary: named(
      "updateCustomer",
      "customer",
      fc.record({ ...details, email: seldom(emails), phone: seldom(phones) }),
    ),
  },
  { weight: 3, arbitrary: named("updateAccount", "account", fc.record(details)) },
  {
    weight: 5,
    arbitrary: named(
      "updateBill",
      "bill",
      fc.record({
        amountPaid: sometimes(fc.constantFrom(0, 100, 500, 1000, 99_999_999), 3),
        currency: seldom(fewCurrencies),
        metadata: seldom(metadata),
      }),
    ),
  },
  { weight: 6, arbitrary: named("voidBill", "bill", fc.constant({})) },
  { weight: 6, arbitrary: verb("setBalance") },
  { weight: 4, arbitrary: verb("setPaymentRules") },
  { weight: 6, arbitrary: verb("charge") },
  { weight: 4, arbitrary: verb("credit") },
  { weight: 22, arbitrary: verb("recordPayment") },
  { weight: 14, arbitrary: verb("applyPayment") },
  { weight: 12, arbitrary: verb("reversePayment") },
  { weight: 8, arbitrary: verb("matchSuspense") },
  { weight: 4, arbitrary: verb("undoMatch") },
  { weight: 6, arbitrary: verb("acceptMatch") },
  { weight: 3, arbitrary: verb("undoAcceptance") },
  { weight: 8, arbitrary: verb("mirror") },
);

const advances = fc.constantFrom(0, 0, 0, 1000, 3_600_000, 86_400_000, -5000);

const commands: fc.Arbitrary<Command> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ advanceMs: advances, call: calls }) },
  { weight: 1, arbitrary: fc.record({ advanceMs: advances, again: fc.nat({ max: 6 }) }) },
);

const plainly = (name: Verb, input: object, more: object = {}): Command => ({
  advanceMs: 1000,
  call: { verb: name, input, options: {}, ...more } as Symbolic<Call>,
});

/** A few commands about one object and one payment, in an order that chance would seldom find. */
const episodes: fc.Arbitrary<Command[]> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({
        bill: nameOf("bill"),
        paid: payment.filter(({ paymentId: id }) => id !== undefined),
        amounts: fc.tuple(fc.constantFrom(50, 100, undefined), fc.constantFrom(50, undefined)),
        voided: fc.boolean(),
        currency: fc.constantFrom("ZAR", "USD"),
      })
      .map(({ bill, paid, amounts: [first, second], voided, currency }) => [
        plainly("recordPayment", { bill, ...paid, currency }),
        ...(voided
          ? [plainly("voidBill", {}, { name: bill })]
          : [plainly("updateBill", { amountPaid: 0 }, { name: bill })]),
        plainly("reversePayment", { paymentId: paid.paymentId, bill, amount: first }),
        plainly("reversePayment", { paymentId: paid.paymentId, bill, amount: second }),
      ]),
  },
  fc
    .record({
      customer: nameOf("customer"),
      paid: payment.filter(({ paymentId: id }) => id !== undefined),
      balance: balances,
      currencies: fc.tuple(fewCurrencies, fewCurrencies),
    })
    .map(({ customer, paid, balance, currencies: [before, after] }) => [
      plainly("setBalance", { customer, balance, currency: before }),
      plainly("recordPayment", { customer, ...paid, currency: before }),
      plainly("setBalance", { customer, balance, currency: after }),
      plainly("reversePayment", { paymentId: paid.paymentId, customer }),
      plainly("matchSuspense", { paymentId: paid.paymentId, customer }),
    ]),
  fc
    .record({ target: anyTarget, paid: payment, currency: fewCurrencies, amount: amounts })
    .map(({ target, paid, currency, amount }) => [
      plainly("recordPayment", { ...target, ...paid, currency }),
      plainly("recordPayment", { ...target, ...paid, currency }),
      plainly("recordPayment", { ...target, ...paid, amount, currency }),
      plainly("matchSuspense", { ...target, paymentId: paid.paymentId ?? "pay_1", currency }),
    ]),
  fc
    .record({
      target: anyTarget,
      id: fc.constantFrom("pay_8", "pay_9"),
      amount: amounts,
      rows: fc.uniqueArray(rowId, { minLength: 2, maxLength: 2 }),
      less: fc.constantFrom(0, 1),
      key: sometimes(fc.nat({ max: 999_999 })),
    })
    .map(({ target, id, amount, rows: [one, other], less, key }) => {
      const accepting = (row: string | undefined, more: object = {}) =>
        plainly(
          "acceptMatch",
          {
            kind: "payment",
            currency: "ZAR",
            rows: [{ rowId: row, amount: Math.max(1, amount - less) }],
            payments: [{ paymentId: id }],
            ...(amount - less < 1 || less === 0 ? {} : { difference: "fee" }),
            reason: "they say so",
          },
          more,
        );
      return [
        plainly("recordPayment", { ...target, paymentId: id, amount, currency: "ZAR" }),
        accepting(one, key === undefined ? {} : { options: { idempotencyKey: `accept-${key}` } }),
        accepting(one),
        accepting(other),
        plainly("undoAcceptance", { rowId: one, reason: "they do not" }),
        plainly("undoAcceptance", { rowId: one, reason: "they do not" }),
        accepting(other),
      ];
    }),
  fc
    .record({
      first: anyTarget,
      second: anyTarget,
      again: fc.boolean(),
      id: fc.constantFrom("pay_6", "pay_7"),
      paid: amounts,
      currency: fc.constantFrom("ZAR", "ZAR", "USD"),
      amount: seldom(fc.constantFrom(50, 100)),
    })
    .map(({ first, second, again, id, paid, currency, amount }) => {
      const reason = "not theirs";
      return [
        plainly("recordPayment", { bill: "nobody-knows", paymentId: id, amount: paid, currency }),
        plainly("matchSuspense", { ...first, paymentId: id, currency }),
        ...(amount === undefined ? [] : [plainly("reversePayment", { paymentId: id, amount })]),
        plainly("undoMatch", { paymentId: id, reason }),
        plainly("undoMatch", { paymentId: id, reason }),
        plainly("matchSuspense", { ...(again ? first : second), paymentId: id, currency }),
        plainly("reversePayment", { paymentId: id, ...(again ? first : second), amount: 50 }),
      ];
    }),
);

const opening = (name: Verb, input: fc.Arbitrary<object>): fc.Arbitrary<Command | undefined> =>
  fc.option(
    input.map((each) => ({
      advanceMs: 0,
      call: { verb: name, input: each, options: {} } as Symbolic<Call>,
    })),
    { nil: undefined, freq: 9 },
  );

/** A bill whose owner is named as it is sure to be found, if it is there. */
const plainBill = (slot: string) => {
  const { account, customer = "c-1" } = billFacts[slot] ?? {};
  return newBill(slot).map(({ externalReference, currency, amountDue, id }) => ({
    id,
    externalReference,
    currency,
    amountDue,
    ...(account === undefined ? { customer } : { account }),
  }));
};

const plainAccount = (slot: string) =>
  newAccount(slot).map((account) => ({ ...account, customer: accountOwner[slot] ?? "c-1" }));

/** Commands that bring most of the objects into being, so that those after them have something to do. */
const openings: fc.Arbitrary<Command[]> = fc
  .tuple(
    ...slots.customer.map((slot) => opening("createCustomer", newCustomer(slot))),
    ...slots.account.map((slot) => opening("createAccount", plainAccount(slot))),
    ...slots.bill.map((slot) => opening("createBill", plainBill(slot))),
  )
  .map((found) => found.filter((command) => command !== undefined));

/** A list of commands that prints one a line. */
export type History = readonly Command[];

const printed = (history: readonly Command[]): History =>
  Object.defineProperty([...history], fc.toStringMethod, {
    value: () => `\n  ${history.map(tellCommand).join("\n  ")}\n`,
  });

export interface HistoryBounds {
  /** Commands beside those that bring objects into being; both bounds are included. */
  readonly minLength?: number;
  readonly maxLength?: number;
}

export const histories = ({
  minLength = 1,
  maxLength = 50,
}: HistoryBounds = {}): fc.Arbitrary<History> =>
  fc
    .tuple(
      fc.array(commands, { maxLength: 4 }),
      openings,
      fc.array(
        fc.oneof(
          { weight: 12, arbitrary: commands.map((command) => [command]) },
          { weight: 2, arbitrary: episodes },
        ),
        { minLength, maxLength, size: "max" },
      ),
    )
    .map(([early, first, then]) => printed([...early, ...first, ...then.flat()]));
