import { idPatterns } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { faultPaths, open, position, refused, rules, typesOf } from "./open.ts";

const lerato = {
  externalReference: "CUST-40217",
  name: "Lerato Dlamini",
  email: "lerato.dlamini@example.org",
  phone: "+27825550142",
  currency: "ZAR",
  balance: 48_350,
  metadata: { region: "gauteng" },
};

describe("createCustomer", () => {
  it("answers with the customer, payable by the default rules (CUS-06, CUS-08, ID-01)", async () => {
    const { ledger } = open({ paymentRules: { customer: rules({ minAmount: 500 }) } });
    const { entity, events, replayed } = await ledger.createCustomer(lerato);
    expect(entity).toEqual({
      ...lerato,
      object: "customer",
      id: entity.id,
      obligationId: entity.obligationId,
      paymentRules: rules({ minAmount: 500 }),
    });
    expect(entity.id).toMatch(idPatterns.customer);
    expect(entity.obligationId).toMatch(idPatterns.obligation);
    expect(typesOf(events)).toEqual([
      "customer.created",
      "obligation.opened",
      "obligation.payment_rules_set",
    ]);
    expect(events.map(({ position: at, revision }) => [at, revision])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(replayed).toBe(false);
  });

  it("needs only a reference (CUS-02), and works without a balance (CUS-07)", async () => {
    const { ledger } = open();
    const { entity } = await ledger.createCustomer({ externalReference: "CUST-1" });
    expect(entity).toEqual({
      object: "customer",
      id: entity.id,
      externalReference: "CUST-1",
      obligationId: entity.obligationId,
    });
  });

  it("takes an id that the caller gives, and only once (D-49)", async () => {
    const { ledger } = open();
    expect(
      (await ledger.createCustomer({ id: "bcus_given", externalReference: "CUST-1" })).entity.id,
    ).toBe("bcus_given");
    expect(
      await refused(ledger.createCustomer({ id: "bcus_given", externalReference: "CUST-2" })),
    ).toEqual({ code: "ID_TAKEN", kind: "customer", id: "bcus_given" });
  });

  it("refuses a reference that is taken, case-sensitively (ID-07, D-10, D-19)", async () => {
    const { ledger } = open();
    const { entity } = await ledger.createCustomer({ externalReference: "CUST-1" });
    const before = await position(ledger);
    expect(await refused(ledger.createCustomer({ externalReference: "CUST-1" }))).toEqual({
      code: "REFERENCE_TAKEN",
      kind: "customer",
      externalReference: "CUST-1",
      takenBy: entity.id,
    });
    expect(await position(ledger)).toBe(before);
    await ledger.createCustomer({ externalReference: "cust-1" });
  });

  it("lets the same reference stand for a customer, an account and a bill (D-19)", async () => {
    const { ledger } = open();
    await ledger.createCustomer({ externalReference: "X-1" });
    await ledger.createAccount({ externalReference: "X-1", customer: "X-1" });
    await ledger.createBill({
      externalReference: "X-1",
      customer: "X-1",
      currency: "ZAR",
      amountDue: 1,
    });
  });

  it("dates its opening in the past, and never in the future", async () => {
    const { ledger } = open();
    const input = { externalReference: "CUST-1", currency: "ZAR", balance: 5 };
    expect(
      await faultPaths(ledger.createCustomer(input, { effectiveAt: "2026-03-01T00:00:00.001Z" })),
    ).toEqual(["effectiveAt"]);
    const { events } = await ledger.createCustomer(input, {
      effectiveAt: "2026-01-01T02:00:00+02:00",
    });
    expect(events[1]).toMatchObject({
      effectiveAt: "2026-01-01T00:00:00.000Z",
      recordedAt: "2026-03-01T00:00:00.000Z",
    });
  });

  it("puts who asked, and why, on its events", async () => {
    const { ledger } = open();
    const options = { actor: "ops@example.org", correlationId: "cor-1", causationId: "evt_before" };
    const { events } = await ledger.createCustomer({ externalReference: "CUST-1" }, options);
    expect(events[0]).toMatchObject(options);
  });
});

describe("retrieveCustomer", () => {
  it("answers to the id and to the reference", async () => {
    const { ledger } = open();
    const { entity } = await ledger.createCustomer(lerato);
    expect(await ledger.retrieveCustomer(entity.id)).toEqual(entity);
    expect(await ledger.retrieveCustomer("CUST-40217")).toEqual(entity);
  });

  it.each(["bcus_unknown", "unknown", "constructor", "__proto__"])(
    "refuses %s, whom nobody knows",
    async (name) => {
      const { ledger } = open();
      await ledger.createCustomer(lerato);
      expect(await refused(ledger.retrieveCustomer(name))).toEqual({
        code: "NOT_FOUND",
        kind: "customer",
        name,
      });
    },
  );

  it("knows no customer by an account's id or reference", async () => {
    const { ledger } = open();
    const { entity } = await ledger.createAccount({ externalReference: "ACC-1", customer: lerato });
    expect(await refused(ledger.retrieveCustomer(entity.id))).toMatchObject({ code: "NOT_FOUND" });
    expect(await refused(ledger.retrieveCustomer("ACC-1"))).toMatchObject({ code: "NOT_FOUND" });
  });

  it("refuses what can be no name", async () => {
    const { ledger } = open();
    expect(await faultPaths(ledger.retrieveCustomer("a b"))).toEqual(["customer"]);
    expect(await faultPaths(ledger.retrieveCustomer(""))).toEqual(["customer"]);
    expect(await refused(ledger.retrieveCustomer(undefined as never))).toMatchObject({
      code: "INVALID_INPUT",
    });
  });

  it("gives a copy: what a caller does to it changes nothing here", async () => {
    const { ledger } = open();
    const { entity } = await ledger.createCustomer(lerato);
    (entity.metadata as Record<string, string>)["region"] = "changed";
    const again = await ledger.retrieveCustomer("CUST-40217");
    (again.metadata as Record<string, string>)["region"] = "changed";
    expect((await ledger.retrieveCustomer("CUST-40217")).metadata).toEqual({ region: "gauteng" });
  });
});

describe("updateCustomer", () => {
  it("changes what is sent and nothing else (CUS-10, CUS-11, CUS-13)", async () => {
    const { ledger } = open();
    const { entity } = await ledger.createCustomer(lerato);
    const { entity: updated, events } = await ledger.updateCustomer("CUST-40217", {
      name: "L. Dlamini",
      phone: "+27825550143",
      email: "l@example.org",
    });
    expect(updated).toEqual({
      ...entity,
      name: "L. Dlamini",
      phone: "+27825550143",
      email: "l@example.org",
    });
    expect(typesOf(events)).toEqual(["customer.updated"]);
  });

  it("replaces the balance, without naming the currency again (CUS-12, MON-10)", async () => {
    const { ledger } = open();
    await ledger.createCustomer(lerato);
    expect((await ledger.updateCustomer("CUST-40217", { balance: 61_200 })).entity.balance).toBe(
      61_200,
    );
    expect((await ledger.updateCustomer("CUST-40217", { balance: -7 })).entity.balance).toBe(-7);
  });

  it("merges metadata (META-06)", async () => {
    const { ledger } = open();
    await ledger.createCustomer(lerato);
    const { entity } = await ledger.updateCustomer("CUST-40217", { metadata: { tier: "gold" } });
    expect(entity.metadata).toEqual({ region: "gauteng", tier: "gold" });
  });

  it("with nothing in it changes nothing and writes nothing (CUS-15, D-43)", async () => {
    const { ledger } = open();
    const { entity } = await ledger.createCustomer(lerato);
    const before = await position(ledger);
    expect(await ledger.updateCustomer("CUST-40217", {})).toEqual({
      entity,
      events: [],
      replayed: false,
    });
    expect(await position(ledger)).toBe(before);
  });

  it("needs a currency for a first balance (MON-09)", async () => {
    const { ledger } = open();
    await ledger.createCustomer({ externalReference: "CUST-1" });
    expect(await refused(ledger.updateCustomer("CUST-1", { balance: 5 }))).toMatchObject({
      code: "CURRENCY_REQUIRED",
    });
    expect(
      (await ledger.updateCustomer("CUST-1", { balance: 5, currency: "ZAR" })).entity,
    ).toMatchObject({ balance: 5, currency: "ZAR", paymentRules: {} });
  });

  it("changes the currency only together with the balance (MON-11, D-15)", async () => {
    const { ledger } = open();
    await ledger.createCustomer(lerato);
    expect(await refused(ledger.updateCustomer("CUST-40217", { currency: "USD" }))).toMatchObject({
      code: "CURRENCY_MISMATCH",
      expected: "ZAR",
    });
    const { entity, events } = await ledger.updateCustomer("CUST-40217", {
      currency: "USD",
      balance: 700,
    });
    expect(entity).toMatchObject({ currency: "USD", balance: 700 });
    expect(entity).not.toHaveProperty("otherBalances");
    expect(events.map(({ data }) => data)).toMatchObject([
      { currency: "ZAR", amount: 0, previousBalance: 48_350, effect: -48_350, balanceAfter: 0 },
      { currency: "USD", amount: 700, previousBalance: 0, effect: 700, balanceAfter: 700 },
    ]);
  });

  it("refuses a customer that nobody knows", async () => {
    expect(await refused(open().ledger.updateCustomer("nobody", { name: "x" }))).toMatchObject({
      code: "NOT_FOUND",
    });
  });

  it("takes effect when it is recorded, a first balance aside", async () => {
    const { ledger } = open();
    await ledger.createCustomer(lerato);
    const effectiveAt = "2026-01-01T00:00:00Z";
    expect(
      await faultPaths(ledger.updateCustomer("CUST-40217", { name: "x" }, { effectiveAt })),
    ).toEqual(["effectiveAt"]);
    expect(
      await faultPaths(ledger.updateCustomer("CUST-40217", { balance: 1 }, { effectiveAt })),
    ).toEqual(["effectiveAt"]);
  });

  it("does not know fields that cannot be updated", async () => {
    const { ledger } = open();
    await ledger.createCustomer(lerato);
    const input = { externalReference: "x", paymentRules: rules(), id: "bcus_x" };
    expect(await faultPaths(ledger.updateCustomer("CUST-40217", input as never))).toEqual([
      "externalReference",
      "id",
      "paymentRules",
    ]);
  });
});

describe("metadata", () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, "v"]));

  it("has at most 10 keys of 40 characters and values of 500, unless the merchant says otherwise (META-02 to META-05)", async () => {
    const { ledger } = open();
    expect(
      await refused(ledger.createCustomer({ externalReference: "A", metadata: many(11) })),
    ).toMatchObject({ code: "METADATA_LIMIT", faults: [{ field: "metadata" }] });
    const wide = open({ metadataLimits: { keys: 20, keyLength: 50 } }).ledger;
    await wide.createCustomer({
      externalReference: "A",
      metadata: { ...many(19), ["k".repeat(50)]: "v".repeat(500) },
    });
    expect(
      await refused(wide.createCustomer({ externalReference: "B", metadata: many(21) })),
    ).toMatchObject({ faults: [{ field: "metadata" }] });
    expect(
      await refused(
        wide.createCustomer({ externalReference: "B", metadata: { k: "v".repeat(501) } }),
      ),
    ).toMatchObject({ faults: [{ field: "metadata.k" }] });
  });

  it("is judged merged, so an update cannot slip past the limit (META-07)", async () => {
    const { ledger } = open();
    await ledger.createCustomer({ externalReference: "A", metadata: many(10) });
    expect(await refused(ledger.updateCustomer("A", { metadata: { extra: "v" } }))).toMatchObject({
      code: "METADATA_LIMIT",
      faults: [{ field: "metadata" }],
    });
    expect(
      (await ledger.updateCustomer("A", { metadata: { k0: "w" } })).entity.metadata,
    ).toMatchObject({ k0: "w" });
  });

  it("cannot lose a key: null is a fault (D-17)", async () => {
    const { ledger } = open();
    await ledger.createCustomer({ externalReference: "A", metadata: { a: "1" } });
    expect(
      await faultPaths(ledger.updateCustomer("A", { metadata: { a: null, b: 2 } as never })),
    ).toEqual(["metadata.a", "metadata.b"]);
  });

  it("never changes what happens (META-08)", async () => {
    const answers = [];
    for (const metadata of [
      {},
      { currency: "USD", balance: "0", status: "voided", paymentRules: "null" },
    ] as Record<string, string>[]) {
      const { ledger } = open();
      await ledger.createCustomer({ ...lerato, metadata });
      const { entity, payment } = await ledger.applyPayment({
        customer: "CUST-40217",
        amount: 350,
        paymentId: "pay_1",
        metadata,
      });
      const { metadata: _, ...rest } = entity as { metadata?: object };
      const { eventId: __, ...outcome } = payment;
      answers.push({ ...rest, id: "", obligationId: "", outcome });
    }
    expect(answers[0]).toEqual(answers[1]);
  });
});
