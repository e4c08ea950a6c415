/** Money as text and back, and one text for one value. */
import {
  amountMax,
  canonicalJson,
  currencyCodes,
  currencyExponent,
  formatMajor,
  isAmount,
  type Json,
  parseMajor,
} from "@tallystick/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyAmount, anyCurrency } from "../arbitraries/money.ts";
import { runs } from "../arbitraries/settings.ts";

describe("major units", () => {
  it("parse ∘ format is the identity, over every currency and the whole range", () => {
    const seen = { negative: 0, fraction: 0, bound: 0, currencies: new Set<string>() };
    fc.assert(
      fc.property(anyAmount, anyCurrency, (amount, currency) => {
        const text = formatMajor(amount, currency);
        expect(parseMajor(text, currency)).toBe(amount);
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d+)?$/);
        expect(text.split(".")[1]?.length ?? 0).toBe(currencyExponent(currency));
        seen.negative += amount < 0 ? 1 : 0;
        seen.fraction += text.includes(".") && !text.endsWith("0") ? 1 : 0;
        seen.bound += Math.abs(amount) === amountMax ? 1 : 0;
        seen.currencies.add(currency);
      }),
      runs(3000),
    );
    expect(seen.currencies.size).toBe(currencyCodes.length);
    expect(Math.min(seen.negative, seen.fraction, seen.bound)).toBeGreaterThan(0);
  });

  it("what is parsed is an amount, and its text stands for no other", () => {
    let parsed = 0;
    const texts = fc.oneof(
      fc.stringMatching(/^-?\d{1,17}(\.\d{1,4})?$/),
      fc.constantFrom(
        "1e3",
        "+1",
        " 1",
        "1.",
        ".5",
        "1,000",
        "0x1",
        "-0",
        "-0.00",
        "NaN",
        "",
        "1000000000000000.01",
      ),
    );
    fc.assert(
      fc.property(texts, anyCurrency, (text, currency) => {
        const amount = parseMajor(text, currency);
        if (amount === undefined) return;
        parsed += 1;
        expect(isAmount(amount)).toBe(true);
        expect(parseMajor(formatMajor(amount, currency), currency)).toBe(amount);
        expect(text.split(".")[1]?.length ?? 0).toBeLessThanOrEqual(
          currencyExponent(currency) ?? 0,
        );
      }),
      runs(2000),
    );
    expect(parsed).toBeGreaterThan(100);
  });
});

/** The same value with the keys of every object in another order. */
const shuffled = (value: Json, order: (key: string) => number): Json => {
  if (Array.isArray(value)) return value.map((item: Json) => shuffled(item, order));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => order(a) - order(b))
      .map(([key, member]) => [key, shuffled(member ?? null, order)]),
  );
};

describe("canonical JSON", () => {
  it("is one text whatever the order of keys, and reads back as the value", () => {
    let reordered = 0;
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: "grapheme" }),
        fc.func(fc.integer()),
        (value, order) => {
          const json = value as Json;
          const other = shuffled(json, order);
          reordered += JSON.stringify(other) === JSON.stringify(json) ? 0 : 1;
          expect(canonicalJson(other)).toBe(canonicalJson(json));
          expect(JSON.parse(canonicalJson(json))).toEqual(JSON.parse(JSON.stringify(json)));
        },
      ),
      runs(1000),
    );
    expect(reordered).toBeGreaterThan(50);
  });
});
