/** Reading: one object, lists of them, what lies in suspense, balances as of any time, histories. */
import type { EntityState } from "../domain/state.ts";
import type { EntityKind, StreamId } from "../domain/target.ts";
import { obligationKindOf, streamIdOf } from "../domain/target.ts";
import { refusalError } from "../kernel/decision.ts";
import { LedgerError } from "../kernel/errors.ts";
import { isCalendarDate } from "../kernel/instant.ts";
import { invariant } from "../kernel/invariant.ts";
import { endOfDay } from "../kernel/time-zone.ts";
import { amountMax } from "../money/minor-units.ts";
import type { RecordedEvent } from "../store/commit.ts";
import type { DocumentQuery } from "../store/documents.ts";
import {
  asOfInput,
  cursorOf,
  listAccountsInput,
  listBillsInput,
  listCustomersInput,
  listSuspenseInput,
  readInput,
  targetInput,
} from "./inputs.ts";
import type {
  Account,
  AsOf,
  Balance,
  BalanceStep,
  Bill,
  BillQuery,
  Customer,
  Entity,
  ListQuery,
  Page,
  SuspendedPayment,
  TargetInput,
} from "./types.ts";
import { type Context, type Named, namedTarget, notFound, readName } from "./verb.ts";
import { entityOf, entityView, openEntries, suspendedView } from "./views.ts";

const pageDefault = 50;

/** The part of an event that changes what is owed; undefined for one that changes nothing. */
const effectOf = ({
  data,
}: RecordedEvent): { readonly currency: string; readonly effect: number } | undefined =>
  "effect" in data &&
  "currency" in data &&
  "balanceAfter" in data &&
  data.balanceAfter !== undefined
    ? { currency: data.currency, effect: data.effect }
    : undefined;

