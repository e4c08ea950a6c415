/** The journal: each request with its answer and the events it caused. */

import { curlOf } from "../lib/curl.js";
import { html, useState } from "../lib/vendor.js";
import { useAnswer, useShared } from "./context.js";
import { Choice, Dialog, Empty, Field, Loading, Tag, Trouble, When } from "./ui.js";

/** Reading makes no event of the book, so the journal is asked for at this pace. */
const everyMs = 2000;
const step = 50;
const methods = /** @type {const} */ ([
  ["", "All"],
  ["GET", "GET"],
  ["POST", "POST"],
  ["PATCH", "PATCH"],
]);

/** @param {number} status */
const toneOf = (status) => (status >= 500 ? "bad" : status >= 400 ? "due" : "good");
/** @param {string} value JSON, unless it was cut off */
const pretty = (value) => {
  try {
    return JSON.stringify(JSON.parse(value), undefined, 2);
  } catch {
    return value;
  }
};

/** @param {{ command: string, onClose: () => void }} props for where the clipboard is out of reach */
const CurlDialog = ({ command, onClose }) =>
  html`<${Dialog} title="As curl" wide onClose=${onClose}>
    <${Field} label="Copy this"><textarea readonly rows="6" value=${command} onFocus=${(/** @type {any} */ event) => event.target.select()} /><//>
  <//>`;

/** @param {{ request: any }} props */
const RequestCard = ({ request }) => {
  const { announce, openDialog } = useShared();
  const { status, request_body: body, response_body: answer, events } = request;
  const copy = async () => {
    const command = curlOf(request, location.origin);
    try {
      await navigator.clipboard.writeText(command);
      announce("Copied. Set TALLYSTICK_KEY before you run it.");
    } catch {
      openDialog(html`<${CurlDialog} command=${command} onClose=${() => openDialog(undefined)} />`);
    }
  };
  return html`<li class="card">
    <header>
      <${Tag} tone=${toneOf(status)}>${status}<//>
      <strong class="request-line">${request.method} ${request.path}</strong>
      <span class="muted"><${When} at=${request.at} /></span>
      <button type="button" onClick=${copy} aria-label=${`Copy as curl: ${request.method} ${request.path}`}>Copy as curl</button>
    </header>
    ${events.length > 0 && html`<p class="caused">caused ${events.map((/** @type {string} */ id) => html`<code key=${id}>${id}</code> `)}</p>`}
    <details><summary>Request and answer</summary><div class="columns">
      ${body && html`<pre tabindex="0" aria-label="Request body">${pretty(body)}</pre>`}
      ${answer && html`<pre tabindex="0" aria-label="Answer">${pretty(answer)}</pre>`}
    </div></details>
  </li>`;
};

export const Requests = () => {
  const { api, announce, book } = useShared();
  const [method, setMethod] = useState("");
  const [status, setStatus] = useState("");
  const [shown, setShown] = useState(step);
  const { answer, problem } = useAnswer(
    () => api.get("/_mock/requests", { method, status }),
    [method, status],
    everyMs,
  );
  const clear = async () => {
    await api.delete("/_mock/requests");
    announce("The journal is empty");
    book.touch();
  };
  const body = () => {
    if (problem !== undefined) return html`<${Trouble} message=${problem} />`;
    if (answer === undefined) return html`<${Loading} />`;
    const newest = [...answer.data].reverse();
    if (newest.length === 0)
      return html`<${Empty} title="No requests">What is sent to <code>/billing</code> with this key is listed here.<//>`;
    return html`<ul class="cards">${newest.slice(0, shown).map((request) => html`<${RequestCard} key=${request.id} request=${request} />`)}</ul>
      ${newest.length > shown && html`<button type="button" class="more" onClick=${() => setShown(shown + step)}>Show more</button>`}`;
  };
  return html`<section aria-labelledby="section-title"><h1 id="section-title">Requests</h1>
    <div class="toolbar">
      <${Choice} legend="Method" options=${methods} value=${method} onChange=${setMethod} />
      <${Field} label="Status"><input inputmode="numeric" size="4" maxlength="3" placeholder="any" value=${status}
        onInput=${(/** @type {any} */ event) => /^(\d{3})?$/.test(event.target.value) && setStatus(event.target.value)} /><//>
      <button type="button" class="quiet" onClick=${clear}>Clear the journal</button>
    </div>${body()}</section>`;
};
