/** What the core borrows from Node: the system clock, the system's randomness, SHA-256 and timers. */
import { hash, randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Host } from "@tallystick/core";

export { type SeededHost, seededHost } from "./seeded-host.ts";

/** The host for production. */
export const nodeHost: Host = {
  now: () => Date.now(),
  randomBytes: (count) => randomBytes(count),
  sha256: (text) => hash("sha256", text, "hex"),
  pause: (ms) => setTimeout(ms),
};
