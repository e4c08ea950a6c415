import { describe, expect, it } from "vitest";
import { paymentClaim } from "../domain/claims.ts";
import type { PlannedEvent } from "../domain/planned.ts";
import type { StreamId } from "../domain/target.ts";
import { refuse } from "../kernel/decision.ts";
import { recordedEvents } from "../store/codec.ts";
import { commitClaims, type RecordedEvent } from "../store/commit.ts";
import type { ClaimHolder, Store } from "../store/store.ts";
import { bookOf, type CommitPlan } from "../testing/book.ts";
import { aBill, aCustomer, billPaid, billVoided, opened } from "../testing/given.ts";
import { seededHost } from "../testing/seeded.ts";
import { Executor } from "./executor.ts";
import { Names } from "./names.ts";
import { StateCache } from "./state-cache.ts";
import { currentState, Undecided, Work } from "./work.ts";

const customer = "customer/bcus_c";
const bill = "bill/bill_b";
const begun: readonly CommitPlan[] = [
  { writes: [{ streamId: customer, events: [aCustomer(), opened(500)] }] },
  { writes: [{ streamId: bill, events: aBill() }] },
];

const charged = (amount: number, balanceAfter: number): PlannedEvent => ({
  type: "obligation.amount_charged",
  data: {
    obligationId: "ob_c",
    obligationKind: "customer_balance",
    currency: "ZAR",
    amount,
    effect: amount,
    balanceAfter,
  },
});

/** A book of these commits, to which another writer may add, and works over it with one cache. */
const desk = (plans: readonly CommitPlan[] = begun) => {
  const commits = bookOf(...plans);
  const events = (): RecordedEvent[] => commits.flatMap(recordedEvents);
  const held = (): Map<string, ClaimHolder> =>
    new Map(
      commits
        .flatMap((commit) => commitClaims(commit.events))
        .map(({ key, ...holder }) => [key, holder]),
    );
  const store: Partial<Store> = {
    host: seededHost(),
    capabilities: { durable: false, shared: false },
    revisions: (_, streamIds) =>
      Promise.resolve(
        streamIds.map((streamId) => events().filter((event) => event.streamId === streamId).length),
      ),
    async *readStream(_, streamId, { afterRevision = 0, upToRevision = Infinity } = {}) {
      yield await Promise.resolve(
        events().filter(
          (event) =>
            event.streamId === streamId &&
            event.revision > afterRevision &&
            event.revision <= upToRevision,
        ),
      );
    },
    resolveClaims: (_, keys) => Promise.resolve(keys.map((key) => held().get(key))),
    paymentClaims: (_, paymentId) =>
      Promise.resolve(
        [...held()].flatMap(([key, holder]) =>
          key.startsWith(`payment/${paymentId}/`) || key.startsWith(`applied/${paymentId}/`)
            ? [holder]
            : [],
        ),
      ),
  };
  const cache = new StateCache(100);
  const names = new Names(store as Store, "default");
  let ids = 0;
  const nextEventId = (): string => {
    ids += 1;
    return `evt_${ids}`;
  };
  return {
    cache,
    store: store as Store,
    lastId: (streamId: StreamId) => events().findLast((event) => event.streamId === streamId)?.id,
    elsewhere: (streamId: StreamId, revision: number, ...more: readonly PlannedEvent[]): void => {
      commits.push(...bookOf({ writes: [{ streamId, revision, events: more }] }));
    },
    work: (certain = true): Work => {
      const work = new Work(store as Store, "default", cache, names, nextEventId);
      work.next(certain);
      return work;
    },
  };
};

const on = (streamId: StreamId, ...events: readonly PlannedEvent[]) =>
  events.map((event) => ({ streamId, event }));

