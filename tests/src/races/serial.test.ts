/** Two processes on one book: whatever they ask of it at once, it is as if one had asked it all. */
import { openLedger } from "@tallystick/core";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { type Call, type Command, callOf } from "../arbitraries/calls.ts";
import { histories } from "../arbitraries/histories.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import { Play } from "../properties/play.ts";
import { Tally } from "../properties/tally.ts";
import { holdsInRaces, type Process, type Race } from "./race.ts";
import { expectSerial } from "./serial.ts";

const tally = new Tally();

const given = fc.record({
  history: histories({ minLength: 12, maxLength: 24 }),
  raced: fc.integer({ min: 4, max: 10 }),
  hands: fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
});

/** The commands as calls, by the names that are known now. */
const callsOf = (play: Play, commands: readonly Command[]): Call[] => {
  const earlier = play.played.map(({ call }) => call);
  return commands.flatMap((command) => {
    const call =
      "call" in command
        ? callOf(command.call, play.idOf)
        : earlier.at(-1 - (command.again % Math.max(1, earlier.length)));
    if (call === undefined) return [];
    earlier.push(call);
    return [{ ...call, options: { ...call.options, dryRun: undefined } } as Call];
  });
};

/** Every object that is in the book, as a ledger answers it. */
const objects = async (ledger: Process["ledger"], race: Race): Promise<unknown[]> => {
  const found: unknown[] = [];
  for (const { streamId, type } of await race.events()) {
    if (!type.endsWith(".created")) continue;
    const [kind, id = ""] = streamId.split("/");
    if (kind === "customer") found.push(await ledger.retrieveCustomer(id));
    else if (kind === "account") found.push(await ledger.retrieveAccount(id));
    else found.push(await ledger.retrieveBill(id));
  }
  return found;
};

it(
  "every answer is that of some serial order, and the log is that order",
  { timeout: patienceMs },
  () =>
    holdsInRaces(200, given, async (race, { history, raced, hands }) => {
      const play = new Play(race.shared, race.host);
      await play.runAll(history.slice(0, -raced));
      await race.prepared();
      const calls = callsOf(play, history.slice(-raced));
      const [left, right] = [race.process("left"), race.process("right")];
      await race.run(calls.map((call, index) => [hands[index] === true ? left : right, call]));

      const { written, silent } = await expectSerial(race);
      for (const { came, call } of [...written, ...silent]) {
        if ("refused" in came) tally.count(`refused ${came.refused.code}`);
        else tally.count(came.answer.replayed ? "replayed" : `${call.verb} did its work`);
      }
      for (const { before, after } of silent)
        if (before < after) tally.count("silent while others wrote");
      for (const code of [...left.seen.lost, ...right.seen.lost]) tally.count(`lost ${code}`);
      if (new Set(written.map(({ by }) => by)).size > 1) tally.count("both wrote");
      if (
        written.some(
          (each, index) =>
            race.raced.indexOf(each) < race.raced.indexOf(written[index - 1] ?? each),
        )
      )
        tally.count("another order than that of asking");

      const newcomer = await objects(openLedger({ store: race.shared }), race);
      expect(await race.finish(objects(left.ledger, race))).toEqual(newcomer);
      expect(await race.finish(objects(right.ledger, race))).toEqual(newcomer);
      const sums = new Map<string, number>();
      for (const { streamId, data } of await race.events()) {
        if (!("effect" in data) || !("balanceAfter" in data) || data.balanceAfter === undefined)
          continue;
        const account = `${streamId} ${data.currency}`;
        sums.set(account, (sums.get(account) ?? 0) + data.effect);
        expect(sums.get(account), account).toBe(data.balanceAfter);
      }
      expect(await race.quietly().verify()).toMatchObject({ ok: true });
    }),
);

afterAll(() =>
  tally.expect([
    "lost REVISION_CONFLICT",
    "lost CLAIM_TAKEN",
    "lost OUTCOME_EXISTS",
    "both wrote",
    "another order than that of asking",
    "silent while others wrote",
    "replayed",
  ]),
);
