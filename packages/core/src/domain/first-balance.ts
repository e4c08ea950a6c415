/** How an obligation begins to be tracked and to be paid. */
import type { Instant } from "../kernel/instant.ts";
import type { CurrencyCode } from "../money/currency.ts";
import type { PaymentRules } from "../money/payment-rules.ts";
import { openBalance } from "./balance.ts";
import type { PlannedEvent } from "./planned.ts";
import type { EntityState } from "./state.ts";
import { obligationKindOf } from "./target.ts";

/** What an obligation accepts from here on; null: nothing. */
export const rulesSet = (
  entity: Pick<EntityState, "kind" | "obligationId">,
  paymentRules: PaymentRules | null,
): PlannedEvent => ({
  type: "obligation.payment_rules_set",
  data: {
    obligationId: entity.obligationId,
    obligationKind: obligationKindOf(entity.kind),
    paymentRules,
    amount: 0,
    effect: 0,
  },
});

/** The events of a first balance: it is tracked from here on, with the merchant's default rules (D-26). */
export const firstBalance = (
  entity: Pick<EntityState, "kind" | "obligationId" | "paymentRules">,
  balance: number,
  currency: CurrencyCode,
  rules: PaymentRules | null,
  effectiveAt: Instant | undefined,
): PlannedEvent[] => [
  openBalance(entity, balance, currency, effectiveAt),
  ...(entity.paymentRules !== undefined || rules === null ? [] : [rulesSet(entity, rules)]),
];