describe("what a plan rests on", () => {
  it("is each stream that it changes, by its revision and the last event there", async () => {
    const { work, lastId } = desk();
    const first = work();
    await first.stream(customer);
    await first.stream(bill);
    expect((await first.plan(on(customer, charged(1, 501), charged(1, 502)))).bases).toEqual([
      { streamId: customer, revision: 2, eventId: lastId(customer) },
    ]);
    first.next(true);
    await first.stream(customer);
    expect((await first.plan(on(customer, charged(1, 503)))).bases).toEqual([
      { streamId: customer, revision: 4, eventId: "evt_2" },
    ]);
  });

  it("is also what was looked at while its own batch changes it, and what it says it rests on", async () => {
    const { work, lastId } = desk();
    const batch = work();
    await batch.stream(bill);
    await batch.plan(on(bill, billVoided()));
    batch.next(true);
    await batch.stream(bill);
    await batch.stream(customer);
    expect((await batch.plan(on(customer, charged(1, 501)))).bases).toMatchObject([
      { streamId: bill, revision: 3 },
      { streamId: customer, revision: 2 },
    ]);
    const other = work();
    await other.stream(bill);
    await other.stream(customer);
    other.restOn(bill);
    expect((await other.plan(on(customer, charged(1, 501)))).bases).toEqual([
      { streamId: bill, revision: 2, eventId: lastId(bill) },
      { streamId: customer, revision: 2, eventId: lastId(customer) },
    ]);
  });

  it("begins anew with each command", async () => {
    const { work } = desk();
    const batch = work();
    await batch.stream(bill);
    batch.restOn(bill);
    await batch.plan(on(bill, billVoided()));
    batch.next(true);
    await batch.stream(customer);
    expect((await batch.plan(on(customer, charged(1, 501)))).bases).toHaveLength(1);
    const other = work();
    await other.stream(bill);
    other.restOn(bill);
    other.next(true);
    await other.stream(bill);
    await other.stream(customer);
    expect((await other.plan(on(customer, charged(1, 501)))).bases).toHaveLength(1);
  });

  it("is what another writer left, once it was caught up with", async () => {
    const { work, elsewhere, lastId, store, cache } = desk();
    await currentState(store, "default", cache, customer, true);
    elsewhere(customer, 3, charged(1, 501));
    const late = work();
    expect((await late.stream(customer)).revision).toBe(3);
    expect((await late.plan(on(customer, charged(1, 502)))).bases).toEqual([
      { streamId: customer, revision: 3, eventId: lastId(customer) },
    ]);
  });

  it("is also who took a claim in the same batch", async () => {
    const { work } = desk([]);
    const batch = work();
    await batch.stream(customer);
    await batch.plan(on(customer, aCustomer()));
    batch.next(true);
    expect(await batch.resolve("customer", "CUST-1")).toBe(customer);
    const { bases } = await batch.plan(on(bill, ...aBill()));
    expect(bases).toMatchObject([
      { streamId: customer, revision: 1, eventId: "evt_1" },
      { streamId: bill, revision: 0 },
    ]);
  });

  it("cannot be a stream that nobody looked at and that is there", async () => {
    const { work } = desk();
    await expect(work().plan(on(customer, charged(1, 501)))).rejects.toThrow(Undecided);
  });
});

