/**
 * Doing it again does nothing again: a command under its key is answered as the first time, another
 * one under that key is refused by the names of what differs, a payment is one payment.
 */
import { afterAll, describe, expect, it } from "vitest";
import { type Call, run } from "../arbitraries/calls.ts";
import { histories } from "../arbitraries/histories.ts";
import { patienceMs } from "../arbitraries/settings.ts";
import { came, holdsAfter, type Play, type Played } from "./play.ts";
import { stores } from "./stores.ts";
import { everyHistory, everyMatch, Tally } from "./tally.ts";

const tally = new Tally();

/** Calls that were the first under their key and left something under it. */
const firsts = async ({ ledger, played: all }: Play): Promise<Played[]> => {
  const seen = new Set<string>();
  const found: Played[] = [];
  for (const played of all) {
    const { idempotencyKey: key, dryRun } = played.call.options;
    if (key === undefined || dryRun === true || seen.has(key)) continue;
    // What cannot be read never comes as far as its key; what cannot be so in this book does.
    if ("refused" in played && played.refused.code === "INVALID_INPUT") {
      const left = await ledger.store.findOutcome(ledger.book, key);
      if (left?.outcome.refusal?.code !== "INVALID_INPUT") continue;
      tally.count("faulty in this book only");
    }
    seen.add(key);
    found.push(played);
  }
  return found;
};

/** The same call with one field of its request changed, and the name of that field. */
const changed = (call: Call): [string, Call] => {
  const { input } = call;
  if ("reason" in input && typeof input.reason === "string")
    return ["reason", { ...call, input: { ...input, reason: "another" } } as Call];
  if ("amount" in input && typeof input.amount === "number")
    return ["amount", { ...call, input: { ...input, amount: input.amount === 7 ? 8 : 7 } } as Call];
  if ("balance" in input && typeof input.balance === "number")
    return [
      "balance",
      { ...call, input: { ...input, balance: input.balance === 7 ? 8 : 7 } } as Call,
    ];
  if ("metadata" in input && input.metadata !== undefined)
    return ["metadata", { ...call, input: { ...input, metadata: { another: "one" } } } as Call];
  const name = call.verb === "voidBill" ? "bill" : call.verb.slice("update".length).toLowerCase();
  if (call.name !== undefined) return [name, { ...call, name: "another-1" } as Call];
  if ("externalReference" in input)
    return [
      "externalReference",
      { ...call, input: { ...input, externalReference: "another-1" } } as Call,
    ];
  if ("paymentId" in input)
    return ["paymentId", { ...call, input: { ...input, paymentId: "pay_another" } } as Call];
  const target =
    "customer" in input && input.customer !== undefined
      ? "customer"
      : "account" in input && input.account !== undefined
        ? "account"
        : "bill";
  return [target, { ...call, input: { ...input, [target]: "another-1" } } as Call];
};

describe.each(stores)("on the $name store", (store) => {
  it(
    "any command again under its key: the same answer and no event, refusals included",
    { timeout: patienceMs },
    () =>
      holdsAfter(store, 100, histories(), async ({ play, fresh }) => {
        play.continueOn(await fresh.reopen());
        const before = await play.ledger.head();
        for (const first of await firsts(play)) {
          tally.count(`again ${"refused" in first ? first.refused.code : first.call.verb}`);
          play.host.clock.advance(86_400_000);
          const again = await came(run(play.ledger, first.call));
          if ("refused" in first) expect(again).toEqual({ refused: first.refused });
          else expect(again).toEqual({ answer: { ...first.answer, replayed: true } });
        }
        expect(await play.ledger.head()).toEqual(before);
        await tally.add(play);
      }),
  );

  it(
    "another request under a key: IDEMPOTENCY_KEY_REUSED, naming the field, and no event",
    { timeout: patienceMs },
    () =>
      holdsAfter(store, 60, histories(), async ({ play }) => {
        const before = await play.ledger.head();
        for (const { call } of await firsts(play)) {
          const [field, other] = changed(call);
          tally.count(`changed ${field}`);
          expect(await came(run(play.ledger, other))).toMatchObject({
            refused: { code: "IDEMPOTENCY_KEY_REUSED", detail: { fields: [field] } },
          });
          // Who asks, and in what connection, is no part of the request.
          const { actor: _, correlationId: __, causationId: ___, ...rest } = call.options;
          const again = await came(
            run(play.ledger, { ...call, options: { ...rest, actor: "somebody else" } } as Call),
          );
          if ("refused" in again) expect(again.refused.code).not.toBe("IDEMPOTENCY_KEY_REUSED");
        }
        expect(await play.ledger.head()).toEqual(before);
        await tally.add(play);
      }),
  );

  it(
    "any payment again, however it is dated: its first outcome and no event",
    { timeout: patienceMs },
    () =>
      holdsAfter(store, 100, histories(), async ({ play, fresh }) => {
        play.continueOn(await fresh.reopen());
        const before = await play.ledger.head();
        const undone = new Set(
          (await play.events()).flatMap(({ type, data }) =>
            type === "payment.match_undone" ? data.paymentId : [],
          ),
        );
        for (const played of play.played) {
          const { call } = played;
          if (call.verb !== "recordPayment" && call.verb !== "applyPayment") continue;
          if (
            "refused" in played ||
            call.input.paymentId === undefined ||
            call.options.dryRun === true
          )
            continue;
          const { payment } = played.answer;
          // An answer under a key is of its time; the payment may have moved on since.
          const repeated = await came(
            run(play.ledger, {
              ...call,
              options: { effectiveAt: "2026-02-02T00:00:00Z" },
            } as Call),
          );
          const movedOn = undone.has(call.input.paymentId);
          if ("refused" in repeated) {
            // What lies in suspense again is not asked for, but matched.
            const { code } = repeated.refused;
            expect({ code, movedOn }).toEqual({ code: "PAYMENT_CONFLICT", movedOn: true });
            continue;
          }
          const again = repeated.answer;
          expect(again.events).toEqual([]);
          expect(again.replayed).toBe(true);
          const { id, amount, currency } = payment ?? {};
          expect(again.payment).toMatchObject({ id, amount, currency });
          if (payment?.status === "applied" && !movedOn) expect(again.payment).toEqual(payment);
          tally.count(
            payment?.status === again.payment?.status
              ? `still ${payment?.status}`
              : `${again.payment?.status} since`,
          );
        }
        expect(await play.ledger.head()).toEqual(before);
        await tally.add(play);
      }),
  );
});

afterAll(() =>
  tally.expect([
    ...everyHistory,
    ...everyMatch,
    ...[
      "createCustomer",
      "createAccount",
      "createBill",
      "updateCustomer",
      "updateBill",
      "voidBill",
    ].map((verb) => `again ${verb}`),
    ...["setBalance", "setPaymentRules", "charge", "credit", "mirror"].map(
      (verb) => `again ${verb}`,
    ),
    ...["recordPayment", "applyPayment", "reversePayment", "matchSuspense"].map(
      (verb) => `again ${verb}`,
    ),
    ...["undoMatch", "acceptMatch", "undoAcceptance"].map((verb) => `again ${verb}`),
    ...["NOT_FOUND", "REFERENCE_TAKEN", "BILL_VOIDED", "NOT_PAYABLE", "PAYMENT_CONFLICT"].map(
      (code) => `again ${code}`,
    ),
    ...["reason", "amount", "balance", "bill", "paymentId", "externalReference"].map(
      (field) => `changed ${field}`,
    ),
    "still applied",
    "still suspended",
    "applied since",
  ]),
);
