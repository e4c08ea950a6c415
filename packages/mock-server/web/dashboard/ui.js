/** Small pieces that every section is made of. */

import { formatAmount } from "../lib/money.js";
import { formatInstant } from "../lib/time.js";
import { html, useEffect, useId, useRef, useState } from "../lib/vendor.js";

/** @param {{ minor: number | bigint | undefined, currency: string | undefined }} props */
export const Amount = ({ minor, currency }) =>
  minor === undefined || currency === undefined
    ? html`<span class="muted">not tracked</span>`
    : html`<span class="amount">
        <span class="currency">${currency}</span> ${formatAmount(minor, currency)}
      </span>`;

/**
 * What is owed, and credit said as credit: never a bare minus that has to be understood.
 * @param {{ balance: number | undefined, currency: string | undefined }} props
 */
export const Owed = ({ balance, currency }) =>
  balance !== undefined && balance < 0
    ? html`<span class="credit">
        <${Amount} minor=${-balance} currency=${currency} /><span class="tag tag-credit">credit</span>
      </span>`
    : html`<${Amount} minor=${balance} currency=${currency} />`;

/** @param {{ at: string | undefined }} props */
export const When = ({ at }) =>
  at === undefined ? "" : html`<time datetime=${at}>${formatInstant(at)}</time>`;

/** @param {{ tone?: string, children?: any }} props */
export const Tag = ({ tone = "plain", children }) =>
  html`<span class=${`tag tag-${tone}`}>${children}</span>`;

/** @param {{ title: string, children?: any }} props */
export const Empty = ({ title, children }) =>
  html`<div class="empty">
    <svg aria-hidden="true" viewBox="0 0 64 40"><path d="M14 8v24M24 8v24M34 8v24M44 8v24M6 30 54 10" /></svg>
    <h2>${title}</h2>
    <p>${children}</p>
  </div>`;

/** @param {{ message: string, onRetry?: () => void }} props */
export const Trouble = ({ message, onRetry }) =>
  html`<div class="trouble" role="alert">
    <strong>This could not be read.</strong> ${message}
    ${onRetry && html`<button type="button" onClick=${onRetry}>Try again</button>`}
  </div>`;

export const Loading = () =>
  html`<div class="skeleton" role="status"><span class="visually-hidden">Loading…</span><i /><i /><i /></div>`;

/** @param {{ title: string, onClose: () => void, children?: any, wide?: boolean }} props */
export const Dialog = ({ title, onClose, children, wide = false }) => {
  const element = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return html`<dialog ref=${element} class=${wide ? "wide" : ""} aria-labelledby=${titleId} onClose=${onClose}>
    <header>
      <h2 id=${titleId}>${title}</h2>
      <button type="button" class="quiet icon-button" aria-label="Close" onClick=${onClose}>✕</button>
    </header>
    ${children}
  </dialog>`;
};

/**
 * A form that asks the server once at a time and shows why it refused.
 * @param {{ submit: (form: FormData) => Promise<unknown>, label: string, danger?: boolean,
 *   onCancel?: () => void, children?: any }} props
 */
export const AskForm = ({ submit, label, danger = false, onCancel, children }) => {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const onSubmit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem("");
    try {
      await submit(new FormData(/** @type {HTMLFormElement} */ (event.target)));
    } catch (reason) {
      setProblem(/** @type {Error} */ (reason).message);
    }
    setBusy(false);
  };
  return html`<form onSubmit=${onSubmit}>
    ${children}
    <p class="form-problem" role="alert">${problem}</p>
    <footer>
      ${onCancel && html`<button type="button" class="quiet" onClick=${onCancel}>Cancel</button>`}
      <button class=${danger ? "danger" : "primary"} aria-disabled=${busy}>
        ${busy ? "Working…" : label}
      </button>
    </footer>
  </form>`;
};

/** @param {{ label: string, hint?: any, children: any }} props `children` is one control */
export const Field = ({ label, hint, children }) =>
  html`<label class="field"><span>${label}</span>${children}${hint && html`<small>${hint}</small>`}</label>`;

/**
 * One choice of a few, as a row of buttons.
 * @param {{ legend: string, options: readonly (readonly [string, string])[], value: string,
 *   onChange: (value: string) => void }} props
 */
export const Choice = ({ legend, options, value, onChange }) => {
  const name = useId();
  return html`<fieldset class="choice">
    <legend class="visually-hidden">${legend}</legend>
    ${options.map(
      ([option, label]) => html`<label key=${option}>
        <input type="radio" name=${name} value=${option} checked=${option === value}
          onChange=${() => onChange(option)} /><span>${label}</span>
      </label>`,
    )}
  </fieldset>`;
};

/** While a book is read: how far it has come, where that takes a moment. @param {{ read: number }} props */
export const Reading = ({ read }) =>
  read === 0
    ? html`<${Loading} />`
    : html`<p role="status" class="notice">Reading the book: ${read.toLocaleString("en")} events so far.</p><${Loading} />`;
