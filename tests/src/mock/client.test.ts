/** The typed client and the mock server, talking to each other: every method, every way to be refused. */
import { memoryStore } from "@tallystick/adapters/memory";
import {
  createMomentClient,
  type MomentApiError,
  type MomentClient,
  type MomentClientOptions,
  type MomentErrorCode,
  webHost,
} from "@tallystick/adapters/moment";
import { openLedger } from "@tallystick/core";
import type { MockServerOptions } from "@tallystick/mock-server";
import { describe, expect, it } from "vitest";
import { type Client, startMock, testKey } from "./support.ts";

interface Pair {
  readonly moment: MomentClient;
  readonly mock: Client;
  /** What the client waited for between attempts, in milliseconds; nobody waits in fact. */
  readonly pauses: readonly number[];
}

const pair = (
  options: MockServerOptions = {},
  clientOptions: Partial<MomentClientOptions> = {},
): Pair => {
  const mock = startMock(options);
  const pauses: number[] = [];
  const moment = createMomentClient({
    secretKey: testKey,
    baseUrl: "http://mock.test",
    fetch: mock.server.fetch,
    host: { ...webHost, pause: async (ms) => void pauses.push(ms) },
    ...clientOptions,
  });
  return { moment, mock, pauses };
};

const customer = { externalReference: "CUST-1", name: "Lerato Dlamini" };
const account = { externalReference: "ACC-1", customer: "CUST-1" };
const bill = { externalReference: "BILL-1", account: "ACC-1", currency: "ZAR", amountDue: 37_650 };

const withObjects = async (...options: Parameters<typeof pair>): Promise<Pair> => {
  const made = pair(...options);
  await made.moment.customers.create({ ...customer, currency: "ZAR", balance: 500 });
  await made.moment.accounts.create({ ...account, currency: "ZAR", balance: 300 });
  await made.moment.bills.create(bill);
  return made;
};

/** What goes wrong with the next requests to a path. */
const goWrong = async (mock: Client, effect: unknown, times = 1): Promise<void> => {
  const { status } = await mock.post("/_mock/faults", { on: {}, effect, times });
  expect(status).toBe(201);
};

const refusal = async (call: Promise<unknown>, code: MomentErrorCode): Promise<MomentApiError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code });
  return error as MomentApiError;
};

describe("each method of the client", () => {
  it("creates, retrieves by id and by reference, and updates a customer", async () => {
    const { moment } = pair();
    const asked = {
      ...customer,
      email: "lerato@example.org",
      phone: "+27821234567",
      currency: "ZAR",
      balance: -250,
      metadata: { plan_name: "fibre" },
    };
    const { entity } = await moment.customers.create(asked);
    expect(entity).toMatchObject({ object: "customer", ...asked });
    expect(await moment.customers.retrieve(entity.id)).toEqual(entity);
    expect(await moment.customers.retrieve("CUST-1")).toEqual(entity);
    const updated = await moment.customers.update("CUST-1", {
      balance: 900,
      metadata: { seen: "yes" },
    });
    const metadata = { plan_name: "fibre", seen: "yes" };
    expect(updated.entity).toEqual({ ...entity, balance: 900, metadata });
  });

  it("creates, retrieves and updates an account, its customer along with it", async () => {
    const { moment } = pair();
    const asked = { externalReference: "ACC-1", name: "Fibre line", currency: "ZAR", balance: 300 };
    const { entity } = await moment.accounts.create({ ...asked, customer });
    expect(entity).toMatchObject({ object: "account", ...asked });
    const owner = await moment.customers.retrieve(entity.customerId);
    expect(owner.externalReference).toBe("CUST-1");
    expect(await moment.accounts.retrieve("ACC-1")).toEqual(entity);
    const updated = await moment.accounts.update(entity.id, { name: "Fibre" });
    expect(updated.entity).toEqual({ ...entity, name: "Fibre" });
  });

  it("raises, retrieves, updates and voids a bill", async () => {
    const { moment } = await withObjects();
    const dated = { ...bill, externalReference: "BILL-2", billDate: "2026-03-01" };
    const asked = { ...dated, dueDate: "2026-03-25" };
    const { entity } = await moment.bills.create(asked);
    const { account: _, ...shown } = asked;
    const amounts = { amountPaid: 0, amountRemaining: 37_650 };
    expect(entity).toMatchObject({ object: "bill", status: "unpaid", ...shown, ...amounts });
    expect(await moment.bills.retrieve("BILL-2")).toEqual(entity);
    const updated = await moment.bills.update("BILL-2", { amountPaid: 650 });
    expect(updated.entity).toMatchObject({ amountPaid: 650, amountRemaining: 37_000 });
    const voided = await moment.bills.void("BILL-2");
    expect(voided.entity).toEqual({ ...updated.entity, status: "voided" });
  });

  it("answers what a ledger mirrors as it is", async () => {
    const { moment } = await withObjects();
    const ledger = openLedger({ store: memoryStore() });
    await ledger.mirror(await moment.customers.retrieve("CUST-1"));
    await ledger.mirror(await moment.accounts.retrieve("ACC-1"));
    await ledger.mirror(await moment.bills.retrieve("BILL-1"));
    const { balances } = await ledger.balanceOf({ bill: "BILL-1" });
    expect(balances).toMatchObject([{ currency: "ZAR", balance: 37_650 }]);
  });
});

