/**
 * The tables of a file, and the migrations that made them. Any SQL tool can read them; only this
 * program writes them.
 *
 * `commits` and `events` are the book, append-only: triggers refuse to change or delete a row, the
 * erasure of `personal` excepted. Everything else is derived from them and can be made again.
 *
 * `place` is `book × 2^36 + number` (of the commit) or `+ position` (of the event): one integer key,
 * so that rows lie in the order in which they were written. `book`, `number` and `position` are
 * computed from it. Amounts are whole minor units of `currency`, times are milliseconds since 1970 in
 * UTC. The data of an event are its typed columns and, in `data`, the members that have no column.
 */

/** "TaLy". */
export const applicationId = 0x54_61_4c_79;

/** With more books in a file a place would pass 2^53. */
export const booksMax: number = 2 ** 17 - 1;

const documentTables = `
CREATE TABLE documents (
  book INTEGER NOT NULL,
  created_position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  stream TEXT NOT NULL,
  external_reference TEXT,
  customer_id TEXT,
  account_id TEXT,
  status TEXT,
  currencies TEXT NOT NULL,
  owing INTEGER NOT NULL,
  credit INTEGER NOT NULL,
  tracked INTEGER NOT NULL,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (book, created_position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX documents_by_stream ON documents (book, stream);
CREATE INDEX documents_by_kind ON documents (book, kind, created_position);
CREATE INDEX documents_by_reference ON documents (book, kind, external_reference, created_position);
CREATE INDEX documents_by_customer ON documents (book, kind, customer_id, created_position);
CREATE INDEX documents_by_account ON documents (book, kind, account_id, created_position);
CREATE INDEX documents_by_status ON documents (book, kind, status, created_position);
CREATE INDEX documents_by_owing ON documents (book, kind, owing, created_position);
CREATE INDEX documents_by_credit ON documents (book, kind, credit, created_position);
CREATE INDEX documents_by_tracked ON documents (book, kind, tracked, created_position);
CREATE TABLE document_currencies (
  book INTEGER NOT NULL,
  kind TEXT NOT NULL,
  currency TEXT NOT NULL,
  created_position INTEGER NOT NULL,
  PRIMARY KEY (book, kind, currency, created_position)
) STRICT, WITHOUT ROWID;`;

/** The same tables for what a read-only handle has folded beyond the stored documents. */
export const temporaryDocumentTables: string = documentTables
  .replaceAll("CREATE TABLE ", "CREATE TABLE temp.")
  .replaceAll("INDEX documents_by", "INDEX temp.documents_by");

const firstTables = `
CREATE TABLE migrations (
  version INTEGER PRIMARY KEY,
  applied_at INTEGER NOT NULL,
  description TEXT NOT NULL
) STRICT;
CREATE TABLE books (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  chain_id TEXT NOT NULL,
  hash_seed INTEGER NOT NULL,
  indexed_commit INTEGER NOT NULL DEFAULT 0,
  documents_version TEXT NOT NULL DEFAULT '',
  documents_position INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE commits (
  place INTEGER PRIMARY KEY,
  first_position INTEGER NOT NULL,
  event_count INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  body_hash BLOB NOT NULL,
  hash BLOB NOT NULL,
  outcome_key TEXT,
  outcome_salt BLOB,
  outcome_salt_hash BLOB,
  outcome_fields TEXT,
  outcome_fingerprints ANY,
  outcome_subject TEXT,
  outcome_subject_revision INTEGER,
  outcome_refusal TEXT,
  book INTEGER AS (place >> 36) VIRTUAL,
  number INTEGER AS (place & 68719476735) VIRTUAL
) STRICT;
CREATE TABLE events (
  place INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  stream TEXT NOT NULL,
  revision INTEGER NOT NULL,
  obligation TEXT,
  payment TEXT,
  currency TEXT,
  amount INTEGER,
  effect INTEGER,
  balance_after INTEGER,
  effective_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  commit_number INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  id TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  data TEXT,
  idempotency_key TEXT,
  actor TEXT,
  correlation_id TEXT,
  causation_id TEXT,
  personal TEXT,
  personal_hash BLOB,
  book INTEGER AS (place >> 36) VIRTUAL,
  position INTEGER AS (place & 68719476735) VIRTUAL
) STRICT;
CREATE TRIGGER commits_are_not_updated BEFORE UPDATE ON commits
BEGIN SELECT RAISE(ABORT, 'a commit is never changed; a correction is one more event'); END;
CREATE TRIGGER commits_are_not_replaced BEFORE INSERT ON commits
WHEN EXISTS (SELECT 1 FROM commits WHERE place = NEW.place)
BEGIN SELECT RAISE(ABORT, 'a commit is never replaced; a correction is one more event'); END;
CREATE TRIGGER commits_are_not_deleted BEFORE DELETE ON commits
BEGIN SELECT RAISE(ABORT, 'a commit is never deleted; a correction is one more event'); END;
CREATE TRIGGER events_are_not_updated BEFORE UPDATE OF
  place, type, stream, revision, obligation, payment, currency, amount, effect, balance_after,
  effective_at, recorded_at, commit_number, flags, id, schema_version, data, idempotency_key, actor,
  correlation_id, causation_id, personal_hash
ON events
BEGIN SELECT RAISE(ABORT, 'an event is never changed; a correction is one more event'); END;
CREATE TRIGGER personal_data_is_only_erased BEFORE UPDATE OF personal ON events
WHEN NEW.personal IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'personal data of an event is erased or left as it is'); END;
CREATE TRIGGER events_are_not_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE place = NEW.place)
BEGIN SELECT RAISE(ABORT, 'an event is never replaced; a correction is one more event'); END;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'an event is never deleted; a correction is one more event'); END;
CREATE TABLE stream_places (
  hash INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  place INTEGER NOT NULL,
  PRIMARY KEY (hash, revision, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE claim_places (
  hash INTEGER NOT NULL,
  place INTEGER NOT NULL,
  PRIMARY KEY (hash, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE outcome_places (
  hash INTEGER NOT NULL,
  place INTEGER NOT NULL,
  PRIMARY KEY (hash, place)
) STRICT, WITHOUT ROWID;
${documentTables}`;

/** In order; the n-th makes version n out of version n - 1. Never edited once released. */
export const migrations: readonly { readonly description: string; readonly sql: string }[] = [
  { description: "books, commits, events, their indexes, documents", sql: firstTables },
];
