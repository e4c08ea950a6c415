import { describe, expect, it } from "vitest";
import { InvariantViolation } from "../kernel/invariant.ts";
import { currencyCodes } from "./currency.ts";
import { amountMax, billAmountMax, formatMajor, isAmount, parseMajor } from "./minor-units.ts";

describe("amounts", () => {
  it("are bounded by 10^15, and what a bill asks for by 99999999 (D-14, MON-05)", () => {
    expect(amountMax).toBe(10 ** 15);
    expect(billAmountMax).toBe(99_999_999);
  });

  it.each([0, 1, -1, amountMax, -amountMax])("%s is one", (value) => {
    expect(isAmount(value)).toBe(true);
  });

  it.each([
    0.5,
    -0,
    amountMax + 1,
    -amountMax - 1,
    2 ** 53,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "1",
    1n,
    null,
    undefined,
    [1],
  ])("%s is none", (value) => {
    expect(isAmount(value)).toBe(false);
  });
});

describe("major units", () => {
  it.each([
    [1250, "ZAR", "12.50"],
    [5, "ZAR", "0.05"],
    [0, "ZAR", "0.00"],
    [-5, "ZAR", "-0.05"],
    [-1250, "USD", "-12.50"],
    [1250, "JPY", "1250"],
    [-5, "BHD", "-0.005"],
    [12345, "CLF", "1.2345"],
    [amountMax, "ZAR", "10000000000000.00"],
    [-amountMax, "BHD", "-1000000000000.000"],
    [amountMax, "JPY", "1000000000000000"],
  ])("%i %s is written %s and read back (MON-02)", (minorUnits, currency, text) => {
    expect(formatMajor(minorUnits, currency)).toBe(text);
    expect(parseMajor(text, currency)).toBe(minorUnits);
  });

  it.each(currencyCodes.map((code) => [code]))(
    "parse after format is the identity in %s",
    (currency) => {
      for (const minorUnits of [
        0,
        1,
        -1,
        9,
        10,
        99,
        100,
        101,
        999_999_999_999_999,
        amountMax,
        -amountMax,
      ])
        expect(parseMajor(formatMajor(minorUnits, currency), currency)).toBe(minorUnits);
    },
  );

  it("write totals that pass 2^53 digit by digit", () => {
    expect(formatMajor(123456789012345678901234567890n, "ZAR")).toBe(
      "1234567890123456789012345678.90",
    );
    expect(formatMajor(-(10n ** 30n), "JPY")).toBe(`-1${"0".repeat(30)}`);
  });

  it("never write or read minus zero", () => {
    expect(formatMajor(-0, "ZAR")).toBe("0.00");
    expect(Object.is(parseMajor("-0.00", "ZAR"), 0)).toBe(true);
    expect(Object.is(parseMajor("-0", "JPY"), 0)).toBe(true);
  });

  it("may be read with fewer decimals than the currency has", () => {
    expect(parseMajor("12", "ZAR")).toBe(1200);
    expect(parseMajor("12.5", "ZAR")).toBe(1250);
    expect(parseMajor("12.5", "BHD")).toBe(12500);
  });

  it.each([
    ["12.505", "ZAR"],
    ["12.500", "ZAR"],
    ["12.0", "JPY"],
    ["12.5", "JPY"],
    ["1.2345", "BHD"],
    ["1.23450", "CLF"],
  ])(
    "are not read from %s %s: more decimals than the currency, be they zero (D-39)",
    (text, currency) => {
      expect(parseMajor(text, currency)).toBeUndefined();
    },
  );

  it.each([
    ["10000000000000.01", "ZAR"],
    ["-10000000000000.01", "ZAR"],
    ["1000000000000001", "JPY"],
    ["999999999999999999", "JPY"],
    ["9999999999999999999999999999", "ZAR"],
  ])("are not read from %s %s, beyond 10^15", (text, currency) => {
    expect(parseMajor(text, currency)).toBeUndefined();
  });

  it.each([
    "",
    " 1",
    "1 ",
    "1,000.00",
    "1.",
    ".5",
    "+1",
    "1e3",
    "0x10",
    "١",
    "NaN",
    "Infinity",
    "--1",
    "1.2.3",
    "-",
    "1\n",
  ])("are not read from %j: plain digits only", (text) => {
    expect(parseMajor(text, "ZAR")).toBeUndefined();
  });

  it("of a currency that does not exist are a mistake of ours", () => {
    expect(() => formatMajor(1, "XXX")).toThrow(InvariantViolation);
    expect(() => parseMajor("1", "constructor")).toThrow(InvariantViolation);
  });
});
