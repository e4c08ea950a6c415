import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.ts";
import {
  type CallKind,
  leavesDoubt,
  mayRepeat,
  type Outcome,
  pauseBefore,
  retryAfterMaxMs,
  retryDefaults,
} from "./retry-policy.ts";

const answered = (status: number, replayed = false): Outcome => ({
  kind: "answer",
  status,
  replayed,
  retryAfterMs: undefined,
});
const noAnswer: Outcome = { kind: "no_answer" };

describe("what may be repeated", () => {
  // The table in retry-policy.ts, row by row: read, keyed, update.
  it.each([
    ["429", answered(429), [true, true, true]],
    ["no answer", noAnswer, [true, true, false]],
    ...[500, 502, 503, 504].map(
      (status) => [String(status), answered(status), [true, true, false]] as const,
    ),
    ["a replayed 500", answered(500, true), [true, false, false]],
    ["409", answered(409), [false, false, false]],
    ...[400, 401, 402, 403, 404, 405, 408, 413, 415, 422, 501, 505].map(
      (status) => [String(status), answered(status), [false, false, false]] as const,
    ),
  ] as const)("after %s", (_, outcome, expected) => {
    const kinds: readonly CallKind[] = ["read", "keyed", "update"];
    expect(kinds.map((call) => mayRepeat({ call, outcome, keyAtWork: false }))).toEqual(expected);
  });

  it("after 409: only a key that may be at work, until the stored answer comes (D-07)", () => {
    const repeat = (call: CallKind, replayed: boolean) =>
      mayRepeat({ call, outcome: answered(409, replayed), keyAtWork: true });
    expect(repeat("keyed", false)).toBe(true);
    expect(repeat("keyed", true)).toBe(false);
    expect(repeat("read", false)).toBe(false);
    expect(repeat("update", false)).toBe(false);
  });
});

describe("doubt", () => {
  it("is left by no answer and by every 5xx, not by a refusal", () => {
    expect([noAnswer, answered(500), answered(504)].every(leavesDoubt)).toBe(true);
    expect([answered(400), answered(429), answered(409)].some(leavesDoubt)).toBe(false);
  });
});

describe("pauses", () => {
  const pause = (attempt: number, random: number, outcome: Outcome = noAnswer) =>
    pauseBefore({ call: "read", outcome, keyAtWork: false, attempt, random }, retryDefaults);

  it("are drawn from 0 up to a bound that doubles", () => {
    expect([1, 2, 3].map((attempt) => pause(attempt, 1))).toEqual([500, 1000, 2000]);
    expect([1, 2, 3].map((attempt) => pause(attempt, 0))).toEqual([0, 0, 0]);
    expect(pause(4, 1)).toBeUndefined();
  });

  it("are at least what Retry-After asks for, up to a minute; beyond it the call fails", () => {
    const asking = (ms: number): Outcome => ({
      kind: "answer",
      status: 429,
      replayed: false,
      retryAfterMs: ms,
    });
    expect(pause(1, 0, asking(3000))).toBe(3000);
    expect(pause(1, 1, asking(3000))).toBe(3500);
    expect(pause(1, 0, asking(retryAfterMaxMs))).toBe(retryAfterMaxMs);
    expect(pause(1, 0, asking(retryAfterMaxMs + 1))).toBeUndefined();
  });

  it("never pass the bounds, whatever the policy", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.nat({ max: 60_000 }),
        fc.nat({ max: 60_000 }),
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempts, baseMs, maxMs, attempt, random) => {
          const ms = pauseBefore(
            { call: "keyed", outcome: noAnswer, keyAtWork: false, attempt, random },
            { attempts, baseMs, maxMs },
          );
          if (attempt >= attempts) expect(ms).toBeUndefined();
          else expect(ms).toSatisfy((value: number) => value >= 0 && value <= maxMs);
        },
      ),
    );
  });
});

describe("Retry-After", () => {
  const now = Date.UTC(2026, 2, 1);

  it.each([
    ["0", 0],
    ["120", 120_000],
    [" 7 ", 7000],
    ["Sun, 01 Mar 2026 00:00:30 GMT", 30_000],
    ["Sat, 28 Feb 2026 23:59:00 GMT", 0],
  ])("%j is %i ms", (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });

  it.each([
    null,
    "",
    "-1",
    "1.5",
    "soon",
    "2026-03-01",
    "99999999999",
    "Sun, 99 Foo 2026 00:00:00 GMT",
  ])("%j says nothing", (header) => {
    expect(retryAfterMs(header, now)).toBeUndefined();
  });
});
