/** Creating, updating, charging, crediting and voiding customers, accounts and bills. */
import type { z } from "zod";
import { charge, credit } from "../domain/balance.ts";
import { referenceClaim } from "../domain/claims.ts";
import {
  createAccount,
  createBill,
  createCustomer,
  setBalance,
  setPaymentRules,
  updateBalanceHolder,
  updateBill,
  voidBill,
} from "../domain/entity.ts";
import type { PlannedEvent } from "../domain/planned.ts";
import type { AccountState } from "../domain/state.ts";
import { type EntityKind, type StreamId, streamIdOf } from "../domain/target.ts";
import type { Plan } from "../execute/executor.ts";
import type { Work } from "../execute/work.ts";
import { accept, type Decision, refuse } from "../kernel/decision.ts";
import { dateOfInstant, type Instant } from "../kernel/instant.ts";
import {
  chargeInput,
  createAccountInput,
  createBillInput,
  createCustomerInput,
  creditInput,
  readInput,
  setBalanceInput,
  setPaymentRulesInput,
  updateAccountInput,
  updateBillInput,
  updateCustomerInput,
} from "./inputs.ts";
import type { Account, Bill, Customer, Entity, WriteOptions, Written } from "./types.ts";
import {
  type Context,
  change,
  type Named,
  type NamedOf,
  namedTarget,
  notFound,
  readName,
  run,
  viewOf,
  written,
} from "./verb.ts";
import { awaitedBy, withReleased } from "./waiting.ts";

export type CreateCustomerInput = z.input<typeof createCustomerInput>;
export type CreateAccountInput = z.input<typeof createAccountInput>;
export type CreateBillInput = z.input<typeof createBillInput>;
export type UpdateCustomerInput = z.input<typeof updateCustomerInput>;
export type UpdateAccountInput = z.input<typeof updateAccountInput>;
export type UpdateBillInput = z.input<typeof updateBillInput>;
export type SetBalanceInput = z.input<typeof setBalanceInput>;
export type ChargeInput = z.input<typeof chargeInput>;
export type CreditInput = z.input<typeof creditInput>;
export type SetPaymentRulesInput = z.input<typeof setPaymentRulesInput>;

type NewCustomer = z.output<typeof createCustomerInput>;
type NewAccount = Omit<z.output<typeof createAccountInput>, "customer">;

/** An entity on its way into a commit: its stream, and the events that begin it and those it sets free. */
interface Begun {
  readonly streamId: StreamId;
  readonly id: string;
  readonly events: Plan["events"];
}

interface Naming {
  readonly kind: EntityKind;
  readonly id: string;
  readonly given: boolean;
  readonly externalReference: string;
}

/** Refuses an id or a reference that is taken; else says what waits for them and how the entity begins. */
export const begin = async (
  work: Work,
  { kind, id, given, externalReference }: Naming,
  create: (awaited: {
    readonly id?: number;
    readonly reference: number;
  }) => Decision<PlannedEvent[]>,
): Promise<Decision<Begun>> => {
  const streamId = streamIdOf(kind, id);
  if (given && (await work.stream(streamId)).revision > 0)
    return refuse("ID_TAKEN", `${id} exists already; update it, or leave the id out`, { kind, id });
  const taken = await work.holder(referenceClaim(kind, externalReference));
  if (taken !== undefined)
    return refuse(
      "REFERENCE_TAKEN",
      `${taken.streamId} already has the external reference ${externalReference}`,
      { kind, externalReference, takenBy: taken.streamId.slice(kind.length + 1) },
    );
  const awaited = await awaitedBy(work, kind, given ? id : undefined, externalReference);
  const created = create(awaited);
  if (!created.ok) return created;
  const events = await withReleased(work, streamId, created.value, awaited);
  return events.ok ? accept({ streamId, id, events: events.value }) : events;
};

