import { describe, expect, it } from "vitest";
import { readEnvelope } from "./envelope.ts";

const data = {
  id: "ob_vj7FAc9QeWJKY40uvSwMFLZ",
  amount: 12_550,
  currency: "ZAR",
  payment_id: "pay_De1f8rESQedUStPKR0CsT",
  bill_id: "bill_J2isAjIhKtJ0RlgLKOmxg",
};
const bodyWith = (change: object, envelope: object = {}) =>
  JSON.stringify({
    id: "evt_y4Qwb8DwkNhFdnXsiVpzz",
    type: "obligation.amount_applied",
    data: { ...data, ...change },
    ...envelope,
  });
const read = (change: object, envelope?: object) => {
  const result = readEnvelope(bodyWith(change, envelope));
  if (result.kind !== "amount_applied") throw new Error(JSON.stringify(result));
  return result.event;
};
const faultsOf = (body: string | Uint8Array) => {
  const result = readEnvelope(body);
  return result.kind === "unreadable" ? result.faults.map(({ field }) => field) : result.kind;
};

describe("an applied amount", () => {
  it("is read into our own words", () => {
    expect(
      read({ created_at: "2026-03-02T09:15:00Z", updated_at: "2026-03-02T11:15:00.5+02:00" }),
    ).toEqual({
      type: "obligation.amount_applied",
      eventId: "evt_y4Qwb8DwkNhFdnXsiVpzz",
      sourceObligationId: "ob_vj7FAc9QeWJKY40uvSwMFLZ",
      amount: 12_550,
      currency: "ZAR",
      paymentId: "pay_De1f8rESQedUStPKR0CsT",
      target: { bill: "bill_J2isAjIhKtJ0RlgLKOmxg" },
      metadataDropped: [],
      createdAt: "2026-03-02T09:15:00.000Z",
      updatedAt: "2026-03-02T09:15:00.500Z",
    });
  });

  it("needs no times, as in the quickstarts", () => {
    expect(read({})).not.toHaveProperty("updatedAt");
  });

  it("names a customer, an account or a bill", () => {
    const none = { bill_id: undefined };
    expect(read({ ...none, customer_id: "bcus_1" }).target).toEqual({ customer: "bcus_1" });
    expect(read({ ...none, account_id: "bacc_1" }).target).toEqual({ account: "bacc_1" });
    expect(read({}).target).toEqual({ bill: data.bill_id });
  });

  it("may have members that we do not know, at any depth", () => {
    const extended = read({ fee: { amount: 3 } }, { api_version: "2026-01", livemode: true });
    expect(extended).toEqual(read({}));
  });

  it("takes null for absent, as long as something is left", () => {
    expect(read({ customer_id: null, account_id: null, updated_at: null, metadata: null })).toEqual(
      read({}),
    );
    expect(faultsOf(bodyWith({ bill_id: null }))).toEqual(["data"]);
  });

  it("takes older payment ids", () => {
    expect(read({ payment_id: "p_1" }).paymentId).toBe("p_1");
  });

  it("takes from 1 to 10^15 minor units, both included", () => {
    expect(read({ amount: 1 }).amount).toBe(1);
    expect(read({ amount: 1e15 }).amount).toBe(1e15);
  });
});

describe("an unreadable body", () => {
  it.each([
    [{ amount: 0 }, "data.amount"],
    [{ amount: -5 }, "data.amount"],
    [{ amount: 1.5 }, "data.amount"],
    [{ amount: "12550" }, "data.amount"],
    [{ amount: 1e15 + 1 }, "data.amount"],
    [{ amount: null }, "data.amount"],
    [{ currency: "zar" }, "data.currency"],
    [{ currency: "XXX" }, "data.currency"],
    [{ id: "obl_1" }, "data.id"],
    [{ payment_id: undefined }, "data.payment_id"],
    [{ payment_id: "pay_" }, "data.payment_id"],
    [{ bill_id: "bacc_1" }, "data.bill_id"],
    [{ bill_id: "INV-1" }, "data.bill_id"],
    [{ bill_id: undefined }, "data"],
    [{ customer_id: "bcus_1" }, "data"],
    [{ updated_at: "2026-03-02T09:15:00" }, "data.updated_at"],
    [{ updated_at: "yesterday" }, "data.updated_at"],
    [{ created_at: 1_772_442_900 }, "data.created_at"],
  ])("is one with %j, and %s says so", (change, field) => {
    expect(faultsOf(bodyWith(change))).toEqual([field]);
  });

  it.each([
    ["", ""],
    ["{", ""],
    ["[]", ""],
    ["null", ""],
    ["12", ""],
    ["{}", "type"],
    ['{"type":7}', "type"],
    ['{"type":""}', "type"],
    ['{"type":"obligation.amount_applied","id":"evt_1"}', "data"],
  ])("is %j", (body, field) => {
    expect(faultsOf(body)).toEqual([field]);
  });

  it("is one that is not UTF-8", () => {
    const bytes = Buffer.from(bodyWith({ metadata: { city: "K\u00f6ln" } }), "latin1");
    expect(faultsOf(bytes)).toEqual([""]);
  });

  it("is one with minus zero, which is no sum", () => {
    expect(faultsOf(bodyWith({}).replace("12550", "-0"))).toEqual(["data.amount"]);
  });

  it("has all its faults told at once, in one sentence", () => {
    const result = readEnvelope(bodyWith({ amount: 0, currency: "?" }, { id: "1" }));
    expect(result).toMatchObject({
      kind: "unreadable",
      message:
        "id must be an id such as evt_1a2B; " +
        "data.amount must be a whole number of minor units from 1 to 1000000000000000; " +
        "data.currency must be an ISO 4217 code in capitals, such as ZAR",
    });
  });
});

describe("another event", () => {
  it("is known by its type alone, whatever else it holds", () => {
    const event = { type: "payment.succeeded" };
    for (const body of ['{"type":"payment.succeeded"}', bodyWith({ amount: -1 }, event)])
      expect(readEnvelope(body)).toEqual({ kind: "other", event });
  });
});

describe("__proto__", () => {
  it("is a member like any other, and lends nothing to the object it stands in", () => {
    const { bill_id: _, ...rest } = data;
    const body = JSON.stringify({ id: "evt_1", type: "obligation.amount_applied", data: rest });
    const smuggled = body.replace('"data":{', '"data":{"__proto__":{"bill_id":"bill_1"},');
    expect(faultsOf(smuggled)).toEqual(["data"]);
    expect(faultsOf('{"__proto__":{"type":"payment.succeeded"}}')).toEqual(["type"]);
  });
});
