/**
 * The tables in PostgreSQL, and the migrations that made them. Any SQL tool can read them; what is
 * append-only is written by the function `append_group` alone.
 *
 * Every key begins with the book, so that the large tables can be partitioned by its hash. `commits`
 * and `events` are the book: triggers refuse to change, delete or truncate, the erasure of `personal`
 * excepted. `claims` are unique per book and taken in the transaction that writes their event.
 * `documents` are derived and can be made again.
 *
 * Amounts are whole minor units of `currency`, times are milliseconds since 1970 in UTC. The data of
 * an event are its typed columns and, in `data`, the members that have no column.
 */
import { appendGroup } from "./append-group.ts";
import { leads } from "./document-query.ts";
import { bodyOf, literal } from "./names.ts";
import { recordsTable } from "./records-table.ts";
import { dropDocuments, saveDocuments } from "./save-documents.ts";

export interface Migration {
  readonly description: string;
  /** Statements of one transaction; `s` is the quoted schema. */
  readonly sql: (s: string) => string;
}

/** Texts are compared byte by byte: the same order everywhere, and no change with the system's locale. */
const text = 'text COLLATE "C"';

const documentIndexes = (s: string): string =>
  Object.entries(leads)
    .filter(([column]) => column !== "stream")
    .map(
      ([column, lead]) =>
        `CREATE INDEX documents_by_${column} ON ${s}.documents (book, (${lead("")}), created_position);`,
    )
    .join("\n");

const firstTables = (s: string): string => `
CREATE TABLE ${s}.books (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name ${text} NOT NULL UNIQUE,
  chain_id ${text} NOT NULL,
  commit_number bigint NOT NULL DEFAULT 0,
  position bigint NOT NULL DEFAULT 0,
  hash bytea,
  recorded_at bigint
) WITH (fillfactor = 20);
COMMENT ON TABLE ${s}.books IS
  'One row a book: where it ends. Its lock gives out numbers and positions. A book without commits is none yet.';
CREATE TABLE ${s}.commits (
  book integer NOT NULL,
  number bigint NOT NULL,
  first_position bigint NOT NULL,
  event_count integer NOT NULL,
  recorded_at bigint NOT NULL,
  body_hash bytea NOT NULL,
  hash bytea NOT NULL,
  outcome_key ${text},
  outcome_salt bytea,
  outcome_salt_hash bytea,
  outcome_fields ${text},
  outcome_fingerprints bytea,
  outcome_subject ${text},
  outcome_subject_revision bigint,
  outcome_refusal text,
  PRIMARY KEY (book, number)
);
CREATE UNIQUE INDEX commits_by_outcome ON ${s}.commits (book, outcome_key)
  WHERE outcome_key IS NOT NULL;
CREATE TABLE ${s}.events (
  book integer NOT NULL,
  position bigint NOT NULL,
  type ${text} NOT NULL,
  stream ${text} NOT NULL,
  revision bigint NOT NULL,
  obligation ${text},
  payment ${text},
  currency ${text},
  amount bigint,
  effect bigint,
  balance_after bigint,
  effective_at bigint NOT NULL,
  recorded_at bigint NOT NULL,
  commit_number bigint NOT NULL,
  flags integer NOT NULL,
  id ${text} NOT NULL,
  schema_version integer NOT NULL,
  data json,
  idempotency_key ${text},
  actor text,
  correlation_id text,
  causation_id text,
  personal json,
  personal_hash bytea,
  PRIMARY KEY (book, position)
);
CREATE UNIQUE INDEX events_by_stream ON ${s}.events (book, stream, revision);
CREATE TABLE ${s}.claims (
  book integer NOT NULL,
  key ${text} NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (book, key)
);
COMMENT ON TABLE ${s}.claims IS 'Unique keys, each with the position of the event that took it.';
CREATE TABLE ${s}.document_marks (
  book integer PRIMARY KEY,
  version ${text} NOT NULL,
  position bigint NOT NULL
) WITH (fillfactor = 20);
COMMENT ON TABLE ${s}.document_marks IS 'Up to which position the documents of a book are true.';
CREATE TABLE ${s}.documents (
  book integer NOT NULL,
  created_position bigint NOT NULL,
  kind ${text} NOT NULL,
  stream ${text} NOT NULL,
  external_reference ${text},
  customer_id ${text},
  account_id ${text},
  status ${text},
  currencies ${text} NOT NULL,
  owing smallint NOT NULL,
  credit smallint NOT NULL,
  tracked smallint NOT NULL,
  position bigint NOT NULL,
  revision bigint NOT NULL,
  state text NOT NULL,
  PRIMARY KEY (book, created_position)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX documents_by_stream ON ${s}.documents (book, stream);
${documentIndexes(s)}
CREATE TABLE ${s}.document_currencies (
  book integer NOT NULL,
  kind ${text} NOT NULL,
  currency ${text} NOT NULL,
  created_position bigint NOT NULL,
  PRIMARY KEY (book, kind, currency, created_position)
);

CREATE FUNCTION ${s}.refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS ${bodyOf(`
BEGIN
  RAISE EXCEPTION '% of % is refused: what was recorded is never changed; a correction is one more event',
    lower(TG_OP), TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END `)};
CREATE FUNCTION ${s}.refuse_all_but_erasure() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS ${bodyOf(`
BEGIN
  IF NEW.personal IS NULL AND to_jsonb(NEW) - 'personal' = to_jsonb(OLD) - 'personal' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'an event is never changed, but for the erasure of its personal data; a correction is one more event'
    USING ERRCODE = 'integrity_constraint_violation';
