/** Documents: the fold of each stream, in order of creation, caught up before they are shown. */
import { type DocumentQuery, evolve, initialState, type Store } from "@tallystick/core";
import { expect, it } from "vitest";
import { customerStream, type Drafts, referenceOf } from "./drafts.ts";
import { all, book, type SetUp, tamperWith } from "./fixture.ts";

const found = async (store: Store, query: Partial<DocumentQuery>): Promise<string[]> =>
  (await store.query(book, { kind: "customer", limit: 100, ...query })).documents.map(
    ({ streamId }) => streamId.replace("customer/bcus_", ""),
  );

const create = async (store: Store, drafts: Drafts, ...names: string[]): Promise<void> => {
  for (const name of names) await store.append(book, drafts.of(drafts.created(name)));
};

export const documentCases = (setUp: SetUp): void => {
  it("gives a document with its state, columns and places", async () => {
    const { store, drafts } = await setUp();
    await create(store, drafts, "a", "b");
    await store.append(book, drafts.of([drafts.charged({ name: "a", at: 2, owed: 1000 }, 5)]));
    const { documents, position } = await store.query(book, {
      kind: "customer",
      streamId: customerStream("a"),
      limit: 1,
    });
    expect(position).toBe(5);
    const state = initialState(customerStream("a"));
    for (const event of await all(store.readStream(book, customerStream("a"))))
      evolve(state, event);
    expect(documents).toEqual([
      {
        kind: "customer",
        streamId: customerStream("a"),
        externalReference: referenceOf("a"),
        customerId: "bcus_a",
        currencies: ["ZAR"],
        owing: true,
        credit: false,
        tracked: true,
        createdPosition: 1,
        position: 5,
        revision: 3,
        state,
      },
    ]);
  });

  it("has nothing to show of a book whose commits hold no event", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of([], drafts.outcome("refused")));
    const page = await store.query(book, { kind: "customer", limit: 5 });
    expect(page).toEqual({ documents: [], position: 0 });
  });

  it("is caught up with every append that was answered before", async () => {
    const { store, drafts } = await setUp();
    for (const [index, name] of ["a", "b", "c"].entries()) {
      await create(store, drafts, name);
      expect(await found(store, {})).toHaveLength(index + 1);
    }
    await store.append(
      book,
      drafts.of([drafts.paid({ name: "b", at: 2, owed: 1000 }, 1000, "pay_1")]),
    );
    expect(await found(store, { owing: true })).toEqual(["a", "c"]);
  });

  it("lists in the order of creation, oldest first, whatever happened later", async () => {
    const { store, drafts } = await setUp();
    await create(store, drafts, "c", "a", "b");
    await store.append(book, drafts.of([drafts.charged({ name: "c", at: 2, owed: 1000 }, 1)]));
    expect(await found(store, {})).toEqual(["c", "a", "b"]);
  });

  it("pages through everything, each once, also while more is created", async () => {
    const { store, drafts } = await setUp();
    const names = Array.from({ length: 7 }, (_, index) => `n${index}`);
    await create(store, drafts, ...names);
    const seen: string[] = [];
    let afterCreatedPosition: number | undefined = 0;
    while (afterCreatedPosition !== undefined) {
      const query: DocumentQuery = { kind: "customer", limit: 3, afterCreatedPosition };
      const page = await store.query(book, query);
      expect(page.documents.length).toBeLessThanOrEqual(3);
      seen.push(...page.documents.map(({ customerId }) => customerId?.slice(5) ?? ""));
      if (seen.length === 3) await create(store, drafts, "late");
      afterCreatedPosition = page.next;
    }
    expect(seen).toEqual([...names, "late"]);
  });

  it("says that there is no next page on the last, even if it is full", async () => {
    const { store, drafts } = await setUp();
    await create(store, drafts, "a", "b");
    const page = await store.query(book, { kind: "customer", limit: 2 });
    expect(page.documents).toHaveLength(2);
    expect(page.next).toBeUndefined();
    expect((await store.query(book, { kind: "customer", limit: 1 })).next).toBe(1);
  });

  it("filters by each column, and by several together", async () => {
    const { store, drafts } = await setUp();
    await create(store, drafts, "owing", "credit", "even");
    const paid = (name: string, amount: number) =>
      store.append(
        book,
        drafts.of([drafts.paid({ name, at: 2, owed: 1000 }, amount, `pay_${name}`)]),
      );
    await paid("credit", 1500);
    await paid("even", 1000);
    const [untracked] = drafts.created("untracked");
    if (untracked === undefined) throw new Error();
    await store.append(book, drafts.of([untracked]));
    expect(await found(store, { owing: true })).toEqual(["owing"]);
    expect(await found(store, { credit: true })).toEqual(["credit"]);
    expect(await found(store, { owing: false, credit: false })).toEqual(["even", "untracked"]);
    expect(await found(store, { tracked: false })).toEqual(["untracked"]);
    expect(await found(store, { currency: "ZAR" })).toEqual(["owing", "credit", "even"]);
    expect(await found(store, { currency: "KES" })).toEqual([]);
    expect(await found(store, { customerId: "bcus_even" })).toEqual(["even"]);
    expect(await found(store, { externalReference: referenceOf("credit") })).toEqual(["credit"]);
    expect(await found(store, { externalReference: "nobody" })).toEqual([]);
    expect(await found(store, { streamId: customerStream("even") })).toEqual(["even"]);
    expect(await found(store, { streamId: customerStream("even"), owing: true })).toEqual([]);
    expect(await found(store, { kind: "account" })).toEqual([]);
    expect(await found(store, { kind: "bill", streamId: customerStream("even") })).toEqual([]);
    expect(await found(store, { status: "unpaid" })).toEqual([]);
  });

  it("filters bills by customer, account and status, and payments in suspense by status", async () => {
    const { store, drafts } = await setUp();
    await create(store, drafts, "a");
    await store.append(book, drafts.of(drafts.account("x", "a")));
    await store.append(book, drafts.of(drafts.bill("one", { customer: "a", account: "x" })));
    await store.append(book, drafts.of(drafts.bill("two", { customer: "a" })));
    await store.append(book, drafts.of([drafts.suspended("pay_9", "somebody")]));
    const streams = async (query: DocumentQuery): Promise<string[]> =>
      (await store.query(book, query)).documents.map(({ streamId }) => streamId);
    const [one, two] = ["bill/bill_one", "bill/bill_two"];
    expect(await streams({ kind: "bill", customerId: "bcus_a", limit: 9 })).toEqual([one, two]);
    expect(await streams({ kind: "bill", accountId: "bacc_x", limit: 9 })).toEqual([one]);
    expect(await streams({ kind: "bill", status: "unpaid", limit: 9 })).toEqual([one, two]);
    expect(await streams({ kind: "bill", status: "paid", limit: 9 })).toEqual([]);
    expect(
      await streams({ kind: "bill", externalReference: referenceOf("two"), limit: 9 }),
    ).toEqual([two]);
    expect(await streams({ kind: "account", customerId: "bcus_a", limit: 9 })).toEqual([
      "account/bacc_x",
    ]);
    expect(await streams({ kind: "suspense", status: "suspended", limit: 9 })).toEqual([
      "suspense/pay_9",
    ]);
    expect(await streams({ kind: "suspense", status: "matched", limit: 9 })).toEqual([]);
  });

  it("is not changed by what a reader does to what it was given", async () => {
    const { store, drafts } = await setUp();
    await create(store, drafts, "a");
    const query: DocumentQuery = { kind: "customer", limit: 1 };
    const before = structuredClone(await store.query(book, query));
    const { documents } = await store.query(book, query);
    for (const { state } of documents)
      if ("entity" in state && state.entity !== undefined) {
        const { balances } = state.entity;
        tamperWith(() => Object.assign(balances, { ZAR: 7 }));
      }
    expect(await store.query(book, query)).toEqual(before);
  });

  it("answers many questions at once while others write", async () => {
    const { store, drafts } = await setUp();
    const names = Array.from({ length: 50 }, (_, index) => `n${index}`);
    const counts = await Promise.all(
      names.map(async (name, index) => {
        await create(store, drafts, name);
        return (await found(store, {})).length >= index + 1;
      }),
    );
    expect(counts.every(Boolean)).toBe(true);
    expect(await found(store, {})).toEqual(names);
  });
};
