/**
 * A generator that never produces the interesting case proves nothing: what came up over all runs of
 * a property is counted, and what it needs has to have come up.
 */
import type { RecordedEvent } from "@tallystick/core";
import { expect } from "vitest";
import type { Play, Played } from "./play.ts";

/** What came up in one call. */
const casesOf = ({ call, ...played }: Played): string[] => {
  const { verb, options } = call;
  if ("refused" in played) {
    const { code } = played.refused;
    return [`refused ${code}`, `${verb} refused ${code}`];
  }
  const { events, replayed, payment, outcome } = played.answer;
  return [
    ...(options.dryRun === true ? ["dry run"] : []),
    ...(replayed
      ? [options.idempotencyKey === undefined ? "repeated payment" : "replay under a key"]
      : []),
    ...(replayed && payment?.status === "suspended" ? ["repeated payment in suspense"] : []),
    ...(!replayed && events.length === 0 ? ["nothing to do"] : []),
    ...(verb === "mirror" && outcome !== undefined ? [`mirror ${outcome}`] : []),
    ...(verb === "undoMatch" && replayed && options.idempotencyKey === undefined
      ? ["match undone before"]
      : []),
    ...(verb === "acceptMatch" && replayed && options.idempotencyKey === undefined
      ? ["accepted before"]
      : []),
    ...(verb === "undoAcceptance" && replayed && options.idempotencyKey === undefined
      ? ["acceptance undone before"]
      : []),
    ...(verb === "matchSuspense" && !replayed ? ["matched by hand"] : []),
    ...(new Set(events.map(({ streamId }) => streamId)).size > 2
      ? ["commit over three streams"]
      : []),
  ];
};

/** What came up in one event; `voided` and `applied` hold what came before it. */
const casesOfEvent = (event: RecordedEvent, before: Before): string[] => {
  const { type, data, effectiveAt, recordedAt, streamId } = event;
  const cases: string[] = [type];
  if (effectiveAt < recordedAt) cases.push("back-dated");
  if (effectiveAt > recordedAt) cases.push("dated ahead");
  switch (type) {
    case "bill.voided":
      before.voided.add(streamId);
      if (data.amountPaidAfter !== undefined && data.amountPaidAfter > 0)
        cases.push("void of a part-paid bill");
      break;
    case "obligation.balance_asserted":
      before.currencies.set(
        streamId,
        (before.currencies.get(streamId) ?? new Set()).add(data.currency),
      );
      if ((before.currencies.get(streamId)?.size ?? 0) > 1) cases.push("change of currency");
      break;
    case "obligation.amount_applied": {
      for (const violation of data.violations ?? []) cases.push(`violation ${violation}`);
      if (data.balanceAfter === undefined) cases.push("untracked payment");
      else if (data.balanceAfter < 0) cases.push("overpayment");
      if (data.suspendedFor !== undefined) cases.push("out of suspense");
      if (before.applied.has(data.paymentId)) cases.push("payment on several obligations");
      before.applied.add(data.paymentId);
      break;
    }
    case "obligation.application_reversed":
      if (before.voided.has(streamId)) cases.push("reversal after void");
      if (data.ordinal > 1) cases.push("second reversal");
      if (data.absorbed !== undefined) cases.push("absorbed reversal");
      if ((before.currencies.get(streamId)?.size ?? 0) > 1)
        cases.push("reversal after change of currency");
      break;
    case "payment.suspended":
      cases.push(
        data.reasonBefore === undefined
          ? `suspended ${data.reason}`
          : `reason became ${data.reason}`,
      );
      break;
    case "customer.created":
    case "account.created":
    case "bill.created":
      if (data.awaited.reference > 0 || (data.awaited.id ?? 0) > 0) cases.push("awaited creation");
      break;
    default:
      break;
  }
  return cases;
};

interface Before {
  readonly voided: Set<string>;
  readonly applied: Set<string>;
  readonly currencies: Map<string, Set<string>>;
}

/** What has to come up wherever whole histories are generated. */
export const everyHistory = [
  "obligation.opened",
  "obligation.balance_asserted",
  "obligation.amount_charged",
  "obligation.amount_credited",
  "obligation.amount_applied",
  "obligation.application_reversed",
  "obligation.payment_rules_set",
  "payment.suspended",
  "payment.matched",
  "payment.match_undone",
  "obligation.application_undone",
  "reconciliation.match_accepted",
  "reconciliation.acceptance_undone",
  "bill.voided",
  "overpayment",
  "violation not_payable",
  "violation overpayment",
  "untracked payment",
  "payment on several obligations",
  "back-dated",
  "change of currency",
  "reversal after void",
  "absorbed reversal",
  "second reversal",
  "void of a part-paid bill",
  "suspended unknown_target",
  "suspended payment_conflict",
  "suspended currency_mismatch",
  "suspended bill_voided",
  "out of suspense",
  "awaited creation",
  "replay under a key",
  "repeated payment",
  "nothing to do",
  "mirror created",
  "mirror changed",
  "refused NOT_FOUND",
  "refused REFERENCE_TAKEN",
  "refused BILL_VOIDED",
  "refused BILL_PAID",
  "refused NOT_PAYABLE",
  "refused CURRENCY_MISMATCH",
  "refused OVERPAYMENT_NOT_ALLOWED",
  "refused PAYMENT_CONFLICT",
  "refused PAYMENT_NOT_FOUND",
  "refused IDEMPOTENCY_KEY_REUSED",
  "refused NOT_ADJUSTABLE",
  "refused INVALID_INPUT",
] as const;

/** What has to come up where matches by hand are proved. */
export const everyMatch = [
  "obligation.application_restored",
  "match undone before",
  "accepted before",
  "acceptance undone before",
  "refused MATCH_STANDS",
  "refused DIFFERENCE_UNEXPLAINED",
] as const;

export class Tally {
  readonly #counts = new Map<string, number>();

  count(name: string, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  /** Counts what came up in a history and in the events that it left. */
  async add(play: Play): Promise<void> {
    this.count("calls", play.played.length);
    for (const played of play.played) for (const each of casesOf(played)) this.count(each);
    const before: Before = { voided: new Set(), applied: new Set(), currencies: new Map() };
    for (const event of await play.events())
      for (const each of casesOfEvent(event, before)) this.count(each);
  }

  /** Fails where one of these never came up. With `TALLYSTICK_TALLY` set it prints all that did. */
  expect(names: readonly string[]): void {
    if (process.env["TALLYSTICK_TALLY"] !== undefined)
      console.log(Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1))));
    expect(
      names.filter((name) => !this.#counts.has(name)),
      "cases that never came up",
    ).toEqual([]);
  }
}
