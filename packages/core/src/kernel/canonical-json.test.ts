import { describe, expect, it } from "vitest";
import { canonicalJson, type Json } from "./canonical-json.ts";
import { InvariantViolation } from "./invariant.ts";

const read = (text: string): Json => JSON.parse(text) as Json;

describe("canonical JSON", () => {
  it("writes the sample of RFC 8785, section 3.2.2", () => {
    const sample = read(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    expect(canonicalJson(sample)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it("sorts members by UTF-16 code units, as RFC 8785, section 3.2.3, shows", () => {
    const sample = read(String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis"
    }`);
    expect(Object.values(read(canonicalJson(sample)) as Record<string, string>)[0]).toBe("One");
    const order = ["\\r", "1", "\u0080", "ö", "€", "😀", "\ufb33"];
    const places = order.map((key) => canonicalJson(sample).indexOf(`"${key}":`));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBe(1);
  });

  it.each([
    [0, "0"],
    [-0, "0"],
    [5e-324, "5e-324"],
    [-1.7976931348623157e308, "-1.7976931348623157e+308"],
    [9007199254740991, "9007199254740991"],
    [295147905179352830000, "295147905179352830000"],
    [9.999999999999997e22, "9.999999999999997e+22"],
    [1e21, "1e+21"],
    [0.000001, "0.000001"],
    [1e-7, "1e-7"],
    [333333333.33333325, "333333333.33333325"],
    [1e15, "1000000000000000"],
  ])("writes the number %s as RFC 8785, appendix B, does", (number, text) => {
    expect(canonicalJson(number)).toBe(text);
  });

  it("is one text for one value, whatever the order of its members", () => {
    expect(canonicalJson({ b: 1, a: { d: [], c: {} } })).toBe(
      canonicalJson({ a: { c: {}, d: [] }, b: 1 }),
    );
  });

  it("keeps the order of a list", () => {
    expect(canonicalJson([2, 1])).toBe("[2,1]");
  });

  it("leaves out members that are undefined", () => {
    expect(canonicalJson({ a: undefined, b: 1, c: undefined, d: 2 })).toBe('{"b":1,"d":2}');
    expect(canonicalJson({ a: undefined })).toBe("{}");
  });

  it("writes names that JavaScript knows as any other", () => {
    const text = '{"__proto__":"p","constructor":"c","toString":"t"}';
    expect(canonicalJson(read(text))).toBe(text);
  });

  it.each([
    ["a number that is none", Number.NaN],
    ["an infinite number", Number.NEGATIVE_INFINITY],
    ["half of a surrogate pair", "\ud83d"],
    ["a member's name that is half of a pair", { "\ude00": 1 }],
    ["a bigint", 1n],
    ["a function", () => 1],
    ["nothing", undefined],
    ["a list with nothing in it", [undefined]],
  ])("stops at %s, which JSON cannot carry", (_, value) => {
    expect(() => canonicalJson(value as Json)).toThrow(InvariantViolation);
  });

  it("keeps a whole surrogate pair", () => {
    expect(canonicalJson("😀")).toBe('"😀"');
  });
});
