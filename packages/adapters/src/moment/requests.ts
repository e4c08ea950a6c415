/**
 * What the client takes, checked by the schemas of the ledger's own verbs before anything is sent: a
 * misspelt field, a fraction of a cent or `NaN` (which JSON would turn into null) is `INVALID_INPUT`
 * with every fault by its path. What needs the state of Moment is judged there.
 */
import {
  type CreateAccountInput,
  type CreateBillInput,
  type CreateCustomerInput,
  createAccountInput,
  createBillInput,
  createCustomerInput,
  type Fault,
  field,
  LedgerError,
  readInput,
} from "@tallystick/core";
import { faulty } from "../store/faulty.ts";

/** A customer to create; the id is Moment's to give. */
export type NewCustomer = Omit<CreateCustomerInput, "id">;
/** An account to create, of a customer named by id or reference, or created along with it. */
export interface NewAccount extends Omit<CreateAccountInput, "id" | "customer"> {
  readonly customer: string | NewCustomer;
}
/** A bill to create, of a customer or of an account, each named or created along with it. */
export interface NewBill extends Omit<CreateBillInput, "id" | "customer" | "account"> {
  readonly customer?: string | NewCustomer | undefined;
  readonly account?:
    | string
    | (Omit<NewAccount, "customer"> & { readonly customer?: string | NewCustomer | undefined })
    | undefined;
}

export interface MomentReadOptions {
  /** The caller's own; the call rejects with its reason. It ends the pauses between attempts too. */
  readonly signal?: AbortSignal | undefined;
}

export interface MomentWriteOptions extends MomentReadOptions {
  /**
   * 1 to 255 letters, digits and `-`. With one that names the work (`void-BILL-0317`), a job that is
   * run twice within 24 hours does it once, even if the process died in between. Default: a new one
   * for each call, which makes the attempts of that call safe and no more. After an abort nobody
   * knows a generated key: give one wherever you give a signal.
   */
  readonly idempotencyKey?: string | undefined;
}

/** What a write answers. */
export interface MomentWritten<Entity> {
  readonly entity: Entity;
  /** Moment gave the stored answer of an earlier request with the same key. */
  readonly replayed: boolean;
  /** The key that was sent, given or generated; absent for an update, which has none. */
  readonly idempotencyKey?: string;
}

const ownId = (input: object | string | undefined, path: readonly string[]): Fault[] => {
  if (typeof input !== "object") return [];
  const { id, customer, account } = input as NewBill & { readonly id?: string };
  return [
    ...(id === undefined
      ? []
      : [{ field: [...path, "id"].join("."), message: "is given by Moment" }]),
    ...ownId(customer, [...path, "customer"]),
    ...ownId(account, [...path, "account"]),
  ];
};

const withoutIds = <Input extends object>(verb: string, input: Input): Input => {
  const faults = ownId(input, []);
  if (faults.length === 0) return input;
  const told = faults.map(({ field, message }) => `${field} ${message}`).join("; ");
  throw new LedgerError("INVALID_INPUT", `${verb}: ${told}`, { detail: { faults } });
};

export const readNewCustomer = (input: NewCustomer): object =>
  withoutIds("customers.create", readInput("customers.create", createCustomerInput, input));
export const readNewAccount = (input: NewAccount): object =>
  withoutIds("accounts.create", readInput("accounts.create", createAccountInput, input));
export const readNewBill = (input: NewBill): object =>
  withoutIds("bills.create", readInput("bills.create", createBillInput, input));

/** An id or external reference as a segment of a path (spec 2.8). */
export const pathSegment = (verb: string, kind: string, name: string): string => {
  if (!field.idOrReference.safeParse(name).success)
    throw faulty(verb, kind, "must be an id or an external reference");
  return encodeURIComponent(name);
};
