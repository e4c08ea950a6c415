/** Other months, made up from seeds, against an oracle that shares no line with the ledger. */
import { fileStore } from "@tallystick/adapters/file";
import { openLedger } from "@tallystick/core";
import { paymentsReport } from "@tallystick/reports";
import { describe, expect, it } from "vitest";
import { monthOf } from "./month.ts";
import { type Expected, expectedOf, type Suspended } from "./oracle.ts";
import { seededRandom } from "./random.ts";
import { answer, fileOf, newStore } from "./support.ts";

const seeds = [1, 2, 3, 5, 8, 13, 21, 34];

const key = ({ payment_id, amount, currency, reason }: Suspended): string =>
  [payment_id, amount, currency, reason].join(" ");

const expectThe = async (store: string, path: string, expected: Expected): Promise<void> => {
  const { data, totals } = await answer(["balances", "--store", store]);
  expect(
    new Map(
      // biome-ignore lint/suspicious/noExplicitAny: rows of JSON.
      data.map(({ id, currency, balance, amount_paid }: any) => [
        id,
        { currency, balance, ...(amount_paid === undefined ? {} : { amountPaid: amount_paid }) },
      ]),
    ),
  ).toEqual(expected.balances);
  expect(totals).toEqual(expected.totals);
  const suspense = await answer(["suspense", "--store", store]);
  expect(suspense.data.map(key).sort()).toEqual(expected.suspense.map(key).sort());
  expect(await answer(["verify", "--store", store])).toMatchObject({ ok: true });
  const opened = await fileStore(path, { readOnly: true });
  const { applied, flagged } = await paymentsReport(openLedger({ store: opened }));
  await opened.close();
  expect({ applied, flagged }).toEqual({
    applied: expected.counts.applied,
    flagged: expected.counts.flagged,
  });
};

describe.for(seeds)("the month of seed %i", (seed) => {
  const month = monthOf(seed);
  const expected = expectedOf(month);
  const files = async (): Promise<{ objects: string; deliveries: string }> => ({
    objects: await fileOf(month.objects.map(({ text }) => text)),
    deliveries: await fileOf(month.deliveries.map(({ text }) => text)),
  });
  const mirror = (file: string, store: string) => answer(["mirror", file, "--store", store], 1);
  const receive = (file: string, store: string) =>
    answer(["receive", file, "--secret", month.secret, "--store", store], 1);

  it("comes to what the oracle says, count by count and balance by balance", async () => {
    const { store, path } = await newStore();
    const { objects, deliveries } = await files();
    const report = await mirror(objects, store);
    expect(report).toMatchObject({
      objects: expected.objects.objects,
      created: expected.objects.created,
    });
    expect(report.bad.map(({ line }: { line: number }) => line)).toEqual(expected.objects.badLines);
    const received = await receive(deliveries, store);
    expect(received).toMatchObject(expected.counts);
    expect(received.rejections).toEqual(expected.rejections);
    await expectThe(store, path, expected);
  });

  it("comes to the same where the objects come last, and twice", async () => {
    const { store, path } = await newStore();
    const { objects, deliveries } = await files();
    await receive(deliveries, store);
    await mirror(objects, store);
    await mirror(
      await fileOf(
        seededRandom(seed)
          .shuffled(month.objects)
          .map(({ text }) => text),
      ),
      store,
    );
    expect(await receive(deliveries, store)).toMatchObject({
      applied: 0,
      suspended: 0,
      flagged: 0,
    });
    await expectThe(store, path, expected);
  });
});

describe("the made-up months", () => {
  it("hold every case that is worth having", () => {
    const all = seeds.map((seed) => expectedOf(monthOf(seed)));
    const reasons = new Set(all.flatMap(({ suspense }) => suspense.map(({ reason }) => reason)));
    expect([...reasons].sort()).toEqual([
      "bill_voided",
      "currency_mismatch",
      "payment_conflict",
      "unknown_target",
    ]);
    for (const { counts, balances } of all) {
      for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
      expect([...balances.values()].some(({ balance }) => balance < 0)).toBe(true);
    }
    const rejections = new Set(all.flatMap((each) => Object.keys(each.rejections)));
    expect([...rejections].sort()).toEqual([
      "bad_signature",
      "missing_header",
      "stale_timestamp",
      "unreadable",
    ]);
  });
});
