import { describe, expect, it } from "vitest";
import { faultPaths, open, position, refused, rules } from "./open.ts";

/** Handed in as JavaScript would: nobody has checked the types. */
const wild = (value: unknown): never => value as never;

describe("the faults of an input", () => {
  it("all come at once, each by its path (ERR-13, D-11)", async () => {
    const input = {
      id: "bacc_1",
      externalReference: "bcus_x",
      name: "x".repeat(256),
      email: "nobody",
      phone: "0825550142",
      currency: "zar",
      balance: 0.5,
      metadata: { a: 1, b: "" },
      nam: "x",
    };
    expect(await faultPaths(open().ledger.createCustomer(wild(input)))).toEqual([
      "balance",
      "currency",
      "email",
      "externalReference",
      "id",
      "metadata.a",
      "metadata.b",
      "nam",
      "name",
      "phone",
    ]);
  });

  it("come at once also from composite inputs, three deep", async () => {
    const input = {
      externalReference: "bill_x",
      currency: "ZZZ",
      amountDue: "1",
      billDate: "2026-02-30",
      account: {
        externalReference: "bacc_x",
        balance: 10 ** 15 + 1,
        customer: { externalReference: "a b", phone: "1", balance: 1, metadata: { a: null } },
      },
    };
    expect(await faultPaths(open().ledger.createBill(wild(input)))).toEqual([
      "account.balance",
      "account.currency",
      "account.customer.currency",
      "account.customer.externalReference",
      "account.customer.metadata.a",
      "account.customer.phone",
      "account.externalReference",
      "amountDue",
      "billDate",
      "currency",
      "externalReference",
    ]);
  });

  it("name a misspelt member wherever it stands", async () => {
    const { ledger } = open();
    expect(
      await faultPaths(
        ledger.createAccount(
          wild({ externalReference: "A", customer: { externalReference: "C", nam: "x" } }),
        ),
      ),
    ).toEqual(["customer.nam"]);
    expect(
      await faultPaths(
        ledger.createCustomer(wild({ externalReference: "A" }), wild({ idempotencykey: "x" })),
      ),
    ).toEqual(["idempotencykey"]);
    expect(await faultPaths(ledger.listBills(wild({ state: "paid" })))).toEqual(["state"]);
  });

  it("have a message that names the verb and tells the first five", async () => {
    const many = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`unknown${n}`, 1]));
    await expect(open().ledger.updateCustomer("CUST-1", wild(many))).rejects.toThrow(
      /^updateCustomer: unknown0 is not known here; .*unknown4 is not known here; and 3 more$/,
    );
  });

  it("say what is required and what kind of thing is meant", async () => {
    const { faults } = await refused(open().ledger.createCustomer(wild({ name: 5, metadata: [] })));
    expect(faults).toEqual([
      { field: "externalReference", message: "is required" },
      { field: "name", message: "must be a string" },
      { field: "metadata", message: "must be an object of texts" },
    ]);
  });

  it("are told in sentences of ours alone", async () => {
    const { ledger } = open();
    const told = async (answer: Promise<unknown>): Promise<unknown> =>
      (await refused(answer))["faults"];
    const customer = "A";
    const position = "must be a position, 0 or more, or an instant such as 2026-03-01T00:00:00Z";
    for (const known of ["x", 0.5, {}])
      expect(await told(ledger.balanceOf(wild({ customer }), wild({ known })))).toEqual([
        { field: "known", message: position },
      ]);
    expect(await told(ledger.balanceOf(wild({ customer }), wild({ effective: "x" })))).toEqual([
      {
        field: "effective",
        message: "must be a date such as 2026-03-01, or an instant such as 2026-03-01T00:00:00Z",
      },
    ]);
    expect(await told(ledger.listBills(wild({ limit: 0, status: "x", owing: "yes" })))).toEqual([
      { field: "limit", message: "must be 1 or more" },
      { field: "owing", message: "must be true or false" },
      { field: "status", message: "must be unpaid, paid or voided" },
    ]);
    expect(await told(ledger.listBills(wild({ limit: 501 })))).toEqual([
      { field: "limit", message: "must be 500 or less" },
    ]);
    expect(await told(ledger.listBills(wild({ limit: 1.5 })))).toEqual([
      { field: "limit", message: "must be a whole number" },
    ]);
    expect(await told(ledger.mirror(wild({ object: "invoice" })))).toEqual([
      { field: "object", message: "must be customer, account or bill" },
    ]);
    expect(await told(ledger.mirror(wild(5)))).toEqual([
      { field: "", message: "must be an object" },
    ]);
    const everyVerb = Object.entries(ledger).filter(([, verb]) => typeof verb === "function");
    for (const [name, verb] of everyVerb)
      for (const junk of [
        5,
        "x",
        [],
        { limit: {}, after: 5, customer: 5, account: [], amount: "" },
      ])
        try {
          const answer = await (verb as (...input: unknown[]) => unknown)(junk, junk);
          if (typeof answer === "object" && answer !== null && "next" in answer)
            await (answer as AsyncGenerator).next();
        } catch (error) {
          expect(String(error), name).not.toMatch(/Invalid|Too (small|big)|expected|received/);
        }
  });

  it.each([undefined, null, 5, "x", []])("are found where the whole input is %j", async (input) => {
    const { ledger } = open();
    for (const answer of [
      ledger.createCustomer(wild(input)),
      ledger.createAccount(wild(input)),
      ledger.createBill(wild(input)),
      ledger.updateCustomer("x", wild(input)),
      ledger.updateAccount("x", wild(input)),
      ledger.updateBill("x", wild(input)),
      ledger.setBalance(wild(input)),
      ledger.setPaymentRules(wild(input)),
      ledger.charge(wild(input)),
      ledger.credit(wild(input)),
      ledger.recordPayment(wild(input)),
      ledger.applyPayment(wild(input)),
      ledger.reversePayment(wild(input)),
      ledger.matchSuspense(wild(input)),
      ledger.mirror(wild(input)),
      ledger.balanceOf(wild(input)),
      ledger.history(wild(input)).next(),
    ])
      expect(await refused(answer)).toMatchObject({ code: "INVALID_INPUT" });
  });

  it("are found where a verb is given no name at all, and as a rejection, never as a throw", async () => {
    const { ledger } = open();
    for (const name of [undefined, null, "", 5, {}])
      for (const answer of [
        ledger.updateCustomer(wild(name), {}),
        ledger.updateAccount(wild(name), {}),
        ledger.updateBill(wild(name), {}),
        ledger.voidBill(wild(name)),
      ])
        expect(await refused(answer)).toMatchObject({ code: "INVALID_INPUT" });
  });

  it("are null members too: absent is left out, not null (D-22)", async () => {
    const { ledger } = open();
    const nulls = {
      id: null,
      externalReference: "A",
      name: null,
      email: null,
      phone: null,
      currency: null,
      balance: null,
      metadata: null,
    };
    expect(await faultPaths(ledger.createCustomer(wild(nulls)))).toEqual([
      "balance",
      "currency",
      "email",
      "id",
      "metadata",
      "name",
      "phone",
    ]);
    expect(
      await faultPaths(
        ledger.createBill(
          wild({
            externalReference: "B",
            currency: "ZAR",
            amountDue: 1,
            account: null,
            customer: null,
          }),
        ),
      ),
    ).toEqual(["account", "customer"]);
  });

  it("are undefined members not: they count as absent", async () => {
    const { entity } = await open().ledger.createCustomer({
      externalReference: "A",
      name: undefined,
      balance: undefined,
      metadata: undefined,
    });
    expect(entity).not.toHaveProperty("name");
  });
});

