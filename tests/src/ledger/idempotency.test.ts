import { isLedgerError, type Ledger, openLedger, type WriteOptions } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { open, position, refused, rules, sharedStore } from "./open.ts";

type Call = (ledger: Ledger, options?: WriteOptions) => Promise<unknown>;

/** Every writing verb, on a desk where it has something to do. */
const verbs: Readonly<Record<string, Call>> = {
  createCustomer: (ledger, options) =>
    ledger.createCustomer(
      { externalReference: "NEW", currency: "ZAR", balance: 1, metadata: { a: "1" } },
      options,
    ),
  createAccount: (ledger, options) =>
    ledger.createAccount(
      { externalReference: "NEW", customer: { externalReference: "NEW" } },
      options,
    ),
  createBill: (ledger, options) =>
    ledger.createBill(
      {
        externalReference: "NEW",
        currency: "ZAR",
        amountDue: 5,
        account: { externalReference: "NEW", customer: "C" },
      },
      options,
    ),
  updateCustomer: (ledger, options) =>
    ledger.updateCustomer("C", { name: "New", balance: 7 }, options),
  updateAccount: (ledger, options) => ledger.updateAccount("A", { name: "New" }, options),
  updateBill: (ledger, options) => ledger.updateBill("B", { amountPaid: 5 }, options),
  voidBill: (ledger, options) => ledger.voidBill("B", options),
  setBalance: (ledger, options) =>
    ledger.setBalance({ account: "A", balance: 5, currency: "ZAR" }, options),
  setPaymentRules: (ledger, options) =>
    ledger.setPaymentRules({ bill: "B", paymentRules: rules() }, options),
  charge: (ledger, options) => ledger.charge({ customer: "C", amount: 5 }, options),
  credit: (ledger, options) => ledger.credit({ customer: "C", amount: 5, reason: "x" }, options),
  recordPayment: (ledger, options) =>
    ledger.recordPayment({ bill: "B", amount: 5, currency: "ZAR" }, options),
  "recordPayment into suspense": (ledger, options) =>
    ledger.recordPayment({ bill: "X", amount: 5, currency: "ZAR", paymentId: "pay_x" }, options),
  applyPayment: (ledger, options) => ledger.applyPayment({ bill: "B", amount: 150 }, options),
  reversePayment: (ledger, options) =>
    ledger.reversePayment({ paymentId: "pay_1", amount: 5 }, options),
  matchSuspense: (ledger, options) =>
    ledger.matchSuspense({ customer: "C", paymentId: "pay_s" }, options),
  "mirror of something new": (ledger, options) =>
    ledger.mirror(
      { object: "customer", id: "bcus_new", externalReference: "NEW", currency: "ZAR", balance: 5 },
      options,
    ),
  "mirror of a change": (ledger, options) =>
    ledger.mirror(
      { object: "customer", id: "bcus_c", externalReference: "C", currency: "ZAR", balance: 5 },
      options,
    ),
};
const verbNames = Object.keys(verbs);
const call = (name: string): Call => verbs[name] ?? (() => Promise.reject(new Error(name)));

const desk = async () => {
  const opened = open();
  const { ledger } = opened;
  await ledger.createCustomer({
    id: "bcus_c",
    externalReference: "C",
    currency: "ZAR",
    balance: 500,
  });
  await ledger.createAccount({ id: "bacc_a", externalReference: "A", customer: "C" });
  await ledger.createBill({
    id: "bill_b",
    externalReference: "B",
    customer: "C",
    currency: "ZAR",
    amountDue: 1000,
  });
  await ledger.recordPayment({ bill: "B", amount: 50, currency: "ZAR", paymentId: "pay_1" });
  await ledger.recordPayment({ customer: "typo", amount: 60, currency: "ZAR", paymentId: "pay_s" });
  return opened;
};

/** What a call came to, refusals included. */
const outcome = async (answer: Promise<unknown>): Promise<unknown> => {
  try {
    return await answer;
  } catch (error) {
    if (isLedgerError(error))
      return { code: error.code, message: error.message, detail: error.detail };
    throw error;
  }
};

