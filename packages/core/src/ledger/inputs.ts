/**
 * What the verbs take, as schemas: the one door of the façade. Every fault of an input is reported
 * at once, each by its path. Unknown members are faults: a misspelt field must not be silence.
 */
import { z } from "zod";
import { differenceCauses, moneyKinds } from "../domain/events.ts";
import * as field from "../domain/fields.ts";
import { LedgerError } from "../kernel/errors.ts";
import { isCalendarDate, parseInstant } from "../kernel/instant.ts";
import { paymentRulesSchema } from "../money/payment-rules.ts";
import type { DocumentQuery } from "../store/documents.ts";
import { faultsOf } from "./faults.ts";
import type { TargetInput } from "./types.ts";

/** A rule over several members runs even where one of them is faulty, so that all faults come at once. */
const when = ({ value }: { value: unknown }): boolean =>
  typeof value === "object" && value !== null;

interface MoneyMembers {
  readonly balance?: number | undefined;
  readonly currency?: string | undefined;
}
const currencyBesideBalance = ({ balance, currency }: MoneyMembers): boolean =>
  balance === undefined || currency !== undefined;
const currencyMissing = { path: ["currency"], error: "is required with a balance", when };

const customerMembers = {
  externalReference: field.externalReference("bcus_"),
  name: field.name.optional(),
  email: field.emailAddress.optional(),
  phone: field.phone.optional(),
  currency: field.currency.optional(),
  balance: field.signedAmount.optional(),
  metadata: field.metadata.optional(),
};

const id = {
  customer: field.customerId.optional(),
  account: field.accountId.optional(),
  bill: field.billId.optional(),
};

export const createCustomerInput = z
  .strictObject({ id: id.customer, ...customerMembers })
  .refine(currencyBesideBalance, currencyMissing);

const accountMembers = {
  id: id.account,
  externalReference: field.externalReference("bacc_"),
  name: field.name.optional(),
  currency: field.currency.optional(),
  balance: field.signedAmount.optional(),
  metadata: field.metadata.optional(),
};

const customerOrNew = z.union([field.idOrReference, createCustomerInput]);

export const createAccountInput = z
  .strictObject({ ...accountMembers, customer: customerOrNew })
  .refine(currencyBesideBalance, currencyMissing);

const nestedAccount = z
  .strictObject({ ...accountMembers, customer: customerOrNew.optional() })
  .refine(currencyBesideBalance, currencyMissing);

/** Whether an account is brought along rather than named; null is a fault, and met elsewhere. */
const isNew = <Brought extends object>(account: Brought | string | undefined): account is Brought =>
  typeof account === "object" && account !== null;

export const createBillInput = z
  .strictObject({
    id: id.bill,
    externalReference: field.externalReference("bcus_", "bill_"),
    currency: field.currency,
    amountDue: field.amountDue,
    customer: customerOrNew.optional(),
    account: z.union([field.idOrReference, nestedAccount]).optional(),
    billDate: field.calendarDate.optional(),
    dueDate: field.calendarDate.optional(),
    metadata: field.metadata.optional(),
  })
  // D-24: whose bill it is must be said once, and only once.
  .refine(({ customer, account }) => customer !== undefined || account !== undefined, {
    path: ["customer"],
    error: "is required, or an account is",
    when,
  })
  .refine(
    ({ customer, account }) =>
      !isNew(account) || account.customer !== undefined || customer !== undefined,
    {
      path: ["account", "customer"],
      error: "is required for a new account, here or as customer",
      when,
    },
  )
  .refine(
    ({ customer, account }) =>
      !isNew(account) || account.customer === undefined || customer === undefined,
    { path: ["customer"], error: "is given twice: here and as account.customer", when },
  );

export const updateCustomerInput = z.strictObject({
  name: field.name.optional(),
  email: field.emailAddress.optional(),
  phone: field.phone.optional(),
  currency: field.currency.optional(),
  balance: field.signedAmount.optional(),
  metadata: field.metadata.optional(),
});

export const updateAccountInput = updateCustomerInput.omit({ email: true, phone: true });

export const updateBillInput = z.strictObject({
  currency: field.currency.optional(),
  amountPaid: field.amountPaid.optional(),
  metadata: field.metadata.optional(),
});

const target = {
  customer: field.idOrReference.optional(),
  account: field.idOrReference.optional(),
  bill: field.idOrReference.optional(),
};

const countTargets = ({ customer, account, bill }: TargetInput): number =>
  [customer, account, bill].filter((member) => member !== undefined).length;

