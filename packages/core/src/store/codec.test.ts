import { describe, expect, it } from "vitest";
import { LedgerError } from "../kernel/errors.ts";
import { bookOf } from "../testing/book.ts";
import { aCustomer, opened, today } from "../testing/given.ts";
import { decodeCommit, encodeCommit, isDamage, recordedEvents } from "./codec.ts";
import type { RecordedCommit } from "./commit.ts";

const metadata = JSON.parse('{"__proto__":"p","constructor":"c"}') as Record<string, string>;
const [commit] = bookOf({
  writes: [
    {
      streamId: "customer/bcus_c",
      events: [
        aCustomer({}, { name: "Lerato", metadata }),
        { ...opened(5), effectiveAt: "2026-01-01T00:00:00.000Z" },
      ],
    },
  ],
  key: "k-1",
  subject: { streamId: "customer/bcus_c", revision: 2 },
}) as [RecordedCommit];

type Plain = Record<string, unknown> & {
  events: Record<string, unknown>[];
  outcome: Record<string, unknown>;
};
const changed = (change: (plain: Plain) => void): string => {
  const plain = JSON.parse(encodeCommit(commit)) as Plain;
  change(plain);
  return JSON.stringify(plain);
};
const code = (text: string): unknown => {
  try {
    decodeCommit(text, "line 7");
    return "read";
  } catch (error) {
    return error instanceof LedgerError ? error.code : error;
  }
};

describe("a commit as text", () => {
  it("is one line of JSON, and the same commit when it is read", () => {
    const text = encodeCommit(commit);
    expect(text).not.toContain("\n");
    expect(decodeCommit(text, "line 1")).toEqual(commit);
    expect(encodeCommit(decodeCommit(text, "line 1"))).toBe(text);
  });

  it("keeps a refusal that was kept under a key", () => {
    const refusal = {
      code: "NOT_FOUND",
      message: "nobody",
      detail: { kind: "customer", list: [1, null, { a: true }] },
    };
    const text = changed(({ outcome }) => Object.assign(outcome, { refusal }));
    expect(decodeCommit(text, "line 1").outcome?.refusal).toEqual(refusal);
  });

  it("can be read once what is personal is erased", () => {
    const text = changed(({ events, outcome }) => {
      delete events[0]?.["personal"];
      delete outcome["salt"];
    });
    expect(code(text)).toBe("read");
  });

  it.each([
    ["no JSON", "{"],
    ["nothing", ""],
    ["null", "null"],
    ["a number", "7"],
    ["a text", '"x"'],
    ["a list", "[]"],
    ["no version", changed((plain) => delete plain["version"])],
    ["version 0", changed((plain) => Object.assign(plain, { version: 0 }))],
    ["a version that is a fraction", changed((plain) => Object.assign(plain, { version: 1.5 }))],
    ["a version that is a text", changed((plain) => Object.assign(plain, { version: "2" }))],
    ["an unknown member", changed((plain) => Object.assign(plain, { extra: 1 }))],
    [
      "an unknown member of an event",
      changed(({ events }) => Object.assign(events[0] ?? {}, { extra: 1 })),
    ],
    [
      "an unknown member of an event's data",
      changed(({ events }) => Object.assign(events[0]?.["data"] as object, { extra: 1 })),
    ],
    ["number 0", changed((plain) => Object.assign(plain, { number: 0 }))],
    [
      "a position that is a fraction",
      changed((plain) => Object.assign(plain, { firstPosition: 1.5 })),
    ],
    [
      "a time in another form",
      changed((plain) => Object.assign(plain, { recordedAt: "2026-03-01" })),
    ],
    [
      "a hash in capitals",
      changed((plain) =>
        Object.assign(plain, { hash: String(plain["hash"]).toUpperCase().replace(/^./, "A") }),
      ),
    ],
    ["a hash that is too short", changed((plain) => Object.assign(plain, { bodyHash: "00" }))],
    ["events that are no list", changed((plain) => Object.assign(plain, { events: {} }))],
    ["an event without an id", changed(({ events }) => delete events[0]?.["id"])],
    [
      "a stream that is none",
      changed(({ events }) => Object.assign(events[0] ?? {}, { streamId: "order/1" })),
    ],
    ["revision 0", changed(({ events }) => Object.assign(events[0] ?? {}, { revision: 0 }))],
    [
      "an amount that is a text",
      changed(({ events }) => Object.assign(events[1]?.["data"] as object, { amount: "5" })),
    ],
    [
      "an amount that is a fraction",
      changed(({ events }) => Object.assign(events[1]?.["data"] as object, { amount: 0.5 })),
    ],
    [
      "a balance beyond 10^15",
      changed(({ events }) =>
        Object.assign(events[1]?.["data"] as object, { balanceAfter: 10 ** 15 + 1 }),
      ),
    ],
    [
      "an unknown currency",
      changed(({ events }) => Object.assign(events[1]?.["data"] as object, { currency: "ZZZ" })),
    ],
    [
      "personal data without its salt",
      changed(({ events }) => Reflect.deleteProperty(events[0]?.["personal"] as object, "salt")),
    ],
    [
      "personal data of another shape",
      changed(({ events }) =>
        Object.assign(events[0]?.["personal"] as object, { data: { age: "5" } }),
      ),
    ],
    ["an outcome without a key", changed(({ outcome }) => delete outcome["key"])],
    ["an empty actor", changed(({ events }) => Object.assign(events[0] ?? {}, { actor: "" }))],
  ])("is damaged with %s", (_, text) => {
    expect(code(text)).toBe("BOOK_CORRUPT");
  });

  it("says where, and what is wrong", () => {
    const text = changed(({ events }) =>
      Object.assign(events[1]?.["data"] as object, { amount: "5" }),
    );
    expect(() => decodeCommit(text, "line 7")).toThrow(
      expect.objectContaining({
        message: "event 2 of line 7 cannot be read: amount: must be a whole number of minor units",
        detail: { where: "event 2 of line 7" },
      }) as Error,
    );
  });

  it("of a later version asks for an update, and guesses nothing", () => {
    expect(code(changed((plain) => Object.assign(plain, { version: 2, whatever: {} })))).toBe(
      "UNKNOWN_SCHEMA_VERSION",
    );
    expect(
      code(changed(({ events }) => Object.assign(events[1] ?? {}, { schemaVersion: 2 }))),
    ).toBe("UNKNOWN_SCHEMA_VERSION");
    expect(
      code(changed(({ events }) => Object.assign(events[1] ?? {}, { type: "obligation.held" }))),
    ).toBe("UNKNOWN_EVENT_TYPE");
    expect(
      code(changed(({ events }) => Object.assign(events[1] ?? {}, { type: "constructor" }))),
    ).toBe("UNKNOWN_EVENT_TYPE");
  });
});

