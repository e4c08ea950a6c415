/**
 * Stand-ins for what a host gives, for tests of the pure core: bytes that repeat, and a hash that
 * tells texts apart and is no SHA-256. Nothing outside of tests may import this.
 */
import type { Host } from "../kernel/host.ts";

/** Bytes of a linear congruential generator: the same seed, the same bytes. */
export const seededBytes = (seed: number): Host["randomBytes"] => {
  let state = seed >>> 0;
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
};

/** 64 hexadecimal digits that differ where the texts do; FNV-1a with eight offsets. */
export const toyHash: Host["sha256"] = (text) => {
  let digits = "";
  for (let lane = 0; lane < 8; lane += 1) {
    let hash = (0x811c9dc5 ^ Math.imul(lane, 0x9e3779b1)) >>> 0;
    for (let at = 0; at < text.length; at += 1)
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
    digits += hash.toString(16).padStart(8, "0");
  }
  return digits;
};

/** A host whose clock stands at `now` milliseconds. */
export const seededHost = (now = 1_772_323_200_000): Host => ({
  now: () => now,
  randomBytes: seededBytes(1),
  sha256: toyHash,
  pause: () => Promise.resolve(),
});
