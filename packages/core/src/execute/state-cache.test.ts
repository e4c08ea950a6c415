import { describe, expect, it } from "vitest";
import { initialState } from "../domain/evolve.ts";
import { StateCache } from "./state-cache.ts";

const at = (revision: number) => ({ state: initialState("customer/bcus_c"), revision });

describe("the state cache", () => {
  it("drops the stream that was used longest ago", () => {
    const cache = new StateCache(2);
    cache.put("a", at(1));
    cache.put("b", at(1));
    cache.get("a");
    cache.put("c", at(1));
    expect(["a", "b", "c"].map((stream) => cache.get(stream)?.revision)).toEqual([1, undefined, 1]);
  });

  it("keeps the newer of two states of one stream, whichever comes last", () => {
    const cache = new StateCache(2);
    cache.put("a", at(3));
    cache.put("a", at(2));
    expect(cache.get("a")?.revision).toBe(3);
    cache.put("a", at(4));
    expect(cache.get("a")?.revision).toBe(4);
  });

  it("of size 0 keeps nothing", () => {
    const cache = new StateCache(0);
    cache.put("a", at(1));
    expect(cache.get("a")).toBeUndefined();
  });
});
