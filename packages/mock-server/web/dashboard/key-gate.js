/** Asks which merchant's book to open. The key stays in this tab and ends with it. */

import { ApiProblem, createApi, request } from "../lib/api.js";
import { textOf } from "../lib/form-text.js";
import { html, useEffect, useState } from "../lib/vendor.js";
import { AskForm, Field } from "./ui.js";

/** @param {{ notice: string, onOpen: (key: string) => void }} props */
export const KeyGate = ({ notice, onOpen }) => {
  const [demoKey, setDemoKey] = useState("");
  useEffect(() => {
    request("/_web/welcome.json").then(
      (welcome) => setDemoKey(welcome.demo_key ?? ""),
      () => undefined, // Without it the form works all the same.
    );
  }, []);
  const submit = async (/** @type {FormData} */ form) => {
    const key = textOf(form, "key");
    try {
      await createApi(key).get("/_mock/clock");
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || problem.status !== 401) throw problem;
      throw new Error("The server does not take this key. A secret key looks like sk_test_abc123.");
    }
    onOpen(key);
  };
  return html`<main class="gate" id="main">
    <div class="gate-card">
      <img src="/_web/icon.svg" alt="" width="44" height="44" />
      <h1>Tallystick</h1>
      <p>Open a merchant’s book. Each secret key is a merchant of its own.</p>
      ${notice && html`<p class="notice" role="status">${notice}</p>`}
      <${AskForm} submit=${submit} label="Open the book">
        <${Field} label="Secret key" hint="Kept in this tab only, and gone when it closes.">
          <input name="key" required autocomplete="off" spellcheck="false" placeholder="sk_test_…" />
        <//>
      <//>
      ${
        demoKey &&
        html`<div class="gate-demo"><span>The demo is running.</span>
        <button type="button" onClick=${() => onOpen(demoKey)}>Open the demo book</button></div>`
      }
    </div>
  </main>`;
};
