import { describe, expect, it } from "vitest";
import { initialState } from "../domain/evolve.ts";
import { StateCache } from "./state-cache.ts";

const at = (revision: number) => ({ state: initialState("customer/bcus_c"), revision });

describe("the state cache", () => {
  it("keeps the streams that were used last, and drops what nobody used for long", () => {
    const cache = new StateCache(2);
    for (const stream of ["a", "b", "c", "d"]) cache.put(stream, at(1));
    cache.get("a");
    cache.put("e", at(1));
    expect(["a", "e"].map((stream) => cache.get(stream)?.revision)).toEqual([1, 1]);
    expect(cache.get("b")).toBeUndefined();
  });

  it("holds at most twice its size", () => {
    const cache = new StateCache(3);
    const streams = Array.from({ length: 100 }, (_, index) => `s${index}`);
    for (const stream of streams) cache.put(stream, at(1));
    const held = streams.filter((stream) => cache.get(stream) !== undefined);
    expect(held.length).toBeLessThanOrEqual(6);
    expect(held.slice(-3)).toEqual(["s97", "s98", "s99"]);
  });

  it("keeps the newer of two states of one stream, whichever comes last", () => {
    const cache = new StateCache(2);
    cache.put("a", at(3));
    cache.put("a", at(2));
    expect(cache.get("a")?.revision).toBe(3);
    cache.put("a", at(4));
    expect(cache.get("a")?.revision).toBe(4);
  });
});
