/** Generated histories, judged by a model that is a few sets and one array. */
import {
  type ErrorCode,
  type EventBody,
  type Outcome,
  type Store,
  verifyCommits,
} from "@tallystick/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { seededHost } from "../host/seeded-host.ts";
import { customerStream, type Drafts, draftsFor } from "./drafts.ts";
import { all, book, first, type StoreUnderTest } from "./fixture.ts";

/** One append that somebody tries; not all of them may succeed. */
interface Attempt {
  readonly does: "create" | "charge" | "pay" | "chargeBoth" | "nothing";
  readonly name: "a" | "b" | "c";
  /** The reference of a created customer: its own, or one that another may hold. */
  readonly sharedReference: boolean;
  readonly paymentId: string;
  readonly key: string | undefined;
  /** By how much the expected revision is wrong. */
  readonly wrongBy: number;
}

const attempt: fc.Arbitrary<Attempt> = fc.record({
  does: fc.constantFrom("create", "create", "charge", "pay", "pay", "chargeBoth", "nothing"),
  name: fc.constantFrom("a", "b", "c"),
  sharedReference: fc.boolean(),
  paymentId: fc.constantFrom("pay_1", "pay_2", "pay_3"),
  key: fc.option(fc.constantFrom("k1", "k2", "k3", "k4", "k5", "k6"), { nil: undefined, freq: 2 }),
  wrongBy: fc.constantFrom(0, 0, 0, 0, 1, -1),
});

/** Each inner list is appended at once, one list after the other. */
const attempts = fc.array(fc.array(attempt, { minLength: 1, maxLength: 8 }), { maxLength: 10 });

class Model {
  readonly events: EventBody[] = [];
  commits = 0;
  readonly #drafts: Drafts;
  readonly #customers = new Map<string, { at: number; owed: number }>();
  readonly #unique = new Set<string>();

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  owed(name: string): number | undefined {
    return this.#customers.get(name)?.owed;
  }

  /** What is appended for an attempt, and what should come of it. */
  take(tried: Attempt): {
    events: EventBody[];
    outcome: Outcome | undefined;
    refused: ErrorCode | undefined;
  } {
    const { events, unique, stale, changes } = this.#plan(tried);
    const outcome = tried.key === undefined ? undefined : this.#drafts.outcome(tried.key);
    const refused: ErrorCode | undefined =
      tried.key !== undefined && this.#unique.has(`key ${tried.key}`)
        ? "OUTCOME_EXISTS"
        : stale
          ? "REVISION_CONFLICT"
          : unique !== undefined && this.#unique.has(unique)
            ? "CLAIM_TAKEN"
            : undefined;
    if (refused === undefined) {
      if (tried.key !== undefined) this.#unique.add(`key ${tried.key}`);
      if (unique !== undefined) this.#unique.add(unique);
      for (const [name, customer] of changes) this.#customers.set(name, customer);
      this.events.push(...events);
      this.commits += 1;
    }
    return { events, outcome, refused };
  }

  #plan({ does, name, sharedReference, paymentId, wrongBy }: Attempt): {
    readonly events: EventBody[];
    readonly unique?: string;
    readonly stale: boolean;
    readonly changes: [string, { at: number; owed: number }][];
  } {
    const customer = this.#customers.get(name);
    if (does === "nothing") return { events: [], stale: false, changes: [] };
    if (does === "create") {
      const reference = sharedReference ? "shared" : name;
      return {
        events: this.#drafts.created(name, { reference }),
        unique: `reference ${reference}`,
        stale: customer !== undefined,
        changes: [[name, { at: 2, owed: 1000 }]],
      };
    }
    const standing = { name, at: (customer?.at ?? 7) + wrongBy, owed: customer?.owed ?? 0 };
    const stale = customer === undefined || wrongBy !== 0;
    const at = standing.at + 1;
    if (does === "pay")
      return {
        events: [this.#drafts.paid(standing, 3, paymentId)],
        unique: `payment ${paymentId} ${name}`,
        stale,
        changes: [[name, { at, owed: standing.owed - 3 }]],
      };
    const charge = this.#drafts.charged(standing, 5);
    const [other, otherName] = [this.#customers.get("a"), "a"];
    const changed: [string, { at: number; owed: number }] = [name, { at, owed: standing.owed + 5 }];
    if (does === "charge" || name === otherName || other === undefined)
      return { events: [charge], stale, changes: [changed] };
    return {
      events: [this.#drafts.charged({ name: otherName, ...other }, 1), charge],
      stale,
      changes: [[otherName, { at: other.at + 1, owed: other.owed + 1 }], changed],
    };
  }
}

const agrees = async (store: Store, model: Model): Promise<void> => {
  const events = await all(store.readBook(book));
  const ids = model.events.map(({ id }) => id);
  expect(events.map(({ id }) => id)).toEqual(ids);
  expect(events.map(({ position }) => position)).toEqual(ids.map((_, index) => index + 1));
  const head = await store.head(book);
  expect([head?.commit ?? 0, head?.position ?? 0]).toEqual([model.commits, ids.length]);
  for (const name of ["a", "b", "c"]) {
    const stream = await all(store.readStream(book, customerStream(name)));
    const expected = model.events.filter(({ streamId }) => streamId === customerStream(name));
    expect(stream.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    expect(await store.revisions(book, [customerStream(name)])).toEqual([expected.length]);
  }
  const { documents } = await store.query(book, { kind: "customer", limit: 9 });
  for (const { customerId, state } of documents) {
    const entity = "entity" in state ? state.entity : undefined;
    expect(entity?.balances).toEqual({ ZAR: model.owed(customerId?.slice(5) ?? "") });
  }
  if (head === undefined) return;
  const { sha256 } = store.host;
  const verified = await verifyCommits(sha256, head.chainId, store.readCommits(book));
  expect(verified).toMatchObject({ ok: true, commits: model.commits });
  const withEvents = (await all(store.readCommits(book))).filter(
    (commit) => commit.events.length > 0,
  );
  expect(await first(withEvents.length, store.subscribe(book))).toEqual(withEvents);
};

export const modelCases = ({ open }: StoreUnderTest): void => {
  it("agrees with the model, whatever is appended, one by one and in groups", async () => {
    const came: Record<string, number> = {};
    const property = fc.asyncProperty(attempts, async (groups) => {
      const host = seededHost();
      const store = await open(host);
      const drafts = draftsFor(host);
      const model = new Model(drafts);
      try {
        for (const group of groups) {
          const planned = group.map((tried) => model.take(tried));
          const results = await Promise.allSettled(
            planned.map(({ events, outcome }) => store.append(book, drafts.of(events, outcome))),
          );
          const codes = results.map((result) =>
            result.status === "fulfilled" ? undefined : (result.reason as { code: ErrorCode }).code,
          );
          expect(codes).toEqual(planned.map(({ refused }) => refused));
          for (const code of codes) came[code ?? "written"] = (came[code ?? "written"] ?? 0) + 1;
        }
        await agrees(store, model);
      } finally {
        await store.close();
      }
    });
    await fc.assert(property, { seed: 20260301, numRuns: 40 });
    // A generator that never makes the interesting case would prove nothing.
    for (const code of ["written", "OUTCOME_EXISTS", "REVISION_CONFLICT", "CLAIM_TAKEN"])
      expect(came[code]).toBeGreaterThan(10);
  });
};
