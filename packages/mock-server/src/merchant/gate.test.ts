import { describe, expect, it } from "vitest";
import { Gate } from "./gate.ts";

/** A task that notes its begin, and ends when it is told to. */
const task = (log: string[], name: string) => {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    end,
    run: async (): Promise<string> => {
      log.push(`${name} begins`);
      await ended;
      log.push(`${name} ends`);
      return name;
    },
  };
};

/** Lets everything happen that needs nobody's help. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe("a gate", () => {
  it("lets many in at once, one alone after them, and the rest after that one", async () => {
    const gate = new Gate();
    const log: string[] = [];
    const [a, b, alone, late] = ["a", "b", "alone", "late"].map((name) => task(log, name));
    if (a === undefined || b === undefined || alone === undefined || late === undefined)
      throw new Error();
    const all = Promise.all([
      gate.shared(a.run),
      gate.shared(b.run),
      gate.exclusive(alone.run),
      gate.shared(late.run),
    ]);
    await settle();
    expect(log).toEqual(["a begins", "b begins"]);
    b.end();
    await settle();
    a.end();
    await settle();
    expect(log.slice(2)).toEqual(["b ends", "a ends", "alone begins"]);
    alone.end();
    await settle();
    late.end();
    expect(await all).toEqual(["a", "b", "alone", "late"]);
    expect(log.slice(5)).toEqual(["alone ends", "late begins", "late ends"]);
  });

  it("opens again after a failure, inside or alone", async () => {
    const gate = new Gate();
    const fail = () => Promise.reject(new Error("no"));
    await expect(gate.shared(fail)).rejects.toThrow("no");
    await expect(gate.exclusive(fail)).rejects.toThrow("no");
    await expect(Promise.all([gate.exclusive(fail), gate.exclusive(fail)])).rejects.toThrow("no");
    expect(await gate.shared(async () => 1)).toBe(1);
    expect(await gate.exclusive(async () => 2)).toBe(2);
  });
});
