/** Answering again what was answered before costs about the same on a long stream as on a short one. */
import { type Ledger, openLedger, type Store } from "@tallystick/core";
import { beforeEach, expect, it } from "vitest";
import { changed, open } from "./open.ts";

const payments = 1500;

let ledger: Ledger;
/** Events that were read from the store, by stream and in commits. */
let eventsRead: number;

const counting = (store: Store): Store =>
  changed(store, {
    async *readStream(...range) {
      for await (const events of store.readStream(...range)) {
        eventsRead += events.length;
        yield events;
      }
    },
    async *readCommits(...range) {
      for await (const commits of store.readCommits(...range)) {
        for (const { events } of commits) eventsRead += events.length;
        yield commits;
      }
    },
  });

const pay = (index: number, idempotencyKey?: string) =>
  ledger.applyPayment(
    { customer: "C", amount: 100 + index, paymentId: `pay_${index}` },
    idempotencyKey === undefined ? {} : { idempotencyKey },
  );
const all = Array.from({ length: payments }, (_, index) => index);
const balanceAfter = (index: number): number =>
  900_000_000 - 100 * (index + 1) - (index * (index + 1)) / 2;

beforeEach(async () => {
  ledger = openLedger({ store: counting(open().store) });
  await ledger.createCustomer({ externalReference: "C", currency: "ZAR", balance: 900_000_000 });
  await Promise.all(all.map((index) => pay(index, `key-${index}`)));
  eventsRead = 0;
});

const eventsPerRepeat = (): number => eventsRead / payments;

it("a payment that is reported again is read with a few events of its stream", async () => {
  const scattered = all.map((index) => (index * 701) % payments);
  const answers = await Promise.all(scattered.map((index) => pay(index)));
  for (const [at, index] of scattered.entries())
    expect(answers[at]).toMatchObject({ replayed: true, entity: { balance: balanceAfter(index) } });
  expect(eventsPerRepeat()).toBeLessThan(25);
});

it("a key that is used again is answered with a few events of its stream", async () => {
  for (const index of all) {
    const { replayed, entity, events } = await pay(index, `key-${index}`);
    expect(replayed).toBe(true);
    expect(entity).toMatchObject({ balance: balanceAfter(index) });
    expect(events).toHaveLength(1);
  }
  expect(eventsPerRepeat()).toBeLessThan(25);
});

it("a payment that is reported again under a key of its own is remembered under that key", async () => {
  const answers = await Promise.all(all.map((index) => pay(index, `again-${index}`)));
  for (const [index, answer] of answers.entries())
    expect(answer).toMatchObject({ replayed: true, entity: { balance: balanceAfter(index) } });
  expect(eventsPerRepeat()).toBeLessThan(25);
});
