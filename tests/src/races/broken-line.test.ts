/** The line to the store breaks, before a commit or after it: whoever asks again has one effect. */
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import type { Call } from "../arbitraries/calls.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import type { Came } from "../properties/play.ts";
import { Tally } from "../properties/tally.ts";
import { accepted, call, prepare, refusals } from "./calls.ts";
import { type Fate, holdsInRaces, type Process, type Race } from "./race.ts";

const tally = new Tally();

const requests: readonly Call[] = [
  call("charge", { customer: "c-1", amount: 250 }, "k-1"),
  call("credit", { customer: "c-1", amount: 250, reason: "goodwill" }, "k-2"),
  call("recordPayment", { bill: "b-1", amount: 100, currency: "ZAR" }, "k-3"),
  call("recordPayment", { bill: "b-1", paymentId: "pay_1", amount: 100, currency: "ZAR" }),
  call("applyPayment", { bill: "b-1", paymentId: "pay_2", amount: 100 }),
  call("createCustomer", { externalReference: "c-2" }, "k-4"),
  call("recordPayment", { bill: "unknown", paymentId: "pay_3", amount: 100, currency: "ZAR" }),
];
const fates = fc.array(
  fc.constantFrom<Fate[]>("arrives", "never arrives", "reply lost", "never arrives", "reply lost"),
  { maxLength: 6, size: "max" },
);

/** Asks until it is answered: here first, then wherever the hands point. */
const insist = async (
  race: Race,
  request: Call,
  processes: readonly Process[],
): Promise<readonly Came[]> => {
  const heard: Came[] = [];
  for (let attempt = 0; ; attempt += 1) {
    const by = processes[attempt % processes.length];
    if (by === undefined) return heard;
    const came = await race.ask(by, request);
    heard.push(came);
    if (!("refused" in came && came.refused.code === "STORE_IO")) return heard;
  }
};

it("a repeat has no second effect, whatever became of the first", { timeout: patienceMs }, () =>
  holdsInRaces(
    200,
    fc.record({
      left: fates,
      right: fates,
      wanted: fc.shuffledSubarray([...requests], { minLength: 1, maxLength: 4 }),
      hand: fc.boolean(),
      twice: fc.boolean(),
    }),
    async (race, { left, right, wanted, hand, twice }) => {
      await prepare(race);
      const before = (await race.events()).length;
      const [one, other] = [
        race.process("left", { fates: left }),
        race.process("right", { fates: right }),
      ];
      const processes = hand ? [one, other] : [one, one, other];
      const asking = wanted.flatMap((request) => [
        insist(race, request, processes),
        ...(twice ? [insist(race, request, processes.toReversed())] : []),
      ]);
      const heard = await race.finish(Promise.all(asking));

      const events = (await race.events()).slice(before);
      for (const [index, all] of heard.entries()) {
        const [answer] = accepted(all);
        expect(accepted(all)).toHaveLength(1);
        expect(refusals(all).every((code) => code === "STORE_IO")).toBe(true);
        if (all.length === 1) tally.count("answered at once");
        else if (answer?.replayed === true) tally.count("written, and the reply was lost");
        else tally.count("written by a repeat");
        if (index % 2 === 1 && twice)
          expect(accepted(heard[index - 1] ?? [])[0]?.entity).toEqual(answer?.entity);
      }
      const written = wanted.map(({ verb }) => {
        if (verb === "charge") return ["obligation.amount_charged"];
        if (verb === "credit") return ["obligation.amount_credited"];
        return verb === "createCustomer" ? ["customer.created"] : ["payment"];
      });
      const types = events.map(({ type }) =>
        type === "obligation.amount_applied" || type === "payment.suspended" ? "payment" : type,
      );
      expect(types.sort()).toEqual(written.flat().sort());
      expect(await race.quietly().verify()).toMatchObject({ ok: true });
    },
  ),
);

afterAll(() =>
  tally.expect(["answered at once", "written, and the reply was lost", "written by a repeat"]),
);
