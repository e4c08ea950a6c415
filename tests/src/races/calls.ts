/** Calls as races make them, about one customer and one bill, and what is read off their answers. */
import type { PaymentRules } from "@tallystick/core";
import type { Call, CallOf, Verb } from "../arbitraries/calls.ts";
import type { Came } from "../properties/play.ts";
import type { Race } from "./race.ts";

/** A call of a verb that takes an input. */
export const call = <Each extends Verb>(
  verb: Each,
  input: CallOf<Each>["input"],
  idempotencyKey?: string,
): Call => ({ verb, input, options: { idempotencyKey } }) as unknown as Call;

export const lenient: PaymentRules = {
  minAmount: 1,
  maxAmount: 1_000_000,
  underpaymentAllowed: true,
  overpaymentAllowed: true,
};

/** A customer `c-1` who owes 1000 and a bill `b-1` of theirs of `amountDue`, before anybody races. */
export const prepare = async (
  race: Race,
  {
    amountDue = 1000,
    paymentRules = lenient,
  }: { amountDue?: number; paymentRules?: PaymentRules } = {},
): Promise<void> => {
  const ledger = race.quietly();
  await ledger.createCustomer({
    id: "bcus_c1",
    externalReference: "c-1",
    balance: 1000,
    currency: "ZAR",
  });
  await ledger.setPaymentRules({ customer: "c-1", paymentRules: lenient });
  await ledger.createBill({
    id: "bill_b1",
    externalReference: "b-1",
    customer: "c-1",
    amountDue,
    currency: "ZAR",
  });
  await ledger.setPaymentRules({ bill: "b-1", paymentRules });
  await race.prepared();
};

export const accepted = (all: readonly Came[]) =>
  all.flatMap((came) => ("answer" in came ? [came.answer] : []));

/** The codes of those that were refused, sorted. */
export const refusals = (all: readonly Came[]): string[] =>
  all.flatMap((came) => ("refused" in came ? [came.refused.code] : [])).sort();
