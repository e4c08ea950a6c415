/**
 * What users of the ledger meet: objects in the API's own words, in camelCase. Amounts are whole
 * minor units of the currency beside them; positive is owed by the customer, negative is credit.
 * A member without a value is left out, never null (D-22).
 */
import type { DifferenceCause, MoneyKind, SuspenseReason } from "../domain/events.ts";
import type { Metadata } from "../domain/fields.ts";
import type { EntityKind, ObligationKind } from "../domain/target.ts";
import type { CalendarDate, Instant } from "../kernel/instant.ts";
import type { CurrencyCode } from "../money/currency.ts";
import type { PaymentRules, Violation } from "../money/payment-rules.ts";
import type { RecordedEvent } from "../store/commit.ts";

export interface CurrencyBalance {
  readonly currency: CurrencyCode;
  readonly balance: number;
}

interface EntityCommon {
  readonly id: string;
  readonly externalReference: string;
  /** `ob_…`, stable from creation on (D-46). */
  readonly obligationId: string;
  /** Absent: cannot be paid (spec 4). */
  readonly paymentRules?: PaymentRules;
  readonly metadata?: Metadata;
  /** Sums left in currencies that it was kept in before and that are not 0. */
  readonly otherBalances?: readonly CurrencyBalance[];
}

export interface Customer extends EntityCommon {
  readonly object: "customer";
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly currency?: CurrencyCode;
  /** Absent: no balance is tracked. */
  readonly balance?: number;
}

export interface Account extends EntityCommon {
  readonly object: "account";
  readonly customerId: string;
  readonly name?: string;
  readonly currency?: CurrencyCode;
  readonly balance?: number;
}

export interface Bill extends EntityCommon {
  readonly object: "bill";
  readonly customerId: string;
  readonly accountId?: string;
  readonly status: "unpaid" | "paid" | "voided";
  readonly currency: CurrencyCode;
  readonly amountDue: number;
  readonly amountPaid: number;
  /** Never below 0. */
  readonly amountRemaining: number;
  /** Signed: due − paid, so an overpaid bill is credit; 0 once voided. */
  readonly balance: number;
  readonly billDate?: CalendarDate;
  readonly dueDate?: CalendarDate;
}

export type Entity = Customer | Account | Bill;

/** Money that has arrived and fits nothing yet. */
export interface SuspendedPayment {
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: CurrencyCode;
  readonly reason: SuspenseReason;
  /** What the payment named: an id or an external reference. */
  readonly target: { readonly kind: EntityKind; readonly name: string };
  /** When the money moved. */
  readonly effectiveAt: Instant;
  readonly metadata?: Metadata;
  /** It had been matched there, which was undone; with why. Of several, the last one. */
  readonly undone?: { readonly kind: EntityKind; readonly id: string; readonly note: string };
}

/** Rows of somebody else's that are movements of ours, because somebody said so. */
export interface Acceptance {
  readonly object: "acceptance";
  readonly kind: MoneyKind;
  readonly currency: CurrencyCode;
  /** Theirs, in all. */
  readonly amount: number;
  readonly rows: readonly { readonly rowId: string; readonly amount: number }[];
  readonly movements: readonly {
    readonly position: number;
    readonly paymentId: string;
    readonly amount: number;
  }[];
  /** What they say came in beyond what the ledger recorded, booked for what it is; below 0: less. */
  readonly difference?: { readonly amount: number; readonly cause: DifferenceCause };
  readonly reason: string;
  /** When the last of the movements was true. */
  readonly effectiveAt: Instant;
  /** False: it was undone. */
  readonly standing: boolean;
}

/** Taken by every writing verb. */
export interface WriteOptions {
  /**
   * 1 to 255 characters. The same key with the same request gives the first answer again, refusals
   * included, and writes nothing; with another request it is refused (`IDEMPOTENCY_KEY_REUSED`).
   */
  readonly idempotencyKey?: string | undefined;
  /** When it was true in the world; default: when it is recorded. Not in the future. */
  readonly effectiveAt?: string | undefined;
  /** Who asked for it; 1 to 255 characters. */
  readonly actor?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly causationId?: string | undefined;
  /** Runs the same code, answers the same, writes nothing. */
  readonly dryRun?: boolean | undefined;
}

/** What a writing verb answers. */
export interface Written<Result> {
  readonly entity: Result;
  /** The events that it wrote, or that the call it repeats wrote; in a dry run, those it would write. */
  readonly events: readonly RecordedEvent[];
  /** Nothing was written, because the same key or the same payment was here before. */
  readonly replayed: boolean;
}

/** What became of a payment. */
export interface PaymentOutcome {
  readonly id: string;
  readonly amount: number;
  readonly currency: CurrencyCode;
  readonly status: "applied" | "suspended";
  /** The event that recorded it. */
  readonly eventId: string;
  /** Signed change of what is owed; 0 where no balance is tracked, or in suspense. */
  readonly effect: number;
  /** The payment rules that it broke; only a payment that has happened may break any. */
  readonly violations: readonly Violation[];
  /** Why it lies in suspense. */
  readonly reason?: SuspenseReason;
}

export interface PaymentWritten extends Written<Entity | undefined> {
  readonly payment: PaymentOutcome;
}

export interface MirrorWritten extends Written<Entity> {
  readonly outcome: "created" | "changed" | "unchanged";
  /** How many payments in suspense found their place through it. */
  readonly released: number;
}

/** Objects are named by their id or by their external reference; exactly one kind is given. */
export interface TargetInput {
  readonly customer?: string | undefined;
  readonly account?: string | undefined;
  readonly bill?: string | undefined;
}

export interface Page<Item> {
  /** Oldest first. */
  readonly data: readonly Item[];
  /** Hand it back as `after` for the next page; absent on the last. */
  readonly next?: string;
}

export interface ListQuery {
  /** Objects of this customer, by id or external reference. */
  readonly customer?: string | undefined;
  readonly currency?: CurrencyCode | undefined;
  /** Only those that owe something (true), or only those that do not (false). */
  readonly owing?: boolean | undefined;
  /** Only those that hold credit (true), or only those that do not (false). */
  readonly credit?: boolean | undefined;
  /** 1 to 500, default 50. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}

export interface BillQuery extends ListQuery {
  /** Bills of this account, by id or external reference. */
  readonly account?: string | undefined;
  readonly status?: "unpaid" | "paid" | "voided" | undefined;
}

/** The two axes of time (architecture 5): what was known, and about when. */
export interface AsOf {
  /** What was known then: an instant, or a position. Default: everything. */
  readonly known?: string | number | undefined;
  /** What was true then: an instant, or a date, which means its end in the book's time zone. */
  readonly effective?: string | undefined;
  /** Also give the events that made the balance. */
  readonly steps?: boolean | undefined;
}

/** A step of a balance: one event, what it did, and the sum of effects up to it. */
export interface BalanceStep {
  readonly position: number;
  readonly eventId: string;
  readonly type: RecordedEvent["type"];
  readonly effectiveAt: Instant;
  readonly currency: CurrencyCode;
  readonly effect: number;
  readonly balance: number;
}

export interface Balance {
  readonly obligationId: string;
  readonly kind: ObligationKind;
  /** Of the customer, account or bill. */
  readonly id: string;
  /** False: no balance was ever given, and `balances` is empty. */
  readonly tracked: boolean;
  /** One entry for each currency that was tracked, by code. */
  readonly balances: readonly CurrencyBalance[];
  /** The events that made it, in recorded order; only if asked for. */
  readonly steps?: readonly BalanceStep[];
}
