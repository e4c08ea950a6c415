/** What was paid, when, and what is left: for the screen and for paper. */
import { formatAmount } from "../lib/money.js";
import { formatInstant } from "../lib/time.js";
import { html, useEffect, useRef } from "../lib/vendor.js";

/** @param {{ details: any, receipt: any, onAgain: () => void }} props */
export const Receipt = ({ details, receipt, onAgain }) => {
  const { payment, obligation } = receipt;
  const title = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    document.title = `Receipt ${payment.id}`;
    title.current?.focus();
  }, []);
  const money = (/** @type {number} */ minor) =>
    `${payment.currency} ${formatAmount(minor, payment.currency)}`;
  const left = obligation.balance;
  return html`<article class="receipt" aria-labelledby="receipt-title">
    <svg class="check" viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="21" /><path d="m15 24.5 6.5 6.5L34 18" /></svg>
    <h1 id="receipt-title" tabindex="-1" ref=${title}>Payment received</h1>
    <p class="big-amount">${money(payment.amount)}</p>
    <dl class="facts">
      <div><dt>Paid to</dt><dd>${details.merchant.name}</dd></div>
      <div><dt>For</dt><dd>${details.reference}</dd></div>
      <div><dt>When</dt><dd><time datetime=${payment.paid_at}>${formatInstant(payment.paid_at)}</time></dd></div>
      <div><dt>Payment</dt><dd><code>${payment.id}</code></dd></div>
      ${left !== undefined && html`<div class="sum"><dt>${left < 0 ? "Your credit" : "Left to pay"}</dt><dd>${money(Math.abs(left))}</dd></div>`}
    </dl>
    <div class="receipt-actions">
      <button type="button" class="primary" onClick=${() => print()}>Print the receipt</button>
      ${left > 0 && html`<button type="button" class="quiet" onClick=${onAgain}>Pay another part</button>`}
    </div>
  </article>`;
};