describe("a write that is sent again with its key", () => {
  it("gets the first answer, flagged as a replay, whichever verb it was", async () => {
    const { moment } = pair();
    const calls = [
      () => moment.customers.create(customer, { idempotencyKey: "customer-1" }),
      () => moment.accounts.create(account, { idempotencyKey: "account-1" }),
      () => moment.bills.create(bill, { idempotencyKey: "bill-1" }),
      () => moment.bills.void("BILL-1", { idempotencyKey: "void-1" }),
    ];
    for (const call of calls) {
      const first = await call();
      expect(first.replayed).toBe(false);
      expect(await call()).toEqual({ ...first, replayed: true });
    }
  });

  it("gets a first refusal again, flagged too", async () => {
    const { moment } = await withObjects();
    const again = () => moment.customers.create(customer, { idempotencyKey: "again" });
    // The first 409 could also mean that the key is at work: it is asked once more (D-07).
    const first = await refusal(again(), "MOMENT_CONFLICT");
    expect(first.detail).toMatchObject({ attempts: 2, replayed: true });
    const second = await refusal(again(), "MOMENT_CONFLICT");
    expect(second.detail).toMatchObject({ attempts: 1, replayed: true });
    expect(second.detail.problem).toEqual(first.detail.problem);
  });
});

describe("a refusal", () => {
  it("of a request names all of its fields at once (400)", async () => {
    const { moment, mock } = pair();
    await mock.patch("/_mock/settings", { metadata_limits: { keys: 1, value_length: 3 } });
    const asked = { ...bill, account: { ...account, currency: "EUR", balance: 1 } };
    const metadata = { a: "long", b: "b" };
    const { detail, message } = await refusal(
      moment.bills.create({ ...asked, currency: "EUR", metadata }),
      "MOMENT_INVALID_REQUEST",
    );
    expect(detail).toMatchObject({ status: 400, problem: { code: "invalid_request" } });
    const fields = detail.problem?.errors?.map(({ field }) => field);
    expect(new Set(fields)).toEqual(
      new Set(["currency", "account.currency", "metadata", "metadata.a"]),
    );
    expect(message).toContain("POST /billing/bills was answered 400");
  });

  it("401: no such key exists", async () => {
    const { moment } = pair({ secretKey: ["sk_test_other"] });
    const { detail } = await refusal(moment.bills.retrieve("BILL-1"), "MOMENT_UNAUTHORIZED");
    expect(detail).toMatchObject({ status: 401, path: "/billing/bills/BILL-1", attempts: 1 });
  });

  it("404: there is nothing of that name", async () => {
    const { moment } = pair();
    const { detail } = await refusal(moment.bills.retrieve("BILL-1"), "MOMENT_NOT_FOUND");
    expect(detail).toMatchObject({ status: 404, attempts: 1, problem: { code: "not_found" } });
  });

  it("403: the key was deleted", async () => {
    const { moment, mock } = await withObjects();
    await mock.send("DELETE", "/_mock/key");
    const { detail } = await refusal(moment.bills.retrieve("BILL-1"), "MOMENT_FORBIDDEN");
    expect(detail.problem?.code).toBe("forbidden");
  });

  it("409: the reference is taken, the bill is voided", async () => {
    const { moment } = await withObjects();
    const taken = await refusal(moment.customers.create(customer), "MOMENT_CONFLICT");
    expect(taken.detail.status).toBe(409);
    await moment.bills.void("BILL-1");
    await refusal(moment.bills.void("BILL-1"), "MOMENT_CONFLICT");
    await refusal(moment.bills.update("BILL-1", { amountPaid: 1 }), "MOMENT_CONFLICT");
  });

  it("422: the key stands for another request", async () => {
    const { moment } = pair();
    const keyed = { idempotencyKey: "once" };
    await moment.customers.create(customer, keyed);
    const other = { ...customer, name: "Somebody else" };
    const { detail } = await refusal(moment.customers.create(other, keyed), "MOMENT_UNPROCESSABLE");
    expect(detail).toMatchObject({ status: 422, idempotencyKey: "once", replayed: false });
  });

  it("429: is waited for as long as Retry-After asks, and told beyond the last attempt", async () => {
    const { moment, mock, pauses } = pair();
    await mock.patch("/_mock/settings", { rate_limit: { requests: 1, seconds: 20 } });
    await moment.customers.create(customer);
    const { detail } = await refusal(moment.customers.retrieve("CUST-1"), "MOMENT_UNAVAILABLE");
    expect(detail).toMatchObject({ status: 429, attempts: 4, retryAfterMs: 20_000 });
    expect(pauses).toHaveLength(3);
    for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(20_000);
    await mock.post("/_mock/clock/advance", { seconds: 20 });
    expect(await moment.customers.retrieve("CUST-1")).toMatchObject(customer);
  });
});

