/**
 * Mirroring: an object that the Billing API answered, with the ids it has there, into the ledger.
 *
 * A line is compared with the last mirrored line of that object and not with what has happened here
 * since: equal means nothing to do, different means that the difference is taken over, as an update,
 * an assertion or a void. A member that is absent says nothing, save for payment rules, whose absence
 * means that the object cannot be paid.
 */
import type { z } from "zod";
import { assertBalance, assertPaid, openBalance } from "../domain/balance.ts";
import { mirroredUpdate, setPaymentRules, voidedEvent } from "../domain/changes.ts";
import { createAccount, createBill, createCustomer } from "../domain/creation.ts";
import type { MirroredFacts, Personal } from "../domain/events.ts";
import { evolve, initialState } from "../domain/evolve.ts";
import { compact, type PlannedEvent } from "../domain/planned.ts";
import type { BillState, EntityState } from "../domain/state.ts";
import { streamIdOf } from "../domain/target.ts";
import type { Work } from "../execute/work.ts";
import { canonicalJson, type Json } from "../kernel/canonical-json.ts";
import { accept, type Decision, refuse } from "../kernel/decision.ts";
import type { Fault } from "../kernel/errors.ts";
import type { Instant } from "../kernel/instant.ts";
import { endOfDay } from "../kernel/time-zone.ts";
import { begin } from "./begin.ts";
import { mirrorInput, readInput } from "./inputs.ts";
import type { Entity, MirrorWritten, WriteOptions } from "./types.ts";
import { type Context, notFound, run, viewOf, written } from "./verb.ts";
import { entityOf } from "./views.ts";

export type MirrorInput = z.input<typeof mirrorInput>;
type Line = z.output<typeof mirrorInput>;

/** What a line says of the obligation. */
const factsOf = (line: Line): MirroredFacts =>
  compact({
    currency: line.currency,
    paymentRules: line.paymentRules,
    ...(line.object === "bill"
      ? { amountPaid: line.amountPaid, status: line.status }
      : { balance: line.balance }),
  });

/** What a line says of the person. Empty metadata says nothing (D-22). */
const personalOf = (line: Line): Personal => {
  const metadata = Object.keys(line.metadata ?? {}).length === 0 ? undefined : line.metadata;
  if (line.object === "customer")
    return { name: line.name, email: line.email, phone: line.phone, metadata };
  return line.object === "account" ? { name: line.name, metadata } : { metadata };
};

const same = (left: unknown, right: unknown): boolean =>
  left === right ||
  (left !== undefined &&
    right !== undefined &&
    canonicalJson(left as Json) === canonicalJson(right as Json));

/** The personal members that the line states and the last line did not, or stated otherwise. */
const personalDifference = (line: Line, last: Personal | undefined): Personal | undefined => {
  const differing = Object.entries(personalOf(line)).filter(
    ([key, value]) => value !== undefined && !same(value, last?.[key as keyof Personal]),
  );
  return differing.length === 0 ? undefined : Object.fromEntries(differing);
};

/** What can never change once an object exists. */
const fixedFaults = (entity: EntityState, line: Line): Fault[] => {
  const fixed: [string, unknown, unknown][] = [
    ["externalReference", entity.externalReference, line.externalReference],
  ];
  if (entity.kind !== "customer" && line.object !== "customer")
    fixed.push(["customerId", entity.customerId, line.customerId]);
  if (entity.kind === "bill" && line.object === "bill")
    fixed.push(
      ["accountId", entity.accountId, line.accountId],
      ["currency", entity.currency, line.currency],
      ["amountDue", entity.amountDue, line.amountDue],
      ["billDate", entity.billDate, line.billDate ?? entity.billDate],
      ["dueDate", entity.dueDate, line.dueDate ?? entity.dueDate],
    );
  return fixed
    .filter(([, known, stated]) => known !== stated)
    .map(([field, known, stated]) => ({
      field,
      message: `cannot change after creation: it is ${String(known)}, the line says ${String(stated)}`,
    }));
};

