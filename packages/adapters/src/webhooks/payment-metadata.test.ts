import fc from "fast-check";
import { expect, it } from "vitest";
import { readPaymentMetadata } from "./payment-metadata.ts";

it("keeps texts as they are, any key being data", () => {
  const given = '{"utm_source":"sms","__proto__":"a","constructor":"b","ключ":"🧾"}';
  const { metadata, dropped } = readPaymentMetadata(JSON.parse(given));
  expect(JSON.stringify(metadata)).toBe(given);
  expect(dropped).toEqual([]);
});

it("keeps what is no text as its JSON text", () => {
  const { metadata } = readPaymentMetadata({ n: 12, yes: true, none: null, list: [1, { a: "b" }] });
  expect(metadata).toEqual({ n: "12", yes: "true", none: "null", list: '[1,{"a":"b"}]' });
});

it("leaves out and names what no book can keep", () => {
  const { metadata, dropped } = readPaymentMetadata({
    ok: "kept",
    "": "no key",
    empty: "",
    long: "x".repeat(5001),
    nul: "a\0b",
    half: "\ud800",
  });
  expect(metadata).toEqual({ ok: "kept" });
  expect(dropped).toEqual(["", "empty", "long", "nul", "half"].map((key) => `metadata.${key}`));
});

it("counts characters, not code units, and includes the bounds", () => {
  const { dropped } = readPaymentMetadata({ value: "🧾".repeat(5000), ["🧾".repeat(255)]: "key" });
  expect(dropped).toEqual([]);
});

it("keeps the first 100 keys and names the rest", () => {
  const many = Object.fromEntries(Array.from({ length: 102 }, (_, index) => [`k${index}`, "v"]));
  const { metadata, dropped } = readPaymentMetadata(many);
  expect(Object.keys(metadata)).toHaveLength(100);
  expect(dropped).toEqual(["metadata.k100", "metadata.k101"]);
});

it("names metadata that is no object, and takes null for none", () => {
  for (const odd of ["text", 7, ["a"], true])
    expect(readPaymentMetadata(odd)).toEqual({ metadata: {}, dropped: ["metadata"] });
  for (const none of [undefined, null])
    expect(readPaymentMetadata(none)).toEqual({ metadata: {}, dropped: [] });
});

it("survives nesting too deep to be written again", () => {
  const deep: unknown = JSON.parse("[".repeat(200_000) + "]".repeat(200_000));
  expect(readPaymentMetadata({ deep }).dropped).toEqual(["metadata.deep"]);
});

it("never throws, and never loses a key without naming it", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), (given) => {
      const { metadata, dropped } = readPaymentMetadata(given);
      expect(Object.keys(metadata).length + dropped.length).toBe(Object.keys(given).length);
    }),
  );
});
