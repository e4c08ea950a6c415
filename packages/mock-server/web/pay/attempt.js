/**
 * The payment under way, kept in this tab until its outcome is known. Its id is made once per form:
 * a double click, a retry after a cut line and a reload in between are all the same payment, which
 * the ledger applies once.
 */
import { randomId } from "../lib/random-id.js";

/** @typedef {{ paymentId: string, sent: { amount: number, currency: string } | undefined }} Attempt */

/** @param {string} obligationId */
const nameOf = (obligationId) => `tallystick.attempt.${obligationId}`;

/** @returns {Attempt} */
export const newAttempt = () => ({ paymentId: `pay_${randomId()}`, sent: undefined });

/** The one whose outcome was never seen, or a new one. @param {string} obligationId @returns {Attempt} */
export const attemptOf = (obligationId) => {
  const kept = sessionStorage.getItem(nameOf(obligationId));
  return kept === null ? newAttempt() : JSON.parse(kept);
};

/** Before it is sent. @param {string} obligationId @param {Attempt} attempt */
export const keepAttempt = (obligationId, attempt) =>
  sessionStorage.setItem(nameOf(obligationId), JSON.stringify(attempt));

/** Once it is known to be applied, or to be refused. @param {string} obligationId */
export const forgetAttempt = (obligationId) => sessionStorage.removeItem(nameOf(obligationId));
