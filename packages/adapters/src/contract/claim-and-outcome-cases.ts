/** Claims and outcomes: once a book, for good, and in the order of the checks. */
import { expect, it } from "vitest";
import { customerStream, referenceOf } from "./drafts.ts";
import { book, type SetUp } from "./fixture.ts";

const claimOf = (name: string): string => `reference/customer/${referenceOf(name)}`;
const paid = (name: string, paymentId: string): string =>
  `payment/${paymentId}/${customerStream(name)}`;

export const claimAndOutcomeCases = (setUp: SetUp, severalBooks: boolean): void => {
  it("says who holds a claim, in the order asked", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of(drafts.created("a")));
    await store.append(
      book,
      drafts.of([drafts.paid({ name: "a", at: 2, owed: 1000 }, 10, "pay_1")]),
    );
    const asked = [paid("a", "pay_1"), claimOf("nobody"), claimOf("a")];
    expect(await store.resolveClaims(book, asked)).toEqual([
      { streamId: customerStream("a"), revision: 3 },
      undefined,
      { streamId: customerStream("a"), revision: 1 },
    ]);
  });

  it("gives a claim once, across streams, and writes nothing of who comes second", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of(drafts.created("a")));
    const second = drafts.of([
      ...drafts.created("c"),
      ...drafts.created("b", { reference: referenceOf("a") }),
    ]);
    await expect(store.append(book, second)).rejects.toMatchObject({
      code: "CLAIM_TAKEN",
      detail: { claim: claimOf("a") },
    });
    expect(await store.revisions(book, [customerStream("b"), customerStream("c")])).toEqual([0, 0]);
    expect(await store.resolveClaims(book, [claimOf("c")])).toEqual([undefined]);
  });

  it("gives a claim once within a group, while the neighbours succeed", async () => {
    const { store, drafts } = await setUp();
    const results = await Promise.allSettled([
      store.append(book, drafts.of(drafts.created("a", { reference: "same" }))),
      store.append(book, drafts.of(drafts.created("b", { reference: "same" }))),
      store.append(book, drafts.of(drafts.created("c"))),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(results[1]).toMatchObject({
      reason: { code: "CLAIM_TAKEN", detail: { claim: "reference/customer/same" } },
    });
    expect((await store.head(book))?.commit).toBe(2);
  });

  it("gives a claim once within one commit", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of(drafts.created("a")));
    const twice = drafts.of([
      drafts.paid({ name: "a", at: 2, owed: 1000 }, 10, "pay_1"),
      drafts.paid({ name: "a", at: 3, owed: 990 }, 10, "pay_1"),
    ]);
    await expect(store.append(book, twice)).rejects.toMatchObject({
      code: "CLAIM_TAKEN",
      detail: { claim: paid("a", "pay_1") },
    });
    expect(await store.revisions(book, [customerStream("a")])).toEqual([2]);
  });

  it("finds every place of a payment, sorted by the claim", async () => {
    const { store, drafts } = await setUp();
    for (const name of ["b", "a", "ab"]) await store.append(book, drafts.of(drafts.created(name)));
    for (const name of ["b", "ab", "a"])
      await store.append(book, drafts.of([drafts.paid({ name, at: 2, owed: 1000 }, 10, "pay_1")]));
    await store.append(
      book,
      drafts.of([drafts.paid({ name: "a", at: 3, owed: 990 }, 10, "pay_11")]),
    );
    expect(await store.paymentClaims(book, "pay_1")).toEqual(
      ["a", "ab", "b"].map((name) => ({ streamId: customerStream(name), revision: 3 })),
    );
    expect(await store.paymentClaims(book, "pay_11")).toEqual([
      { streamId: customerStream("a"), revision: 4 },
    ]);
    expect(await store.paymentClaims(book, "pay_")).toEqual([]);
  });

  it("finds an outcome by its key, with the commit that carries it", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of(drafts.created("a")));
    const subject = { streamId: customerStream("a"), revision: 2 };
    const outcome = {
      ...drafts.outcome("key", subject),
      refusal: { code: "X", message: "no", detail: { n: 1 } },
    };
    await store.append(book, drafts.of([], outcome));
    expect(await store.findOutcome(book, "key")).toEqual({ outcome, commit: 2 });
    expect(await store.findOutcome(book, "other")).toBeUndefined();
  });

  it("gives a key one outcome, also within a group", async () => {
    const { store, drafts } = await setUp();
    const results = await Promise.allSettled([
      store.append(book, drafts.of(drafts.created("a"), drafts.outcome("key"))),
      store.append(book, drafts.of(drafts.created("b"), drafts.outcome("key"))),
      store.append(book, drafts.of(drafts.created("c"), drafts.outcome("other"))),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(results[1]).toMatchObject({ reason: { code: "OUTCOME_EXISTS" } });
    const later = store.append(book, drafts.of([], drafts.outcome("other")));
    await expect(later).rejects.toMatchObject({ code: "OUTCOME_EXISTS" });
    expect((await store.head(book))?.commit).toBe(2);
  });

  it("lets who is told that a key or claim is taken read who took it", async () => {
    const { store, drafts } = await setUp();
    const winner = store.append(book, drafts.of(drafts.created("a"), drafts.outcome("key")));
    const loser = store.append(book, drafts.of([], drafts.outcome("key")));
    const found = loser.catch(() => store.findOutcome(book, "key"));
    expect(await found).toMatchObject({ commit: 1 });
    await winner;
  });

  it("checks the key first, then revisions, then claims", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of(drafts.created("a"), drafts.outcome("key")));
    const everythingWrong = drafts.of(drafts.created("a"), drafts.outcome("key"));
    await expect(store.append(book, everythingWrong)).rejects.toMatchObject({
      code: "OUTCOME_EXISTS",
    });
    const staleAndTaken = drafts.of(drafts.created("a"));
    await expect(store.append(book, staleAndTaken)).rejects.toMatchObject({
      code: "REVISION_CONFLICT",
    });
  });

  it("refuses an outcome about a revision that nobody wrote", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of(drafts.created("a")));
    const subject = { streamId: customerStream("a"), revision: 3 };
    await expect(
      store.append(book, drafts.of([], drafts.outcome("key", subject))),
    ).rejects.toMatchObject({
      code: "REVISION_CONFLICT",
      detail: { streamId: customerStream("a"), expectedRevision: 3, actualRevision: 2 },
    });
  });

  if (severalBooks)
    it("keeps the claims and outcomes of books apart", async () => {
      const { store, drafts } = await setUp();
      for (const name of ["one", "two"])
        await store.append(name, drafts.of(drafts.created("a"), drafts.outcome("key")));
      expect(await store.resolveClaims("three", [claimOf("a")])).toEqual([undefined]);
      expect((await store.findOutcome("two", "key"))?.commit).toBe(1);
    });
};
