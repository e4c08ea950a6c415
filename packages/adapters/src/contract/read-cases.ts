/** Reading: whole, in order, from anywhere, and harmless to what is stored. */
import { expect, it } from "vitest";
import { customerStream } from "./drafts.ts";
import { all, appendAll, book, chargedHistory, type SetUp, tamperWith } from "./fixture.ts";

const a = customerStream("a");

export const readCases = (setUp: SetUp): void => {
  it("gives nothing of a book that does not exist, and no error", async () => {
    const { store } = await setUp();
    expect(await all(store.readBook(book))).toEqual([]);
    expect(await all(store.readStream(book, a))).toEqual([]);
    expect(await all(store.readCommits(book))).toEqual([]);
    expect(await store.revisions(book, [a])).toEqual([0]);
    expect(await store.head(book)).toBeUndefined();
    expect(await store.findOutcome(book, "key")).toBeUndefined();
    expect(await store.resolveClaims(book, ["reference/customer/x"])).toEqual([undefined]);
    expect(await store.paymentClaims(book, "pay_1")).toEqual([]);
    expect(await store.query(book, { kind: "customer", limit: 5 })).toEqual({
      documents: [],
      position: 0,
    });
    expect(await store.listBooks()).toEqual([]);
  });

  it("reads a stream strictly after a revision, up to and with another", async () => {
    const { store, drafts } = await setUp();
    await appendAll(store, chargedHistory(drafts, 4));
    const revisions = async (range: object): Promise<number[]> =>
      (await all(store.readStream(book, a, range))).map(({ revision }) => revision);
    expect(await revisions({})).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await revisions({ afterRevision: 4 })).toEqual([5, 6]);
    expect(await revisions({ upToRevision: 1 })).toEqual([1]);
    expect(await revisions({ upToRevision: 3 })).toEqual([1, 2, 3]);
    expect(await revisions({ afterRevision: 1, upToRevision: 4 })).toEqual([2, 3, 4]);
    expect(await revisions({ afterRevision: 6 })).toEqual([]);
    expect(await revisions({ afterRevision: 4, upToRevision: 4 })).toEqual([]);
    expect(await revisions({ afterRevision: 3, upToRevision: 99 })).toEqual([4, 5, 6]);
  });

  it("reads only the stream that was asked for, also out of a commit over several", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of([...drafts.created("b"), ...drafts.created("a")]));
    const events = await all(store.readStream(book, a));
    expect(events.map(({ streamId, position }) => [streamId, position])).toEqual([
      [a, 3],
      [a, 4],
    ]);
  });

  it("reads the book strictly after a position, also from within a commit", async () => {
    const { store, drafts } = await setUp();
    await appendAll(store, [
      ...chargedHistory(drafts, 2),
      drafts.of([], drafts.outcome("nothing")),
      drafts.of(drafts.created("b")),
    ]);
    for (const afterPosition of [0, 1, 2, 3, 4, 5, 6, 99]) {
      const positions = (await all(store.readBook(book, { afterPosition }))).map(
        ({ position }) => position,
      );
      expect(positions).toEqual([1, 2, 3, 4, 5, 6].filter((position) => position > afterPosition));
    }
  });

  it("reads commits strictly after a number, up to and with another", async () => {
    const { store, drafts } = await setUp();
    const commits = await appendAll(store, chargedHistory(drafts, 3));
    for (const afterCommit of [0, 1, 2, 3, 4, 99])
      expect(await all(store.readCommits(book, { afterCommit }))).toEqual(
        commits.slice(afterCommit),
      );
    for (const upToCommit of [0, 1, 3, 5, 99])
      expect(await all(store.readCommits(book, { afterCommit: 1, upToCommit }))).toEqual(
        commits.slice(1, Math.max(1, upToCommit)),
      );
  });

  it("gives everything about an event", async () => {
    const { host, store, drafts } = await setUp();
    const effectiveAt = new Date(host.now()).toISOString();
    const draft = drafts.of(drafts.created("a"));
    host.clock.advance(5000);
    await store.append(book, draft);
    const [created] = await all(store.readStream(book, a));
    expect(created).toEqual({
      id: draft.events[0]?.id,
      type: "customer.created",
      schemaVersion: 1,
      streamId: a,
      revision: 1,
      position: 1,
      effectiveAt,
      recordedAt: new Date(host.now()).toISOString(),
      data: draft.events[0]?.data,
      personal: { name: "Customer a", metadata: { region: "Gauteng" } },
    });
  });

  it("ends where the book ended at the time of the call", async () => {
    const { store, drafts } = await setUp();
    const [begin, ...rest] = chargedHistory(drafts, 2);
    if (begin === undefined) throw new Error();
    await store.append(book, begin);
    const [bookFeed, streamFeed] = [store.readBook(book), store.readStream(book, a)];
    await appendAll(store, rest);
    expect(await all(bookFeed)).toHaveLength(2);
    expect(await all(streamFeed)).toHaveLength(2);
    expect(await all(store.readBook(book))).toHaveLength(4);
  });

  it("reads a long book in several batches", async () => {
    const { store, drafts } = await setUp();
    const history = chargedHistory(drafts, 2500);
    await Promise.all(history.map((draft) => store.append(book, draft)));
    const sizes: number[] = [];
    for await (const events of store.readBook(book)) sizes.push(events.length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2502);
    const revisions = (await all(store.readStream(book, a))).map(({ revision }) => revision);
    expect(revisions).toEqual(Array.from({ length: 2502 }, (_, index) => index + 1));
  });

  it("is not changed by what a reader does to what it was given", async () => {
    const { store, drafts } = await setUp();
    await appendAll(store, chargedHistory(drafts, 1));
    const ruin = (value: object | undefined): void =>
      tamperWith(() => Object.assign(value ?? {}, { ruined: true, revision: 99, position: 99 }));
    const everything = async () => ({
      events: await all(store.readBook(book)),
      stream: await all(store.readStream(book, a)),
      commits: await all(store.readCommits(book)),
      head: await store.head(book),
      holders: await store.resolveClaims(book, ["reference/customer/ref-a"]),
    });
    const before = structuredClone(await everything());
    const { events, stream, commits, head, holders } = await everything();
    for (const { data } of [...events, ...stream, ...commits.flatMap((commit) => commit.events)])
      ruin(data);
    for (const given of [...events, ...stream, ...commits, head, ...holders]) ruin(given);
    expect(await everything()).toEqual(before);
  });

  it("lets a reader stop early", async () => {
    const { store, drafts } = await setUp();
    await appendAll(store, chargedHistory(drafts, 20));
    for await (const events of store.readBook(book)) {
      expect(events.length).toBeGreaterThan(0);
      break;
    }
    expect(await all(store.readBook(book))).toHaveLength(22);
  });
};
