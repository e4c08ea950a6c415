import { describe, expect, it } from "vitest";
import { instantOfMs, isCalendarDate, isInstant, msOfInstant, parseInstant } from "./instant.ts";
import { InvariantViolation } from "./invariant.ts";

describe("instants", () => {
  it("are ISO 8601 in UTC with three decimals, so that text order is time order", () => {
    expect(instantOfMs(0)).toBe("1970-01-01T00:00:00.000Z");
    expect(instantOfMs(1_772_323_200_001)).toBe("2026-03-01T00:00:00.001Z");
    expect(instantOfMs(-1) < instantOfMs(0)).toBe(true);
  });

  it("go to milliseconds and back without loss", () => {
    for (const ms of [0, 1, -1, 951_782_400_000, 253_402_300_799_999, -62_135_596_800_000])
      expect(msOfInstant(instantOfMs(ms))).toBe(ms);
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 253_402_300_800_000, -62_135_596_800_001])(
    "stop at %s ms, which is no time between the years 1 and 9999",
    (ms) => {
      expect(() => instantOfMs(ms)).toThrow(InvariantViolation);
    },
  );

  it("cannot be read from a text that is none", () => {
    expect(() => msOfInstant("yesterday")).toThrow(InvariantViolation);
  });

  it.each([
    ["2026-03-01T00:00:00Z", "2026-03-01T00:00:00.000Z"],
    ["2026-03-01T00:00Z", "2026-03-01T00:00:00.000Z"],
    ["2026-03-01T02:00:00+02:00", "2026-03-01T00:00:00.000Z"],
    ["2026-02-28T20:30:00.5-03:30", "2026-03-01T00:00:00.500Z"],
    ["2026-03-01T14:00:00+14:00", "2026-03-01T00:00:00.000Z"],
    ["2026-03-01T00:00:00.123456789Z", "2026-03-01T00:00:00.123Z"],
    ["2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59.999Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"],
  ])("reads %s as %s", (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
    expect(isInstant(instant)).toBe(true);
  });

  it.each([
    ["no zone", "2026-03-01T00:00:00"],
    ["no time", "2026-03-01"],
    ["a day that does not exist", "2026-02-29T00:00:00Z"],
    ["a month that does not exist", "2026-13-01T00:00:00Z"],
    ["hour 24", "2026-03-01T24:00:00Z"],
    ["minute 60", "2026-03-01T00:60:00Z"],
    ["a leap second", "2026-06-30T23:59:60Z"],
    ["a zone that is too far away", "2026-03-01T00:00:00+15:00"],
    ["the year 0", "0000-12-31T23:59:59Z"],
    ["a time before the year 1, by its zone", "0001-01-01T00:00:00+01:00"],
    ["a time after the year 9999, by its zone", "9999-12-31T23:59:59-01:00"],
    ["a year of five digits", "12026-03-01T00:00:00Z"],
    ["a signed year", "+002026-03-01T00:00:00Z"],
    ["a lower-case z", "2026-03-01T00:00:00z"],
    ["space around it", " 2026-03-01T00:00:00Z"],
    ["a line end behind it", "2026-03-01T00:00:00Z\n"],
    ["ten decimals", "2026-03-01T00:00:00.1234567890Z"],
    ["nothing", ""],
  ])("does not read %s", (_, text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it("are stored in one form only", () => {
    expect(isInstant("2026-03-01T00:00:00.000Z")).toBe(true);
    expect(isInstant("2026-03-01T00:00:00Z")).toBe(false);
    expect(isInstant("2026-03-01T02:00:00.000+02:00")).toBe(false);
    expect(isInstant("2026-02-30T00:00:00.000Z")).toBe(false);
  });
});

describe("calendar dates", () => {
  it.each(["2026-03-01", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"])(
    "%s exists",
    (date) => {
      expect(isCalendarDate(date)).toBe(true);
    },
  );

  it.each([
    "2026-02-29",
    "2100-02-29",
    "2026-04-31",
    "2026-00-10",
    "2026-13-01",
    "2026-03-00",
    "0000-01-01",
    "2026-3-1",
    "20260301",
    "2026-03-01T00:00:00Z",
    "",
    "2026-03-01\n",
  ])("%j does not (BIL-11)", (date) => {
    expect(isCalendarDate(date)).toBe(false);
  });
});
