/** The book at a glance: what is owed and held as credit in each currency, and what happened last. */

import { totalsOf } from "../lib/history.js";
import { html, useMemo } from "../lib/vendor.js";
import { useRows, useShared } from "./context.js";
import { Amount, Empty, Reading, Tag, Trouble, When } from "./ui.js";

/** @param {{ total: import("../lib/history.js").Total }} props */
const TotalCard = ({ total }) => {
  const net = total.owed - total.credit;
  return html`<article class="total" aria-label=${`Totals in ${total.currency}`}>
    <h2>${total.currency}</h2>
    <dl>
      <div><dt>Owed to you <small>${total.owing} owing</small></dt><dd><${Amount} minor=${total.owed} currency=${total.currency} /></dd></div>
      <div><dt>Credit you hold <small>${total.inCredit} in credit</small></dt><dd><${Amount} minor=${total.credit} currency=${total.currency} /></dd></div>
      <div class="net"><dt>${net < 0n ? "Net credit" : "Net owed"}</dt>
        <dd><${Amount} minor=${net < 0n ? -net : net} currency=${total.currency} /></dd></div>
    </dl>
  </article>`;
};

export const Overview = () => {
  const { view, asOf, book } = useShared();
  const rows = useRows();
  const totals = useMemo(() => totalsOf(rows.values()), [rows]);
  const all = [...rows.values()];
  const count = (/** @type {string} */ kind) => all.filter((row) => row.kind === kind).length;
  const latest = view.entries
    .filter((entry) => entry.position <= (asOf ?? Number.POSITIVE_INFINITY))
    .slice(-6)
    .reverse();

  if (view.problem !== undefined)
    return html`<section><h1>Overview</h1><${Trouble} message=${view.problem} onRetry=${book.restart} /></section>`;
  if (!view.caughtUp)
    return html`<section><h1>Overview</h1><${Reading} read=${view.read} /></section>`;
  return html`<section aria-labelledby="section-title">
    <h1 id="section-title">Overview</h1>
    ${
      totals.length === 0
        ? html`<${Empty} title="An empty book">Send <code>POST /billing/customers</code> with this key, and the first balance shows here at once.<//>`
        : html`<div class="totals">${totals.map((total) => html`<${TotalCard} key=${total.currency} total=${total} />`)}</div>`
    }
    ${
      all.length > 0 &&
      html`<ul class="counts">
      ${
        /** @type {const} */ (["customer", "account", "bill"]).map(
          (kind) => html`<li key=${kind}>
        <a href=${`#/${kind}s`}><strong>${count(kind).toLocaleString("en")}</strong> ${kind}${count(kind) === 1 ? "" : "s"}</a></li>`,
        )
      }
      <li><a href="#/events"><strong>${(asOf ?? view.entries.length).toLocaleString("en")}</strong> events</a></li>
    </ul>`
    }
    ${
      latest.length > 0 &&
      html`<h2>Latest</h2>
      <ul class="latest">${latest.map(
        (entry) => html`<li key=${entry.id}>
        <span class="position">#${entry.position}</span><span><${Tag}>${entry.type}<//> ${rows.get(entry.streamId.split("/")[1] ?? "")?.reference ?? ""}</span>
        <span class="muted"><${When} at=${entry.recordedAt} /></span></li>`,
      )}</ul>`
    }
  </section>`;
};
