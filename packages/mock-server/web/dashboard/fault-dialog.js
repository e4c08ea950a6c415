/** One fault to inject: where it strikes, what it does, how often. */
import { textOf } from "../lib/form-text.js";
import { html, useState } from "../lib/vendor.js";
import { useShared } from "./context.js";
import { AskForm, Choice, Dialog, Field } from "./ui.js";

const targets = /** @type {const} */ ([
  ["requests", "Requests"],
  ["webhook", "Webhooks"],
]);
const effects = {
  requests: [
    ["status", "Answer with a status"],
    ["delay_ms", "Answer late"],
    ["drop_before", "Cut the line before anything is done"],
    ["commit_then_drop", "Do the work, then cut the line"],
  ],
  webhook: [
    ["drop", "Fail the attempt"],
    ["duplicate", "Send it twice"],
    ["delay_ms", "Send it late"],
    ["reorder", "Hold it until the next has gone"],
    ["bad_signature", "Sign it wrongly"],
    ["stale_timestamp", "Date it back"],
  ],
};

/** @param {{ onClose: () => void }} props */
export const FaultDialog = ({ onClose }) => {
  const { api, announce, book } = useShared();
  const [target, setTarget] = useState(/** @type {"requests" | "webhook"} */ ("requests"));
  const [effect, setEffect] = useState("status");
  const submit = async (/** @type {FormData} */ form) => {
    const text = (/** @type {string} */ name) => textOf(form, name);
    const method = text("method");
    const path = text("path");
    const on =
      target === "webhook" ? "webhook" : { ...(method && { method }), ...(path && { path }) };
    const measured = effect === "status" || effect === "delay_ms";
    const times = Number(text("times"));
    await api.post("/_mock/faults", {
      on,
      effect: measured ? { [effect]: Number(text("measure")) } : effect,
      times,
    });
    announce("The fault is waiting");
    book.touch();
    onClose();
  };
  const choose = (/** @type {string} */ next) => {
    setTarget(/** @type {"webhook"} */ (next));
    setEffect(effects[/** @type {"webhook"} */ (next)][0]?.[0] ?? "");
  };
  return html`<${Dialog} title="Inject a fault" onClose=${onClose}>
    <${AskForm} submit=${submit} label="Inject" onCancel=${onClose}>
      <${Choice} legend="Strikes" options=${targets} value=${target} onChange=${choose} />
      <${Field} label="What happens">
        <select value=${effect} onChange=${(/** @type {any} */ event) => setEffect(event.target.value)}>
          ${effects[target].map(([name, label]) => html`<option key=${name} value=${name}>${label}</option>`)}
        </select>
      <//>
      ${effect === "status" && html`<${Field} label="Status"><input name="measure" type="number" min="400" max="599" required defaultValue="503" /><//>`}
      ${effect === "delay_ms" && html`<${Field} label="Late by, in milliseconds"><input name="measure" type="number" min="1" max="60000" required defaultValue="2000" /><//>`}
      ${
        target === "requests" &&
        html`<div class="inline">
        <${Field} label="Method"><select name="method"><option value="">any</option><option>GET</option><option>POST</option><option>PATCH</option></select><//>
        <${Field} label="Path" hint="Exact; empty means every path"><input name="path" placeholder="/billing/customers" /><//>
      </div>`
      }
      <${Field} label="How often"><input name="times" type="number" min="1" max="1000" required defaultValue="1" /><//>
    <//>
  <//>`;
};
