import { describe, expect, it } from "vitest";
import { onlySubset } from "./match-sums.ts";

const members = (...amounts: readonly number[]) => amounts.map((amount) => ({ amount }));

describe("a sum among candidates", () => {
  it("is found where there is exactly one", () => {
    expect(onlySubset(members(123, 456, 789), 579)).toEqual(members(123, 456));
    expect(onlySubset(members(1, 2, 4, 8, 16, 32), 63)).toHaveLength(6);
  });

  it("is not guessed at where there are two", () => {
    expect(onlySubset(members(100, 200, 100), 300)).toBeUndefined();
  });

  it("has two members at least, and six at most", () => {
    expect(onlySubset(members(100), 100)).toBeUndefined();
    expect(onlySubset(members(1, 1, 1, 1, 1, 1, 1), 7)).toBeUndefined();
  });

  it("is not sought among more than sixteen", () => {
    const many = members(...Array.from({ length: 17 }, (_, at) => 2 ** at));
    expect(onlySubset(many, 3)).toBeUndefined();
    expect(onlySubset(many.slice(0, 16), 3)).toEqual(members(1, 2));
  });
});
