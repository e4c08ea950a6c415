/** Creating customers, accounts and bills, alone or together: all or nothing. */
import type { z } from "zod";
import { createAccount, createBill, createCustomer } from "../domain/creation.ts";
import type { AccountState } from "../domain/state.ts";
import { type EntityKind, streamIdOf } from "../domain/target.ts";
import type { Plan } from "../execute/executor.ts";
import type { Work } from "../execute/work.ts";
import { accept, type Decision, refuse } from "../kernel/decision.ts";
import type { Instant } from "../kernel/instant.ts";
import { dateOfInstant } from "../kernel/time-zone.ts";
import { begin } from "./begin.ts";
import { createAccountInput, createBillInput, createCustomerInput, readInput } from "./inputs.ts";
import type { Account, Bill, Customer, WriteOptions, Written } from "./types.ts";
import { type Context, notFound, run, viewOf, written } from "./verb.ts";

export type CreateCustomerInput = z.input<typeof createCustomerInput>;
export type CreateAccountInput = z.input<typeof createAccountInput>;
export type CreateBillInput = z.input<typeof createBillInput>;

type NewCustomer = z.output<typeof createCustomerInput>;
type NewAccount = Omit<z.output<typeof createAccountInput>, "customer">;

/** The verbs that make objects, over one book. */
export const createVerbs = (context: Context) => {
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
    /**
     * A new customer; with a balance, tracked from here on and payable by the default rules (D-26).
     * Only `externalReference` is required. Refuses a reference or an id that is taken.
     * `REFERENCE_TAKEN`, `ID_TAKEN`, `METADATA_LIMIT`.
     */
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

    /**
     * A new account of a customer that is named, or brought along as an object and created first:
     * both or neither (D-23). `NOT_FOUND`, `REFERENCE_TAKEN`, `ID_TAKEN`, `METADATA_LIMIT`.
     */
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

    /**
     * A new bill for a customer or an account, either named or brought along, all or nothing (D-23,
     * D-24): unpaid, owing `amountDue` (1 to 99999999 minor units), which never changes. `billDate`
     * defaults to today in the book's time zone. `NOT_FOUND`, `OWNER_MISMATCH`, `REFERENCE_TAKEN`,
     * `ID_TAKEN`, `METADATA_LIMIT`.
     */
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
  };
};
