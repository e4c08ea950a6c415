/**
 * The hosted pay page: who is paid, what for, how much, and a receipt.
 *
 * It asks `GET /pay/{ob}/details` and pays by `POST /pay/{ob}/payments`; both are described in
 * `pay-contract.ts` on the server's side.
 */
import { request } from "../lib/api.js";
import { formatAmount } from "../lib/money.js";
import { formatDate } from "../lib/time.js";
import { html, render, useEffect, useState } from "../lib/vendor.js";
import { PayForm } from "./form.js";
import { Receipt } from "./receipt.js";
import { payableOf } from "./rules.js";

const address = location.pathname.replace(/\/$/, "");

/** @param {{ title: string, tone?: string, children?: any }} props */
const State = ({ title, tone = "", children }) =>
  html`<div class=${`pay-state ${tone}`}><h2>${title}</h2><p>${children}</p></div>`;

const kindWords = {
  bill: "Bill",
  customer_balance: "Account balance",
  account_balance: "Account balance",
};

/** @param {any} details */
const stateOf = ({ bill, obligation, payment_rules: rules, merchant }) => {
  if (bill?.status === "voided")
    return html`<${State} title="This bill was cancelled">Nothing is owed on it, and it cannot be paid any more. Ask ${merchant.name} if you expected something else.<//>`;
  if (bill?.status === "paid" && !rules?.overpayment_allowed)
    return html`<${State} tone="good" title="This bill is paid">Thank you, nothing is left to pay.<//>`;
  if (rules === undefined)
    return html`<${State} title="This cannot be paid online">Please ask ${merchant.name} how to pay.<//>`;
  if (obligation.balance !== undefined && obligation.balance <= 0 && !rules.overpayment_allowed)
    return html`<${State} tone="good" title="Nothing is owed">There is nothing to pay at the moment.<//>`;
  if (Object.keys(payableOf(obligation.balance, rules)).length === 0)
    return html`<${State} title="This cannot be paid online">More is owed than can be paid at once, and it cannot be paid in parts. Please ask ${merchant.name} how to pay.<//>`;
  return undefined;
};

/** @param {{ details: any, children?: any }} props */
const Demand = ({ details, children }) => {
  const { obligation, bill, merchant } = details;
  const { balance, currency } = obligation;
  const credit = balance < 0;
  return html`<header class="payee"><span class="monogram" aria-hidden="true">${[...merchant.name][0]}</span><div><span class="muted">Pay</span><p>${merchant.name}</p></div></header>
    <h1>${kindWords[/** @type {"bill"} */ (obligation.kind)]} <span>${details.reference}</span></h1>
    ${
      balance !== undefined &&
      bill?.status !== "voided" &&
      html`<div class="owed"><span>${credit ? "Your credit" : "You owe"}</span>
      <p class="big-amount"><span class="currency">${currency}</span> ${formatAmount(Math.abs(balance), currency)}</p></div>`
    }
    <dl class="facts">
      ${details.payer && html`<div><dt>Billed to</dt><dd>${details.payer}</dd></div>`}
      ${bill?.due_date && html`<div><dt>Due</dt><dd>${formatDate(bill.due_date)}</dd></div>`}
      ${bill && html`<div><dt>Billed</dt><dd>${currency} ${formatAmount(bill.amount_due, currency)}</dd></div>`}
      ${bill?.amount_paid > 0 && html`<div><dt>Paid so far</dt><dd>${currency} ${formatAmount(bill.amount_paid, currency)}</dd></div>`}
    </dl>
    ${children}`;
};

const PayPage = () => {
  const [details, setDetails] = useState(/** @type {any} */ (undefined));
  const [problem, setProblem] = useState(
    /** @type {import("../lib/api.js").ApiProblem | undefined} */ (undefined),
  );
  const [receipt, setReceipt] = useState(/** @type {any} */ (undefined));
  const load = () => {
    setProblem(undefined);
    setDetails(undefined);
    setReceipt(undefined);
    request(`${address}/details${location.search}`).then((answer) => {
      document.title = `Pay ${answer.merchant.name}`;
      setDetails(answer);
    }, setProblem);
  };
  useEffect(load, []);

  const body = () => {
    if (problem?.status === 404)
      return html`<h1>This link leads nowhere</h1><p>It may be mistyped, or what it was for is gone. Ask whoever sent it for a new one.</p>`;
    if (problem !== undefined)
      return html`<h1>This page could not be loaded</h1><p role="alert">${problem.message}</p><button type="button" class="primary" onClick=${load}>Try again</button>`;
    if (details === undefined)
      return html`<p role="status" class="boot">Looking up what is owed…</p>`;
    if (receipt !== undefined)
      return html`<${Receipt} details=${details} receipt=${receipt} onAgain=${load} />`;
    return html`<${Demand} details=${details}>
      ${stateOf(details) ?? html`<${PayForm} details=${details} address=${address} onPaid=${setReceipt} />`}
    <//>`;
  };
  return html`<main class="pay" id="main"><div class="pay-card">${body()}</div>
    <p class="pay-foot">A test page: no money moves.</p></main>`;
};

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
root.replaceChildren();
render(html`<${PayPage} />`, root);
