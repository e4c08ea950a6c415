import { describe, expect, it } from "vitest";
import { LedgerError } from "../kernel/errors.ts";
import { batches, bookOf, type CommitPlan, chainId, firstHead } from "../testing/book.ts";
import { aBill, aCustomer, billPaid, opened, rules, rulesSet } from "../testing/given.ts";
import { toyHash } from "../testing/seeded.ts";
import {
  bodyHash,
  type CommitDraft,
  headAfter,
  type RecordedCommit,
  recordCommit,
} from "./commit.ts";
import { chainProblem, type Verification, verifyCommits } from "./verify.ts";

const customer = {
  streamId: "customer/bcus_c",
  events: [aCustomer({}, { name: "Lerato" }), opened(5)],
};
const bill = { streamId: "bill/bill_b", events: aBill() };
const subject = { streamId: "bill/bill_b", revision: 2 };
const plans: readonly CommitPlan[] = [
  { writes: [customer] },
  { writes: [bill], key: "k-1", subject },
  { writes: [], key: "k-2" },
  { writes: [{ streamId: "customer/bcus_c", revision: 3, events: [rulesSet(rules())] }] },
];
const book = bookOf(...plans);
const verify = (commits: readonly RecordedCommit[], chain = chainId): Promise<Verification> =>
  verifyCommits(toyHash, chain, batches(commits));

const bodyHashOf = (content: Pick<CommitDraft, "events" | "outcome">): string =>
  bodyHash(toyHash, content);

/** The commit as it would be if its writer had meant it so: hashes hold, the content may not. */
const resealed = (commits: readonly RecordedCommit[]): RecordedCommit[] => {
  let head = firstHead;
  return commits.map((commit) => {
    const { events, outcome } = commit;
    const content = { events, ...(outcome === undefined ? {} : { outcome }) };
    const sealed = recordCommit(
      toyHash,
      head,
      { ...content, bodyHash: bodyHashOf(content) },
      commit.recordedAt,
    );
    head = headAfter(chainId, sealed);
    return sealed;
  });
};

const change = (index: number, to: (commit: RecordedCommit) => RecordedCommit): RecordedCommit[] =>
  book.map((commit, at) => (at === index ? to(commit) : commit));

