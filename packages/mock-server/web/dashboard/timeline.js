/** Every event of the book, newest first. */
import { html, useState } from "../lib/vendor.js";
import { useRows, useShared } from "./context.js";
import { Amount, Empty, Field, Loading, Reading, Trouble, When } from "./ui.js";

const step = 50;

/** What an event did to what is owed, in words. @param {{ data: any }} props */
const Effect = ({ data }) => {
  if (!data.effect)
    return data.amount ? html`<${Amount} minor=${data.amount} currency=${data.currency} />` : "";
  const tone = data.effect > 0 ? "raised" : "lowered";
  return html`<span class=${`effect ${tone}`}>
    <span class="visually-hidden">${tone} by</span><span aria-hidden="true">${data.effect > 0 ? "+" : "−"}</span>
    <${Amount} minor=${Math.abs(data.effect)} currency=${data.currency} />
  </span>`;
};

/** @param {{ entry: import("../lib/history.js").Entry, name: string }} props */
const EventLine = ({ entry, name }) => {
  const { api, asOf, setAsOf } = useShared();
  const [opened, setOpened] = useState(false);
  const [raw, setRaw] = useState("");
  const look = async (/** @type {any} */ toggle) => {
    setOpened(toggle.target.open);
    if (!toggle.target.open || raw !== "") return;
    const { data } = await api.get("/_mock/events", { after: entry.position - 1, limit: 1 });
    setRaw(JSON.stringify(data[0], undefined, 2));
  };
  return html`<li class=${entry.position === asOf ? "event at" : "event"}>
    <span class="position">#${entry.position}</span>
    <div>
      <strong>${entry.type}</strong> <span class="muted">${name}</span>
      <span class="sub"><${When} at=${entry.recordedAt} /><code>${entry.id}</code></span>
      <details onToggle=${look}><summary>Details</summary>
        ${opened && raw === "" ? html`<${Loading} />` : raw !== "" && html`<pre tabindex="0" aria-label=${`Event ${entry.id}`}>${raw}</pre>`}
      </details>
    </div>
    <span class="money"><${Effect} data=${entry.data} /></span>
    <button type="button" class="quiet" onClick=${() => setAsOf(entry.position)}
      aria-label=${`Go to event ${entry.position}`}>Go to</button>
  </li>`;
};

export const Timeline = () => {
  const { view, asOf, book } = useShared();
  const rows = useRows();
  const [type, setType] = useState("");
  const [entity, setEntity] = useState("");
  const [shown, setShown] = useState(step);
  const types = [...new Set(view.entries.map((entry) => entry.type))].sort();
  const sought = entity.trim().toLowerCase();
  /** @param {import("../lib/history.js").Entry} entry */
  const nameOf = (entry) => {
    const row = rows.get(entry.streamId.split("/")[1] ?? "");
    return row === undefined ? entry.streamId : `${row.kind} ${row.name ?? row.reference}`;
  };
  const fits = view.entries
    .filter((entry) => entry.position <= (asOf ?? Number.POSITIVE_INFINITY))
    .filter((entry) => type === "" || entry.type === type)
    .filter(
      (entry) =>
        sought === "" ||
        [entry.id, entry.streamId, entry.data.payment_id ?? "", nameOf(entry)].some((text) =>
          text.toLowerCase().includes(sought),
        ),
    )
    .reverse();

  const body = () => {
    if (view.problem !== undefined)
      return html`<${Trouble} message=${view.problem} onRetry=${book.restart} />`;
    if (view.entries.length === 0)
      return view.caughtUp
        ? html`<${Empty} title="Nothing has happened yet">Each change to the book becomes one line here, for ever.<//>`
        : html`<${Reading} read=${view.read} />`;
    if (fits.length === 0)
      return html`<${Empty} title="Nothing fits">No event fits this filter.<//>`;
    return html`<ol class="timeline" reversed>
        ${fits.slice(0, shown).map((entry) => html`<${EventLine} key=${entry.id} entry=${entry} name=${nameOf(entry)} />`)}
      </ol>
      ${fits.length > shown && html`<button type="button" class="more" onClick=${() => setShown(shown + step)}>Show more</button>`}`;
  };
  return html`<section aria-labelledby="section-title">
    <h1 id="section-title">Events</h1>
    <div class="toolbar">
      <${Field} label="Type">
        <select value=${type} onChange=${(/** @type {any} */ event) => setType(event.target.value)}>
          <option value="">All types</option>
          ${types.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
        </select>
      <//>
      <${Field} label="About"><input type="search" placeholder="Name, id or payment" value=${entity}
        onInput=${(/** @type {any} */ event) => setEntity(event.target.value)} /><//>
    </div>
    ${body()}
  </section>`;
};
