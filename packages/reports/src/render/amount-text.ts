/** Amounts for people: major units with the currency's own number of decimals, never rounded. */
import { type CurrencyCode, formatMajor } from "@tallystick/core";

/** `1250` ZAR as `12.50`. Digits only, so that it can be copied into a spreadsheet. */
export const amountText = (minorUnits: number | bigint, currency: CurrencyCode): string =>
  formatMajor(minorUnits, currency);

/** A balance in two parts, so that columns can align: how much, and whether it is owed or credit. */
export const signedAmountText = (
  minorUnits: number | bigint,
  currency: CurrencyCode,
): readonly [amount: string, side: "owed" | "credit" | ""] => {
  const balance = BigInt(minorUnits);
  return balance < 0n
    ? [formatMajor(-balance, currency), "credit"]
    : [formatMajor(balance, currency), balance === 0n ? "" : "owed"];
};
