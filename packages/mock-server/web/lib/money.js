/**
 * Amounts on the screen: minor units in, exact decimal text out, and back. No floating point and no
 * guess at a currency's decimals: those come from the ledger core by way of `currencies.js`.
 */
import { exponents } from "./currencies.js";

/** @param {string} currency */
const exponentOf = (currency) => exponents.get(currency) ?? 2;

/**
 * 1234567 ZAR is "12,345.67", -5 BHD "−0.005" with a true minus sign.
 * @param {number | bigint} minorUnits
 * @param {string} currency
 */
export const formatAmount = (minorUnits, currency) => {
  const exponent = exponentOf(currency);
  const negative = minorUnits < 0;
  const digits = String(minorUnits)
    .replace("-", "")
    .padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(\d{3})+$)/g, ",");
  const decimals = exponent === 0 ? "" : `.${digits.slice(-exponent)}`;
  return `${negative ? "−" : ""}${whole}${decimals}`;
};

/** As a person would type it: no grouping. @param {number} minorUnits @param {string} currency */
export const editableAmount = (minorUnits, currency) =>
  formatAmount(minorUnits, currency).replaceAll(",", "").replace("−", "-");

/**
 * The minor units that a typed amount stands for, or undefined where it is not an amount of that
 * currency. Spaces and grouping commas are forgiven; "12,5" is not taken for 125.
 * @param {string} text
 * @param {string} currency
 * @returns {number | undefined}
 */
export const parseAmount = (text, currency) => {
  const exponent = exponentOf(currency);
  const plain = text.replaceAll(/[\s\u00a0]/g, "");
  const match = /^(\d{1,3}(?:,\d{3})+|\d{1,13})(?:\.(\d*))?$/.exec(plain);
  if (match === null) return undefined;
  const [, whole = "", decimals = ""] = match;
  if (decimals.length > exponent) return undefined;
  const minorUnits = Number(whole.replaceAll(",", "") + decimals.padEnd(exponent, "0"));
  return Number.isSafeInteger(minorUnits) ? minorUnits : undefined;
};
