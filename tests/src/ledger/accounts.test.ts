import { idPatterns } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { faultPaths, open, position, refused, rules, typesOf } from "./open.ts";

describe("createAccount", () => {
  it("belongs to a customer named by id (ACC-03, ACC-10, ID-02)", async () => {
    const { ledger } = open({ paymentRules: { account: rules({ minAmount: 1000 }) } });
    const customer = (await ledger.createCustomer({ externalReference: "CUST-1" })).entity;
    const { entity, events } = await ledger.createAccount({
      customer: customer.id,
      externalReference: "ACC-7781",
      name: "Fibre line, Rivonia",
      currency: "ZAR",
      balance: 129_900,
      metadata: { line: "7" },
    });
    expect(entity).toEqual({
      object: "account",
      id: entity.id,
      obligationId: entity.obligationId,
      customerId: customer.id,
      externalReference: "ACC-7781",
      name: "Fibre line, Rivonia",
      currency: "ZAR",
      balance: 129_900,
      metadata: { line: "7" },
      paymentRules: rules({ minAmount: 1000 }),
    });
    expect(entity.id).toMatch(idPatterns.account);
    expect(typesOf(events)).toEqual([
      "account.created",
      "obligation.opened",
      "obligation.payment_rules_set",
    ]);
  });

  it("belongs to a customer named by reference (ACC-04), without a balance (ACC-09)", async () => {
    const { ledger } = open();
    const customer = (await ledger.createCustomer({ externalReference: "CUST-1" })).entity;
    const { entity } = await ledger.createAccount({
      customer: "CUST-1",
      externalReference: "ACC-1",
    });
    expect(entity).toEqual({
      object: "account",
      id: entity.id,
      obligationId: entity.obligationId,
      customerId: customer.id,
      externalReference: "ACC-1",
    });
  });

  it("brings its customer along (ACC-05), in one commit", async () => {
    const { ledger } = open();
    const { entity, events } = await ledger.createAccount({
      customer: {
        externalReference: "CUST-51908",
        name: "Bright Spark Electrical",
        currency: "ZAR",
        balance: 3,
      },
      externalReference: "ACC-7781",
    });
    expect(await ledger.retrieveCustomer("CUST-51908")).toMatchObject({
      id: entity.customerId,
      name: "Bright Spark Electrical",
      balance: 3,
    });
    expect(typesOf(events)).toEqual([
      "customer.created",
      "obligation.opened",
      "obligation.payment_rules_set",
      "account.created",
    ]);
    expect((await ledger.head())?.commit).toBe(1);
  });

  it("is all or nothing (ACC-06, D-23)", async () => {
    const { ledger } = open();
    await ledger.createAccount({
      customer: { id: "bcus_1", externalReference: "CUST-1" },
      externalReference: "ACC-1",
    });
    const before = await position(ledger);
    const nested = (customer: { id?: string; externalReference: string }, reference: string) =>
      refused(ledger.createAccount({ customer, externalReference: reference }));
    expect(await nested({ externalReference: "CUST-2" }, "ACC-1")).toMatchObject({
      code: "REFERENCE_TAKEN",
      kind: "account",
    });
    expect(await nested({ externalReference: "CUST-1" }, "ACC-2")).toMatchObject({
      code: "REFERENCE_TAKEN",
      kind: "customer",
    });
    expect(await nested({ id: "bcus_1", externalReference: "CUST-2" }, "ACC-2")).toMatchObject({
      code: "ID_TAKEN",
    });
    expect(await position(ledger)).toBe(before);
    expect(await refused(ledger.retrieveCustomer("CUST-2"))).toMatchObject({ code: "NOT_FOUND" });
  });

  it.each(["bcus_nobody", "nobody"])(
    "refuses the unknown customer %s (ACC-07)",
    async (customer) => {
      const { ledger } = open();
      expect(await refused(ledger.createAccount({ customer, externalReference: "ACC-1" }))).toEqual(
        { code: "NOT_FOUND", kind: "customer", name: customer },
      );
      expect(await ledger.head()).toBeUndefined();
    },
  );

  it("may have several of its kind under one customer, each with its own balance (ACC-15)", async () => {
    const { ledger } = open();
    await ledger.createCustomer({ externalReference: "CUST-1" });
    for (const [name, balance] of [
      ["water", 100],
      ["power", 200],
    ] as const)
      await ledger.createAccount({
        customer: "CUST-1",
        externalReference: name,
        currency: "ZAR",
        balance,
      });
    expect((await ledger.retrieveAccount("water")).balance).toBe(100);
    expect((await ledger.retrieveAccount("power")).balance).toBe(200);
  });

  it("refuses an id that is taken", async () => {
    const { ledger } = open();
    await ledger.createAccount({
      id: "bacc_1",
      customer: { externalReference: "CUST-1" },
      externalReference: "ACC-1",
    });
    expect(
      await refused(
        ledger.createAccount({ id: "bacc_1", customer: "CUST-1", externalReference: "ACC-2" }),
      ),
    ).toMatchObject({ code: "ID_TAKEN", kind: "account" });
  });
});

describe("updateAccount", () => {
  const opened = async () => {
    const { ledger } = open();
    await ledger.createCustomer({ externalReference: "CUST-1", currency: "ZAR", balance: 1 });
    for (const reference of ["water", "power"])
      await ledger.createAccount({
        customer: "CUST-1",
        externalReference: reference,
        name: reference,
        currency: "ZAR",
        balance: 100,
      });
    return ledger;
  };

  it("changes what is sent and nothing else (ACC-12, ACC-13)", async () => {
    const ledger = await opened();
    const before = await ledger.retrieveAccount("water");
    const { entity } = await ledger.updateAccount("water", {
      name: "Water",
      metadata: { meter: "4" },
    });
    expect(entity).toEqual({ ...before, name: "Water", metadata: { meter: "4" } });
  });

  it("replaces its balance and leaves the others alone (ACC-14)", async () => {
    const ledger = await opened();
    expect((await ledger.updateAccount("water", { balance: 900 })).entity.balance).toBe(900);
    expect((await ledger.retrieveAccount("power")).balance).toBe(100);
    expect((await ledger.retrieveCustomer("CUST-1")).balance).toBe(1);
  });

  it("knows no e-mail address, no phone and no other owner", async () => {
    const ledger = await opened();
    const input = {
      email: "a@example.org",
      phone: "+271",
      customer: "CUST-1",
      externalReference: "x",
    };
    expect(await faultPaths(ledger.updateAccount("water", input as never))).toEqual([
      "customer",
      "email",
      "externalReference",
      "phone",
    ]);
  });

  it("refuses an account that nobody knows", async () => {
    const ledger = await opened();
    expect(await refused(ledger.updateAccount("gas", { balance: 1 }))).toEqual({
      code: "NOT_FOUND",
      kind: "account",
      name: "gas",
    });
  });
});
