/** A payment as it is listed: what it came to, and where it went. */
import { z } from "zod";
import { type PaymentRow, statusOf } from "../merchant/payment-rows.ts";
import * as field from "./fields.ts";

const kinds = ["customer_balance", "account_balance", "bill"] as const;

export const listedPaymentSchema = z
  .object({
    id: field.paymentId,
    amount: field.unsignedAmount.meta({
      description: "Minor units: all of it in its currency, whether taken back since or not.",
    }),
    currency: field.currency,
    status: z.enum(["succeeded", "reversed", "suspended"]),
    obligations: z.array(
      z.object({
        id: field.obligationId,
        kind: z.enum(kinds),
        customer_id: field.id.customer,
        account_id: field.id.account.optional(),
        bill_id: field.id.bill.optional(),
        amount: field.positiveAmount,
        currency: field.currency,
        amount_reversed: field.unsignedAmount,
      }),
    ),
    suspended: z
      .array(
        z.object({
          customer: z.string().optional(),
          account: z.string().optional(),
          bill: z.string().optional(),
          amount: field.positiveAmount,
          currency: field.currency,
        }),
      )
      .meta({ description: "What waits for its obligation, by what was named." })
      .optional(),
  })
  .meta({ id: "ListedPayment" });

export const listedPaymentBody = (row: PaymentRow): z.input<typeof listedPaymentSchema> => {
  const { id, currency, applied, suspended } = row;
  const own = [...applied, ...suspended].filter((part) => part.currency === currency);
  return {
    id,
    amount: own.reduce((sum, { amount }) => sum + amount, 0),
    currency,
    status: statusOf(row),
    obligations: applied.map(({ owner, customer, reversed, ...part }) => ({
      id: part.id,
      kind: part.kind,
      customer_id: customer,
      ...(part.kind === "bill" ? { bill_id: owner } : {}),
      ...(part.kind === "account_balance" ? { account_id: owner } : {}),
      amount: part.amount,
      currency: part.currency,
      amount_reversed: reversed,
    })),
    ...(suspended.length === 0
      ? {}
      : {
          suspended: suspended.map(({ kind, name, amount, currency: code }) => ({
            [kind]: name,
            amount,
            currency: code,
          })),
        }),
  };
};
