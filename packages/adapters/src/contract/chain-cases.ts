/** The chain: verifiable from end to end, and the same in every copy. */
import {
  type EventBody,
  instantOfMs,
  type RecordedCommit,
  recordCommit,
  type Store,
  type Verification,
  verifyCommits,
} from "@tallystick/core";
import { expect, it } from "vitest";
import { seededHost } from "../host/seeded-host.ts";
import { customerStream, type Drafts, referenceOf } from "./drafts.ts";
import {
  all,
  appendAll,
  batchesOf,
  book,
  chargedHistory,
  type SetUp,
  type StoreUnderTest,
} from "./fixture.ts";

const verify = async (store: Store): Promise<Verification> => {
  const head = await store.head(book);
  return verifyCommits(store.host.sha256, head?.chainId ?? "", store.readCommits(book));
};

/** A history of four commits, one of them without events. */
const fill = (store: Store, drafts: Drafts): Promise<RecordedCommit[]> =>
  appendAll(store, [
    ...chargedHistory(drafts, 1),
    drafts.of([], drafts.outcome("nothing")),
    drafts.of([drafts.paid({ name: "a", at: 3, owed: 1001 }, 1, "pay_1")], drafts.outcome("paid")),
  ]);

const tampered = (commit: RecordedCommit): RecordedCommit => {
  const copy = structuredClone(commit);
  Object.assign(copy.events[0]?.data ?? {}, { amount: 2 });
  return copy;
};

