/** The values that every file of theirs has, read and checked in one place. */
import {
  type CalendarDate,
  type CurrencyCode,
  dateOfInstant,
  type Instant,
  isCalendarDate,
  isCurrency,
  type MoneyKind,
  parseInstant,
  parseMajor,
} from "@tallystick/core";
import { UnreadableRow } from "./unreadable-row.ts";

interface Place {
  readonly line: number;
  readonly column: string;
}

const unreadable = ({ line, column }: Place, reason: string): UnreadableRow =>
  new UnreadableRow(line, column, reason);

/** What was read is quoted, but not at any length. */
const quote = (text: string): string => JSON.stringify(text.slice(0, 60));

export const readCurrency = (text: string, place: Place): CurrencyCode => {
  if (isCurrency(text)) return text;
  throw unreadable(place, `must be an ISO 4217 code in capitals, is ${quote(text)}`);
};

/** A signed amount of major units; a negative one is a refund. */
export const readAmount = (
  text: string,
  currency: CurrencyCode,
  place: Place,
): { readonly amount: number; readonly isNegative: boolean } => {
  const minorUnits = parseMajor(text, currency);
  if (minorUnits === undefined)
    throw unreadable(place, `must be an amount such as 376.50 in ${currency}, is ${quote(text)}`);
  if (minorUnits === 0) throw unreadable(place, "must not be 0");
  return { amount: Math.abs(minorUnits), isNegative: minorUnits < 0 };
};

/** A date, or an instant, which falls on a day in the time zone. */
export const readTime = (
  text: string,
  timeZone: string,
  place: Place,
): { readonly date: CalendarDate; readonly at?: Instant } => {
  if (isCalendarDate(text)) return { date: text };
  const at = parseInstant(text);
  if (at === undefined)
    throw unreadable(
      place,
      `must be a date or a date-time with a zone, as 2026-03-31T12:00:00Z, is ${quote(text)}`,
    );
  return { date: dateOfInstant(at, timeZone), at };
};

export const readKind = (text: string, place: Place): MoneyKind => {
  const kind = text.toLowerCase();
  if (kind === "payment" || kind === "refund") return kind;
  throw unreadable(place, `must be Payment or Refund, is ${quote(text)}`);
};

export const readDate = (text: string, place: Place): CalendarDate => {
  if (isCalendarDate(text)) return text;
  throw unreadable(place, `must be a date as YYYY-MM-DD, is ${quote(text)}`);
};
