/** The month of Bright Spark through the command line: every figure of `expected.json`, whatever the order. */
import { copyFile, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { seededRandom } from "./random.ts";
import { answer, balancesOf, fileOf, linesOf, newStore, spark } from "./support.ts";

const expected = JSON.parse(await readFile(spark("expected.json"), "utf8"));
const { webhook_secret: secret, counts } = expected;
const openings = ["--effective", "2026-03-01T00:00:00Z"];

const mirror = (store: string, file = spark("api-objects.jsonl")) =>
  answer(["mirror", file, ...openings, "--store", store]);
// Exit code 1: there are forged deliveries in every month.
const receive = (store: string, file = spark("webhooks.jsonl")) =>
  answer(["receive", file, "--secret", secret, "--store", store], 1);

const byPayment = (a: { payment_id: string }, b: { payment_id: string }): number =>
  a.payment_id < b.payment_id ? -1 : 1;

const suspense = async (store: string): Promise<object[]> => {
  const { data } = await answer(["suspense", "--store", store]);
  return (
    data
      // biome-ignore lint/suspicious/noExplicitAny: rows of JSON.
      .map(({ payment_id, amount, currency, reason }: any) => ({
        payment_id,
        amount,
        currency,
        reason,
      }))
      .sort(byPayment)
  );
};

const expectTheMonth = async (store: string): Promise<void> => {
  expect(await balancesOf(store)).toEqual(expected.balances);
  expect(await suspense(store)).toEqual([...expected.suspense].sort(byPayment));
  expect(await answer(["verify", "--store", store])).toMatchObject({ ok: true });
};

describe("the month of Bright Spark", () => {
  it("comes to every figure that is expected, flagged payments judged in order of arrival", async () => {
    const { store } = await newStore();
    expect(await mirror(store)).toMatchObject({
      objects: counts.objects,
      created: counts.objects,
      changed: 0,
      unchanged: 0,
      bad: [],
    });
    const received = await receive(store);
    expect(received).toMatchObject({
      deliveries: counts.deliveries,
      applied: counts.applied,
      duplicates: counts.duplicates,
      rejected: counts.rejected,
      suspended: counts.suspense,
      ignored: 0,
      flagged: counts.flagged,
      bad: [],
    });
    const { rejections } = received;
    expect(rejections.bad_signature + rejections.stale_timestamp).toBe(counts.rejected);
    await expectTheMonth(store);
  });

  it("changes nothing when it is mirrored and received again", async () => {
    const { store, path } = await newStore();
    await mirror(store);
    await receive(store);
    const book = await readFile(path);
    expect(await mirror(store)).toMatchObject({
      objects: counts.objects,
      created: 0,
      changed: 0,
      unchanged: counts.objects,
    });
    expect(await receive(store)).toMatchObject({
      applied: 0,
      suspended: 0,
      flagged: 0,
      rejected: counts.rejected,
      duplicates: counts.deliveries - counts.rejected,
    });
    expect((await readFile(path)).equals(book)).toBe(true);
  });

  it("comes to the same where the webhooks arrive before the objects", async () => {
    const { store } = await newStore();
    expect(await receive(store)).toMatchObject({ applied: 0, suspended: counts.payments });
    expect(await mirror(store)).toMatchObject({
      created: counts.objects,
      released: counts.applied,
    });
    await expectTheMonth(store);
  });

  it("comes to the same balances in any order of lines", async () => {
    for (const seed of [1, 2]) {
      const { store } = await newStore();
      const random = seededRandom(seed);
      const objects = await fileOf(random.shuffled(await linesOf(spark("api-objects.jsonl"))));
      const webhooks = await fileOf(random.shuffled(await linesOf(spark("webhooks.jsonl"))));
      expect(await mirror(store, objects)).toMatchObject({ created: counts.objects, bad: [] });
      expect(await receive(store, webhooks)).toMatchObject({
        applied: counts.applied,
        duplicates: counts.duplicates,
        suspended: counts.suspense,
      });
      await expectTheMonth(store);
    }
  });

  it("comes to the same where half of it is received by one run and all of it by the next", async () => {
    const { store } = await newStore();
    const lines = await linesOf(spark("webhooks.jsonl"));
    await receive(store, await fileOf(lines.slice(0, 700)));
    await mirror(store);
    await receive(store);
    await expectTheMonth(store);
  });

  it("comes to the same in a book that was copied half-way and continued", async () => {
    const { store, path } = await newStore();
    const copy = await newStore();
    await mirror(store);
    await copyFile(path, copy.path);
    await receive(copy.store);
    await expectTheMonth(copy.store);
  });
});
