/**
 * Amounts: whole numbers of a currency's minor unit, held as plain safe integers. 1250 is 12.50 ZAR,
 * or 1250 JPY. Between major and minor units there is exactly one text for one amount, and nothing
 * is ever rounded on the way.
 */
import { Decimal } from "decimal.js";
import { invariant } from "../kernel/invariant.ts";
import { type CurrencyCode, currencyExponent } from "./currency.ts";

/** No amount and no balance lies beyond this, on either side (D-14). Included. */
export const amountMax = 1_000_000_000_000_000;
/** Bounds of what a bill may ask for, and of an `amount_paid` that is put in (spec 2.6). */
export const billAmountMax = 99_999_999;

/** decimal.js rounds to 20 significant digits unless it is told otherwise; no amount here has 40. */
const Exact = Decimal.clone({ precision: 40, toExpNeg: -40, toExpPos: 40 });

const exponentOf = (currency: CurrencyCode): number => {
  const exponent = currencyExponent(currency);
  invariant(exponent !== undefined, () => `${currency} is not an ISO 4217 currency`);
  return exponent;
};

/** A whole number of minor units within ±10^15, and not minus zero. */
export const isAmount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Math.abs(value as number) <= amountMax && !Object.is(value, -0);

/**
 * Minor units as a decimal text in major units, with the currency's own number of decimals:
 * 1250 ZAR is "12.50", 1250 JPY "1250", -5 BHD "-0.005". A bigint total may pass 2^53.
 */
export const formatMajor = (minorUnits: number | bigint, currency: CurrencyCode): string => {
  const exponent = exponentOf(currency);
  return new Exact(minorUnits.toString()).div(new Exact(10).pow(exponent)).toFixed(exponent);
};

/**
 * The minor units that a decimal text in major units stands for, or undefined if it is not plain
 * digits, has more decimals than the currency, or passes 10^15. The inverse of `formatMajor`.
 */
export const parseMajor = (text: string, currency: CurrencyCode): number | undefined => {
  const exponent = exponentOf(currency);
  const [, decimals = ""] = /^-?\d{1,18}(?:\.(\d{1,6}))?$/.exec(text) ?? [undefined, "unreadable"];
  if (decimals.length > exponent) return undefined;
  const minorUnits = new Exact(text).mul(new Exact(10).pow(exponent));
  if (minorUnits.abs().gt(amountMax)) return undefined;
  return minorUnits.toNumber() + 0;
};
