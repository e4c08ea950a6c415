import { describe, expect, it } from "vitest";
import { bookOf, chainId, draftOf, firstHead } from "../testing/book.ts";
import { aCustomer, opened, rules, rulesSet } from "../testing/given.ts";
import { toyHash } from "../testing/seeded.ts";
import {
  bodyHash,
  commitClaims,
  commitHash,
  type EventBody,
  expectedRevisions,
  genesis,
  genesisHash,
  headAfter,
  type Outcome,
  personalHash,
  recordCommit,
  saltHash,
} from "./commit.ts";

/** Stands in for SHA-256 and shows what would be hashed. */
const seen = (text: string): string => `<${text}>`;
const customer = {
  streamId: "customer/bcus_c",
  events: [aCustomer({}, { name: "Lerato" }), opened(5)],
};

describe("what is hashed", () => {
  it("of the beginning is a domain tag and the random name of the chain", () => {
    expect(genesisHash(seen, "abc")).toBe("<tallystick.genesis.v1\nabc>");
    expect(genesis(seen, "abc")).toEqual({
      commit: 0,
      position: 0,
      hash: "<tallystick.genesis.v1\nabc>",
      chainId: "abc",
    });
  });

  it("of personal data is its salt and its canonical JSON", () => {
    expect(personalHash(seen, { salt: "00", data: { phone: "+271", name: "L" } })).toBe(
      '<tallystick.personal.v1\n00\n{"name":"L","phone":"+271"}>',
    );
    expect(saltHash(seen, "00")).toBe("<tallystick.salt.v1\n00>");
  });

  it("of a commit's link is its place, its time and the hash of its body, one a line", () => {
    const link = {
      previousHash: "p",
      number: 7,
      firstPosition: 20,
      eventCount: 2,
      recordedAt: "2026-03-01T00:00:00.000Z",
      bodyHash: "b",
    };
    expect(commitHash(seen, link)).toBe(
      "<tallystick.commit.v1\np\n7\n20\n2\n2026-03-01T00:00:00.000Z\nb>",
    );
  });

  it("of a body is everything that the writer knows, personal data and salts by their hashes only", () => {
    const { events, outcome } = draftOf({ writes: [customer], key: "k-1" });
    const text = bodyHash(seen, { events, ...(outcome === undefined ? {} : { outcome }) });
    expect(text).toMatch(/^<tallystick\.body\.v1\n\{"events":/);
    expect(text).not.toContain("Lerato");
    expect(text).toContain(String(events[0]?.personalHash));
    expect(text).not.toContain(String(outcome?.salt));
    expect(text).toContain(String(outcome?.saltHash));
  });

  it("of a body stays the same once what is personal is erased", () => {
    const draft = draftOf({ writes: [customer], key: "k-1" });
    const { salt: _, ...outcome } = draft.outcome ?? ({} as never);
    const events = draft.events.map(({ personal: __, ...event }) => event);
    expect(bodyHash(toyHash, { events, outcome })).toBe(draft.bodyHash);
  });

  it("changes with every member of an event", () => {
    const { events } = draftOf({ writes: [customer] });
    const [first, ...rest] = events as [EventBody, ...EventBody[]];
    const hashes = [
      {},
      { id: "evt_x" },
      { type: "account.created" as const },
      { schemaVersion: 2 },
      { streamId: "customer/bcus_x" },
      { revision: 2 },
      { effectiveAt: "2026-01-01T00:00:00.000Z" },
      { correlationId: "c" },
      { causationId: "c" },
      { actor: "a" },
      { idempotencyKey: "k" },
      { personalHash: "0" },
      { data: { ...first.data, obligationId: "ob_x" } as EventBody["data"] },
    ].map((change) => bodyHash(toyHash, { events: [{ ...first, ...change }, ...rest] }));
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(bodyHash(toyHash, { events: [...rest, first] })).not.toBe(hashes[0]);
  });

  it("changes with every member of an outcome, its salt aside", () => {
    const { events, outcome } = draftOf({ writes: [customer], key: "k-1" });
    const hashes = [
      {},
      { key: "k-2" },
      { saltHash: "0" },
      { request: {} },
      { subject: { streamId: "customer/bcus_c", revision: 1 } },
      { subject: { streamId: "customer/bcus_c", revision: 2 } },
      { refusal: { code: "NOT_FOUND", message: "m", detail: {} } },
      { refusal: { code: "NOT_FOUND", message: "m", detail: { id: "x" } } },
    ].map((change) => bodyHash(toyHash, { events, outcome: { ...outcome, ...change } as Outcome }));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe("recording a commit", () => {
  const draft = draftOf({ writes: [customer] });

  it("numbers it from 1, and its events too", () => {
    const first = recordCommit(toyHash, firstHead, draft, "2026-03-01T00:00:00.000Z");
    expect(first).toMatchObject({
      version: 1,
      number: 1,
      firstPosition: 1,
      previousHash: firstHead.hash,
    });
    const head = headAfter(chainId, first);
    expect(head).toEqual({
      commit: 1,
      position: 2,
      hash: first.hash,
      recordedAt: first.recordedAt,
      chainId,
    });
    expect(recordCommit(toyHash, head, draft, first.recordedAt)).toMatchObject({
      number: 2,
      firstPosition: 3,
      previousHash: first.hash,
    });
  });

  it("leaves the position where it is if it holds no events", () => {
    const empty = draftOf({ writes: [], key: "k-1" });
    const commit = recordCommit(
      toyHash,
      { ...firstHead, commit: 4, position: 9 },
      empty,
      "2026-03-01T00:00:00.000Z",
    );
    expect(commit).toMatchObject({ number: 5, firstPosition: 10, events: [] });
    expect(headAfter(chainId, commit)).toMatchObject({ commit: 5, position: 9 });
  });

  it("never goes back in time, whatever the clock says", () => {
    const head = { ...firstHead, recordedAt: "2026-03-01T00:00:00.000Z" };
    const at = (now: string): string => recordCommit(toyHash, head, draft, now).recordedAt;
    expect(at("2026-02-28T00:00:00.000Z")).toBe("2026-03-01T00:00:00.000Z");
    expect(at("2026-03-01T00:00:00.000Z")).toBe("2026-03-01T00:00:00.000Z");
    expect(at("2026-03-01T00:00:00.001Z")).toBe("2026-03-01T00:00:00.001Z");
  });

  it("links each commit to the one before it", () => {
    const book = bookOf(
      { writes: [customer] },
      { writes: [{ streamId: "customer/bcus_c", revision: 3, events: [rulesSet(rules())] }] },
    );
    expect(book[1]?.previousHash).toBe(book[0]?.hash);
    expect(book[0]?.hash).not.toBe(book[1]?.hash);
  });
});

describe("what a commit asks of a store", () => {
  it("is the revision of each stream before it", () => {
    const { events } = draftOf({
      writes: [customer, { streamId: "suspense/pay_1", revision: 4, events: [opened(1)] }],
    });
    expect([...expectedRevisions(events)]).toEqual([
      ["customer/bcus_c", 0],
      ["suspense/pay_1", 3],
    ]);
  });

  it("are its claims, in the order of its events", () => {
    expect(commitClaims(draftOf({ writes: [customer] }).events)).toEqual([
      { key: "reference/customer/CUST-1", streamId: "customer/bcus_c", revision: 1 },
      { key: "waiting/customer/CUST-1/1", streamId: "customer/bcus_c", revision: 1 },
    ]);
  });
});
