/**
 * What an amount field accepts, said before it is refused. The order is that of spec 4 (D-27); the
 * server judges again, and its word counts.
 */
import { formatAmount } from "../lib/money.js";

/**
 * @typedef {object} Rules as `/billing` answers them; minor units, both bounds included
 * @property {number} min_amount
 * @property {number} max_amount
 * @property {boolean} underpayment_allowed
 * @property {boolean} overpayment_allowed
 *
 * @typedef {"above_maximum" | "below_minimum" | "underpayment" | "overpayment"} Breach
 */

/**
 * The first rule that an amount breaks.
 * @param {number} amount @param {number | undefined} owed @param {Rules} rules
 * @returns {Breach | undefined}
 */
export const breachOf = (amount, owed, rules) => {
  if (amount > rules.max_amount) return "above_maximum";
  if (amount < rules.min_amount && amount !== owed) return "below_minimum";
  if (owed === undefined) return undefined;
  if (amount < owed && !rules.underpayment_allowed) return "underpayment";
  if (amount > Math.max(owed, 0) && !rules.overpayment_allowed) return "overpayment";
  return undefined;
};

/**
 * The breach as a sentence that names the bound.
 * @param {Breach} breach @param {number | undefined} owed @param {Rules} rules @param {string} currency
 */
export const breachText = (breach, owed, rules, currency) => {
  const money = (/** @type {number} */ minor) => `${currency} ${formatAmount(minor, currency)}`;
  switch (breach) {
    case "above_maximum":
      return `The most that can be paid at once is ${money(rules.max_amount)}.`;
    case "below_minimum":
      return `The least that can be paid is ${money(rules.min_amount)}.`;
    case "underpayment":
      return `Only the full ${money(owed ?? 0)} can be paid.`;
    case "overpayment":
      return `That is more than the ${money(Math.max(owed ?? 0, 0))} that is owed.`;
  }
};

/**
 * The range as one sentence under the field.
 * @param {number | undefined} owed @param {Rules} rules @param {string} currency
 */
export const rangeText = (owed, rules, currency) => {
  const money = (/** @type {number} */ minor) => `${currency} ${formatAmount(minor, currency)}`;
  const tracked = owed !== undefined && owed > 0;
  if (tracked && !rules.underpayment_allowed && !rules.overpayment_allowed)
    return `This is paid in full: ${money(owed)}.`;
  const least =
    tracked && !rules.underpayment_allowed ? Math.max(owed, rules.min_amount) : rules.min_amount;
  const most =
    tracked && !rules.overpayment_allowed ? Math.min(owed, rules.max_amount) : rules.max_amount;
  if (least >= most) return tracked ? `You can pay exactly ${money(owed)}.` : `You can pay ${money(most)}.`;
  return `You can pay any amount from ${money(least)} to ${money(most)}.`;
};
