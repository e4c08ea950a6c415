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
  const money = (/** @type {number} */ minor) =>
    `${currency}\u00a0${formatAmount(minor, currency)}`;
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
 * What can be paid: any amount of a range, or one exact sum beside or instead of it, since settling
 * exactly is always allowed up to the maximum. Nothing at all where the rules leave no amount.
 * @param {number | undefined} owed @param {Rules} rules
 * @returns {{ from?: number, to?: number, exactly?: number }}
 */
export const payableOf = (owed, rules) => {
  const { min_amount: least, max_amount: most } = rules;
  if (owed === undefined) return { from: Math.max(least, 1), to: most };
  const from = rules.underpayment_allowed ? Math.max(least, 1) : Math.max(least, owed, 1);
  const to = rules.overpayment_allowed ? most : Math.min(most, owed);
  const inRange = from <= to;
  const settles = owed > 0 && owed <= most && !(inRange && owed >= from && owed <= to);
  return { ...(inRange && { from, to }), ...(settles && { exactly: owed }) };
};

/** What to put into the field at first. @param {number | undefined} owed @param {Rules} rules */
export const suggestedAmount = (owed, rules) => {
  if (owed === undefined || owed <= 0) return undefined;
  if (breachOf(owed, owed, rules) === undefined) return owed;
  return payableOf(owed, rules).to;
};

/**
 * That as one sentence, for under the field.
 * @param {number | undefined} owed @param {Rules} rules @param {string} currency
 */
export const rangeText = (owed, rules, currency) => {
  const money = (/** @type {number} */ minor) =>
    `${currency}\u00a0${formatAmount(minor, currency)}`;
  const { from, to, exactly } = payableOf(owed, rules);
  if (from !== undefined && to !== undefined && from < to) {
    const settle = exactly === undefined ? "" : `${money(exactly)}, or `;
    const parts =
      owed !== undefined && owed > rules.max_amount ? " It takes more than one payment." : "";
    return `You can pay ${settle}any amount from ${money(from)} to ${money(to)}.${parts}`;
  }
  const only = exactly ?? from;
  return only === undefined
    ? `No amount can be paid here: the most at once is ${money(rules.max_amount)}.`
    : `This is paid in one sum: ${money(only)}.`;
};
