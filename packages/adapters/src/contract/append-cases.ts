/** Appending: all or nothing, in order, each alone. */
import { type Instant, InvariantViolation, instantOfMs } from "@tallystick/core";
import { expect, it } from "vitest";
import { customerStream } from "./drafts.ts";
import { all, appendAll, book, chargedHistory, type SetUp, tamperWith } from "./fixture.ts";

export const appendCases = (setUp: SetUp, severalBooks: boolean): void => {
  it("numbers commits and positions from 1, without gaps", async () => {
    const { store, drafts } = await setUp();
    const commits = await appendAll(store, chargedHistory(drafts, 3));
    expect(commits.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(commits.map(({ firstPosition }) => firstPosition)).toEqual([1, 3, 4, 5]);
    const events = await all(store.readBook(book));
    expect(events.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
  });

  it("answers with the commit as it is stored", async () => {
    const { store, drafts } = await setUp();
    const answered = await store.append(
      book,
      drafts.of(drafts.created("a"), drafts.outcome("key")),
    );
    expect(await all(store.readCommits(book))).toEqual([answered]);
  });

  it("keeps a commit without events: it takes a number, and no position", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of([], drafts.outcome("refused")));
    const after = await store.append(book, drafts.of(drafts.created("a")));
    expect(after).toMatchObject({ number: 2, firstPosition: 1 });
    expect(await store.head(book)).toMatchObject({ commit: 2, position: 2 });
    expect(await all(store.readBook(book))).toHaveLength(2);
  });

  it("refuses a stale revision, says the actual one, and writes nothing", async () => {
    const { store, drafts } = await setUp();
    await appendAll(store, chargedHistory(drafts, 1));
    const before = await store.head(book);
    const stale = drafts.of([drafts.charged({ name: "a", at: 2, owed: 1000 }, 5)]);
    await expect(store.append(book, stale)).rejects.toMatchObject({
      code: "REVISION_CONFLICT",
      detail: { streamId: customerStream("a"), expectedRevision: 2, actualRevision: 3 },
    });
    expect(await store.head(book)).toEqual(before);
  });

  it("refuses a revision that lies ahead", async () => {
    const { store, drafts } = await setUp();
    const ahead = drafts.of([drafts.charged({ name: "a", at: 2, owed: 1000 }, 5)]);
    await expect(store.append(book, ahead)).rejects.toMatchObject({
      code: "REVISION_CONFLICT",
      detail: { expectedRevision: 2, actualRevision: 0 },
    });
    expect(await store.head(book)).toBeUndefined();
  });

  it("writes to several streams at once", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of([...drafts.created("a"), ...drafts.created("b")]));
    expect(await store.revisions(book, [customerStream("b"), customerStream("a")])).toEqual([2, 2]);
  });

  it("writes nothing of a commit in which one stream is stale", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of(drafts.created("a")));
    const mixed = drafts.of([
      ...drafts.created("b"),
      drafts.charged({ name: "a", at: 7, owed: 1000 }, 1),
    ]);
    await expect(store.append(book, mixed)).rejects.toMatchObject({
      code: "REVISION_CONFLICT",
      detail: { streamId: customerStream("a"), expectedRevision: 7, actualRevision: 2 },
    });
    expect(await store.revisions(book, [customerStream("a"), customerStream("b")])).toEqual([2, 0]);
    expect(await all(store.readStream(book, customerStream("b")))).toEqual([]);
    // The refused commit took no claim either.
    await store.append(book, drafts.of(drafts.created("b")));
  });

  it("stops a draft whose revisions leave a gap: no decision makes one", async () => {
    const { store, drafts } = await setUp();
    const [created, opened] = drafts.created("a");
    if (created === undefined || opened === undefined) throw new Error("two events were expected");
    const gap = drafts.of([created, { ...opened, revision: 3 }]);
    await expect(store.append(book, gap)).rejects.toThrow(InvariantViolation);
    expect(await store.head(book)).toBeUndefined();
  });

  it("lets one of a group fail alone", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of(drafts.created("a")));
    const results = await Promise.allSettled([
      store.append(book, drafts.of([drafts.charged({ name: "a", at: 2, owed: 1000 }, 1)])),
      store.append(book, drafts.of([drafts.charged({ name: "a", at: 2, owed: 1000 }, 2)])),
      store.append(book, drafts.of([drafts.charged({ name: "a", at: 3, owed: 1001 }, 3)])),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(results[1]).toMatchObject({
      reason: { code: "REVISION_CONFLICT", detail: { expectedRevision: 2, actualRevision: 3 } },
    });
    const amounts = (await all(store.readStream(book, customerStream("a")))).map(
      ({ data }) => data,
    );
    expect(amounts.slice(2)).toMatchObject([{ amount: 1 }, { amount: 3 }]);
  });

  it("refuses what was decided on an event that another one took the place of, though the numbers fit", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of(drafts.created("a")));
    const streamId = customerStream("a");
    const lost = drafts.charged({ name: "a", at: 2, owed: 1000 }, 7);
    const onTop = {
      ...drafts.of([drafts.charged({ name: "a", at: 3, owed: 1007 }, 5)]),
      bases: [{ streamId, revision: 3, eventId: lost.id }],
    };
    const other = drafts.charged({ name: "a", at: 2, owed: 1000 }, 1);
    const results = await Promise.allSettled(
      [drafts.of([other]), drafts.of([lost]), onTop].map((draft) => store.append(book, draft)),
    );
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    const conflict = { code: "REVISION_CONFLICT", detail: { streamId } };
    expect(results.slice(1)).toMatchObject([{ reason: conflict }, { reason: conflict }]);
    await expect(store.append(book, onTop)).rejects.toMatchObject(conflict);
    const fitting = { ...onTop, bases: [{ streamId, revision: 3, eventId: other.id }] };
    expect(await store.append(book, fitting)).not.toHaveProperty("bases");
  });

  it("refuses what rests on a stream that has moved on, though nothing is written to it", async () => {
    const { store, drafts } = await setUp();
    const bases = [{ streamId: customerStream("a"), revision: 0 }];
    const first = { ...drafts.of(drafts.created("b")), bases };
    await store.append(book, first);
    await store.append(book, drafts.of(drafts.created("a")));
    const second = { ...drafts.of([], drafts.outcome("key")), bases };
    await expect(store.append(book, second)).rejects.toMatchObject({
      code: "REVISION_CONFLICT",
      detail: { streamId: customerStream("a"), expectedRevision: 0, actualRevision: 2 },
    });
    expect(await store.findOutcome(book, "key")).toBeUndefined();
  });

  it("gives hundreds of concurrent appends gapless positions in the order of arrival", async () => {
    const { store, drafts } = await setUp();
    const count = 400;
    const names = Array.from({ length: count }, (_, index) => `c${index}`);
    const commits = await Promise.all(
      names.map((name) => store.append(book, drafts.of(drafts.created(name)))),
    );
    expect(commits.map(({ number }) => number)).toEqual(names.map((_, index) => index + 1));
    expect(commits.map(({ firstPosition }) => firstPosition)).toEqual(
      names.map((_, index) => 2 * index + 1),
    );
    const events = await all(store.readBook(book));
    expect(events.map(({ position }) => position)).toEqual(
      Array.from({ length: 2 * count }, (_, index) => index + 1),
    );
  });

  it("lets a chain of appends on one stream be pipelined", async () => {
    const { store, drafts } = await setUp();
    const history = chargedHistory(drafts, 300);
    const commits = await Promise.all(history.map((draft) => store.append(book, draft)));
    expect(commits.at(-1)).toMatchObject({ number: 301, firstPosition: 302 });
    expect(await store.revisions(book, [customerStream("a")])).toEqual([302]);
  });

  it("keeps its own copy of what was appended", async () => {
    const { store, drafts } = await setUp();
    const draft = drafts.of(drafts.created("a", { owed: 1000 }));
    const appending = store.append(book, draft);
    for (const event of draft.events) tamperWith(() => Object.assign(event.data, { amount: 1 }));
    const commit = await appending;
    for (const event of draft.events) tamperWith(() => Object.assign(event.data, { amount: 2 }));
    for (const event of commit.events) tamperWith(() => Object.assign(event.data, { amount: 3 }));
    const [, opened] = await all(store.readBook(book));
    expect(opened?.data).toMatchObject({ amount: 1000, balanceAfter: 1000 });
  });

  it("never records a time before the last one, although the clock goes back", async () => {
    const { host, store, drafts } = await setUp();
    const [draft1, draft2, draft3] = chargedHistory(drafts, 2);
    if (draft1 === undefined || draft2 === undefined || draft3 === undefined) throw new Error();
    const start = host.now();
    const times: Instant[] = [];
    times.push((await store.append(book, draft1)).recordedAt);
    host.clock.advance(-60_000);
    times.push((await store.append(book, draft2)).recordedAt);
    host.clock.set(start + 1);
    times.push((await store.append(book, draft3)).recordedAt);
    expect(times).toEqual([start, start, start + 1].map(instantOfMs));
  });

  if (severalBooks)
    it("keeps books apart", async () => {
      const { store, drafts } = await setUp();
      await store.append("one", drafts.of(drafts.created("a")));
      await store.append("two", drafts.of(drafts.created("a"), drafts.outcome("key")));
      expect((await store.append("two", drafts.of(drafts.created("b")))).number).toBe(2);
      expect(await store.listBooks()).toEqual(["one", "two"]);
      expect(await store.head("one")).toMatchObject({ commit: 1, position: 2 });
      expect(await store.findOutcome("one", "key")).toBeUndefined();
      expect((await store.head("one"))?.chainId).not.toBe((await store.head("two"))?.chainId);
    });

  it("asks its host for the time of the book that it writes to", async () => {
    const { store, drafts, host } = await setUp();
    const start = host.now();
    host.clock.setFor(book, start + 60_000);
    const commit = await store.append(book, drafts.of(drafts.created("a")));
    expect(commit.recordedAt).toBe(instantOfMs(start + 60_000));
    if (!severalBooks) return;
    const other = await store.append("other", drafts.of(drafts.created("a")));
    expect(other.recordedAt).toBe(instantOfMs(start));
  });

  if (severalBooks)
    it("takes any name for a book", async () => {
      const { store, drafts } = await setUp();
      const names = ["A", "a", "Grüße/2026", "..", "con", "a b%41", "🧾", "x".repeat(80)];
      for (const name of names) await store.append(name, drafts.of(drafts.created("a")));
      expect(await store.listBooks()).toEqual([...names].sort());
      for (const name of names) expect(await all(store.readBook(name))).toHaveLength(2);
    });

  it("refuses a name that cannot be stored", async () => {
    const { store, drafts } = await setUp();
    for (const name of ["", "\0", "\ud800"])
      await expect(store.append(name, drafts.of(drafts.created("a")))).rejects.toMatchObject({
        code: "INVALID_INPUT",
      });
  });
};
