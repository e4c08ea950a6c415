import { describe, expect, it } from "vitest";
import type { z } from "zod";
import * as field from "./fields.ts";

const faults = (schema: z.ZodType, value: unknown): string[] =>
  (schema.safeParse(value).error?.issues ?? []).map(({ message }) => message);
const takes = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;
const megabyte = "x".repeat(2 ** 20);
const notWhole = "must be a whole number of minor units";

describe("amounts at the door", () => {
  const doors = [
    ["a balance", field.signedAmount, -(10 ** 15), 10 ** 15],
    ["the distance of two balances", field.effect, -2 * 10 ** 15, 2 * 10 ** 15],
    ["a sum that moves", field.positiveAmount, 1, 10 ** 15],
    ["a total", field.unsignedAmount, 0, 10 ** 15],
    ["an amount due (MON-05)", field.amountDue, 1, 99_999_999],
    ["an amount paid (MON-06)", field.amountPaid, 0, 99_999_999],
  ] as const;

  it.each(doors)(
    "take %s from its lowest to its highest, both included",
    (_, schema, lowest, highest) => {
      expect(schema.parse(lowest)).toBe(lowest);
      expect(schema.parse(highest)).toBe(highest);
    },
  );

  it.each(doors)("refuse %s beyond its bounds, and say them", (_, schema, lowest, highest) => {
    expect(faults(schema, highest + 1)).toEqual([
      `must be from ${lowest} to ${highest}, is ${highest + 1}`,
    ]);
    expect(faults(schema, lowest - 1)).toEqual([
      `must be from ${lowest} to ${highest}, is ${lowest - 1}`,
    ]);
  });

  it.each(doors)("refuse what is no whole number for %s (MON-01)", (_, schema) => {
    for (const value of [
      0.5,
      12.5,
      "1",
      "",
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      null,
      true,
      [1],
      {},
      1n,
    ])
      expect(faults(schema, value)).toEqual([notWhole]);
  });

  it.each(doors)("refuse minus zero for %s", (_, schema) => {
    expect(faults(schema, -0)).toHaveLength(1);
  });
});

describe("texts at the door", () => {
  const text = field.text(1, 5);

  it("count characters, not code units", () => {
    expect(takes(text, "😀😀😀😀😀")).toBe(true);
    expect(faults(text, "😀😀😀😀ab")).toEqual(["must have 1 to 5 characters, has 6"]);
    expect(faults(text, "abcdef")).toEqual(["must have 1 to 5 characters, has 6"]);
  });

  it("tell an empty text plainly", () => {
    expect(faults(text, "")).toEqual(["must not be empty"]);
    expect(takes(field.text(0, 5), "")).toBe(true);
    expect(faults(field.text(2, 5), "")).toEqual(["must have 2 to 5 characters, has 0"]);
  });

  it.each([
    ["NUL", "a\0b"],
    ["the first half of a surrogate pair", "a\ud83d"],
    ["the second half of one", "\ude00a"],
    ["two halves in the wrong order", "\ude00\ud83d"],
  ])("refuse %s, which no database can keep", (_, value) => {
    expect(faults(text, value)).toEqual(["must not contain NUL or half of a surrogate pair"]);
  });

  it("keep everything else as it is", () => {
    for (const value of ["é", "e\u0301", "\u200f", "\n", " x ", "'--", "\ufffd"])
      expect(text.parse(value)).toBe(value);
  });

  it("refuse a megabyte in one short sentence", () => {
    for (const schema of [
      text,
      field.name,
      field.idOrReference,
      field.externalReference("bcus_"),
      field.customerId,
    ])
      for (const message of faults(schema, megabyte)) expect(message.length).toBeLessThan(100);
    expect(faults(text, megabyte)).toEqual(["must have 1 to 5 characters, has 1048576"]);
  });

  it.each([5, null, undefined, ["a"], { toString: () => "a" }])(
    "are texts, and not %j",
    (value) => {
      expect(takes(text, value)).toBe(false);
    },
  );
});

describe("names of things", () => {
  it.each([
    ["customer", field.customerId, "bcus_1a2B"],
    ["account", field.accountId, "bacc_1a2B"],
    ["bill", field.billId, "bill_1a2B"],
    ["obligation", field.obligationId, "ob_1a2B"],
    ["payment", field.paymentId, "pay_1a2B"],
    ["event", field.eventId, "evt_1a2B"],
  ] as const)(
    "%s ids have their prefix and letters and digits (ID-01, ID-02, ID-03, ID-05)",
    (kind, schema, id) => {
      expect(takes(schema, id)).toBe(true);
      for (const other of [id.slice(0, -4), `x${id}`, `${id} `, `${id}.`, id.toUpperCase(), ""])
        expect(takes(schema, other)).toBe(false);
      // Nothing is documented of a payment's id but how it begins.
      expect(takes(schema, `${id}-x_y`)).toBe(kind === "payment");
      expect(faults(schema, "x")).toEqual([`must be an id such as ${id}`]);
    },
  );

  it("payment ids may start with p_, as older ones do (D-49)", () => {
    expect(takes(field.paymentId, "p_1")).toBe(true);
  });

  const reference = field.externalReference("bcus_", "bill_");

  it("external references are letters, digits, _ and -, at most 255 (ID-06)", () => {
    for (const value of [
      "a",
      "CUST-40217",
      "_-_",
      "constructor",
      "__proto__",
      "0",
      "a".repeat(255),
    ])
      expect(reference.parse(value)).toBe(value);
    for (const value of ["", "a b", "a.b", "a/b", "é", "a\n", "a".repeat(256), "a%20b"])
      expect(takes(reference, value)).toBe(false);
  });

  it("external references may not begin like an id (D-18)", () => {
    expect(faults(reference, "bcus_x")).toEqual(["must not begin with the reserved bcus_"]);
    expect(faults(reference, "bill_")).toEqual(["must not begin with the reserved bill_"]);
    expect(takes(reference, "bacc_x")).toBe(true);
    expect(takes(reference, "BCUS_x")).toBe(true);
    expect(takes(reference, "xbcus_")).toBe(true);
  });
});

