/**
 * Points in time and calendar days. An instant is ISO 8601 in UTC with three decimals, so that
 * comparing two as text compares them as times. A date is `YYYY-MM-DD` and means the end of that
 * day in the book's time zone (`time-zone.ts`).
 */
/* oxlint-disable no-restricted-globals -- Date converts here what it is given; no clock is read. */
import { invariant } from "./invariant.ts";

/** `2026-03-01T00:00:00.000Z`. */
export type Instant = string;
/** `2026-03-01`. */
export type CalendarDate = string;

const instantPattern =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const canonicalPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
/** Days that every month of every year has. */
const plainDatePattern = /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/;

/** The earliest and the latest millisecond of the years 0001 to 9999. */
export const [earliestMs, latestMs] = [-62_135_596_800_000, 253_402_300_799_999] as const;

let last = { ms: 0, instant: "1970-01-01T00:00:00.000Z" };

export const instantOfMs = (ms: number): Instant => {
  // Neighbours mostly happen in the same millisecond.
  if (ms === last.ms) return last.instant;
  invariant(
    Number.isInteger(ms) && ms >= earliestMs && ms <= latestMs,
    () => `${ms} ms is not a time between the years 1 and 9999`,
  );
  last = { ms, instant: new Date(ms).toISOString() };
  return last.instant;
};

export const msOfInstant = (instant: Instant): number => {
  const ms = Date.parse(instant);
  invariant(Number.isInteger(ms), () => `${instant} is not an instant`);
  return ms;
};

export const isInstant = (text: string): boolean => {
  if (text === last.instant) return true;
  if (!canonicalPattern.test(text)) return false;
  const ms = Date.parse(text);
  // A day or an hour that does not exist is another one when it is written again.
  return ms >= earliestMs && ms <= latestMs && new Date(ms).toISOString() === text;
};

export const isCalendarDate = (text: string): boolean => {
  if (plainDatePattern.test(text)) return true;
  const match = datePattern.exec(text);
  if (match === null) return false;
  const ms = Date.parse(`${text}T00:00:00.000Z`);
  return Number.isInteger(ms) && ms >= earliestMs && new Date(ms).toISOString().startsWith(text);
};

/** The instant that an ISO 8601 text with a zone names, in canonical form; undefined if it names none. */
export const parseInstant = (text: string): Instant | undefined => {
  const match = instantPattern.exec(text);
  if (match?.[1] === undefined || !isCalendarDate(match[1])) return undefined;
  const ms = Date.parse(text);
  return Number.isInteger(ms) && ms >= earliestMs && ms <= latestMs
    ? new Date(ms).toISOString()
    : undefined;
};
