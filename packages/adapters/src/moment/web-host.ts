/**
 * What the client borrows from where it runs, by web standards alone: it is the same in Node, in Deno,
 * in a worker. Tests hand in a clock that stands still and pauses that nobody waits for.
 */
import type { Host } from "@tallystick/core";

export interface MomentHost extends Pick<Host, "now" | "randomBytes" | "pause"> {
  /** A signal that aborts after so many milliseconds. */
  readonly timeout: (ms: number) => AbortSignal;
}

/** The host for production. */
export const webHost: MomentHost = {
  now: () => Date.now(),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  timeout: (ms) => AbortSignal.timeout(ms),
};