describe("verifying a book", () => {
  it("finds nothing in one that is whole, and says where it ends", async () => {
    expect(await verify(book)).toEqual({
      ok: true,
      events: 5,
      commits: 4,
      head: { position: 5, hash: book[3]?.hash },
    });
  });

  it("finds nothing in one that is empty", async () => {
    expect(await verify([])).toEqual({
      ok: true,
      events: 0,
      commits: 0,
      head: { position: 0, hash: firstHead.hash },
    });
  });

  it("finds nothing where personal data and salts were erased", async () => {
    const erased = book.map((commit) => {
      const events = commit.events.map(({ personal: _, ...event }) => event);
      if (commit.outcome === undefined) return { ...commit, events };
      const { salt: _, ...outcome } = commit.outcome;
      return { ...commit, events, outcome };
    });
    expect(await verify(erased)).toMatchObject({ ok: true, commits: 4 });
  });

  it("tells how far it is after each batch", async () => {
    const told: number[] = [];
    await verifyCommits(toyHash, chainId, batches(book), (events) => told.push(events));
    expect(told).toEqual([2, 4, 4, 5]);
  });

  const first = book[0] as RecordedCommit;
  const tampered: readonly (readonly [string, readonly RecordedCommit[], number, RegExp])[] = [
    ["a commit that is missing", book.slice(1), 1, /commit 2 stands where commit 1 belongs/],
    [
      "a commit that is missing in the middle",
      [first, ...book.slice(2)],
      3,
      /commit 3 stands where commit 2 belongs/,
    ],
    [
      "commits in another order",
      [first, book[2] as RecordedCommit, book[1] as RecordedCommit],
      3,
      /commit 3 stands where/,
    ],
    ["a commit twice", [first, first], 3, /commit 1 stands where commit 2 belongs/],
    [
      "positions that jump",
      change(1, (commit) => ({ ...commit, firstPosition: 4 })),
      3,
      /begins at position 4, not 3/,
    ],
    [
      "a link to another chain",
      change(1, (commit) => ({ ...commit, previousHash: "0".repeat(64) })),
      3,
      /does not follow from the commit before it/,
    ],
    [
      "a time that goes back",
      change(1, (commit) => ({ ...commit, recordedAt: "2026-02-01T00:00:00.000Z" })),
      3,
      /was recorded at 2026-02-01.*before 2026-03-01/,
    ],
    [
      "another time",
      change(1, (commit) => ({ ...commit, recordedAt: "2026-04-01T00:00:00.000Z" })),
      3,
      /the hash of commit 2 is not that of its content/,
    ],
    [
      "a changed event",
      change(1, (commit) => ({
        ...commit,
        events: commit.events.map((event) => ({ ...event, actor: "x" })),
      })),
      3,
      /the content of commit 2 is not what was written/,
    ],
    [
      "an event that is gone",
      change(0, (commit) => ({ ...commit, events: commit.events.slice(1) })),
      1,
      /the content of commit 1 is not what was written/,
    ],
    [
      "changed personal data",
      change(0, (commit) => ({
        ...commit,
        events: commit.events.map((event) =>
          event.personal === undefined
            ? event
            : { ...event, personal: { ...event.personal, data: { name: "Thabo" } } },
        ),
      })),
      1,
      /the personal data of evt_\w+ is not what was written/,
    ],
    [
      "a changed salt of an outcome",
      change(1, (commit) => ({
        ...commit,
        outcome: {
          ...(commit.outcome as NonNullable<RecordedCommit["outcome"]>),
          salt: "00".repeat(16),
        },
      })),
      3,
      /the salt of the outcome of commit 2/,
    ],
    [
      "another outcome",
      change(1, (commit) => ({
        ...commit,
        outcome: { ...(commit.outcome as NonNullable<RecordedCommit["outcome"]>), key: "k-3" },
      })),
      3,
      /the content of commit 2/,
    ],
    [
      "an outcome that is gone",
      change(1, ({ outcome: _, ...commit }) => commit),
      3,
      /the content of commit 2/,
    ],
    [
      "a changed hash of the body",
      change(1, (commit) => ({ ...commit, bodyHash: "0".repeat(64) })),
      3,
      /the content of commit 2/,
    ],
    [
      "a changed hash",
      change(3, (commit) => ({ ...commit, hash: "0".repeat(64) })),
      5,
      /the hash of commit 4/,
    ],
  ];

  it.each(tampered)("finds %s", async (_, commits, brokenAt, problem) => {
    const found = await verify(commits);
    expect(found).toMatchObject({ ok: false, brokenAt, events: brokenAt - 1 });
    expect(found.problem).toMatch(problem);
  });

  it("finds that it is the book of another chain", async () => {
    expect(await verify(book, "chain-2")).toMatchObject({ ok: false, brokenAt: 1, commits: 0 });
  });

  const again = (over: Partial<CommitPlan> & { readonly writes: CommitPlan["writes"] }) =>
    bookOf(...plans, over);
  const senseless: readonly (readonly [string, readonly RecordedCommit[], RegExp])[] = [
    [
      "a revision that is left out",
      again({ writes: [{ streamId: "bill/bill_b", revision: 4, events: [billPaid(650, 650)] }] }),
      /has revision 4 on bill\/bill_b, not 3/,
    ],
    [
      "a revision that comes twice",
      again({ writes: [{ streamId: "bill/bill_b", revision: 2, events: [billPaid(650, 650)] }] }),
      /has revision 2 on bill\/bill_b, not 3/,
    ],
    [
      "sums that do not add up",
      again({ writes: [{ streamId: "bill/bill_b", revision: 3, events: [billPaid(650, 651)] }] }),
      /with effect -650 is not/,
    ],
    [
      "a reference that two objects have",
      again({
        writes: [{ streamId: "customer/bcus_d", events: [aCustomer({ customerId: "bcus_d" })] }],
      }),
      /the unique key reference\/customer\/CUST-1 is taken twice/,
    ],
    [
      "an idempotency key with two outcomes",
      again({ writes: [], key: "k-1" }),
      /the idempotency key k-1 has two outcomes/,
    ],
    [
      "an outcome of a revision that is not there",
      again({ writes: [], key: "k-9", subject: { streamId: "bill/bill_b", revision: 3 } }),
      /speaks of revision 3 of bill\/bill_b, which is not there/,
    ],
    [
      "an outcome of a stream that is not there",
      again({ writes: [], key: "k-9", subject: { streamId: "bill/bill_x", revision: 1 } }),
      /speaks of revision 1 of bill\/bill_x/,
    ],
  ];

  it.each(senseless)("finds %s although every hash holds", async (_, commits, problem) => {
    const found = await verify(commits);
    expect(found).toMatchObject({ ok: false, brokenAt: 6, events: 5, commits: 4 });
    expect(found.problem).toMatch(problem);
  });

  it("finds an event id that occurs twice although every hash holds", async () => {
    const [one, two] = book as [RecordedCommit, RecordedCommit];
    const id = one.events[0]?.id ?? "";
    const twice = resealed([
      one,
      { ...two, events: two.events.map((event) => ({ ...event, id })) },
    ]);
    expect(await verify(twice)).toMatchObject({
      ok: false,
      brokenAt: 3,
      problem: `the event id ${id} occurs twice`,
    });
  });

  it("takes damage that the store meets as a finding", async () => {
    const damaged = async function* () {
      yield await Promise.resolve(book.slice(0, 1));
      throw new LedgerError("BOOK_CORRUPT", "line 2 cannot be read");
    };
    expect(await verifyCommits(toyHash, chainId, damaged())).toMatchObject({
      ok: false,
      brokenAt: 3,
      problem: "line 2 cannot be read",
    });
  });

  it("throws where the store cannot be read at all", async () => {
    const closed = async function* () {
      yield await Promise.resolve(book.slice(0, 1));
      throw new LedgerError("STORE_CLOSED", "closed");
    };
    await expect(verifyCommits(toyHash, chainId, closed())).rejects.toMatchObject({
      code: "STORE_CLOSED",
    });
  });

  it("takes an event of a later schema version as a finding", async () => {
    const [one] = book as [RecordedCommit];
    const later = resealed([
      { ...one, events: one.events.map((event) => ({ ...event, schemaVersion: 9 })) },
    ]);
    expect(await verify(later)).toMatchObject({ ok: false, brokenAt: 1 });
  });

  it("throws what is a mistake of ours and no finding", async () => {
    const [one] = book as [RecordedCommit];
    const nonsense = resealed([
      { ...one, events: one.events.map((event) => ({ ...event, data: null as never })) },
    ]);
    await expect(verify(nonsense)).rejects.toThrow(TypeError);
  });
});

describe("what follows from a head", () => {
  it("is a commit without a problem", () => {
    expect(chainProblem(toyHash, firstHead, book[0] as RecordedCommit)).toBeUndefined();
  });
});
