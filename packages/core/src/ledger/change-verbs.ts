/** Updating, charging, crediting and voiding what exists. */
import type { z } from "zod";
import { charge, credit } from "../domain/balance.ts";
import {
  setBalance,
  setPaymentRules,
  updateBalanceHolder,
  updateBill,
  voidBill,
} from "../domain/changes.ts";
import {
  chargeInput,
  creditInput,
  readInput,
  setBalanceInput,
  setPaymentRulesInput,
  updateAccountInput,
  updateBillInput,
  updateCustomerInput,
} from "./inputs.ts";
import type { Account, Bill, Customer, Entity, WriteOptions, Written } from "./types.ts";
import { type Context, change, type Named, type NamedOf, namedTarget, readName } from "./verb.ts";

export type UpdateCustomerInput = z.input<typeof updateCustomerInput>;
export type UpdateAccountInput = z.input<typeof updateAccountInput>;
export type UpdateBillInput = z.input<typeof updateBillInput>;
export type SetBalanceInput = z.input<typeof setBalanceInput>;
export type SetPaymentRulesInput = z.input<typeof setPaymentRulesInput>;
export type ChargeInput = z.input<typeof chargeInput>;
export type CreditInput = z.input<typeof creditInput>;

/** The verbs that change objects without a payment, over one book. */
export const changeVerbs = (context: Context) => {
  const { policy } = context;
  return {
    /**
     * Changes the details that are given, and sets the balance where one is given; metadata is merged.
     * Nothing where nothing differs. A new currency needs a new balance (D-15). `NOT_FOUND`,
     * `CURRENCY_MISMATCH`, `CURRENCY_REQUIRED`, `METADATA_LIMIT`.
     */
    updateCustomer: async (
      customer: string,
      input: UpdateCustomerInput,
      options?: WriteOptions,
    ): Promise<Written<Customer>> => {
      const read = readInput("updateCustomer", updateCustomerInput, input);
      const target = readName("updateCustomer", "customer", customer);
      return change(context, {
        name: "updateCustomer",
        target,
        input: { customer, ...read },
        options,
        decide: (entity, effectiveAt) => updateBalanceHolder(entity, read, policy, effectiveAt),
      });
    },

    /** As `updateCustomer`, for an account; its customer and its siblings stay as they are (ACC-14). */
    updateAccount: async (
      account: string,
      input: UpdateAccountInput,
      options?: WriteOptions,
    ): Promise<Written<Account>> => {
      const read = readInput("updateAccount", updateAccountInput, input);
      const target = readName("updateAccount", "account", account);
      return change(context, {
        name: "updateAccount",
        target,
        input: { account, ...read },
        options,
        decide: (entity, effectiveAt) => updateBalanceHolder(entity, read, policy, effectiveAt),
      });
    },

    /**
     * Corrects a bill: `amountPaid` is the new total, not an increment, and may be lowered (D-30);
     * above what is due only where overpayment is allowed (D-31). `NOT_FOUND`, `BILL_VOIDED`,
     * `CURRENCY_MISMATCH`, `AMOUNT_PAID_ABOVE_DUE`, `METADATA_LIMIT`.
     */
    updateBill: async (
      bill: string,
      input: UpdateBillInput,
      options?: WriteOptions,
    ): Promise<Written<Bill>> => {
      const read = readInput("updateBill", updateBillInput, input);
      return change(context, {
        name: "updateBill",
        target: readName("updateBill", "bill", bill),
        input: { bill, ...read },
        options,
        undated: true,
        decide: (entity) => updateBill(entity, read, policy),
      });
    },

    /**
     * Makes a bill uncollectable for good; its amounts stay, its balance becomes 0. A part-paid bill
     * may be voided, a paid or voided one not (D-25). `NOT_FOUND`, `BILL_VOIDED`, `BILL_PAID`.
     */
    voidBill: async (bill: string, options?: WriteOptions): Promise<Written<Bill>> =>
      change(context, {
        name: "voidBill",
        target: readName("voidBill", "bill", bill),
        input: { bill },
        options,
        decide: voidBill,
      }),

    /**
     * The merchant says what is owed: it replaces the balance, in minor units, |balance| ≤ 10^15. The
     * first one begins the tracking and brings the default rules; another currency takes the old
     * balance to 0 in the same commit (D-15). `NOT_FOUND`, `CURRENCY_REQUIRED`.
     */
    setBalance: async (
      input: SetBalanceInput,
      options?: WriteOptions,
    ): Promise<Written<Customer | Account>> => {
      const read = readInput("setBalance", setBalanceInput, input);
      return change(context, {
        name: "setBalance",
        target: namedTarget(read) as NamedOf<"customer" | "account">,
        input: read,
        options,
        decide: (entity, effectiveAt) => setBalance(entity, { ...read, effectiveAt }, policy),
      });
    },

    /** What an obligation accepts from here on; `null` makes it not payable. `NOT_FOUND`, `BILL_VOIDED`. */
    setPaymentRules: async (
      input: SetPaymentRulesInput,
      options?: WriteOptions,
    ): Promise<Written<Entity>> => {
      const read = readInput("setPaymentRules", setPaymentRulesInput, input);
      return change(context, {
        name: "setPaymentRules",
        target: namedTarget(read) as Named,
        input: read,
        options,
        undated: true,
        decide: (entity) => setPaymentRules(entity, read.paymentRules),
      });
    },

    /**
     * Raises what is owed by an amount above 0: usage, interest, a fee. `NOT_FOUND`, `NOT_ADJUSTABLE` (a
     * bill), `BALANCE_NOT_TRACKED`, `CURRENCY_MISMATCH`, `AMOUNT_OUT_OF_RANGE`.
     */
    charge: async (
      input: ChargeInput,
      options?: WriteOptions,
    ): Promise<Written<Customer | Account>> => {
      const read = readInput("charge", chargeInput, input);
      return change(context, {
        name: "charge",
        target: namedTarget(read) as NamedOf<"customer" | "account">,
        input: read,
        options,
        decide: (entity, effectiveAt) => charge(entity, { ...read, effectiveAt }),
      });
    },

    /** Lowers what is owed by an amount above 0, with a reason: goodwill, a write-off. Refused as `charge`. */
    credit: async (
      input: CreditInput,
      options?: WriteOptions,
    ): Promise<Written<Customer | Account>> => {
      const read = readInput("credit", creditInput, input);
      return change(context, {
        name: "credit",
        target: namedTarget(read) as NamedOf<"customer" | "account">,
        input: read,
        options,
        decide: (entity, effectiveAt) => credit(entity, { ...read, effectiveAt }),
      });
    },
  };
};
