/**
 * What one stream has come to: the fold of its events. Size does not grow with the number of
 * payments on an entity. Balances are kept per currency; `currency` says which one is current.
 */

import type { CalendarDate, Instant } from "../kernel/instant.ts";
import type { CurrencyCode } from "../money/currency.ts";
import type { PaymentRules } from "../money/payment-rules.ts";
import type { EventData, MirroredFacts, Personal, SuspenseReason } from "./events.ts";
import type { Metadata } from "./fields.ts";
import type { EntityKind } from "./target.ts";

interface EntityBase extends Personal {
  readonly id: string;
  readonly externalReference: string;
  readonly obligationId: string;
  /** How many payments had waited for its reference when it came into being; left out where none had. */
  readonly awaited?: number;
  readonly currency?: CurrencyCode;
  /** Minor units owed, per currency that was ever tracked; empty while untracked. */
  readonly balances: Readonly<Record<CurrencyCode, number>>;
  /** undefined: never set; null: taken away. Either way not payable. */
  readonly paymentRules?: PaymentRules | null;
  /** The last mirrored line, if the entity was ever mirrored. */
  readonly mirrored?: MirroredFacts & Personal;
}

export interface CustomerState extends EntityBase {
  readonly kind: "customer";
}

export interface AccountState extends EntityBase {
  readonly kind: "account";
  readonly customerId: string;
}

export interface BillState extends EntityBase {
  readonly kind: "bill";
  readonly customerId: string;
  readonly accountId?: string;
  readonly currency: CurrencyCode;
  readonly amountDue: number;
  readonly amountPaid: number;
  readonly voided: boolean;
  readonly billDate?: CalendarDate;
  readonly dueDate?: CalendarDate;
}

export type EntityState = CustomerState | AccountState | BillState;

/** One sum that arrived and fitted nothing; kept after it was matched, so that a repeat is known. */
export interface SuspenseEntry {
  readonly target: { readonly kind: EntityKind; readonly name: string };
  readonly resolvedId?: string;
  readonly currency: CurrencyCode;
  readonly amount: number;
  readonly reason: SuspenseReason;
  readonly effectiveAt: Instant;
  readonly metadata?: Metadata;
  readonly sourceObligationId?: string;
  readonly sourceEventId?: string;
  readonly matchedTo?: { readonly kind: EntityKind; readonly id: string };
  /** Matches that were undone, each obligation once; the last one was undone last. */
  readonly undone?: readonly UndoneMatch[];
}

interface UndoneMatch {
  readonly kind: EntityKind;
  readonly id: string;
  /** Why it was undone. */
  readonly note: string;
}

export interface EntityStream {
  readonly kind: EntityKind;
  readonly id: string;
  readonly entity?: EntityState;
}

export interface SuspenseStream {
  readonly kind: "suspense";
  readonly paymentId: string;
  readonly entries: readonly SuspenseEntry[];
}

/** What was accepted last with a row of theirs. */
export interface AcceptanceState {
  readonly accepted: EventData<"reconciliation.match_accepted">;
  readonly effectiveAt: Instant;
  /** False once it was undone. */
  readonly standing: boolean;
}

export interface AcceptanceStream {
  readonly kind: "acceptance";
  readonly rowId: string;
  readonly acceptance?: AcceptanceState;
}

export type StreamState = EntityStream | SuspenseStream | AcceptanceStream;

/** The balance in the current currency; undefined while untracked. */
export const trackedBalance = ({ balances, currency }: EntityState): number | undefined =>
  currency === undefined ? undefined : balances[currency];

/** What a payment would settle: a balance, or what remains of a bill; undefined while untracked. */
export const owedOn = (entity: EntityState): number | undefined =>
  entity.kind === "bill"
    ? Math.max(0, entity.amountDue - entity.amountPaid)
    : trackedBalance(entity);
