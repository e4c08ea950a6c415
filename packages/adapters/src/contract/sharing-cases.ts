/** Two handles on one place, as two processes have them: neither ever answers with what is no longer so. */
import type { Host, Store } from "@tallystick/core";
import { expect, it, onTestFinished } from "vitest";
import { customerStream } from "./drafts.ts";
import { all, book, chargedHistory, first, type SetUp, type StoreUnderTest } from "./fixture.ts";

export const sharingCases = (
  setUp: SetUp,
  another: NonNullable<StoreUnderTest["another"]>,
): void => {
  const beside = async (store: Store, host: Host): Promise<Store> => {
    const other = await another(store, host);
    onTestFinished(() => other.close());
    return other;
  };

  it("says that it can be shared", async () => {
    const { store } = await setUp();
    expect(store.capabilities.shared).toBe(true);
  });

  it("sees what the other has written in whatever it is asked next", async () => {
    const { host, store, drafts } = await setUp();
    const other = await beside(store, host);
    expect(await other.head(book)).toBeUndefined();
    await store.append(book, drafts.of(drafts.created("a"), drafts.outcome("a")));
    expect(await other.head(book)).toEqual(await store.head(book));
    await other.append(book, drafts.of(drafts.created("b"), drafts.outcome("b")));
    expect(await store.findOutcome(book, "b")).toMatchObject({ commit: 2 });
    expect(await store.revisions(book, [customerStream("b")])).toEqual([2]);
    await store.append(book, drafts.of(drafts.created("c")));
    expect((await other.query(book, { kind: "customer", limit: 9 })).documents).toHaveLength(3);
    expect(await all(other.readBook(book))).toEqual(await all(store.readBook(book)));
  });

  it("refuses what the other has made stale, and writes nothing of it", async () => {
    const { host, store, drafts } = await setUp();
    const other = await beside(store, host);
    const [begin, charge] = chargedHistory(drafts, 1);
    if (begin === undefined || charge === undefined) throw new Error();
    await store.append(book, begin);
    await other.append(book, charge);
    await expect(store.append(book, charge)).rejects.toMatchObject({
      code: "REVISION_CONFLICT",
      detail: { expectedRevision: 2, actualRevision: 3 },
    });
    await other.append(book, drafts.of([], drafts.outcome("key")));
    await expect(store.append(book, drafts.of([], drafts.outcome("key")))).rejects.toMatchObject({
      code: "OUTCOME_EXISTS",
    });
    const taken = drafts.of(drafts.created("z", { reference: "ref-a" }));
    await expect(store.append(book, taken)).rejects.toMatchObject({ code: "CLAIM_TAKEN" });
    expect(await store.head(book)).toMatchObject({ commit: 3 });
  });

  it("keeps one chain without gaps while both write, and both begin it", async () => {
    const { host, store, drafts } = await setUp();
    const other = await beside(store, host);
    const names = Array.from({ length: 60 }, (_, index) => `n${index}`);
    const commits = await Promise.all(
      names.map((name, index) =>
        (index % 2 === 0 ? store : other).append(book, drafts.of(drafts.created(name))),
      ),
    );
    const numbers = commits.map(({ number }) => number).sort((a, b) => a - b);
    expect(numbers).toEqual(names.map((_, index) => index + 1));
    expect(await store.head(book)).toEqual(await other.head(book));
    expect(await all(store.readCommits(book))).toEqual(
      [...commits].sort((a, b) => a.number - b.number),
    );
  });

  it("wakes the subscriptions of the other", async () => {
    const { host, store, drafts } = await setUp();
    const other = await beside(store, host);
    const seen = first(2, other.subscribe(book));
    await store.append(book, drafts.of(drafts.created("a")));
    await store.append(book, drafts.of(drafts.created("b")));
    expect((await seen).map(({ number }) => number)).toEqual([1, 2]);
  });
};
