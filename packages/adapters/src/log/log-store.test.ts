import { setImmediate } from "node:timers/promises";
import { InvariantViolation, LedgerError, type Store } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { customerStream, type Drafts, draftsFor } from "../contract/drafts.ts";
import { all, appendAll, book, chargedHistory } from "../contract/fixture.ts";
import { seededHost } from "../host/seeded-host.ts";
import type { LogFolder } from "./commit-log.ts";
import { logStore } from "./log-store.ts";
import { WatchedFolder } from "./watched-folder.ts";

const open = (folder: LogFolder): { store: Store; drafts: Drafts } => {
  const host = seededHost();
  const store = logStore({ host, capabilities: { durable: false, shared: false }, folder });
  return { store, drafts: draftsFor(host) };
};

const full = new LedgerError("STORE_FULL", "no space is left");

describe("group commit", () => {
  it("writes together what arrives while a group is being written", async () => {
    const folder = new WatchedFolder();
    const { store, drafts } = open(folder);
    const history = chargedHistory(drafts, 20);
    await appendAll(store, history.slice(0, 1));
    folder.groups.length = 0;
    folder.hold();
    const appending: Promise<unknown>[] = [];
    for (const draft of history.slice(1)) {
      appending.push(store.append(book, draft));
      await setImmediate();
    }
    expect(folder.groups).toEqual([1]);
    folder.release();
    await Promise.all(appending);
    expect(folder.groups).toEqual([1, 19]);
  });

  it("writes together what was handed in at once, in groups of bounded size", async () => {
    const folder = new WatchedFolder();
    const { store, drafts } = open(folder);
    const history = chargedHistory(drafts, 2999);
    await Promise.all(history.map((draft) => store.append(book, draft)));
    expect(folder.groups).toEqual([1024, 1024, 952]);
  });

  it("shows nobody a commit before the log says that it is durable", async () => {
    const folder = new WatchedFolder();
    const { store, drafts } = open(folder);
    const [begin, next] = chargedHistory(drafts, 1);
    if (begin === undefined || next === undefined) throw new Error();
    await store.append(book, begin);
    const feed = store.subscribe(book, { afterPosition: 2 })[Symbol.asyncIterator]();
    let told = false;
    const subscribed = feed.next().then(() => {
      told = true;
    });
    folder.hold();
    const appending = store.append(book, next);
    await setImmediate();
    expect(folder.groups).toEqual([1, 1]);
    expect(await store.revisions(book, [customerStream("a")])).toEqual([2]);
    expect(await all(store.readBook(book))).toHaveLength(2);
    expect((await store.query(book, { kind: "customer", limit: 1 })).position).toBe(2);
    expect(told).toBe(false);
    folder.release();
    await appending;
    expect(await store.revisions(book, [customerStream("a")])).toEqual([3]);
    await subscribed;
  });

  it("tells who came second only when it is certain that somebody came first", async () => {
    const folder = new WatchedFolder();
    const { store, drafts } = open(folder);
    folder.hold();
    folder.failure = full;
    const group = Promise.allSettled([
      store.append(book, drafts.of(drafts.created("a"))),
      store.append(book, drafts.of(drafts.created("b", { reference: "ref-a" }))),
    ]);
    folder.release();
    // The claim of `a` was never taken, so `b` is not told that it was.
    for (const result of await group) expect(result).toMatchObject({ reason: full });
    folder.failure = undefined;
    await store.append(book, drafts.of(drafts.created("b", { reference: "ref-a" })));
  });
});

