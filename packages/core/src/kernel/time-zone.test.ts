import { describe, expect, it } from "vitest";
import { instantOfMs, msOfInstant } from "./instant.ts";
import { InvariantViolation } from "./invariant.ts";
import { clockTime, dateOfInstant, endOfDay, isTimeZone } from "./time-zone.ts";

describe("the days of instants", () => {
  it("fall where the time zone says", () => {
    const instant = "2026-03-01T22:30:00.000Z";
    expect(dateOfInstant(instant, "UTC")).toBe("2026-03-01");
    expect(dateOfInstant(instant, "Africa/Johannesburg")).toBe("2026-03-02");
    expect(dateOfInstant(instant, "Pacific/Honolulu")).toBe("2026-03-01");
    expect(dateOfInstant("2026-03-01T10:30:00.000Z", "Pacific/Kiritimati")).toBe("2026-03-02");
  });

  it("keep four digits for early years", () => {
    expect(dateOfInstant("0099-06-01T12:00:00.000Z", "Africa/Johannesburg")).toBe("0099-06-01");
  });
});

describe("the end of a day", () => {
  it.each([
    ["UTC", "2026-03-01", "2026-03-01T23:59:59.999Z"],
    ["Etc/UTC", "2026-03-01", "2026-03-01T23:59:59.999Z"],
    ["Africa/Johannesburg", "2026-03-01", "2026-03-01T21:59:59.999Z"],
    ["Asia/Kathmandu", "2026-03-01", "2026-03-01T18:14:59.999Z"],
    ["Pacific/Kiritimati", "2026-03-01", "2026-03-01T09:59:59.999Z"],
    ["Pacific/Niue", "2026-03-01", "2026-03-02T10:59:59.999Z"],
  ])("in %s is its last millisecond there", (timeZone, date, instant) => {
    expect(endOfDay(date, timeZone)).toBe(instant);
  });

  it("is right on a day of 23 hours", () => {
    expect(endOfDay("2026-03-28", "Europe/Berlin")).toBe("2026-03-28T22:59:59.999Z");
    expect(endOfDay("2026-03-29", "Europe/Berlin")).toBe("2026-03-29T21:59:59.999Z");
  });

  it("is right on a day of 25 hours", () => {
    expect(endOfDay("2026-10-25", "Europe/Berlin")).toBe("2026-10-25T22:59:59.999Z");
    expect(endOfDay("2026-11-01", "America/New_York")).toBe("2026-11-02T04:59:59.999Z");
  });

  it("is the second midnight where clocks go back at midnight", () => {
    expect(endOfDay("2018-02-17", "America/Sao_Paulo")).toBe("2018-02-18T02:59:59.999Z");
    // From 00:01 back to 23:01: for one minute it had been tomorrow already.
    expect(endOfDay("2010-11-06", "America/St_Johns")).toBe("2010-11-07T03:29:59.999Z");
  });

  it("is the millisecond before 01:00 where midnight is skipped", () => {
    expect(endOfDay("2018-11-03", "America/Sao_Paulo")).toBe("2018-11-04T02:59:59.999Z");
    expect(dateOfInstant("2018-11-04T03:00:00.000Z", "America/Sao_Paulo")).toBe("2018-11-04");
  });

  it("of a day that a zone left out is that of the day before", () => {
    expect(endOfDay("2011-12-30", "Pacific/Apia")).toBe(endOfDay("2011-12-29", "Pacific/Apia"));
  });

  it("is the last millisecond on that date, and the next one is on a later date", () => {
    for (const timeZone of [
      "Africa/Johannesburg",
      "America/St_Johns",
      "Australia/Lord_Howe",
      "Africa/Cairo",
    ])
      for (const date of [
        "2026-01-31",
        "2026-04-04",
        "2026-04-05",
        "2026-10-03",
        "2026-10-29",
        "2026-12-31",
      ]) {
        const end = endOfDay(date, timeZone);
        expect([timeZone, dateOfInstant(end, timeZone)]).toEqual([timeZone, date]);
        const next = instantOfMs(msOfInstant(end) + 1);
        expect(dateOfInstant(next, timeZone) > date).toBe(true);
      }
  });

  it("splits time without a gap, also where clocks go back past midnight", () => {
    // 00:00:30 on the 7th, and then 23:01 on the 6th again.
    expect(dateOfInstant("2010-11-07T02:30:30.000Z", "America/St_Johns")).toBe("2010-11-06");
    expect(dateOfInstant("2010-11-07T03:29:59.999Z", "America/St_Johns")).toBe("2010-11-06");
    expect(dateOfInstant("2010-11-07T03:30:00.000Z", "America/St_Johns")).toBe("2010-11-07");
  });

  it("is the millisecond before 01:00 in Cairo's spring, and the second 24:00 in its autumn", () => {
    expect(endOfDay("2023-04-27", "Africa/Cairo")).toBe("2023-04-27T21:59:59.999Z");
    expect(endOfDay("2023-04-28", "Africa/Cairo")).toBe("2023-04-28T20:59:59.999Z");
    expect(endOfDay("2023-10-26", "Africa/Cairo")).toBe("2023-10-26T21:59:59.999Z");
  });

  it("is right when a zone crossed the date line, either way", () => {
    expect(dateOfInstant("2011-12-30T09:59:59.999Z", "Pacific/Apia")).toBe("2011-12-29");
    expect(dateOfInstant("2011-12-30T10:00:00.000Z", "Pacific/Apia")).toBe("2011-12-31");
    expect(endOfDay("1867-10-18", "America/Juneau")).toBe("1867-10-19T08:57:40.999Z");
  });

  it("of the last day of all lies within the years that there are", () => {
    expect(endOfDay("9999-12-31", "UTC")).toBe("9999-12-31T23:59:59.999Z");
    expect(endOfDay("9999-12-30", "Africa/Johannesburg")).toBe("9999-12-30T21:59:59.999Z");
    expect(endOfDay("9999-12-31", "Africa/Johannesburg")).toBe("9999-12-31T23:59:59.999Z");
    expect(endOfDay("9999-12-31", "Pacific/Honolulu")).toBe("9999-12-31T23:59:59.999Z");
  });

  it("of the first day of all lies on that day", () => {
    const end = endOfDay("0001-01-01", "Africa/Johannesburg");
    expect(dateOfInstant(end, "Africa/Johannesburg")).toBe("0001-01-01");
  });

  it("of no date is a mistake of ours", () => {
    expect(() => endOfDay("2026-02-30", "UTC")).toThrow(InvariantViolation);
  });
});

