/**
 * One step of the fold, as a recipe: it changes the state that it is handed. A history that the
 * deciders could not have written is corrupt, and stops here instead of becoming a balance.
 */

import type { Instant } from "../kernel/instant.ts";
import { invariant, unreachable } from "../kernel/invariant.ts";
import { differenceOf } from "./acceptance.ts";
import type { DomainEvent, EventOf, MirroredFacts, Personal } from "./events.ts";
import { mergeMetadata } from "./fields.ts";
import type {
  AcceptanceStream,
  AccountState,
  BillState,
  CustomerState,
  EntityState,
  EntityStream,
  StreamState,
  SuspenseEntry,
} from "./state.ts";
import { obligationKindOf, parseStreamId, type StreamId } from "./target.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Draft<T> = T extends readonly (infer Item)[]
  ? Draft<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Draft<T[Key]> }
    : T;

/** An event that stands at its place in a stream: what evolve needs to know of it. */
export type PlacedEvent = DomainEvent & { readonly effectiveAt: Instant };

/** Raise this when a change to evolve makes a kept state differ from a fold: caches are dropped. */
export const reducerVersion = 2;

/** The state of a stream that nobody has written yet. */
export const initialState = (streamId: StreamId): StreamState => {
  const { kind, id } = parseStreamId(streamId);
  if (kind === "suspense") return { kind, paymentId: id, entries: [] };
  return kind === "acceptance" ? { kind, rowId: id } : { kind, id };
};

/** A copy for `evolve` to change: what it changes in place is copied, the rest is shared. */
export const ownCopy = (state: StreamState): StreamState => {
  if (state.kind === "suspense")
    return { ...state, entries: state.entries.map((entry) => ({ ...entry })) };
  if (state.kind === "acceptance") return { ...state };
  const { entity } = state;
  return entity === undefined
    ? { ...state }
    : { ...state, entity: { ...entity, balances: { ...entity.balances } } };
};

/** The state, guarded against being changed where `evolve` would change it. */
export const frozen = (state: StreamState): StreamState => {
  if (state.kind === "suspense") Object.freeze(state.entries).forEach(Object.freeze);
  else if (state.kind === "acceptance") Object.freeze(state.acceptance);
  else if (state.entity !== undefined) Object.freeze(Object.freeze(state.entity).balances);
  return Object.freeze(state);
};

const setPersonal = (entity: Mutable<Personal>, personal: Personal | undefined): void => {
  if (personal === undefined) return;
  const { name, email, phone, metadata } = personal;
  if (name !== undefined) entity.name = name;
  if (email !== undefined) entity.email = email;
  if (phone !== undefined) entity.phone = phone;
  if (metadata !== undefined) entity.metadata = mergeMetadata(entity.metadata, metadata);
};

const setMirrored = (
  entity: Mutable<EntityState>,
  mirrored: MirroredFacts | undefined,
  personal: Personal | undefined,
): void => {
  if (mirrored === undefined) return;
  const { name, email, phone, metadata } = entity.mirrored ?? {};
  const line: Mutable<MirroredFacts & Personal> = { ...mirrored };
  setPersonal(line, { name, email, phone });
  // A line states its metadata whole, so the last line's is replaced and not merged.
  setPersonal(line, { ...personal, metadata: personal?.metadata ?? metadata });
  entity.mirrored = line;
};

type Created = EventOf<"customer.created" | "account.created" | "bill.created">;

const created = (event: Created): EntityState => {
  const { data } = event;
  const common = {
    externalReference: data.externalReference,
    obligationId: data.obligationId,
    balances: {},
    ...(data.awaited.reference === 0 ? {} : { awaited: data.awaited.reference }),
    ...(data.currency === undefined ? {} : { currency: data.currency }),
  };
  switch (event.type) {
    case "customer.created":
      return { kind: "customer", id: event.data.customerId, ...common } satisfies CustomerState;
    case "account.created":
      return {
        kind: "account",
        id: event.data.accountId,
        customerId: event.data.customerId,
        ...common,
      } satisfies AccountState;
    case "bill.created": {
      const { billId, customerId, accountId, currency, amountDue, billDate, dueDate } = event.data;
      return {
        kind: "bill",
        id: billId,
        customerId,
        ...(accountId === undefined ? {} : { accountId }),
        ...common,
        currency,
        amountDue,
        amountPaid: 0,
        voided: false,
        ...(billDate === undefined ? {} : { billDate }),
        ...(dueDate === undefined ? {} : { dueDate }),
      } satisfies BillState;
    }
    default:
      return unreachable(event);
  }
};

type BalanceEvent = EventOf<
  | "obligation.opened"
  | "obligation.balance_asserted"
  | "obligation.amount_charged"
  | "obligation.amount_credited"
  | "obligation.amount_applied"
  | "obligation.application_reversed"
  | "obligation.application_undone"
  | "obligation.application_restored"
  | "bill.voided"
>;

