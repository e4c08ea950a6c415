/** `receive FILE`: deliveries of every kind, and files that are no input at all. */
import { access, readdir, readFile } from "node:fs/promises";
import { signWebhook } from "@tallystick/adapters/webhooks";
import { describe, expect, it } from "vitest";
import {
  answer,
  customer,
  errorOf,
  fileOf,
  linesOf,
  mirrored,
  newStore,
  tallystick,
} from "./support.ts";

const secret = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
const arrivedMs = Date.UTC(2026, 2, 10);

/** A signed delivery; `data` is laid over a payment of 1000 ZAR to the customer A. */
const delivery = (data: object = {}, more: object = {}, body?: string): string => {
  const payment = {
    id: "ob_a",
    amount: 1_000,
    currency: "ZAR",
    payment_id: "pay_a",
    customer_id: "bcus_a",
  };
  const event = { id: "evt_a", type: "obligation.amount_applied", data: { ...payment, ...data } };
  const signed = body ?? JSON.stringify(event);
  const headers = signWebhook({ id: "msg_a", timestamp: arrivedMs / 1000, body: signed, secret });
  return JSON.stringify({
    received_at: new Date(arrivedMs).toISOString(),
    headers,
    body: signed,
    ...more,
  });
};

const receive = async (store: string, lines: readonly string[], code = 0) =>
  answer(["receive", await fileOf(lines), "--secret", secret, "--store", store], code);

