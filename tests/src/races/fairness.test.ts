/** Processes that change one customer over and over: none of them keeps the others from ever being first. */
import { setImmediate } from "node:timers/promises";
import { seededHost } from "@tallystick/adapters/host";
import { type Ledger, openLedger, type Store } from "@tallystick/core";
import { expect, it } from "vitest";
import { changed, sharedStore } from "../ledger/open.ts";

/** Time that passes only where everybody waits. */
class Waits {
  readonly #waiting: { readonly at: number; readonly go: () => void }[] = [];
  #now = 0;

  wait(ms: number): Promise<void> {
    return new Promise((go) => this.#waiting.push({ at: this.#now + ms, go }));
  }

  async until(work: Promise<unknown>): Promise<void> {
    let done = false;
    const finished = work.finally(() => {
      done = true;
    });
    finished.catch(() => undefined);
    for (await setImmediate(); !done; await setImmediate()) {
      this.#waiting.sort((one, other) => one.at - other.at);
      const next = this.#waiting.shift();
      if (next === undefined) continue;
      this.#now = next.at;
      next.go();
    }
    await finished;
  }
}

/** A process a millisecond away from its store, which tells of appends that were not written. */
const distant = (shared: Store, waits: Waits, lost: () => void): Ledger => {
  const host = { ...shared.host, pause: (ms: number) => waits.wait(ms) };
  const store = changed(shared, {
    host,
    append: async (...draft) => {
      await waits.wait(0.5);
      const [written] = await Promise.allSettled([shared.append(...draft)]);
      await waits.wait(0.5);
      if (written.status === "fulfilled") return written.value;
      lost();
      throw written.reason;
    },
    async *readStream(...asked) {
      await waits.wait(1);
      yield* shared.readStream(...asked);
    },
    revisions: (...asked) => waits.wait(1).then(() => shared.revisions(...asked)),
    findOutcome: (...asked) => waits.wait(1).then(() => shared.findOutcome(...asked)),
  });
  return openLedger({ store });
};

const abreast = 8;
const charges = 600;

it("three processes, each with several commands at a time, are all served, and soon", async () => {
  const shared = sharedStore(seededHost());
  const quiet = openLedger({ store: shared });
  await quiet.createCustomer({
    id: "bcus_c1",
    externalReference: "c-1",
    balance: 0,
    currency: "ZAR",
  });
  const waits = new Waits();
  const most: number[] = [];
  const process = async (name: number): Promise<void> => {
    let lost = 0;
    most.push(0);
    const ledger = distant(shared, waits, () => {
      lost += 1;
    });
    const loop = async (line: number): Promise<void> => {
      for (let n = 0; n < charges; n += 1) {
        const before = lost;
        await ledger.charge(
          { customer: "bcus_c1", amount: 1 },
          { idempotencyKey: `${name}-${line}-${n}` },
        );
        most[name] = Math.max(most[name] ?? 0, (lost - before) / abreast);
      }
    };
    await Promise.all(Array.from({ length: abreast }, (_, line) => loop(line)));
  };
  await waits.until(Promise.all([process(0), process(1), process(2)]));
  expect((await quiet.retrieveCustomer("c-1")).balance).toBe(3 * abreast * charges);
  expect(Math.max(...most)).toBeLessThan(8);
  expect(await quiet.verify()).toMatchObject({ ok: true });
  await shared.close();
});

it("a process that is alone does not wait for others, however often a payment is reported again", async () => {
  let pauses = 0;
  const pause = async (): Promise<void> => {
    pauses += 1;
  };
  const shared = sharedStore({ ...seededHost(), pause });
  const ledger = openLedger({ store: shared });
  const customer = "bcus_c1";
  await ledger.createCustomer({
    id: customer,
    externalReference: "c-1",
    balance: 0,
    currency: "ZAR",
  });
  const payment = { customer, paymentId: "pay_1", amount: 100, currency: "ZAR" };
  for (let round = 0; round < 20; round += 1) {
    const answers = await Promise.all([
      ledger.recordPayment(payment),
      ledger.charge({ customer, amount: 100 }),
      ledger.recordPayment(payment),
    ]);
    expect(answers.map(({ entity }) => entity?.balance)).toHaveLength(3);
  }
  expect(pauses).toBe(0);
  expect(await ledger.retrieveCustomer(customer)).toMatchObject({ balance: 1900 });
});
