/**
 * What the client borrows from where it runs, by web standards alone: it is the same in Node, in Deno,
 * in a worker. Tests hand in a clock that stands still and pauses that nobody waits for.
 */
import type { Host } from "@tallystick/core";

export interface MomentHost extends Pick<Host, "now" | "randomBytes"> {
  /** Resolves after about so many milliseconds, or once the signal aborts. */
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A signal that aborts after so many milliseconds. */
  readonly timeout: (ms: number) => AbortSignal;
}

/** The host for production. */
export const webHost: MomentHost = {
  now: () => Date.now(),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  // A timer that nobody waits for any more would keep the process alive.
  pause: (ms, signal) =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener("abort", end, { once: true });
    }),
  timeout: (ms) => AbortSignal.timeout(ms),
};
