/** Moving the clock, injecting faults, starting over. */
import { textOf } from "../lib/form-text.js";
import { html, useState } from "../lib/vendor.js";
import { useAnswer, useShared } from "./context.js";
import { FaultDialog } from "./fault-dialog.js";
import { AskForm, Dialog, Field, Loading, Trouble, When } from "./ui.js";

/** A running clock, and faults that were used up, change by themselves. */
const everyMs = 2000;
const secondsIn = { minutes: 60, hours: 3600, days: 86400 };

/** @param {{ clock: any }} props */
const Clock = ({ clock }) => {
  const { api, announce, book } = useShared();
  const [problem, setProblem] = useState("");
  const tell = async (/** @type {Promise<any>} */ asked, /** @type {string} */ message) => {
    setProblem("");
    try {
      await asked;
      announce(message);
      book.touch();
    } catch (reason) {
      setProblem(/** @type {Error} */ (reason).message);
    }
  };
  const advance = async (/** @type {FormData} */ form) => {
    const unit = /** @type {"days"} */ (textOf(form, "unit"));
    const seconds = Number(textOf(form, "count")) * secondsIn[unit];
    await api.post("/_mock/clock/advance", { seconds });
    announce(`The clock moved ${textOf(form, "count")} ${unit} on`);
    book.touch();
  };
  return html`<div class="panel">
    <h2>Clock</h2>
    <p class="clock"><strong><${When} at=${clock.now} /></strong> <span class=${clock.frozen ? "tag tag-due" : "tag tag-good"}>${clock.frozen ? "frozen" : "running"}</span></p>
    ${
      clock.frozen
        ? html`<${AskForm} submit=${advance} label="Advance">
          <p class="hint">What falls due on the way (retries, expiries) happens at its own instant, in order.</p>
          <div class="inline">
            <${Field} label="Advance by"><input name="count" type="number" min="1" max="10000" required defaultValue="1" /><//>
            <${Field} label="Unit"><select name="unit"><option>minutes</option><option>hours</option><option selected>days</option></select><//>
          </div>
        <//>
        <button type="button" onClick=${() => tell(api.put("/_mock/clock", { real: true }), "The clock is running")}>Let it run</button>`
        : html`<p class="hint">Freeze it to move through time by hand.</p>
        <button type="button" class="primary" onClick=${() => tell(api.put("/_mock/clock", { now: new Date().toISOString() > clock.now ? new Date().toISOString() : clock.now }), "The clock is frozen")}>Freeze now</button>`
    }
    <p class="form-problem" role="alert">${problem}</p>
  </div>`;
};

/** @param {any} fault */
const faultWords = ({ on, effect, times }) => {
  const where =
    on === "webhook"
      ? "webhooks"
      : [on?.method, on?.path ?? "every path"].filter(Boolean).join(" ");
  const what =
    typeof effect === "string"
      ? effect
      : Object.entries(effect ?? {})
          .map((pair) => pair.join(" "))
          .join(", ");
  return `${what} on ${where}${times === undefined ? "" : `, ${times}×`}`;
};

/** @param {{ faults: any[] }} props */
const Faults = ({ faults }) => {
  const { api, announce, book, openDialog } = useShared();
  const clear = async () => {
    await api.delete("/_mock/faults");
    announce("All faults are cleared");
    book.touch();
  };
  return html`<div class="panel">
    <h2>Faults</h2>
    <p class="hint">Make the next requests or webhooks fail, to see what your code does then.</p>
    ${faults.length === 0 ? html`<p class="muted">None is waiting.</p>` : html`<ul class="faults">${faults.map((fault) => html`<li key=${fault.id}>${faultWords(fault)}</li>`)}</ul>`}
    <div class="inline">
      <button type="button" class="primary" onClick=${() => openDialog(html`<${FaultDialog} onClose=${() => openDialog(undefined)} />`)}>Inject a fault</button>
      ${faults.length > 0 && html`<button type="button" class="quiet" onClick=${clear}>Clear all</button>`}
    </div>
  </div>`;
};

/** @param {{ onClose: () => void }} props */
const ResetDialog = ({ onClose }) => {
  const { api, announce, book, setAsOf } = useShared();
  const submit = async () => {
    await api.post("/_mock/reset");
    setAsOf(undefined);
    announce("The book is empty");
    book.restart();
    onClose();
  };
  return html`<${Dialog} title="Reset this book?" onClose=${onClose}>
    <${AskForm} submit=${submit} label="Reset" danger onCancel=${onClose}>
      <p>Every customer, account, bill and event of this key is gone from the mock, with its deliveries, requests and faults. Endpoints, settings and the clock stay.</p>
    <//>
  <//>`;
};

export const Controls = () => {
  const { api, openDialog } = useShared();
  const clock = useAnswer(() => api.get("/_mock/clock"), [], everyMs);
  const faults = useAnswer(() => api.get("/_mock/faults"), [], everyMs);
  const read = (
    /** @type {ReturnType<typeof useAnswer>} */ { answer, problem },
    /** @type {(answer: any) => any} */ show,
  ) =>
    problem !== undefined
      ? html`<div class="panel"><${Trouble} message=${problem} /></div>`
      : answer === undefined
        ? html`<div class="panel"><${Loading} /></div>`
        : show(answer);
  return html`<section aria-labelledby="section-title"><h1 id="section-title">Controls</h1><div class="panels">
      ${read(clock, (answer) => html`<${Clock} clock=${answer} />`)}
      ${read(faults, (answer) => html`<${Faults} faults=${answer.data ?? answer} />`)}
      <div class="panel"><h2>Start over</h2>
        <p class="hint">An empty book under the same key: positions begin at 1 again.</p>
        <button type="button" class="danger" onClick=${() => openDialog(html`<${ResetDialog} onClose=${() => openDialog(undefined)} />`)}>Reset…</button></div>
    </div></section>`;
};
