/** From opening to closing, and where it can be, to opening again. */
import { type Store, verifyCommits } from "@tallystick/core";
import { expect, it } from "vitest";
import { customerStream } from "./drafts.ts";
import {
  all,
  appendAll,
  batchesOf,
  book,
  chargedHistory,
  first,
  type SetUp,
  type StoreUnderTest,
} from "./fixture.ts";

const everyRead = (store: Store): (() => Promise<unknown>)[] => [
  () => store.head(book),
  () => store.listBooks(),
  () => store.revisions(book, [customerStream("a")]),
  () => store.resolveClaims(book, ["reference/customer/x"]),
  () => store.paymentClaims(book, "pay_1"),
  () => store.findOutcome(book, "key"),
  () => store.query(book, { kind: "customer", limit: 1 }),
  () => all(store.readBook(book)),
  () => all(store.readStream(book, customerStream("a"))),
  () => all(store.readCommits(book)),
  () => first(1, store.subscribe(book)),
];

export const lifecycleCases = (setUp: SetUp, { reopen }: StoreUnderTest): void => {
  it("says what it can do, once and for all", async () => {
    const { store, host } = await setUp();
    expect(store.capabilities).toEqual({
      durable: expect.any(Boolean),
      shared: expect.any(Boolean),
    });
    expect(store.host).toBe(host);
  });

  it("refuses everything once it is closed", async () => {
    const { store, drafts } = await setUp();
    await store.append(book, drafts.of(drafts.created("a")));
    await store.close();
    const closed = { code: "STORE_CLOSED" };
    await expect(store.append(book, drafts.of(drafts.created("b")))).rejects.toMatchObject(closed);
    const importing = store.importCommits(book, "0".repeat(32), batchesOf());
    await expect(importing).rejects.toMatchObject(closed);
    for (const read of everyRead(store)) await expect(read()).rejects.toMatchObject(closed);
  });

  it("finishes what is in flight before it closes", async () => {
    const { store, drafts } = await setUp();
    const appending = chargedHistory(drafts, 30).map((draft) => store.append(book, draft));
    const closing = store.close();
    const late = store.append(book, drafts.of(drafts.created("late")));
    await expect(late).rejects.toMatchObject({ code: "STORE_CLOSED" });
    expect((await Promise.all(appending)).at(-1)?.number).toBe(31);
    await closing;
  });

  it("ends a feed that is being read when it closes", async () => {
    const { store, drafts } = await setUp();
    const history = chargedHistory(drafts, 2500);
    await Promise.all(history.map((draft) => store.append(book, draft)));
    const feed = store.readBook(book)[Symbol.asyncIterator]();
    await feed.next();
    await store.close();
    await expect(feed.next()).rejects.toMatchObject({ code: "STORE_CLOSED" });
  });

  it("may be closed again, at the same time and later", async () => {
    const { store } = await setUp();
    await Promise.all([store.close(), store.close()]);
    await store.close();
  });

  if (reopen === undefined) return;

  it("has everything again after it was closed", async () => {
    const { host, store, drafts } = await setUp();
    const commits = await appendAll(store, chargedHistory(drafts, 3));
    const outcome = drafts.outcome("key");
    await store.append(book, drafts.of(drafts.created("b"), outcome));
    const [head, events] = [await store.head(book), await all(store.readBook(book))];
    const page = await store.query(book, { kind: "customer", limit: 9 });
    await store.close();

    const again = await reopen(store, host);
    expect(await again.listBooks()).toEqual([book]);
    expect(await again.head(book)).toEqual(head);
    expect(await all(again.readBook(book))).toEqual(events);
    expect((await all(again.readCommits(book))).slice(0, 4)).toEqual(commits);
    expect(await again.query(book, { kind: "customer", limit: 9 })).toEqual(page);
    expect(await again.findOutcome(book, "key")).toEqual({ outcome, commit: 5 });
    const taken = again.append(book, drafts.of(drafts.created("c", { reference: "ref-a" })));
    await expect(taken).rejects.toMatchObject({ code: "CLAIM_TAKEN" });
    await again.append(book, drafts.of([drafts.charged({ name: "a", at: 5, owed: 1003 }, 1)]));
    const verified = await verifyCommits(host.sha256, head?.chainId ?? "", again.readCommits(book));
    expect(verified).toMatchObject({ ok: true, commits: 6 });
    await again.close();
  });

  it("can be reopened before anything was written", async () => {
    const { host, store, drafts } = await setUp();
    await store.close();
    const again = await reopen(store, host);
    expect(await again.head(book)).toBeUndefined();
    await again.append(book, drafts.of(drafts.created("a")));
    expect((await again.head(book))?.commit).toBe(1);
    await again.close();
  });
};