/** The events that take a bill to what a line says was paid, and to void. */
const billChanges = (
  bill: BillState,
  line: Line,
  opening: Instant | undefined,
): Decision<PlannedEvent[]> => {
  if (line.object !== "bill") return accept([]);
  const { mirrored } = bill;
  const paidChanged = mirrored?.amountPaid !== line.amountPaid;
  if (
    bill.voided &&
    (line.status !== "voided" || (paidChanged && line.amountPaid !== bill.amountPaid))
  )
    return refuse(
      "BILL_VOIDED",
      `${bill.id} is voided, and the line says ${line.status} with ${line.amountPaid} paid`,
      {
        id: bill.id,
      },
    );
  if (bill.voided) return accept([]);
  const paid = paidChanged ? assertPaid(bill, line.amountPaid) : [];
  if (line.status !== "voided") return accept(paid);
  const balance = {
    [bill.currency]: paidChanged
      ? bill.amountDue - line.amountPaid
      : (bill.balances[bill.currency] ?? 0),
  };
  const amountPaid = paidChanged ? line.amountPaid : bill.amountPaid;
  return accept([...paid, voidedEvent({ ...bill, balances: balance, amountPaid }, opening)]);
};

/** The events that take a balance to what a line says. */
const balanceChanges = (
  entity: EntityState,
  line: Line,
  opening: Instant | undefined,
): PlannedEvent[] => {
  if (line.object === "bill" || line.balance === undefined || line.currency === undefined)
    return [];
  const { mirrored } = entity;
  if (mirrored?.balance === line.balance && mirrored.currency === line.currency) return [];
  return Object.keys(entity.balances).length === 0
    ? [openBalance(entity, line.balance, line.currency, opening)]
    : assertBalance(entity, line.balance, line.currency);
};

const difference = (
  entity: EntityState,
  line: Line,
  opening: Instant | undefined,
): Decision<PlannedEvent[]> => {
  const faults = fixedFaults(entity, line);
  if (faults.length > 0)
    return refuse(
      "INVALID_INPUT",
      `mirror: ${faults.map(({ field, message }) => `${field} ${message}`).join("; ")}`,
      { faults },
    );
  const personal = personalDifference(line, entity.mirrored);
  const facts = factsOf(line);
  const { name: _n, email: _e, phone: _p, metadata: _m, ...last } = entity.mirrored ?? {};
  if (entity.mirrored !== undefined && personal === undefined && same(facts, last))
    return accept([]);

  const rulesStand =
    (entity.kind === "bill" && entity.voided) ||
    (entity.mirrored !== undefined && same(facts.paymentRules, last.paymentRules));
  const rules = rulesStand
    ? accept<PlannedEvent[]>([])
    : setPaymentRules(entity, line.paymentRules ?? null);
  if (!rules.ok) return rules;
  const ofBill =
    entity.kind === "bill" ? billChanges(entity, line, opening) : accept<PlannedEvent[]>([]);
  if (!ofBill.ok) return ofBill;
  // Without a balance the currency is a detail, until a balance is tracked in it.
  const newCurrency =
    line.object !== "bill" && line.balance === undefined && line.currency !== entity.currency
      ? line.currency
      : undefined;
  if (newCurrency !== undefined && Object.keys(entity.balances).length > 0)
    return refuse(
      "CURRENCY_MISMATCH",
      `${entity.id} is kept in ${entity.currency}; the line says ${newCurrency} and no balance`,
      {
        id: entity.id,
        currency: newCurrency,
        expected: entity.currency,
      },
    );
  return accept([
    mirroredUpdate(entity, personal ?? {}, facts, newCurrency),
    ...balanceChanges(entity, line, opening),
    ...rules.value,
    ...ofBill.value,
  ]);
};

