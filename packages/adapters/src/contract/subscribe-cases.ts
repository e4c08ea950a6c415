/** Subscriptions: whole commits, in order, none left out, until somebody ends them. */
import type { RecordedCommit } from "@tallystick/core";
import { expect, it } from "vitest";
import { appendAll, book, chargedHistory, first, type SetUp } from "./fixture.ts";

const numbers = (commits: readonly RecordedCommit[]): number[] =>
  commits.map(({ number }) => number);

export const subscribeCases = (setUp: SetUp): void => {
  it("gives what is there, then what comes", async () => {
    const { store, drafts } = await setUp();
    const [begin, ...rest] = chargedHistory(drafts, 3);
    if (begin === undefined) throw new Error();
    await store.append(book, begin);
    const feed = store.subscribe(book)[Symbol.asyncIterator]();
    expect((await feed.next()).value).toMatchObject({ number: 1 });
    for (const [index, draft] of rest.entries()) {
      const coming = feed.next();
      const appended = await store.append(book, draft);
      expect((await coming).value).toEqual(appended);
      expect(appended.number).toBe(index + 2);
    }
    await feed.return?.();
  });

  it("waits for a book that does not exist yet", async () => {
    const { store, drafts } = await setUp();
    const coming = first(1, store.subscribe(book));
    await store.append(book, drafts.of(drafts.created("a")));
    expect(numbers(await coming)).toEqual([1]);
  });

  it("begins with the commit whose last event lies after the position, whole", async () => {
    const { store, drafts } = await setUp();
    await appendAll(store, [
      drafts.of(drafts.created("a")),
      drafts.of(drafts.created("b")),
      drafts.of(drafts.created("c")),
    ]);
    const from = async (afterPosition: number): Promise<number[]> =>
      numbers(await first(1, store.subscribe(book, { afterPosition })));
    expect(await from(0)).toEqual([1]);
    expect(await from(1)).toEqual([1]);
    expect(await from(2)).toEqual([2]);
    expect(await from(3)).toEqual([2]);
    expect(await from(5)).toEqual([3]);
    const [commit] = await first(1, store.subscribe(book, { afterPosition: 3 }));
    expect(commit?.events).toHaveLength(2);
  });

  it("waits where the position lies ahead of the book, and leaves out what comes before it", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of(drafts.created("a")));
    const coming = first(1, store.subscribe(book, { afterPosition: 4 }));
    await store.append(book, drafts.of(drafts.created("b")));
    await store.append(book, drafts.of(drafts.created("c")));
    expect(numbers(await coming)).toEqual([3]);
  });

  it("leaves out commits without events", async () => {
    const { store, drafts } = await setUp();
    const coming = first(2, store.subscribe(book));
    await store.append(book, drafts.of([], drafts.outcome("one")));
    await store.append(book, drafts.of(drafts.created("a")));
    await store.append(book, drafts.of([], drafts.outcome("two")));
    await store.append(book, drafts.of(drafts.created("b")));
    expect(numbers(await coming)).toEqual([2, 4]);
  });

  it("skips nothing while many write at once", async () => {
    const { store, drafts } = await setUp();
    const count = 300;
    const subscribers = [0, 1, 2].map(() => first(count, store.subscribe(book)));
    const writers = Array.from({ length: 10 }, async (_, writer) => {
      for (let n = 0; n < count / 10; n += 1)
        await store.append(book, drafts.of(drafts.created(`w${writer}n${n}`)));
    });
    await Promise.all(writers);
    const expected = Array.from({ length: count }, (_, index) => index + 1);
    for (const seen of await Promise.all(subscribers)) expect(numbers(seen)).toEqual(expected);
  });

  it("ends when its signal aborts, while it waits and before it begins", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of(drafts.created("a")));
    const ending = new AbortController();
    const { signal } = ending;
    const waiting = first(99, store.subscribe(book, { afterPosition: 2, signal }));
    const nowhere = first(99, store.subscribe(book, { afterPosition: 99, signal }));
    ending.abort();
    expect(await waiting).toEqual([]);
    expect(await nowhere).toEqual([]);
    expect(await first(99, store.subscribe(book, { signal }))).toEqual([]);
  });

  it("ends when its signal aborts between two commits", async () => {
    const { store, drafts } = await setUp();
    await appendAll(store, chargedHistory(drafts, 5));
    const ending = new AbortController();
    const seen: number[] = [];
    for await (const { number } of store.subscribe(book, { signal: ending.signal })) {
      seen.push(number);
      if (number === 2) ending.abort();
    }
    expect(seen).toEqual([1, 2]);
  });

  it("ends when the store closes", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of(drafts.created("a")));
    const feed = store.subscribe(book)[Symbol.asyncIterator]();
    await feed.next();
    const waiting = feed.next();
    await store.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });
};
