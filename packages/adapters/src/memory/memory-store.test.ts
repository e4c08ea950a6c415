import { describe, expect, it } from "vitest";
import { storeContract } from "../contract/store-contract.ts";
import { nodeHost } from "../host/node-host.ts";
import { memoryStore } from "./memory-store.ts";

describe("a store in memory", () => {
  storeContract({ open: async (host) => memoryStore({ host }) });

  it("takes the machine's clock and randomness unless it is given others", () => {
    expect(memoryStore().host).toBe(nodeHost);
    expect(memoryStore().capabilities).toEqual({ durable: false, shared: false });
  });
});