const setBalance = (entity: Draft<EntityState>, event: BalanceEvent): void => {
  const { type, data } = event;
  invariant(
    effectFits(event),
    () => `${type} on ${entity.id}: an amount of ${data.amount} has no effect of ${data.effect}`,
  );
  const { currency, effect, balanceAfter, amountPaidAfter } = data;
  if (balanceAfter === undefined) {
    invariant(
      effect === 0,
      () => `${type} on ${entity.id} has effect ${effect} and no balanceAfter`,
    );
  } else {
    const before = entity.balances[currency] ?? 0;
    invariant(
      before + effect === balanceAfter,
      () =>
        `${type} on ${entity.id}: ${before} ${currency} with effect ${effect} is not ${balanceAfter}`,
    );
    entity.balances[currency] = balanceAfter;
  }
  invariant(type !== "bill.voided" || entity.kind === "bill", () => `${type} on a ${entity.kind}`);
  invariant(
    (amountPaidAfter !== undefined) === (entity.kind === "bill"),
    () => `${type} on ${entity.id}: amountPaidAfter belongs to bills, and to each of their events`,
  );
  if (entity.kind !== "bill" || amountPaidAfter === undefined) return;
  entity.amountPaid = amountPaidAfter;
  if (type === "bill.voided") {
    invariant(!entity.voided, () => `${entity.id} was voided twice`);
    entity.voided = true;
  }
  const owed = entity.voided ? 0 : entity.amountDue - amountPaidAfter;
  invariant(
    balanceAfter === owed,
    () =>
      `${type} on ${entity.id}: due ${entity.amountDue}, paid ${amountPaidAfter}, balance ${balanceAfter}`,
  );
};

const updatedId = ({
  data,
}: EventOf<"customer.updated" | "account.updated" | "bill.updated">): string =>
  "customerId" in data ? data.customerId : "accountId" in data ? data.accountId : data.billId;

/** Whether the effect of an event can follow from what it is about. */
const effectFits = ({ type, data: { amount, effect } }: BalanceEvent): boolean => {
  switch (type) {
    case "obligation.opened":
    case "obligation.amount_charged":
      return effect === amount;
    case "obligation.amount_credited":
    case "bill.voided":
      return effect === 0 - amount;
    case "obligation.amount_applied":
    case "obligation.application_restored":
      return effect === 0 || effect === 0 - amount;
    case "obligation.application_reversed":
    case "obligation.application_undone":
      return effect >= 0 && effect <= amount;
    case "obligation.balance_asserted":
      return true;
    default:
      return unreachable(type);
  }
};

type SuspenseEvent = EventOf<"payment.suspended" | "payment.matched" | "payment.match_undone">;

type AcceptanceEvent = EventOf<
  "reconciliation.match_accepted" | "reconciliation.acceptance_undone"
>;

const evolveEntity = (
  stream: Draft<EntityStream>,
  event: Exclude<PlacedEvent, SuspenseEvent | AcceptanceEvent>,
): void => {
  if (
    event.type === "customer.created" ||
    event.type === "account.created" ||
    event.type === "bill.created"
  ) {
    invariant(stream.entity === undefined, () => `${event.type} on a stream that has begun`);
    const entity = created(event) as Draft<EntityState>;
    invariant(
      entity.kind === stream.kind && entity.id === stream.id,
      () => `${event.type} of ${entity.id} on ${stream.kind}/${stream.id}`,
    );
    setPersonal(entity, event.personal);
    setMirrored(entity, event.data.mirrored, event.personal);
    stream.entity = entity;
    return;
  }
  const { entity } = stream;
  invariant(entity !== undefined, () => `${event.type} on a stream that has not begun`);
  const { data } = event;
  if ("obligationId" in data)
    invariant(
      data.obligationId === entity.obligationId &&
        data.obligationKind === obligationKindOf(entity.kind),
      () => `${event.type} of ${data.obligationId} on ${entity.id}`,
    );
  switch (event.type) {
    case "customer.updated":
    case "account.updated":
    case "bill.updated":
      invariant(
        event.type === `${entity.kind}.updated` && updatedId(event) === entity.id,
        () => `${event.type} of ${updatedId(event)} on ${entity.id}`,
      );
      setPersonal(entity, event.personal);
      setMirrored(entity, event.data.mirrored, event.personal);
      if (event.type !== "bill.updated" && event.data.currency !== undefined)
        entity.currency = event.data.currency;
      return;
    case "obligation.payment_rules_set":
      entity.paymentRules = event.data.paymentRules;
      return;
    case "obligation.opened":
      invariant(
        Object.keys(entity.balances).length === 0,
        () => `${entity.id} was opened although a balance is tracked`,
      );
      setBalance(entity, event);
      entity.currency = event.data.currency;
      return;
    case "obligation.balance_asserted":
      invariant(
        (entity.balances[event.data.currency] ?? 0) === event.data.previousBalance &&
          event.data.amount === event.data.balanceAfter,
        () => `an assertion on ${entity.id} does not follow from the balance before it`,
      );
      setBalance(entity, event);
      entity.currency = event.data.currency;
      return;
    case "bill.voided":
    case "obligation.amount_charged":
    case "obligation.amount_credited":
    case "obligation.amount_applied":
    case "obligation.application_reversed":
    case "obligation.application_undone":
    case "obligation.application_restored":
      setBalance(entity, event);
      return;
    default:
      unreachable(event);
  }
};

