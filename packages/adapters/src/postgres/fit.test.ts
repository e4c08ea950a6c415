import type { CommitDraft } from "@tallystick/core";
import { describe, expect, it } from "vitest";
import type { DraftCopy } from "../store/draft-copy.ts";
import { Fit } from "./fit.ts";

const a = "customer/bcus_a";
const b = "bill/bill_b";

interface Sketch {
  /** Streams with the revision of each event. */
  readonly writes?: readonly (readonly [string, number])[];
  readonly bases?: CommitDraft["bases"];
  readonly key?: string;
  readonly subject?: { readonly streamId: string; readonly revision: number };
  readonly claims?: readonly string[];
}

const draft = ({ writes = [], bases, key, subject, claims = [] }: Sketch): DraftCopy =>
  ({
    draft: {
      events: writes.map(([streamId, revision]) => ({
        streamId,
        revision,
        id: `evt_${streamId}_${revision}`,
      })),
      ...(bases === undefined ? {} : { bases }),
      ...(key === undefined ? {} : { outcome: { key, ...(subject && { subject }) } }),
    },
    claims: claims.map((each) => ({ key: each })),
  }) as unknown as DraftCopy;

const fitOf = (...sketches: readonly Sketch[]): Fit => {
  const fit = new Fit();
  for (const sketch of sketches) fit.add(draft(sketch));
  return fit;
};

describe("drafts that fit one another", () => {
  it("expect of a stream what the first of them that names it does", () => {
    const fit = fitOf(
      { writes: [[a, 4]], bases: [{ streamId: a, revision: 3, eventId: "evt_3" }] },
      { writes: [[a, 5]], bases: [{ streamId: b, revision: 0 }] },
    );
    expect(fit.ok).toBe(true);
    expect([...fit.expected]).toEqual([
      [a, { revision: 3, id: "evt_3" }],
      [b, { revision: 0 }],
    ]);
  });

  it("may rest on what one before them writes", () => {
    const eventId = `evt_${a}_4`;
    const next: Sketch = { writes: [[b, 1]], bases: [{ streamId: a, revision: 4, eventId }] };
    expect(fitOf({ writes: [[a, 4]] }, next).ok).toBe(true);
  });

  it("may answer about a stream that goes on meanwhile, or that nobody else names", () => {
    const behind: Sketch = { key: "k", subject: { streamId: a, revision: 2 } };
    expect(fitOf({ writes: [[a, 4]] }, behind).ok).toBe(true);
    expect(fitOf(behind).expected.get(a)).toEqual({ least: 2 });
  });
});

describe("drafts that do not", () => {
  it.each<[string, readonly Sketch[]]>([
    ["write to a stream from the same revision", [{ writes: [[a, 4]] }, { writes: [[a, 4]] }]],
    ["leave a revision out", [{ writes: [[a, 4]] }, { writes: [[a, 6]] }]],
    [
      "expect different revisions of a stream that none of them writes to",
      [{ bases: [{ streamId: a, revision: 0 }] }, { bases: [{ streamId: a, revision: 1 }] }],
    ],
    [
      "rest on another event than the one that is there",
      [{ writes: [[a, 4]] }, { bases: [{ streamId: a, revision: 4, eventId: "evt_other" }] }],
    ],
    [
      "rest on different events of a stream",
      [
        { bases: [{ streamId: a, revision: 4, eventId: "evt_1" }] },
        { bases: [{ streamId: a, revision: 4, eventId: "evt_2" }] },
      ],
    ],
    ["rest on no event where there is one", [{ bases: [{ streamId: a, revision: 4 }] }]],
    ["share an idempotency key", [{ key: "k" }, { key: "k" }]],
    ["share a claim", [{ claims: ["payment/pay_1"] }, { claims: ["payment/pay_1"] }]],
    ["claim twice", [{ claims: ["payment/pay_1", "payment/pay_1"] }]],
    [
      "answer about what is not there yet",
      [{ writes: [[a, 4]] }, { key: "k", subject: { streamId: a, revision: 5 } }],
    ],
  ])("%s", (_, sketches) => {
    expect(fitOf(...sketches).ok).toBe(false);
  });
});
