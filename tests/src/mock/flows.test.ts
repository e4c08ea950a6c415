/** The quickstarts and the common operations of Moment's documentation, from the first call to the webhook. */
import { verifyWebhook } from "@tallystick/adapters/webhooks";
import { describe, expect, it } from "vitest";
import { openInbox, secret } from "./inbox.ts";
import { type Client, idPattern, startMock } from "./support.ts";

interface Told {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A server that takes the calls as the quickstarts print them, without keys, and whose webhooks are kept. */
const begin = async () => {
  const inbox = openInbox();
  const client = startMock({ idempotencyKey: "optional", deliver: inbox.deliver });
  const url = "https://shop.test/hooks";
  await client.post("/_mock/webhook_endpoints", { url, secret });
  const create = async (kind: string, sent: object) => {
    const { status, body } = await client.post(`/billing/${kind}`, sent, { idempotencyKey: null });
    expect(status).toBe(201);
    return body;
  };
  /** What the endpoint was told, each message verified. */
  const told = async (): Promise<readonly Told[]> => {
    await client.server.settled();
    return inbox.arrived.map(({ headers, body, timestamp }) => {
      expect(verifyWebhook({ headers, body, secret, now: timestamp * 1000 }).ok).toBe(true);
      return JSON.parse(body) as Told;
    });
  };
  const pay = async (target: object): Promise<void> => {
    expect((await client.post("/_mock/payments", target)).status).toBe(201);
  };
  return { client, inbox, create, told, pay };
};

const person = { external_reference: "UCR-1", name: "Thandi Nkosi", email: "thandi@example.org" };
const balanceOf = async (client: Client, path: string): Promise<number> =>
  (await client.get(`/billing/${path}`)).body.balance;

describe("the quickstarts", () => {
  it("customer balance: create, pay, hear of it by customer_id (FLOW-01, WH-03, WH-15, WH-18, WH-19)", async () => {
    const { client, create, told, pay } = await begin();
    const customer = await create("customers", { ...person, currency: "ZAR", balance: 2000 });
    expect(customer).toMatchObject({ ...person, currency: "ZAR", balance: 2000 });
    await pay({ customer: customer.id, amount: 2000 });
    const [event] = await told();
    expect(Object.keys(event ?? {}).sort()).toEqual(["data", "id", "type"]);
    expect(event).toMatchObject({
      id: expect.stringMatching(idPattern.event),
      type: "obligation.amount_applied",
      data: {
        id: expect.stringMatching(/^ob_/),
        amount: 2000,
        currency: "ZAR",
        payment_id: expect.stringMatching(/^pay_/),
        customer_id: customer.id,
      },
    });
    expect(event?.data).not.toHaveProperty("account_id");
    expect(event?.data).not.toHaveProperty("bill_id");
    expect(await balanceOf(client, "customers/UCR-1")).toBe(0);
  });

  it("account balance, in two calls and in one: the event has account_id alone (FLOW-02, WH-16, WH-18)", async () => {
    const { client, create, told, pay } = await begin();
    const account = {
      external_reference: "UAR-1",
      name: "Subscription",
      currency: "ZAR",
      balance: 2000,
    };
    const customer = await create("customers", person);
    const first = await create("accounts", { customer: customer.id, ...account });
    expect(first.customer_id).toBe(customer.id);
    const other = { ...person, external_reference: "UCR-2" };
    const second = await create("accounts", {
      customer: other,
      ...account,
      external_reference: "UAR-2",
    });
    expect((await client.get(`/billing/customers/${second.customer_id}`)).body).toMatchObject(
      other,
    );
    for (const { id } of [first, second]) await pay({ account: id, amount: 2000 });
    const events = await told();
    expect(events.map(({ data }) => data["account_id"])).toEqual([first.id, second.id]);
    for (const { data } of events) {
      expect(data).not.toHaveProperty("customer_id");
      expect(data).not.toHaveProperty("bill_id");
    }
  });

  it("bill, in three calls, in two, in one and for a customer alone: the event has bill_id alone (FLOW-03, WH-17, WH-18)", async () => {
    const { client, create, told, pay } = await begin();
    const due = { currency: "ZAR", amount_due: 2000, due_date: "2026-03-31" };
    const customer = await create("customers", person);
    const account = await create("accounts", {
      customer: customer.id,
      external_reference: "UAR-1",
    });
    const bills = [
      await create("bills", { ...due, account: account.id, external_reference: "UBR-1" }),
      await create("bills", {
        ...due,
        account: { customer: customer.id, external_reference: "UAR-2" },
        external_reference: "UBR-2",
      }),
      await create("bills", {
        ...due,
        account: {
          customer: { ...person, external_reference: "UCR-3" },
          external_reference: "UAR-3",
        },
        external_reference: "UBR-3",
      }),
      await create("bills", { ...due, customer: customer.id, external_reference: "UBR-4" }),
    ];
    expect(bills.map(({ account_id }) => account_id !== undefined)).toEqual([
      true,
      true,
      true,
      false,
    ]);
    for (const { id } of bills) await pay({ bill: id, amount: 2000 });
    const events = await told();
    expect(events.map(({ data }) => data["bill_id"])).toEqual(bills.map(({ id }) => id));
    for (const { data } of events) {
      expect(data).not.toHaveProperty("customer_id");
      expect(data).not.toHaveProperty("account_id");
    }
    for (const { id } of bills)
      expect((await client.get(`/billing/bills/${id}`)).body).toMatchObject({
        status: "paid",
        amount_paid: 2000,
        amount_remaining: 0,
      });
  });
});

describe("the common operations", () => {
  it("set a customer's balance, an account's balance and what was paid on a bill, and send nothing (FLOW-04, WH-21, WH-22)", async () => {
    const { client, create, told } = await begin();
    await create("bills", {
      account: {
        customer: { ...person, currency: "ZAR", balance: 500 },
        external_reference: "UAR-1",
        currency: "ZAR",
        balance: 700,
      },
      external_reference: "UBR-1",
      currency: "ZAR",
      amount_due: 2000,
    });
    const customer = await client.patch("/billing/customers/UCR-1", { balance: 3000 });
    expect(customer.body).toMatchObject({ ...person, balance: 3000 });
    const account = await client.patch("/billing/accounts/UAR-1", { balance: 4000 });
    expect(account.body.balance).toBe(4000);
    const bill = await client.patch("/billing/bills/UBR-1", { amount_paid: 1500 });
    expect(bill.body).toMatchObject({ status: "unpaid", amount_remaining: 500 });
    const settled = await client.patch("/billing/bills/UBR-1", { amount_paid: 2000 });
    expect(settled.body.status).toBe("paid");
    expect(await balanceOf(client, "customers/UCR-1")).toBe(3000);
    expect(await balanceOf(client, "accounts/UAR-1")).toBe(4000);
    expect(await told()).toEqual([]);
  });

  it("run a wallet: credit, a top-up, consumption by PATCH (FLOW-05)", async () => {
    const { client, create, told, pay } = await begin();
    await create("customers", { ...person, currency: "ZAR", balance: -1000 });
    await client.send("PUT", "/_mock/payment_rules/customers/UCR-1", {
      min_amount: 1,
      max_amount: 100_000,
      underpayment_allowed: true,
      overpayment_allowed: true,
    });
    await pay({ customer: "UCR-1", amount: 5000 });
    expect(await balanceOf(client, "customers/UCR-1")).toBe(-6000);
    await client.patch("/billing/customers/UCR-1", { balance: -5500 });
    expect(await balanceOf(client, "customers/UCR-1")).toBe(-5500);
    expect(await told()).toHaveLength(1);
  });

  it("pay several accounts of a customer, each apart (FLOW-06)", async () => {
    const { client, create, told, pay } = await begin();
    await create("customers", person);
    for (const external_reference of ["WATER", "POWER", "RATES"])
      await create("accounts", {
        customer: "UCR-1",
        external_reference,
        currency: "ZAR",
        balance: 900,
      });
    await pay({ account: "WATER", amount: 900 });
    await pay({ account: "POWER", amount: 250 });
    const balances = ["WATER", "POWER", "RATES"].map((name) =>
      balanceOf(client, `accounts/${name}`),
    );
    expect(await Promise.all(balances)).toEqual([0, 650, 900]);
    expect((await told()).map(({ data }) => data["amount"])).toEqual([900, 250]);
  });
});

describe("the event of a payment", () => {
  it("carries the payment's metadata and its times, and leaves out metadata that is empty (WH-20, D-33, D-46)", async () => {
    const { client, create, told, pay } = await begin();
    await create("customers", {
      ...person,
      currency: "ZAR",
      balance: 2000,
      metadata: { own: "x" },
    });
    await client.post("/_mock/clock/advance", { seconds: 60 });
    await pay({ customer: "UCR-1", amount: 500, metadata: { utm_source: "sms" } });
    await pay({ customer: "UCR-1", amount: 500 });
    const [first, second] = await told();
    expect(first?.data).toMatchObject({
      metadata: { utm_source: "sms" },
      created_at: "2026-03-01T00:00:00.000Z",
      updated_at: "2026-03-01T00:01:00.000Z",
    });
    expect(second?.data).not.toHaveProperty("metadata");
    expect(second?.data["id"]).toBe(first?.data["id"]);
  });

  it.each([
    [200, true],
    [204, true],
    [299, true],
    [302, false],
    [400, false],
    [410, false],
    [500, false],
  ])(
    "is acknowledged by %i: %s; anything but 2xx is tried again (WH-12, WH-13)",
    async (status, isTaken) => {
      const { client, inbox, create, told, pay } = await begin();
      inbox.answer = () =>
        new Response(null, { status, headers: { location: "https://elsewhere.test/" } });
      await create("customers", { ...person, currency: "ZAR", balance: 2000 });
      await pay({ customer: "UCR-1", amount: 500 });
      expect(await told()).toHaveLength(1);
      inbox.answer = () => 200;
      await client.post("/_mock/clock/advance", { seconds: 5 });
      expect(await told()).toHaveLength(isTaken ? 1 : 2);
      expect(new Set(inbox.arrived.map(({ url }) => url))).toEqual(
        new Set(["https://shop.test/hooks"]),
      );
      await client.post("/_mock/clock/advance", { seconds: 300 });
      expect(await told()).toHaveLength(isTaken ? 1 : 2);
    },
  );
});
