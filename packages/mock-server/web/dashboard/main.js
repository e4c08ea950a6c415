/** The dashboard: which book, which section, which moment; the sections do the rest. */
import { createApi } from "../lib/api.js";
import { html, render, useEffect, useMemo, useRef, useState } from "../lib/vendor.js";
import { openBook } from "./book.js";
import { SharedContext } from "./context.js";
import { Controls } from "./controls.js";
import { Deliveries } from "./deliveries.js";
import { Entities } from "./entities.js";
import { KeyGate } from "./key-gate.js";
import { Overview } from "./overview.js";
import { Requests } from "./requests.js";
import { TimeTravel } from "./time-travel.js";
import { Timeline } from "./timeline.js";

const keyName = "tallystick.key";
/** How long a message stays on the screen, in milliseconds. */
const messageMs = 5000;

/** Address, label, whether it can be looked at as of an earlier event, and the section. */
const sections = /** @type {const} */ ([
  ["overview", "Overview", true, () => html`<${Overview} />`],
  ["customers", "Customers", true, () => html`<${Entities} key="customer" kind="customer" />`],
  ["accounts", "Accounts", true, () => html`<${Entities} key="account" kind="account" />`],
  ["bills", "Bills", true, () => html`<${Entities} key="bill" kind="bill" />`],
  ["events", "Events", true, () => html`<${Timeline} />`],
  ["webhooks", "Webhooks", false, () => html`<${Deliveries} />`],
  ["requests", "Requests", false, () => html`<${Requests} />`],
  ["controls", "Controls", false, () => html`<${Controls} />`],
]);

const connectionWords = {
  connecting: "Connecting…",
  live: "Live",
  lost: "Disconnected, trying again",
};

const sectionHere = () => location.hash.replace(/^#\//, "") || "overview";

/** @param {{ apiKey: string, onLeave: (notice: string) => void }} props */
const Dashboard = ({ apiKey, onLeave }) => {
  const api = useMemo(() => createApi(apiKey), [apiKey]);
  const book = useMemo(
    () => openBook(api, () => onLeave("The server does not take this key any more.")),
    [api],
  );
  const [view, setView] = useState(book.view());
  const [place, setPlace] = useState(sectionHere());
  const [asOf, setAsOf] = useState(/** @type {number | undefined} */ (undefined));
  const [dialog, openDialog] = useState(/** @type {any} */ (undefined));
  const [message, setMessage] = useState("");

  useEffect(() => {
    setView(book.view());
    const unwatch = book.watch(() => setView(book.view()));
    return () => {
      unwatch();
      book.close();
    };
  }, [book]);
  useEffect(() => {
    const move = () => setPlace(sectionHere());
    addEventListener("hashchange", move);
    return () => removeEventListener("hashchange", move);
  }, []);
  useEffect(() => {
    if (message === "") return;
    const timer = setTimeout(() => setMessage(""), messageMs);
    return () => clearTimeout(timer);
  }, [message]);
  useEffect(() => {
    if (asOf !== undefined && asOf > view.entries.length && view.caughtUp) setAsOf(undefined);
  }, [asOf, view]);

  const [id, label, travels, section] = sections.find(([name]) => name === place) ?? sections[0];
  const nav = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    // On a phone the row of sections is wider than the screen. `scrollIntoView` would do, but it also
    // moves the place from which the Tab key goes on.
    const here = nav.current?.querySelector("[aria-current]");
    if (nav.current && here instanceof HTMLElement)
      nav.current.scrollLeft = here.offsetLeft - (nav.current.clientWidth - here.offsetWidth) / 2;
    document.title = `${label} · Tallystick`;
  }, [label]);
  const shared = { api, book, view, asOf, setAsOf, announce: setMessage, openDialog };
  const masked = apiKey.replace(/^(sk_(?:test_)?.{2}).*(.{2})$/, "$1…$2");

  return html`<${SharedContext.Provider} value=${shared}>
    <a class="skip" href="#main" onClick=${(/** @type {Event} */ event) => {
      event.preventDefault();
      document.getElementById("main")?.focus();
    }}>Skip to the content</a>
    <div class="shell">
      <header class="top">
        <a class="brand" href="#/overview"><img src="/_web/icon.svg" alt="" width="26" height="26" />Tallystick</a>
        <span class=${`connection ${view.connection}`} role="status">${connectionWords[view.connection]}</span>
        <span class="who"><code>${masked}</code><button type="button" class="quiet" onClick=${() => onLeave("")}>Close the book</button></span>
      </header>
      <nav ref=${nav} class="sections" aria-label="Sections"><ul>
        ${sections.map(([name, text]) => html`<li key=${name}><a href=${`#/${name}`} aria-current=${name === id ? "page" : undefined}>${text}</a></li>`)}
      </ul></nav>
      <main id="main" tabindex="-1" class=${asOf !== undefined && travels ? "past" : ""}>
        ${travels && html`<${TimeTravel} />`}
        ${section()}
      </main>
    </div>
    ${dialog}
    <div class=${message === "" ? "toast" : "toast shown"} role="status" aria-live="polite">${message}</div>
  <//>`;
};

const App = () => {
  const [key, setKey] = useState(sessionStorage.getItem(keyName) ?? "");
  const [notice, setNotice] = useState("");
  const open = (/** @type {string} */ given) => {
    sessionStorage.setItem(keyName, given);
    setNotice("");
    setKey(given);
  };
  const leave = (/** @type {string} */ why) => {
    sessionStorage.removeItem(keyName);
    setNotice(why);
    setKey("");
  };
  return key === ""
    ? html`<${KeyGate} notice=${notice} onOpen=${open} />`
    : html`<${Dashboard} key=${key} apiKey=${key} onLeave=${leave} />`;
};

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
root.replaceChildren();
render(html`<${App} />`, root);
