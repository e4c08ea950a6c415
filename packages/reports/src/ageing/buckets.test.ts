import { describe, expect, it } from "vitest";
import { bucketsOf, daysOverdue } from "./buckets.ts";

describe("ranges of days overdue", () => {
  it("follow each other without a gap, the last one open", () => {
    expect(bucketsOf([30, 60])).toEqual([
      { label: "1-30", fromDays: 1, toDays: 30 },
      { label: "31-60", fromDays: 31, toDays: 60 },
      { label: "over 60", fromDays: 61 },
    ]);
    expect(bucketsOf([])).toEqual([{ label: "overdue", fromDays: 1 }]);
  });
});

describe("days overdue", () => {
  it.for([
    ["2026-03-25", "2026-03-25", 0],
    ["2026-03-25", "2026-03-26", 1],
    ["2026-03-25", "2026-03-24", -1],
    ["2024-02-28", "2024-03-01", 2],
    ["2025-12-31", "2026-01-01", 1],
  ] as const)("from %s to %s are %i by the calendar", ([due, on, days]) => {
    expect(daysOverdue(due, on)).toBe(days);
  });
});
