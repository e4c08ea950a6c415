import { describe, expect, it } from "vitest";
import { currencyCodes, currencyExponent, isCurrency } from "./currency.ts";

describe("currencies", () => {
  it.each([
    ["ZAR", 2],
    ["USD", 2],
    ["GBP", 2],
    ["EUR", 2],
    ["JPY", 0],
    ["KRW", 0],
    ["UGX", 0],
    ["BHD", 3],
    ["KWD", 3],
    ["TND", 3],
    ["CLF", 4],
    ["UYW", 4],
  ])("%s has %i decimals (MON-02)", (currency, exponent) => {
    expect(currencyExponent(currency)).toBe(exponent);
    expect(isCurrency(currency)).toBe(true);
  });

  it.each([
    "zar",
    "Zar",
    "ZA",
    "ZARR",
    "",
    " ZAR",
    "XAU",
    "XTS",
    "XXX",
    "RND",
    "constructor",
    "__proto__",
  ])("%j is no currency of ISO 4217 (MON-03)", (text) => {
    expect(isCurrency(text)).toBe(false);
    expect(currencyExponent(text)).toBeUndefined();
  });

  it("are listed once each, sorted, three capitals each", () => {
    expect([...currencyCodes]).toEqual([...new Set(currencyCodes)].sort());
    for (const code of currencyCodes) expect(code).toMatch(/^[A-Z]{3}$/);
    expect(currencyCodes.length).toBeGreaterThan(150);
  });
});