/** The reading verbs, over one book. */
export const readVerbs = (context: Context) => {
  const { store, book, executor, timeZone } = context;

  const find = async ({
    kind,
    name,
  }: Named): Promise<{ readonly streamId: StreamId; readonly entity: EntityState }> => {
    const streamId = await executor.names.laneOf(kind, name);
    const { state, revision } = await executor.read(streamId);
    if (revision === 0) throw refusalError(notFound({ kind, name }).refusal);
    return { streamId, entity: entityOf(state) };
  };

  const retrieve = async <Result extends Entity>(
    kind: EntityKind,
    name: string,
  ): Promise<Result> => {
    const { entity } = await find(readName(`retrieve ${kind}`, kind, name));
    return entityView(entity) as Result;
  };

  const list = async <Result extends Entity>(
    kind: EntityKind,
    query: Omit<BillQuery, "after"> & { readonly after?: number | undefined },
  ): Promise<Page<Result>> => {
    const { customer, account, limit = pageDefault, after, ...filters } = query;
    const asked = {
      kind,
      ...filters,
      ...(customer === undefined
        ? {}
        : { customerId: (await find({ kind: "customer", name: customer })).entity.id }),
      ...(account === undefined
        ? {}
        : { accountId: (await find({ kind: "account", name: account })).entity.id }),
      ...(after === undefined ? {} : { afterCreatedPosition: after }),
      limit,
    } as DocumentQuery;
    const { documents, next } = await store.query(book, asked);
    return {
      data: documents.map(({ state }) => entityView(entityOf(state)) as Result),
      ...(next === undefined ? {} : { next: cursorOf(kind, next) }),
    };
  };

  const eventsOf = async function* (streamId: StreamId): AsyncGenerator<RecordedEvent> {
    for await (const batch of store.readStream(book, streamId)) yield* batch;
  };

  return {
    /** One object by id or external reference. `NOT_FOUND`. */
    retrieveCustomer: (customer: string): Promise<Customer> => retrieve("customer", customer),
    /** One object by id or external reference. `NOT_FOUND`. */
    retrieveAccount: (account: string): Promise<Account> => retrieve("account", account),
    /** One object by id or external reference. `NOT_FOUND`. */
    retrieveBill: (bill: string): Promise<Bill> => retrieve("bill", bill),

    /** A page, oldest first, of those that every filter fits; caught up with all that was acknowledged. */
    listCustomers: async (query: Omit<ListQuery, "customer"> = {}): Promise<Page<Customer>> =>
      list("customer", readInput("listCustomers", listCustomersInput, query)),
    /** A page, oldest first, of those that every filter fits; caught up with all that was acknowledged. `NOT_FOUND` for an owner that is named and unknown. */
    listAccounts: async (query: ListQuery = {}): Promise<Page<Account>> =>
      list("account", readInput("listAccounts", listAccountsInput, query)),
    /** A page, oldest first, of those that every filter fits; caught up with all that was acknowledged. `NOT_FOUND` for an owner that is named and unknown. */
    listBills: async (query: BillQuery = {}): Promise<Page<Bill>> =>
      list("bill", readInput("listBills", listBillsInput, query)),

    /** What lies in suspense, by when the payment first arrived there. A page counts payments; one may hold several sums. */
    async listSuspense(
      query: Pick<ListQuery, "limit" | "after"> = {},
    ): Promise<Page<SuspendedPayment>> {
      const { limit = pageDefault, after } = readInput("listSuspense", listSuspenseInput, query);
      const { documents, next } = await store.query(book, {
        kind: "suspense",
        status: "suspended",
        limit,
        ...(after === undefined ? {} : { afterCreatedPosition: after }),
      });
      return {
        data: documents.flatMap(({ state }) => {
          invariant(state.kind === "suspense", "a document of suspense holds something else");
          return openEntries(state).map((entry) => suspendedView(state.paymentId, entry));
        }),
        ...(next === undefined ? {} : { next: cursorOf("suspense", next) }),
      };
    },

    /**
     * What an obligation owes, now or as of any pair of times: Σ `effect` of its events that were
     * known at `known` and true at `effective`. With `steps`, the events that made it.
     */
    async balanceOf(target: TargetInput, asOf: AsOf = {}): Promise<Balance> {
      const read = readInput("balanceOf", targetInput, target);
      const { known, effective, steps: wanted = false } = readInput("balanceOf", asOfInput, asOf);
      const { streamId, entity } = await find(namedTarget(read) as Named);
      const until =
        effective !== undefined && isCalendarDate(effective)
          ? endOfDay(effective, timeZone)
          : effective;
      const sums = new Map<string, number>();
      const steps: BalanceStep[] = [];
      const counts = (event: RecordedEvent): boolean =>
        (known === undefined ||
          (typeof known === "number" ? event.position <= known : event.recordedAt <= known)) &&
        (until === undefined || event.effectiveAt <= until);
      if (known === undefined && until === undefined && !wanted)
        for (const [currency, balance] of Object.entries(entity.balances))
          sums.set(currency, balance);
      else
        for await (const event of eventsOf(streamId)) {
          const change = counts(event) ? effectOf(event) : undefined;
          if (change === undefined) continue;
          const balance = (sums.get(change.currency) ?? 0) + change.effect;
          sums.set(change.currency, balance);
          const { position, id: eventId, type, effectiveAt } = event;
          if (wanted) steps.push({ position, eventId, type, effectiveAt, ...change, balance });
        }
      for (const [currency, balance] of sums)
        if (Math.abs(balance) > amountMax)
          throw new LedgerError(
            "AMOUNT_OUT_OF_RANGE",
            `${entity.id} as of then comes to ${balance} ${currency}`,
            {
              detail: { id: entity.id, balance, currency },
            },
          );
      return {
        obligationId: entity.obligationId,
        kind: obligationKindOf(entity.kind),
        id: entity.id,
        tracked: sums.size > 0,
        balances: [...sums]
          .map(([currency, balance]) => ({ currency, balance }))
          .sort((a, b) => (a.currency < b.currency ? -1 : 1)),
        ...(wanted ? { steps } : {}),
      };
    },

    /** Everything that happened to one customer, account or bill, in order. Refuses an unknown one when it is read. */
    async *history(target: TargetInput): AsyncGenerator<RecordedEvent> {
      const read = readInput("history", targetInput, target);
      yield* eventsOf((await find(namedTarget(read) as Named)).streamId);
    },

    /** What happened to a payment while it lay in suspense, in order; nothing if it never did. */
    suspenseHistory: (paymentId: string): AsyncGenerator<RecordedEvent> =>
      eventsOf(streamIdOf("suspense", paymentId)),

    /** Every event of the book by position, strictly after `afterPosition`. */
    async *events(range: { readonly afterPosition?: number } = {}): AsyncGenerator<RecordedEvent> {
      for await (const batch of store.readBook(book, range)) yield* batch;
    },
  };
};
