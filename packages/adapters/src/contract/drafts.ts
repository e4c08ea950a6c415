/**
 * Drafts of real commits for tests of stores: customers that come into being, are charged and pay,
 * with sums that add up and hashes that hold. A draft says which revision it expects, so a test can
 * make stale ones as easily as good ones.
 */
import {
  bodyHash,
  type CommitDraft,
  type DomainEvent,
  type EventBody,
  eventCatalogue,
  type Host,
  idSource,
  instantOfMs,
  type Outcome,
  personalHash,
  type StreamId,
  saltHash,
  streamIdOf,
} from "@tallystick/core";

/** `a` lives on `customer/bcus_a`. */
export const customerStream = (name: string): StreamId => streamIdOf("customer", `bcus_${name}`);
export const referenceOf = (name: string): string => `ref-${name}`;

const salt = "5a".repeat(16);

/** Where an entity of a test stands before its next event. */
export interface Standing {
  readonly name: string;
  /** Revision of its stream. */
  readonly at: number;
  /** Minor units owed. */
  readonly owed: number;
}

export interface Drafts {
  /** A draft of these events, in order, with a hash that holds. */
  of(events: readonly EventBody[], outcome?: Outcome): CommitDraft;
  /** Two events: a customer comes into being, and owes `owed` ZAR. */
  created(
    name: string,
    options?: { readonly owed?: number; readonly reference?: string },
  ): EventBody[];
  /** What is owed is raised by `amount`. */
  charged(standing: Standing, amount: number): EventBody;
  /** A payment is applied. */
  paid(standing: Standing, amount: number, paymentId: string): EventBody;
  /** An account of a customer, without a balance. */
  account(name: string, customer: string): EventBody[];
  /** Two events: a bill comes into being, and asks for 500 ZAR. */
  bill(name: string, owner: { readonly customer: string; readonly account?: string }): EventBody[];
  /** 100 ZAR arrived for a customer whom nobody knows. */
  suspended(paymentId: string, reference: string): EventBody;
  outcome(key: string, subject?: Outcome["subject"]): Outcome;
}

/** `host` gives ids and hashes. */
export const draftsFor = (host: Host): Drafts => {
  const nextId = idSource(host.randomBytes);
  const event = (
    streamId: StreamId,
    revision: number,
    { type, data, personal }: DomainEvent,
  ): EventBody => {
    const stored = personal === undefined ? undefined : { salt, data: personal };
    return {
      id: nextId("event"),
      type,
      schemaVersion: eventCatalogue[type].version,
      streamId,
      revision,
      effectiveAt: instantOfMs(host.now()),
      data,
      ...(stored === undefined
        ? {}
        : { personal: stored, personalHash: personalHash(host.sha256, stored) }),
    };
  };
  const sum = (name: string, amount: number, effect: number, balanceAfter: number) =>
    ({
      obligationId: `ob_${name}`,
      obligationKind: "customer_balance",
      currency: "ZAR",
      amount,
      effect,
      balanceAfter,
    }) as const;
  return {
    of: (events, outcome) => ({
      events,
      ...(outcome === undefined ? {} : { outcome }),
      bodyHash: bodyHash(host.sha256, outcome === undefined ? { events } : { events, outcome }),
    }),
    created: (name, { owed = 1000, reference = referenceOf(name) } = {}) => [
      event(customerStream(name), 1, {
        type: "customer.created",
        data: {
          customerId: `bcus_${name}`,
          externalReference: reference,
          obligationId: `ob_${name}`,
          awaited: { reference: 0 },
        },
        personal: { name: `Customer ${name}`, metadata: { region: "Gauteng" } },
      }),
      event(customerStream(name), 2, {
        type: "obligation.opened",
        data: sum(name, owed, owed, owed),
      }),
    ],
    charged: ({ name, at, owed }, amount) =>
      event(customerStream(name), at + 1, {
        type: "obligation.amount_charged",
        data: sum(name, amount, amount, owed + amount),
      }),
    paid: ({ name, at, owed }, amount, paymentId) =>
      event(customerStream(name), at + 1, {
        type: "obligation.amount_applied",
        data: { ...sum(name, amount, -amount, owed - amount), paymentId },
      }),
    account: (name, customer) => [
      event(streamIdOf("account", `bacc_${name}`), 1, {
        type: "account.created",
        data: {
          accountId: `bacc_${name}`,
          customerId: `bcus_${customer}`,
          externalReference: referenceOf(name),
          obligationId: `ob_${name}`,
          awaited: { reference: 0 },
        },
      }),
    ],
    bill: (name, { customer, account }) => {
      const streamId = streamIdOf("bill", `bill_${name}`);
      return [
        event(streamId, 1, {
          type: "bill.created",
          data: {
            billId: `bill_${name}`,
            customerId: `bcus_${customer}`,
            ...(account === undefined ? {} : { accountId: `bacc_${account}` }),
            currency: "ZAR",
            amountDue: 500,
            externalReference: referenceOf(name),
            obligationId: `ob_${name}`,
            awaited: { reference: 0 },
          },
        }),
        event(streamId, 2, {
          type: "obligation.opened",
          data: { ...sum(name, 500, 500, 500), obligationKind: "bill", amountPaidAfter: 0 },
        }),
      ];
    },
    suspended: (paymentId, reference) =>
      event(streamIdOf("suspense", paymentId), 1, {
        type: "payment.suspended",
        data: {
          paymentId,
          target: { kind: "customer", name: reference },
          currency: "ZAR",
          amount: 100,
          reason: "unknown_target",
          place: 1,
        },
      }),
    outcome: (key, subject) => ({
      key,
      salt,
      saltHash: saltHash(host.sha256, salt),
      request: { amount: host.sha256(`amount of ${key}`) },
      ...(subject === undefined ? {} : { subject }),
    }),
  };
};
