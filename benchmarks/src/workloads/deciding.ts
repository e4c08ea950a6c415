/** P7: deciding and folding in memory, without a store. */
import {
  decidePayment,
  type EntityState,
  type EntityStream,
  evolve,
  initialState,
  type PlacedEvent,
} from "@tallystick/core";
import { type Benchmark, type Contender, timed } from "../measure.ts";

const effectiveAt = "2026-03-01T00:00:00.000Z";
const workload = "W7: decide and fold in memory, one customer";

const obligation = {
  obligationId: "ob_hot",
  obligationKind: "customer_balance",
  currency: "ZAR",
} as const;
const begin: readonly PlacedEvent[] = [
  {
    type: "customer.created",
    data: {
      customerId: "bcus_hot",
      externalReference: "HOT",
      obligationId: "ob_hot",
      awaited: { reference: 0 },
    },
    effectiveAt,
  },
  {
    type: "obligation.opened",
    data: {
      ...obligation,
      amount: 900_000_000_000_000,
      effect: 900_000_000_000_000,
      balanceAfter: 900_000_000_000_000,
    },
    effectiveAt,
  },
  {
    type: "obligation.payment_rules_set",
    data: {
      obligationId: "ob_hot",
      obligationKind: "customer_balance",
      paymentRules: {
        minAmount: 1,
        maxAmount: 1_000_000,
        underpaymentAllowed: true,
        overpaymentAllowed: true,
      },
    },
    effectiveAt,
  } as PlacedEvent,
];

const hot = (): EntityStream => {
  const state = initialState("customer/bcus_hot");
  for (const event of begin) evolve(state, event);
  if (state.kind !== "customer") throw new Error("a customer was expected");
  return state;
};

const decideOn = (entity: EntityState | undefined, paymentId: string): PlacedEvent => {
  if (entity === undefined) throw new Error("a customer was expected");
  const decision = decidePayment(entity, { paymentId, amount: 100, currency: "ZAR" });
  if (!decision.ok) throw new Error(decision.refusal.message);
  return { ...decision.value[0], effectiveAt } as PlacedEvent;
};

/** `count` payments a pass. */
export const deciding = (count: number): Benchmark[] => {
  const decide: Contender = {
    name: "decide and evolve a payment",
    pass: () => {
      const state = hot();
      return timed(count, () => {
        for (let index = 0; index < count; index += 1)
          evolve(state, decideOn(state.entity, `pay_${index}`));
      });
    },
  };
  const events = Array.from({ length: count }, () => begin[1] as PlacedEvent);
  const state = hot();
  for (let index = 0; index < count; index += 1) {
    const event = decideOn(state.entity, `pay_${index}`);
    events[index] = event;
    evolve(state, event);
  }
  const fold: Contender = {
    name: "fold payments",
    pass: () => {
      const folded = hot();
      return timed(count, () => {
        for (const event of events) evolve(folded, event);
      });
    },
  };
  return [
    { goal: "P7", workload, subject: decide, baselines: [] },
    { goal: "P7", workload, subject: fold, baselines: [] },
  ];
};
