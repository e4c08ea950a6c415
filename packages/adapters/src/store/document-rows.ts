/** Documents as rows and back, the columns that they are found by, and the fold that they come from. */
import {
  type DocumentKeys,
  type DocumentKind,
  type DocumentQuery,
  evolve,
  InvariantViolation,
  initialState,
  invariant,
  LedgerError,
  type RecordedEvent,
  type StoredDocument,
  type StreamId,
  type StreamState,
} from "@tallystick/core";
import type { Cell, Row } from "./rows.ts";

export const documentColumns: string = `created_position, kind, stream, external_reference, customer_id, account_id, status,
  currencies, owing, credit, tracked, position, revision, state`;

/** A document that events are being folded into. */
export interface WorkingDocument {
  readonly streamId: StreamId;
  readonly createdPosition: number;
  /** The columns that it was loaded with, as text; undefined for a new one. */
  readonly loaded: string | undefined;
  readonly loadedCurrencies: readonly string[];
  readonly state: StreamState;
  position: number;
  revision: number;
}

/** The columns that a document is found by, as they are stored, behind the first. */
export const keyCells = (keys: DocumentKeys): Cell[] => [
  keys.kind,
  keys.streamId,
  keys.externalReference ?? null,
  keys.customerId ?? null,
  keys.accountId ?? null,
  keys.status ?? null,
  JSON.stringify(keys.currencies),
  Number(keys.owing),
  Number(keys.credit),
  Number(keys.tracked),
];

export const documentOf = (row: Row): StoredDocument => {
  const optional = (name: string, cell: Cell | undefined): object =>
    cell === null ? {} : { [name]: cell };
  return {
    kind: row[1] as DocumentKind,
    streamId: String(row[2]),
    ...optional("externalReference", row[3]),
    ...optional("customerId", row[4]),
    ...optional("accountId", row[5]),
    ...optional("status", row[6]),
    currencies: JSON.parse(String(row[7])) as string[],
    owing: row[8] === 1,
    credit: row[9] === 1,
    tracked: row[10] === 1,
    createdPosition: Number(row[0]),
    position: Number(row[11]),
    revision: Number(row[12]),
    state: JSON.parse(String(row[13])) as StreamState,
  };
};

/** The columns that a query may name and the index of each, the one that finds fewest first. */
export const documentFilters = (
  query: DocumentQuery,
): readonly (readonly [column: string, index: string, cell: Cell | undefined])[] => [
  ["stream", "documents_by_stream", query.streamId],
  ["external_reference", "documents_by_reference", query.externalReference],
  ["account_id", "documents_by_account", query.accountId],
  ["customer_id", "documents_by_customer", query.customerId],
  ["owing", "documents_by_owing", query.owing === true ? 1 : undefined],
  ["credit", "documents_by_credit", query.credit === true ? 1 : undefined],
  ["status", "documents_by_status", query.status],
  ["tracked", "documents_by_tracked", numeric(query.tracked)],
  ["owing", "documents_by_owing", query.owing === false ? 0 : undefined],
  ["credit", "documents_by_credit", query.credit === false ? 0 : undefined],
];

const numeric = (flag: boolean | undefined): number | undefined =>
  flag === undefined ? undefined : Number(flag);

/** The document of a stream that begins with the event at a position. */
export const newDocument = (streamId: StreamId, position: number): WorkingDocument => ({
  streamId,
  createdPosition: position,
  loaded: undefined,
  loadedCurrencies: [],
  state: initialState(streamId),
  position: 0,
  revision: 0,
});

/** A stored document, for more events to be folded into it. */
export const workingDocument = (row: Row): WorkingDocument => ({
  streamId: String(row[2]),
  createdPosition: Number(row[0]),
  loaded: JSON.stringify(row.slice(1, 11)),
  loadedCurrencies: JSON.parse(String(row[7])) as string[],
  state: JSON.parse(String(row[13])) as StreamState,
  position: Number(row[11]),
  revision: Number(row[12]),
});

export const foldEvent = (working: WorkingDocument, event: RecordedEvent): void => {
  const { streamId, position, revision } = event;
  try {
    invariant(
      revision === working.revision + 1,
      `${event.id} has revision ${revision} on ${streamId}, not ${working.revision + 1}`,
    );
    evolve(working.state, event);
  } catch (error) {
    if (!(error instanceof InvariantViolation)) throw error;
    throw new LedgerError(
      "BOOK_CORRUPT",
      `event ${position}: ${error.message}; from position ${position} on nothing can be trusted`,
      { cause: error, detail: { position, streamId } },
    );
  }
  working.position = position;
  working.revision = revision;
};
