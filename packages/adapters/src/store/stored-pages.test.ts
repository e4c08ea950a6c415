import type { RecordedEvent } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import { lastInOrder } from "./stored-pages.ts";

const stream = "customer/bcus_c";
const eventsAt = (...revisions: readonly number[]): RecordedEvent[] =>
  revisions.map((revision) => ({ revision })) as RecordedEvent[];

describe("events of a stream", () => {
  it("that follow each other lead to the last of them", () => {
    expect(lastInOrder(stream, eventsAt(1, 2, 3), 0)).toBe(3);
    expect(lastInOrder(stream, eventsAt(8), 7)).toBe(8);
  });

  it.each([
    ["begin later", eventsAt(2, 3), 1],
    ["leave one out", eventsAt(1, 2, 4), 3],
    ["stand twice", eventsAt(1, 1), 2],
    ["are not there", eventsAt(), 1],
  ])("that %s are damage, told by the first revision that is missing", (_, events, revision) => {
    expect(() => lastInOrder(stream, events, 0)).toThrow(
      expect.objectContaining({ code: "BOOK_CORRUPT", detail: { streamId: stream, revision } }),
    );
  });
});
