/**
 * One merchant's book in this browser: it reads the events page by page, then follows them live, and
 * tells whoever looks. A reset elsewhere (positions that start again) is noticed and read anew.
 */
import { followEvents } from "../lib/event-stream.js";
import { entryOf } from "../lib/history.js";

const pageSize = 500;
/** Many events in one moment make one refresh. In milliseconds. */
const settleMs = 120;

/**
 * @typedef {object} BookView
 * @property {readonly import("../lib/history.js").Entry[]} entries from position 1, without gaps; none before all
 *   were read, so that no sum is ever shown that is not whole
 * @property {number} read how many events were read so far
 * @property {boolean} caughtUp all that was there has been read
 * @property {"connecting" | "live" | "lost"} connection
 * @property {number} tick rises when something happened; what was read before may be out of date
 * @property {string | undefined} problem why nothing could be read
 */

/** @typedef {ReturnType<typeof openBook>} Book */

/**
 * @param {import("../lib/api.js").Api} api
 * @param {() => void} onRefused the server does not take the key any more
 */
export const openBook = (api, onRefused) => {
  /** @type {import("../lib/history.js").Entry[]} */
  let entries = [];
  /** @type {BookView} */
  let view = {
    entries: [],
    read: 0,
    caughtUp: false,
    connection: "connecting",
    tick: 0,
    problem: undefined,
  };
  /** @type {Set<() => void>} */
  const watchers = new Set();
  let generation = 0;
  let stop = () => {};
  let isSettling = false;

  /** @param {Partial<BookView>} change */
  const show = (change) => {
    view = { ...view, ...change };
    for (const watcher of watchers) watcher();
  };
  const happened = () => {
    if (isSettling) return;
    isSettling = true;
    setTimeout(() => {
      isSettling = false;
      show({ entries: [...entries], tick: view.tick + 1 });
    }, settleMs);
  };
  const lastPosition = () => entries.at(-1)?.position ?? 0;

  /** Reads what lies after the last entry; nothing of it counts if the book was opened anew since. */
  const readOn = async (/** @type {number} */ mine) => {
    for (;;) {
      const page = await api.get("/_mock/events", { after: lastPosition(), limit: pageSize });
      if (mine !== generation) return;
      entries.push(...page.data.map(entryOf));
      if (page.next === undefined || page.next === null || page.data.length === 0) return;
      show({ read: entries.length });
    }
  };

  const follow = () =>
    followEvents({
      path: "/_mock/events/stream",
      authorization: api.authorization,
      lastPosition,
      onEvent: (event) => {
        const expected = lastPosition() + 1;
        if (event.position !== expected) void start();
        else {
          entries.push(entryOf(event));
          happened();
        }
      },
      onStatus: (connection, status) => {
        if (status === 401) onRefused();
        if (connection !== view.connection) show({ connection, tick: view.tick + 1 });
      },
      onReconnect: async () => {
        const last = entries.at(-1);
        if (last === undefined) return;
        const query = { after: last.position - 1, limit: 1 };
        const { data } = await api.get("/_mock/events", query);
        if (data[0]?.id !== last.id) void start();
      },
    });

  const start = async () => {
    stop();
    generation += 1;
    const mine = generation;
    entries = [];
    show({ entries: [], read: 0, caughtUp: false, problem: undefined });
    try {
      await readOn(mine);
    } catch (problem) {
      if (mine !== generation) return;
      if (/** @type {any} */ (problem).status === 401) onRefused();
      show({ problem: /** @type {Error} */ (problem).message, connection: "lost" });
      return;
    }
    if (mine !== generation) return;
    show({ entries: [...entries], caughtUp: true, tick: view.tick + 1 });
    stop = follow();
  };
  void start();

  return {
    view: () => view,
    /** @param {() => void} watcher @returns {() => void} */
    watch: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    /** Reads everything from the first event on. */
    restart: () => void start(),
    /** Something changed that is no event: lists are read again. */
    touch: happened,
    close: () => {
      generation += 1;
      stop();
    },
  };
};