describe("a server that fails on purpose", () => {
  it.each([500, 502, 503, 504])(
    "with %i is asked again, and has done the work once",
    async (status) => {
      const { moment, mock, pauses } = pair();
      await goWrong(mock, { status }, 2);
      expect((await moment.customers.create(customer)).replayed).toBe(false);
      await goWrong(mock, { status });
      expect(await moment.customers.retrieve("CUST-1")).toMatchObject(customer);
      expect(pauses).toHaveLength(3);
      expect((await mock.get("/_mock/customers")).body.data).toHaveLength(1);
    },
  );

  it("for longer than the client tries leaves a create in doubt, with the key to repeat it", async () => {
    const { moment, mock } = pair();
    await goWrong(mock, { status: 503 }, 4);
    const { detail } = await refusal(moment.customers.create(customer), "MOMENT_OUTCOME_UNKNOWN");
    const { idempotencyKey } = detail;
    expect(detail).toMatchObject({ status: 503, attempts: 4 });
    expect(idempotencyKey).toBeTypeOf("string");
    const { entity } = await moment.customers.create(customer, { idempotencyKey });
    expect(entity).toMatchObject(customer);
  });

  it("leaves an update in doubt after one attempt, and a read unavailable", async () => {
    const { moment, mock } = await withObjects();
    await goWrong(mock, { status: 503 });
    const update = moment.customers.update("CUST-1", { balance: 1 });
    expect((await refusal(update, "MOMENT_STATE_UNKNOWN")).detail.attempts).toBe(1);
    await goWrong(mock, { status: 503 }, 4);
    await refusal(moment.customers.retrieve("CUST-1"), "MOMENT_UNAVAILABLE");
    expect((await moment.customers.retrieve("CUST-1")).balance).toBe(500);
  });

  it("and loses the reply of a create has made one bill; the client's own retry finds it", async () => {
    const { moment, mock } = await withObjects();
    await goWrong(mock, "commit_then_drop");
    const second = { ...bill, externalReference: "BILL-2" };
    const { entity, replayed } = await moment.bills.create(second);
    expect(replayed).toBe(true);
    const { body } = await mock.get("/_mock/bills");
    const [{ id } = { id: "" }] = body.data.filter(
      (each: { readonly external_reference: string }) => each.external_reference === "BILL-2",
    );
    expect(body.data).toHaveLength(2);
    expect(id).toBe(entity.id);
  });

  it("and loses the reply of a void has voided once", async () => {
    const { moment, mock } = await withObjects();
    await goWrong(mock, "commit_then_drop");
    const { entity, replayed } = await moment.bills.void("BILL-1");
    expect([entity.status, replayed]).toEqual(["voided", true]);
  });

  it("and drops the connection before anything is done is asked again", async () => {
    const { moment, mock } = pair();
    await goWrong(mock, "drop_before");
    const { entity, replayed } = await moment.customers.create(customer);
    expect([entity.externalReference, replayed]).toEqual(["CUST-1", false]);
  });

  it("and loses the reply of an update has done it, and the client says to look first", async () => {
    const { moment, mock } = await withObjects();
    await goWrong(mock, "commit_then_drop");
    await refusal(moment.customers.update("CUST-1", { balance: 7 }), "MOMENT_STATE_UNKNOWN");
    expect((await moment.customers.retrieve("CUST-1")).balance).toBe(7);
  });
});
