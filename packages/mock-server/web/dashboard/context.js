/** What every section of the dashboard shares: the key's API, its book, the moment looked at. */

import { rowsAt } from "../lib/history.js";
import { createContext, useContext, useEffect, useMemo, useState } from "../lib/vendor.js";

/**
 * @typedef {object} Shared
 * @property {import("../lib/api.js").Api} api
 * @property {import("./book.js").Book} book
 * @property {import("./book.js").BookView} view
 * @property {number | undefined} asOf the position looked at; undefined: now
 * @property {(position: number | undefined) => void} setAsOf
 * @property {(message: string) => void} announce said by screen readers and shown for a moment
 * @property {(action: any) => void} openDialog
 */

export const SharedContext = createContext(/** @type {any} */ (undefined));

/** @returns {Shared} */
export const useShared = () => useContext(SharedContext);

/** Every object as of the moment looked at, by id. */
export const useRows = () => {
  const { view, asOf } = useShared();
  return useMemo(
    () => rowsAt(view.entries, asOf ?? Number.POSITIVE_INFINITY),
    [view.entries, asOf],
  );
};

/**
 * What the server answers, read again whenever something happened. While it is read again the old
 * answer stays on the screen.
 * @param {() => Promise<any>} load
 * @param {readonly unknown[]} dependencies
 * @param {number} [everyMs] also read at this pace while the page is visible
 * @returns {{ answer: any, problem: string | undefined }}
 */
export const useAnswer = (load, dependencies, everyMs) => {
  const { view } = useShared();
  const [state, setState] = useState({ answer: undefined, problem: undefined });
  const [pulse, setPulse] = useState(0);

  useEffect(() => {
    if (everyMs === undefined) return;
    const beat = () => document.visibilityState === "visible" && setPulse((count) => count + 1);
    const timer = setInterval(beat, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);

  useEffect(() => {
    let current = true;
    load().then(
      (answer) => current && setState({ answer, problem: undefined }),
      (problem) => current && setState({ answer: undefined, problem: problem.message }),
    );
    return () => {
      current = false;
    };
  }, [...dependencies, view.tick, pulse]);
  return state;
};
