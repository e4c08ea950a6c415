import { describe, expect, it } from "vitest";
import { billingFileName, parseBillingFileName } from "./billing-file-name.ts";

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
