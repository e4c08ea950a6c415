/** Customers, accounts and bills: what each owes, now or at the position looked at. */

import { rowOf } from "../lib/history.js";
import { formatDate } from "../lib/time.js";
import { html, useState } from "../lib/vendor.js";
import { useAnswer, useRows, useShared } from "./context.js";
import { PayDialog, VoidDialog } from "./money-dialogs.js";
import { Choice, Empty, Loading, Owed, Tag, Trouble } from "./ui.js";

/** @typedef {import("../lib/history.js").Row} Row */

const step = 50;
/** The most that one request may ask for. */
const most = 500;

const filters = {
  customer: [
    ["", "All"],
    ["owing", "Owing"],
    ["credit", "In credit"],
  ],
  account: [
    ["", "All"],
    ["owing", "Owing"],
    ["credit", "In credit"],
  ],
  bill: [
    ["", "All"],
    ["unpaid", "Unpaid"],
    ["paid", "Paid"],
    ["voided", "Voided"],
    ["credit", "Overpaid"],
  ],
};
const plurals = { customer: "customers", account: "accounts", bill: "bills" };
const tones = { unpaid: "due", paid: "good", voided: "plain" };

/** @param {string} filter */
const queryOf = (filter) => {
  if (filter === "owing" || filter === "credit") return { [filter]: "true" };
  return filter === "" ? {} : { status: filter };
};

/** @param {Row} row @param {string} filter */
const passes = (row, filter) => {
  if (filter === "owing") return (row.balance ?? 0) > 0;
  if (filter === "credit") return (row.balance ?? 0) < 0;
  return filter === "" || row.status === filter;
};

/** @param {Row} row @param {string} sought in lower case */
const matches = (row, sought) =>
  [row.id, row.reference, row.name ?? "", row.obligationId ?? ""].some((text) =>
    text.toLowerCase().includes(sought),
  );

/** @param {{ row: Row, owner: Row | undefined, past: boolean }} props */
const Line = ({ row, owner, past }) => {
  const { openDialog } = useShared();
  const close = () => openDialog(undefined);
  const pay = () => openDialog(html`<${PayDialog} row=${row} onClose=${close} />`);
  const voidBill = () => openDialog(html`<${VoidDialog} row=${row} onClose=${close} />`);
  return html`<tr>
    <th scope="row">
      <span class="primary-text">${row.name ?? row.reference}</span>
      <span class="sub">
        ${row.name !== undefined && html`<span>${row.reference}</span>`}
        ${owner !== undefined && html`<span>${owner.name ?? owner.reference}</span>`}
        <code>${row.id}</code>
      </span>
    </th>
    ${
      row.kind === "bill" &&
      html`<td data-label="Status"><${Tag} tone=${tones[/** @type {"paid"} */ (row.status)]}>${row.status}<//></td>
      <td data-label="Due" class="nowrap">${row.dueDate === undefined ? html`<span class="muted">–</span>` : formatDate(row.dueDate)}</td>`
    }
    <td class="money" data-label=${row.kind === "bill" ? "Left to pay" : "Owes"}>
      <${Owed} balance=${row.balance} currency=${row.currency} />
    </td>
    <td class="actions">
      ${
        !past &&
        html`
        ${row.status !== "voided" && html`<button type="button" onClick=${pay} aria-label=${`Pay ${row.reference}`}>Pay</button>`}
        ${row.status === "unpaid" && html`<button type="button" class="quiet" onClick=${voidBill} aria-label=${`Void ${row.reference}`}>Void</button>`}
        ${
          row.obligationId &&
          html`<a class="button quiet" href=${`/pay/${row.obligationId}`} target="_blank" rel="noopener"
          aria-label=${`Pay page of ${row.reference}`}>Pay page</a>`
        }`
      }
    </td>
  </tr>`;
};

/** @param {{ kind: Row["kind"] }} props */
export const Entities = ({ kind }) => {
  const { api, view, asOf } = useShared();
  const [filter, setFilter] = useState("");
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState(step);
  const folded = useRows();
  const sought = search.trim().toLowerCase();
  // The server pages through any book; searching and looking back need the events, which are here.
  const fromEvents = sought !== "" || asOf !== undefined;

  const { answer, problem } = useAnswer(async () => {
    if (fromEvents) return undefined;
    const data = [];
    let after;
    do {
      const limit = Math.min(most, shown - data.length);
      const page = await api.get(`/_mock/${plurals[kind]}`, { ...queryOf(filter), limit, after });
      data.push(...page.data.map((/** @type {any} */ entity) => rowOf(entity, kind)));
      after = page.next ?? undefined;
    } while (after !== undefined && data.length < shown);
    return { data, more: after !== undefined };
  }, [kind, filter, shown, fromEvents]);

  const found = fromEvents
    ? [...folded.values()].filter(
        (row) => row.kind === kind && passes(row, filter) && matches(row, sought),
      )
    : undefined;
  const list = found ? { data: found.slice(0, shown), more: found.length > shown } : answer;
  /** @param {Row} row */
  const known = (row) => ({
    ...row,
    obligationId: row.obligationId ?? folded.get(row.id)?.obligationId,
  });

  const change = (/** @type {(value: string) => void} */ set) => (/** @type {string} */ value) => {
    set(value);
    setShown(step);
  };
  const body = () => {
    if (problem !== undefined && !fromEvents) return html`<${Trouble} message=${problem} />`;
    if (list === undefined) return html`<${Loading} />`;
    if (list.data.length === 0)
      return filter === "" && sought === ""
        ? html`<${Empty} title=${`No ${plurals[kind]} yet`}>
            They appear here as soon as <code>POST /billing/${plurals[kind]}</code> makes the first one.
          <//>`
        : html`<${Empty} title="Nothing fits">No ${kind} fits this search and filter.<//>`;
    return html`<div class="table-wrap"><table class=${`ledger ${kind}`}>
        <caption class="visually-hidden">${plurals[kind]} and what they owe</caption>
        <thead><tr>
          <th scope="col">${kind}</th>
          ${kind === "bill" && html`<th scope="col">Status</th><th scope="col">Due</th>`}
          <th scope="col" class="money">${kind === "bill" ? "Left to pay" : "Owes"}</th>
          <th scope="col"><span class="visually-hidden">Actions</span></th>
        </tr></thead>
        <tbody>
          ${list.data.map(
            (
              /** @type {Row} */ row,
            ) => html`<${Line} key=${row.id} row=${known(row)} past=${asOf !== undefined}
            owner=${folded.get(row.accountId ?? row.customerId ?? "")} />`,
          )}
        </tbody>
      </table></div>
      ${list.more && html`<button type="button" class="more" onClick=${() => setShown(shown + step)}>Show more</button>`}`;
  };

  return html`<section aria-labelledby="section-title">
    <h1 id="section-title">${plurals[kind]}</h1>
    <div class="toolbar">
      <input type="search" aria-label=${`Search ${plurals[kind]}`} placeholder="Name, reference or id"
        value=${search} onInput=${(/** @type {any} */ event) => change(setSearch)(event.target.value)} />
      <${Choice} legend="Show" options=${filters[kind]} value=${filter} onChange=${change(setFilter)} />
    </div>
    ${sought !== "" && !view.caughtUp && html`<p class="muted">Still reading the book: more may be found.</p>`}
    ${body()}
  </section>`;
};