/** The entry that an event of suspense speaks of, by the target, currency and amount it names. */
export const findEntry = <Entry extends Pick<SuspenseEntry, "target" | "currency" | "amount">>(
  entries: readonly Entry[],
  sought: Pick<SuspenseEntry, "target" | "currency" | "amount">,
): Entry | undefined =>
  entries.find(
    ({ target, currency, amount }) =>
      target.kind === sought.target.kind &&
      target.name === sought.target.name &&
      currency === sought.currency &&
      amount === sought.amount,
  );

const evolveSuspense = (
  entries: Draft<SuspenseEntry>[],
  event: SuspenseEvent & { readonly effectiveAt: Instant },
): void => {
  const entry = findEntry(entries, event.data);
  if (event.type === "payment.matched") {
    invariant(
      entry !== undefined && entry.matchedTo === undefined,
      () => `${event.data.paymentId} was matched although it did not lie in suspense`,
    );
    entry.matchedTo = { ...event.data.matchedTo };
    return;
  }
  if (event.type === "payment.match_undone") {
    const { paymentId, matchedTo, reason: lies, note } = event.data;
    const { kind, id } = matchedTo;
    invariant(
      entry?.matchedTo?.kind === kind && entry.matchedTo.id === id && entry.reason === lies,
      () => `the match of ${paymentId} to ${id} was undone although it did not stand`,
    );
    delete entry.matchedTo;
    const others = (entry.undone ?? []).filter((each) => each.kind !== kind || each.id !== id);
    entry.undone = [...others, { kind, id, note }];
    return;
  }
  const { target, currency, amount, reason, reasonBefore, resolvedId } = event.data;
  if (entry === undefined) {
    invariant(reasonBefore === undefined, `the reason of an unknown entry changed`);
    const { sourceObligationId, sourceEventId } = event.data;
    const metadata = event.personal?.metadata;
    entries.push({
      target: { ...target },
      currency,
      amount,
      reason,
      effectiveAt: event.effectiveAt,
      ...(resolvedId === undefined ? {} : { resolvedId }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(sourceObligationId === undefined ? {} : { sourceObligationId }),
      ...(sourceEventId === undefined ? {} : { sourceEventId }),
    });
    return;
  }
  invariant(
    reasonBefore === entry.reason && entry.matchedTo === undefined,
    () => `${event.data.paymentId} was suspended twice for one target, currency and amount`,
  );
  entry.reason = reason;
  if (resolvedId !== undefined) entry.resolvedId = resolvedId;
};

const evolveAcceptance = (
  stream: Mutable<AcceptanceStream>,
  event: AcceptanceEvent & { readonly effectiveAt: Instant },
): void => {
  const { acceptance: before, rowId } = stream;
  if (event.type === "reconciliation.match_accepted") {
    const { data: accepted, effectiveAt } = event;
    const { amount, difference, rows } = accepted;
    invariant(
      before?.standing !== true && rows[0]?.rowId === rowId,
      () => `${rows[0]?.rowId} was accepted on ${rowId}, or while another match of it stood`,
    );
    const total = rows.reduce((sum, row) => sum + row.amount, 0);
    invariant(
      total === amount && differenceOf(accepted) === (difference?.amount ?? 0),
      () => `what was accepted with ${rowId} does not come to ${amount} and its difference`,
    );
    stream.acceptance = { accepted, effectiveAt, standing: true };
    return;
  }
  const { currency, amount, difference } = event.data;
  invariant(
    before?.standing === true &&
      before.accepted.currency === currency &&
      before.accepted.amount === amount &&
      before.accepted.difference?.amount === difference?.amount &&
      before.accepted.difference?.cause === difference?.cause,
    () => `what was undone with ${rowId} did not stand`,
  );
  stream.acceptance = { ...before, standing: false };
};

/** Changes `state` by one event. Throws `InvariantViolation` on a history that makes no sense. */
export const evolve = (state: StreamState, event: PlacedEvent): void => {
  if (
    event.type === "payment.suspended" ||
    event.type === "payment.matched" ||
    event.type === "payment.match_undone"
  ) {
    invariant(
      state.kind === "suspense" && state.paymentId === event.data.paymentId,
      () => `${event.type} of ${event.data.paymentId} does not belong here`,
    );
    evolveSuspense(state.entries as Draft<SuspenseEntry>[], event);
    return;
  }
  if (
    event.type === "reconciliation.match_accepted" ||
    event.type === "reconciliation.acceptance_undone"
  ) {
    invariant(state.kind === "acceptance", () => `${event.type} does not belong on ${state.kind}`);
    evolveAcceptance(state, event);
    return;
  }
  invariant(
    state.kind !== "suspense" && state.kind !== "acceptance",
    () => `${event.type} does not belong on the stream of ${state.kind}`,
  );
  evolveEntity(state as Draft<EntityStream>, event);
};