END `)};
CREATE TRIGGER personal_data_is_only_erased BEFORE UPDATE ON ${s}.events
  FOR EACH ROW EXECUTE FUNCTION ${s}.refuse_all_but_erasure();
CREATE TRIGGER events_are_not_deleted BEFORE DELETE OR TRUNCATE ON ${s}.events
  FOR EACH STATEMENT EXECUTE FUNCTION ${s}.refuse_change();
CREATE TRIGGER commits_are_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON ${s}.commits
  FOR EACH STATEMENT EXECUTE FUNCTION ${s}.refuse_change();
CREATE TRIGGER claims_are_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON ${s}.claims
  FOR EACH STATEMENT EXECUTE FUNCTION ${s}.refuse_change();
${saveDocuments(s)}
${dropDocuments(s)}
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ${s} FROM PUBLIC;
`;

/**
 * The function that writes. Version 1 had one of its own, `append_commits`: where it is, programs of that
 * version go on calling it until they are replaced, and who may call it may call this one.
 */
const groups = (s: string): string => `
${appendGroup(s)}
REVOKE ALL ON FUNCTION ${s}.append_group FROM PUBLIC;
DO ${bodyOf(`
DECLARE
  v_schema text := ${literal(s)};
  v_role regrole;
BEGIN
  FOR v_role IN
    SELECT g.grantee FROM pg_proc p CROSS JOIN aclexplode(p.proacl) g
    WHERE p.pronamespace = to_regnamespace(v_schema) AND p.proname = 'append_commits'
      AND g.grantee NOT IN (0, p.proowner)
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s.append_group TO %s', v_schema, v_role);
  END LOOP;
END `)};
`;

/**
 * In order; the n-th makes version n out of version n - 1. Never edited once released. Programs of the
 * version before go on writing and reading while one is made, and afterwards for as long as they run:
 *
 * - It holds up no writer of a table with rows for longer than the lock time-out: a column without a
 *   default, a constraint `NOT VALID`, a table or function of its own; nothing is rewritten.
 * - A function keeps what it is called with, and is replaced by `CREATE OR REPLACE`, which keeps rights:
 *   one that is dropped loses them, and is missed by whoever has just looked it up. Other parameters
 *   make another name, since one that differs by defaults makes the call ambiguous.
 * - Nothing that the version before names goes; what nobody names any more goes one version later.
 */
export const migrations: readonly Migration[] = [
  { description: "books, commits, events, claims, documents", sql: firstTables },
  { description: "records beside the books", sql: recordsTable },
  { description: "groups that fit are judged and written as a whole", sql: groups },
];
