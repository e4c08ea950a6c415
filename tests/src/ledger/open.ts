/**
 * A ledger over an empty store in memory, on a clock that stands still at 2026-03-01T00:00:00Z, and
 * what tests of its verbs say again and again.
 */

import { type SeededHost, seededHost } from "@tallystick/adapters/host";
import { memoryStore } from "@tallystick/adapters/memory";
import {
  type Host,
  isLedgerError,
  type Ledger,
  type LedgerOptions,
  openLedger,
  type PaymentRules,
  type Store,
} from "@tallystick/core";

export interface Opened {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly host: SeededHost;
}

export const open = (options: Partial<LedgerOptions> = {}): Opened => {
  const host = seededHost();
  const store = memoryStore({ host });
  return { host, store, ledger: openLedger({ store, ...options }) };
};

/** The same with a customer that owes 500 ZAR and a bill of 37650. */
export const openWithBill = async (options: Partial<LedgerOptions> = {}): Promise<Opened> => {
  const opened = open(options);
  const { ledger } = opened;
  await ledger.createCustomer({
    id: "bcus_c",
    externalReference: "CUST-1",
    currency: "ZAR",
    balance: 500,
  });
  await ledger.createBill({
    id: "bill_b",
    externalReference: "BILL-1",
    customer: "CUST-1",
    currency: "ZAR",
    amountDue: 37_650,
  });
  return opened;
};

/** A store that seems to be shared: whoever opens it asks again before believing its cache. */
export const sharedStore = (host: Host = seededHost()): Store =>
  changed(memoryStore({ host }), { capabilities: { durable: false, shared: true } });

/** The store with some members replaced. */
export const changed = (store: Store, members: Partial<Store>): Store =>
  new Proxy(store, {
    get: (target, key) => {
      const member: unknown =
        key in members ? members[key as keyof Store] : target[key as keyof Store];
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });

export const rules = (over: Partial<PaymentRules> = {}): PaymentRules => ({
  minAmount: 100,
  maxAmount: 1_000_000,
  underpaymentAllowed: true,
  overpaymentAllowed: false,
  ...over,
});

/** The code and the facts of what was thrown; fails if nothing was. */
export const refused = async (
  answer: Promise<unknown>,
): Promise<{ readonly code: string; readonly [fact: string]: unknown }> => {
  try {
    await answer;
  } catch (error) {
    if (isLedgerError(error)) return { ...error.detail, code: error.code };
    throw error;
  }
  throw new Error("it was expected to be refused, and was not");
};

/** The paths of all faults of an input, sorted. */
export const faultPaths = async (answer: Promise<unknown>): Promise<string[]> => {
  const { code, faults } = await refused(answer);
  if (code !== "INVALID_INPUT") throw new Error(`it was refused with ${code}`);
  return [
    ...new Set((faults as readonly { readonly field: string }[]).map(({ field }) => field)),
  ].sort();
};

/** How many events the book holds. */
export const position = async (ledger: Ledger): Promise<number> =>
  (await ledger.head())?.position ?? 0;

export const all = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
};

export const typesOf = (events: readonly { readonly type: string }[]): string[] =>
  events.map(({ type }) => type);