/** The owner of an account or a bill must be there, and be the one that its account has. */
const ownerProblem = async (
  work: Work,
  line: Line,
): Promise<ReturnType<typeof refuse> | undefined> => {
  if (line.object === "customer") return undefined;
  const { customerId } = line;
  if ((await work.resolve("customer", customerId)) === undefined)
    return notFound({ kind: "customer", name: customerId });
  if (line.object === "account" || line.accountId === undefined) return undefined;
  const streamId = await work.resolve("account", line.accountId);
  const account = streamId === undefined ? undefined : await work.entity(streamId);
  if (account === undefined) return notFound({ kind: "account", name: line.accountId });
  return account.kind === "account" && account.customerId === customerId
    ? undefined
    : refuse("OWNER_MISMATCH", `${line.accountId} does not belong to ${customerId}`, {
        accountId: line.accountId,
        customerId,
      });
};

/** The verb that mirrors, over one book. */
export const mirrorVerb = (context: Context) => {
  const { executor, policy, timeZone } = context;

  /** Openings are dated as asked, a bill's by its date, both not after now. */
  const openingOf = (work: Work, line: Line, stated: Instant | undefined): Instant | undefined => {
    if (stated !== undefined || line.object !== "bill" || line.billDate === undefined)
      return stated;
    const ended = endOfDay(line.billDate, timeZone);
    return ended < work.now() ? ended : undefined;
  };

  const create = (
    work: Work,
    line: Line,
    obligationId: string,
    effectiveAt: Instant | undefined,
  ) => {
    const { object: kind, id, externalReference } = line;
    return begin(work, { kind, id, given: true, externalReference }, (awaited) => {
      const common = {
        id,
        externalReference,
        obligationId,
        awaited,
        effectiveAt,
        mirrored: factsOf(line),
        paymentRules: line.paymentRules ?? null,
      };
      if (line.object === "customer") return createCustomer({ ...line, ...common }, policy);
      if (line.object === "account") return createAccount({ ...line, ...common }, policy);
      const created = createBill({ ...line, ...common }, policy);
      if (!created.ok) return created;
      const state = initialState(streamIdOf("bill", id));
      for (const event of created.value) evolve(state, { ...event, effectiveAt: work.now() });
      // The first line is already the last one: what it says beyond the opening follows here.
      const bill = { ...entityOf(state), mirrored: {} } as BillState;
      const changes = billChanges(bill, line, effectiveAt);
      return changes.ok ? accept([...created.value, ...changes.value]) : changes;
    });
  };

  return {
    /**
     * Takes over an object as the Billing API answered it, or what changed in it since the last time.
     * Its opening is dated by `effectiveAt` (default: now, a bill by its date), and so is what a later
     * line changes (default: now); payments that wait in
     * suspense for exactly it are applied in the same commit. Default payment rules are never added.
     */
    async mirror(input: MirrorInput, options?: WriteOptions): Promise<MirrorWritten> {
      const line = readInput("mirror", mirrorInput, input);
      const streamId = streamIdOf(line.object, line.id);
      const obligationId = executor.mint.ids("obligation");
      const executed = await run(context, {
        name: "mirror",
        lane: streamId,
        input: line,
        options,
        decide: async (work, stated) => {
          const entity = await work.entity(streamId);
          if (entity !== undefined) {
            const changes = difference(entity, line, stated);
            if (!changes.ok) return changes;
            return accept({
              events: changes.value.map((event) => ({ streamId, event })),
              subject: streamId,
            });
          }
          const problem = await ownerProblem(work, line);
          if (problem !== undefined) return problem;
          const begun = await create(work, line, obligationId, openingOf(work, line, stated));
          return begun.ok ? accept({ events: begun.value.events, subject: streamId }) : begun;
        },
        view: viewOf<Entity>,
      });
      const { events } = executed;
      return {
        ...written(executed),
        outcome:
          events.length === 0
            ? "unchanged"
            : events[0]?.type === `${line.object}.created`
              ? "created"
              : "changed",
        released: events.filter(({ type }) => type === "payment.matched").length,
      };
    },
  };
};
