/** One event of a history in the few words that a person asks for: when, what, how much, what is owed then. */
import type { CurrencyCode, Instant, RecordedEvent } from "@tallystick/core";
import { amountText } from "../render/amount-text.ts";

export interface HistoryLine {
  readonly position: number;
  /** When it was true in the world. */
  readonly effectiveAt: Instant;
  readonly type: RecordedEvent["type"];
  /** What the event is about, in minor units; absent where it moves no money. */
  readonly amount?: number;
  readonly currency?: CurrencyCode;
  /** Signed change of what is owed; absent where nothing is tracked. */
  readonly effect?: number;
  /** What is owed after it. */
  readonly balanceAfter?: number;
  /** What else matters: the payment, the rules that it broke, a reason. */
  readonly note: string;
}

const noteOf = ({ type, data }: RecordedEvent): string => {
  switch (type) {
    case "obligation.amount_applied": {
      const broken = data.violations === undefined ? "" : ` (broke ${data.violations.join(", ")})`;
      return `${data.paymentId}${data.suspendedFor === undefined ? "" : " from suspense"}${broken}`;
    }
    case "obligation.application_reversed":
      return `${data.paymentId}${data.reason === undefined ? "" : `: ${data.reason}`}`;
    case "obligation.application_undone":
      return `${data.paymentId} back to suspense: ${data.reason}`;
    case "obligation.application_restored":
      return `${data.paymentId} from suspense again`;
    case "payment.match_undone":
      return `${data.paymentId}: ${data.note}`;
    case "reconciliation.match_accepted":
    case "reconciliation.acceptance_undone":
      return data.reason;
    case "obligation.amount_charged":
    case "obligation.amount_credited":
      return data.reason ?? "";
    case "obligation.balance_asserted":
      return `was ${amountText(data.previousBalance, data.currency)} before`;
    case "obligation.payment_rules_set":
      return data.paymentRules === null ? "cannot be paid from here on" : "";
    case "payment.suspended":
    case "payment.matched":
      return data.paymentId;
    case "account.created":
    case "bill.created":
    case "customer.created":
      return data.externalReference;
    case "account.updated":
    case "bill.updated":
    case "bill.voided":
    case "customer.updated":
    case "obligation.opened":
      return "";
  }
};

export const historyLine = (event: RecordedEvent): HistoryLine => {
  const { position, effectiveAt, type, data } = event;
  const money =
    "amount" in data && "currency" in data
      ? {
          amount: data.amount,
          currency: data.currency,
          ...("effect" in data && "balanceAfter" in data && data.balanceAfter !== undefined
            ? { effect: data.effect, balanceAfter: data.balanceAfter }
            : {}),
        }
      : {};
  return { position, effectiveAt, type, ...money, note: noteOf(event) };
};
