/** How long after its due date a sum is owed: days counted by the calendar, and the ranges they fall into. */
import type { CalendarDate } from "@tallystick/core";

/** A range of days overdue; both bounds are included, and the last range has no upper one. */
export interface Bucket {
  readonly label: string;
  readonly fromDays: number;
  readonly toDays?: number;
}

/** The upper bounds of every range but the last. */
export const bucketsDefault: readonly number[] = [30, 60, 90];

/** `[30, 60]` as 1–30, 31–60 and over 60. The bounds rise and are whole numbers from 1. */
export const bucketsOf = (bounds: readonly number[]): Bucket[] => {
  const ranges = bounds.map((toDays, at) => {
    const fromDays = (bounds[at - 1] ?? 0) + 1;
    return { label: `${fromDays}-${toDays}`, fromDays, toDays };
  });
  const last = bounds.at(-1) ?? 0;
  return [...ranges, { label: last === 0 ? "overdue" : `over ${last}`, fromDays: last + 1 }];
};

const dayNumber = (date: CalendarDate): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;

/** Days between two dates by the calendar; 0 or less while it is not overdue (D-29). */
export const daysOverdue = (dueDate: CalendarDate, on: CalendarDate): number =>
  dayNumber(on) - dayNumber(dueDate);
