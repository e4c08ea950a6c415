import { describe, expect, it } from "vitest";
import { MerchantClock } from "./clock.ts";
import type { DueWork } from "./due-work.ts";

const start = Date.UTC(2026, 2, 1);

/** Work at given instants, which notes when it was done; `next` plans more as it is done. */
const workAt = (
  done: string[],
  name: string,
  instants: readonly number[],
  next: (nowMs: number) => readonly number[] = () => [],
): DueWork => {
  let planned = [...instants];
  return {
    nextDueMs: async () => (planned.length === 0 ? undefined : Math.min(...planned)),
    runDue: async (nowMs) => {
      const due = planned.filter((instant) => instant <= nowMs);
      planned = planned.filter((instant) => instant > nowMs);
      for (const _instant of due) {
        done.push(`${name} ${nowMs - start}`);
        planned.push(...next(nowMs));
      }
    },
  };
};

const kept = async (): Promise<void> => undefined;
const notKept = async (): Promise<void> => {
  throw new Error("no room");
};

describe("a merchant's clock", () => {
  it("does what becomes due on the way, each at its own instant and in order", async () => {
    const clock = new MerchantClock(() => 0, { frozenAtMs: start });
    const done: string[] = [];
    const works = [
      workAt(done, "a", [start + 500, start + 100, start + 900]),
      workAt(done, "b", [start + 300, start - 50]),
    ];
    await clock.advance(start + 600, works, kept);
    expect(done).toEqual(["b 0", "a 100", "b 300", "a 500"]);
    expect(clock.nowMs()).toBe(start + 600);
  });

  it("does what was planned by what it did, if that is due in time", async () => {
    const clock = new MerchantClock(() => 0, { frozenAtMs: start });
    const done: string[] = [];
    const work = workAt(done, "a", [start + 1], (now) => [now + 400]);
    await clock.advance(start + 1000, [work], kept);
    expect(done).toEqual(["a 1", "a 401", "a 801"]);
  });

  it("runs with the machine's, and from where it stood if that is behind", () => {
    let machineMs = start;
    const clock = new MerchantClock(() => machineMs, { aheadMs: 0 });
    machineMs += 5;
    expect([clock.nowMs(), clock.frozen]).toEqual([start + 5, false]);
    clock.put(clock.frozenAt(start + 1000));
    machineMs += 5;
    expect([clock.nowMs(), clock.frozen]).toEqual([start + 1000, true]);
    clock.put(clock.running());
    machineMs += 5;
    expect(clock.nowMs()).toBe(start + 1005);
    clock.put(clock.frozenAt(start + 1006));
    machineMs += 9000;
    clock.put(clock.running());
    expect(clock.nowMs()).toBe(machineMs);
  });

  it("goes on as it was where it came nowhere, and stands as far as it came", async () => {
    let machineMs = start;
    const clock = new MerchantClock(() => machineMs, { aheadMs: 0 });
    await expect(clock.advance(start + 600, [], notKept)).rejects.toThrow("no room");
    machineMs += 5;
    expect([clock.nowMs(), clock.frozen]).toEqual([start + 5, false]);
    const work = workAt([], "a", [start + 300]);
    await expect(clock.advance(start + 600, [work], notKept)).rejects.toThrow("no room");
    expect([clock.nowMs(), clock.frozen]).toEqual([start + 300, true]);
  });

  it("never goes back", () => {
    const clock = new MerchantClock(() => 0, { frozenAtMs: start });
    expect(() => clock.frozenAt(start - 1)).toThrow("never goes back");
  });
});