describe("closing", () => {
  it("waits for the group that is being written and for those who wait behind it", async () => {
    const folder = new WatchedFolder();
    const { store, drafts } = open(folder);
    const [begin, ...rest] = chargedHistory(drafts, 3);
    if (begin === undefined) throw new Error();
    folder.hold();
    const appending = [store.append(book, begin)];
    await setImmediate();
    appending.push(...rest.map((draft) => store.append(book, draft)));
    const closing = store.close();
    await setImmediate();
    expect(folder.closed).toBe(false);
    folder.release();
    expect((await Promise.all(appending)).map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(folder.groups).toEqual([1, 3]);
    await closing;
    expect(folder.closed).toBe(true);
  });

  it("lets an import end at its next batch", async () => {
    const source = open(new WatchedFolder());
    await appendAll(source.store, chargedHistory(source.drafts, 600));
    const chainId = (await source.store.head(book))?.chainId ?? "";
    const { store } = open(new WatchedFolder());
    let closing: Promise<void> | undefined;
    async function* closingMeanwhile() {
      for await (const batch of source.store.readCommits(book)) {
        yield batch;
        closing ??= store.close();
      }
    }
    const importing = store.importCommits(book, chainId, closingMeanwhile());
    await expect(importing).rejects.toMatchObject({ code: "STORE_CLOSED" });
    await closing;
  });
});

describe("a log that refuses", () => {
  it("fails the whole group and leaves no trace of it", async () => {
    const folder = new WatchedFolder();
    const { store, drafts } = open(folder);
    const [begin, ...rest] = chargedHistory(drafts, 3);
    if (begin === undefined) throw new Error();
    await store.append(book, begin);
    const head = await store.head(book);
    folder.failure = full;
    const results = await Promise.allSettled(rest.map((draft) => store.append(book, draft)));
    for (const result of results) expect(result).toMatchObject({ reason: full });
    expect(await store.head(book)).toEqual(head);
    folder.failure = undefined;
    await appendAll(store, rest);
    expect((await store.head(book))?.commit).toBe(4);
  });

  it("does not fix the chain of a book that did not come into being", async () => {
    const folder = new WatchedFolder();
    const { store, drafts } = open(folder);
    const other = open(new WatchedFolder());
    await other.store.append(book, other.drafts.of(other.drafts.created("a")));
    const chainId = (await other.store.head(book))?.chainId ?? "";
    folder.failure = full;
    await expect(store.append(book, drafts.of(drafts.created("a")))).rejects.toBe(full);
    folder.failure = undefined;
    const head = await store.importCommits(book, chainId, other.store.readCommits(book));
    expect(head.chainId).toBe(chainId);
  });

  it("closes the store when nobody knows what was written", async () => {
    const folder = new WatchedFolder();
    const { store, drafts } = open(folder);
    await store.append(book, drafts.of(drafts.created("a")));
    folder.failure = new Error("the cable was pulled");
    await expect(store.append(book, drafts.of(drafts.created("b")))).rejects.toBe(folder.failure);
    const closed = {
      code: "STORE_CLOSED",
      message: expect.stringContaining("the cable was pulled"),
    };
    await expect(store.head(book)).rejects.toMatchObject(closed);
    await store.close();
    await expect(store.head(book)).rejects.toMatchObject(closed);
  });

  it("fails an import at the batch that it did not take, which can then be resumed", async () => {
    const source = open(new WatchedFolder());
    await appendAll(source.store, chargedHistory(source.drafts, 600));
    const chainId = (await source.store.head(book))?.chainId ?? "";
    const folder = new WatchedFolder();
    const { store } = open(folder);
    async function* failingLater() {
      let batches = 0;
      for await (const batch of source.store.readCommits(book)) {
        batches += 1;
        if (batches === 2) folder.failure = full;
        yield batch;
      }
    }
    await expect(store.importCommits(book, chainId, failingLater())).rejects.toBe(full);
    expect((await store.head(book))?.commit).toBe(256);
    folder.failure = undefined;
    const head = await store.importCommits(book, chainId, source.store.readCommits(book));
    expect(head).toEqual(await source.store.head(book));
  });
});

describe("the index", () => {
  it("is built by reading the log once, when it is first needed", async () => {
    const folder = new WatchedFolder();
    const first = open(folder);
    await appendAll(first.store, chargedHistory(first.drafts, 5));
    expect(folder.reads).toEqual([]);
    const { store } = open(folder);
    expect(await all(store.readCommits(book))).toHaveLength(6);
    expect(folder.reads).toEqual([0]);
    await Promise.all([
      store.head(book),
      store.revisions(book, [customerStream("a")]),
      store.resolveClaims(book, []),
      all(store.readStream(book, customerStream("a"))),
    ]);
    await store.head(book);
    expect(folder.reads).toEqual([0, 0]);
  });

  it("makes documents only when somebody asks, from where they stood", async () => {
    const folder = new WatchedFolder();
    const { store, drafts } = open(folder);
    const history = chargedHistory(drafts, 600);
    await appendAll(store, history.slice(0, 500));
    expect(folder.reads).toEqual([]);
    const query = () => store.query(book, { kind: "customer", limit: 1 });
    await Promise.all([query(), query()]);
    expect(folder.reads).toEqual([0]);
    await appendAll(store, history.slice(500));
    expect((await query()).documents).toMatchObject([{ revision: 602 }]);
    // The last commit taken in is read again, as what the next one has to follow.
    expect(folder.reads).toEqual([0, 499]);
  });

  it("reads a book from where it is asked to, and not from the beginning", async () => {
    const folder = new WatchedFolder();
    const { store, drafts } = open(folder);
    await appendAll(store, chargedHistory(drafts, 9));
    // Position 7 is that of commit 6, which is read as what commit 7 has to follow.
    expect(await all(store.readBook(book, { afterPosition: 7 }))).toHaveLength(4);
    expect(folder.reads).toEqual([5]);
  });

  it("survives a book that begins while readers look for it", async () => {
    const folder = new WatchedFolder();
    const { store, drafts } = open(folder);
    const history = chargedHistory(drafts, 50);
    const reading = Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let look = 0; look < 10; look += 1) {
          const [revision = 0] = await store.revisions(book, [customerStream("a")]);
          const events = await all(store.readStream(book, customerStream("a")));
          expect(events.length).toBeGreaterThanOrEqual(revision);
          await setImmediate();
        }
      }),
    );
    await Promise.all(history.map((draft) => store.append(book, draft)));
    await reading;
    expect(await store.revisions(book, [customerStream("a")])).toEqual([52]);
    expect((await store.head(book))?.commit).toBe(51);
  });
});

describe("a draft that could not be read back", () => {
  it("never gets in, and harms none of its group", async () => {
    const { store, drafts } = open(new WatchedFolder());
    const [created, opened] = drafts.created("bad");
    if (created === undefined || opened === undefined) throw new Error();
    const unreadable = [
      { ...opened, data: { ...opened.data, amount: 1.5 } },
      { ...opened, data: { ...opened.data, surprise: true } },
      { ...opened, schemaVersion: 2 },
      { ...opened, id: "42" },
      { ...opened, id: created.id },
      { ...opened, revision: 1 },
    ];
    const good = store.append(book, drafts.of(drafts.created("a")));
    for (const event of unreadable) {
      const draft = { ...drafts.of([created]), events: [created, event] };
      await expect(store.append(book, draft as never)).rejects.toThrow(InvariantViolation);
    }
    expect((await good).number).toBe(1);
    expect((await store.head(book))?.commit).toBe(1);
  });
});
