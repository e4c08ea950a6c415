import { describe, expect, it } from "vitest";
import { bodyHash } from "../store/commit.ts";
import { aCustomer, opened } from "../testing/given.ts";
import { seededHost, toyHash } from "../testing/seeded.ts";
import { differingFields, draftCommit, mintOf, newOutcome } from "./draft.ts";

const mint = mintOf(seededHost());
const placed = [
  {
    id: "evt_1",
    streamId: "customer/bcus_c",
    revision: 1,
    event: { ...aCustomer({}, { name: "Lerato" }), effectiveAt: "2026-01-01T00:00:00.000Z" },
  },
  { id: "evt_2", streamId: "customer/bcus_c", revision: 2, event: opened(5) },
];

describe("a draft", () => {
  it("gives each event its id, its place and the version of its schema", () => {
    const { events } = draftCommit(mint, { placed, bases: [] }, {}, undefined);
    expect(events).toMatchObject([
      {
        type: "customer.created",
        schemaVersion: 1,
        streamId: "customer/bcus_c",
        revision: 1,
        effectiveAt: "2026-01-01T00:00:00.000Z",
      },
      { type: "obligation.opened", schemaVersion: 1, revision: 2 },
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    expect(events[1]).not.toHaveProperty("effectiveAt");
    expect(events[1]).not.toHaveProperty("actor");
  });

  it("says what it rests on, which is no part of its hash", () => {
    const bases = [{ streamId: "customer/bcus_c", revision: 0 }];
    const {
      events,
      bodyHash: hash,
      bases: said,
    } = draftCommit(mint, { placed, bases }, {}, undefined);
    expect(said).toEqual(bases);
    expect(hash).toBe(bodyHash(toyHash, { events }));
  });

  it("puts the envelope on every event", () => {
    const envelope = {
      idempotencyKey: "k-1",
      correlationId: "c-1",
      causationId: "x-1",
      actor: "ops@example.org",
    };
    for (const event of draftCommit(mint, { placed, bases: [] }, envelope, undefined).events)
      expect(event).toMatchObject(envelope);
  });

  it("salts personal data, never with the same salt twice", () => {
    const salts = [1, 2].map(
      () => draftCommit(mint, { placed, bases: [] }, {}, undefined).events[0]?.personal?.salt,
    );
    expect(salts[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(salts[0]).not.toBe(salts[1]);
  });

  it("has a hash that covers its events and its outcome", () => {
    const outcome = newOutcome(mint, "k-1", { verb: "x" }, {});
    const draft = draftCommit(mint, { placed, bases: [] }, {}, outcome);
    expect(draft.bodyHash).toBe(bodyHash(toyHash, { events: draft.events, outcome }));
    expect(draftCommit(mint, { placed, bases: [] }, {}, undefined)).not.toHaveProperty("outcome");
  });
});

describe("the outcome of a request", () => {
  const request = {
    verb: "createCustomer",
    name: "Lerato",
    metadata: { a: "1", b: "2" },
    phone: undefined,
  };
  const outcome = newOutcome(mint, "k-1", request, {
    subject: { streamId: "customer/bcus_c", revision: 1 },
  });

  it("keeps a fingerprint of each field that was there, and no field itself", () => {
    expect(Object.keys(outcome.request).sort()).toEqual(["metadata", "name", "verb"]);
    expect(JSON.stringify(outcome)).not.toContain("Lerato");
  });

  it("knows the same request again, in any order of members (D-06)", () => {
    const again = { metadata: { b: "2", a: "1" }, name: "Lerato", verb: "createCustomer" };
    expect(differingFields(toyHash, outcome, again)).toEqual([]);
  });

  it("names what differs, what is new and what is missing, sorted", () => {
    const other = { verb: "createCustomer", metadata: { a: "1" }, phone: "+271" };
    expect(differingFields(toyHash, outcome, other)).toEqual(["metadata", "name", "phone"]);
  });

  it("tells a text from a number", () => {
    const of = (amount: number | string) => newOutcome(mint, "k", { amount }, {});
    expect(differingFields(toyHash, of(5), { amount: "5" })).toEqual(["amount"]);
  });

  it("can tell nothing apart once its salt is erased", () => {
    const { salt: _, ...erased } = outcome;
    expect(differingFields(toyHash, erased, { verb: "voidBill" })).toEqual([]);
  });

  it("keeps a refusal, or the stream that answers a repeat", () => {
    const refusal = { code: "NOT_FOUND", message: "nobody", detail: {} } as const;
    expect(newOutcome(mint, "k", {}, { refusal })).toMatchObject({ refusal });
    expect(newOutcome(mint, "k", {}, { refusal })).not.toHaveProperty("subject");
    expect(outcome.subject).toEqual({ streamId: "customer/bcus_c", revision: 1 });
  });
});