const oneTarget = (input: TargetInput): boolean => countTargets(input) === 1;
const notOneTarget = { error: "name exactly one of customer, account and bill", when };
const oneTargetOrNone = (input: TargetInput): boolean => countTargets(input) <= 1;
const severalTargets = { error: "name at most one of customer, account and bill", when };

export const targetInput = z.strictObject(target).refine(oneTarget, notOneTarget);

export const setBalanceInput = z
  .strictObject({
    customer: target.customer,
    account: target.account,
    balance: field.signedAmount,
    currency: field.currency.optional(),
    /** When the merchant says that it was true. */
    trueAt: field.anyInstant.optional(),
  })
  .refine(oneTarget, notOneTarget);

export const setPaymentRulesInput = z
  .strictObject({ ...target, paymentRules: paymentRulesSchema.nullable() })
  .refine(oneTarget, notOneTarget);

export const chargeInput = z
  .strictObject({
    ...target,
    amount: field.positiveAmount,
    currency: field.currency.optional(),
    reason: field.text(1, 500).optional(),
  })
  .refine(oneTarget, notOneTarget);

export const creditInput = z
  .strictObject({
    ...target,
    amount: field.positiveAmount,
    currency: field.currency.optional(),
    reason: field.text(1, 500),
  })
  .refine(oneTarget, notOneTarget);

const payment = {
  ...target,
  amount: field.positiveAmount,
  /** Made if not given: then only an idempotency key guards against doubles. */
  paymentId: field.paymentId.optional(),
  metadata: field.metadata.optional(),
};

/** A payment that is asked for: the currency defaults to the target's. */
export const applyPaymentInput = z
  .strictObject({ ...payment, currency: field.currency.optional() })
  .refine(oneTarget, notOneTarget);

/** A payment that has happened: what it was is stated in full. */
export const recordPaymentInput = z
  .strictObject({
    ...payment,
    currency: field.currency,
    /** Where the report of it came from; kept, never compared. */
    sourceEventId: field.text(1, 255).optional(),
    sourceObligationId: field.text(1, 255).optional(),
  })
  .refine(oneTarget, notOneTarget);

export const reversePaymentInput = z
  .strictObject({
    ...target,
    paymentId: field.paymentId,
    /** All that is left, if not given. */
    amount: field.positiveAmount.optional(),
    reason: field.text(1, 500).optional(),
  })
  .refine(oneTargetOrNone, severalTargets);

export const matchSuspenseInput = z
  .strictObject({
    ...target,
    paymentId: field.paymentId,
    /** Needed where several sums of one payment lie in suspense. */
    amount: field.positiveAmount.optional(),
    currency: field.currency.optional(),
  })
  .refine(oneTarget, notOneTarget);

export const undoMatchInput = z
  .strictObject({ ...target, paymentId: field.paymentId, reason: field.text(1, 500) })
  .refine(oneTargetOrNone, severalTargets);

const membersMax = 100;
const isUnique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/** Rows of somebody else's file, and the movements of the payments that they are. */
export const acceptMatchInput = z.strictObject({
  kind: z.enum(moneyKinds),
  currency: field.currency,
  rows: z
    .array(z.strictObject({ rowId: field.rowId, amount: field.positiveAmount }))
    .min(1)
    .max(membersMax)
    .refine((rows) => isUnique(rows.map(({ rowId }) => rowId)), {
      error: "names a row twice",
      when,
    }),
  payments: z
    .array(
      z.strictObject({
        paymentId: field.paymentId,
        /** One movement of the payment; all of them, if not given. */
        position: z.int().min(1).optional(),
      }),
    )
    .min(1)
    .max(membersMax),
  /** What the difference is, where there is one. */
  difference: z.enum(differenceCauses).optional(),
  reason: field.text(1, 500),
});

export const undoAcceptanceInput = z.strictObject({
  rowId: field.rowId,
  reason: field.text(1, 500),
});

/** What Moment answers is taken as it is: looser than what may be asked for. */
const mirroredPersonal = {
  name: field.text(0, 255).optional(),
  metadata: field.metadata.optional(),
};

const mirroredCommon = {
  paymentRules: paymentRulesSchema.optional(),
};

