/**
 * A store in memory, for tests and for the mock server: the log store over arrays. Nothing outlives
 * the process.
 */
import type { Host, Store } from "@tallystick/core";
import { nodeHost } from "../host/node-host.ts";
import { logStore } from "../log/log-store.ts";
import { memoryFolder } from "./memory-log.ts";

export interface MemoryStoreOptions {
  /** Clock and randomness; a test hands in `seededHost()`. The default is the machine's. */
  readonly host?: Host;
}

/** An empty store of its own, with room for any number of books. */
export const memoryStore = ({ host = nodeHost }: MemoryStoreOptions = {}): Store =>
  logStore({ host, capabilities: { durable: false, shared: false }, folder: memoryFolder() });
