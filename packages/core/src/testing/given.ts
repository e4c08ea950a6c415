/**
 * Given what happened, when a command is decided, then these events or that refusal: a rule as a
 * sentence, without a store. Beside it, the first events of the objects that tests speak of.
 * Nothing outside of tests may import this.
 */
import { defaultMetadataLimits, type Policy } from "../domain/details.ts";
import type { DomainEvent, EventData } from "../domain/events.ts";
import { evolve, initialState } from "../domain/evolve.ts";
import type { PlannedEvent } from "../domain/planned.ts";
import type {
  AccountState,
  BillState,
  CustomerState,
  EntityState,
  StreamState,
} from "../domain/state.ts";
import type { StreamId } from "../domain/target.ts";
import type { Decision } from "../kernel/decision.ts";
import type { Instant } from "../kernel/instant.ts";
import type { PaymentRules } from "../money/payment-rules.ts";

/** When everything in these histories happens, unless an event says otherwise. */
export const today: Instant = "2026-03-01T00:00:00.000Z";

export const rules = (over: Partial<PaymentRules> = {}): PaymentRules => ({
  minAmount: 100,
  maxAmount: 50_000,
  underpaymentAllowed: true,
  overpaymentAllowed: false,
  ...over,
});

/** Rules that tell customers, accounts and bills apart by their minimum. */
export const policy: Policy = {
  paymentRules: {
    customer: rules({ minAmount: 101 }),
    account: rules({ minAmount: 102 }),
    bill: rules({ minAmount: 103, maxAmount: 99_999_999 }),
  },
  metadataLimits: defaultMetadataLimits,
};

export const aCustomer = (
  data: Partial<EventData<"customer.created">> = {},
  personal?: DomainEvent["personal"],
): PlannedEvent => ({
  type: "customer.created",
  data: {
    customerId: "bcus_c",
    externalReference: "CUST-1",
    obligationId: "ob_c",
    awaited: { reference: 0 },
    ...data,
  },
  ...(personal === undefined ? {} : { personal }),
});

export const anAccount = (
  data: Partial<EventData<"account.created">> = {},
  personal?: DomainEvent["personal"],
): PlannedEvent => ({
  type: "account.created",
  data: {
    accountId: "bacc_a",
    customerId: "bcus_c",
    externalReference: "ACC-1",
    obligationId: "ob_a",
    awaited: { reference: 0 },
    ...data,
  },
  ...(personal === undefined ? {} : { personal }),
});

/** A bill of 37650 ZAR, with what it asks for owed at once. */
export const aBill = (data: Partial<EventData<"bill.created">> = {}): PlannedEvent[] => {
  const created: EventData<"bill.created"> = {
    billId: "bill_b",
    customerId: "bcus_c",
    externalReference: "BILL-1",
    obligationId: "ob_b",
    currency: "ZAR",
    amountDue: 37_650,
    awaited: { reference: 0 },
    ...data,
  };
  const { currency, amountDue } = created;
  return [
    { type: "bill.created", data: created },
    {
      type: "obligation.opened",
      data: {
        ...ofBill,
        currency,
        amount: amountDue,
        effect: amountDue,
        balanceAfter: amountDue,
        amountPaidAfter: 0,
      },
    },
  ];
};

/** Whose obligation an event is about, as every event of it says. */
export const ofCustomer = {
  obligationId: "ob_c",
  obligationKind: "customer_balance",
  currency: "ZAR",
} as const;
export const ofAccount = {
  obligationId: "ob_a",
  obligationKind: "account_balance",
  currency: "ZAR",
} as const;
export const ofBill = { obligationId: "ob_b", obligationKind: "bill", currency: "ZAR" } as const;

/** A first balance of the customer or account that `of` names. */
export const opened = (
  balance: number,
  of: typeof ofCustomer | typeof ofAccount = ofCustomer,
  currency = "ZAR",
): PlannedEvent => ({
  type: "obligation.opened",
  data: { ...of, currency, amount: balance, effect: balance, balanceAfter: balance },
});

export const rulesSet = (
  paymentRules: PaymentRules | null,
  {
    obligationId,
    obligationKind,
  }: Pick<
    EventData<"obligation.payment_rules_set">,
    "obligationId" | "obligationKind"
  > = ofCustomer,
): PlannedEvent => ({
  type: "obligation.payment_rules_set",
  data: { obligationId, obligationKind, paymentRules, amount: 0, effect: 0 },
});

/** A payment of `amount` on the bill, which has `paid` of 37650 after it. */
export const billPaid = (amount: number, paid: number, paymentId = "pay_1"): PlannedEvent => ({
  type: "obligation.amount_applied",
  data: {
    ...ofBill,
    amount,
    effect: -amount,
    balanceAfter: 37_650 - paid,
    amountPaidAfter: paid,
    paymentId,
  },
});

/** The bill is voided while `paid` of 37650 was paid. */
export const billVoided = (paid = 0): PlannedEvent => ({
  type: "bill.voided",
  data: {
    ...ofBill,
    billId: "bill_b",
    amount: 37_650 - paid,
    effect: paid - 37_650,
    balanceAfter: 0,
    amountPaidAfter: paid,
  },
});

const streamOf = ({ type, data }: PlannedEvent): StreamId => {
  if (type === "customer.created") return `customer/${data.customerId}`;
  if (type === "account.created") return `account/${data.accountId}`;
  if (type === "bill.created") return `bill/${data.billId}`;
  return "paymentId" in data ? `suspense/${data.paymentId}` : "customer/bcus_c";
};

/** The fold of a history; its first event says whose it is, unless `streamId` does. */
export const fold = (history: readonly PlannedEvent[], streamId?: StreamId): StreamState => {
  const [first] = history;
  const state = initialState(
    streamId ?? (first === undefined ? "customer/bcus_c" : streamOf(first)),
  );
  for (const event of history) evolve(state, { ...event, effectiveAt: event.effectiveAt ?? today });
  return state;
};

const entityIn = (history: readonly PlannedEvent[]): EntityState => {
  const state = fold(history);
  if (!("entity" in state) || state.entity === undefined)
    throw new Error("the history makes no entity");
  return state.entity;
};

/** The entity that a history makes. */
export const customerAfter = (...history: readonly PlannedEvent[]): CustomerState =>
  entityIn(history) as CustomerState;
export const accountAfter = (...history: readonly PlannedEvent[]): AccountState =>
  entityIn(history) as AccountState;
export const billAfter = (...history: readonly PlannedEvent[]): BillState =>
  entityIn(history) as BillState;

/** What a decision came to: its events, or `refused` with the facts. */
export type Came =
  | readonly PlannedEvent[]
  | { readonly refused: string; readonly [fact: string]: unknown };

export const came = (decision: Decision<readonly PlannedEvent[]>): Came =>
  decision.ok ? decision.value : { ...decision.refusal.detail, refused: decision.refusal.code };

/**
 * `given(history).when(decide)` is what the decision came to. Accepted events are folded on top, so
 * a decider that writes what evolve refuses is found out by every test.
 */
export const given = <Entity extends EntityState = never>(...history: readonly PlannedEvent[]) => ({
  when: (decide: (entity: Entity) => Decision<PlannedEvent[]>): Came => {
    const decision = decide(entityIn(history) as Entity);
    if (decision.ok) fold([...history, ...decision.value]);
    return came(decision);
  },
});