export const mirrorInput = z.discriminatedUnion(
  "object",
  [
    z
      .strictObject({
        object: z.literal("customer"),
        id: field.customerId,
        externalReference: field.externalReference("bcus_"),
        ...mirroredCommon,
        ...mirroredPersonal,
        email: field.text(0, 255).optional(),
        phone: field.text(0, 255).optional(),
        currency: field.currency.optional(),
        balance: field.signedAmount.optional(),
      })
      .refine(currencyBesideBalance, currencyMissing),
    z
      .strictObject({
        object: z.literal("account"),
        id: field.accountId,
        customerId: field.customerId,
        externalReference: field.externalReference("bacc_"),
        ...mirroredCommon,
        ...mirroredPersonal,
        currency: field.currency.optional(),
        balance: field.signedAmount.optional(),
      })
      .refine(currencyBesideBalance, currencyMissing),
    z
      .strictObject({
        object: z.literal("bill"),
        id: field.billId,
        customerId: field.customerId,
        accountId: field.accountId.optional(),
        externalReference: field.externalReference("bcus_", "bill_"),
        ...mirroredCommon,
        status: z.enum(["unpaid", "paid", "voided"]),
        currency: field.currency,
        amountDue: field.amountDue,
        amountPaid: field.unsignedAmount,
        amountRemaining: field.unsignedAmount,
        billDate: field.calendarDate.optional(),
        dueDate: field.calendarDate.optional(),
        metadata: field.metadata.optional(),
      })
      .refine(
        ({ amountDue, amountPaid, amountRemaining }) =>
          amountRemaining === Math.max(0, amountDue - amountPaid),
        {
          path: ["amountRemaining"],
          error: "is not what is left of amountDue after amountPaid",
          when,
        },
      )
      .refine(
        ({ status, amountRemaining }) =>
          status === "voided" || (status === "paid") === (amountRemaining === 0),
        { path: ["status"], error: "does not agree with amountRemaining", when },
      ),
  ],
  {
    error: ({ input }) =>
      typeof input === "object" && input !== null
        ? "must be customer, account or bill"
        : "must be an object",
  },
);

export const writeOptionsInput = z.strictObject({
  idempotencyKey: field.text(1, 255).optional(),
  effectiveAt: field.anyInstant.optional(),
  actor: field.text(1, 255).optional(),
  correlationId: field.text(1, 255).optional(),
  causationId: field.text(1, 255).optional(),
  dryRun: z.boolean().optional(),
});

/** A cursor names the list that it is of, since each list counts places of its own. */
const pageMembers = (list: DocumentQuery["kind"]) => ({
  limit: z.int().min(1).max(500).optional(),
  after: z
    .string()
    .regex(new RegExp(`^${list}_[1-9]\\d{0,15}$`), {
      error: "must be the `next` of a page of this list",
    })
    .transform((cursor) => Number(cursor.slice(list.length + 1)))
    .optional(),
});

/** The `after` of the page behind this place. */
export const cursorOf = (list: DocumentQuery["kind"], place: number): string => `${list}_${place}`;

const listMembers = {
  customer: field.idOrReference.optional(),
  currency: field.currency.optional(),
  owing: z.boolean().optional(),
  credit: z.boolean().optional(),
};

export const listSuspenseInput = z.strictObject(pageMembers("suspense"));
export const listCustomersInput = z.strictObject({ ...pageMembers("customer"), ...listMembers });
export const listAccountsInput = z.strictObject({ ...pageMembers("account"), ...listMembers });
export const listBillsInput = z.strictObject({
  ...pageMembers("bill"),
  ...listMembers,
  account: field.idOrReference.optional(),
  status: z.enum(["unpaid", "paid", "voided"]).optional(),
});

const noTime = {
  error: "must be a date such as 2026-03-01, or an instant such as 2026-03-01T00:00:00Z",
};
const dateOrInstant = z.string(noTime).transform((value, context) => {
  const read = isCalendarDate(value) ? value : parseInstant(value);
  if (read !== undefined) return read;
  context.addIssue({ code: "custom", message: noTime.error });
  return z.NEVER;
});

export const asOfInput = z.strictObject({
  known: z
    .union([z.int().min(0), field.anyInstant], {
      error: "must be a position, 0 or more, or an instant such as 2026-03-01T00:00:00Z",
    })
    .optional(),
  effective: dateOrInstant.optional(),
  steps: z.boolean().optional(),
});

/** The input as its schema reads it, or `INVALID_INPUT` with every fault. `verb` goes into the message. */
export const readInput = <Schema extends z.ZodType>(
  verb: string,
  schema: Schema,
  input: unknown,
): z.output<Schema> => {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const faults = faultsOf(parsed.error.issues, []);
  const told = faults
    .slice(0, 5)
    .map(({ field: at, message: what }) => (at === "" ? what : `${at} ${what}`))
    .join("; ");
  throw new LedgerError(
    "INVALID_INPUT",
    `${verb}: ${told}${faults.length > 5 ? `; and ${faults.length - 5} more` : ""}`,
    { detail: { faults } },
  );
};