describe("the events of a commit, as readers meet them", () => {
  it("have their position, the time of the commit, and their personal data", () => {
    const later = { ...commit, firstPosition: 9 };
    const [created, openedEvent] = recordedEvents(later);
    expect(created).toMatchObject({
      type: "customer.created",
      position: 9,
      recordedAt: today,
      effectiveAt: today,
      personal: { name: "Lerato" },
    });
    expect(created).not.toHaveProperty("personalHash");
    expect(openedEvent).toMatchObject({ position: 10, effectiveAt: "2026-01-01T00:00:00.000Z" });
    expect(openedEvent).not.toHaveProperty("personal");
  });

  it("are brought up to the current schema version, or stop", () => {
    const events = commit.events.map((event) => ({ ...event, schemaVersion: 9 }));
    expect(() => recordedEvents({ ...commit, events })).toThrow(
      expect.objectContaining({ code: "UNKNOWN_SCHEMA_VERSION" }) as Error,
    );
  });
});

describe("damage", () => {
  it("is told from other failures by its code", () => {
    for (const damage of ["BOOK_CORRUPT", "UNKNOWN_EVENT_TYPE", "UNKNOWN_SCHEMA_VERSION"] as const)
      expect(isDamage(new LedgerError(damage, "x"))).toBe(true);
    expect(isDamage(new LedgerError("STORE_IO", "x"))).toBe(false);
    expect(isDamage(new Error("BOOK_CORRUPT"))).toBe(false);
  });
});