describe("an answer that writes nothing", () => {
  it("is not confirmed where another writer has changed what it looked at", async () => {
    const { work, elsewhere } = desk();
    const first = work();
    await first.stream(customer);
    await first.stream(bill);
    await first.confirm();
    elsewhere(bill, 3, billPaid(50, 50));
    await expect(first.confirm()).rejects.toThrow(Undecided);
    first.next(true);
    await first.stream(customer);
    await first.confirm();
  });

  it("rests on nothing that its own batch is still writing", async () => {
    const { work } = desk();
    const batch = work();
    await batch.stream(bill);
    await batch.plan(on(bill, billPaid(50, 50)));
    const claim = paymentClaim("pay_1", bill);
    const holder = { streamId: bill, revision: 3 };
    await expect(batch.eventAt(holder)).rejects.toThrow(Undecided);
    expect(await batch.eventAt({ streamId: bill, revision: 2 })).toMatchObject({ revision: 2 });
    await expect(batch.eventsOf(bill, () => true)).rejects.toThrow(Undecided);
    await expect(batch.paymentClaims("pay_1")).rejects.toThrow(Undecided);
    expect(await batch.paymentClaims("pay_2")).toEqual([]);
    const paid = billPaid(50, 100, "pay_3");
    const suspendedFor = { kind: "bill", name: "bill_b" };
    await batch.plan(on(bill, { ...paid, data: { ...paid.data, suspendedFor } } as PlannedEvent));
    await expect(batch.paymentClaims("pay_3")).rejects.toThrow(Undecided);
    expect(await batch.certainHolders([claim])).toEqual([holder]);
    batch.next(false);
    await expect(batch.holder(claim)).rejects.toThrow(Undecided);
    expect(await batch.holder(paymentClaim("pay_2", bill))).toBeUndefined();
  });

  it("goes on resting on nothing there after a second command has changed the same stream", async () => {
    const { work } = desk();
    const batch = work();
    for (const paid of [1, 2]) {
      batch.next(true);
      await batch.stream(bill);
      await batch.plan(on(bill, billPaid(1, paid, `pay_${paid}`)));
    }
    await expect(batch.eventAt({ streamId: bill, revision: 3 })).rejects.toThrow(Undecided);
  });

  it("does not mix a claim with a state from before it", async () => {
    const { work, elsewhere } = desk();
    const late = work();
    await late.stream(bill);
    elsewhere(bill, 3, billPaid(50, 50));
    await expect(late.certainHolders([paymentClaim("pay_1", bill)])).rejects.toThrow(Undecided);
    await expect(late.paymentClaims("pay_1")).rejects.toThrow(Undecided);
    expect(await work().paymentClaims("pay_1")).toEqual([{ streamId: bill, revision: 3 }]);
  });
});

describe("a refusal", () => {
  it("is decided again where what it rests on has changed before it could be given", async () => {
    const { store, elsewhere } = desk();
    const decided: number[] = [];
    const answer = new Executor(store, "default").execute({
      lane: customer,
      envelope: {},
      dryRun: false,
      request: {},
      view: (state) => state,
      decide: async (batch) => {
        const { revision } = await batch.stream(customer);
        const other = await batch.stream(bill);
        decided.push(revision);
        if (batch.certain && revision === 2) elsewhere(customer, 3, charged(1, 501));
        return refuse("NOT_FOUND", `seen at ${revision} and ${other.revision}`);
      },
    });
    await expect(answer).rejects.toThrow("seen at 3 and 2");
    expect(decided).toEqual([2, 2, 3]);
  });
});

describe("a batch", () => {
  it("takes an idempotency key once", () => {
    const batch = desk().work();
    batch.takeKey("k");
    batch.takeKey("l");
    expect(() => {
      batch.takeKey("k");
    }).toThrow(Undecided);
  });

  it("never becomes certain again", () => {
    const batch = desk().work(false);
    expect(() => {
      batch.next(true);
    }).toThrow("a hopeful work cannot become certain");
    expect(() => {
      batch.needCertainty();
    }).toThrow(Undecided);
  });

  it("that was written leaves its states to everybody, and one that was not leaves none", async () => {
    const { work, cache, store } = desk();
    const before = structuredClone(await currentState(store, "default", cache, customer, true));
    expect(before.revision).toBe(2);
    const lost = work();
    await lost.stream(customer);
    await lost.plan(on(customer, charged(1, 501)));
    lost.discard();
    expect(cache.get(customer)).toEqual(before);
    const batch = work();
    await batch.stream(customer);
    await batch.plan(on(customer, charged(1, 501)));
    batch.publish();
    expect(cache.get(customer)).toMatchObject({
      revision: 3,
      eventId: "evt_2",
      state: { entity: { balances: { ZAR: 501 } } },
    });
  });

  it("whose plan broke off half-way leaves no state, whatever else was written", async () => {
    const { work, cache } = desk();
    const torn = work();
    await torn.stream(customer);
    await expect(torn.plan(on(customer, charged(1, 501), charged(1, 999)))).rejects.toThrow();
    torn.publish();
    expect(cache.get(customer)).toMatchObject({
      revision: 2,
      state: { entity: { balances: { ZAR: 500 } } },
    });
  });
});