describe("the same key with the same request", () => {
  it.each(verbNames)("%s answers the same again and writes nothing (IDEM-09)", async (name) => {
    const { ledger, host } = await desk();
    const key = { idempotencyKey: `key-${name.length}` };
    const first = await call(name)(ledger, key);
    const head = await ledger.head();
    host.clock.advance(90_000);
    expect(
      await call(name)(ledger, { ...key, actor: "somebody else", correlationId: "another" }),
    ).toEqual({ ...(first as object), replayed: true });
    expect(await ledger.head()).toEqual(head);
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it.each(verbNames)(
    "%s answers the same to a process that opens the book afresh, after more has happened",
    async (name) => {
      const { ledger, store } = await desk();
      const first = await call(name)(ledger, { idempotencyKey: "k" });
      await ledger.updateCustomer("C", { name: "Later", balance: 9999 });
      await ledger.setPaymentRules({ account: "A", paymentRules: null });
      expect(await call(name)(openLedger({ store }), { idempotencyKey: "k" })).toEqual({
        ...(first as object),
        replayed: true,
      });
    },
  );

  it.each(verbNames)("%s sent twice at once takes effect once", async (name) => {
    const { ledger } = await desk();
    const both = await Promise.all([1, 2].map(() => call(name)(ledger, { idempotencyKey: "k" })));
    expect(both.map((each) => (each as { replayed: boolean }).replayed).filter(Boolean)).toEqual([
      true,
    ]);
    const [one, two] = both.map((each) => ({ ...(each as object), replayed: true }));
    expect(one).toEqual(two);
  });

  it("answers a refusal again, even where it would be accepted now", async () => {
    const { ledger } = await desk();
    const apply = () =>
      outcome(
        ledger.applyPayment(
          { customer: "C", amount: 600, paymentId: "pay_2" },
          { idempotencyKey: "k" },
        ),
      );
    const first = await apply();
    expect(first).toMatchObject({ code: "OVERPAYMENT_NOT_ALLOWED", detail: { owed: 500 } });
    const before = await position(ledger);
    await ledger.setBalance({ customer: "C", balance: 600 });
    expect(await apply()).toEqual(first);
    expect(await position(ledger)).toBe(before + 1);
    await ledger.applyPayment({ customer: "C", amount: 600, paymentId: "pay_2" });
  });

  it.each([
    [
      "NOT_FOUND",
      (ledger: Ledger, options: WriteOptions) =>
        ledger.charge({ customer: "nobody", amount: 1 }, options),
    ],
    [
      "REFERENCE_TAKEN",
      (ledger: Ledger, options: WriteOptions) =>
        ledger.createCustomer({ externalReference: "C" }, options),
    ],
    [
      "METADATA_LIMIT",
      (ledger: Ledger, options: WriteOptions) =>
        ledger.updateCustomer("C", { metadata: { a: "v".repeat(501) } }, options),
    ],
    [
      "CURRENCY_MISMATCH",
      (ledger: Ledger, options: WriteOptions) =>
        ledger.matchSuspense({ bill: "B-USD", paymentId: "pay_s" }, options),
    ],
    [
      "TARGET_REQUIRED",
      (ledger: Ledger, options: WriteOptions) =>
        ledger.reversePayment({ paymentId: "pay_1" }, options),
    ],
    [
      "PAYMENT_CONFLICT",
      (ledger: Ledger, options: WriteOptions) =>
        ledger.applyPayment({ bill: "B", amount: 51, paymentId: "pay_1" }, options),
    ],
    [
      "INVALID_INPUT",
      (ledger: Ledger, options: WriteOptions) =>
        ledger.mirror({ object: "customer", id: "bcus_c", externalReference: "other" }, options),
    ],
  ] as const)(
    "keeps a refusal with %s, survives a reopening and stays verifiable",
    async (code, refuse) => {
      const { ledger, store } = await desk();
      await ledger.createBill({
        externalReference: "B-USD",
        customer: "C",
        currency: "USD",
        amountDue: 5,
      });
      await ledger.recordPayment({ customer: "C", amount: 1, currency: "ZAR", paymentId: "pay_1" });
      const first = await outcome(refuse(ledger, { idempotencyKey: "k" }));
      expect(first).toMatchObject({ code });
      expect(await outcome(refuse(openLedger({ store }), { idempotencyKey: "k" }))).toEqual(first);
      expect(await ledger.verify()).toMatchObject({ ok: true });
    },
  );

  it("answers a call that changed nothing again, without an event", async () => {
    const { ledger } = await desk();
    const before = await position(ledger);
    const update = (balance: number) =>
      ledger.updateCustomer("C", { balance }, { idempotencyKey: "k" });
    const first = await update(500);
    expect(first).toMatchObject({ events: [], replayed: false });
    expect(await update(500)).toEqual({ ...first, replayed: true });
    expect(await position(ledger)).toBe(before);
    expect(await refused(update(501))).toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
      fields: ["balance"],
    });
  });

  it("keeps that a call changed nothing only where that is so in the book, whoever wrote it", async () => {
    const store = sharedStore();
    const [left, right] = [openLedger({ store }), openLedger({ store })];
    await left.createCustomer({ externalReference: "C", currency: "ZAR", balance: 500 });
    await right.setBalance({ customer: "C", balance: 600 });
    expect(
      await left.setBalance({ customer: "C", balance: 500 }, { idempotencyKey: "k" }),
    ).toMatchObject({ entity: { balance: 500 }, events: [{}] });
    expect((await right.retrieveCustomer("C")).balance).toBe(500);
  });

  it("answers a payment that was here before, under a new key and again under that", async () => {
    const { ledger } = await desk();
    const repeat = () =>
      ledger.recordPayment(
        { bill: "B", amount: 50, currency: "ZAR", paymentId: "pay_1" },
        { idempotencyKey: "k" },
      );
    const first = await repeat();
    expect(first).toMatchObject({
      replayed: true,
      payment: { status: "applied" },
      entity: { amountPaid: 50 },
    });
    await ledger.recordPayment({ bill: "B", amount: 10, currency: "ZAR" });
    expect(await repeat()).toEqual(first);
  });

  it("does not keep an input that could not be read: it may be corrected under the same key", async () => {
    const { ledger } = await desk();
    expect(
      await refused(ledger.charge({ customer: "C", amount: 0.5 }, { idempotencyKey: "k" })),
    ).toMatchObject({ code: "INVALID_INPUT" });
    expect(
      await ledger.charge({ customer: "C", amount: 5 }, { idempotencyKey: "k" }),
    ).toMatchObject({ replayed: false });
  });
});

