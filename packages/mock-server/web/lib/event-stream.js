/**
 * Server-sent events over `fetch`, because `EventSource` cannot carry the Authorization header.
 * Resumes after the last id that it saw, so that no event is missed and none comes twice.
 */

/** How long to wait after the first, second… failure in a row, in milliseconds; the last repeats. */
const waitsMs = [500, 1000, 2000, 5000];

/**
 * The messages in a body. Lines that begin with a colon keep the connection warm and mean nothing.
 * @param {ReadableStream<Uint8Array>} body
 */
async function* messagesOf(body) {
  const reader = body.pipeThrough(/** @type {any} */ (new TextDecoderStream())).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const lines = block.split(/\r?\n/).map((line) => /^(\w+):? ?(.*)$/.exec(line));
      /** @param {string} name */
      const of = (name) => lines.filter((line) => line?.[1] === name).map((line) => line?.[2]);
      const data = of("data").join("\n");
      if (data !== "") yield { id: of("id").at(-1), data };
    }
  }
}

/**
 * @param {object} options
 * @param {string} options.path
 * @param {string} options.authorization
 * @param {() => number} options.lastPosition asked anew at each connection
 * @param {(event: any) => void} options.onEvent
 * @param {(status: "connecting" | "live" | "lost", problemStatus?: number) => void} options.onStatus
 * @param {() => Promise<void>} options.onReconnect before it goes on after a loss
 * @returns {() => void} ends it
 */
export const followEvents = (options) => {
  const ended = new AbortController();
  let failures = 0;

  const connect = async () => {
    if (failures > 0) await options.onReconnect();
    const headers = {
      accept: "text/event-stream",
      authorization: options.authorization,
      "last-event-id": String(options.lastPosition()),
    };
    const response = await fetch(options.path, { headers, signal: ended.signal });
    if (!response.ok || response.body === null) {
      options.onStatus("lost", response.status);
      return;
    }
    failures = 0;
    options.onStatus("live");
    for await (const message of messagesOf(response.body))
      options.onEvent(JSON.parse(message.data));
  };

  const run = async () => {
    options.onStatus("connecting");
    while (!ended.signal.aborted) {
      await connect().catch(() => undefined);
      if (ended.signal.aborted) return;
      options.onStatus("lost");
      const waitMs = waitsMs[Math.min(failures, waitsMs.length - 1)];
      failures += 1;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  };
  void run();
  return () => ended.abort();
};
