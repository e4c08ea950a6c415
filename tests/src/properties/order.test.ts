/**
 * Webhooks and mirroring commute: whether a payment is reported before or after its target is
 * mirrored, the balances and what lies in suspense are the same in the end.
 */
import { seededHost } from "@tallystick/adapters/host";
import type { SuspendedPayment } from "@tallystick/core";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { type Call, type CallOf, tellCall } from "../arbitraries/calls.ts";
import { mirrorLines, paymentIds, startMs } from "../arbitraries/histories.ts";
import { amounts, fewCurrencies } from "../arbitraries/money.ts";
import { givenId, type Kind, kinds, Name, nameOf, slots, withNames } from "../arbitraries/names.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import { holds, Play } from "./play.ts";
import { stores } from "./stores.ts";
import { Tally } from "./tally.ts";

const tally = new Tally();

type Line = CallOf<"mirror">["input"];
type Report = CallOf<"recordPayment">["input"];

/** One first line of each object that is mirrored, owners before what they own. */
const lines: fc.Arbitrary<Line[]> = fc
  .tuple(
    ...kinds.flatMap((kind) =>
      slots[kind].map((slot) =>
        fc.option(
          mirrorLines[kind](slot)
            // At the bounds a payment is refused where it comes second: nothing there commutes.
            .filter((line) => !("balance" in line && Math.abs(line.balance ?? 0) > 10_000))
            .map(
              (line) =>
                withNames({ ...line, id: new Name(kind, slot, "given") }, () => undefined) as Line,
            ),
          { nil: undefined, freq: 6 },
        ),
      ),
    ),
  )
  .map((chosen) => chosen.filter((line) => line !== undefined));

/** Reports as webhooks make them: by the id; the same one may come twice, or contradict another. */
const reports: fc.Arbitrary<Report[]> = fc.array(
  fc
    .record({
      target: fc
        .constantFrom(...kinds)
        .chain((kind) => nameOf(kind).map(({ slot }) => ({ [kind]: givenId(kind, slot) }))),
      paymentId: fc.constantFrom(...paymentIds),
      amount: amounts.filter((amount) => amount <= 2000),
      currency: fewCurrencies,
      sourceEventId: fc.option(fc.constant("evt_from_there"), { nil: undefined }),
    })
    .map(({ target, ...rest }) => ({ ...target, ...rest })),
  { minLength: 1, maxLength: 14, size: "max" },
);

const mirroring = (input: Line): Call => ({ verb: "mirror", input, options: {} });
const reporting = (input: Report): Call => ({ verb: "recordPayment", input, options: {} });

/** Both lists in one, each in its own order; `cuts` says before which line each report comes. */
const merged = (
  first: readonly Line[],
  second: readonly Report[],
  cuts: readonly number[],
): Call[] => {
  const calls: Call[] = [];
  let at = 0;
  const places = second
    .map((_, index) => (cuts[index] ?? 0) % (first.length + 1))
    .sort((a, b) => a - b);
  for (const [index, report] of second.entries()) {
    while (at < (places[index] ?? 0)) {
      const line = first[at];
      if (line !== undefined) calls.push(mirroring(line));
      at += 1;
    }
    calls.push(reporting(report));
  }
  return [...calls, ...first.slice(at).map(mirroring)];
};

const byText = <Value>(values: readonly Value[]): Value[] =>
  [...values].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

const waiting = ({
  paymentId,
  amount,
  currency,
  reason,
  target: { kind, name },
  effectiveAt,
}: SuspendedPayment) => ({
  paymentId,
  amount,
  currency,
  reason,
  target: `${kind}/${name}`,
  effectiveAt,
});

/** What is owed by everybody, and what lies in suspense. */
const outcome = async (play: Play): Promise<unknown> => {
  const { ledger } = play;
  const entities = [
    ...(await ledger.listCustomers()).data,
    ...(await ledger.listAccounts()).data,
    ...(await ledger.listBills()).data,
  ].map(({ obligationId: _, ...entity }) => entity);
  return {
    entities: byText(entities.map((entity) => [entity.id, entity])),
    suspense: byText((await ledger.listSuspense()).data.map(waiting)),
  };
};

const isSame = (one: Report, other: Report): boolean =>
  one.paymentId === other.paymentId &&
  kinds.every((kind: Kind) => one[kind] === other[kind]) &&
  (one.amount !== other.amount || one.currency !== other.currency);

const cuts = fc.array(fc.nat({ max: 20 }), { minLength: 14, maxLength: 14 });

/** A list of calls that prints one a line. */
const printed = (calls: readonly Call[]): readonly Call[] =>
  Object.defineProperty([...calls], fc.toStringMethod, {
    value: () => calls.map((call) => `\n    ${tellCall(call)}`).join(""),
  });

const given = fc
  .record({ lines, reports, cuts, again: fc.array(fc.nat({ max: 20 }), { maxLength: 3 }) })
  .map(({ lines: first, reports: second, cuts: at, again }) => ({
    /** All reports after all lines, and the two mixed; some lines come again, unchanged, at the end. */
    plain: printed([...first.map(mirroring), ...second.map(reporting)]),
    mixed: printed([
      ...merged(first, second, at),
      ...again.flatMap((index) =>
        first
          .slice(index % Math.max(1, first.length))
          .slice(0, 1)
          .map(mirroring),
      ),
    ]),
    /** Reports that contradict each other are told apart by which came first, so they keep their order. */
    reversed: second.some((one) => second.some((other) => isSame(one, other)))
      ? undefined
      : printed([...second.toReversed().map(reporting), ...first.map(mirroring)]),
  }));

describe.each(stores)("on the $name store", (store) => {
  it(
    "any interleaving gives the same balances and the same suspense",
    { timeout: patienceMs },
    () =>
      holds(store, 150, given, async ({ play }, { plain, ...others }) => {
        for (const call of plain) await play.run(call);
        const expected = await outcome(play);
        await tally.add(play);
        for (const [way, calls] of Object.entries(others)) {
          if (calls === undefined) continue;
          const host = seededHost({ now: startMs });
          const another = await store.open(host);
          const crossed = new Play(another.store, host);
          for (const call of calls) await crossed.run(call);
          expect(await outcome(crossed), way).toEqual(expected);
          expect(await crossed.ledger.verify()).toMatchObject({ ok: true });
          await tally.add(crossed);
          tally.count(way);
          await another.dispose();
        }
      }),
  );
});

afterAll(() =>
  tally.expect([
    "mixed",
    "reversed",
    "mirror created",
    "mirror unchanged",
    "awaited creation",
    "out of suspense",
    "reason became currency_mismatch",
    "reason became bill_voided",
    "suspended payment_conflict",
    "suspended currency_mismatch",
    "suspended bill_voided",
    "suspended unknown_target",
    "repeated payment",
    "repeated payment in suspense",
    "commit over three streams",
    "overpayment",
    "untracked payment",
  ]),
);
