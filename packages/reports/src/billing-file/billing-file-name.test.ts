import { describe, expect, it } from "vitest";
import { billingFileName, dailyFileDueAt, parseBillingFileName } from "./billing-file-name.ts";

describe("the name of a billing file", () => {
  it.for([
    "za_brightspark_dailyfile_2026-03-04.csv",
    "za_brightspark_moment_all-customers_2026-03-04.csv",
    "za_bright_spark_dailyfile_2026-03-04.csv",
  ])("says country, merchant, kind and date, and is built of them again: %s", (name) => {
    const read = parseBillingFileName(name);
    expect(read).toMatchObject({ country: "za", date: "2026-03-04" });
    expect(read && billingFileName(read)).toBe(name);
  });

  it.for([
    "march.csv",
    "za_x_dailyfile_2026-02-30.csv",
    "zaf_x_dailyfile_2026-03-04.csv",
    "x_dailyfile_2026-03-04.csv",
  ])("of another form says nothing: %s", (name) =>
    expect(parseBillingFileName(name)).toBeUndefined(),
  );
});

describe("a daily file", () => {
  it("is due at 06:00 in South Africa, 04:00 UTC, in summer and winter (FILE-13)", () => {
    for (const date of ["2026-01-15", "2026-07-15"]) {
      const due = new Date(dailyFileDueAt(date));
      expect(due.toISOString()).toBe(`${date}T04:00:00.000Z`);
      const there = {
        timeZone: "Africa/Johannesburg",
        dateStyle: "short",
        timeStyle: "short",
      } as const;
      expect(due.toLocaleString("sv", there)).toBe(`${date} 06:00`);
    }
  });
});
