/** The scrubber: the book as of any event. Looking back changes nothing and stops nothing. */
import { html } from "../lib/vendor.js";
import { useShared } from "./context.js";
import { When } from "./ui.js";

export const TimeTravel = () => {
  const { view, asOf, setAsOf } = useShared();
  const last = view.entries.length;
  if (last === 0) return "";
  const position = Math.min(asOf ?? last, last);
  const entry = view.entries[position - 1];
  const go = (/** @type {number} */ to) => setAsOf(to >= last ? undefined : Math.max(to, 0));
  const words = asOf === undefined ? `Now, event ${last}` : `As of event ${position} of ${last}`;
  return html`<div class=${asOf === undefined ? "travel" : "travel past"} role="group" aria-label="Time travel">
    <button type="button" class="icon-button quiet" aria-label="One event back" onClick=${() => go(position - 1)}>‹</button>
    <input type="range" min="0" max=${last} step="1" value=${position} aria-label="Position in the book"
      aria-valuetext=${words} onInput=${(/** @type {any} */ event) => go(event.target.valueAsNumber)} />
    <button type="button" class="icon-button quiet" aria-label="One event on" onClick=${() => go(position + 1)}>›</button>
    <p>
      <strong>${words}</strong>
      <span class="muted">${entry && html`<${When} at=${entry.recordedAt} />`}</span>
    </p>
    ${asOf !== undefined && html`<button type="button" class="primary" onClick=${() => setAsOf(undefined)}>Back to now</button>`}
  </div>`;
};