describe("the same key with another request", () => {
  it("is refused, naming the fields that differ; the first result stays (IDEM-11, D-06)", async () => {
    const { ledger } = await desk();
    const create = (input: object) =>
      ledger.createCustomer(
        { externalReference: "NEW", name: "L", metadata: { a: "1", b: "2" }, ...input },
        { idempotencyKey: "k" },
      );
    const first = await create({});
    expect(await refused(create({ name: "M", phone: "+271", metadata: { a: "1" } }))).toEqual({
      code: "IDEMPOTENCY_KEY_REUSED",
      key: "k",
      fields: ["metadata", "name", "phone"],
    });
    expect(await create({ metadata: { b: "2", a: "1" } })).toEqual({ ...first, replayed: true });
  });

  it("names the target, the date and the verb in the caller's own words", async () => {
    const { ledger } = await desk();
    const key = { idempotencyKey: "k" };
    await ledger.charge({ customer: "C", amount: 5 }, key);
    expect(await refused(ledger.charge({ account: "A", amount: 5 }, key))).toMatchObject({
      fields: ["account", "customer"],
    });
    expect(
      await refused(
        ledger.charge(
          { customer: "C", amount: 5 },
          { ...key, effectiveAt: "2026-02-01T00:00:00Z" },
        ),
      ),
    ).toMatchObject({ fields: ["effectiveAt"] });
    expect(
      await refused(ledger.credit({ customer: "C", amount: 5, reason: "x" }, key)),
    ).toMatchObject({ fields: ["reason", "verb"] });
    await ledger.recordPayment(
      { bill: "B", amount: 5, currency: "ZAR", paymentId: "pay_2" },
      { idempotencyKey: "l" },
    );
    expect(
      await refused(
        ledger.recordPayment(
          { customer: "B", amount: 6, currency: "ZAR", paymentId: "pay_2" },
          { idempotencyKey: "l" },
        ),
      ),
    ).toMatchObject({ fields: ["amount", "bill", "customer"] });
  });

  const payment = {
    bill: "B",
    amount: 5,
    currency: "ZAR",
    paymentId: "pay_2",
    metadata: { a: "1" },
  };
  it.each<[string, object, object]>([
    ["recordPayment", payment, { amount: 6 }],
    ["recordPayment", payment, { currency: "USD" }],
    ["recordPayment", payment, { paymentId: "pay_3" }],
    ["recordPayment", payment, { metadata: { a: "2" } }],
    ["applyPayment", { ...payment, amount: 100 }, { amount: 101 }],
    ["applyPayment", { ...payment, amount: 100 }, { currency: undefined }],
    ["applyPayment", { ...payment, amount: 100 }, { paymentId: "pay_3" }],
    ["applyPayment", { ...payment, amount: 100 }, { metadata: { a: "2" } }],
    ["reversePayment", { paymentId: "pay_1", amount: 5, reason: "x" }, { amount: 6 }],
    ["reversePayment", { paymentId: "pay_1", amount: 5, reason: "x" }, { reason: "y" }],
    ["reversePayment", { paymentId: "pay_1", amount: 5, reason: "x" }, { bill: "B" }],
    ["matchSuspense", { customer: "C", paymentId: "pay_s", amount: 60 }, { amount: 61 }],
    ["matchSuspense", { customer: "C", paymentId: "pay_s" }, { currency: "ZAR" }],
    ["matchSuspense", { customer: "C", paymentId: "pay_s" }, { paymentId: "pay_1" }],
  ])("%s %j is another request with %j", async (verb, input, over) => {
    const { ledger } = await desk();
    const send = (each: object): Promise<unknown> =>
      (ledger as unknown as Record<string, (...asked: object[]) => Promise<unknown>>)[verb]?.(
        each,
        { idempotencyKey: "k" },
      ) ?? Promise.reject(new Error(verb));
    await send(input);
    expect(await refused(send({ ...input, ...over }))).toEqual({
      code: "IDEMPOTENCY_KEY_REUSED",
      key: "k",
      fields: Object.keys(over),
    });
  });

  it("is refused also where both arrive at once", async () => {
    const { ledger } = await desk();
    const answers = await Promise.all(
      [5, 6].map((amount) =>
        outcome(ledger.charge({ customer: "C", amount }, { idempotencyKey: "k" })),
      ),
    );
    expect(answers).toMatchObject([
      { replayed: false },
      { code: "IDEMPOTENCY_KEY_REUSED", detail: { fields: ["amount"] } },
    ]);
    const others = await Promise.all([
      outcome(ledger.charge({ customer: "C", amount: 1 }, { idempotencyKey: "l" })),
      outcome(ledger.setPaymentRules({ bill: "B", paymentRules: null }, { idempotencyKey: "l" })),
    ]);
    expect(
      others.filter((each) => (each as { code?: string }).code === "IDEMPOTENCY_KEY_REUSED"),
    ).toHaveLength(1);
  });

  it("is another matter in another book (AUTH-08, D-03)", async () => {
    const { store } = await desk();
    const [live, test] = ["live", "test"].map((book) => openLedger({ store, book })) as [
      Ledger,
      Ledger,
    ];
    await live.createCustomer({ externalReference: "C" }, { idempotencyKey: "k" });
    expect(await refused(test.retrieveCustomer("C"))).toMatchObject({ code: "NOT_FOUND" });
    expect(
      (await test.createCustomer({ externalReference: "D" }, { idempotencyKey: "k" })).replayed,
    ).toBe(false);
    expect(await store.listBooks()).toEqual(["default", "live", "test"]);
  });
});

