import { describe, expect, it } from "vitest";
import { seededBytes } from "../testing/seeded.ts";
import { hex, pooled } from "./entropy.ts";

describe("pooled randomness", () => {
  it("hands out what the host drew, each byte once and in order", () => {
    const draw = pooled(seededBytes(1));
    const straight = seededBytes(1)(4096);
    expect([...draw(3), ...draw(1), ...draw(16)]).toEqual(Array.from(straight.slice(0, 20)));
  });

  it("asks the host once for many draws", () => {
    const asked: number[] = [];
    const bytes = seededBytes(1);
    const draw = pooled((count) => {
      asked.push(count);
      return bytes(count);
    });
    for (let drawn = 0; drawn < 64; drawn += 1) draw(32);
    expect(asked).toEqual([2048 * 2]);
  });

  it("draws anew rather than hand out a byte twice", () => {
    const asked: number[] = [];
    const draw = pooled((count) => {
      asked.push(count);
      return new Uint8Array(count);
    });
    for (const count of [4000, 97, 5000]) expect(draw(count)).toHaveLength(count);
    expect(asked).toEqual([4096, 4096, 5000]);
  });

  it("is written as two lower-case digits a byte", () => {
    expect(hex(Uint8Array.from([0, 1, 15, 16, 255]))).toBe("00010f10ff");
    expect(hex(new Uint8Array(0))).toBe("");
  });
});