export const chainCases = (setUp: SetUp, subject: StoreUnderTest): void => {
  const second = async (): Promise<Store> => subject.open(seededHost({ seed: "second" }));

  it("verifies", async () => {
    const { store, drafts } = await setUp();
    await fill(store, drafts);
    const head = await store.head(book);
    expect(await verify(store)).toEqual({
      ok: true,
      commits: 4,
      events: 4,
      head: { position: 4, hash: head?.hash },
    });
  });

  it("gives as head what the last commit says", async () => {
    const { store, drafts } = await setUp();
    const last = (await fill(store, drafts)).at(-1);
    expect(await store.head(book)).toEqual({
      commit: 4,
      position: 4,
      hash: last?.hash,
      recordedAt: last?.recordedAt,
      chainId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it("imports a copy with the same hashes, which goes on like the original", async () => {
    const { store, drafts } = await setUp();
    await fill(store, drafts);
    const head = await store.head(book);
    const copy = await second();
    expect(await copy.importCommits(book, head?.chainId ?? "", store.readCommits(book))).toEqual(
      head,
    );
    expect(await copy.head(book)).toEqual(head);
    expect(await verify(copy)).toMatchObject({ ok: true, commits: 4 });
    expect(await all(copy.readBook(book))).toEqual(await all(store.readBook(book)));
    expect(await copy.findOutcome(book, "paid")).toMatchObject({ commit: 4 });
    const again = copy.append(
      book,
      drafts.of([drafts.paid({ name: "a", at: 4, owed: 1000 }, 1, "pay_1")]),
    );
    await expect(again).rejects.toMatchObject({ code: "CLAIM_TAKEN" });
    await copy.append(book, drafts.of([drafts.charged({ name: "a", at: 4, owed: 1000 }, 1)]));
    expect(await verify(copy)).toMatchObject({ ok: true, commits: 5 });
    await copy.close();
  });

  it("resumes an import: what it holds already is passed over", async () => {
    const { store, drafts } = await setUp();
    const commits = await fill(store, drafts);
    const head = await store.head(book);
    const chainId = head?.chainId ?? "";
    const copy = await second();
    await copy.importCommits(book, chainId, batchesOf(commits.slice(0, 2)));
    expect((await copy.head(book))?.commit).toBe(2);
    expect(await copy.importCommits(book, chainId, store.readCommits(book))).toEqual(head);
    expect(await copy.importCommits(book, chainId, store.readCommits(book))).toEqual(head);
    expect(await copy.importCommits(book, chainId, batchesOf(commits.slice(3)))).toEqual(head);
    await copy.close();
  });

  it("keeps what was imported before the source failed", async () => {
    const { store, drafts } = await setUp();
    const commits = await fill(store, drafts);
    const chainId = (await store.head(book))?.chainId ?? "";
    const copy = await second();
    async function* failing(): AsyncGenerator<readonly RecordedCommit[]> {
      yield commits.slice(0, 3);
      throw new Error("the source went away");
    }
    await expect(copy.importCommits(book, chainId, failing())).rejects.toThrow("went away");
    expect((await copy.head(book))?.commit).toBe(3);
    await copy.close();
  });

  it("refuses the commits of another chain", async () => {
    const { store, drafts } = await setUp();
    await fill(store, drafts);
    const other = await second();
    await other.append(book, drafts.of(drafts.created("b")));
    const before = await other.head(book);
    const chainId = (await store.head(book))?.chainId ?? "";
    const importing = other.importCommits(book, chainId, store.readCommits(book));
    await expect(importing).rejects.toMatchObject({ code: "BOOK_MISMATCH" });
    expect(await other.head(book)).toEqual(before);
    await other.close();
  });

  it("refuses a copy of the chain that has gone another way", async () => {
    const { store, drafts } = await setUp();
    const [begin] = await fill(store, drafts);
    const chainId = (await store.head(book))?.chainId ?? "";
    if (begin === undefined) throw new Error();
    const fork = await second();
    await fork.importCommits(book, chainId, batchesOf([begin]));
    await fork.append(book, drafts.of(drafts.created("b")));
    const importing = fork.importCommits(book, chainId, store.readCommits(book));
    await expect(importing).rejects.toMatchObject({ code: "BOOK_MISMATCH", detail: { commit: 2 } });
    expect((await fork.head(book))?.commit).toBe(2);
    await fork.close();
  });

  it("refuses a chain id that is none", async () => {
    const { store } = await setUp();
    await expect(store.importCommits(book, "mine", batchesOf())).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });

  it("refuses a tampered commit at its number, and keeps those before it", async () => {
    const { store, drafts } = await setUp();
    const commits = await fill(store, drafts);
    const chainId = (await store.head(book))?.chainId ?? "";
    const copy = await second();
    const source = batchesOf(
      commits.map((commit, index) => (index === 1 ? tampered(commit) : commit)),
    );
    await expect(copy.importCommits(book, chainId, source)).rejects.toMatchObject({
      code: "BOOK_CORRUPT",
      detail: { commit: 2, position: 3 },
    });
    expect((await copy.head(book))?.commit).toBe(1);
    expect(await copy.revisions(book, [customerStream("a")])).toEqual([2]);
    await copy.close();
  });

  it("refuses commits whose hashes hold and that no store would have written", async () => {
    const { store, drafts, host } = await setUp();
    await fill(store, drafts);
    const head = await store.head(book);
    if (head === undefined) throw new Error();
    const [created, opened] = drafts.created("b") as [EventBody, EventBody];
    const forgeries = [
      drafts.of([drafts.charged({ name: "a", at: 5, owed: 1000 }, 1)]),
      drafts.of([created, { ...opened, revision: 3 }]),
      drafts.of([created, { ...opened, id: created.id }]),
      drafts.of(drafts.created("b", { reference: referenceOf("a") })),
      drafts.of([drafts.paid({ name: "a", at: 4, owed: 1000 }, 1, "pay_1")]),
      drafts.of([], drafts.outcome("paid")),
    ];
    for (const forgery of forgeries) {
      const forged = recordCommit(host.sha256, head, forgery, instantOfMs(host.now()));
      await expect(
        store.importCommits(book, head.chainId, batchesOf([forged])),
        JSON.stringify(forgery.events),
      ).rejects.toMatchObject({ code: "BOOK_CORRUPT", detail: { commit: 5 } });
    }
    expect(await store.head(book)).toEqual(head);
  });

  it("refuses an import that leaves a commit out", async () => {
    const { store, drafts } = await setUp();
    const commits = await fill(store, drafts);
    const chainId = (await store.head(book))?.chainId ?? "";
    const copy = await second();
    const gap = batchesOf(commits.filter(({ number }) => number !== 3));
    await expect(copy.importCommits(book, chainId, gap)).rejects.toMatchObject({
      code: "BOOK_CORRUPT",
      detail: { commit: 3 },
    });
    expect((await copy.head(book))?.commit).toBe(2);
    await copy.close();
  });
};