describe("a cursor", () => {
  it("is of one list, and refused by every other", async () => {
    const { ledger } = open();
    for (const name of ["A", "B"]) {
      const account = { externalReference: name, customer: { externalReference: name } };
      const raise = { externalReference: name, currency: "ZAR", amountDue: 1, account };
      await ledger.createBill(raise);
      const target = { customer: `bcus_${name}unknown` };
      await ledger.recordPayment({ ...target, amount: 1, currency: "ZAR", paymentId: `p_${name}` });
    }
    const lists = [
      ledger.listCustomers,
      ledger.listAccounts,
      ledger.listBills,
      (query: object) => ledger.listSuspense(query),
    ] as const;
    for (const list of lists) {
      const { next: after } = await list({ limit: 1 });
      expect(after).toBeTypeOf("string");
      expect((await list({ after })).data).toHaveLength(1);
      for (const other of lists)
        if (other !== list)
          expect(await refused(other({ after }))).toMatchObject({
            code: "INVALID_INPUT",
            faults: [{ field: "after", message: "must be the `next` of a page of this list" }],
          });
    }
  });
});

describe("amounts", () => {
  const doors = [
    "1",
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -0,
    10 ** 15 + 1,
    null,
    true,
    [5],
  ];

  it.each(doors)("%s is no balance (MON-01, MON-08, D-14)", async (balance) => {
    const { ledger } = open();
    await ledger.createCustomer({ externalReference: "A" });
    expect(
      await faultPaths(
        ledger.createCustomer({ externalReference: "B", currency: "ZAR", balance: wild(balance) }),
      ),
    ).toEqual(["balance"]);
    expect(
      await faultPaths(ledger.updateCustomer("A", { currency: "ZAR", balance: wild(balance) })),
    ).toEqual(["balance"]);
    expect(
      await faultPaths(
        ledger.setBalance({ customer: "A", currency: "ZAR", balance: wild(balance) }),
      ),
    ).toEqual(["balance"]);
  });

  it.each([...doors, 0, -1])("%s is no sum that moves", async (amount) => {
    const { ledger } = open();
    for (const answer of [
      ledger.charge({ customer: "A", amount: wild(amount) }),
      ledger.credit({ customer: "A", amount: wild(amount), reason: "x" }),
      ledger.recordPayment({ customer: "A", amount: wild(amount), currency: "ZAR" }),
      ledger.applyPayment({ customer: "A", amount: wild(amount) }),
      ledger.reversePayment({ paymentId: "pay_1", amount: wild(amount) }),
      ledger.matchSuspense({ customer: "A", paymentId: "pay_1", amount: wild(amount) }),
    ])
      expect(await faultPaths(answer)).toEqual(["amount"]);
  });

  it("of bills are 1 to 99999999 (MON-05), and those paid 0 to 99999999 (MON-06)", async () => {
    const { ledger } = open();
    await ledger.createCustomer({ externalReference: "A" });
    for (const amountDue of [0, 100_000_000, -1, 1.5])
      expect(
        await faultPaths(
          ledger.createBill({ externalReference: "B", customer: "A", currency: "ZAR", amountDue }),
        ),
      ).toEqual(["amountDue"]);
    await ledger.createBill({
      externalReference: "B-1",
      customer: "A",
      currency: "ZAR",
      amountDue: 1,
    });
    await ledger.createBill({
      externalReference: "B-2",
      customer: "A",
      currency: "ZAR",
      amountDue: 99_999_999,
    });
    for (const amountPaid of [-1, 100_000_000, 0.5])
      expect(await faultPaths(ledger.updateBill("B-2", { amountPaid }))).toEqual(["amountPaid"]);
    expect((await ledger.updateBill("B-2", { amountPaid: 99_999_999 })).entity.status).toBe("paid");
  });

  it("reach 10^15 on either side (D-14)", async () => {
    const { ledger } = open();
    for (const [externalReference, balance] of [
      ["A", 10 ** 15],
      ["B", -(10 ** 15)],
    ] as const)
      expect(
        (await ledger.createCustomer({ externalReference, currency: "JPY", balance })).entity
          .balance,
      ).toBe(balance);
  });

  it("need their currency beside them (MON-09), one of ISO 4217 (MON-03, D-13)", async () => {
    const { ledger } = open();
    expect(await faultPaths(ledger.createCustomer({ externalReference: "A", balance: 5 }))).toEqual(
      ["currency"],
    );
    expect(
      await faultPaths(ledger.createAccount({ externalReference: "A", customer: "B", balance: 5 })),
    ).toEqual(["currency"]);
    for (const currency of ["ZZZ", "zar", "__proto__", "constructor", ""])
      expect(
        await faultPaths(ledger.createCustomer({ externalReference: "A", balance: 5, currency })),
      ).toEqual(["currency"]);
    for (const currency of ["JPY", "BHD", "GBP"])
      await ledger.createCustomer({ externalReference: currency, balance: 5, currency });
  });
});

