/**
 * Creating customers, accounts and bills. Pure: ids, defaults and what waits in suspense arrive as
 * arguments.
 */
import { accept, type Decision } from "../kernel/decision.ts";
import type { CalendarDate, Instant } from "../kernel/instant.ts";
import type { CurrencyCode } from "../money/currency.ts";
import { billRules, type PaymentRules } from "../money/payment-rules.ts";
import { openBalance } from "./balance.ts";
import { metadataRefusal, type Policy, personalOf } from "./details.ts";
import type { EventData, MirroredFacts, Personal } from "./events.ts";
import { firstBalance, rulesSet } from "./first-balance.ts";
import { compact, type PlannedEvent } from "./planned.ts";

/** What every new entity has. */
interface Creation extends Personal {
  readonly id: string;
  readonly externalReference: string;
  readonly obligationId: string;
  readonly awaited: EventData<"customer.created">["awaited"];
  readonly mirrored?: MirroredFacts | undefined;
  /** The rules that it starts with; undefined: the defaults, where it has something to pay. */
  readonly paymentRules?: PaymentRules | null | undefined;
  readonly effectiveAt?: Instant | undefined;
}

export interface CustomerCreation extends Creation {
  readonly currency?: CurrencyCode | undefined;
  readonly balance?: number | undefined;
}

export interface AccountCreation extends CustomerCreation {
  readonly customerId: string;
}

export interface BillCreation extends Creation {
  readonly customerId: string;
  readonly accountId?: string | undefined;
  readonly currency: CurrencyCode;
  readonly amountDue: number;
  readonly billDate?: CalendarDate | undefined;
  readonly dueDate?: CalendarDate | undefined;
}

const createBalanceHolder = (
  kind: "customer" | "account",
  creation: CustomerCreation,
  created: PlannedEvent,
  policy: Policy,
): Decision<PlannedEvent[]> => {
  const { balance, currency, effectiveAt, obligationId, mirrored } = creation;
  const refusal =
    mirrored === undefined ? metadataRefusal(creation.metadata, policy.metadataLimits) : undefined;
  if (refusal !== undefined) return refusal;
  const { paymentRules = policy.paymentRules[kind] } = creation;
  const tracked = balance !== undefined && currency !== undefined;
  const entity = { kind, obligationId };
  return accept([
    created,
    ...(tracked
      ? firstBalance(entity, balance, currency, paymentRules, effectiveAt)
      : creation.paymentRules == null
        ? []
        : [rulesSet(entity, creation.paymentRules)]),
  ]);
};

/** The events of a new customer. */
export const createCustomer = (
  creation: CustomerCreation,
  policy: Policy,
): Decision<PlannedEvent[]> => {
  const { id, externalReference, obligationId, awaited, currency, mirrored, effectiveAt } =
    creation;
  return createBalanceHolder(
    "customer",
    creation,
    {
      type: "customer.created",
      data: compact({
        customerId: id,
        externalReference,
        obligationId,
        currency,
        awaited,
        mirrored,
      }),
      personal: personalOf(creation),
      effectiveAt,
    },
    policy,
  );
};

/** The events of a new account of a customer that exists, or comes into being in the same commit. */
export const createAccount = (
  creation: AccountCreation,
  policy: Policy,
): Decision<PlannedEvent[]> => {
  const {
    id,
    customerId,
    externalReference,
    obligationId,
    awaited,
    currency,
    mirrored,
    effectiveAt,
  } = creation;
  return createBalanceHolder(
    "account",
    creation,
    {
      type: "account.created",
      data: compact({
        accountId: id,
        customerId,
        externalReference,
        obligationId,
        currency,
        awaited,
        mirrored,
      }),
      personal: personalOf({ name: creation.name, metadata: creation.metadata }),
      effectiveAt,
    },
    policy,
  );
};

/** The events of a new bill: unpaid, with what it asks for owed at once (BIL-09). */
export const createBill = (creation: BillCreation, policy: Policy): Decision<PlannedEvent[]> => {
  const { id, customerId, accountId, externalReference, obligationId, awaited, mirrored } =
    creation;
  const { currency, amountDue, billDate, dueDate, effectiveAt, metadata } = creation;
  const refusal =
    mirrored === undefined ? metadataRefusal(metadata, policy.metadataLimits) : undefined;
  if (refusal !== undefined) return refusal;
  const { paymentRules = billRules(policy.paymentRules.bill, amountDue) } = creation;
  const entity = { kind: "bill", obligationId } as const;
  return accept([
    {
      type: "bill.created",
      data: compact({
        billId: id,
        customerId,
        accountId,
        externalReference,
        obligationId,
        currency,
        amountDue,
        billDate,
        dueDate,
        awaited,
        mirrored,
      }),
      personal: personalOf({ metadata }),
      effectiveAt,
    },
    openBalance(entity, amountDue, currency, effectiveAt),
    ...(paymentRules === null ? [] : [rulesSet(entity, paymentRules)]),
  ]);
};
