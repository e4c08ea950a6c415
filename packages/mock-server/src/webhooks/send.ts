/** One HTTP request of a delivery: sent, and its status waited for. */

/** How webhooks are sent: as the global `fetch` would. */
export type Deliver = (request: Request) => Promise<Response>;

/** Who has not answered by then has not answered, in milliseconds of real time (D-37). */
const answerTimeoutMs = 15_000;

export interface Sending {
  readonly deliver: Deliver;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/** The status of the answer; undefined where none came, within the time or at all. Redirects are answers. */
export const send = async ({
  deliver,
  url,
  headers,
  body,
  signal,
}: Sending): Promise<number | undefined> => {
  const giveUp = new AbortController();
  const gaveUp = new Promise<undefined>((resolve) => {
    giveUp.signal.addEventListener("abort", () => resolve(undefined));
  });
  const abort = (): void => giveUp.abort();
  const timer = setTimeout(abort, answerTimeoutMs);
  timer.unref();
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  try {
    const request = new Request(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      redirect: "manual",
      signal: giveUp.signal,
    });
    const response = await Promise.race([deliver(request), gaveUp]);
    // Nobody reads what an endpoint says beyond its status.
    response?.body?.cancel().catch(() => undefined);
    return response?.status;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    // After an answer, what it still sends is not waited for.
    abort();
  }
};
