/** Suspense for people. */
import { dateOfInstant, type SuspendedPayment, type SuspenseReason } from "@tallystick/core";
import type { AsOfPair } from "../as-of/as-of.ts";
import { amountText } from "../render/amount-text.ts";
import { textTable } from "../render/text-table.ts";

const reasons: Readonly<Record<SuspenseReason, string>> = {
  payment_conflict: "reported before with another amount or currency",
  unknown_target: "no customer, account or bill of that name",
  bill_voided: "the bill is voided",
  currency_mismatch: "another currency than the obligation's",
};

/** The reason in words. */
export const suspenseReasonText = (reason: SuspenseReason): string => reasons[reason];

/** Where it had been matched before, if that was undone. */
export const undoneText = ({ undone }: SuspendedPayment): string =>
  undone === undefined ? "" : `match to ${undone.id} undone: ${undone.note}`;

/** One line a sum. */
export const suspenseText = (
  payments: readonly SuspendedPayment[],
  { timeZone }: AsOfPair,
  bold?: (title: string) => string,
): string =>
  textTable(
    [
      { title: "PAYMENT" },
      { title: "ARRIVED" },
      { title: "CURRENCY" },
      { title: "AMOUNT", align: "right" },
      { title: "REASON" },
      { title: "FOR" },
    ],
    payments.map((payment) => {
      const { paymentId, effectiveAt, currency, amount, reason, target } = payment;
      return [
        paymentId,
        dateOfInstant(effectiveAt, timeZone),
        currency,
        amountText(amount, currency),
        [reason, undoneText(payment)].filter((text) => text !== "").join("; "),
        target.name,
      ];
    }),
    bold,
  );
