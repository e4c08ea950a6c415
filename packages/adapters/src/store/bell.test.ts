import { describe, expect, it } from "vitest";
import { Bell } from "./bell.ts";

describe("a bell", () => {
  it("tells each time that somebody begins to wait, when waiting has begun", async () => {
    const awaited: boolean[] = [];
    const bell: Bell = new Bell(() => awaited.push(bell.awaited));
    const first = bell.after(bell.rings);
    expect(awaited).toEqual([true]);
    bell.ring();
    await first;
    expect(bell.awaited).toBe(false);
    const second = bell.after(bell.rings);
    expect(awaited).toEqual([true, true]);
    bell.ring();
    await second;
  });

  it("lets nobody wait for what has rung since it was counted", async () => {
    const bell = new Bell();
    const { rings } = bell;
    bell.ring();
    await bell.after(rings);
    expect(bell.awaited).toBe(false);
  });
});