describe("sums that would leave 10^15", () => {
  const most = 10 ** 15;
  const outOfRange = { code: "AMOUNT_OUT_OF_RANGE" };

  it("are refused by every verb, and nothing is written", async () => {
    const { ledger } = open({
      paymentRules: {
        customer: rules({ minAmount: 0, maxAmount: most, overpaymentAllowed: true }),
        bill: rules({ minAmount: 0, maxAmount: most, overpaymentAllowed: true }),
      },
    });
    await ledger.createCustomer({ externalReference: "high", currency: "ZAR", balance: most - 1 });
    await ledger.createCustomer({ externalReference: "low", currency: "ZAR", balance: 1 - most });
    await ledger.createBill({
      externalReference: "B",
      customer: "low",
      currency: "ZAR",
      amountDue: 1,
    });
    await ledger.recordPayment({
      customer: "high",
      amount: 2,
      currency: "ZAR",
      paymentId: "pay_1",
    });
    await ledger.setBalance({ customer: "high", balance: most - 1 });
    await ledger.recordPayment({ bill: "B", amount: most, currency: "ZAR", paymentId: "pay_2" });
    const before = await position(ledger);
    for (const answer of [
      ledger.charge({ customer: "high", amount: 2 }),
      ledger.credit({ customer: "low", amount: 2, reason: "x" }),
      ledger.recordPayment({ customer: "low", amount: 2, currency: "ZAR" }),
      ledger.applyPayment({ customer: "low", amount: 2 }),
      ledger.reversePayment({ paymentId: "pay_1" }),
      ledger.recordPayment({ bill: "B", amount: 1, currency: "ZAR" }),
      ledger.applyPayment({ bill: "B", amount: 1 }),
    ])
      expect(await refused(answer)).toMatchObject(outOfRange);
    expect(await position(ledger)).toBe(before);
    await ledger.charge({ customer: "high", amount: 1 });
    await ledger.credit({ customer: "low", amount: 1, reason: "x" });
    expect((await ledger.retrieveCustomer("high")).balance).toBe(most);
    expect((await ledger.retrieveCustomer("low")).balance).toBe(-most);
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it("are refused as of a time at which they stood so, rather than rounded", async () => {
    const { ledger, host } = open();
    await ledger.createCustomer({ externalReference: "A", currency: "ZAR", balance: most });
    host.clock.advance(1000);
    await ledger.credit({ customer: "A", amount: 10, reason: "x" });
    await ledger.charge({ customer: "A", amount: 10 }, { effectiveAt: "2026-03-01T00:00:00Z" });
    expect(
      await refused(ledger.balanceOf({ customer: "A" }, { effective: "2026-03-01T00:00:00Z" })),
    ).toEqual({
      ...outOfRange,
      id: (await ledger.retrieveCustomer("A")).id,
      balance: most + 10,
      currency: "ZAR",
    });
  });
});

describe("names that JavaScript knows as its own", () => {
  it.each([
    "constructor",
    "__proto__",
    "toString",
    "hasOwnProperty",
    "prototype",
    "null",
    "undefined",
    "0",
  ])("%s is a reference like any other", async (name) => {
    const { ledger } = open();
    expect(await refused(ledger.retrieveCustomer(name))).toMatchObject({ code: "NOT_FOUND" });
    await ledger.recordPayment({ bill: name, amount: 100, currency: "ZAR", paymentId: "pay_1" });
    await ledger.createBill({
      externalReference: name,
      currency: "ZAR",
      amountDue: 100,
      account: {
        externalReference: name,
        currency: "ZAR",
        balance: 1,
        customer: { externalReference: name, currency: "ZAR", balance: 2 },
      },
    });
    expect((await ledger.retrieveCustomer(name)).balance).toBe(2);
    expect((await ledger.retrieveAccount(name)).balance).toBe(1);
    expect((await ledger.retrieveBill(name)).status).toBe("paid");
    expect((await ledger.listBills({ customer: name, account: name })).data).toHaveLength(1);
    expect(await refused(ledger.createCustomer({ externalReference: name }))).toMatchObject({
      code: "REFERENCE_TAKEN",
    });
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it("are keys of metadata like any other, created, merged, read back and verified", async () => {
    const { ledger } = open();
    const metadata = (text: string) => JSON.parse(text) as Record<string, string>;
    await ledger.createCustomer({
      externalReference: "A",
      metadata: metadata('{"__proto__":"a","constructor":"b","toString":"c"}'),
    });
    await ledger.updateCustomer("A", { metadata: metadata('{"__proto__":"d","valueOf":"e"}') });
    expect(JSON.stringify((await ledger.retrieveCustomer("A")).metadata)).toBe(
      '{"__proto__":"d","constructor":"b","toString":"c","valueOf":"e"}',
    );
    expect(
      (await ledger.updateCustomer("A", { metadata: metadata('{"__proto__":"d"}') })).events,
    ).toEqual([]);
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it("are idempotency keys like any other", async () => {
    const { ledger } = open();
    for (const idempotencyKey of ["__proto__", "constructor"]) {
      const create = () =>
        ledger.createCustomer({ externalReference: idempotencyKey }, { idempotencyKey });
      const first = await create();
      expect(await create()).toEqual({ ...first, replayed: true });
    }
  });
});

describe("texts that no store can keep", () => {
  it.each([
    ["NUL", "a\0b"],
    ["half of a surrogate pair", "a\ud83d"],
    ["a megabyte", "x".repeat(2 ** 20)],
  ])("%s is refused at every door", async (_, text) => {
    const { ledger } = open();
    const reference = { externalReference: "A" };
    expect(await faultPaths(ledger.createCustomer({ ...reference, name: text }))).toEqual(["name"]);
    expect(
      await faultPaths(ledger.createCustomer({ ...reference, metadata: { a: text } })),
    ).toEqual(["metadata.a"]);
    expect(
      await faultPaths(ledger.createCustomer({ ...reference, metadata: { [text]: "a" } })),
    ).toHaveLength(1);
    expect(await faultPaths(ledger.createCustomer({ externalReference: text }))).toEqual([
      "externalReference",
    ]);
    for (const option of ["idempotencyKey", "actor", "correlationId", "causationId"])
      expect(await faultPaths(ledger.createCustomer(reference, { [option]: text }))).toEqual([
        option,
      ]);
    expect(await faultPaths(ledger.charge({ customer: "A", amount: 1, reason: text }))).toEqual([
      "reason",
    ]);
    expect(
      await faultPaths(
        ledger.recordPayment({
          customer: "A",
          amount: 1,
          currency: "ZAR",
          sourceEventId: text,
          sourceObligationId: text,
        }),
      ),
    ).toEqual(["sourceEventId", "sourceObligationId"]);
    expect(await faultPaths(ledger.retrieveBill(text))).toEqual(["bill"]);
    expect(await ledger.head()).toBeUndefined();
  });

  it("are told apart from long texts that may be kept", async () => {
    const { entity } = await open({ metadataLimits: { valueLength: 5000 } }).ledger.createCustomer({
      externalReference: "a".repeat(255),
      name: "😀".repeat(255),
      metadata: { a: "é".repeat(5000) },
    });
    expect(entity.name).toBe("😀".repeat(255));
  });
});

describe("references", () => {
  it("may not begin like an id of their kind (ID-08, ID-09, ID-10, D-18)", async () => {
    const { ledger } = open();
    expect(await faultPaths(ledger.createCustomer({ externalReference: "bcus_x" }))).toEqual([
      "externalReference",
    ]);
    expect(
      await faultPaths(ledger.createAccount({ externalReference: "bacc_x", customer: "C" })),
    ).toEqual(["externalReference"]);
    for (const externalReference of ["bcus_x", "bill_x"])
      expect(
        await faultPaths(
          ledger.createBill({ externalReference, customer: "C", currency: "ZAR", amountDue: 1 }),
        ),
      ).toEqual(["externalReference"]);
    await ledger.createAccount({
      externalReference: "bcus_x",
      customer: { externalReference: "bacc_x" },
    });
    await ledger.createBill({
      externalReference: "bacc_x",
      account: "bcus_x",
      currency: "ZAR",
      amountDue: 1,
    });
    expect((await ledger.retrieveBill("bacc_x")).accountId).toBe(
      (await ledger.retrieveAccount("bcus_x")).id,
    );
  });
});

describe("targets", () => {
  it("are named by exactly one of customer, account and bill", async () => {
    const { ledger } = open();
    const two = { customer: "A", account: "B" };
    for (const target of [{}, two])
      for (const answer of [
        ledger.setBalance({ ...target, balance: 1 }),
        ledger.setPaymentRules({ ...target, paymentRules: null }),
        ledger.charge({ ...target, amount: 1 }),
        ledger.credit({ ...target, amount: 1, reason: "x" }),
        ledger.recordPayment({ ...target, amount: 1, currency: "ZAR" }),
        ledger.applyPayment({ ...target, amount: 1 }),
        ledger.matchSuspense({ ...target, paymentId: "pay_1" }),
        ledger.balanceOf(target),
        ledger.history(target).next(),
      ])
        expect(await faultPaths(answer)).toEqual([""]);
    expect(await faultPaths(ledger.reversePayment({ ...two, paymentId: "pay_1" }))).toEqual([""]);
  });

  it("of a balance that is set are no bills", async () => {
    expect(await faultPaths(open().ledger.setBalance(wild({ bill: "B", balance: 1 })))).toContain(
      "bill",
    );
  });
});

describe("options of a call", () => {
  it("are bounded and typed", async () => {
    const { ledger } = open();
    const input = { externalReference: "A" };
    expect(
      await faultPaths(
        ledger.createCustomer(
          input,
          wild({ idempotencyKey: "", effectiveAt: "yesterday", actor: 5, dryRun: "yes" }),
        ),
      ),
    ).toEqual(["actor", "dryRun", "effectiveAt", "idempotencyKey"]);
    expect(
      await faultPaths(ledger.createCustomer(input, { idempotencyKey: "k".repeat(256) })),
    ).toEqual(["idempotencyKey"]);
    await ledger.createCustomer(input, { idempotencyKey: "k".repeat(255) });
  });

  it("date the past, for payments the future too, and only what can be dated", async () => {
    const { ledger } = open();
    await ledger.createCustomer({ externalReference: "A", currency: "ZAR", balance: 500 });
    const tomorrow = { effectiveAt: "2026-03-02T00:00:00Z" };
    const yesterday = { effectiveAt: "2026-02-28T00:00:00Z" };
    for (const answer of [
      ledger.charge({ customer: "A", amount: 1 }, tomorrow),
      ledger.credit({ customer: "A", amount: 1, reason: "x" }, tomorrow),
      ledger.applyPayment({ customer: "A", amount: 100 }, tomorrow),
      ledger.reversePayment({ paymentId: "pay_1" }, tomorrow),
      ledger.setPaymentRules({ customer: "A", paymentRules: null }, yesterday),
      ledger.matchSuspense({ customer: "A", paymentId: "pay_1" }, yesterday),
      ledger.setBalance({ customer: "A", balance: 1 }, yesterday),
    ])
      expect(await faultPaths(answer)).toEqual(["effectiveAt"]);
    const { events } = await ledger.recordPayment(
      { customer: "A", amount: 100, currency: "ZAR" },
      tomorrow,
    );
    expect(events[0]?.effectiveAt).toBe("2026-03-02T00:00:00.000Z");
    expect(
      (await ledger.charge({ customer: "A", amount: 1 }, yesterday)).events[0]?.effectiveAt,
    ).toBe("2026-02-28T00:00:00.000Z");
  });
});