/** The verbs that make and change objects, over one book. */
export const entityVerbs = (context: Context) => {
  const { executor, policy, timeZone } = context;

  /** New ids of one call; a retry of its decision meets the same ones. */
  const newIds = (kind: EntityKind, given: string | undefined) => ({
    id: given ?? executor.mint.ids(kind),
    given: given !== undefined,
    obligationId: executor.mint.ids("obligation"),
  });
  type NewIds = ReturnType<typeof newIds>;

  const beginCustomer = (
    work: Work,
    input: NewCustomer,
    ids: NewIds,
    effectiveAt: Instant | undefined,
  ) =>
    begin(
      work,
      { kind: "customer", ...ids, externalReference: input.externalReference },
      (awaited) => createCustomer({ ...input, ...ids, awaited, effectiveAt }, policy),
    );

  const beginAccount = (
    work: Work,
    input: NewAccount,
    customerId: string,
    ids: NewIds,
    effectiveAt: Instant | undefined,
  ) =>
    begin(
      work,
      { kind: "account", ...ids, externalReference: input.externalReference },
      (awaited) => createAccount({ ...input, ...ids, customerId, awaited, effectiveAt }, policy),
    );

  /** The owner that an input names, or the one that it brings along. */
  const ownerOf = async (
    work: Work,
    customer: string | NewCustomer,
    ids: NewIds,
    effectiveAt: Instant | undefined,
  ): Promise<Decision<{ readonly id: string; readonly events: Plan["events"] }>> => {
    if (typeof customer !== "string") return beginCustomer(work, customer, ids, effectiveAt);
    const streamId = await work.resolve("customer", customer);
    return streamId === undefined
      ? notFound({ kind: "customer", name: customer })
      : accept({ id: streamId.slice("customer/".length), events: [] });
  };

  const idsFor = (customer: string | NewCustomer | undefined): NewIds =>
    newIds("customer", typeof customer === "object" ? customer.id : undefined);

  /** Whose bill it is, with everything that has to come into being first (D-24). */
  const billOwner = async (
    work: Work,
    { customer, account }: z.output<typeof createBillInput>,
    ids: { readonly customer: NewIds; readonly account: NewIds },
    effectiveAt: Instant | undefined,
  ): Promise<Decision<{ customerId: string; accountId?: string; events: Plan["events"] }>> => {
    if (typeof account === "string") {
      const streamId = await work.resolve("account", account);
      const found = streamId === undefined ? undefined : await work.entity(streamId);
      if (found === undefined) return notFound({ kind: "account", name: account });
      const { id: accountId, customerId } = found as AccountState;
      if (customer !== undefined) {
        const named =
          typeof customer === "string" ? await work.resolve("customer", customer) : undefined;
        if (typeof customer === "string" && named === undefined)
          return notFound({ kind: "customer", name: customer });
        if (named !== streamIdOf("customer", customerId))
          return refuse(
            "OWNER_MISMATCH",
            `${accountId} belongs to ${customerId}, not to the customer named`,
            {
              accountId,
              customerId,
            },
          );
      }
      return accept({ customerId, accountId, events: [] });
    }
    const owner = await ownerOf(
      work,
      account?.customer ?? customer ?? "",
      ids.customer,
      effectiveAt,
    );
    if (!owner.ok) return owner;
    const { id: customerId, events } = owner.value;
    if (account === undefined) return accept({ customerId, events });
    const begun = await beginAccount(work, account, customerId, ids.account, effectiveAt);
    if (!begun.ok) return begun;
    return accept({
      customerId,
      accountId: begun.value.id,
      events: [...events, ...begun.value.events],
    });
  };

  return {
    async createCustomer(
      input: CreateCustomerInput,
      options?: WriteOptions,
    ): Promise<Written<Customer>> {
      const read = readInput("createCustomer", createCustomerInput, input);
      const ids = newIds("customer", read.id);
      return written(
        await run(context, {
          name: "createCustomer",
          lane: streamIdOf("customer", ids.id),
          input: read,
          options,
          decide: async (work, effectiveAt) => {
            const begun = await beginCustomer(work, read, ids, effectiveAt);
            return begun.ok
              ? accept({ events: begun.value.events, subject: begun.value.streamId })
              : begun;
          },
          view: viewOf<Customer>,
        }),
      );
    },

    async createAccount(
      input: CreateAccountInput,
      options?: WriteOptions,
    ): Promise<Written<Account>> {
      const read = readInput("createAccount", createAccountInput, input);
      const ids = { account: newIds("account", read.id), customer: idsFor(read.customer) };
      return written(
        await run(context, {
          name: "createAccount",
          lane: streamIdOf("account", ids.account.id),
          input: read,
          options,
          decide: async (work, effectiveAt) => {
            const owner = await ownerOf(work, read.customer, ids.customer, effectiveAt);
            if (!owner.ok) return owner;
            const begun = await beginAccount(work, read, owner.value.id, ids.account, effectiveAt);
            if (!begun.ok) return begun;
            const { streamId, events } = begun.value;
            return accept({ events: [...owner.value.events, ...events], subject: streamId });
          },
          view: viewOf<Account>,
        }),
      );
    },

    async createBill(input: CreateBillInput, options?: WriteOptions): Promise<Written<Bill>> {
      const read = readInput("createBill", createBillInput, input);
      const ids = newIds("bill", read.id);
      const { account, customer } = read;
      const ownerIds = {
        customer: idsFor(typeof account === "object" ? (account.customer ?? customer) : customer),
        account: newIds("account", typeof account === "object" ? account.id : undefined),
      };
      return written(
        await run(context, {
          name: "createBill",
          lane: streamIdOf("bill", ids.id),
          input: read,
          options,
          decide: async (work, effectiveAt) => {
            const owner = await billOwner(work, read, ownerIds, effectiveAt);
            if (!owner.ok) return owner;
            const { customerId, accountId, events: before } = owner.value;
            const { externalReference } = read;
            const billDate = read.billDate ?? dateOfInstant(work.now(), timeZone);
            const begun = await begin(
              work,
              { kind: "bill", ...ids, externalReference },
              (awaited) =>
                createBill(
                  { ...read, ...ids, customerId, accountId, billDate, awaited, effectiveAt },
                  policy,
                ),
            );
            if (!begun.ok) return begun;
            return accept({
              events: [...before, ...begun.value.events],
              subject: begun.value.streamId,
            });
          },
          view: viewOf<Bill>,
        }),
      );
    },

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

    voidBill: async (bill: string, options?: WriteOptions): Promise<Written<Bill>> =>
      change(context, {
        name: "voidBill",
        target: readName("voidBill", "bill", bill),
        input: { bill },
        options,
        decide: voidBill,
      }),

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