describe("time zones", () => {
  it.each(["UTC", "Africa/Johannesburg", "America/Argentina/Buenos_Aires"])(
    "%s is one",
    (timeZone) => {
      expect(isTimeZone(timeZone)).toBe(true);
    },
  );

  it.each(["", "Mars/Olympus", "SAST!", "constructor", "+02:00", "-0330"])(
    "%j is none",
    (timeZone) => {
      expect(isTimeZone(timeZone)).toBe(false);
    },
  );
});

describe("the clock of a time zone", () => {
  it.each([
    ["UTC", "2026-03-31 22:15:00"],
    ["Africa/Johannesburg", "2026-04-01 00:15:00"],
    ["Asia/Kathmandu", "2026-04-01 04:00:00"],
    ["America/New_York", "2026-03-31 18:15:00"],
  ])("in %s shows %s", (timeZone, shown) => {
    expect(clockTime("2026-03-31T22:15:00.500Z", timeZone)).toBe(shown);
  });

  it("shows an hour twice where it comes twice", () => {
    expect(clockTime("2026-10-25T00:30:00.000Z", "Europe/Berlin")).toBe("2026-10-25 02:30:00");
    expect(clockTime("2026-10-25T01:30:00.000Z", "Europe/Berlin")).toBe("2026-10-25 02:30:00");
  });
});