describe("receive", () => {
  it("counts each delivery once, by what became of it", async () => {
    const { store } = await mirrored([customer()]);
    const lines = [
      delivery(),
      delivery(),
      delivery({ payment_id: "pay_b", amount: 2_000_000 }),
      delivery({ payment_id: "pay_c", customer_id: "bcus_x" }),
      delivery({ amount: 1_001 }),
      delivery({}, {}, JSON.stringify({ id: "evt_b", type: "payment.failed" })),
      delivery({}, {}, "{}"),
      delivery({}, { received_at: "2026-03-10T00:03:01Z" }),
      delivery({}, { body: "{ }" }),
    ];
    expect(await receive(store, lines, 1)).toEqual({
      deliveries: 9,
      applied: 2,
      duplicates: 1,
      rejected: 3,
      suspended: 2,
      ignored: 1,
      flagged: 1,
      rejections: { bad_signature: 1, stale_timestamp: 1, unreadable: 1 },
      suspensions: { payment_conflict: 1, unknown_target: 1 },
      bad: [],
      book: "default",
    });
  });

  it("takes the moment of arrival for the signature alone: the payment is dated by its own", async () => {
    const { store } = await mirrored([customer()]);
    const lines = [
      delivery({ updated_at: "2026-03-09T08:00:00+02:00" }),
      delivery({ payment_id: "pay_b" }, { received_at: "2026-03-10T00:02:59Z" }),
    ];
    await receive(store, lines);
    const { data } = await answer(["history", "bcus_a", "--store", store]);
    const applied = data.filter(
      ({ type }: { type: string }) => type === "obligation.amount_applied",
    );
    expect(applied.map(({ effective_at }: { effective_at: string }) => effective_at)).toEqual([
      "2026-03-09T06:00:00.000Z",
      "2026-03-10T00:00:00.000Z",
    ]);
  });

  it("reads the secret from the environment where none is given", async () => {
    const { store } = await mirrored([customer()]);
    const file = await fileOf([delivery()]);
    const ran = await tallystick(["receive", file, "--store", store], {
      env: { TALLYSTICK_SECRET: secret },
    });
    expect(ran).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("1 deliveries received"),
    });
  });

  it("refuses to go on without a secret, or with one that cannot be meant, and never repeats it", async () => {
    const file = await fileOf([delivery()]);
    const cut = secret.slice(0, -2);
    for (const given of ["", "bad", "whsec_", "whsec_short", "whsec_AQID", cut, ` ${secret}`]) {
      const { store, folder } = await newStore();
      const flags = given === "" ? [] : ["--secret", given];
      const ran = await tallystick(["receive", file, ...flags, "--store", store, "--json"]);
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      const { code, message } = errorOf(ran);
      expect(code, given).toBe("USAGE");
      expect(message).toMatch(/whsec_ and the base64 of 24 to 64 bytes, as Moment shows it$/);
      if (given.length > 6) expect(ran.stderr).not.toContain(given.trim());
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it("keeps dead letters beside the store, and receives them again from there", async () => {
    const { store, path } = await mirrored([customer()]);
    const lost = delivery({ amount: "many" });
    await receive(store, [lost, delivery()], 1);
    const letters = `${path}.dead-letters.jsonl`;
    const [letter, ...others] = await linesOf(letters);
    expect(others).toEqual([]);
    expect(JSON.parse(letter ?? "")).toMatchObject({
      reason: "unreadable",
      body: JSON.parse(lost).body,
    });
    const again = await answer(["receive", letters, "--secret", secret, "--store", store], 1);
    expect(again).toMatchObject({
      deliveries: 1,
      rejected: 1,
      rejections: { unreadable: 1 },
      bad: [],
    });
  });

  it("tells lines that are no deliveries from deliveries that are rejected", async () => {
    const { store } = await mirrored([customer()]);
    const lines = [
      "{",
      "[]",
      "{}",
      delivery({}, { received_at: "yesterday" }),
      delivery({}, { headers: { a: 1 } }),
      delivery(),
    ];
    const report = await receive(store, lines, 1);
    expect(report).toMatchObject({ deliveries: 1, applied: 1, rejected: 0 });
    expect(report.bad.map(({ line }: { line: number }) => line)).toEqual([1, 2, 3, 4, 5]);
    expect(report.bad[2].message).toBe(
      "is no delivery: received_at is required; headers is required; body is required",
    );
    expect(report.bad[3].message).toContain("received_at must be an ISO 8601 date-time");
  });

  it("judges what concerns one target in order of arrival, hundreds at once", async () => {
    const { store } = await mirrored([
      customer({
        balance: 100_000,
        payment_rules: {
          min_amount: 0,
          max_amount: 1_000_000,
          underpayment_allowed: true,
          overpayment_allowed: false,
        },
      }),
    ]);
    // The first hundred settle it exactly, so each of the others is too much.
    const lines = Array.from({ length: 400 }, (_, at) => delivery({ payment_id: `pay_${at}` }));
    expect(await receive(store, lines)).toMatchObject({ applied: 400, flagged: 300 });
    const { data } = await answer(["history", "bcus_a", "--store", store]);
    const applied = data.filter(
      ({ type }: { type: string }) => type === "obligation.amount_applied",
    );
    expect(applied.map((event: { data: { payment_id: string } }) => event.data.payment_id)).toEqual(
      lines.map((_, at) => `pay_${at}`),
    );
  });

  it("begins a book where there is none, and nothing where the input is unreadable", async () => {
    const begun = await newStore();
    expect(await receive(begun.store, [delivery()])).toMatchObject({
      suspended: 1,
      book: "default",
    });
    const { store, path } = await newStore();
    const file = await fileOf(
      Buffer.concat([Buffer.from(`${delivery()}\n`), Buffer.from([0xff, 0xfe])]),
    );
    const ran = await tallystick(["receive", file, "--secret", secret, "--store", store]);
    expect(ran).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is not UTF-8 text: line 2"),
    });
    await expect(access(path)).rejects.toThrow();
  });

  it("writes nothing for a delivery that nobody may believe", async () => {
    const { store, path } = await mirrored([customer()]);
    const before = await readFile(path);
    await receive(store, [delivery({}, { body: "{ }" })], 1);
    expect((await readFile(path)).equals(before)).toBe(true);
  });
});
