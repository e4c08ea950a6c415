/** Any script of answers, any call: what is sent stays within the policy. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  answer,
  billBody,
  problem,
  replay,
  type Step,
  scripted,
  silence,
} from "./testing/scripted.ts";

const statuses = [400, 401, 403, 404, 409, 422, 429, 500, 501, 502, 503, 504] as const;

interface Scene {
  readonly name: string;
  readonly step: Step;
  /** May the same request have been begun? Then an update must not be sent again. */
  readonly isDoubtful: boolean;
  readonly status: number | undefined;
  readonly replayed: boolean;
}

const scenes: readonly Scene[] = [
  {
    name: "reset",
    step: new TypeError("fetch failed"),
    isDoubtful: true,
    status: undefined,
    replayed: false,
  },
  { name: "silence", step: silence, isDoubtful: true, status: undefined, replayed: false },
  { name: "done", step: answer(200, billBody), isDoubtful: false, status: 200, replayed: false },
  ...statuses.flatMap((status) =>
    [false, true].map((replayed) => ({
      name: `${status}${replayed ? " replayed" : ""}`,
      step: problem(status, {}, replayed ? replay : {}),
      isDoubtful: status >= 500,
      status,
      replayed,
    })),
  ),
];
const script = fc.array(fc.constantFrom(...scenes), { minLength: 10, maxLength: 10 });
const attempts = fc.integer({ min: 1, max: 10 });
const bill = { externalReference: "BILL-1", currency: "ZAR", amountDue: 1, customer: "CUST-1" };

/** Runs one call through a script; which scenes were met, the last one first to tell why it ended. */
const play = async (
  met: readonly Scene[],
  most: number,
  verb: "create" | "void" | "retrieve" | "update",
  idempotencyKey?: string,
) => {
  const { client, sent, pauses } = scripted(
    met.map(({ step }) => step),
    { retry: { attempts: most } },
  );
  const options = idempotencyKey === undefined ? {} : { idempotencyKey };
  const { bills } = client;
  const call = {
    create: () => bills.create(bill, options),
    void: () => bills.void("BILL-1", options),
    retrieve: () => bills.retrieve("BILL-1"),
    update: () => bills.update("BILL-1", { amountPaid: 1 }),
  }[verb]();
  const settled = await call.then(
    () => "done",
    (error: { code: string }) => error.code,
  );
  return { settled, sent, pauses, seen: met.slice(0, sent.length) };
};

const verbs = fc.constantFrom("create", "void", "retrieve", "update" as const);

describe("whatever Moment answers", () => {
  it("a call is sent at least once and at most as often as allowed, with a pause between", async () => {
    await fc.assert(
      fc.asyncProperty(script, attempts, verbs, async (met, most, verb) => {
        const { sent, pauses } = await play(met, most, verb);
        expect(sent.length).toBeGreaterThanOrEqual(1);
        expect(sent.length).toBeLessThanOrEqual(most);
        expect(pauses).toHaveLength(sent.length - 1);
      }),
    );
  });

  it("each attempt is the same request, with the same key", async () => {
    const keys = fc.option(fc.stringMatching(/^[a-zA-Z0-9-]{1,40}$/), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(script, attempts, verbs, keys, async (met, most, verb, key) => {
        const { sent } = await play(met, most, verb, key);
        const shapes = sent.map(({ method, url, headers, body }) =>
          JSON.stringify([method, url, body, [...headers]]),
        );
        expect(new Set(shapes).size).toBe(1);
        const isKeyed = verb === "create" || verb === "void";
        const sentKey = sent[0]?.headers.get("idempotency-key") ?? undefined;
        if (isKeyed && key !== undefined) expect(sentKey).toBe(key);
        expect(sentKey !== undefined).toBe(isKeyed);
      }),
    );
  });

  it("an update that may have been begun is never sent again", async () => {
    let doubtful = 0;
    await fc.assert(
      fc.asyncProperty(script, attempts, async (met, most) => {
        const { seen, settled } = await play(met, most, "update");
        expect(seen.slice(0, -1).every(({ status }) => status === 429)).toBe(true);
        if (seen.at(-1)?.isDoubtful !== true) return;
        doubtful += 1;
        expect(settled).toBe("MOMENT_STATE_UNKNOWN");
      }),
    );
    expect(doubtful).toBeGreaterThan(5);
  });

  it("a refusal and a stored answer are never asked for again", async () => {
    await fc.assert(
      fc.asyncProperty(script, attempts, verbs, async (met, most, verb) => {
        const { seen } = await play(met, most, verb);
        for (const { status, replayed } of seen.slice(0, -1)) {
          expect([undefined, 409, 429, 500, 502, 503, 504]).toContain(status);
          if (status !== 429 && verb !== "retrieve") expect(replayed).toBe(false);
        }
      }),
    );
  });

  it("a create that may have been done is never called refused or unavailable", async () => {
    let inDoubt = 0;
    await fc.assert(
      fc.asyncProperty(script, attempts, async (met, most) => {
        const { seen, settled } = await play(met, most, "create");
        const last = seen.at(-1);
        const looksUpTheKey =
          last?.status !== undefined &&
          ![401, 403, 429].includes(last.status) &&
          (last.status !== 409 || last.replayed);
        if (!seen.some(({ isDoubtful }) => isDoubtful)) return;
        if (looksUpTheKey && last.status < 500) return;
        inDoubt += 1;
        expect(["MOMENT_OUTCOME_UNKNOWN", "MOMENT_STATE_UNKNOWN"]).toContain(settled);
      }),
    );
    expect(inDoubt).toBeGreaterThan(5);
  });
});
