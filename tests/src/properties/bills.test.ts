/** What is always true of a bill, whatever was done to it (spec 5.3). */
import type { Bill } from "@tallystick/core";
import { afterAll, describe, expect, it } from "vitest";
import { histories } from "../arbitraries/histories.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import { holds } from "./play.ts";
import { stores } from "./stores.ts";
import { everyHistory, Tally } from "./tally.ts";

const tally = new Tally();

const isBill = (entity: unknown): entity is Bill =>
  typeof entity === "object" && entity !== null && (entity as Bill).object === "bill";

describe.each(stores)("on the $name store", (store) => {
  it(
    "remaining, status and balance follow from due and paid, and due never changes",
    { timeout: patienceMs },
    () =>
      holds(store, 120, histories(), async ({ play }, history) => {
        const due = new Map<string, number>();
        const voided = new Set<string>();
        for (const command of history) {
          const call = play.asked(command);
          if (call === undefined) continue;
          const played = await play.run(call);
          if ("refused" in played) {
            const { code } = played.refused;
            if (
              (call.verb === "charge" || call.verb === "credit") &&
              "bill" in call.input &&
              call.options.idempotencyKey === undefined
            )
              expect(["NOT_ADJUSTABLE", "NOT_FOUND", "INVALID_INPUT"]).toContain(code);
            continue;
          }
          const { entity: bill, replayed } = played.answer;
          if (!isBill(bill)) continue;
          expect(call.verb).not.toMatch(/charge|credit/);
          const { id, status, amountDue, amountPaid, amountRemaining, balance } = bill;
          tally.count(`${status} bill`);
          if (amountPaid > amountDue) tally.count("overpaid bill");
          if (amountPaid > 0 && amountRemaining > 0) tally.count("part-paid bill");
          expect(amountRemaining).toBe(Math.max(0, amountDue - amountPaid));
          expect(status === "paid").toBe(status !== "voided" && amountRemaining === 0);
          expect(balance).toBe(status === "voided" ? 0 : amountDue - amountPaid);
          expect(amountPaid).toBeGreaterThanOrEqual(0);
          expect(amountDue).toBe(due.get(id) ?? amountDue);
          if (replayed || call.options.dryRun === true) continue;
          due.set(id, amountDue);
          if (voided.has(id)) expect(status).toBe("voided");
          if (status === "voided") voided.add(id);
        }
        await tally.add(play);
      }),
  );
});

afterAll(() =>
  tally.expect([
    ...everyHistory,
    "paid bill",
    "unpaid bill",
    "voided bill",
    "overpaid bill",
    "part-paid bill",
    "charge refused NOT_ADJUSTABLE",
    "credit refused NOT_ADJUSTABLE",
    "reversePayment refused NOTHING_TO_REVERSE",
  ]),
);
