/**
 * Read-model documents: one a stream; an obligation's is that of its owner. Lists, filters and look-ups
 * are answered from them, by index. A document is the fold of its stream plus the columns it is found
 * by, so that it can always be dropped and made again from the events.
 */

import { reducerVersion } from "../domain/evolve.ts";
import type { AcceptanceState, EntityState, StreamState, SuspenseStream } from "../domain/state.ts";
import type { StreamId } from "../domain/target.ts";
import type { CurrencyCode } from "../money/currency.ts";

/** Raise this when documents change their shape: a store drops those of another version. */
export const documentsVersion = `1.${reducerVersion}`;

export type DocumentKind = "customer" | "account" | "bill" | "suspense" | "acceptance";

/** What a document is found by. */
export interface DocumentKeys {
  readonly kind: DocumentKind;
  readonly streamId: StreamId;
  readonly externalReference?: string;
  /** The customer that it belongs to; of a customer, itself. */
  readonly customerId?: string;
  readonly accountId?: string;
  /** A bill's status; `suspended` or `matched` for a payment in suspense, `standing` or `undone` for an acceptance. */
  readonly status?: string;
  /** Every currency in which it is kept or was ever tracked. */
  readonly currencies: readonly CurrencyCode[];
  /** Something is owed, in any currency. */
  readonly owing: boolean;
  /** Something is held in credit, in any currency. */
  readonly credit: boolean;
  /** Whether a balance is tracked. */
  readonly tracked: boolean;
}

export interface StoredDocument extends DocumentKeys {
  /** Position of the event that began the stream: the order of lists. */
  readonly createdPosition: number;
  /** The last event that it takes account of. */
  readonly position: number;
  readonly revision: number;
  readonly state: StreamState;
}

/** All conditions hold together. Absent means any. */
export interface DocumentQuery {
  readonly kind: DocumentKind;
  readonly streamId?: StreamId;
  readonly externalReference?: string;
  readonly customerId?: string;
  readonly accountId?: string;
  readonly status?: string;
  readonly currency?: CurrencyCode;
  readonly owing?: boolean;
  readonly credit?: boolean;
  readonly tracked?: boolean;
  /** Documents created strictly after this position: the cursor of a page. */
  readonly afterCreatedPosition?: number;
  /** At least 1. */
  readonly limit: number;
}

export interface DocumentPage {
  /** In order of creation, oldest first. */
  readonly documents: readonly StoredDocument[];
  /** The cursor of the next page; undefined on the last. */
  readonly next?: number;
  /** The position that the answer is true for. */
  readonly position: number;
}

const entityStatus = (entity: EntityState): string | undefined =>
  entity.kind !== "bill"
    ? undefined
    : entity.voided
      ? "voided"
      : entity.amountPaid >= entity.amountDue
        ? "paid"
        : "unpaid";

const entityKeys = (streamId: StreamId, entity: EntityState): DocumentKeys => {
  const sums = Object.values(entity.balances);
  const status = entityStatus(entity);
  return {
    kind: entity.kind,
    streamId,
    externalReference: entity.externalReference,
    customerId: entity.kind === "customer" ? entity.id : entity.customerId,
    ...(entity.kind === "customer"
      ? {}
      : entity.kind === "account"
        ? { accountId: entity.id }
        : entity.accountId === undefined
          ? {}
          : { accountId: entity.accountId }),
    ...(status === undefined ? {} : { status }),
    currencies: [
      ...new Set([
        ...(entity.currency === undefined ? [] : [entity.currency]),
        ...Object.keys(entity.balances),
      ]),
    ],
    owing: sums.some((sum) => sum > 0),
    credit: sums.some((sum) => sum < 0),
    tracked: sums.length > 0,
  };
};

const suspenseKeys = (streamId: StreamId, { entries }: SuspenseStream): DocumentKeys => ({
  kind: "suspense",
  streamId,
  status: entries.some(({ matchedTo }) => matchedTo === undefined) ? "suspended" : "matched",
  currencies: [...new Set(entries.map(({ currency }) => currency))],
  owing: false,
  credit: false,
  tracked: false,
});

const acceptanceKeys = (
  streamId: StreamId,
  { accepted, standing }: AcceptanceState,
): DocumentKeys => ({
  kind: "acceptance",
  streamId,
  status: standing ? "standing" : "undone",
  currencies: [accepted.currency],
  owing: false,
  credit: false,
  tracked: false,
});

/** The columns of a stream's document; undefined while the stream holds nothing. */
export const documentKeys = (streamId: StreamId, state: StreamState): DocumentKeys | undefined => {
  if (state.kind === "suspense") return suspenseKeys(streamId, state);
  if (state.kind === "acceptance")
    return state.acceptance && acceptanceKeys(streamId, state.acceptance);
  return state.entity && entityKeys(streamId, state.entity);
};

/** Whether a document answers a query, the page's cursor and limit aside. */
export const matchesQuery = (keys: DocumentKeys, query: DocumentQuery): boolean =>
  keys.kind === query.kind &&
  (query.streamId === undefined || keys.streamId === query.streamId) &&
  (query.externalReference === undefined || keys.externalReference === query.externalReference) &&
  (query.customerId === undefined || keys.customerId === query.customerId) &&
  (query.accountId === undefined || keys.accountId === query.accountId) &&
  (query.status === undefined || keys.status === query.status) &&
  (query.currency === undefined || keys.currencies.includes(query.currency)) &&
  (query.owing === undefined || keys.owing === query.owing) &&
  (query.credit === undefined || keys.credit === query.credit) &&
  (query.tracked === undefined || keys.tracked === query.tracked);