describe("a dry run", () => {
  /** Generated ids differ from run to run; everything else may not. */
  const plain = (answer: unknown): unknown =>
    JSON.parse(JSON.stringify(answer).replaceAll(/(bcus|bacc|bill|ob|pay|evt)_\w{21}/g, "…"));

  it.each(verbNames)(
    "of %s answers what the call would answer, and writes nothing",
    async (name) => {
      const { ledger, store } = await desk();
      const head = await ledger.head();
      const rehearsed = await call(name)(ledger, { dryRun: true });
      expect(await ledger.head()).toEqual(head);
      expect((await call(name)(openLedger({ store }), { dryRun: true })) as object).toHaveProperty(
        "replayed",
        false,
      );
      const done = await call(name)(ledger);
      expect(plain(rehearsed)).toEqual(plain(done));
    },
  );

  it.each(verbNames)(
    "of %s keeps nothing under its key, and answers what is kept there",
    async (name) => {
      const { ledger } = await desk();
      const key = { idempotencyKey: "k" };
      await call(name)(ledger, { ...key, dryRun: true });
      const done = await call(name)(ledger, key);
      expect(done).toMatchObject({ replayed: false });
      expect(await call(name)(ledger, { ...key, dryRun: true })).toEqual({
        ...(done as object),
        replayed: true,
      });
    },
  );

  it("refuses what the call would refuse", async () => {
    const { ledger } = await desk();
    const dryRun = { dryRun: true };
    expect(await refused(ledger.createCustomer({ externalReference: "C" }, dryRun))).toMatchObject({
      code: "REFERENCE_TAKEN",
    });
    expect(await refused(ledger.applyPayment({ bill: "B", amount: 5000 }, dryRun))).toMatchObject({
      code: "AMOUNT_ABOVE_MAXIMUM",
    });
    await ledger.charge({ customer: "C", amount: 5 }, { idempotencyKey: "k" });
    expect(
      await refused(
        ledger.charge({ customer: "C", amount: 6 }, { idempotencyKey: "k", ...dryRun }),
      ),
    ).toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
  });

  it("on a book that does not exist does not make it exist", async () => {
    const { ledger, store } = open();
    const { entity, events } = await ledger.createCustomer(
      { externalReference: "C", currency: "ZAR", balance: 5 },
      { dryRun: true },
    );
    expect(entity.balance).toBe(5);
    expect(events.map(({ position: at }) => at)).toEqual([1, 2, 3]);
    expect(await store.listBooks()).toEqual([]);
  });

  it("of a payment that was here before answers that", async () => {
    const { ledger } = await desk();
    expect(
      await ledger.recordPayment(
        { bill: "B", amount: 50, currency: "ZAR", paymentId: "pay_1" },
        { dryRun: true },
      ),
    ).toMatchObject({ replayed: true, payment: { status: "applied" } });
  });
});
