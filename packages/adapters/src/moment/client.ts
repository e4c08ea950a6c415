/**
 * The client of the Moment Billing API: the ten documented endpoints (spec 3), typed, checked both
 * ways, and safe to repeat.
 *
 * Promises: a create or a void has one effect however often it is sent, because every attempt carries
 * one `Idempotency-Key`; an update is never sent twice unless the first was certainly not begun; what
 * is answered is the object as documented, or an error. Amounts are whole minor units; members are in
 * camelCase here and in snake_case on the wire; objects are named by id or external reference.
 *
 * It does not list: Moment has no endpoint for it. It writes nothing to a ledger: hand what it answers
 * to `ledger.mirror`.
 */
import {
  readInput,
  toSnakeCase,
  type UpdateAccountInput,
  type UpdateBillInput,
  type UpdateCustomerInput,
  updateAccountInput,
  updateBillInput,
  updateCustomerInput,
} from "@tallystick/core";
import {
  type AnswerKind,
  accountAnswer,
  billAnswer,
  customerAnswer,
  type MomentAccount,
  type MomentBill,
  type MomentCustomer,
} from "./answers.ts";
import { send } from "./call.ts";
import { readKey } from "./idempotency-key.ts";
import { type MomentClientOptions, readOptions, type Settings } from "./options.ts";
import {
  type MomentReadOptions,
  type MomentWriteOptions,
  type MomentWritten,
  type NewAccount,
  type NewBill,
  type NewCustomer,
  pathSegment,
  readNewAccount,
  readNewBill,
  readNewCustomer,
} from "./requests.ts";

/**
 * The verbs of one kind of object. Every one rejects with `INVALID_INPUT` before anything is sent, or
 * with a `MOMENT_…` code (`MomentApiError`) after; with the reason of the signal if it is aborted.
 */
interface Resource<Entity, New, Update> {
  /** Makes one, with all that it brings along, all or nothing (D-23). Repeated with one key while safe. */
  readonly create: (input: New, options?: MomentWriteOptions) => Promise<MomentWritten<Entity>>;
  /** The object as it is now; `MOMENT_NOT_FOUND` if there is none. */
  readonly retrieve: (idOrReference: string, options?: MomentReadOptions) => Promise<Entity>;
  /**
   * Sets what is given, merges metadata, and answers the whole object. A balance or `amountPaid`
   * **replaces** what stands there, payments included: of two writers the later wins, so have one.
   * Without a clear answer it is not repeated (`MOMENT_STATE_UNKNOWN`): a payment may have come in
   * between, and would be overwritten.
   */
  readonly update: (
    idOrReference: string,
    input: Update,
    options?: MomentReadOptions,
  ) => Promise<MomentWritten<Entity>>;
}

export interface MomentClient {
  readonly customers: Resource<MomentCustomer, NewCustomer, UpdateCustomerInput>;
  readonly accounts: Resource<MomentAccount, NewAccount, UpdateAccountInput>;
  readonly bills: Resource<MomentBill, NewBill, UpdateBillInput> & {
    /** Makes a bill uncollectable for good. `MOMENT_CONFLICT` for a paid or a voided one (D-25). */
    readonly void: (
      idOrReference: string,
      options?: MomentWriteOptions,
    ) => Promise<MomentWritten<MomentBill>>;
  };
}

interface ResourceKind<Entity, New, Update> extends AnswerKind<Entity> {
  /** `customers`: the segment of the path, and the name in messages. */
  readonly name: string;
  readonly readNew: (input: New) => object;
  readonly readUpdate: (verb: string, input: Update) => object;
}

const json = (input: object): string => JSON.stringify(toSnakeCase(input));

/** Sends a write that carries a key, the same one in each attempt. */
const sendKeyed = async <Entity>(
  settings: Settings,
  kind: AnswerKind<Entity>,
  request: { readonly verb: string; readonly path: string; readonly body?: string },
  options: MomentWriteOptions | undefined,
): Promise<MomentWritten<Entity>> => {
  const { verb, ...wanted } = request;
  const given = options?.idempotencyKey;
  const idempotencyKey = readKey(verb, given ?? settings.idempotencyKeys());
  const call = {
    kind: "keyed",
    method: "POST",
    ...wanted,
    idempotencyKey,
    keyGiven: given !== undefined,
    signal: options?.signal,
  } as const;
  return { ...(await send(settings, call, kind)), idempotencyKey };
};

const resource = <Entity, New, Update>(
  settings: Settings,
  kind: ResourceKind<Entity, New, Update>,
): Resource<Entity, New, Update> => {
  const collection = `/billing/${kind.name}`;
  const pathOf = (verb: string, idOrReference: string): string =>
    `${collection}/${pathSegment(`${kind.name}.${verb}`, kind.object, idOrReference)}`;
  return {
    create: async (input, options) => {
      const body = json(kind.readNew(input));
      const request = { verb: `${kind.name}.create`, path: collection, body };
      return sendKeyed(settings, kind, request, options);
    },
    retrieve: async (idOrReference, options) => {
      const path = pathOf("retrieve", idOrReference);
      const signal = options?.signal;
      const call = { kind: "read", method: "GET", path, keyGiven: false, signal } as const;
      return (await send(settings, call, kind)).entity;
    },
    update: async (idOrReference, input, options) => {
      const path = pathOf("update", idOrReference);
      const body = json(kind.readUpdate(`${kind.name}.update`, input));
      const signal = options?.signal;
      const call = {
        kind: "update",
        method: "PATCH",
        path,
        body,
        keyGiven: false,
        signal,
      } as const;
      return send(settings, call, kind);
    },
  };
};

const customerKind: ResourceKind<MomentCustomer, NewCustomer, UpdateCustomerInput> = {
  object: "customer",
  name: "customers",
  schema: customerAnswer,
  readNew: readNewCustomer,
  readUpdate: (verb, input) => readInput(verb, updateCustomerInput, input),
};
const accountKind: ResourceKind<MomentAccount, NewAccount, UpdateAccountInput> = {
  object: "account",
  name: "accounts",
  schema: accountAnswer,
  readNew: readNewAccount,
  readUpdate: (verb, input) => readInput(verb, updateAccountInput, input),
};
const billKind: ResourceKind<MomentBill, NewBill, UpdateBillInput> = {
  object: "bill",
  name: "bills",
  schema: billAnswer,
  readNew: readNewBill,
  readUpdate: (verb, input) => readInput(verb, updateBillInput, input),
};

/**
 * Makes a client. It opens nothing and needs no closing. `INVALID_INPUT` at once for a key, a URL or
 * bounds that make no sense.
 *
 * @example
 * const moment = createMomentClient({ secretKey });
 * const { entity: bill } = await moment.bills.create(
 *   { externalReference: "BILL-0317", account: "ACC-7781", currency: "ZAR", amountDue: 37650 },
 *   { idempotencyKey: "raise-BILL-0317" },
 * );
 * await ledger.mirror(bill);
 */
export const createMomentClient = (options: MomentClientOptions): MomentClient => {
  const settings = readOptions(options);
  return {
    customers: resource(settings, customerKind),
    accounts: resource(settings, accountKind),
    bills: {
      ...resource(settings, billKind),
      void: async (idOrReference, writeOptions) => {
        const segment = pathSegment("bills.void", "bill", idOrReference);
        const request = { verb: "bills.void", path: `/billing/bills/${segment}/void` };
        return sendKeyed(settings, billKind, request, writeOptions);
      },
    },
  };
};
