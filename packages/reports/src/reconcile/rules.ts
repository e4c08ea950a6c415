/** The rules by which two sides are matched, from the strongest to the weakest. */
import type { AcceptedMatch } from "./accepted.ts";
import type { ExternalRow, LedgerItem } from "./sides.ts";

export const rules = [
  /** Somebody said so. */
  "accepted",
  /** The same payment id, amount and currency. */
  "payment_id",
  /** One payment id, and amounts that come to the same over several rows or obligations. */
  "payment_id_sum",
  /** The same amount, currency, day and customer, account or bill. */
  "amount_date_reference",
  /** The same amount, currency and day, as often on both sides. */
  "amount_date",
  /** The same amount, currency and customer, account or bill, within the window. */
  "reference",
  /** One row for several movements, or several for one, whose amounts come to the same. */
  "sum",
  /** Within the tolerances that were asked for. */
  "tolerance",
] as const;
export type Rule = (typeof rules)[number];

/** What was set against each other, and by which rule. One side at least has one member. */
export interface Pairing {
  readonly rule: Rule;
  readonly rows: readonly ExternalRow[];
  readonly items: readonly LedgerItem[];
  /** What somebody said, where it was accepted. */
  readonly accepted?: AcceptedMatch;
}

export interface MatchingBounds {
  /** How far a match by reference or by sum may lie apart, in days. */
  readonly windowDays: number;
  /** How much an amount may differ, in minor units; 0 for not at all. */
  readonly toleranceAmount: number;
  /** How many days a match by amount may lie apart; 0 for not at all. */
  readonly toleranceDays: number;
}

/** A sum is sought among so many members at the most, of so many candidates; beyond, nothing is tried. */
export const sumMembersMax = 6;
export const sumCandidatesMax = 16;
