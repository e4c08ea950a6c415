/** A merchant's clock: looked at, stopped, moved forward, let run. */
import { field, instantOfMs, msOfInstant } from "@tallystick/core";
import { z } from "zod";
import { invalid, Problem } from "../http/problem.ts";
import { type Answer, type AnyRoute, bodySchema, route } from "../http/route.ts";
import { clockMaxMs } from "../merchant/clock.ts";
import type { Merchant } from "../merchant/merchant.ts";
import { instant } from "../wire/fields.ts";

const clockSchema = z.object({ now: instant, frozen: z.boolean() }).meta({ id: "Clock" });

/** A hundred years: what is planned that far ahead is planned by mistake. */
const secondsMax = 100 * 366 * 24 * 60 * 60;

const putBody = bodySchema((object) =>
  object({
    now: field.anyInstant
      .meta({ description: "Stands still there.", override: { format: "date-time" } })
      .optional(),
    real: z.literal(true).meta({ description: "Runs with the machine's clock." }).optional(),
  }),
);

const advanceBody = bodySchema((object) =>
  object({
    seconds: z.int().min(1).max(secondsMax).optional(),
    real: z.literal(true).optional(),
  }),
);

const onlyOne = (names: readonly [string, string], body: object): void => {
  const given = names.filter((name) => (body as Record<string, unknown>)[name] !== undefined);
  if (given.length !== 1)
    throw invalid([{ field: "", message: `must have exactly one of ${names.join(" and ")}` }]);
};

const told = ({ clock }: Merchant): Answer => ({
  status: 200,
  body: { now: clock.now(), frozen: clock.frozen },
});

const letRun = (merchant: Merchant): Promise<Answer> =>
  merchant.clockTurns.take(async () => {
    await merchant.letClockRun();
    return told(merchant);
  });

const moved = async (merchant: Merchant, untilMs: number, member: string): Promise<Answer> => {
  if (untilMs > clockMaxMs)
    throw invalid([
      { field: member, message: `must not take the clock beyond ${instantOfMs(clockMaxMs)}` },
    ]);
  await merchant.moveClock(untilMs);
  return told(merchant);
};

export const clockRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/_mock/clock",
    id: "retrieveClock",
    summary: "What the merchant's clock says",
    tag: "mock",
    answers: { 200: clockSchema },
    handle: async ({ merchant }) => told(merchant),
  }),
  route({
    method: "PUT",
    path: "/_mock/clock",
    id: "setClock",
    summary: "Stop the clock at an instant, or let it run",
    tag: "mock",
    body: putBody,
    apart: true,
    answers: { 200: clockSchema },
    refusals: [409],
    async handle({ merchant, body }) {
      onlyOne(["now", "real"], body);
      if (body.now === undefined) return letRun(merchant);
      const untilMs = msOfInstant(body.now);
      return merchant.clockTurns.take(async () => {
        if (untilMs < merchant.clock.nowMs())
          throw new Problem(
            "conflict",
            `the clock stands at ${merchant.clock.now()} and never goes back`,
          );
        return moved(merchant, untilMs, "now");
      });
    },
  }),
  route({
    method: "POST",
    path: "/_mock/clock/advance",
    id: "advanceClock",
    summary: "Move a stopped clock forward; what becomes due happens on the way",
    tag: "mock",
    body: advanceBody,
    apart: true,
    idempotencyKey: "optional",
    answers: { 200: clockSchema },
    refusals: [409],
    async handle({ merchant, body }) {
      onlyOne(["seconds", "real"], body);
      const { seconds } = body;
      if (seconds === undefined) return letRun(merchant);
      return merchant.clockTurns.take(async () => {
        const { clock } = merchant;
        if (!clock.frozen)
          throw new Problem("conflict", "the clock runs; stop it first with PUT /_mock/clock");
        return moved(merchant, clock.nowMs() + seconds * 1000, "seconds");
      });
    },
  }),
];
