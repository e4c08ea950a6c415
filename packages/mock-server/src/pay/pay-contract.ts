/**
 * What the pay page and the server say to each other. No key: whoever holds the link may pay.
 *
 * `GET /pay/{ob_…}/details[?merchant=]` answers `PayDetails`; an unknown link is 404.
 *
 * `POST /pay/{ob_…}/payments[?merchant=]` takes `PayRequest` and does what `POST /_mock/payments`
 * does: 201 with `PayReceipt`; 200 with the first outcome where the same payment is sent again; the
 * refusals of spec 4 as problem documents, without effect. The payment's id is made once per form,
 * so a double click or a retry is never a second payment.
 *
 * The link's own parameters (`utm_*`, `product_code`) become the payment's metadata; those that are
 * no metadata are passed over (spec 1.3).
 *
 * Where a fork made the id ambiguous, `merchant` (a public name) decides, else the oldest book.
 */
import { z } from "zod";

const rules = z.object({
  min_amount: z.int(),
  max_amount: z.int(),
  underpayment_allowed: z.boolean(),
  overpayment_allowed: z.boolean(),
});

/** Amounts are minor units; `balance` is signed and left out where none is tracked. */
const obligation = z.object({
  id: z.string(),
  kind: z.enum(["customer_balance", "account_balance", "bill"]),
  currency: z.string().optional(),
  balance: z.int().optional(),
});

export const payDetails = z.object({
  merchant: z.object({ name: z.string() }),
  obligation,
  /** The merchant's own reference of what is paid. */
  reference: z.string(),
  /** Who is billed, where a name is known. */
  payer: z.string().optional(),
  bill: z
    .object({
      status: z.enum(["unpaid", "paid", "voided"]),
      amount_due: z.int(),
      amount_paid: z.int(),
      due_date: z.string().optional(),
    })
    .optional(),
  /** Left out: it cannot be paid. */
  payment_rules: rules.optional(),
  /** What may be chosen from while the obligation has no currency of its own. */
  currencies: z.array(z.string()),
});
export type PayDetails = z.infer<typeof payDetails>;

export const payRequest = z.object({
  payment_id: z.string().regex(/^pay_[A-Za-z0-9]+$/),
  amount: z.int().min(1),
  currency: z.string(),
});

export const payReceipt = z.object({
  payment: z.object({
    id: z.string(),
    amount: z.int(),
    currency: z.string(),
    status: z.literal("succeeded"),
    paid_at: z.string(),
  }),
  /** As it is after the payment. */
  obligation,
});
export type PayReceipt = z.infer<typeof payReceipt>;
