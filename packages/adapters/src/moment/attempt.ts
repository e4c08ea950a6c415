/** One attempt: a request sent, its whole answer read, within the time allowed. */
import type { Settings } from "./options.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { CallKind, Outcome } from "./retry-policy.ts";

/** What is asked of Moment; the same in every attempt. */
export interface Call {
  readonly kind: CallKind;
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  /** JSON, in the API's spelling. */
  readonly body?: string;
  readonly idempotencyKey?: string;
  /** The caller chose the key, so another call may use it at the same time. */
  readonly keyGiven: boolean;
  readonly signal?: AbortSignal | undefined;
}

export type Attempted = Outcome &
  (
    | {
        readonly kind: "no_answer";
        /** Goes on where method and path end. */
        readonly reason: string;
      }
    | { readonly kind: "answer"; readonly text: string; readonly redirected: boolean }
  );

/** The promise, or a rejection with the signal's reason as soon as it aborts. */
export const orAborted = async <Value>(
  work: Promise<Value>,
  signal: AbortSignal,
): Promise<Value> => {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
};

const requestOf = (settings: Settings, call: Call, signal: AbortSignal): Request =>
  new Request(settings.baseUrl + call.path, {
    method: call.method,
    headers: {
      accept: "application/json",
      authorization: settings.authorization,
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      ...(call.idempotencyKey === undefined ? {} : { "idempotency-key": call.idempotencyKey }),
    },
    ...(call.body === undefined ? {} : { body: call.body }),
    // The key must not follow wherever an answer points to.
    redirect: "manual",
    signal,
  });

/** What an error and those behind it say; `fetch failed` alone helps nobody. */
const toldBy = (error: unknown): string => {
  const told: string[] = [];
  for (let at = error; told.length < 4 && at instanceof Error; at = at.cause)
    if (at.message !== "") told.push(at.message);
  return told.length === 0 ? "the request failed" : told.join(": ");
};

/** Sends the call once. Rejects only with the reason of the caller's own signal. */
export const attempt = async (settings: Settings, call: Call): Promise<Attempted> => {
  const { host, timeoutMs, redact } = settings;
  call.signal?.throwIfAborted();
  const timeout = host.timeout(timeoutMs);
  const signal = call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal]);
  const send = async (): Promise<Attempted> => {
    const response = await settings.fetch(requestOf(settings, call, signal));
    const text = await response.text();
    return {
      kind: "answer",
      status: response.status,
      // A browser hides where a redirect leads, and its status with it.
      redirected: response.type === "opaqueredirect" || Math.floor(response.status / 100) === 3,
      replayed: response.headers.get("idempotent-replayed")?.toLowerCase() === "true",
      retryAfterMs: retryAfterMs(response.headers.get("retry-after"), host.now()),
      text,
    };
  };
  try {
    return await orAborted(send(), signal);
  } catch (error) {
    call.signal?.throwIfAborted();
    const reason = timeout.aborted
      ? `got no answer within ${timeoutMs} ms`
      : `got no answer: ${redact(toldBy(error))}`;
    return { kind: "no_answer", reason };
  }
};
