/** What stands in requests and answers: problems, amounts, ids, references, metadata, owners, rules. */
import { describe, expect, it } from "vitest";
import {
  type Answered,
  type Client,
  idPattern,
  problemFields,
  startMock,
  startWithObjects,
} from "./support.ts";

/** The fields that a body is refused for. */
const faultsOf = async (client: Client, path: string, body: unknown): Promise<string[]> =>
  problemFields(await client.post(path, body), 400, "invalid_request", path);

const eventCount = async (client: Client): Promise<number> =>
  (await client.get("/_mock/events?limit=500")).body.data.length;

const rules = {
  min_amount: 100,
  max_amount: 100_000,
  underpayment_allowed: true,
  overpayment_allowed: false,
};

describe("a problem document", () => {
  it("has type, title, status, detail, instance and code, whatever went wrong (ERR-01 to ERR-09, ERR-12)", async () => {
    const client = await startWithObjects();
    await client.post("/billing/bills/BILL-1/void");
    const asked: readonly (readonly [Answered, number, string, string])[] = [
      [await client.post("/billing/customers", {}), 400, "invalid_request", "/billing/customers"],
      [await client.get("/billing/bills/%20"), 400, "invalid_request", "/billing/bills/%20"],
      [await client.get("/billing/bills/NONE"), 404, "not_found", "/billing/bills/NONE"],
      [await client.get("/billing/accounts/NONE"), 404, "not_found", "/billing/accounts/NONE"],
      [await client.get("/billing/customers/NONE"), 404, "not_found", "/billing/customers/NONE"],
      [
        await client.post("/billing/customers", { external_reference: "CUST-1" }),
        409,
        "conflict",
        "/billing/customers",
      ],
      [
        await client.patch("/billing/bills/BILL-1", { amount_paid: 1 }),
        409,
        "conflict",
        "/billing/bills/BILL-1",
      ],
      [
        await client.patch("/billing/customers/CUST-1", { currency: "USD" }),
        422,
        "unprocessable",
        "/billing/customers/CUST-1",
      ],
      [
        await client.post("/_mock/payments", { customer: "CUST-1", amount: 501 }),
        422,
        "unprocessable",
        "/_mock/payments",
      ],
      [
        await client.get("/billing/bills/x", { key: null }),
        401,
        "unauthorized",
        "/billing/bills/x",
      ],
      [await client.get("/billing/bills/x", { key: "pk_a" }), 403, "forbidden", "/billing/bills/x"],
    ];
    for (const [answered, status, code, path] of asked) {
      problemFields(answered, status, code, path);
      expect(answered.body.type).toMatch(/^https:\/\/[^#]+#[a-z]+(-[a-z]+)*$/);
      expect(answered.body.code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    }
  });

  it("tells a path without its query (ERR-03)", async () => {
    const answered = await startMock().get("/billing/bills/NONE?utm=1");
    problemFields(answered, 404, "not_found", "/billing/bills/NONE");
  });
});

describe("amounts", () => {
  const bill = { customer: "CUST-1", external_reference: "B-1", currency: "ZAR" };

  it("are whole numbers of minor units: no fraction, no text, no null (MON-01, MON-08)", async () => {
    const client = await startWithObjects();
    for (const odd of [1.5, "500", null, true, [], 1e16, -1e16]) {
      const customer = { external_reference: "C-1", currency: "ZAR", balance: odd };
      expect(await faultsOf(client, "/billing/customers", customer)).toEqual(["balance"]);
      expect(await faultsOf(client, "/billing/bills", { ...bill, amount_due: odd })).toEqual([
        "amount_due",
      ]);
      const paid = await client.patch("/billing/bills/BILL-1", { amount_paid: odd });
      expect(problemFields(paid, 400, "invalid_request")).toEqual(["amount_paid"]);
    }
  });

  it("of balances are signed, up to 10^15 either way (MON-08, D-14)", async () => {
    const client = startMock();
    for (const [index, balance] of [1e15, -1e15, 0, -1].entries()) {
      const { status, body } = await client.post("/billing/customers", {
        external_reference: `C-${index}`,
        currency: "ZAR",
        balance,
      });
      expect([status, body.balance]).toEqual([201, balance]);
    }
    const beyond = { external_reference: "C-9", currency: "ZAR", balance: 1e15 + 1 };
    expect(await faultsOf(client, "/billing/customers", beyond)).toEqual(["balance"]);
  });

  it("of bills are 1 to 99999999, paid ones 0 to 99999999, and what remains is never below 0 (MON-05 to MON-07)", async () => {
    const client = await startWithObjects();
    await client.patch("/_mock/settings", {
      payment_rules: { bill: { ...rules, overpayment_allowed: true } },
    });
    for (const amount_due of [1, 99_999_999]) {
      const external_reference = `B-${amount_due}`;
      const made = await client.post("/billing/bills", { ...bill, external_reference, amount_due });
      expect(made.body).toMatchObject({ amount_due, amount_remaining: amount_due });
      for (const amount_paid of [0, 99_999_999]) {
        const path = `/billing/bills/${external_reference}`;
        const { body } = await client.patch(path, { amount_paid });
        expect(body.amount_remaining).toBe(Math.max(0, amount_due - amount_paid));
      }
    }
    const beyond = await client.patch("/billing/bills/B-1", { amount_paid: 100_000_000 });
    expect(problemFields(beyond, 400, "invalid_request")).toEqual(["amount_paid"]);
    for (const amount_due of [0, 100_000_000])
      expect(await faultsOf(client, "/billing/bills", { ...bill, amount_due })).toEqual([
        "amount_due",
      ]);
  });

  it("are in a currency of ISO 4217 that is taken here: ZAR and USD unless settled (MON-03, MON-04)", async () => {
    const client = await startWithObjects();
    for (const currency of ["EUR", "zar", "ZA", "XXY", "", 5, null])
      expect(
        await faultsOf(client, "/billing/bills", { ...bill, amount_due: 5, currency }),
      ).toEqual(["currency"]);
    for (const currency of ["ZAR", "USD"]) {
      const external_reference = `B-${currency}`;
      const sent = { ...bill, external_reference, amount_due: 5, currency };
      expect((await client.post("/billing/bills", sent)).status).toBe(201);
    }
    const open = await startWithObjects({ currencies: ["ZAR", "JPY"] });
    const yen = { ...bill, amount_due: 5, currency: "JPY" };
    expect((await open.post("/billing/bills", yen)).status).toBe(201);
  });
});

describe("ids", () => {
  it("have the prefix of their kind and 21 letters and digits (ID-01 to ID-05)", async () => {
    const client = await startWithObjects();
    const { body: bill } = await client.get("/billing/bills/BILL-1");
    const { body: account } = await client.get("/billing/accounts/ACC-1");
    expect(account.customer_id).toMatch(idPattern.customer);
    expect(account.id).toMatch(idPattern.account);
    expect(bill.id).toMatch(idPattern.bill);
    const { body } = await client.post("/_mock/payments", { bill: bill.id, amount: 100 });
    expect(body.payment.id).toMatch(/^pay_[a-zA-Z0-9]{21}$/);
    expect(body.obligation.id).toMatch(/^ob_[a-zA-Z0-9]{21}$/);
    expect(body.event.id).toMatch(idPattern.event);
    expect(body.event.id.length).toBeGreaterThanOrEqual(24);
    expect(body.event.id.length).toBeLessThanOrEqual(50);
  });
});

describe("an external reference", () => {
  it("is required, has 1 to 255 letters, digits, _ and -, and does not begin like an id (ID-06, ID-08 to ID-10)", async () => {
    const client = await startWithObjects();
    const others = {
      customers: {},
      accounts: { customer: "CUST-1" },
      bills: { customer: "CUST-1", currency: "ZAR", amount_due: 5 },
    };
    const reserved = { customers: ["bcus_1"], accounts: ["bacc_1"], bills: ["bcus_1", "bill_1"] };
    for (const kind of ["customers", "accounts", "bills"] as const) {
      const make = (external_reference: unknown) => ({ ...others[kind], external_reference });
      for (const bad of [
        undefined,
        null,
        "",
        5,
        "a b",
        "a/b",
        "é",
        "x".repeat(256),
        ...reserved[kind],
      ])
        expect(
          new Set(await faultsOf(client, `/billing/${kind}`, make(bad))),
          `${kind} ${bad}`,
        ).toEqual(new Set(["external_reference"]));
      for (const good of ["A_b-9", "x".repeat(255)])
        expect((await client.post(`/billing/${kind}`, make(good))).status).toBe(201);
    }
  });

  it("is unique among objects of its kind, in its very letters, and a voided bill keeps its own (ID-07, D-19)", async () => {
    const client = await startWithObjects();
    await client.post("/billing/bills/BILL-1/void");
    const bill = { customer: "CUST-1", currency: "ZAR", amount_due: 5 };
    for (const [kind, body] of [
      ["customers", { external_reference: "CUST-1" }],
      ["accounts", { external_reference: "ACC-1", customer: "CUST-1" }],
      ["bills", { external_reference: "BILL-1", ...bill }],
    ] as const) {
      problemFields(await client.post(`/billing/${kind}`, body), 409, "conflict");
      const external_reference = body.external_reference.toLowerCase();
      const other = await client.post(`/billing/${kind}`, { ...body, external_reference });
      expect(other.status).toBe(201);
    }
    const across = { ...bill, external_reference: "CUST-1" };
    expect((await client.post("/billing/bills", across)).status).toBe(201);
  });

  it("names an object in paths as its id does, for reading, changing and voiding (ID-11, ID-12, ACC-11, BIL-13)", async () => {
    const client = await startWithObjects();
    for (const [kind, reference] of [
      ["customers", "CUST-1"],
      ["accounts", "ACC-1"],
      ["bills", "BILL-1"],
    ]) {
      const byReference = await client.get(`/billing/${kind}/${reference}`);
      expect(byReference.status).toBe(200);
      const { id } = byReference.body;
      expect((await client.get(`/billing/${kind}/${id}`)).body).toEqual(byReference.body);
      const patched = await client.patch(`/billing/${kind}/${id}`, { metadata: { a: "b" } });
      expect(patched.body).toEqual({ ...byReference.body, metadata: { a: "b" } });
    }
  });
});

describe("metadata", () => {
  it("is an object of texts: other values are told each by its key (META-01, META-07, D-17)", async () => {
    const client = await startWithObjects();
    for (const metadata of ["x", [], null, 5])
      expect(
        await faultsOf(client, "/billing/customers", { external_reference: "C-1", metadata }),
      ).toEqual(["metadata"]);
    const mixed = { good: "v", number: 1, nothing: null, list: ["a"], object: { a: "b" } };
    const path = "/billing/bills/BILL-1";
    const answered = await client.patch(path, { metadata: mixed });
    expect(problemFields(answered, 400, "invalid_request")).toEqual([
      "metadata.list",
      "metadata.nothing",
      "metadata.number",
      "metadata.object",
    ]);
    expect((await client.get(path)).body).not.toHaveProperty("metadata");
  });
});

describe("the limits of metadata", () => {
  it("are 10 keys of 40 characters and values of 500, or what the merchant settles (META-02 to META-05)", async () => {
    const client = await startWithObjects();
    const patch = (metadata: object) => client.patch("/billing/accounts/ACC-1", { metadata });
    const key = (length: number): object => ({ ["k".repeat(length)]: "v" });
    expect((await patch({ ...key(40), a: "v".repeat(500) })).status).toBe(200);
    for (const bad of [key(41), { "": "v" }, { a: "" }, { a: "v".repeat(501) }])
      problemFields(await patch(bad), 400, "invalid_request");
    await client.patch("/_mock/settings", { metadata_limits: { keys: 20, key_length: 50 } });
    expect((await patch(key(50))).status).toBe(200);
    problemFields(await patch(key(51)), 400, "invalid_request");
  });
});

describe("a customer or an account", () => {
  it("takes each member that can be updated, alone, and leaves the others (CUS-10, CUS-11, ACC-12, ACC-13)", async () => {
    const client = await startWithObjects();
    const changes = {
      customers: [
        { name: "Thandi Nkosi" },
        { email: "thandi@example.org" },
        { phone: "+27825550199" },
        { currency: "USD", balance: -7 },
        { balance: 8 },
        { metadata: { tier: "gold" } },
      ],
      accounts: [
        { name: "Fibre" },
        { currency: "USD", balance: -7 },
        { balance: 8 },
        { metadata: { tier: "gold" } },
      ],
    };
    for (const [kind, reference] of [
      ["customers", "CUST-1"],
      ["accounts", "ACC-1"],
    ] as const) {
      const path = `/billing/${kind}/${reference}`;
      let { body: expected } = await client.get(path);
      for (const change of changes[kind]) {
        expected = { ...expected, ...change };
        expect((await client.patch(path, change)).body).toEqual(expected);
      }
      expect((await client.get(path)).body).toEqual(expected);
    }
  });

  it("is tracked where it has a balance, and untracked without one (CUS-06, CUS-07, ACC-08)", async () => {
    const client = startMock();
    const { body: untracked } = await client.post("/billing/customers", {
      external_reference: "C-1",
      currency: "ZAR",
    });
    expect(untracked).toMatchObject({ currency: "ZAR" });
    expect(untracked).not.toHaveProperty("balance");
    const { body: account } = await client.post("/billing/accounts", {
      customer: "C-1",
      external_reference: "A-1",
      name: "n".repeat(255),
      currency: "USD",
      balance: 0,
      metadata: { tier: "gold" },
    });
    expect(account).toMatchObject({ balance: 0, currency: "USD", metadata: { tier: "gold" } });
    const long = { customer: "C-1", external_reference: "A-2", name: "n".repeat(256) };
    expect(await faultsOf(client, "/billing/accounts", long)).toEqual(["name"]);
  });

  it("is given back with its id, its reference and whose it is, and nothing that is null (ACC-02, ACC-10)", async () => {
    const client = startMock();
    const { text, body } = await client.post("/billing/accounts", {
      customer: { external_reference: "C-1" },
      external_reference: "A-1",
    });
    expect(Object.keys(body).sort()).toEqual(["customer_id", "external_reference", "id"]);
    expect(text).not.toContain("null");
    expect(await faultsOf(client, "/billing/accounts", { name: "x" })).toEqual([
      "customer",
      "external_reference",
    ]);
  });
});

describe("a bill", () => {
  const bill = { external_reference: "B-1", currency: "ZAR", amount_due: 500 };

  it("needs a reference, a currency, an amount and a key, and no due date (BIL-02, BIL-12, IDEM-01)", async () => {
    const client = await startWithObjects();
    expect(await faultsOf(client, "/billing/bills", { customer: "CUST-1" })).toEqual([
      "amount_due",
      "currency",
      "external_reference",
    ]);
    const sent = { ...bill, customer: "CUST-1" };
    const unkeyed = await client.post("/billing/bills", sent, { idempotencyKey: null });
    expect(problemFields(unkeyed, 400, "invalid_request")).toEqual(["Idempotency-Key"]);
    const { status, body } = await client.post("/billing/bills", sent);
    expect(status).toBe(201);
    expect(body).not.toHaveProperty("due_date");
  });

  it("belongs to who is named by reference or by id (BIL-03, BIL-04, BIL-07)", async () => {
    const client = await startWithObjects();
    const { body: account } = await client.get("/billing/accounts/ACC-1");
    for (const [index, owner] of [
      { account: "ACC-1" },
      { account: account.id },
      { account: "ACC-1", customer: "CUST-1" },
      { customer: "CUST-1" },
      { customer: account.customer_id },
    ].entries()) {
      const external_reference = `B-${index}`;
      const { body } = await client.post("/billing/bills", {
        ...bill,
        ...owner,
        external_reference,
      });
      expect(body.customer_id).toBe(account.customer_id);
      expect(body.account_id).toBe(index < 3 ? account.id : undefined);
    }
    const unknown = await client.post("/billing/bills", { ...bill, account: "ACC-9" });
    problemFields(unknown, 404, "not_found");
  });

  it("has dates that exist (BIL-11, D-44)", async () => {
    const client = await startWithObjects();
    for (const field of ["bill_date", "due_date"])
      for (const odd of ["2026-02-30", "2026-3-1", "2026-03-01T00:00:00Z", "", 20_260_301, null]) {
        const sent = { ...bill, customer: "CUST-1", [field]: odd };
        expect(await faultsOf(client, "/billing/bills", sent)).toEqual([field]);
      }
    const sent = { ...bill, customer: "CUST-1", bill_date: "2024-02-29", due_date: "2024-02-28" };
    expect((await client.post("/billing/bills", sent)).body).toMatchObject({
      bill_date: "2024-02-29",
      due_date: "2024-02-28",
    });
  });

  it("moves no balance, whatever happens to it (BIL-29, D-32)", async () => {
    const client = await startWithObjects();
    const balances = async (): Promise<number[]> => [
      (await client.get("/billing/customers/CUST-1")).body.balance,
      (await client.get("/billing/accounts/ACC-1")).body.balance,
    ];
    const before = await balances();
    await client.post("/billing/bills", { ...bill, account: "ACC-1" });
    await client.patch("/billing/bills/B-1", { amount_paid: 100 });
    await client.post("/_mock/payments", { bill: "B-1", amount: 100 });
    const voided = await client.post("/billing/bills/B-1/void");
    expect(voided.body).toMatchObject({ amount_paid: 200, amount_remaining: 300 });
    expect(await balances()).toEqual(before);
  });

  it("is unpaid, paid or voided, and never anything else, however late (BIL-20, BIL-30)", async () => {
    const client = await startWithObjects();
    const statusOf = async (): Promise<string> =>
      (await client.get("/billing/bills/B-1")).body.status;
    await client.post("/billing/bills", { ...bill, customer: "CUST-1", due_date: "2026-03-02" });
    await client.post("/_mock/clock/advance", { seconds: 30 * 24 * 3600 });
    expect(await statusOf()).toBe("unpaid");
    await client.patch("/billing/bills/B-1", { amount_paid: 500 });
    expect(await statusOf()).toBe("paid");
    await client.patch("/billing/bills/B-1", { amount_paid: 499 });
    await client.post("/billing/bills/B-1/void");
    expect(await statusOf()).toBe("voided");
  });
});

describe("payment rules", () => {
  const set = (client: Client, change: object, path = "customers/CUST-1") =>
    client.send("PUT", `/_mock/payment_rules/${path}`, { ...rules, ...change });

  it("have four members, come from the merchant, and cannot be set through /billing (RUL-01, RUL-11, D-26)", async () => {
    const client = await startWithObjects();
    const { body } = await client.patch("/billing/customers/CUST-1", { payment_rules: rules });
    expect(body.payment_rules).toEqual({ ...rules, max_amount: 1_000_000 });
    const mine = { external_reference: "C-2", currency: "ZAR", balance: 1, payment_rules: rules };
    const created = await client.post("/billing/customers", mine);
    expect(created.body.payment_rules.max_amount).toBe(1_000_000);
  });

  it("refuse in the order of spec 4, each with its reason, and write nothing (RUL-02 to RUL-06, RUL-08 to RUL-10)", async () => {
    const client = await startWithObjects();
    await client.post("/billing/customers", { external_reference: "C-2" });
    await set(client, { underpayment_allowed: false });
    const before = await eventCount(client);
    for (const [body, reason] of [
      [{ customer: "C-2", amount: 1, currency: "USD" }, "not_payable"],
      [{ customer: "CUST-1", amount: 100_001, currency: "USD" }, "currency_mismatch"],
      [{ customer: "CUST-1", amount: 100_001 }, "amount_above_maximum"],
      [{ customer: "CUST-1", amount: 99 }, "amount_below_minimum"],
      [{ customer: "CUST-1", amount: 499 }, "underpayment_not_allowed"],
      [{ customer: "CUST-1", amount: 501 }, "overpayment_not_allowed"],
    ] as const) {
      const refused = await client.post("/_mock/payments", body);
      problemFields(refused, 422, "unprocessable");
      expect(refused.body.reason).toBe(reason);
    }
    expect(await eventCount(client)).toBe(before);
    expect((await client.get("/billing/customers/CUST-1")).body.balance).toBe(500);
  });

  it("let an exact rest below the minimum pass (RUL-07)", async () => {
    const client = await startWithObjects();
    await client.post("/_mock/payments", { customer: "CUST-1", amount: 450 });
    const short = await client.post("/_mock/payments", { customer: "CUST-1", amount: 49 });
    expect(short.body.reason).toBe("amount_below_minimum");
    const before = await eventCount(client);
    const rest = await client.post("/_mock/payments", { customer: "CUST-1", amount: 50 });
    expect(rest.body.obligation.balance).toBe(0);
    expect(await eventCount(client)).toBe(before + 1);
  });

  it("that allow overpaying make a balance negative and a bill overpaid (PAY-04, PAY-05)", async () => {
    const client = await startWithObjects();
    await set(client, { overpayment_allowed: true });
    await set(client, { overpayment_allowed: true }, "bills/BILL-1");
    const { body } = await client.post("/_mock/payments", { customer: "CUST-1", amount: 800 });
    expect(body.obligation.balance).toBe(-300);
    await client.post("/_mock/payments", { bill: "BILL-1", amount: 40_000 });
    expect((await client.get("/billing/bills/BILL-1")).body).toMatchObject({
      status: "paid",
      amount_due: 37_650,
      amount_paid: 40_000,
      amount_remaining: 0,
    });
  });
});
