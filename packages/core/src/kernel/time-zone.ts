/**
 * The days of a time zone. They follow each other without a gap, so that every instant of the years
 * 0001 to 9999 lies on exactly one: a day ends where the clocks there show it for the last time. It
 * may have 23 or 25 hours, and one that a zone left out ends with the day before it.
 */
/* oxlint-disable no-restricted-globals -- Date converts here what it is given; no clock is read. */
import {
  type CalendarDate,
  earliestMs,
  type Instant,
  instantOfMs,
  isCalendarDate,
  latestMs,
  msOfInstant,
} from "./instant.ts";
import { invariant } from "./invariant.ts";

/** What is known of a zone: its clock, and where the days end that fall on a day of UTC. */
interface Zone {
  readonly clock: Intl.DateTimeFormat;
  readonly ends: Map<string, readonly [ofDayBefore: Instant, ofDay: Instant]>;
}

const zones = new Map<string, Zone>();

const zoneOf = (timeZone: string): Zone => {
  let zone = zones.get(timeZone);
  if (zone === undefined) {
    const clock = new Intl.DateTimeFormat("en-CA", {
      timeZone,
      calendar: "iso8601",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    zone = { clock, ends: new Map() };
    zones.set(timeZone, zone);
  }
  return zone;
};

/** Whether the runtime knows this IANA time zone. An offset such as `+02:00` is none. */
export const isTimeZone = (timeZone: string): boolean => {
  if (!/^[A-Za-z]/.test(timeZone)) return false;
  try {
    zoneOf(timeZone);
    return true;
  } catch {
    return false;
  }
};

const [secondMs, hourMs, dayMs] = [1000, 3_600_000, 86_400_000];

/** No clock was ever changed before; some runtimes write years before the first without their sign. */
const unchangedUntilMs = Date.UTC(1000);

/** How far the clocks of a zone are ahead of UTC. */
const offsetMs = (timeZone: string, ms: number): number => {
  const whole = Math.floor(Math.max(ms, unchangedUntilMs) / secondMs) * secondMs;
  const part: Record<string, number> = {};
  for (const { type, value } of zoneOf(timeZone).clock.formatToParts(whole))
    part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
};

/** Further than any zone ever was from UTC. */
const farthestMs = 16 * hourMs;

/** The last millisecond of the day that ends in UTC at `utcEndMs`. */
const endMs = (timeZone: string, utcEndMs: number): number => {
  let [low, high] = [utcEndMs - farthestMs, utcEndMs + farthestMs];
  const [before, after] = [offsetMs(timeZone, low), offsetMs(timeZone, high)];
  if (before === after) return utcEndMs - before;
  // The clocks are changed somewhere between; `high` becomes the first millisecond after that.
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(timeZone, middle) === before) low = middle;
    else high = middle;
  }
  const changed = utcEndMs - after;
  return changed >= high ? changed : Math.min(utcEndMs - before, low);
};

/** The last millisecond of a day in a time zone. */
export const endOfDay = (date: CalendarDate, timeZone: string): Instant => {
  invariant(isCalendarDate(date), () => `${date} is not a date`);
  const utcEndMs = Date.parse(`${date}T23:59:59.999Z`);
  if (timeZone === "UTC" || utcEndMs === latestMs) return instantOfMs(utcEndMs);
  return instantOfMs(Math.min(endMs(timeZone, utcEndMs), latestMs));
};

const clamped = (ms: number): Instant => instantOfMs(Math.min(Math.max(ms, earliestMs), latestMs));

/** As many days of UTC as are remembered of a zone: some years. */
const daysMax = 4096;

/** The day that an instant lies on in a time zone. */
export const dateOfInstant = (instant: Instant, timeZone: string): CalendarDate => {
  const utcDate = instant.slice(0, 10);
  if (timeZone === "UTC") return utcDate;
  const { ends } = zoneOf(timeZone);
  const dayBefore = (): CalendarDate =>
    clamped(Date.parse(`${utcDate}T00:00:00Z`) - dayMs).slice(0, 10);
  let found = ends.get(utcDate);
  if (found === undefined) {
    if (ends.size >= daysMax) ends.clear();
    found = [endOfDay(dayBefore(), timeZone), endOfDay(utcDate, timeZone)];
    ends.set(utcDate, found);
  }
  const [ofDayBefore, ofDay] = found;
  if (instant <= ofDayBefore) return dayBefore();
  if (instant <= ofDay) return utcDate;
  return clamped(Date.parse(`${utcDate}T00:00:00Z`) + dayMs).slice(0, 10);
};

/** What the clocks of a time zone show, to the second: `2026-03-01 02:00:39`. For people: an hour that comes twice looks the same twice. */
export const clockTime = (instant: Instant, timeZone: string): string => {
  const ms = msOfInstant(instant);
  const shown = timeZone === "UTC" ? instant : clamped(ms + offsetMs(timeZone, ms));
  return shown.slice(0, 19).replace("T", " ");
};
