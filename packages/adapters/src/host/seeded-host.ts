/**
 * A host for tests: its clock stands still until it is moved, and its randomness repeats. Two hosts
 * of one seed draw the same bytes in the same order. Never for production: its ids can be guessed.
 */
import { createHash, hash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Host } from "@tallystick/core";

export interface SeededHost extends Host {
  /** Milliseconds since 1970. The clock may be set back: that is what tests are for. */
  readonly clock: {
    set(ms: number): void;
    advance(ms: number): void;
    /** From here on one book has a clock of its own, which stands still there. */
    setFor(book: string, ms: number): void;
  };
}

const digestBytes = 32;

/** `now` is where the clock stands at first, in milliseconds; the default is 2026-03-01T00:00:00Z. */
export const seededHost = ({
  seed = 1,
  now = Date.UTC(2026, 2, 1),
}: {
  readonly seed?: number | string;
  readonly now?: number;
} = {}): SeededHost => {
  let nowMs = now;
  const booksMs = new Map<string, number>();
  let drawn = 0;
  return {
    now: (book) => (book === undefined ? undefined : booksMs.get(book)) ?? nowMs,
    sha256: (text) => hash("sha256", text, "hex"),
    randomBytes: (count) => {
      const bytes = new Uint8Array(count);
      for (let at = 0; at < count; at += digestBytes) {
        drawn += 1;
        const block = createHash("sha256").update(`${seed}/${drawn}`).digest();
        bytes.set(block.subarray(0, Math.min(digestBytes, count - at)), at);
      }
      return bytes;
    },
    // Nobody waits in a test; everybody else gets a turn.
    pause: () => setImmediate(),
    clock: {
      set: (ms) => {
        nowMs = ms;
      },
      advance: (ms) => {
        nowMs += ms;
      },
      setFor: (book, ms) => {
        booksMs.set(book, ms);
      },
    },
  };
};
