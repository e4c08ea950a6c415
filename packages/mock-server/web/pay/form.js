/** The amount and the button. */
import { ApiProblem, request } from "../lib/api.js";
import { editableAmount, formatAmount, parseAmount } from "../lib/money.js";
import { html, useRef, useState } from "../lib/vendor.js";
import { attemptOf, forgetAttempt, keepAttempt, newAttempt } from "./attempt.js";
import { breachOf, breachText, rangeText, suggestedAmount } from "./rules.js";

/**
 * @param {{ details: any, address: string, onPaid: (receipt: any) => void }} props
 */
export const PayForm = ({ details, address, onPaid }) => {
  const { obligation, payment_rules: rules } = details;
  const attempt = useRef(attemptOf(obligation.id));
  const waiting = attempt.current.sent;
  const [currency, setCurrency] = useState(
    waiting?.currency ?? obligation.currency ?? details.currencies?.[0],
  );
  const owed = obligation.balance;
  const suggested = waiting?.amount ?? suggestedAmount(owed, rules);
  const [text, setText] = useState(
    suggested === undefined ? "" : editableAmount(suggested, currency),
  );
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  // Sent, and no answer seen: until it is known what became of it, no other amount may be sent.
  const [unknown, setUnknown] = useState(waiting !== undefined);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const sending = useRef(false);

  const amount = parseAmount(text, currency);
  const refuse = (/** @type {string} */ why) => {
    setProblem(why);
    field.current?.focus();
  };

  const pay = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (sending.current) return;
    if (amount === undefined || amount === 0)
      return refuse(`Write an amount in ${currency}, like ${editableAmount(125050, currency)}.`);
    const breach = unknown ? undefined : breachOf(amount, owed, rules);
    if (breach !== undefined) return refuse(breachText(breach, owed, rules, currency));

    sending.current = true;
    setBusy(true);
    setProblem("");
    attempt.current = { paymentId: attempt.current.paymentId, sent: { amount, currency } };
    keepAttempt(obligation.id, attempt.current);
    const body = { payment_id: attempt.current.paymentId, amount, currency };
    try {
      const receipt = await request(`${address}/payments${location.search}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      forgetAttempt(obligation.id);
      onPaid(receipt);
    } catch (reason) {
      const refused =
        reason instanceof ApiProblem &&
        reason.status >= 400 &&
        reason.status < 500 &&
        reason.status !== 408 &&
        reason.status !== 429;
      setUnknown(!refused);
      if (refused) {
        forgetAttempt(obligation.id);
        attempt.current = newAttempt();
        refuse(/** @type {Error} */ (reason).message);
      } else setProblem("");
    }
    sending.current = false;
    setBusy(false);
  };

  const label =
    amount === undefined || amount === 0
      ? "Pay"
      : `Pay ${currency} ${formatAmount(amount, currency)}`;
  return html`<form class="pay-form" onSubmit=${pay} noValidate>
    ${
      unknown &&
      html`<div class="notice" role="alert"><strong>We do not know yet whether your payment arrived.</strong>
      Try again with the same amount: if it did arrive, you will see its receipt and pay nothing twice.</div>`
    }
    ${
      obligation.currency === undefined &&
      details.currencies?.length > 1 &&
      html`<label class="field"><span>Currency</span>
      <select value=${currency} disabled=${unknown} onChange=${(/** @type {any} */ event) => setCurrency(event.target.value)}>
        ${details.currencies.map((/** @type {string} */ code) => html`<option key=${code}>${code}</option>`)}</select></label>`
    }
    <label class="field amount-field" for="amount"><span>Amount to pay</span></label>
    <div class=${problem === "" ? "money-input" : "money-input wrong"}>
      <span aria-hidden="true">${currency}</span>
      <input id="amount" ref=${field} inputmode="decimal" autocomplete="transaction-amount" value=${text} readonly=${unknown || busy}
        aria-describedby="amount-hint amount-problem" aria-invalid=${problem !== ""}
        onInput=${(/** @type {any} */ event) => {
          setText(event.target.value);
          setProblem("");
        }} />
    </div>
    <p class="hint" id="amount-hint">${unknown ? "" : rangeText(owed, rules, currency)}</p>
    <p class="form-problem" id="amount-problem" role="alert">${problem}</p>
    <button class="primary pay-button" aria-disabled=${busy}>${busy ? "Paying…" : unknown ? "Try again" : label}</button>
  </form>`;
};