describe("details of people", () => {
  it("names have at most 255 characters (CUS-03)", () => {
    expect(takes(field.name, "é".repeat(255))).toBe(true);
    expect(takes(field.name, "é".repeat(256))).toBe(false);
  });

  it("e-mail addresses are plausible and at most 255 characters long (CUS-04)", () => {
    for (const value of ["a@b.example", "lerato.dlamini@example.org", "üñî@example.org"])
      expect(takes(field.emailAddress, value)).toBe(true);
    for (const value of ["", "a", "a@", "@b", "a b@c.example", `a@${"b".repeat(254)}`])
      expect(takes(field.emailAddress, value)).toBe(false);
  });

  it("phone numbers are E.164 (CUS-05)", () => {
    for (const value of ["+12", "+27825550142", "+123456789012345"])
      expect(takes(field.phone, value)).toBe(true);
    for (const value of [
      "0825550142",
      "+0825550142",
      "+1",
      "+1234567890123456",
      "+27 82 555",
      "27825550142",
      "",
    ])
      expect(takes(field.phone, value)).toBe(false);
  });
});

describe("times and currencies", () => {
  it("currencies are codes of ISO 4217 (MON-03)", () => {
    for (const value of ["ZAR", "USD", "JPY", "BHD"])
      expect(takes(field.currency, value)).toBe(true);
    for (const value of ["zar", "ZZZ", "", "__proto__", "constructor", 710])
      expect(takes(field.currency, value)).toBe(false);
  });

  it("dates exist (BIL-11)", () => {
    expect(takes(field.calendarDate, "2024-02-29")).toBe(true);
    expect(faults(field.calendarDate, "2026-02-29")).toEqual([
      "must be a date that exists, as YYYY-MM-DD",
    ]);
  });

  it("date-times are read into their one form, and stored in that only", () => {
    expect(field.anyInstant.parse("2026-03-01T02:00+02:00")).toBe("2026-03-01T00:00:00.000Z");
    expect(faults(field.anyInstant, "2026-03-01")).toEqual([
      "must be an ISO 8601 date-time with a zone, such as 2026-03-01T00:00:00Z",
    ]);
    expect(takes(field.storedInstant, "2026-03-01T00:00:00.000Z")).toBe(true);
    expect(takes(field.storedInstant, "2026-03-01T02:00+02:00")).toBe(false);
  });
});

describe("metadata", () => {
  const json = (text: string): unknown => JSON.parse(text);

  it("keeps keys that JavaScript knows as its own", () => {
    const text = '{"__proto__":"a","constructor":"b","toString":"c","hasOwnProperty":"d"}';
    const read = field.metadata.parse(json(text) as field.Metadata);
    expect(JSON.stringify(read)).toBe(text);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it("is a copy, so that what a caller changes afterwards changes nothing here", () => {
    const given: Record<string, string> = { a: "1" };
    const read = field.metadata.parse(given);
    given["a"] = "2";
    expect(read).toEqual({ a: "1" });
  });

  it.each([1, null, true, {}, []])("has strings as values, and not %j", (value) => {
    const issues = field.metadata.safeParse({ region: value } as never).error?.issues ?? [];
    expect(issues.map(({ path, message }) => [path, message])).toEqual([
      [["region"], "must be a string"],
    ]);
  });

  it.each([
    ["a list", ["a"]],
    ["a text", "a"],
    ["nothing", null],
    ["a number", 1],
  ])("is an object, and not %s", (_, value) => {
    expect(faults(field.metadata, value)).toEqual(["must be an object of texts"]);
  });

  it("holds texts only, and names every member that is none (META-01)", () => {
    const issues = field.metadata.safeParse({
      a: 1,
      b: null,
      c: "fine",
      d: { e: "f" },
      g: "",
    } as never).error?.issues;
    expect(issues?.map(({ path }) => path)).toEqual([["a"], ["b"], ["d"], ["g"]]);
  });

  it("has keys of 1 character and more, values too (META-03, META-04)", () => {
    expect(takes(field.metadata, { "": "x" })).toBe(false);
    expect(takes(field.metadata, { x: "" })).toBe(false);
    expect(takes(field.metadata, { x: "y" })).toBe(true);
  });

  it("refuses keys and values that no database can keep", () => {
    expect(takes(field.metadata, { "a\0": "x" })).toBe(false);
    expect(takes(field.metadata, { a: "\ud83d" })).toBe(false);
    expect(takes(field.metadata, { a: megabyte })).toBe(false);
    expect(takes(field.metadata, { [megabyte]: "a" })).toBe(false);
  });

  it("is never larger than 100 members, whatever a merchant allows", () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, "v"]));
    expect(takes(field.metadata, many(100))).toBe(true);
    expect(faults(field.metadata, many(101))).toEqual(["must have at most 100 keys"]);
  });

  it("merges by key, new over old, and never loses one (META-06)", () => {
    const merged = field.mergeMetadata(json('{"a":"1","__proto__":"p"}') as field.Metadata, {
      a: "2",
      b: "3",
    });
    expect(JSON.stringify(merged)).toBe('{"a":"2","__proto__":"p","b":"3"}');
    expect(field.mergeMetadata(undefined, { a: "1" })).toEqual({ a: "1" });
  });
});
