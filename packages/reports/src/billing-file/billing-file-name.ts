/**
 * The names of billing files (spec 7.1): `za_brightspark_dailyfile_2026-03-04.csv`, and
 * `za_brightspark_moment_all-customers_2026-03-04.csv` for all customers at once.
 */
import { type CalendarDate, type Instant, isCalendarDate } from "@tallystick/core";

export interface BillingFileName {
  /** ISO 3166 alpha-2, in small letters. */
  readonly country: string;
  readonly merchant: string;
  readonly kind: "daily" | "all_customers";
  readonly date: CalendarDate;
}

const pattern = /^([a-z]{2})_(.+?)_(dailyfile|moment_all-customers)_(\d{4}-\d{2}-\d{2})\.csv$/i;

/** What a file name says; undefined for a name of another form. Folders are left out beforehand. */
export const parseBillingFileName = (name: string): BillingFileName | undefined => {
  const [, country = "", merchant = "", kind = "", date = ""] = pattern.exec(name) ?? [];
  if (!isCalendarDate(date)) return undefined;
  return {
    country: country.toLowerCase(),
    merchant,
    kind: kind.toLowerCase() === "dailyfile" ? "daily" : "all_customers",
    date,
  };
};

export const billingFileName = ({ country, merchant, kind, date }: BillingFileName): string =>
  `${country}_${merchant}_${kind === "daily" ? "dailyfile" : "moment_all-customers"}_${date}.csv`;

/** When the daily file of a day is due: at 06:00 in South Africa, which is 04:00 UTC all year (D-50). */
export const dailyFileDueAt = (date: CalendarDate): Instant => `${date}T04:00:00.000Z`;
