/** Webhook deliveries: every attempt made or planned, one card per event and endpoint. */
import { html, useState } from "../lib/vendor.js";
import { useAnswer, useShared } from "./context.js";
import { Empty, Loading, Tag, Trouble, When } from "./ui.js";

const tones = { succeeded: "good", failed: "bad", pending: "due" };
/** Attempts come without an event of the book, so they are asked for at this pace. */
const everyMs = 2000;
const step = 100;

/** @param {{ group: { eventId: string, endpointId: string, attempts: any[] } }} props */
const DeliveryCard = ({ group }) => {
  const { api, announce, book } = useShared();
  const last = group.attempts.at(-1);
  const redeliver = async () => {
    try {
      await api.post(`/_mock/events/${group.eventId}/redeliver`);
      announce(`${group.eventId} is sent again`);
      book.touch();
    } catch (problem) {
      announce(/** @type {Error} */ (problem).message);
    }
  };
  return html`<li class="card">
    <header>
      <${Tag} tone=${tones[/** @type {"failed"} */ (last.status)]}>${last.status}<//>
      <code>${group.eventId}</code><span class="muted">to <code>${group.endpointId}</code></span>
      <button type="button" onClick=${redeliver} aria-label=${`Redeliver ${group.eventId}`}>Redeliver</button>
    </header>
    <ol class="attempts">${group.attempts.map(
      (attempt) => html`<li key=${attempt.id}>
      <span>Attempt ${attempt.attempt}</span>
      <span>${attempt.status}${attempt.response_status ? ` with ${attempt.response_status}` : ""}</span>
      <span class="muted">${attempt.status === "pending" ? "planned for " : ""}<${When} at=${attempt.next_attempt_at ?? attempt.at} /></span>
    </li>`,
    )}</ol>
  </li>`;
};

export const Deliveries = () => {
  const { api } = useShared();
  const [shown, setShown] = useState(step);
  const { answer, problem } = useAnswer(
    async () => {
      /** @type {any[]} */
      const attempts = [];
      let after;
      do {
        const page = await api.get("/_mock/deliveries", { limit: 500, after });
        attempts.push(...page.data);
        after = page.next ?? undefined;
      } while (after !== undefined);
      const endpoints = await api.get("/_mock/webhook_endpoints");
      return { attempts, endpoints: endpoints.data ?? endpoints };
    },
    [],
    everyMs,
  );
  const body = () => {
    if (problem !== undefined) return html`<${Trouble} message=${problem} />`;
    if (answer === undefined) return html`<${Loading} />`;
    if (answer.attempts.length === 0)
      return answer.endpoints.length === 0
        ? html`<${Empty} title="No endpoint">Register one with <code>POST /_mock/webhook_endpoints</code>, or start with <code>--webhook-url</code>.<//>`
        : html`<${Empty} title="Nothing was sent yet">The next payment is delivered to ${answer.endpoints.length} endpoint${answer.endpoints.length === 1 ? "" : "s"}.<//>`;
    /** @type {Map<string, { eventId: string, endpointId: string, attempts: any[] }>} */
    const groups = new Map();
    for (const attempt of answer.attempts) {
      const name = `${attempt.event_id} ${attempt.endpoint_id}`;
      /** @type {{ eventId: string, endpointId: string, attempts: any[] }} */
      const group = groups.get(name) ?? {
        eventId: attempt.event_id,
        endpointId: attempt.endpoint_id,
        attempts: [],
      };
      groups.set(name, group);
      group.attempts.push(attempt);
    }
    const newest = [...groups.values()].reverse();
    for (const group of newest) group.attempts.sort((a, b) => a.attempt - b.attempt);
    return html`<ul class="cards">${newest.slice(0, shown).map((group) => html`<${DeliveryCard} key=${group.eventId + group.endpointId} group=${group} />`)}</ul>
      ${newest.length > shown && html`<button type="button" class="more" onClick=${() => setShown(shown + step)}>Show more</button>`}`;
  };
  return html`<section aria-labelledby="section-title"><h1 id="section-title">Webhooks</h1>${body()}</section>`;
};
