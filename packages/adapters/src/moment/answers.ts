/**
 * What Moment answers with, read into the ledger's own words (camelCase). Unknown members are passed
 * over, so that Moment may add some; `null` counts as absent (D-22). Everything that is known has to
 * be as documented: a bill without an amount is an error and not `undefined`.
 *
 * Amounts are whole minor units of the currency beside them. Each object can be handed to
 * `ledger.mirror` as it is.
 */
import {
  type Account,
  type Bill,
  type Customer,
  type Fault,
  faultsOf,
  field,
  type PaymentRules,
  toCamelCase,
} from "@tallystick/core";
import { z } from "zod";

/** Moment tells no `ob_…` id and no balances in other currencies. */
export type MomentCustomer = Omit<Customer, "obligationId" | "otherBalances">;
export type MomentAccount = Omit<Account, "obligationId" | "otherBalances">;
/** `balance` is the ledger's own word; at Moment it is `amountDue` less `amountPaid`. */
export type MomentBill = Omit<Bill, "obligationId" | "otherBalances" | "balance">;

const paymentRules: z.ZodType<PaymentRules> = z.object({
  minAmount: field.unsignedAmount,
  maxAmount: field.unsignedAmount,
  underpaymentAllowed: z.boolean(),
  overpaymentAllowed: z.boolean(),
});

const common = {
  externalReference: field.idOrReference,
  paymentRules: paymentRules.exactOptional(),
  metadata: field.metadata.exactOptional(),
};
const balanceHolder = {
  ...common,
  name: field.name.exactOptional(),
  currency: field.currency.exactOptional(),
  balance: field.signedAmount.exactOptional(),
};

export const customerAnswer: z.ZodType<MomentCustomer> = z.object({
  object: z.literal("customer"),
  id: field.customerId,
  ...balanceHolder,
  // A person's details are looser than what may be asked for: they decide nothing here.
  email: field.text(0, 255).exactOptional(),
  phone: field.text(0, 255).exactOptional(),
});

export const accountAnswer: z.ZodType<MomentAccount> = z.object({
  object: z.literal("account"),
  id: field.accountId,
  customerId: field.customerId,
  ...balanceHolder,
});

export const billAnswer: z.ZodType<MomentBill> = z.object({
  object: z.literal("bill"),
  id: field.billId,
  customerId: field.customerId,
  accountId: field.accountId.exactOptional(),
  ...common,
  status: z.enum(["unpaid", "paid", "voided"]),
  currency: field.currency,
  amountDue: field.amountDue,
  amountPaid: field.unsignedAmount,
  amountRemaining: field.unsignedAmount,
  billDate: field.calendarDate.exactOptional(),
  dueDate: field.calendarDate.exactOptional(),
});

/** How one kind of object is read out of an answer. */
export interface AnswerKind<Entity> {
  readonly object: "customer" | "account" | "bill";
  readonly schema: z.ZodType<Entity>;
}

export type AnswerRead<Entity> =
  | { readonly ok: true; readonly entity: Entity }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** The object of a 2xx body, or every fault of it. */
export const readAnswer = <Entity>(
  { object, schema }: AnswerKind<Entity>,
  body: unknown,
): AnswerRead<Entity> => {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    return { ok: false, faults: [{ field: "", message: "must be a JSON object" }] };
  const present = Object.entries(body).filter(([, member]) => member !== null);
  const renamed = toCamelCase(Object.fromEntries(present)) as Readonly<Record<string, unknown>>;
  const read = schema.safeParse({ ...renamed, object }, { reportInput: true });
  return read.success
    ? { ok: true, entity: read.data }
    : { ok: false, faults: faultsOf(read.error.issues, []) };
};
