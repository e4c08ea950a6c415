import { describe, expect, it } from "vitest";
import { evolve, initialState } from "../domain/evolve.ts";
import type { PlannedEvent } from "../domain/planned.ts";
import { recordedEvents } from "../store/codec.ts";
import type { RecordedEvent } from "../store/commit.ts";
import type { Store } from "../store/store.ts";
import { bookOf } from "../testing/book.ts";
import { aCustomer, opened } from "../testing/given.ts";
import { PastStates } from "./past-states.ts";

const customer = "customer/bcus_c";

const charged = (balanceAfter: number): PlannedEvent => ({
  type: "obligation.amount_charged",
  data: {
    obligationId: "ob_c",
    obligationKind: "customer_balance",
    currency: "ZAR",
    amount: 1,
    effect: 1,
    balanceAfter,
  },
});

const history = (length: number): RecordedEvent[] =>
  bookOf({
    writes: [
      {
        streamId: customer,
        events: [
          aCustomer(),
          opened(500),
          ...Array.from({ length: length - 2 }, (_, index) => charged(501 + index)),
        ],
      },
    ],
  }).flatMap(recordedEvents);

const over = (events: readonly RecordedEvent[], size: number) => {
  const read = { events: 0 };
  const store: Partial<Store> = {
    async *readStream(_, streamId, { afterRevision = 0, upToRevision = Infinity } = {}) {
      const wanted = events.slice(afterRevision, upToRevision);
      read.events += wanted.length;
      yield await Promise.resolve(wanted.map((event) => ({ ...event, streamId })));
    },
  };
  return { read, past: new PastStates(store as Store, "default", size) };
};

const folded = (events: readonly RecordedEvent[]) => {
  const state = initialState(customer);
  for (const event of events) evolve(state, event);
  return state;
};

describe("a state of the past", () => {
  it("is the fold of the events up to its revision, whatever was asked for before", async () => {
    const events = history(100);
    const { past } = over(events, 100);
    for (const revision of [100, 0, 1, 2, 15, 16, 17, 99, 64, 33, 100])
      expect(await past.at(customer, revision)).toEqual(folded(events.slice(0, revision)));
  });

  it("is found near one that is kept", async () => {
    const { past, read } = over(history(1000), 100);
    await past.at(customer, 1000);
    expect(read.events).toBe(1000);
    read.events = 0;
    for (let revision = 1; revision <= 1000; revision += 1) await past.at(customer, revision);
    expect(read.events).toBeLessThan(8 * 1000);
  });

  it("has few others of its stream beside it, however long that is", async () => {
    const { past, read } = over(history(10_000), 300);
    await past.at(customer, 10_000);
    read.events = 0;
    await past.at(customer, 6_399);
    expect(read.events).toBe(63);
  });

  it("makes room for those of streams that were used since", async () => {
    const { past, read } = over(history(100), 10);
    await past.at(customer, 100);
    await past.at("customer/bcus_d", 100).catch(() => undefined);
    await past.at(customer, 100);
    expect(read.events).toBeGreaterThanOrEqual(200);
  });
});
